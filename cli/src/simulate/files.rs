//! Writing into DIR: each file whole or not at all, and secrets readable by their owner only (safety.md S13).

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

/// 0644: certificates and public keys.
pub const PUBLIC: u32 = 0o644;
/// 0600: private keys and whatever holds an API key.
pub const SECRET: u32 = 0o600;

/// Makes `dir` with mode 0700; one that exists keeps its mode, because it may not be ours to change.
pub fn directory(dir: &Path) -> Result<(), String> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(|error| format!("cannot make {}: {error}", dir.display()))
}

/// Writes a new file and renames it over the old one, so that a reader never sees half of it.
pub fn write(path: &Path, mode: u32, content: impl AsRef<[u8]>) -> Result<(), String> {
    let part = path.with_extension(format!("part{}", std::process::id()));
    // Left by a process that had this id and died, as in a container that starts again.
    let _ = fs::remove_file(&part);
    let written = (|| {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&part)?;
        file.write_all(content.as_ref())?;
        fs::rename(&part, path)
    })();
    written.map_err(|error| {
        let _ = fs::remove_file(&part);
        format!("cannot write {}: {error}", path.display())
    })
}

pub fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}
