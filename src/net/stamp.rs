//! Whether the files of a store have changed.

use std::path::Path;
#[cfg(not(unix))]
use std::time::SystemTime;

use super::trust::TrustSettings;

/// The files behind a snapshot; any difference means that they must be read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp(Vec<(std::path::PathBuf, [u64; 5])>);

impl Stamp {
    /// Files, directories and the files in them: `update-ca-certificates` renames a new bundle
    /// in, a ConfigMap swaps a link, an editor rewrites in place.
    pub fn of(settings: &TrustSettings) -> Stamp {
        let places = settings.places();
        let mut stamp = Stamp::default();
        for path in places.file.iter().chain(&places.dirs) {
            stamp.add(path);
        }
        for dir in &places.dirs {
            for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
                stamp.add(&entry.path());
            }
        }
        stamp.0.sort_unstable();
        stamp
    }

    fn add(&mut self, path: &Path) {
        let facts = std::fs::metadata(path).map_or([0; 5], |metadata| facts(&metadata));
        self.0.push((path.to_owned(), facts));
    }
}

#[cfg(unix)]
fn facts(metadata: &std::fs::Metadata) -> [u64; 5] {
    use std::os::unix::fs::MetadataExt;
    // The change time catches a rewrite of equal length within one tick of the modify time, and
    // a modify time set back.
    [
        metadata.dev(),
        metadata.ino(),
        metadata.len(),
        (metadata.mtime() as u64).wrapping_mul(1_000_000_007) ^ metadata.mtime_nsec() as u64,
        (metadata.ctime() as u64).wrapping_mul(1_000_000_007) ^ metadata.ctime_nsec() as u64,
    ]
}

#[cfg(not(unix))]
fn facts(metadata: &std::fs::Metadata) -> [u64; 5] {
    let modified = metadata
        .modified()
        .ok()
        .and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_nanos() as u64);
    [metadata.len(), modified, 0, 0, 0]
}
