//! The languages: each suite runs with its own tools, and a test here starts it, reads how many
//! tests ran and asserts that none failed.

pub mod conformance;
mod cpp;
mod csharp;
mod dist;
mod php;
mod python;
mod rules;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::simulator::target_dir;

pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The library that this test run built: `cargo test` leaves an older one beside `deps`.
pub fn library() -> PathBuf {
    target_dir().join("deps/libwxpay.so")
}

/// `target/tools/NAME`, which `scripts/need.sh` made.
pub fn tools(name: &str) -> PathBuf {
    let dir = target_dir().parent().unwrap().join("tools").join(name);
    assert!(
        dir.is_dir(),
        "{} is missing: `make test` installs it",
        dir.display()
    );
    dir
}

/// A command without what a CI shell presets; the store is `store` when there is one.
pub fn clean_command(program: impl AsRef<std::ffi::OsStr>, store: Option<&Path>) -> Command {
    let mut command = Command::new(program);
    for variable in [
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "CURL_CA_BUNDLE",
        "REQUESTS_CA_BUNDLE",
        "NODE_EXTRA_CA_CERTS",
        "RUST_BACKTRACE",
        "WXPAY_LIBRARY",
        "LD_LIBRARY_PATH",
    ] {
        command.env_remove(variable);
    }
    if let Some(store) = store {
        command.env("SSL_CERT_FILE", store);
    }
    command
}
