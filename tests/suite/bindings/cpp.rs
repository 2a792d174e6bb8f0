//! C++: each suite of `bindings/cpp/tests` is a script whose last line is `N passed, M failed`.

mod examples;
mod install;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::{ROOT, clean_command, library};
use crate::simulator::{Simulator, fresh_dir};

/// Runs a script of `bindings/cpp/tests`; what it said.
fn script(name: &str, args: &[&Path], more: &[&str], store: Option<&Path>) -> String {
    let output = clean_command("sh", store)
        .arg(format!("{ROOT}/bindings/cpp/tests/{name}"))
        .args(args)
        .args(more)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{name} {more:?}: {}\n{said}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    said
}

/// How many passed; none may have failed.
fn passed(said: &str) -> usize {
    let last = said.lines().last().unwrap_or_default();
    last.strip_suffix(" passed, 0 failed")
        .and_then(|count| count.parse().ok())
        .unwrap_or_else(|| panic!("the last line is {last:?} in:\n{said}"))
}

/// The unit tests, plain or under something that watches memory. As many must run as the sources
/// have.
fn unit_tests(under: &str) {
    let mut written = 0;
    for source in std::fs::read_dir(format!("{ROOT}/bindings/cpp/tests/unit")).unwrap() {
        let text = std::fs::read_to_string(source.unwrap().path()).unwrap();
        written += text
            .lines()
            .filter(|line| line.starts_with("TEST("))
            .count();
    }
    assert!(written > 40, "only {written} tests are written");
    // Built before the simulator's time begins; valgrind runs what runs without it.
    static PLAIN: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let dir = fresh_dir("cpp-unit");
        script(
            "unit.sh",
            &[&library(), Path::new(""), &dir],
            &[under],
            None,
        );
        dir
    };
    let dir = if under == "sanitizers" {
        build()
    } else {
        PLAIN.get_or_init(build).clone()
    };
    let simulator = Simulator::start();
    let said = script(
        "unit.sh",
        &[&library(), &simulator.dir, &dir],
        &[under],
        Some(&simulator.file("ca.pem")),
    );
    assert_eq!(passed(&said), written, "{said}");
}

#[test]
fn the_unit_tests_pass() {
    unit_tests("nothing");
}

#[test]
fn the_unit_tests_lose_no_memory() {
    unit_tests("valgrind");
}

#[test]
fn the_unit_tests_pass_under_sanitizers() {
    unit_tests("sanitizers");
}

/// A watcher that watches nothing would let everything pass.
#[test]
fn a_leak_and_a_use_after_release_would_be_found() {
    let dir = fresh_dir("cpp-planted");
    let source = dir.join("planted.cpp");
    std::fs::write(
        &source,
        "#include <wxpay/wxpay.hpp>\n#include <cstdio>\n\
         __attribute__((noinline)) void leak() { static_cast<void>(wxpay::Message::new_response(200, \"x\").release()); }\n\
         __attribute__((noinline)) void late() { const std::uint8_t *bytes; {\n\
           const wxpay::Message m = wxpay::Message::new_response(200, std::string(100, 'x'));\n\
           bytes = wxpay_message_body(m.handle()); }\n\
           std::puts(wxpay::detail::bytes(bytes, 50).c_str()); }\n\
         int main(int argc, char **) { argc == 1 ? leak() : late(); }\n",
    )
    .unwrap();
    for (name, flags) in [("plain", &[][..]), ("watched", &["-fsanitize=address"][..])] {
        link_library(&dir);
        let program = dir.join(name);
        compile(&source, &program, &dir, flags);
        for args in [&[][..], &["late"][..]] {
            let mut command = if name == "plain" {
                let mut valgrind = clean_command("valgrind", None);
                valgrind.args(["--error-exitcode=9", "--leak-check=full"]);
                valgrind.args(["--errors-for-leak-kinds=definite,indirect"]);
                valgrind.arg(&program);
                valgrind
            } else {
                clean_command(&program, None)
            };
            let output = command
                .args(args)
                .env("LD_LIBRARY_PATH", &dir)
                .output()
                .unwrap();
            assert!(!output.status.success(), "{name} {args:?} passed");
        }
    }
}

fn link_library(dir: &Path) {
    for name in ["libwxpay.so", "libwxpay.so.0"] {
        let _ = std::os::unix::fs::symlink(library(), dir.join(name));
    }
}

fn compile(source: &Path, program: &Path, dir: &Path, flags: &[&str]) {
    let output = clean_command("g++", None)
        .args([
            "-std=c++17",
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Werror",
            "-g",
        ])
        .args(flags)
        .arg(format!("-I{ROOT}/include"))
        .arg(format!("-I{ROOT}/bindings/cpp/include"))
        .arg(source)
        .arg("-o")
        .arg(program)
        .arg("-L")
        .arg(dir)
        .arg("-lwxpay")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Two compilers, three standards, every header first, the README's code, and no exceptions.
#[test]
fn headers_examples_and_the_readme_compile_without_a_warning() {
    let said = script("compile.sh", &[&fresh_dir("cpp-compile")], &[], None);
    assert_eq!(passed(&said), 2 * (3 * 5 + 6 + 3) + 2, "{said}");
}

#[test]
fn the_public_names_are_those_that_were_agreed_on() {
    let output = clean_command("python3", None)
        .arg(format!("{ROOT}/bindings/cpp/tests/surface.py"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.ends_with(" names, as committed\n"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_library_of_another_abi_is_named_before_anything_is_called() {
    let said = script("abi.sh", &[&library(), &fresh_dir("cpp-abi")], &[], None);
    assert_eq!(passed(&said), 3);
}

#[test]
fn the_journey_runs() {
    let simulator = Simulator::start();
    let said = script(
        "journey.sh",
        &[&library(), &simulator.dir, &fresh_dir("cpp-journey")],
        &[],
        Some(&simulator.file("ca.pem")),
    );
    assert!(said.ends_with("cpp: ok (8 steps)\n"), "{said}");
}
