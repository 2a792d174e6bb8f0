//! `make dist`: the gates, the packages around a library, and what it made.

mod bill;
mod consumers;
mod gates;
mod locks;
mod made;
mod packages;
mod release;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use super::{ROOT, clean_command, library};
use crate::simulator::{fresh_dir, target_dir};

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}",
        output.status,
        text(&output)
    );
    text(&output)
}

fn script(name: &str) -> Command {
    let program = if name.ends_with(".py") {
        "python3"
    } else {
        "sh"
    };
    let mut command = clean_command(program, None);
    command
        .arg(Path::new(ROOT).join("scripts").join(name))
        .env("CARGO_TARGET_DIR", target_dir().parent().unwrap())
        .env_remove("SOURCE_DATE_EPOCH");
    command
}

/// `dist.sh --library` around the library of this test run, without its symbols for size.
fn package(out: &Path) -> Command {
    static STRIPPED: OnceLock<PathBuf> = OnceLock::new();
    let stripped = STRIPPED.get_or_init(|| {
        let copy = fresh_dir("dist").join("libwxpay.so");
        run(Command::new("strip").arg(library()).arg("-o").arg(&copy));
        copy
    });
    let mut command = script("dist.sh");
    command.arg("--library").arg(stripped).arg("--out").arg(out);
    command
}

/// The quick packaging, once a run.
fn quick() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let out = fresh_dir("dist").join("out");
        let said = run(&mut package(&out));
        assert!(
            said.contains("skipped, not the portable build: glibc, needed libraries,"),
            "{said}"
        );
        out
    })
}

/// The one file of `dir` whose name ends so.
fn named(dir: &Path, end: &str) -> PathBuf {
    let mut found: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_str().unwrap().ends_with(end))
        .collect();
    assert_eq!(found.len(), 1, "*{end} in {}: {found:?}", dir.display());
    found.remove(0)
}
