//! Where the vectors come from: the generator gives what is committed, fresh keys give vectors that
//! pass as well, and another library comes to the same expectations.

use std::path::Path;
use std::process::{Command, Output};

use super::super::{ROOT, clean_command, tools};
use super::{directory, runner, spoilt, store};
use crate::simulator::fresh_dir;

fn generate(arguments: &[&str], out: &Path) {
    let output = clean_command("sh", None)
        .arg(Path::new(ROOT).join("scripts/vectors.sh"))
        .args(arguments)
        .arg(out)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn check(dir: &Path) -> Output {
    clean_command(tools("conformance").join("bin/python"), None)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(directory().join("check.py"))
        .arg(dir)
        .output()
        .unwrap()
}

/// `N checked` of a check that must pass.
fn checked(dir: &Path) -> usize {
    let output = check(dir);
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}");
    let count = text
        .trim()
        .strip_suffix(" checked")
        .and_then(|count| count.parse().ok());
    count.unwrap_or_else(|| panic!("{text}{errors}"))
}

fn copy(from: &Path, to: &Path) {
    assert!(
        Command::new("cp")
            .arg("-R")
            .arg(from)
            .arg(to)
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn another_library_comes_to_the_same_expectations() {
    let count = checked(&directory());
    println!("{count} checked");
    assert!(count >= 1000, "{count} checked");
}

/// Each wrong expectation that is computed is found, one by one.
#[test]
fn the_checker_finds_what_is_wrong() {
    let dir = fresh_dir("spoilt");
    let ids = spoilt::write(&dir);
    let output = check(&dir);
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout);
    for (op, member) in [
        ("canonical_request", "text-longer"),
        ("canonical_response", "text-longer"),
        ("sign", "signature-longer"),
        ("verify", "succeeds"),
        ("aead_decrypt", "plaintext-longer"),
        ("oaep_decrypt", "plaintext-longer"),
        ("oaep_encrypt", "plaintext-longer"),
        ("key_load", "info-bits"),
        ("key_load", "info-key_sha256-longer"),
        ("key_load", "info-serial-longer"),
        ("key_matches_cert", "succeeds"),
        ("header", "value-longer"),
        ("prepare", "authorization-canonical-longer"),
        ("prepare", "authorization-verify_key"),
        ("prepare_unsigned", "authorization-canonical-longer"),
        ("pay", "canonical-longer"),
        ("pay", "verify_key"),
        ("pay_unsigned", "canonical-longer"),
        ("check", "verified"),
        ("check", "outcome"),
        ("check", "status"),
        ("notify_open", "plaintext-longer"),
        ("notify_open", "json-longer"),
        ("notify_open", "serial-longer"),
        ("notify_open", "timestamp"),
        ("notify_open", "status"),
        ("client_encrypt", "used_key_id-longer"),
        ("client_decrypt", "plaintext-longer"),
        ("load_certificates", "succeeds"),
        ("load_certificates", "status"),
        ("upload", "authorization-canonical-longer"),
        ("encrypt_fields", "plaintexts-longer"),
        ("encrypt_fields", "serial-longer"),
        ("decrypt_fields", "json-longer"),
        ("bill", "rows-longer"),
        ("bill", "fen-longer"),
        ("bill", "totals-longer"),
        ("bill", "row_count"),
        ("v2_sign", "signature-longer"),
        ("v2_prepare", "fields-sign-longer"),
        ("v2_check", "fields-sign-longer"),
        ("v2_check", "verified"),
        ("v2_check", "outcome"),
        ("v2_refund_open", "succeeds"),
        ("v2_reply", "http_status"),
        ("pay_score", "members-mch_id-longer"),
        ("explain_response", "ids-longer"),
        ("explain_response", "report_status"),
        ("explain_text", "first-longer"),
        ("explain_text", "report_status"),
        ("trust_report", "ids-longer"),
        ("trust_report", "verdict-longer"),
        ("trust_probe", "status"),
        ("trust_probe", "report_status"),
        ("call", "status"),
        ("call", "ids-longer"),
    ] {
        let id = format!("spoilt/{op}/{member}");
        assert!(ids.contains(&id), "there is no {id}");
        assert!(
            text.contains(&format!("{id}:")),
            "{id} was not found:\n{text}"
        );
    }
}

/// One digit of one ciphertext.
#[test]
fn the_checker_finds_one_changed_digit() {
    let dir = fresh_dir("changed");
    copy(&directory().join("keys"), &dir);
    copy(&directory().join("vectors"), &dir);
    let file = dir.join("vectors/encryption.json");
    let mut cases: Vec<serde_json::Value> =
        serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let case = cases
        .iter_mut()
        .find(|case| case["id"] == "aead_decrypt/notification")
        .unwrap();
    let ciphertext = case["in"]["ciphertext"].as_str().unwrap();
    let digit = if ciphertext.starts_with('A') {
        "B"
    } else {
        "A"
    };
    case["in"]["ciphertext"] = format!("{digit}{}", &ciphertext[1..]).into();
    std::fs::write(&file, serde_json::to_vec(&cases).unwrap()).unwrap();
    let output = check(&dir);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success());
    assert_eq!(
        text.lines().collect::<Vec<_>>(),
        ["aead_decrypt/notification: status is 210", "1 wrong"]
    );
}

#[test]
fn the_generator_gives_what_is_committed() {
    let dir = fresh_dir("same");
    copy(&directory().join("keys"), &dir);
    generate(&["--keep-keys"], &dir);
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let mut files = 0;
    for entry in std::fs::read_dir(dir.join("vectors")).unwrap() {
        let name = entry.unwrap().file_name();
        let committed = directory().join("vectors").join(&name);
        assert!(
            read(&dir.join("vectors").join(&name)) == read(&committed),
            "{} is not what `make vectors` writes",
            committed.display()
        );
        files += 1;
    }
    assert_eq!(
        files,
        std::fs::read_dir(directory().join("vectors"))
            .unwrap()
            .count()
    );
    for (made, committed) in [
        (
            "keys/clients.json",
            "bindings/conformance/keys/clients.json",
        ),
        ("published.rs", "src/key/published.rs"),
    ] {
        assert_eq!(
            read(&dir.join(made)),
            read(&Path::new(ROOT).join(committed)),
            "{committed}"
        );
    }
}

/// Only the cases that say that these very keys are published fail: fresh keys are nobody's yet.
#[test]
fn vectors_of_fresh_keys_pass_as_well() {
    let dir = fresh_dir("vectors");
    generate(&[], &dir);
    let store = store::only_g1();
    let report = runner::run(&dir, &store);
    let committed = runner::run(&directory(), &store);
    assert_eq!(report.passed + report.failures.len(), committed.passed);
    assert!(
        report
            .failures
            .iter()
            .all(|failure| failure.starts_with("\"client_new/published-")
                && failure.ends_with("status 0, not 110")),
        "{:#?}",
        report.failures
    );
    assert_eq!(report.failures.len(), 7, "{:#?}", report.failures);
    assert_eq!(checked(&dir), checked(&directory()));
}
