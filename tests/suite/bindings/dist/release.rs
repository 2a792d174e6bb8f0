//! What stands between a build and its publication: the signature, the same bytes twice, the
//! database of advisories (safety.md S30).

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::super::{ROOT, clean_command, library};
use super::{quick, run, script, text};
use crate::simulator::{fresh_dir, target_dir};

fn key(dir: &Path, name: &str) -> PathBuf {
    let key = dir.join(name);
    let mut make = Command::new("ssh-keygen");
    make.args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"]);
    run(make.arg(&key));
    key
}

#[test]
fn only_a_signature_by_a_named_key_over_these_sums_is_taken() {
    let dir = fresh_dir("sign");
    let out = dir.join("out");
    run(Command::new("cp").arg("-r").arg(quick()).arg(&out));
    let (ours, other) = (key(&dir, "ours"), key(&dir, "other"));
    let signers = dir.join("signers");
    let verify = |signers: Option<&Path>| {
        let mut verify = script("dist/verify.sh");
        verify.arg("--any-library").arg(&out).env_remove("SIGNERS");
        if let Some(signers) = signers {
            verify.env("SIGNERS", signers);
        }
        let output = verify.output().unwrap();
        (output.status.success(), text(&output))
    };
    let sign = |key: &Path| run(script("dist/sign.sh").arg(key).arg(&out));
    let line = |said: &str| {
        let line = said
            .lines()
            .last()
            .unwrap()
            .split_once("allowed_signers: ")
            .unwrap()
            .1;
        format!("{line}\n")
    };
    let said = sign(&ours);
    std::fs::write(&signers, line(&said)).unwrap();
    let (good, said) = verify(Some(&signers));
    assert!(
        good && said.contains("Good \"libwxpay-release\" signature"),
        "{said}"
    );
    // Nobody is named: it says that it did not look.
    if !Path::new(ROOT)
        .join("bindings/dist/allowed_signers")
        .exists()
    {
        let (good, said) = verify(None);
        assert!(
            good && said.contains("NOT CHECKED: who made this"),
            "{said}"
        );
    }
    // Sums of another build under the old signature.
    let sums = std::fs::read_to_string(out.join("SHA256SUMS")).unwrap();
    std::fs::write(out.join("SHA256SUMS"), format!("{sums}\n")).unwrap();
    let (good, said) = verify(Some(&signers));
    assert!(
        !good && said.contains("FAIL: SHA256SUMS is not signed by a key of"),
        "{said}"
    );
    std::fs::write(out.join("SHA256SUMS"), &sums).unwrap();
    // Somebody else's signature; none.
    sign(&other);
    let (good, said) = verify(Some(&signers));
    assert!(
        !good && said.contains("FAIL: SHA256SUMS is not signed by a key of"),
        "{said}"
    );
    std::fs::remove_file(out.join("SHA256SUMS.sig")).unwrap();
    let (good, said) = verify(Some(&signers));
    assert!(!good && said.contains("has no SHA256SUMS.sig"), "{said}");
    // What is damaged is not signed.
    std::fs::write(out.join("THIRD-PARTY.txt"), "x").unwrap();
    let output = script("dist/sign.sh")
        .arg(&ours)
        .arg(&out)
        .output()
        .unwrap();
    assert!(!output.status.success() && !out.join("SHA256SUMS.sig").exists());
}

/// `make dist-check` with a packaging that writes the time of day into the archives.
#[test]
fn a_planted_time_stamp_is_found_and_its_file_is_named() {
    let tree = super::locks::copy();
    let archive = tree.join("scripts/dist/archive.py");
    let before = std::fs::read_to_string(&archive).unwrap();
    let after = before.replace(
        "info.mtime = when",
        "info.mtime = time.time_ns() // 1000 % 10**9",
    );
    assert_ne!(before, after);
    std::fs::write(&archive, after).unwrap();
    let mut twice = clean_command("sh", None);
    twice.arg(tree.join("scripts/dist/twice.sh"));
    twice.arg("--library").arg(library());
    twice.env("CARGO_TARGET_DIR", target_dir().parent().unwrap());
    twice.env("SOURCE_DATE_EPOCH", "1700000000");
    let output = twice.output().unwrap();
    let said = text(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let last = said.lines().last().unwrap();
    assert!(
        last.starts_with("FAIL: libwxpay-")
            && last.contains(".tar.gz: its member")
            && last.contains("dated"),
        "{said}"
    );
}

#[test]
fn equal_directories_are_the_same_and_every_difference_is_named() {
    let dir = fresh_dir("same");
    let same = |other: &Path| {
        let output = script("dist/same.py")
            .arg(quick())
            .arg(other)
            .output()
            .unwrap();
        (output.status.success(), text(&output))
    };
    let (good, said) = same(quick());
    assert!(
        good && said.contains("ok: two builds, 7 files, the same bytes"),
        "{said}"
    );
    let other = dir.join("other");
    run(Command::new("cp").arg("-r").arg(quick()).arg(&other));
    let bill = super::named(&other, ".cdx.json");
    let mut bytes = std::fs::read(&bill).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&bill, bytes).unwrap();
    let (good, said) = same(&other);
    assert!(
        !good && said.contains(".cdx.json: it differs at byte 100 of"),
        "{said}"
    );
    std::fs::remove_file(&bill).unwrap();
    let (good, said) = same(&other);
    assert!(
        !good && said.contains(".cdx.json was made once only"),
        "{said}"
    );
}

/// In the place of cargo-deny: it finds what is planted, and reaches no database.
const UNREACHED: &str = r#"#!/bin/sh
case " $* " in
*" --config deny.toml "*" fetch "*) echo "no such host" >&2; exit 1 ;;
*" fetch "*) exit 0 ;;
*"/yanked.toml "* | *" --config deny.toml "*) exit 0 ;;
*) echo "rejected strsim aws-lc-sys crates.io-index RUSTSEC-2024-9999"; exit 1 ;;
esac
"#;

#[test]
fn a_release_waits_for_the_database_of_advisories_and_another_check_skips_it_aloud() {
    let dir = fresh_dir("deny");
    let version = std::fs::read_to_string(Path::new(ROOT).join("scripts/deny.sh")).unwrap();
    let version = version
        .split("version=")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    let tool = dir.join(format!("tools/cargo-deny-{version}/bin"));
    std::fs::create_dir_all(&tool).unwrap();
    let tool = tool.join("cargo-deny");
    std::fs::write(&tool, UNREACHED).unwrap();
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).unwrap();
    // A home of cargo in which no database lies; its crates are not needed.
    let home = dir.join("home");
    let deny = |arguments: &[&str]| {
        let mut deny = script("deny.sh");
        deny.args(arguments)
            .env("CARGO_TARGET_DIR", &dir)
            .env("CARGO_HOME", &home);
        let output = deny.output().unwrap();
        (output.status.code(), text(&output))
    };
    let (code, said) = deny(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("SKIPPED: 1 check, advisories: the database was not reached (no such host)"),
        "{said}"
    );
    let (code, said) = deny(&["--release"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("FAIL: the database of advisories was not reached within 24 hours"),
        "{said}"
    );
    // Reached within a day; and longer ago.
    let reached = home.join("advisory-dbs/one/.git/FETCH_HEAD");
    std::fs::create_dir_all(reached.parent().unwrap()).unwrap();
    std::fs::write(&reached, "").unwrap();
    let (code, said) = deny(&["--release"]);
    assert!(
        code == Some(0) && said.contains("ok: nothing skipped"),
        "{said}"
    );
    run(Command::new("touch")
        .args(["-d", "25 hours ago"])
        .arg(&reached));
    assert_eq!(deny(&["--release"]).0, Some(1));
    // A check that finds nothing is no check.
    std::fs::write(&tool, "#!/bin/sh\nexit 0\n").unwrap();
    let (code, said) = deny(&[]);
    assert!(
        code == Some(1) && said.contains("FAIL: the planted licence was not found"),
        "{said}"
    );
}

#[test]
fn a_release_is_made_of_a_tagged_commit_with_nothing_beside_it() {
    let tree = super::locks::copy();
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=x", "-c", "user.email=x@example.com"]);
        run(git.args(arguments).current_dir(&tree));
    };
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    git(&["commit", "-qm", "x"]);
    let key = key(&fresh_dir("release"), "key");
    let release = || {
        let mut release = clean_command("sh", None);
        release.arg(tree.join("scripts/dist/release.sh")).arg(&key);
        let output = release.output().unwrap();
        assert!(!output.status.success());
        text(&output)
    };
    assert!(
        release().contains("FAIL: this commit is not tagged v"),
        "{}",
        release()
    );
    std::fs::write(tree.join("beside.txt"), "x").unwrap();
    assert!(
        release().contains("FAIL: the work tree differs"),
        "{}",
        release()
    );
}
