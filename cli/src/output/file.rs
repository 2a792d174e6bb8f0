//! A file that people keep or send on: made whole beside its name and put there in one step, and no link is followed
//! (safety.md S23).

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Replaces a regular file or a link of that name (not what the link leads to); refuses directories, devices and pipes.
pub fn write_private(path: &Path, content: &str) -> Result<(), String> {
    write(path, content, 0o600)
}

/// The same for what others may read, such as a certificate.
pub fn write_public(path: &Path, content: &str) -> Result<(), String> {
    write(path, content, 0o644)
}

fn write(path: &Path, content: &str, mode: u32) -> Result<(), String> {
    let shown = path.display();
    let name = path
        .file_name()
        .ok_or_else(|| format!("{shown} is no file name"))?;
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() || metadata.is_symlink() => {}
        // Renaming over /dev/null or a pipe would remove it.
        Ok(_) => return Err(format!("{shown} is there and is not a regular file")),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(format!("cannot write {shown}: {error}")),
    }
    // A device by way of a link, such as /dev/stdout: whoever names it does not want the link replaced.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(format!(
            "{shown} leads to something that is not a regular file"
        ));
    }
    let mut part = path.to_path_buf();
    part.set_file_name(format!(
        ".{}.{}-{}",
        name.to_string_lossy(),
        std::process::id(),
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.subsec_nanos())
    ));
    let written = create(&part, mode)
        .and_then(|mut file| file.write_all(content.as_bytes()))
        .and_then(|()| fs::rename(&part, path));
    written.map_err(|error| {
        // Only what this call made: somebody else's file of that name stays.
        if error.kind() != ErrorKind::AlreadyExists {
            let _ = fs::remove_file(&part);
        }
        format!("cannot write {shown}: {error}")
    })
}

/// O_EXCL: a name that is there, as a link too, is an error.
fn create(part: &PathBuf, mode: u32) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    options.open(part)
}
