//! Each gate of scripts/dist/gate.py must stop a library that breaks its rule: shown with small
//! libraries in C that are right but for one thing.

use std::path::PathBuf;
use std::process::Command;

use super::super::{ROOT, library};
use super::{script, text};
use crate::simulator::fresh_dir;

/// What a stub is, but for the change under test.
struct Stub {
    code: String,
    flags: Vec<&'static str>,
}

impl Stub {
    /// Exports every symbol; each function does nothing and returns 0.
    fn new() -> Stub {
        let path = format!("{ROOT}/bindings/abi/symbols.txt");
        let names = std::fs::read_to_string(path).unwrap();
        let mut code = String::from("unsigned long strlen(const char *);\n");
        for name in names.lines() {
            code += &format!(
                "long {name}(void);\nlong {name}(void) {{ return (long)strlen(\"\"); }}\n"
            );
        }
        let flags = vec![
            "-shared",
            "-fPIC",
            "-O1",
            "-fno-builtin",
            "-nostartfiles",
            "-s",
            "-Wl,-soname,libwxpay.so.0",
            "-Wl,-z,nodelete",
            "-Wl,-z,relro",
        ];
        Stub { code, flags }
    }

    fn with(mut self, flag: &'static str) -> Stub {
        self.flags.push(flag);
        self
    }

    fn without(mut self, flag: &str) -> Stub {
        let before = self.flags.len();
        self.flags.retain(|one| *one != flag);
        assert_ne!(before, self.flags.len(), "{flag}");
        self
    }

    fn and(mut self, code: &str) -> Stub {
        self.code = code.to_owned() + &self.code;
        self
    }

    fn instead(mut self, name: &str, body: &str) -> Stub {
        let from = format!("long {name}(void) {{ return (long)strlen(\"\"); }}");
        assert!(self.code.contains(&from), "{name}");
        self.code = self
            .code
            .replace(&from, &format!("long {name}(void) {{ {body} }}"));
        self
    }

    fn build(&self) -> PathBuf {
        let dir = fresh_dir("gates");
        let (source, out) = (dir.join("stub.c"), dir.join("libwxpay.so"));
        std::fs::write(&source, &self.code).unwrap();
        let mut gcc = Command::new("gcc");
        gcc.args(&self.flags)
            .arg(&source)
            .arg("-o")
            .arg(&out)
            .args(["-Wl,--no-as-needed", "-lc"]);
        let output = gcc.output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        out
    }

    /// Names of the gates that fail.
    fn failed(&self) -> Vec<String> {
        let output = script("dist/gate.py")
            .arg("--portable")
            .arg(self.build())
            .output()
            .unwrap();
        let said = text(&output);
        let names = |mark: &str| -> Vec<String> {
            said.lines()
                .filter_map(|line| line.strip_prefix(mark))
                .map(|line| line.split(':').next().unwrap().to_owned())
                .collect()
        };
        let failed = names("FAIL: ");
        assert!(
            names("ok: ").len() + failed.len() > 10,
            "gates did not run: {said}"
        );
        assert_eq!(output.status.success(), failed.is_empty(), "{said}");
        failed
    }
}

/// A stub does nothing, so it knows no panic: the one gate that no stub passes.
const PANIC: &str = "a panic comes back as a status";

#[test]
fn each_gate_stops_the_library_that_breaks_its_rule_and_no_other_does() {
    let works_after = "works after the panic";
    let cases: Vec<(&str, Stub)> = vec![
        ("SONAME", Stub::new().without("-Wl,-soname,libwxpay.so.0").with("-Wl,-soname,libwxpay.so")),
        ("stays loaded (nodelete)", Stub::new().without("-Wl,-z,nodelete")),
        ("no RPATH", Stub::new().with("-Wl,-rpath,/opt/build/lib")),
        ("exported symbols", Stub::new().and("long aws_lc_init(void) { return 0; }\n")),
        ("stack not executable", Stub::new().with("-Wl,-z,execstack")),
        ("relocations read-only", Stub::new().without("-Wl,-z,relro").with("-Wl,-z,norelro")),
        ("glibc", Stub::new().and("long getrandom(void *, unsigned long, unsigned);\n").instead("wxpay_version", "return getrandom(0, 0, 0);")),
        ("needed libraries", Stub::new().with("-Wl,--no-as-needed").with("-lgcc_s")),
        ("stripped", Stub::new().without("-s")),
        ("no path of the build machine", Stub::new().instead("wxpay_version", "return (long)\"/opt/builder/libwxpay/lib.rs\";")),
        ("size", Stub::new().instead("wxpay_version", "static char much[8000000] = {1}; return (long)much;")),
        ("silent", Stub::new().and("long write(int, const void *, unsigned long);\n__attribute__((constructor)) static void loud(void) { write(2, \"x\", 1); }\n")),
        ("self-test", Stub::new().instead("wxpay_selftest", "return 901;")),
        ("first signature", Stub::new().and("long clock(void);\n").instead("wxpay_sign", "long end = clock() + 60000; while (clock() < end) {} return 0;")),
    ];
    for (gate, stub) in cases {
        let mut expected = vec![gate.to_owned()];
        expected.extend([PANIC.to_owned(), works_after.to_owned()]);
        let mut failed = stub.failed();
        failed.sort();
        expected.sort();
        assert_eq!(failed, expected, "{gate}");
    }
}

#[test]
fn a_library_that_lacks_a_function_or_dies_of_a_panic_is_stopped() {
    let mut lacking = Stub::new();
    lacking.code = lacking
        .code
        .replace("wxpay_notify_open", "wxpay_notify_opened");
    let failed = lacking.failed();
    assert!(
        failed.contains(&"exported symbols".to_owned()),
        "{failed:?}"
    );
    let dies = Stub::new()
        .and("void abort(void);\n")
        .instead("wxpay_config_check", "abort(); return 900;");
    let failed = dies.failed();
    assert!(failed.contains(&"silent".to_owned()), "{failed:?}");
}

#[test]
fn the_library_of_this_run_passes_and_what_only_the_portable_one_passes_is_named() {
    let said = super::run(script("dist/gate.py").arg(library()));
    for gate in [
        "exported symbols",
        "SONAME",
        "first signature",
        "self-test",
        PANIC,
        "works after the panic",
    ] {
        assert!(said.contains(&format!("ok: {gate}")), "{gate}: {said}");
    }
    let skipped = said
        .lines()
        .find(|line| line.starts_with("skipped,"))
        .unwrap_or_default();
    for gate in [
        "glibc",
        "needed libraries",
        "stripped",
        "no path of the build machine",
        "size",
    ] {
        assert!(skipped.contains(gate), "{gate}: {said}");
    }
}
