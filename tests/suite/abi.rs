//! The binary interface keeps what was released: `make abi`. Nothing of a release goes or changes,
//! what was compiled against it runs, and a library that is too old is named, with what is needed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::bindings::{ROOT, clean_command, library};
use crate::c_place::{C99, Compiler, Place};
use crate::simulator::fresh_dir;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn abi_sh(arguments: &[&str]) -> Output {
    let mut script = clean_command("sh", None);
    script.arg(Path::new(ROOT).join("scripts/abi.sh"));
    script.args(arguments).output().unwrap()
}

/// The directories of tests/abi: one a release.
fn releases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(Path::new(ROOT).join("tests/abi")).unwrap();
    let found: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && !path.ends_with("__pycache__"))
        .collect();
    assert!(!found.is_empty());
    found
}

/// The library of this run, as a loader takes it: not writable by a group.
fn own_copy(dir: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let copy = dir.join("libwxpay.so.0");
    std::fs::copy(library(), &copy).unwrap();
    std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o755)).unwrap();
    copy
}

#[test]
fn nothing_of_a_released_interface_goes_or_changes() {
    let output = abi_sh(&[]);
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    for release in releases() {
        let name = release.file_name().unwrap().to_str().unwrap();
        assert!(
            said.contains(&format!("functions, nothing of {name} went or changed")),
            "{said}"
        );
    }
}

/// What is changed in the header, into what, and what abidiff must say; empty: nothing.
const CHANGES: [(&str, &str, &str); 9] = [
    (
        "(wxpay_status status, int32_t lang);",
        "(wxpay_status status);",
        "parameter 2 of type 'typedef int32_t' was removed",
    ),
    (
        "(wxpay_status status, int32_t lang);",
        "(wxpay_status status, int64_t lang);",
        "parameter 2 of type 'typedef int32_t' changed",
    ),
    (
        "size_t wxpay_buf_len(const wxpay_buf *",
        "size_t wxpay_buf_len(const wxpay_bill *",
        "parameter 1 of type 'const wxpay_buf*' changed",
    ),
    (
        "typedef int32_t wxpay_status;",
        "typedef int64_t wxpay_status;",
        "type size changed from 32 to 64",
    ),
    (
        "#define WXPAY_STATUS_TIMEOUT 302",
        "#define WXPAY_STATUS_TIMEOUT 333",
        "1 enumerator change",
    ),
    (
        "#define WXPAY_OUTCOME_NOT_SENT 1",
        "",
        "1 enumerator deletion",
    ),
    (
        "WXPAY_API const char *wxpay_version(void);",
        "",
        "1 Removed function",
    ),
    (
        "WXPAY_API const char *wxpay_version(void);",
        "WXPAY_API const char *wxpay_version(void);\nWXPAY_API int32_t wxpay_later(const wxpay_client *client);",
        "",
    ),
    (
        "#define WXPAY_STATUS_TIMEOUT 302",
        "#define WXPAY_STATUS_TIMEOUT 302\n#define WXPAY_STATUS_LATER 777",
        "",
    ),
];

#[test]
fn abidiff_finds_every_planted_change_and_lets_additions_pass() {
    let header = read("include/wxpay.h");
    let path = fresh_dir("abi").join("wxpay.h");
    for (from, to, found) in CHANGES {
        assert!(header.contains(from), "{from}");
        std::fs::write(&path, header.replacen(from, to, 1)).unwrap();
        let output = abi_sh(&["--header", path.to_str().unwrap()]);
        let said = said(&output);
        assert_eq!(output.status.success(), found.is_empty(), "{from}: {said}");
        assert!(said.contains(found), "{from}: {said}");
        let verdict = if found.is_empty() { "ok: " } else { "FAIL: " };
        assert!(
            said.lines().any(|line| line.starts_with(verdict)),
            "{from}: {said}"
        );
    }
}

/// The symbols' history, read without the generator that writes it: a declaration that once came
/// stands in the header, word for word, and says the version it came in.
#[test]
fn every_symbol_of_the_history_is_still_declared_as_it_came() {
    let mut declared = declarations(&read("include/wxpay.h"));
    let folder = Path::new(ROOT).join("bindings/abi/history");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let version = path.file_stem().unwrap().to_str().unwrap().to_owned();
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            assert_eq!(declared.remove(line), Some(version.clone()), "{line}");
            seen += 1;
        }
    }
    assert!(declared.is_empty(), "in no history: {declared:?}");
    assert_eq!(seen, read("bindings/abi/symbols.txt").lines().count());
    // And this finds what is another: one argument less, one version later.
    let header = read("include/wxpay.h");
    let spoilt = header.replacen(
        "(wxpay_status status, int32_t lang)",
        "(wxpay_status status)",
        1,
    );
    assert_ne!(declarations(&spoilt), declarations(&header));
    assert_ne!(
        declarations(&header.replacen("@since 0.1", "@since 0.2", 1)),
        declarations(&header)
    );
}

/// Declaration -> `@since` of the comment before it.
fn declarations(header: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for piece in header.split("/**").skip(1) {
        let (comment, code) = piece.split_once("*/").unwrap();
        let Some((_, declaration)) = code.split_once("WXPAY_API") else {
            continue;
        };
        let declaration = declaration.split_inclusive(';').next().unwrap();
        let words: Vec<_> = declaration.split_whitespace().collect();
        let line = words.join(" ").replace("( ", "(").replace(" )", ")");
        let since = comment.split_once("@since").unwrap().1;
        let since = since.split_whitespace().next().unwrap().to_owned();
        found.insert(line, since);
    }
    found
}

#[test]
fn programs_of_each_release_run_with_the_library_of_now() {
    let place = Place::with_simulator();
    for release in releases() {
        // Its own header comes before ours in the list of directories.
        let program = place.compile(
            &release.join("abi.c"),
            C99,
            &[&format!("-I{}", release.display())],
        );
        let output = place.run(Command::new(program).arg(place.merchant()));
        let said = said(&output);
        assert!(output.status.success(), "{said}");
        let checks = said.split(" checks, 0 failed").next().unwrap();
        let checks: u32 = checks.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(checks >= 380, "{said}");
    }
}

#[test]
fn declarations_of_each_release_serve_python_and_php_with_the_library_of_now() {
    let copy = own_copy(&fresh_dir("abi"));
    for release in releases() {
        let version = release.file_name().unwrap().to_str().unwrap();
        let functions = read(&format!("bindings/abi/history/{version}.txt"));
        let wanted = format!("{} functions of {version}, ok\n", functions.lines().count());
        for (command, first, script) in [
            ("python3", &["-B"][..], "tests/abi/old_binding.py"),
            ("php", &["-d", "ffi.enable=1"], "tests/abi/old_binding.php"),
        ] {
            let mut run = clean_command(command, None);
            run.args(first).arg(Path::new(ROOT).join(script));
            let output = run.arg(&release).arg(&copy).output().unwrap();
            assert_eq!(said(&output), wanted, "{script}");
        }
    }
}

/// `scripts/abi.sh --library`: functions that trap, so whatever is called but the version kills the
/// process.
fn made(name: &str, more: &[&str]) -> PathBuf {
    let path = fresh_dir("abi").join(name);
    let output = abi_sh(&[&["--library", path.to_str().unwrap()], more].concat());
    assert!(output.status.success(), "{}", said(&output));
    path
}

const PYTHON: &str = "
try: import libwxpay
except Exception as error: print(type(error).__name__, error)
";
const PHP: &str = "
require $argv[1] . '/bindings/php/autoload.php';
try { LibWxPay\\Library::buildInfo(); }
catch (LibWxPay\\LoadException $error) { echo get_class($error), ' ', $error->getMessage(); }
";

/// C# is asked the same in `bindings::csharp::decoys`.
#[test]
fn an_older_library_is_refused_by_name_with_the_version_that_is_needed() {
    let old = made(
        "libwxpay.so.0",
        &["--without", "wxpay_explain_text", "--abi", "0.0"],
    );
    let gap = made("libwxpay.so.0", &["--without", "wxpay_explain_text"]);
    let ask = |command: &str, arguments: &[&str], library: &Path| {
        let mut command = clean_command(command, None);
        command
            .args(arguments)
            .arg(ROOT)
            .env("WXPAY_LIBRARY", library);
        command.env("PYTHONPATH", Path::new(ROOT).join("bindings/python/src"));
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "{}: {}",
            output.status,
            said(&output)
        );
        said(&output)
    };
    // Version first, before any function that it may lack.
    let name = old.to_str().unwrap();
    let python = ask("python3", &["-B", "-c", PYTHON], &old);
    let php = ask("php", &["-d", "ffi.enable=1", "-r", PHP, "--"], &old);
    for part in [
        "LibraryError",
        name,
        "has ABI 0.0",
        "needs ABI 0.1 or a later 0.x",
    ] {
        assert!(python.contains(part), "{part}: {python}");
    }
    for part in ["LoadException", name, "has ABI 0.0, this package needs 0.1"] {
        assert!(php.contains(part), "{part}: {php}");
    }
    // It claims the right version: file and function are named.
    let name = gap.to_str().unwrap();
    for said in [
        ask("python3", &["-B", "-c", PYTHON], &gap),
        ask("php", &["-d", "ffi.enable=1", "-r", PHP, "--"], &gap),
    ] {
        assert!(
            said.contains(name) && said.contains("wxpay_explain_text"),
            "{said}"
        );
    }
}

const CPP: &str = "#include <wxpay/wxpay.hpp>
#include <iostream>
int main() {
    try { std::cout << wxpay::explain_text(\"x\"); }
    catch (const wxpay::UsageError &error) { std::cout << error.what(); }
}
";

/// The version is asked for first; a program that has all functions looked up at its start is
/// stopped by the system's loader, which names the function.
#[test]
fn a_cpp_program_says_that_its_library_is_older() {
    let place = Place::new();
    let source = place.write("older.cpp", CPP);
    let old = made(
        "libwxpay.so.0",
        &["--without", "wxpay_explain_text", "--abi", "0.0"],
    );
    let include = format!("-I{ROOT}/bindings/cpp/include");
    let cxx = Compiler("g++", &["-std=c++17", "-Wall", "-Wextra", "-Werror"]);
    for (how, code, parts) in [
        ("-Wl,-z,lazy", Some(0), ["has ABI 0.0", "needs ABI 0.1"]),
        (
            "-Wl,-z,now",
            Some(127),
            ["undefined symbol", "wxpay_explain_text"],
        ),
    ] {
        let program = place.compile(&source, cxx, &[&include, how]);
        let mut run = clean_command(program, None);
        run.env("LD_LIBRARY_PATH", old.parent().unwrap());
        run.env("LD_PRELOAD", &old);
        let output = run.output().unwrap();
        assert_eq!(output.status.code(), code, "{}", said(&output));
        for part in parts {
            assert!(said(&output).contains(part), "{part}: {}", said(&output));
        }
    }
}

/// As `tests/abi/nulls.py` must count them: all combinations of NULL, twice where there is a text
/// (NULL with the lengths 0 and 5); each number at its ends, with every pointer and with none.
fn calls(abi: &Value) -> usize {
    let list = |value: &Value| value.as_array().unwrap().clone();
    list(&abi["functions"])
        .iter()
        .map(|function| {
            let params = list(&function["params"]);
            let is_pointer = |p: &&Value| p["type"].as_str().unwrap().contains('*');
            let texts = params.iter().any(|p| p["role"] == "in-text");
            let ends = |p: &Value| match p["type"].as_str().unwrap() {
                "size_t" => 4,
                _ => 5,
            };
            let numbers: usize = params.iter().filter(|p| !is_pointer(p)).map(ends).sum();
            let pointers = u32::try_from(params.iter().filter(is_pointer).count()).unwrap();
            2_usize.pow(pointers) * (1 + usize::from(texts)) + 2 * numbers
        })
        .sum()
}

fn nulls(library: &Path, abi: &Path, place: &Place) -> (bool, String) {
    let mut python = Command::new("python3");
    python
        .arg("-B")
        .arg(Path::new(ROOT).join("tests/abi/nulls.py"));
    python.args([library, abi, place.merchant().parent().unwrap()]);
    let output = place.run(&mut python);
    (output.status.success(), said(&output))
}

#[test]
fn every_function_survives_every_combination_of_null_and_every_end_of_a_number() {
    let place = Place::with_simulator();
    let path = Path::new(ROOT).join("bindings/abi/wxpay.abi.json");
    let abi: Value = serde_json::from_str(&read("bindings/abi/wxpay.abi.json")).unwrap();
    let functions = read("bindings/abi/symbols.txt").lines().count();
    let (good, said) = nulls(&library(), &path, &place);
    let counted = format!(
        "nulls: {functions} functions, {} calls, 0 failed",
        calls(&abi)
    );
    assert!(good && said.contains(&counted), "{counted}\n{said}");
    println!("{counted}");

    // It blames a status that a function does not list, and names where a process died.
    let text = read("bindings/abi/wxpay.abi.json");
    let at = text.find("\"name\": \"wxpay_v2_reply\"").unwrap();
    let spoilt = text[at..].replacen("100", "999", 1);
    let other = place.write("spoilt.json", &format!("{}{spoilt}", &text[..at]));
    let (good, said) = nulls(&library(), &other, &place);
    let blamed: Vec<_> = said
        .lines()
        .filter(|line| line.starts_with("FAIL: "))
        .collect();
    assert!(!good && !blamed.is_empty(), "{said}");
    assert!(
        blamed
            .iter()
            .all(|line| line.starts_with("FAIL: wxpay_v2_reply, ")),
        "{said}"
    );
    let traps = made("libwxpay.so.0", &[]);
    let (good, said) = nulls(&traps, &path, &place);
    assert!(
        !good && said.starts_with("FAIL: signal 4 in wxpay_config_new"),
        "{said}"
    );
}
