//! Panics on demand: the library is built once more with feature `inject-panics`, and
//! `tests/c/walk_panics.h` has every exported function panic, and places below them (safety.md S1).

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::c_place::{C99, Place};
use crate::simulator::{fresh_dir, target_dir};

/// `wxpay_abi_version` and `wxpay_version` give constants.
const CANNOT_PANIC: usize = 2;
/// Places that `panic_deeper` strikes.
const PLACES: usize = 13;
/// Of the injected library alone.
const TRACES: [&str; 3] = [
    "wxpay_inject",
    "at an export",
    "while an error is handed over",
];

/// In a target directory of its own, because cargo gives the library one name whatever its features.
/// The crates it needs are copied there, so that only the library itself is compiled again; what
/// cargo does not take for fresh it compiles. The marks of what is done go first: a crate that
/// another test has cargo compile now has none yet.
const COPY: &str = "for kind in .fingerprint build deps; do
        mkdir -p \"$2/$kind\"
        only='*'; [ $kind != deps ] || only='lib*'
        find \"$1/$kind\" -mindepth 1 -maxdepth 1 -name \"$only\" ! -name '*wxpay*' -exec cp -au -t \"$2/$kind\" {} +
    done";

fn injected() -> PathBuf {
    let target = target_dir().join("injected");
    let copied = Command::new("sh")
        .args(["-euc", COPY, "sh"])
        .arg(target_dir())
        .arg(target.join("debug"))
        .output()
        .unwrap();
    assert!(copied.status.success(), "{}", said(&copied));
    let output = Command::new(env!("CARGO"))
        .args([
            "rustc",
            "--quiet",
            "--locked",
            "-p",
            "libwxpay",
            "--lib",
            "--crate-type",
            "cdylib",
        ])
        .args(["--features", "header,inject-panics", "--target-dir"])
        .arg(&target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    target.join("debug/libwxpay.so")
}

#[test]
fn the_host_survives_a_panic_in_every_function_and_its_next_call_works() {
    let library = injected();
    let place = Place::with_simulator();
    place.use_library(&library);
    let walk = root().join("tests/c/generated_walk.c");
    let program = place.compile(&walk, C99, &["-g"]);
    let output = place.run(Command::new(program).arg(place.merchant()).arg("panics"));
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    let symbols = std::fs::read_to_string(root().join("bindings/abi/symbols.txt")).unwrap();
    let struck = symbols.lines().count() - CANNOT_PANIC;
    let counted = format!("panics: {struck} functions, {PLACES} places below them");
    assert!(said.contains(&counted), "no \"{counted}\" in:\n{said}");
    // What the program itself prints: two lines of counts. A panic says nothing.
    let lines: Vec<&str> = said
        .lines()
        .filter(|line| !line.starts_with("panics: ") && !line.starts_with("walk: "))
        .collect();
    assert!(lines.is_empty(), "{said}");
    only_the_injected_library_has_traces(&library);
}

fn only_the_injected_library_has_traces(injected: &Path) {
    let has = |library: &Path, trace: &str| {
        let bytes = std::fs::read(library).unwrap();
        bytes
            .windows(trace.len())
            .any(|part| part == trace.as_bytes())
    };
    let ordinary = target_dir().join("deps/libwxpay.so");
    for trace in TRACES {
        assert!(
            has(injected, trace),
            "the gate looks for the wrong thing: {trace}"
        );
        assert!(
            !has(&ordinary, trace),
            "{trace} is in {}",
            ordinary.display()
        );
    }
    // The gate of `make dist`.
    let gate = Command::new("python3")
        .arg(root().join("scripts/dist/gate.py"))
        .arg(injected)
        .output()
        .unwrap();
    let said = said(&gate);
    assert!(!gate.status.success(), "{said}");
    assert!(said.contains("unwanted wxpay_inject_panic"), "{said}");
}

/// Without debug assertions, which no release profile has, the sources do not compile at all.
#[test]
fn a_release_cannot_be_built_with_injected_panics() {
    let refusal = "feature inject-panics is for tests";
    let compile = |more: &[&str]| {
        let output = Command::new("rustc")
            .args([
                "--edition=2024",
                "--crate-type=lib",
                "--emit=metadata",
                "-Copt-level=3",
            ])
            .args(more)
            .arg("--out-dir")
            .arg(fresh_dir("refused"))
            .arg(root().join("src/lib.rs"))
            .env("CARGO_PKG_VERSION", "0")
            .output()
            .unwrap();
        said(&output).contains(refusal)
    };
    let feature = "--cfg=feature=\"inject-panics\"";
    assert!(compile(&[feature]));
    assert!(!compile(&[]));
    assert!(!compile(&[feature, "-Cdebug-assertions=on"]));
}

fn said(output: &Output) -> String {
    [&output.stdout[..], &output.stderr]
        .map(String::from_utf8_lossy)
        .concat()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Clippy refuses in `src/ffi` what can panic; this says that it was told so, and that no file is
/// excused from it.
#[test]
fn nothing_in_the_c_face_may_panic() {
    const LINTS: [&str; 10] = [
        "unwrap_used",
        "expect_used",
        "panic",
        "indexing_slicing",
        "string_slice",
        "get_unwrap",
        "unreachable",
        "todo",
        "unimplemented",
        "arithmetic_side_effects",
    ];
    let whole = std::fs::read_to_string(root().join("src/ffi/mod.rs")).unwrap();
    let denied = whole
        .split_once("#![deny(")
        .unwrap()
        .1
        .split_once(")]")
        .unwrap()
        .0;
    for lint in LINTS {
        assert!(denied.contains(&format!("clippy::{lint}")), "{lint}");
    }
    let mut files = 0;
    for entry in std::fs::read_dir(root().join("src/ffi")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(can_panic(&text), None, "{}", path.display());
        files += 1;
    }
    assert!(files > 20);
    // What it looks for is found where it stands.
    for planted in [
        "x.unwrap();",
        "x.expect(\"\");",
        "#[allow(clippy::panic)]",
        "unreachable!()",
    ] {
        assert!(can_panic(planted).is_some(), "{planted}");
    }
}

fn can_panic(text: &str) -> Option<&str> {
    let bad = [
        ".unwrap()",
        ".expect(",
        "panic!(",
        "unreachable!(",
        "assert!(",
        "allow(clippy::panic",
        "allow(clippy::unwrap",
    ];
    text.lines()
        .find(|line| bad.iter().any(|bad| line.contains(bad)))
}
