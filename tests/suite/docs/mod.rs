//! The documents keep their promises: what is generated is what the code says, the C examples
//! compile, link and run, links lead somewhere, tests that are named exist. `WXPAY_BLESS=1 cargo
//! test --features header --test suite docs` rewrites the generated ones.

mod bills;
mod claims;
mod examples;
mod generated;
pub mod json;
mod keys;

use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn documents() -> Vec<PathBuf> {
    files(Path::new(ROOT))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|kind| kind == "md"))
        .collect()
}

/// What belongs to the repository: no hidden directories, nothing that is built.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let built = ["target", "build", "node_modules", "vendor", "__pycache__"];
        if name.starts_with('.') || built.contains(&name.as_str()) || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.push(path);
        }
    }
    out
}

fn shown(path: &Path) -> String {
    path.strip_prefix(ROOT)
        .unwrap_or(path)
        .display()
        .to_string()
}
