//! Bytes that are put aside: in memory while they are few, then in a temporary file that has no
//! name, belongs to this process and is gone when it is closed. TMPDIR says where, and is read only
//! when a file is needed.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::error::{Error, Result, Status};
use crate::memory;
use crate::secret::Wipe;

/// What is kept in memory before a file is made.
pub const IN_MEMORY: usize = 4 * 1024 * 1024;

pub struct Spool {
    memory: Vec<u8>,
    most_in_memory: usize,
    file: Option<File>,
    len: u64,
}

impl Spool {
    /// `usize::MAX` never makes a file.
    pub fn new(most_in_memory: usize) -> Spool {
        Spool {
            memory: Vec::new(),
            most_in_memory,
            file: None,
            len: 0,
        }
    }

    /// Bytes that were put aside.
    pub fn size(&self) -> u64 {
        self.len
    }

    /// FILE_UNREADABLE when the file cannot be made or the disk is full, OUT_OF_MEMORY.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let fits = bytes.len() <= self.most_in_memory.saturating_sub(self.memory.len());
        match &mut self.file {
            None if fits => {
                if self.memory.try_reserve(bytes.len()).is_err() {
                    return Err(memory::none(self.memory.len() + bytes.len()));
                }
                self.memory.extend_from_slice(bytes);
            }
            None => {
                let mut file = temporary()?;
                file.write_all(&self.memory)
                    .and_then(|()| file.write_all(bytes))
                    .map_err(|error| unusable(&error))?;
                self.memory.wipe();
                self.memory = Vec::new();
                self.file = Some(file);
            }
            Some(file) => file.write_all(bytes).map_err(|error| unusable(&error))?,
        }
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// From `offset` on; 0 at the end. Moves no position: a forked child may read too.
    pub fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<usize> {
        let Some(file) = &self.file else {
            let from = usize::try_from(offset)
                .unwrap_or(usize::MAX)
                .min(self.memory.len());
            let taken = into.len().min(self.memory.len() - from);
            into[..taken].copy_from_slice(&self.memory[from..from + taken]);
            return Ok(taken);
        };
        loop {
            match system::read_at(file, offset, into) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other.map_err(|error| unusable(&error)),
            }
        }
    }
}

/// May hold a bill: names of payers, order numbers.
impl Drop for Spool {
    fn drop(&mut self) {
        self.memory.wipe();
    }
}

fn temporary() -> Result<File> {
    let directory = directory();
    system::temporary(&directory).map_err(|error| {
        Error::new(
            Status::FileUnreadable,
            format!(
                "No temporary file can be made in {}: {error}.",
                directory.display()
            ),
        )
        .hint("TMPDIR must name a directory that this process may write to.")
    })
}

/// The environment of someone with fewer rights decides nothing (S6).
fn directory() -> PathBuf {
    if cfg!(unix) && super::secure_mode() {
        return PathBuf::from("/tmp");
    }
    std::env::temp_dir()
}

fn unusable(error: &io::Error) -> Error {
    Error::new(
        Status::FileUnreadable,
        format!(
            "The temporary file in {} cannot be used: {error}.",
            directory().display()
        ),
    )
    .hint("TMPDIR must name a directory with room for the whole file, unpacked.")
}

#[cfg(unix)]
mod system {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::unix::fs::{FileExt, OpenOptionsExt};
    use std::path::Path;

    pub(super) fn read_at(file: &File, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        file.read_at(into, offset)
    }

    pub(super) fn temporary(directory: &Path) -> io::Result<File> {
        #[cfg(target_os = "linux")]
        {
            // O_EXCL: nobody gives it a name later either.
            let unnamed = OpenOptions::new()
                .read(true)
                .write(true)
                .mode(0o600)
                .custom_flags(libc::O_TMPFILE | libc::O_EXCL)
                .open(directory);
            if unnamed.is_ok() {
                return unnamed;
            }
        }
        named(directory)
    }

    /// Where O_TMPFILE does not exist: under a random name, which is taken away at once.
    pub(super) fn named(directory: &Path) -> io::Result<File> {
        let name = crate::nonce::nonce().map_err(|error| io::Error::other(error.to_string()))?;
        let path = directory.join(format!("wxpay-{name}"));
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        std::fs::remove_file(&path)?;
        Ok(file)
    }
}

#[cfg(windows)]
mod system {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::windows::fs::{FileExt, OpenOptionsExt};
    use std::path::Path;

    const FILE_ATTRIBUTE_TEMPORARY: u32 = 0x100;
    const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;

    pub(super) fn read_at(file: &File, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        file.seek_read(into, offset)
    }

    /// Open to nobody else, and deleted when it is closed.
    pub(super) fn temporary(directory: &Path) -> io::Result<File> {
        let name = crate::nonce::nonce().map_err(|error| io::Error::other(error.to_string()))?;
        OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .share_mode(0)
            .attributes(FILE_ATTRIBUTE_TEMPORARY)
            .custom_flags(FILE_FLAG_DELETE_ON_CLOSE)
            .open(directory.join(format!("wxpay-{name}")))
    }
}

#[cfg(not(any(unix, windows)))]
mod system {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub(super) fn read_at(_: &File, _: u64, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn temporary(_: &Path) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn what_was_put_aside_comes_back_from_any_place_in_memory_and_in_a_file() {
        let bytes: Vec<u8> = (0..5000_u32).map(|number| number as u8).collect();
        for most in [usize::MAX, 100, 0] {
            let mut spool = Spool::new(most);
            for piece in bytes.chunks(777) {
                spool.push(piece).unwrap();
            }
            assert_eq!(spool.file.is_some(), most != usize::MAX);
            assert_eq!(spool.size(), 5000);
            let mut into = [0; 64];
            for offset in [0, 63, 4990, 4999] {
                let taken = spool.read_at(offset as u64, &mut into).unwrap();
                assert_eq!(into[..taken], bytes[offset..(offset + 64).min(5000)]);
            }
            for beyond in [5000, 1 << 40] {
                assert_eq!(spool.read_at(beyond, &mut into).unwrap(), 0);
            }
        }
    }

    #[test]
    fn the_file_has_no_name_and_is_its_owners_alone() {
        let directory = std::env::temp_dir();
        for file in [
            system::temporary(&directory).unwrap(),
            system::named(&directory).unwrap(),
        ] {
            let facts = file.metadata().unwrap();
            assert_eq!((facts.mode() & 0o777, facts.nlink()), (0o600, 0));
        }
        let error = system::temporary(std::path::Path::new("/proc/nowhere")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
