//! What is shipped is made of what Cargo.lock and the requirements' hashes pin, or not at all
//! (safety.md S30).

use std::path::{Path, PathBuf};
use std::process::Command;

use super::super::{ROOT, clean_command};
use super::{run, text};
use crate::simulator::fresh_dir;

/// A copy of the sources that may be spoilt.
pub fn copy() -> PathBuf {
    let to = fresh_dir("locks").join("libwxpay");
    std::fs::create_dir(&to).unwrap();
    for entry in std::fs::read_dir(ROOT).unwrap() {
        let path = entry.unwrap().path();
        if !path.ends_with("target") && !path.ends_with(".git") {
            run(Command::new("cp").arg("-r").arg(&path).arg(&to));
        }
    }
    to
}

/// What `make dist` there says; it must fail and leave nothing that could be published.
fn refused(tree: &Path) -> String {
    refused_by(tree, "1")
}

fn refused_by(tree: &Path, any_rustc: &str) -> String {
    let mut make = clean_command("make", None);
    make.args(["dist", "-C"]).arg(tree);
    make.env("CARGO_TARGET_DIR", tree.join("target"))
        .env("SOURCE_DATE_EPOCH", "1700000000");
    // Whatever compiler this machine has: each test here is about another pin.
    make.env("WXPAY_ANY_RUSTC", any_rustc);
    for variable in ["MAKEFLAGS", "MAKELEVEL"] {
        make.env_remove(variable);
    }
    let output = make.output().unwrap();
    assert!(!output.status.success(), "{}", text(&output));
    assert!(!tree.join("target/dist").exists());
    text(&output)
}

fn change(file: &Path, by: impl Fn(&str) -> String) {
    let before = std::fs::read_to_string(file).unwrap();
    let after = by(&before);
    assert_ne!(before, after, "{}", file.display());
    std::fs::write(file, after).unwrap();
}

#[test]
fn make_dist_fails_without_cargo_lock() {
    let tree = copy();
    std::fs::remove_file(tree.join("Cargo.lock")).unwrap();
    let said = refused(&tree);
    assert!(
        said.contains("Cargo.lock") && said.contains("--locked"),
        "{said}"
    );
}

#[test]
fn make_dist_fails_when_a_crate_has_another_checksum() {
    let tree = copy();
    change(&tree.join("Cargo.lock"), |lock| {
        let at = lock.find("name = \"base64\"").unwrap();
        let sum = at + lock[at..].find("checksum = \"").unwrap() + "checksum = \"".len();
        let digit = if &lock[sum..=sum] == "0" { "1" } else { "0" };
        format!("{}{digit}{}", &lock[..sum], &lock[sum + 1..])
    });
    let said = refused(&tree);
    assert!(said.contains("checksum for `base64"), "{said}");
}

#[test]
fn make_dist_fails_when_a_tool_has_no_hash() {
    let tree = copy();
    change(&tree.join("bindings/dist/portable.txt"), |pins| {
        // The first tool keeps its version and loses its hashes.
        let start = pins.find("cargo-zigbuild==").unwrap();
        let end = start + pins[start..].find("ziglang==").unwrap();
        let pin = pins[start..end].split(" \\").next().unwrap();
        format!("{}{pin}\n{}", &pins[..start], &pins[end..])
    });
    let said = refused(&tree);
    assert!(said.contains("Hashes are required"), "{said}");
}

#[test]
fn make_dist_refuses_another_compiler_unless_told_and_then_says_so() {
    let tree = copy();
    std::fs::write(
        tree.join("bindings/dist/rustc.txt"),
        "1.0.0 (a 2015-05-15)\n",
    )
    .unwrap();
    let said = refused_by(&tree, "");
    assert!(
        said.contains("releases are built by rustc 1.0.0") && !said.contains("building"),
        "{said}"
    );
    // It goes on, to the next thing that is wrong.
    std::fs::write(tree.join("bindings/dist/portable.txt"), "ziglang==0.17.1\n").unwrap();
    let said = refused_by(&tree, "1");
    assert!(
        said.contains("NOT TO BE PUBLISHED: built by rustc ")
            && said.contains("Hashes are required"),
        "{said}"
    );
}
