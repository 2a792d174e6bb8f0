//! The C ABI from C and C++: `tests/c/` compiled against `include/wxpay.h` and the shared library
//! that lies beside this test, run plain, under valgrind, and with AddressSanitizer and UBSan on
//! the C side. Each program prints how many checks it made; a number that shrinks is a failure.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::c_place::{C11, C99, CXX17, Compiler, Place};

/// Programs of `tests/c/` and how many checks each makes: no fewer than this.
const SUITES: [(&str, u64); 3] = [("abi", 380), ("abi_client", 200), ("abi_values", 150)];
/// Calls and checks of the walk: at least so many an exported function.
const CALLS_A_FUNCTION: u64 = 20;

/// Exports that no argument of `walk_fixture.h` brings to OK.
const NEVER_OK: [&str; 0] = [];

/// Enough for every size check, and 100 times faster than what the plain run passes.
const SMALL: &str = "100000";

/// Standards of both compilers, and how each is called there: clang 14 calls C23 by its working name.
const STANDARDS: [(&str, &[&str]); 2] = [
    ("c", &["c99", "c11", "c17", "gnu2x"]),
    ("c++", &["c++11", "c++14", "c++17", "c++20"]),
];

/// What each compiler says of the header with `more` behind it, by standard.
fn compile_header(more: &str) -> Vec<(String, Output)> {
    let place = Place::new();
    let text = format!(
        "#include <wxpay.h>\n#include <wxpay.h>\n{more}int main(void) {{ return wxpay_error_outcome(NULL); }}\n"
    );
    let source = place.write("header.c", &text);
    let mut done = Vec::new();
    for compiler in ["gcc", "clang"] {
        for (language, standards) in STANDARDS {
            for standard in standards {
                let mut compile = Command::new(compiler);
                compile.args(["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
                compile.args(["-x", language, &format!("-std={standard}"), "-I"]);
                compile.arg(workspace("include")).arg(&source);
                let output = place.run(&mut compile);
                done.push((format!("{compiler} {standard}"), output));
            }
        }
    }
    done
}

#[test]
fn the_header_compiles_alone_in_every_language_version() {
    let compiled = compile_header("");
    assert_eq!(compiled.len(), 16);
    for (what, output) in compiled {
        assert!(output.status.success(), "{what}: {}", stderr(&output));
    }
    // No standard knows an array of no elements: each compiler must say so.
    for (what, output) in compile_header("struct planted { int none[0]; };\n") {
        assert!(!output.status.success(), "{what} says nothing");
    }
    // And linked, once for each language.
    let place = Place::new();
    let source = place.write(
        "header.c",
        "#include <wxpay.h>\nint main(void) { return wxpay_error_outcome(NULL); }\n",
    );
    for compiler in [C99, CXX17] {
        let program = place.compile(&source, compiler, &[]);
        assert!(
            place.run(&mut Command::new(program)).status.success(),
            "{compiler:?}"
        );
    }
}

#[test]
fn c99_calls_behave_as_the_header_says() {
    suites(C99, &[], &[], SMALL);
}

#[test]
fn c11_calls_behave_as_the_header_says() {
    suites(C11, &[], &[], SMALL);
}

#[test]
fn cxx17_calls_behave_as_the_header_says() {
    suites(CXX17, &[], &[], SMALL);
}

#[test]
fn every_function_survives_ten_megabytes_in_every_text() {
    let place = Place::with_simulator();
    walk(&place, C99, &[], &[], "10000000");
}

#[test]
fn valgrind_finds_no_error_and_no_leak() {
    // "Possibly lost" are the tables of statics, which Rust points to at their middle.
    let leaks = "--errors-for-leak-kinds=definite,indirect";
    let shown = "--show-leak-kinds=definite,indirect";
    let valgrind = [
        "valgrind",
        "--quiet",
        "--error-exitcode=9",
        "--leak-check=full",
        leaks,
        shown,
        "--num-callers=30",
    ];
    suites(C99, &["-g"], &valgrind, SMALL);
}

#[test]
fn sanitizers_on_the_c_side_find_nothing() {
    suites(C99, &SANITIZE, &[], SMALL);
    suites(CXX17, &SANITIZE, &[], SMALL);
}

/// The runtime replaces malloc, so what the library allocates is watched too.
const SANITIZE: [&str; 4] = [
    "-g",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
];

/// A gate that finds nothing must be able to find something.
#[test]
fn the_sanitizers_and_valgrind_are_really_on() {
    let place = Place::new();
    let overflow = place.write(
        "overflow.c",
        "#include <wxpay.h>\n#include <stdlib.h>\n\
         int main(int argc, char **argv) { char *p = (char *)malloc(8); (void)argv; p[7 + argc] = 1; free(p); return wxpay_error_outcome(NULL); }\n",
    );
    let shift = place.write(
        "shift.c",
        "#include <wxpay.h>\nint main(int argc, char **argv) { (void)argv; return (argc << (31 + argc)) * wxpay_error_outcome(NULL); }\n",
    );
    let leak = place.write(
        "leak.c",
        "#include <wxpay.h>\n__attribute__((noinline)) static void lose(void) { wxpay_config *config; wxpay_config_new(&config, NULL); }\n\
         int main(void) { lose(); lose(); return 0; }\n",
    );
    let sanitized = |source: &Path| {
        stderr(&place.run(&mut Command::new(place.compile(source, C99, &SANITIZE))))
    };
    assert!(sanitized(&overflow).contains("heap-buffer-overflow"));
    assert!(sanitized(&shift).contains("runtime error: shift exponent"));
    assert!(sanitized(&leak).contains("LeakSanitizer: detected memory leaks"));
    for source in [&overflow, &leak] {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--quiet", "--error-exitcode=9", "--leak-check=full"]);
        let output = place.run(valgrind.arg(place.compile(source, C99, &["-g"])));
        assert_eq!(
            output.status.code(),
            Some(9),
            "{}: {}",
            source.display(),
            stderr(&output)
        );
    }
}

/// The walk with one status taken out of one function's list must blame that function.
#[test]
fn the_walk_finds_a_status_that_is_not_in_the_tags() {
    let place = Place::with_simulator();
    let listed = "errors_wxpay_key_load[] = { 100, 101, 111, 112, 0 }";
    let whole = std::fs::read_to_string(source("generated_walk")).unwrap();
    assert!(whole.contains(listed), "the tags of wxpay_key_load changed");
    let without = "errors_wxpay_key_load[] = { 100, 101, 112, 0 }";
    let spoilt = place.write("spoilt_walk.c", &whole.replace(listed, without));
    let near = format!("-I{}", workspace("tests/c").display());
    let program = place.compile(&spoilt, C99, &[&near]);
    let output = place.run(Command::new(program).arg(place.merchant()).arg("1000"));
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let blamed: Vec<&str> = said
        .lines()
        .filter(|line| line.starts_with("    in "))
        .collect();
    assert!(
        blamed.len() > 5 && blamed.iter().all(|line| line.contains("wxpay_key_load, ")),
        "{said}"
    );
}

/// All C suites by one compiler; `under` runs them.
fn suites(compiler: Compiler, flags: &[&str], under: &[&str], big: &str) {
    let place = Place::with_simulator();
    for (name, least) in SUITES {
        let program = place.compile(&source(name), compiler, flags);
        let said = said(&place, &program, under, &[]);
        let checks = number_before(&said, " checks, 0 failed");
        assert!(
            checks >= least,
            "{name} made {checks} checks, not {least}:\n{said}"
        );
    }
    walk(&place, compiler, flags, under, big);
}

fn walk(place: &Place, compiler: Compiler, flags: &[&str], under: &[&str], big: &str) {
    let symbols = std::fs::read_to_string(workspace("bindings/abi/symbols.txt")).unwrap();
    let exported = u64::try_from(symbols.lines().count()).unwrap();
    let program = place.compile(&source("generated_walk"), compiler, flags);
    let said = said(place, &program, under, &[big]);
    assert_eq!(number_before(&said, " functions, "), exported, "{said}");
    let calls = number_before(&said, " calls");
    assert!(calls >= exported * CALLS_A_FUNCTION, "{said}");
    assert!(number_before(&said, " checks, 0 failed") > calls, "{said}");
    let never: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("never OK: "))
        .collect();
    assert_eq!(
        never, NEVER_OK,
        "give them arguments in tests/c/walk_fixture.h"
    );
}

/// What a program wrote; it must have ended well.
fn said(place: &Place, program: &Path, under: &[&str], more: &[&str]) -> String {
    let mut words = under.iter().map(PathBuf::from).collect::<Vec<_>>();
    words.push(program.to_path_buf());
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).arg(place.merchant()).args(more);
    let output = place.run(&mut command);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command:?}: {}\n{said}{}",
        output.status,
        stderr(&output)
    );
    said
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The number in front of `words`, 0 when they are not there.
fn number_before(text: &str, words: &str) -> u64 {
    let Some(at) = text.find(words) else { return 0 };
    let digits = text[..at]
        .rsplit(|c: char| !c.is_ascii_digit())
        .next()
        .unwrap_or_default();
    digits.parse().unwrap_or(0)
}

fn source(name: &str) -> PathBuf {
    workspace(&format!("tests/c/{name}.c"))
}

fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
