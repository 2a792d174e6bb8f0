//! What the shared library shows to a loader: only `wxpay_*`, exactly the header's functions, a
//! SONAME with the ABI's major, and nothing of ours that runs when it is loaded.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::simulator::{fresh_dir, target_dir};

/// The C library and the compiler's runtime, nothing that a distribution may lack.
const MAY_NEED: [&str; 6] = [
    "libc.so.6",
    "libm.so.6",
    "libgcc_s.so.1",
    "libpthread.so.0",
    "libdl.so.2",
    "ld-linux-x86-64.so.2",
];

fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(workspace(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn output(command: &str, args: &[&str]) -> String {
    let output = Command::new(command)
        .args(args)
        .arg(target_dir().join("deps/libwxpay.so"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{command}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn listed() -> BTreeSet<String> {
    read("bindings/abi/symbols.txt")
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_library_exports_exactly_the_listed_functions() {
    let exported: BTreeSet<String> = output("nm", &["-D", "--defined-only"])
        .lines()
        .filter_map(|line| line.split_whitespace().nth(2).map(str::to_owned))
        .collect();
    assert_eq!(exported, listed());
    assert!(exported.len() > 90, "{}", exported.len());
    let kinds = output("nm", &["-D", "--defined-only"]);
    assert!(
        kinds.lines().all(|line| line.contains(" T ")),
        "an exported variable:\n{kinds}"
    );
}

/// Written without the generator's parser: any `wxpay_name(` outside comments is a declaration.
#[test]
fn the_header_declares_exactly_the_listed_functions() {
    let mut code = String::new();
    let header = read("include/wxpay.h");
    let mut rest = header.as_str();
    while let Some(start) = rest.find("/*") {
        code.push_str(&rest[..start]);
        rest = rest[start..].split_once("*/").unwrap().1;
    }
    code.push_str(rest);
    let declared: BTreeSet<String> = code
        .match_indices('(')
        .filter_map(|(at, _)| {
            code[..at]
                .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .next()
        })
        .filter(|name| name.starts_with("wxpay_"))
        .map(str::to_owned)
        .collect();
    assert_eq!(declared, listed());
    assert_eq!(
        code.matches("WXPAY_API").count(),
        declared.len() + 2,
        "each is WXPAY_API, which is defined twice"
    );
}

#[test]
fn soname_flags_and_needed_libraries_are_what_a_host_expects() {
    let dynamic = output("readelf", &["--dynamic", "--wide"]);
    assert!(
        dynamic.contains("Library soname: [libwxpay.so.0]"),
        "{dynamic}"
    );
    assert!(
        dynamic
            .lines()
            .any(|line| line.contains("FLAGS_1") && line.contains("NODELETE")),
        "{dynamic}"
    );
    assert!(
        !dynamic.contains("RPATH") && !dynamic.contains("RUNPATH"),
        "{dynamic}"
    );
    assert!(!dynamic.contains("TEXTREL"), "{dynamic}");
    let needed: Vec<&str> = dynamic
        .lines()
        .filter(|line| line.contains("(NEEDED)"))
        .filter_map(|line| line.split_once('[')?.1.strip_suffix(']'))
        .collect();
    assert!(needed.contains(&"libc.so.6"), "{needed:?}");
    for library in needed {
        assert!(MAY_NEED.contains(&library), "needs {library}");
    }
}

/// What runs at load is the compiler's `frame_dummy`, the Rust standard library's look at argv and
/// AWS-LC's look at the CPU; at exit the compiler's own and AWS-LC's clearing of its entropy.
#[test]
fn nothing_of_ours_runs_at_load_or_exit() {
    let load = [
        "frame_dummy",
        "std::sys::args::unix::imp::ARGV_INIT_ARRAY",
        "do_library_init",
    ];
    let exit = ["__do_global_dtors_aux", "rand_thread_local_state_clear_all"];
    for (section, allowed) in [("INIT_ARRAY", &load[..]), ("FINI_ARRAY", &exit[..])] {
        let running = functions_of(section);
        assert!(!running.is_empty(), "{section} was not read");
        for function in &running {
            assert!(
                allowed.iter().any(|name| function.contains(name)),
                "{function} of {running:?}"
            );
        }
    }
}

/// Names of the functions in a section of pointers, from its relocations and the symbol table.
fn functions_of(section: &str) -> Vec<String> {
    let symbols = output("nm", &["--demangle"]);
    let sections = output("readelf", &["--sections", "--wide"]);
    let fields: Vec<&str> = sections
        .split_once(&format!(" {section} "))
        .unwrap()
        .1
        .split_whitespace()
        .collect();
    let number = |text: &str| u64::from_str_radix(text, 16).unwrap();
    let (start, size) = (number(fields[0]), number(fields[2]));
    let mut names = Vec::new();
    for relocation in output("readelf", &["--relocs", "--wide"]).lines() {
        let fields: Vec<&str> = relocation.split_whitespace().collect();
        let [place, _, "R_X86_64_RELATIVE", target] = fields[..] else {
            continue;
        };
        if !(start..start + size).contains(&number(place)) {
            continue;
        }
        let address = format!("{:016x}", number(target));
        let of = symbols
            .lines()
            .find(|line| line.starts_with(&address))
            .unwrap_or("");
        names.push(
            of.splitn(3, ' ')
                .nth(2)
                .unwrap_or("a function without a name")
                .to_owned(),
        );
    }
    assert_eq!(
        u64::try_from(names.len() * 8).unwrap(),
        size,
        "{section} has more than {names:?}"
    );
    names
}

/// `cargo run -p wxpay-gen -- ARGS`.
fn generator(args: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(["run", "--quiet", "-p", "wxpay-gen", "--manifest-path"])
        .arg(workspace("Cargo.toml"))
        .arg("--target-dir")
        .arg(target_dir().parent().unwrap())
        .arg("--")
        .args(args)
        .output()
        .unwrap()
}

#[test]
fn generated_files_are_those_of_the_header() {
    let output = generator(&["--check"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let said = String::from_utf8_lossy(&output.stdout);
    let counted = format!("{} functions; up to date", listed().len());
    assert!(said.contains(&counted), "{said}");
}

#[test]
fn the_generator_refuses_a_header_and_names_function_and_tag() {
    let dir = fresh_dir("generator");
    let header = dir.join("wxpay.h");
    let header_path = header.to_str().unwrap();
    let root = dir.to_str().unwrap();
    let whole = read("include/wxpay.h");
    let at = whole
        .find("WXPAY_API wxpay_status wxpay_selftest(")
        .unwrap();
    let tag = whole[..at].rfind("@io none").unwrap();
    let untagged = format!("{}{}", &whole[..tag], &whole[tag + "@io none".len()..]);
    std::fs::write(&header, untagged).unwrap();
    let output = generator(&["--header", header_path, "--root", root]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("wxpay_selftest: @io is missing"), "{said}");
    assert!(
        !dir.join("bindings").exists(),
        "a refused header wrote files"
    );

    std::fs::write(&header, &whole).unwrap();
    assert!(
        generator(&["--header", header_path, "--root", root])
            .status
            .success()
    );
    let symbols = dir.join("bindings/abi/symbols.txt");
    std::fs::write(&symbols, "wxpay_none\n").unwrap();
    let output = generator(&["--header", header_path, "--root", root, "--check"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("bindings/abi/symbols.txt differs"), "{said}");
    assert!(said.contains("run: cargo run -p wxpay-gen"), "{said}");
}

/// There is no way around verification, so nothing may be named like one (design.md §1).
#[test]
fn no_name_in_the_header_offers_a_way_around_verification() {
    let header = read("include/wxpay.h").to_lowercase();
    let identifiers = header.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let mut looked_at = 0;
    for name in identifiers.filter(|word| word.starts_with("wxpay")) {
        looked_at += 1;
        for bad in [
            "skip",
            "insecure",
            "danger",
            "noverify",
            "no_verify",
            "unsafe",
            "trust_all",
        ] {
            assert!(!name.contains(bad), "{name}");
        }
    }
    assert!(looked_at > 300, "{looked_at}");
}
