//! Key files (safety.md S33): regular files of at most 1 MiB. A FIFO would block for ever,
//! `/dev/zero` would never end, and neither is a key.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result, Status};
use crate::secret::Zeroizing;

pub(super) const MAX_LEN: u64 = 1 << 20;

/// Files under `/proc` and some mounts say 0 and have more.
const LEAST_BUFFER: usize = 8 << 10;

/// `name` is the configuration key shown in errors. FILE_UNREADABLE with the absolute path tried
/// for anything but a readable regular file of at most 1 MiB, INVALID_ARGUMENT for a path that is
/// empty or has a NUL.
pub fn read_file(name: &str, path: &str) -> Result<Zeroizing<Vec<u8>>> {
    if path.is_empty() {
        return Err(Error::new(
            Status::InvalidArgument,
            format!("{name}: the path is empty."),
        ));
    }
    if path.contains('\0') {
        return Err(Error::new(
            Status::InvalidArgument,
            format!("{name}: the path has a NUL byte, which no file name has."),
        ));
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
    read_regular(&absolute).map_err(|why| {
        Error::new(
            Status::FileUnreadable,
            format!("{name}: cannot read {}: {why}.", absolute.display()),
        )
    })
}

/// Says so when group or others can read the file; `None` when they cannot, or when the file
/// cannot be looked at (reading it will say why).
pub fn permissions_warning(path: &str) -> Option<String> {
    permission_bits(Path::new(path))
        .filter(|mode| mode & 0o044 != 0)
        .map(|mode| {
            format!(
                "{path} can be read by other users of this machine (mode {mode:04o}): chmod 600 {path}"
            )
        })
}

fn read_regular(path: &Path) -> std::result::Result<Zeroizing<Vec<u8>>, String> {
    let mut file = open(path).map_err(|error| error.to_string())?;
    let metadata = file.metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err(if metadata.is_dir() {
            "it is a directory, not a file".to_owned()
        } else {
            "it is a pipe, socket or device, not a regular file".to_owned()
        });
    }
    if metadata.len() > MAX_LEN {
        return Err(format!(
            "it has {} bytes; a key file has at most {MAX_LEN}",
            metadata.len()
        ));
    }
    let expected = usize::try_from(metadata.len()).unwrap_or(LEAST_BUFFER);
    // One byte more than expected shows whether the file ends where it should. The buffer is never
    // enlarged: that would leave a copy of the key behind.
    let mut buffer = Zeroizing::new(vec![0; expected.max(LEAST_BUFFER) + 1]);
    let mut filled = 0;
    loop {
        match file.read(&mut buffer[filled..]) {
            Ok(0) if filled == buffer.len() => {
                return Err("it grew while it was read".to_owned());
            }
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    buffer.truncate(filled);
    Ok(buffer)
}

/// Non-blocking, because opening a FIFO to see what it is would wait for a writer.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_CLOEXEC | libc::O_NOCTTY)
        .open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

#[cfg(unix)]
fn permission_bits(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn permission_bits(_path: &Path) -> Option<u32> {
    None
}
