//! C#: the same assemblies on Mono and on CoreCLR.

mod decoys;
mod loader;
mod package;
mod readme;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use super::conformance::store::only_g1;
use super::{ROOT, clean_command, library, tools};
use crate::simulator::{Simulator, fresh_dir};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Runtime {
    Mono,
    CoreClr,
}

const RUNTIMES: [Runtime; 2] = [Runtime::Mono, Runtime::CoreClr];

fn folder() -> PathBuf {
    Path::new(ROOT).join("bindings/csharp")
}

/// CoreCLR's `dotnet`, which `scripts/tools/csharp.sh` made.
pub fn dotnet() -> PathBuf {
    let lib = tools("csharp").join("lib");
    let python = std::fs::read_dir(&lib).unwrap().next().unwrap().unwrap();
    let dotnet = python
        .path()
        .join("site-packages/dnv/net/runtime/.net/dotnet");
    assert!(dotnet.is_file(), "{} is missing", dotnet.display());
    dotnet
}

/// A script of the binding; what it runs, runs on that runtime.
fn script(runtime: Runtime, name: &str, store: Option<&Path>) -> Command {
    let mut command = clean_command("sh", store);
    command.arg(folder().join(name)).env_remove("DOTNET");
    for variable in ["SSL_CERT_DIR", "MONO_PATH", "MONO_CONFIG", "DOTNET_ROOT"] {
        command.env_remove(variable);
    }
    if runtime == Runtime::CoreClr {
        command.env("DOTNET", dotnet());
    }
    command
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn succeeded(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = text(&output);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{text}",
        output.status
    );
    text
}

/// LibWxPay.dll and tests.exe, compiled once a run.
fn compiled() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let out = fresh_dir("csharp-unit");
        succeeded(script(Runtime::Mono, "tests/unit.sh", None).arg(&out));
        out
    })
}

/// A copy of the library that only its owner may write to: the loader takes no other.
fn owned_library(path: &Path) {
    std::fs::copy(library(), path).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// `N passed, M failed` of the last line.
fn counts(text: &str) -> (usize, usize) {
    let line = text.lines().last().unwrap_or_default();
    let (passed, rest) = line
        .split_once(" passed, ")
        .unwrap_or_else(|| panic!("{text}"));
    let failed = rest
        .strip_suffix(" failed")
        .unwrap_or_else(|| panic!("{text}"));
    (passed.parse().unwrap(), failed.parse().unwrap())
}

/// Methods that the sources mark as tests: what the runner must find.
fn marked() -> usize {
    std::fs::read_dir(folder().join("tests/unit"))
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .map(|source| {
            source
                .lines()
                .filter(|line| line.trim() == "[Test]")
                .count()
        })
        .sum()
}

fn suite(runtime: Runtime, arguments: &[&str]) -> Output {
    let simulator = Simulator::start();
    let native = fresh_dir("csharp-library").join("libwxpay.so.0");
    owned_library(&native);
    script(runtime, "tests/run.sh", Some(&simulator.file("ca.pem")))
        .arg(compiled().join("tests.exe"))
        .args(arguments)
        .env("WXPAY_LIBRARY", &native)
        .env("SIMDIR", &simulator.dir)
        .env("SURFACE", folder().join("tests/surface.txt"))
        .env("WXPAYTEST_MCHID", "1900000001")
        .env("WXPAYTEST_MERCHANT_SERIAL", "5D1A")
        .env("WXPAYTEST_BASE_URL", "https://127.0.0.1:1")
        .env(
            "WXPAYTEST_PRIVATE_KEY_FILE",
            simulator.file("apiclient_key.pem"),
        )
        .env(
            "WXPAYTEST_PUBLIC_KEY_FILE",
            simulator.file("wechatpay_public_key.pem"),
        )
        .env(
            "WXPAYTEST_PUBLIC_KEY_ID",
            simulator.merchant()["public_key_id"].as_str().unwrap(),
        )
        .env("WXPAYWRONG_MCHIDD", "1")
        .output()
        .unwrap()
}

fn passes_whole(runtime: Runtime) {
    let listed = suite(runtime, &["--list"]);
    let collected = String::from_utf8_lossy(&listed.stdout).lines().count();
    assert!(listed.status.success(), "{}", text(&listed));
    assert_eq!(collected, marked(), "{}", text(&listed));
    assert!(collected >= 50, "only {collected} tests");
    let run = suite(runtime, &[]);
    let text = text(&run);
    assert!(run.status.success(), "{runtime:?}: {text}");
    assert_eq!(counts(&text), (collected, 0), "{runtime:?}: {text}");
    println!("{runtime:?}: {collected} passed");
}

#[test]
fn the_suite_passes_whole_on_mono() {
    passes_whole(Runtime::Mono);
}

#[test]
fn the_suite_passes_whole_on_coreclr() {
    passes_whole(Runtime::CoreClr);
}

/// The runner must not call a failure a success.
#[test]
fn a_failing_test_is_seen() {
    let dir = fresh_dir("csharp-failing");
    let source = dir.join("Wrong.cs");
    std::fs::write(
        &source,
        "using LibWxPay.Tests; using System.Threading.Tasks;\n\
         public static class Wrong {\n\
         [Test] public static void right() { }\n\
         [Test] public static void wrong() { Expect.Equal(1, 2); }\n\
         [Test] public static async Task late() { await Task.Delay(10); Expect.Equal(1, 2); } }\n",
    )
    .unwrap();
    let out = dir.join("wrong.exe");
    let tests = folder().join("tests");
    let mut mcs = clean_command("mcs", None);
    mcs.arg(format!("-out:{}", out.display()))
        .arg(format!("-r:{}", compiled().join("LibWxPay.dll").display()))
        .arg("-r:System.Core.dll")
        .args([source, tests.join("Runner.cs"), tests.join("Failure.cs")]);
    succeeded(&mut mcs);
    std::fs::copy(compiled().join("LibWxPay.dll"), dir.join("LibWxPay.dll")).unwrap();
    for runtime in RUNTIMES {
        let run = script(runtime, "tests/run.sh", None)
            .arg(&out)
            .output()
            .unwrap();
        let text = text(&run);
        assert!(!run.status.success(), "{runtime:?}: {text}");
        assert_eq!(counts(&text), (1, 2), "{runtime:?}: {text}");
    }
}

/// How many cases there are, counted from the files.
fn cases() -> usize {
    std::fs::read_dir(Path::new(ROOT).join("bindings/conformance/vectors"))
        .unwrap()
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .map(|json| {
            let cases: Vec<serde_json::Value> = serde_json::from_slice(&json).unwrap();
            cases.len()
        })
        .sum()
}

#[test]
fn the_vectors_pass_on_both_runtimes() {
    for runtime in RUNTIMES {
        let said = succeeded(
            script(runtime, "tests/conformance.sh", Some(&only_g1()))
                .arg(library())
                .arg(fresh_dir("csharp-vectors")),
        );
        assert_eq!(counts(&said), (cases(), 0), "{runtime:?}: {said}");
    }
}

#[test]
fn the_journey_runs_on_both_runtimes() {
    let simulator = Simulator::start();
    for runtime in RUNTIMES {
        let said = succeeded(
            script(runtime, "tests/journey.sh", Some(&simulator.file("ca.pem")))
                .arg(library())
                .arg(&simulator.dir)
                .arg(fresh_dir("csharp-journey")),
        );
        assert_eq!(
            said.lines().last(),
            Some("csharp: ok (8 steps)"),
            "{runtime:?}: {said}"
        );
        let steps = said.lines().filter(|line| line.get(2..4) == Some(". "));
        assert_eq!(steps.count(), 8, "{runtime:?}: {said}");
    }
}
