//! What `make dist` made: the portable library and the packages around it. `make test` runs
//! `make dist` before these tests.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::{ROOT, clean_command};
use super::{bill, consumers, run, script};
use crate::simulator::{Simulator, fresh_dir, target_dir};

fn made() -> PathBuf {
    let dir = target_dir().parent().unwrap().join("dist");
    assert!(
        dir.join("SHA256SUMS").is_file(),
        "{} is missing: run `make dist`, as `make test` does",
        dir.display()
    );
    dir
}

fn portable_build() -> PathBuf {
    target_dir().parent().unwrap().join("portable")
}

fn library() -> PathBuf {
    consumers::unpacked(&made(), "-linux-x86_64.tar.gz").join("lib/libwxpay.so.0")
}

#[test]
fn it_passes_every_gate_of_the_portable_library() {
    let said = run(script("dist/verify.sh").arg(made()));
    let gates = [
        "glibc: needs GLIBC_2.17 at most",
        "needed libraries",
        "stripped",
        "no path of the build machine",
        "exported symbols",
        "stays loaded (nodelete)",
        "no RPATH",
        "first signature",
        "self-test",
        "a panic comes back as a status",
        "silent",
    ];
    for gate in gates {
        assert!(said.contains(&format!("ok: {gate}")), "{gate}: {said}");
    }
    assert!(!said.contains("skipped"), "{said}");
}

/// Not through scripts/dist/gate.py: the loader's own records, read by another program.
#[test]
fn objdump_finds_no_newer_glibc_and_no_foreign_library() {
    let said = run(clean_command("objdump", None).args(["-p"]).arg(library()));
    let newest = said
        .lines()
        .filter_map(|line| line.split("GLIBC_2.").nth(1))
        .map(|rest| {
            rest.trim()
                .split('.')
                .next()
                .unwrap()
                .parse::<u32>()
                .unwrap()
        })
        .max();
    assert!(newest.is_some_and(|minor| minor <= 17), "{said}");
    let needed: Vec<_> = said
        .lines()
        .filter(|line| line.trim().starts_with("NEEDED"))
        .collect();
    let foreign = ["libgcc_s", "libssl", "libcrypto", "libstdc++", "libcurl"];
    assert!(
        !needed.is_empty() && !foreign.iter().any(|name| said.contains(name)),
        "{needed:?}"
    );
}

#[test]
fn its_journey_runs_in_every_language() {
    let library = library().canonicalize().unwrap();
    let simulator = Simulator::start();
    let scripts = [
        "tests/c",
        "bindings/cpp/tests",
        "bindings/php/tests",
        "bindings/python/tests",
        "bindings/csharp/tests",
    ];
    for (language, place) in ["c", "cpp", "php", "python", "csharp"].iter().zip(scripts) {
        let mut journey = clean_command("sh", Some(&simulator.file("ca.pem")));
        journey.arg(Path::new(ROOT).join(place).join("journey.sh"));
        journey.env("CARGO_TARGET_DIR", target_dir().parent().unwrap());
        let said = run(journey
            .arg(&library)
            .arg(&simulator.dir)
            .arg(fresh_dir("journey")));
        assert!(
            said.lines()
                .any(|line| line == format!("{language}: ok (8 steps)")),
            "{language}: {said}"
        );
    }
}

#[test]
fn its_packages_serve_their_languages() {
    consumers::tarball_serves_c_and_cpp(&made());
    super::named(&made(), "-py3-none-manylinux_2_17_x86_64.whl");
    consumers::wheel_serves_python(&made());
    consumers::composer_package_serves_php(&made());
    consumers::nuget_package_has_its_parts(&made());
}

#[test]
fn it_was_compiled_with_fat_lto_for_speed_and_names_the_unwinder_that_is_linked_in() {
    let command = std::fs::read_to_string(portable_build().join("rustc-command.txt")).unwrap();
    for flag in [
        "-C lto=fat",
        "-C opt-level=3",
        "-C codegen-units=1",
        "--crate-type cdylib ",
    ] {
        assert!(command.contains(flag), "{flag}: {command}");
    }
    assert!(
        !command.contains("panic=abort") && !command.contains("rlib --emit"),
        "{command}"
    );
    let listed = bill::read(&made());
    let names: Vec<_> = listed["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["name"])
        .collect();
    for name in [
        "LLVM-libunwind",
        "glibc-nonshared",
        "rustls",
        "aws-lc-sys",
        "rust-std",
    ] {
        assert!(names.contains(&&Value::from(name)), "{name}: {names:?}");
    }
}

#[test]
fn a_crate_that_was_built_in_and_is_not_listed_is_noticed_and_the_reverse() {
    let messages = std::fs::read_to_string(portable_build().join("artifacts.json")).unwrap();
    let dir = fresh_dir("bill");
    let bill = |messages: &str| {
        let file = dir.join("artifacts.json");
        std::fs::write(&file, messages).unwrap();
        let mut sbom = script("dist/sbom.py");
        sbom.args(["--when", "1", "--build"])
            .arg(&file)
            .arg(library())
            .arg(dir.join("bill.json"));
        let output = sbom.output().unwrap();
        (output.status.success(), super::text(&output))
    };
    let (good, said) = bill(&messages);
    assert!(good && said.contains("as the build says"), "{said}");
    let is_strsim = |line: &&str| line.contains("#strsim@");
    let fewer: String = messages
        .lines()
        .filter(|line| !is_strsim(line))
        .map(|line| format!("{line}\n"))
        .collect();
    let (good, said) = bill(&fewer);
    assert!(
        !good && said.contains("listed but not built: [('strsim'"),
        "{said}"
    );
    let line = messages.lines().find(is_strsim).unwrap();
    let (good, said) = bill(&format!(
        "{messages}{}\n",
        line.replace("#strsim@", "#stowaway@")
    ));
    assert!(
        !good && said.contains("built but not listed: [('stowaway'"),
        "{said}"
    );
}
