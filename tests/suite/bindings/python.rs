//! Python: pytest with the library that this run built, and what the linters say.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::{ROOT, clean_command, library, tools};
use crate::simulator::{command, fresh_dir};

fn package() -> PathBuf {
    Path::new(ROOT).join("bindings/python")
}

/// A command of `target/tools/python`, in the package's directory, that leaves nothing there.
fn tool(name: &str, arguments: &[&str]) -> Command {
    let mut tool = clean_command(tools("python").join("bin").join(name), None);
    tool.args(arguments)
        .current_dir(package())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONPATH", package().join("src"));
    tool
}

fn output(command: &mut Command) -> (Output, String) {
    let output = command.output().unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output, text)
}

fn pytest(dir: &Path, arguments: &[&str]) -> Command {
    // A copy, because the loader refuses a file that the group may write to, as cargo may make it.
    let copy = dir.join("libwxpay.so.0");
    std::fs::copy(library(), &copy).unwrap();
    std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut pytest = tool("python", &["-m", "pytest", "-q", "-p", "no:cacheprovider"]);
    let target = tools("python");
    pytest
        .arg("--basetemp")
        .arg(dir.join("tmp"))
        .args(arguments)
        .env("WXPAY_LIBRARY", copy)
        .env("SIMULATOR_COMMAND", command())
        .env("CARGO_TARGET_DIR", target.ancestors().nth(2).unwrap());
    pytest
}

/// The number before a word in the last line that has it: `104 passed in 12 s`.
fn number(text: &str, word: &str) -> Option<usize> {
    let line = text.lines().rev().find(|line| line.contains(word))?;
    line.split(word).next()?.trim().parse().ok()
}

#[test]
fn the_suite_passes_whole() {
    let dir = fresh_dir("python");
    let (_, collected) = output(&mut pytest(&dir, &["--collect-only", "tests"]));
    let all = number(&collected, " tests collected in").unwrap_or_else(|| panic!("{collected}"));
    let (run, text) = output(&mut pytest(&dir, &["tests"]));
    // "N passed in", with nothing between: none failed, was skipped or gave a warning.
    assert!(run.status.success(), "{text}");
    assert_eq!(number(&text, " passed in"), Some(all), "{text}");
    assert!(all >= 100, "only {all} tests");
}

#[test]
fn a_failing_test_is_seen() {
    let dir = fresh_dir("python-failing");
    let file = dir.join("test_wrong.py");
    std::fs::write(&file, "def test_wrong(sim):\n    assert sim.mchid == ''\n").unwrap();
    std::fs::copy(package().join("tests/conftest.py"), dir.join("conftest.py")).unwrap();
    let (run, text) = output(&mut pytest(&dir, &[file.to_str().unwrap()]));
    assert!(!run.status.success(), "{text}");
    assert_eq!(number(&text, " passed in"), None, "{text}");
    assert!(text.contains("1 failed in"), "{text}");
}

#[test]
fn types_are_strict() {
    let cache = fresh_dir("mypy");
    let cache = cache.to_str().unwrap();
    let (run, text) = output(&mut tool("mypy", &["--strict", "--cache-dir", cache]));
    assert!(run.status.success(), "{text}");
    assert!(text.starts_with("Success: no issues found in "), "{text}");
}

#[test]
fn the_linter_has_no_complaint() {
    for arguments in [
        &["check", "--no-cache", "."][..],
        &["format", "--no-cache", "--check", "."],
    ] {
        let (run, text) = output(&mut tool("ruff", arguments));
        assert!(run.status.success(), "{text}");
    }
}

/// mypy knows no Python before 3.10; vermin reads what the oldest one would need.
#[test]
fn python_3_8_is_enough() {
    let (run, text) = output(&mut tool(
        "vermin",
        &["-t=3.8-", "--no-tips", "--violations", "src"],
    ));
    assert!(run.status.success(), "{text}");
    assert!(text.contains("Minimum required versions: 3.8"), "{text}");
    let newer = fresh_dir("vermin").join("newer.py");
    std::fs::write(&newer, "match 1:\n    case 1:\n        pass\n").unwrap();
    let (run, text) = output(&mut tool(
        "vermin",
        &["-t=3.8-", "--no-tips", newer.to_str().unwrap()],
    ));
    assert!(!run.status.success(), "{text}");
}
