//! S13: the list of the committed keys, and that no others are committed.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};

use super::super::ROOT;
use super::directory;

/// SHA-256 of the SubjectPublicKeyInfo, by the openssl command; `None` for what holds no key.
fn fingerprint(file: &Path) -> Option<String> {
    let name = file.file_name()?.to_str()?.to_owned();
    let der = if name.ends_with("der") { "DER" } else { "PEM" };
    let attempts: [&[&str]; 6] = [
        &[
            "pkey",
            "-inform",
            der,
            "-passin",
            "pass:conformance",
            "-pubout",
            "-outform",
            "DER",
        ],
        &["pkey", "-pubin", "-inform", der, "-outform", "DER"],
        &[
            "rsa",
            "-RSAPublicKey_in",
            "-inform",
            der,
            "-pubout",
            "-outform",
            "DER",
        ],
        &["x509", "-inform", der, "-noout", "-pubkey"],
        &["req", "-noout", "-pubkey"],
        &["pkcs12", "-nodes", "-nocerts", "-passin", "pass:1900000001"],
    ];
    for arguments in attempts {
        let run = |arguments: &[&str], file: &Path| {
            let output = Command::new("openssl")
                .args(arguments)
                .arg("-in")
                .arg(file)
                .output()
                .unwrap();
            (output.status.success() && !output.stdout.is_empty()).then_some(output.stdout)
        };
        let Some(mut found) = run(arguments, file) else {
            continue;
        };
        if found.starts_with(b"-") || found.starts_with(b"Bag") {
            let pem = crate::simulator::fresh_dir("key").join("key.pem");
            std::fs::write(&pem, &found).unwrap();
            let private = String::from_utf8_lossy(&found).contains("PRIVATE KEY");
            let side = if private { "-pubout" } else { "-pubin" };
            found = run(&["pkey", side, "-outform", "DER"], &pem)?;
        }
        return Some(
            Sha256::digest(&found)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        );
    }
    None
}

fn published() -> BTreeSet<String> {
    let text = std::fs::read_to_string(Path::new(ROOT).join("src/key/published.rs")).unwrap();
    let quoted = text.split('"').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

#[test]
fn the_list_has_every_committed_key_and_nothing_else() {
    let mut seen = BTreeSet::new();
    let mut files = 0;
    for entry in std::fs::read_dir(directory().join("keys")).unwrap() {
        let file = entry.unwrap().path();
        if file.ends_with("clients.json") {
            continue;
        }
        let found = fingerprint(&file);
        let found = found.unwrap_or_else(|| panic!("openssl finds no key in {}", file.display()));
        assert!(
            published().contains(&found),
            "{} is not in the list",
            file.display()
        );
        seen.insert(found);
        files += 1;
    }
    assert!(files > 40, "{files} files");
    assert_eq!(seen, published());
}

#[test]
fn private_keys_are_committed_for_conformance_only() {
    let output = Command::new("git")
        .args(["grep", "-lzE", "BEGIN [A-Z ]*PRIVATE KEY-----(\\\\n)?$"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    let names = String::from_utf8(output.stdout).unwrap();
    let with_key = |name: &&str| {
        let text = std::fs::read_to_string(Path::new(ROOT).join(name)).unwrap();
        text.contains("PRIVATE KEY-----\nMII")
    };
    let found: Vec<&str> = names
        .split('\0')
        .filter(|name| !name.is_empty())
        .filter(with_key)
        .collect();
    assert!(found.len() > 10, "{found:?}");
    for name in found {
        assert!(name.starts_with("bindings/conformance/keys/"), "{name}");
    }
}
