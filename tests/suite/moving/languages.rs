//! One test a language: how its program is built and started, and what the failure is explained as.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use super::place::{Place, World};
use super::readme::before_and_after;
use crate::bindings::{ROOT, clean_command, tools};
use crate::simulator::{fresh_dir, target_dir};

struct Language {
    /// As in README.
    name: &'static str,
    /// As in `explain_text`'s report.
    explained: &'static str,
    /// Debian's libcurl goes on looking into /etc/ssl/certs (its CAPATH) when CAINFO is set.
    pin_adds: bool,
    source: &'static str,
    /// Shell; run beside the source.
    build: &'static str,
    program: Vec<String>,
}

/// Before and after, with the server under each root and stores with the old root alone or both;
/// and `wxpay explain` knows the failure.
fn moves(language: &Language) {
    let name = language.name;
    let (before, after) = before_and_after(name);
    let place = |code: &str| {
        let dir = fresh_dir("moving");
        std::fs::write(dir.join(language.source), code).unwrap();
        build(language, &dir);
        Place::new(dir)
    };
    let program: Vec<&str> = language.program.iter().map(String::as_str).collect();
    let (before, after) = (place(&before), place(&after));
    for (when, place, server, store, works) in [
        ("before", &before, "old", "old", true),
        ("before", &before, "new", "old", false),
        ("before", &before, "new", "both", language.pin_adds),
        // Without the pin it is the store that decides, and nothing else.
        ("after", &after, "old", "both", true),
        ("after", &after, "new", "old", false),
        ("after", &after, "new", "both", true),
    ] {
        let output = place.run(World { server, store }, &program);
        let said = text(&output);
        assert_eq!(
            output.status.success(),
            works,
            "{name}, {when}, server {server}, store {store}: {said}"
        );
        if works {
            continue;
        }
        let report = wxpay::diag::explain_text(&said);
        let report: Value = serde_json::from_str(&report).unwrap();
        let cause = match (when, name) {
            ("before", "C#") => "CALLBACK_REFUSED",
            _ => "ROOT_NOT_IN_STORE",
        };
        assert_eq!(report["language"], language.explained, "{said}");
        assert_eq!(report["diagnosis"][0]["id"], cause, "{said}");
    }
}

fn build(language: &Language, dir: &Path) {
    if language.build.is_empty() {
        return;
    }
    let cache = target_dir().join("moving-go");
    let output = clean_command("sh", None)
        .args(["-euc", language.build])
        .env("pki", super::pki::made())
        .env("GOCACHE", cache)
        .env("GO111MODULE", "off")
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}: {}",
        language.name,
        text(&output)
    );
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The bundle of the certifi that the test's `requests` uses.
pub fn certifi() -> PathBuf {
    let lib = tools("moving").join("lib");
    let python = std::fs::read_dir(lib).unwrap().next().unwrap().unwrap();
    python.path().join("site-packages/certifi/cacert.pem")
}

/// CoreCLR's `dotnet`, which `scripts/tools/csharp.sh` made.
pub fn dotnet(tools: &Path) -> PathBuf {
    let python = std::fs::read_dir(tools.join("lib")).unwrap().next();
    let python = python.unwrap().unwrap().path();
    python.join("site-packages/dnv/net/runtime/.net/dotnet")
}

fn words(program: &str) -> Vec<String> {
    program.split(' ').map(str::to_owned).collect()
}

#[test]
fn cpp_moves_off_its_pinned_root() {
    moves(&Language {
        name: "C++",
        explained: "cpp",
        pin_adds: true,
        source: "pay.cpp",
        build: "g++ -std=c++17 -Wall -Wextra -Werror pay.cpp -lcurl -o pay",
        program: words("./pay"),
    });
}

#[test]
fn php_moves_off_its_pinned_root() {
    moves(&Language {
        name: "PHP",
        explained: "php",
        pin_adds: true,
        source: "pay.php",
        build: "",
        program: words("php pay.php"),
    });
}

/// `requests`, whose store is certifi's.
#[test]
fn python_moves_off_its_pinned_root() {
    let python = tools("moving").join("bin/python3");
    moves(&Language {
        name: "Python",
        explained: "python",
        pin_adds: false,
        source: "pay.py",
        build: "",
        program: vec![python.display().to_string(), "pay.py".to_owned()],
    });
}

#[test]
fn java_moves_off_its_pinned_root() {
    moves(&Language {
        name: "Java",
        explained: "java",
        pin_adds: false,
        source: "Pay.java",
        build: "javac Pay.java
            keytool -importcert -noprompt -storetype JKS -keystore rootca.jks -storepass changeit -alias old -file $pki/old-root.pem",
        program: words("java -cp . Pay"),
    });
}

/// On CoreCLR, which asks OpenSSL's store; Mono has a store of its own (`cert-sync`).
#[test]
fn csharp_moves_off_its_pinned_root() {
    let dotnet = dotnet(&tools("csharp"));
    let config = format!("{ROOT}/bindings/csharp/tests/runtimeconfig.json");
    let mut program = vec![dotnet.display().to_string()];
    program.extend(words("exec --runtimeconfig"));
    program.extend([config, "pay.exe".to_owned()]);
    moves(&Language {
        name: "C#",
        explained: "csharp",
        pin_adds: false,
        source: "pay.cs",
        build: "mcs -langversion:7.2 -warnaserror -r:System.Net.Http.dll -out:pay.exe pay.cs",
        program,
    });
}

#[test]
fn go_moves_off_its_pinned_root() {
    moves(&Language {
        name: "Go",
        explained: "go",
        pin_adds: false,
        source: "pay.go",
        build: "go vet pay.go && go build -o pay pay.go",
        program: words("./pay"),
    });
}

#[test]
fn ruby_moves_off_its_pinned_root() {
    moves(&Language {
        name: "Ruby",
        explained: "ruby",
        pin_adds: false,
        source: "pay.rb",
        build: "ruby -wc pay.rb",
        program: words("ruby pay.rb"),
    });
}

/// Node's own list cannot be given a root: the system's store by the switch that this Node has.
#[test]
fn node_moves_off_its_pinned_root() {
    let help = clean_command("node", None).arg("--help").output().unwrap();
    let switch = if text(&help).contains("--use-system-ca") {
        "--use-system-ca"
    } else {
        "--use-openssl-ca"
    };
    moves(&Language {
        name: "Node",
        explained: "node",
        pin_adds: false,
        source: "pay.js",
        build: "node --check pay.js",
        program: words(&format!("node {switch} pay.js")),
    });
}
