//! Generated files: written only when they differ, or compared and named when they do.

use std::fs;
use std::path::Path;

/// What to run when a file is not what it should be.
const COMMAND: &str = "cargo run -p wxpay-gen";

pub struct File {
    /// Below the workspace, with `/`.
    path: String,
    content: String,
}

impl File {
    pub fn new(path: impl Into<String>, content: String) -> File {
        File {
            path: path.into(),
            content,
        }
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    pub fn content(&self) -> &str {
        &self.content
    }
}

pub fn write(root: &Path, files: &[File]) -> Result<(), String> {
    for file in files {
        let path = root.join(&file.path);
        // An unchanged file keeps its time, so that nothing is built again for it.
        if fs::read_to_string(&path).is_ok_and(|old| old == file.content) {
            continue;
        }
        path.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&path, &file.content))
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

pub fn compare(root: &Path, files: &[File]) -> Result<(), String> {
    let differing: Vec<String> = files
        .iter()
        .filter_map(|file| difference(root, file))
        .collect();
    if differing.is_empty() {
        return Ok(());
    }
    Err(format!("{}\nrun: {COMMAND}", differing.join("\n")))
}

fn difference(root: &Path, file: &File) -> Option<String> {
    let path = &file.path;
    match fs::read_to_string(root.join(path)) {
        Err(error) => Some(format!("{path} cannot be read: {error}")),
        Ok(old) if old == file.content => None,
        Ok(old) => {
            let same = old
                .lines()
                .zip(file.content.lines())
                .take_while(|(a, b)| a == b)
                .count();
            Some(format!(
                "{path} differs from what the header says, from line {} on",
                same + 1
            ))
        }
    }
}
