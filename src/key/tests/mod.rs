//! Keys made once by `tests/keys/make.sh`; every expected value comes from the openssl command or
//! from the `rsa` crate, never from the code under test.

mod corpus;
mod files;
mod operations;
mod p12;
mod roles;
mod serials;

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::*;
use crate::error::{Error, Status};

/// The directory with the keys, beside the build's output.
pub(super) fn directory() -> &'static PathBuf {
    static DIRECTORY: OnceLock<PathBuf> = OnceLock::new();
    DIRECTORY.get_or_init(|| {
        let test = std::env::current_exe().unwrap();
        let directory = test.ancestors().nth(3).unwrap().join("test-keys");
        let made = Command::new("sh")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/make.sh"))
            .arg(&directory)
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        directory
    })
}

pub(super) fn bytes(name: &str) -> Vec<u8> {
    fs::read(directory().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub(super) fn text(name: &str) -> String {
    String::from_utf8(bytes(name)).unwrap()
}

pub(super) fn private(name: &str) -> PrivateKey {
    read_private(name, &bytes(name), None).unwrap()
}

pub(super) fn public(name: &str) -> PublicKey {
    read_public(name, &bytes(name)).unwrap()
}

/// Standard output of the openssl command, run where the keys are; panics when it fails.
pub(crate) fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    try_openssl(arguments, input).unwrap_or_else(|stderr| panic!("openssl {arguments:?}: {stderr}"))
}

pub(super) fn try_openssl(
    arguments: &[&str],
    input: &[u8],
) -> std::result::Result<Vec<u8>, String> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .current_dir(directory())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// A file with `content` that is removed at the end.
pub(super) struct Scratch(pub(super) PathBuf);

impl Scratch {
    pub(super) fn new(content: &[u8]) -> Scratch {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "wxpay-key-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        fs::write(&path, content).unwrap();
        Scratch(path)
    }

    pub(super) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// So many characters of base64 in a row are no coincidence.
const PIECE: usize = 12;

fn pieces_of_keys() -> &'static HashSet<Vec<u8>> {
    static PIECES: OnceLock<HashSet<Vec<u8>>> = OnceLock::new();
    PIECES.get_or_init(|| {
        ["rsa2048.pem", "pkcs1.pem", "encrypted.pem", "legacy.pem"]
            .iter()
            .flat_map(|file| {
                let body: String = text(file).lines().filter(|line| line.len() == 64).collect();
                assert!(body.len() > 1000, "{file}");
                let pieces: Vec<_> = body.as_bytes().windows(PIECE).map(<[u8]>::to_vec).collect();
                pieces
            })
            .collect()
    })
}

/// Error text as a person sees it, with what must never be in it checked.
pub(super) fn shown(error: &Error, case: &str) -> String {
    let shown = format!("{error} | {error:?}");
    assert!(
        !shown.contains(text("passphrase").as_str()) && !shown.contains("wrong passphrase!"),
        "{case}: the passphrase is in the error: {shown}"
    );
    for piece in shown.as_bytes().windows(PIECE) {
        assert!(
            !pieces_of_keys().contains(piece),
            "{case}: a piece of a key is in the error: {shown}"
        );
    }
    for foreign in [
        "::",
        "Pkcs8",
        "Asn1",
        "Err(",
        "Invalid",
        "KeyRejected",
        "Malformed",
        "der ",
    ] {
        assert!(
            !error.to_string().contains(foreign),
            "{case}: {foreign:?} is not for people: {error}"
        );
    }
    assert!(
        !error.fields().hint.is_empty() && error.fields().message.ends_with('.'),
        "{case}: no advice, or not a sentence: {shown}"
    );
    error.to_string()
}

pub(super) fn assert_error(
    result: Result<impl std::fmt::Debug, Error>,
    status: Status,
    fragment: &str,
    case: &str,
) {
    let error = match result {
        Err(error) => error,
        Ok(value) => panic!("{case}: accepted as {value:?}"),
    };
    let shown = shown(&error, case);
    assert_eq!(error.status(), status, "{case}: {shown}");
    assert!(
        shown.contains(fragment),
        "{case}: {fragment:?} is not in {shown:?}"
    );
}
