//! What the library is made of: licences, crates that must not be in it, and patterns that must
//! not be in the source (design.md §3; safety.md S13, S29).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Licences that may be linked into a merchant's closed program.
const LICENCES: &[&str] = &[
    "Apache-2.0",
    "MIT",
    "MIT-0",
    "ISC",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "Zlib",
    "Unlicense",
    "0BSD",
    "CDLA-Permissive-2.0",
    "Unicode-3.0",
    "OpenSSL",
    "CC0-1.0",
    "BSL-1.0",
    "Apache-2.0 WITH LLVM-exception",
];

/// A compiled-in root list, a second cryptography, and a runtime with threads.
const BANNED: &[&str] = &[
    "webpki-roots",
    "webpki-root-certs",
    "ring",
    "tokio",
    "openssl",
    "native-tls",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Names of the crates that are linked into the library.
fn linked() -> BTreeSet<String> {
    cargo(&[
        "tree", "--locked", "-p", "libwxpay", "-e", "normal", "--prefix", "none", "--target", "all",
    ])
    .lines()
    .filter_map(|line| line.split(' ').next())
    .map(str::to_owned)
    .collect()
}

#[test]
fn no_banned_crate_is_linked() {
    let linked = linked();
    assert!(
        linked.contains("rustls") && linked.len() > 30,
        "the tree was not read: {linked:?}"
    );
    let found: Vec<_> = BANNED
        .iter()
        .filter(|name| linked.contains(**name))
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn every_linked_crate_has_a_permissive_licence() {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--locked", "--format-version", "1"])).unwrap();
    let linked = linked();
    let mut seen = 0;
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        if !linked.contains(name) {
            continue;
        }
        seen += 1;
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(is_allowed(licence), "{name}: licence {licence}");
    }
    assert!(
        seen >= linked.len(),
        "{seen} of {} crates were looked at",
        linked.len()
    );
}

/// SPDX: every part of an AND, one part of an OR; the crates in use nest no deeper.
fn is_allowed(licence: &str) -> bool {
    let plain = licence.replace(['(', ')'], "").replace('/', " OR ");
    plain
        .split(" AND ")
        .all(|part| part.split(" OR ").any(|one| LICENCES.contains(&one.trim())))
}

#[test]
fn a_copyleft_licence_would_be_refused() {
    assert!(
        is_allowed("MIT OR Apache-2.0") && is_allowed("ISC AND (Apache-2.0 OR ISC) AND OpenSSL")
    );
    for wrong in ["GPL-3.0", "MIT AND GPL-2.0", "none", ""] {
        assert!(!is_allowed(wrong), "{wrong}");
    }
}

fn files(below: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// The library's own source, without its test modules.
fn library_source() -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    files(&root().join("src"), &mut paths);
    let is_test = |path: &Path| {
        path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs")
    };
    let sources: Vec<_> = paths
        .into_iter()
        .filter(|path| !is_test(path))
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
            let code = text[..end].to_owned();
            (path, code)
        })
        .collect();
    assert!(sources.len() > 40, "{} files were read", sources.len());
    sources
}

#[test]
fn nothing_in_the_source_pins_or_switches_off_trust() {
    for (path, text) in library_source() {
        for pattern in [
            "disable_verification",
            "RootCerts::WebPki",
            ".dangerous()",
            "BEGIN CERTIFICATE-----\n",
            "install_default",
        ] {
            // The recording verifier, which asks rustls' own (S29): once, and its configuration is
            // known to the files around it alone.
            let recorder = pattern == ".dangerous()" && path.ends_with("net/probe/recorder.rs");
            assert_eq!(
                text.matches(pattern).count(),
                usize::from(recorder),
                "{}: {pattern}",
                path.display()
            );
        }
        let may_record = path.parent().is_some_and(|dir| dir.ends_with("net/probe"));
        assert!(
            may_record || !(text.contains("Recording") || text.contains("recorder")),
            "{}",
            path.display()
        );
    }
}

/// RUSTSEC-2023-0071: the `rsa` crate reads and compares keys, it never computes with a private one.
#[test]
fn the_rsa_crate_does_no_private_arithmetic() {
    for (path, text) in library_source() {
        for pattern in [
            "rsa::pkcs1v15",
            "rsa::oaep",
            "rsa::Oaep",
            "rsa::Pkcs1v15",
            "SigningKey",
            ".decrypt_blinded",
        ] {
            assert!(!text.contains(pattern), "{}: {pattern}", path.display());
        }
    }
}

/// Keys are made by scripts when they are needed; those of the conformance vectors are refused
/// where they could do harm (`bindings::conformance`).
#[test]
fn no_private_key_is_committed() {
    let tracked = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    let names = String::from_utf8(tracked.stdout).unwrap();
    let mut read = 0;
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        if name.starts_with("bindings/conformance/") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(root().join(name)) else {
            continue;
        };
        read += 1;
        for label in [
            "PRIVATE KEY-----",
            "RSA PRIVATE KEY-----",
            "ENCRYPTED PRIVATE KEY-----",
        ] {
            let pem = text
                .split(&format!("-----BEGIN {label}"))
                .skip(1)
                .any(|after| {
                    let body: String = after
                        .chars()
                        .skip_while(|c| c.is_whitespace())
                        .take(60)
                        .collect();
                    body.len() == 60
                        && body
                            .bytes()
                            .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
                });
            assert!(!pem, "{name} holds a private key");
        }
    }
    assert!(read > 60, "{read} tracked files were read");
}
