//! Whoever calls from C, under everything that watches memory: AddressSanitizer, UBSan and
//! LeakSanitizer by two compilers, valgrind, ThreadSanitizer on the side of the caller; many
//! threads, forks, and the library loaded again and again (docs/memory.md).
//!
//! Each run is a row `sanitize | what | tool | reports`. `make sanitize` runs the ignored ones too.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::bindings::conformance::store::only_g1;
use crate::bindings::{ROOT, clean_command, library};
use crate::c_place::{C11, C99, Compiler, Place};
use crate::simulator::{Simulator, fresh_dir};

/// Something that watches a program.
#[derive(Clone, Copy, PartialEq)]
enum Tool {
    Plain,
    Gcc,
    Clang,
    Valgrind,
    Threads,
}
use Tool::{Clang, Gcc, Plain, Threads, Valgrind};

/// Exit status of a program that a tool reports on; no program of ours ends with it.
const REPORTED: i32 = 99;

const MEMCHECK: [&str; 9] = [
    "valgrind",
    "--quiet",
    "--error-exitcode=99",
    "--leak-check=full",
    // "Possibly lost" are tables of statics, which Rust points to at their middle.
    "--errors-for-leak-kinds=definite,indirect",
    "--show-leak-kinds=definite,indirect",
    "--num-callers=30",
    "--track-fds=yes",
    "--child-silent-after-fork=yes",
];

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Plain => "none: its own checks",
            Gcc => "gcc ASan+UBSan+LSan",
            Clang => "clang ASan+UBSan+LSan",
            Valgrind => "valgrind memcheck",
            Threads => "gcc TSan",
        }
    }

    fn compiler(self) -> Compiler {
        match self {
            Clang => Compiler(
                "clang",
                &["-std=c11", "-pedantic", "-Wall", "-Wextra", "-Werror"],
            ),
            _ => C11,
        }
    }

    fn flags(self) -> &'static [&'static str] {
        match self {
            Plain | Valgrind => &["-g", "-pthread", "-ldl"],
            Threads => &["-g", "-O1", "-fsanitize=thread", "-pthread", "-ldl"],
            Gcc | Clang => &[
                "-g",
                "-fsanitize=address,undefined",
                "-fno-sanitize-recover=all",
                "-fno-omit-frame-pointer",
                "-pthread",
                "-ldl",
            ],
        }
    }

    /// The words that start `program` under it.
    fn command(self, program: &Path) -> Command {
        let before: &[&str] = match self {
            Valgrind => &MEMCHECK,
            // What the uninstrumented library does with memory and locks, it cannot order. The
            // addresses it wants are those that a kernel gives without randomness.
            Threads => &[
                "env",
                "TSAN_OPTIONS=ignore_noninstrumented_modules=1 exitcode=99",
                "setarch",
                "-R",
            ],
            _ => &["env"],
        };
        let mut command = Command::new(before[0]);
        command.args(&before[1..]).arg(program);
        command
    }

    /// 0, or 1 when its text or exit status says that it found something.
    fn reports(self, output: &Output) -> usize {
        let said = said(output);
        let marks = [
            "ERROR: AddressSanitizer",
            "ERROR: LeakSanitizer",
            "runtime error:",
            "WARNING: ThreadSanitizer",
            "definitely lost",
        ];
        // Descriptors that whoever started us left open are not the program's.
        let lines: Vec<&str> = said.lines().collect();
        let left_open = lines.windows(2).any(|pair| {
            pair[0].starts_with("==")
                && pair[0].contains("== Open ")
                && !pair[1].contains("<inherited from parent>")
        });
        usize::from(
            left_open
                || output.status.code() == Some(REPORTED)
                || marks.iter().any(|mark| said.contains(mark)),
        )
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A place whose simulator's merchant has 64 messages signed by the openssl command.
fn place() -> Place {
    let place = Place::with_simulator();
    let script = "for n in $(seq 0 63); do printf 'message %d\\n' $n >sign.$n.message; \
        openssl dgst -sha256 -sign apiclient_key.pem sign.$n.message | openssl base64 -A >sign.$n.signature; done";
    let done = Command::new("sh")
        .args(["-euc", script])
        .current_dir(place.merchant().parent().unwrap())
        .status()
        .unwrap();
    assert!(done.success());
    place
}

fn source(name: &str) -> PathBuf {
    Path::new(ROOT).join("tests/c").join(format!("{name}.c"))
}

/// Runs `tests/c/NAME.c` and writes the row; its last line, which must begin with `NAME: `.
fn run(place: &Place, name: &str, tool: Tool, args: &[&str]) -> String {
    let program = place.compile(&source(name), tool.compiler(), tool.flags());
    let mut command = tool.command(&program);
    let output = place.run(command.args(args));
    let reports = tool.reports(&output);
    // Threads and rounds; paths say nothing.
    let sizes: Vec<&str> = args
        .iter()
        .copied()
        .filter(|arg| !arg.contains('/'))
        .collect();
    println!(
        "sanitize | C {name} {} | {} | {reports}",
        sizes.join(" x "),
        tool.name()
    );
    let said = said(&output);
    assert!(
        output.status.success() && reports == 0,
        "{name} under {}: {}\n{said}",
        tool.name(),
        output.status
    );
    let last = String::from_utf8_lossy(&output.stdout);
    let last = last.lines().last().unwrap_or_default().to_owned();
    assert!(last.starts_with(&format!("{name}: ")), "{said}");
    println!("{last}");
    last
}

fn mixed(tool: Tool, threads: usize, rounds: usize) {
    let place = place();
    let dir = place.merchant().parent().unwrap().display().to_string();
    let args = [&dir, &threads.to_string(), &rounds.to_string()];
    let last = run(&place, "mixed", tool, &args.map(String::as_str));
    assert_eq!(last, format!("mixed: {} operations", threads * rounds * 12));
}

fn prefork(tool: Tool, threads: usize, children: usize) {
    let place = place();
    let dir = place.merchant().parent().unwrap().display().to_string();
    let args = [&dir, &threads.to_string(), &children.to_string()];
    let last = run(&place, "prefork", tool, &args.map(String::as_str));
    assert!(
        last.starts_with(&format!("prefork: {children} children, 0 bad, ")),
        "{last}"
    );
}

/// What a leak of one object of the library, or of one page a round, would exceed.
const GROWTH_KIB: i64 = 1024;

fn loads(rounds: usize) {
    let place = place();
    let dir = fresh_dir("loads");
    let copy = dir.join("another-libwxpay.so");
    std::fs::copy(library(), &copy).unwrap();
    let merchant = place.merchant().parent().unwrap().display().to_string();
    let library = library().canonicalize().unwrap();
    let args = [
        library.to_str().unwrap(),
        copy.to_str().unwrap(),
        &merchant,
        &rounds.to_string(),
    ];
    let last = run(&place, "loads", Plain, &args);
    let growth = last
        .strip_prefix("loads: ok, ")
        .and_then(|rest| rest.split_once(' '))
        .and_then(|(number, _)| number.parse::<i64>().ok());
    assert!(growth.is_some_and(|kib| kib < GROWTH_KIB), "{last}");
}

#[test]
fn a_thousand_loads_leave_no_memory_no_thread_and_no_descriptor() {
    loads(1000);
}

#[test]
fn sixty_four_threads_on_one_client_each_get_their_own_answers() {
    mixed(Plain, 64, 2);
}

#[test]
fn a_caller_of_eight_threads_has_no_race_at_the_boundary() {
    mixed(Threads, 8, 1);
}

#[test]
fn everything_with_the_network_is_clean_under_sanitizers() {
    mixed(Gcc, 4, 1);
}

#[test]
fn everything_with_the_network_is_clean_under_valgrind() {
    mixed(Valgrind, 2, 1);
}

#[test]
fn children_of_a_parent_with_64_calling_threads_use_and_free_what_they_inherit() {
    prefork(Plain, 64, 32);
}

/// A name, the code, and which tools must see it by which words.
type Defect = (&'static str, &'static str, &'static [(Tool, &'static str)]);

const PLANTED: [Defect; 7] = [
    (
        "use after free",
        "wxpay_config *c; wxpay_config_new(&c, NULL); char *p = malloc(9); free(p); volatile char x = p[n]; (void)x; wxpay_config_free(c);",
        &[
            (Gcc, "heap-use-after-free"),
            (Clang, "heap-use-after-free"),
            (Valgrind, "Invalid read"),
        ],
    ),
    (
        "use of a freed object of the library",
        "wxpay_message *m; wxpay_message_new_response(200, \"x\", 1, &m, NULL); const uint8_t *b = wxpay_message_body(m); wxpay_message_free(m); volatile uint8_t x = b[0]; (void)x; (void)n;",
        &[
            (Gcc, "heap-use-after-free"),
            (Clang, "heap-use-after-free"),
            (Valgrind, "Invalid read"),
        ],
    ),
    (
        "lost object of the library",
        "wxpay_config *c; wxpay_config_new(&c, NULL); c = NULL; (void)n;",
        &[
            (Gcc, "LeakSanitizer: detected memory leaks"),
            (Clang, "LeakSanitizer: detected memory leaks"),
            (Valgrind, "definitely lost"),
        ],
    ),
    (
        "signed overflow",
        "volatile int big = 2147483647; big = big + n;",
        &[
            (Gcc, "runtime error: signed integer overflow"),
            (Clang, "runtime error: signed integer overflow"),
        ],
    ),
    (
        "uninitialised read",
        "volatile int *p = malloc(16); if (p[n] == 7) puts(\"seven\"); free((void *)p);",
        &[(Valgrind, "depends on uninitialised value")],
    ),
    (
        "descriptor left open",
        "if (open(\"/dev/null\", n) < 0) return;",
        &[(Valgrind, "Open file descriptor")],
    ),
    (
        "race",
        "pthread_t t[2]; for (int i = 0; i < 2; i++) pthread_create(&t[i], NULL, add, NULL); for (int i = 0; i < 2; i++) pthread_join(t[i], NULL); (void)n;",
        &[(Threads, "ThreadSanitizer: data race")],
    ),
];

/// A gate that finds nothing must be able to find something.
#[test]
fn every_planted_defect_is_reported_by_every_tool_that_can_see_it() {
    let place = Place::new();
    for (what, code, tools) in PLANTED {
        let text = format!(
            "#include <wxpay.h>\n#include <fcntl.h>\n#include <pthread.h>\n#include <stdio.h>\n#include <stdlib.h>\n\
             int counter;\nvoid *add(void *x); void *add(void *x) {{ for (int i = 0; i < 1000; i++) counter++; return x; }}\n\
             __attribute__((noinline)) static void defect(int n) {{ {code} }}\n\
             int main(int argc, char **argv) {{ (void)argv; defect(argc); defect(argc); return 0; }}\n"
        );
        let source = place.write("planted.c", &text);
        for (tool, words) in tools {
            // The defects are what a compiler would warn of.
            let Compiler(compiler, _) = tool.compiler();
            let program = place.compile(&source, Compiler(compiler, &["-w"]), tool.flags());
            let mut command = tool.command(&program);
            let output = place.run(&mut command);
            let said = said(&output);
            assert!(
                said.contains(words) && tool.reports(&output) > 0,
                "{what} under {}: {}\n{said}",
                tool.name(),
                output.status
            );
            println!("sanitize | planted: {what} | {} | found", tool.name());
        }
    }
}

#[test]
#[ignore = "minutes: make sanitize"]
fn long_everything_with_the_network_under_every_tool() {
    mixed(Plain, 64, 6);
    mixed(Gcc, 64, 2);
    mixed(Clang, 64, 2);
    mixed(Threads, 64, 2);
    mixed(Valgrind, 4, 1);
}

#[test]
#[ignore = "minutes: make sanitize"]
fn long_forks_under_load() {
    prefork(Plain, 64, 256);
}

#[test]
#[ignore = "minutes: make sanitize"]
fn long_loads() {
    loads(10_000);
}

/// The C suites by clang, and with descriptors counted by valgrind.
#[test]
#[ignore = "minutes: make sanitize"]
fn long_the_c_suites_under_every_tool() {
    let place = Place::with_simulator();
    let merchant = place.merchant();
    for name in ["abi", "abi_client", "abi_values", "generated_walk"] {
        for tool in [Gcc, Clang, Valgrind] {
            let compiler = if tool == Clang { Clang.compiler() } else { C99 };
            let program = place.compile(&source(name), compiler, tool.flags());
            let output = place.run(tool.command(&program).arg(&merchant).arg("100000"));
            let reports = tool.reports(&output);
            println!("sanitize | C {name} | {} | {reports}", tool.name());
            let said = said(&output);
            assert!(
                output.status.success() && reports == 0 && said.contains(" checks, 0 failed"),
                "{name}: {}\n{said}",
                output.status
            );
        }
    }
}

/// Journeys and conformance in C and C++.
#[test]
#[ignore = "minutes: make sanitize"]
fn long_journeys_and_conformance_under_every_tool() {
    let vectors = format!("{ROOT}/bindings/conformance");
    let files = |dir: &str, end: &str| {
        let mut files: Vec<PathBuf> = std::fs::read_dir(format!("{ROOT}/{dir}"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|had| had == end))
            .collect();
        files.sort();
        files
    };
    let json = files("bindings/conformance/vectors", "json");
    let cpp = |name: &str| vec![PathBuf::from(format!("{ROOT}/bindings/cpp/tests/{name}"))];
    for tool in [Gcc, Clang, Valgrind] {
        let mut cases = [PathBuf::from(&vectors)].to_vec();
        cases.extend(json.clone());
        for (what, plus, sources, args) in [
            ("C journey", false, vec![source("journey")], &[][..]),
            (
                "C conformance",
                false,
                files("bindings/conformance/c", "c"),
                &cases,
            ),
            ("C++ journey", true, cpp("journey.cpp"), &[]),
            (
                "C++ conformance",
                true,
                files("bindings/cpp/tests/conformance", "cpp"),
                &cases[..1],
            ),
            (
                "C++ unit tests",
                true,
                files("bindings/cpp/tests/unit", "cpp"),
                &[],
            ),
        ] {
            let dir = fresh_dir("watched");
            for name in ["libwxpay.so", "libwxpay.so.0"] {
                std::os::unix::fs::symlink(library(), dir.join(name)).unwrap();
            }
            let program = dir.join("program");
            let compiler = match (tool == Clang, plus) {
                (true, true) => "clang++",
                (true, false) => "clang",
                (false, true) => "g++",
                (false, false) => "gcc",
            };
            let built = clean_command(compiler, None)
                .arg(if plus { "-std=c++17" } else { "-std=c99" })
                .arg(format!("-I{ROOT}/include"))
                .arg(format!("-I{ROOT}/bindings/cpp/include"))
                .args(&sources)
                .arg("-o")
                .arg(&program)
                .arg(format!("-L{}", dir.display()))
                .args(["-lwxpay", "-lcjson"])
                .args(tool.flags())
                .output()
                .unwrap();
            assert!(built.status.success(), "{what}: {}", said(&built));
            // Its five minutes would not last for all of them.
            let simulator = Simulator::start();
            let sim = [simulator.dir.clone()];
            let watched = tool.command(&program);
            // What the vectors say of trust, they say of a store with G1 alone.
            let store = if what.ends_with("conformance") {
                only_g1()
            } else {
                simulator.file("ca.pem")
            };
            let output = clean_command(watched.get_program(), Some(&store))
                .args(watched.get_args())
                .args(if args.is_empty() { &sim } else { args })
                .env("LD_LIBRARY_PATH", &dir)
                .output()
                .unwrap();
            let reports = tool.reports(&output);
            println!("sanitize | {what} | {} | {reports}", tool.name());
            let text = String::from_utf8_lossy(&output.stdout);
            let last = text.lines().last().unwrap_or_default();
            assert!(
                output.status.success()
                    && reports == 0
                    && (last.ends_with(" passed, 0 failed")
                        || last.ends_with("ok")
                        || last.contains(": ok")),
                "{what}: {}\n{}",
                output.status,
                said(&output)
            );
        }
    }
}
