//! What the library is made of: licences, crates that must not be in it, and patterns that must
//! not be in the source (design.md §3; safety.md S13, S29).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(command: &str, arguments: &[&str]) -> String {
    let output = Command::new(command)
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{command} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// What there is, and what may be: cargo's graph of the workspace, the crates that are linked into
/// the library, and `deny.toml`, which `make deny` gives to cargo-deny.
#[derive(Clone)]
struct Supply {
    packages: Vec<Value>,
    members: Vec<Value>,
    linked: BTreeSet<String>,
    lock: String,
    rules: Value,
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn texts(value: &Value) -> BTreeSet<String> {
    list(value)
        .iter()
        .map(|one| one.as_str().unwrap().to_owned())
        .collect()
}

impl Supply {
    fn read() -> Supply {
        let cargo = env!("CARGO");
        let metadata = run(
            cargo,
            &[
                "metadata",
                "--locked",
                "--all-features",
                "--format-version",
                "1",
            ],
        );
        let metadata: Value = serde_json::from_str(&metadata).unwrap();
        let tree = run(
            cargo,
            &[
                "tree", "--locked", "-p", "libwxpay", "-e", "normal", "--prefix", "none",
                "--target", "all",
            ],
        );
        let linked: BTreeSet<_> = tree
            .lines()
            .filter_map(|line| line.split(' ').next())
            .map(str::to_owned)
            .collect();
        assert!(
            linked.contains("rustls") && linked.len() > 30,
            "the tree was not read: {linked:?}"
        );
        let toml = "import json, tomllib; print(json.dumps(tomllib.load(open('deny.toml', 'rb'))))";
        let rules = run("python3", &["-c", toml]);
        Supply {
            packages: list(&metadata["packages"]),
            members: list(&metadata["workspace_members"]),
            linked,
            lock: std::fs::read_to_string(root().join("Cargo.lock")).unwrap(),
            rules: serde_json::from_str(&rules).unwrap(),
        }
    }

    /// What must not be, a line each.
    fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let licences = texts(&self.rules["licenses"]["allow"]);
        let registries = texts(&self.rules["sources"]["allow-registry"]);
        let scripts = texts(&self.rules["bans"]["build"]["allow-build-scripts"]);
        let exceptions = list(&self.rules["licenses"]["exceptions"]);
        let mut run_at_build = BTreeSet::new();
        for package in &self.packages {
            let name = package["name"].as_str().unwrap().to_owned();
            let version = package["version"].as_str().unwrap();
            let licence = package["license"].as_str().unwrap_or("none");
            let excepted = exceptions
                .iter()
                .filter(|one| one["crate"] == name && !self.linked.contains(&name))
                .any(|one| is_allowed(licence, &texts(&one["allow"])));
            if !excepted && !is_allowed(licence, &licences) {
                wrong.push(format!("{name}: licence {licence}"));
            }
            let is_member = self.members.contains(&package["id"]);
            let source = package["source"].as_str().unwrap_or("a directory");
            let registry = source.strip_prefix("registry+").unwrap_or(source);
            if !is_member && !registries.contains(registry) {
                wrong.push(format!("{name} comes from {source}"));
            }
            let block = format!("name = \"{name}\"\nversion = \"{version}\"\n");
            let pinned = self.lock.split("\n\n").find(|one| one.contains(&block));
            if !is_member && !pinned.is_some_and(|one| one.contains("\nchecksum = \"")) {
                wrong.push(format!("{name} {version} has no checksum in Cargo.lock"));
            }
            let kinds = list(&package["targets"]);
            if kinds
                .iter()
                .any(|target| target["kind"] == json!(["custom-build"]))
            {
                run_at_build.insert(name);
            }
        }
        wrong.extend(
            run_at_build
                .difference(&scripts)
                .map(|name| format!("{name} has a build script")),
        );
        wrong.extend(
            scripts
                .difference(&run_at_build)
                .map(|name| format!("{name} has no build script any more")),
        );
        for rule in list(&self.rules["bans"]["deny"]) {
            let name = rule["crate"].as_str().unwrap();
            let versions = self
                .packages
                .iter()
                .filter(|package| package["name"] == name)
                .count();
            if rule["deny-multiple-versions"] == true {
                if versions != 1 {
                    wrong.push(format!("{name} is there in {versions} versions"));
                }
            } else if self.linked.contains(name) {
                wrong.push(format!("{name} is linked"));
            }
        }
        wrong
    }
}

/// SPDX: every part of an AND, one part of an OR; the crates in use nest no deeper.
fn is_allowed(licence: &str, allowed: &BTreeSet<String>) -> bool {
    let plain = licence.replace(['(', ')'], "").replace('/', " OR ");
    plain
        .split(" AND ")
        .all(|part| part.split(" OR ").any(|one| allowed.contains(one.trim())))
}

#[test]
fn no_banned_crate_is_linked() {
    let supply = Supply::read();
    assert!(list(&supply.rules["bans"]["deny"]).len() > 15);
    assert_eq!(supply.wrong(), [""; 0]);
    let mut spoilt = supply.clone();
    spoilt.linked.insert("webpki-roots".to_owned());
    assert_eq!(spoilt.wrong(), ["webpki-roots is linked"]);
}

#[test]
fn every_linked_crate_has_a_permissive_licence() {
    let supply = Supply::read();
    assert!(supply.packages.len() > 200, "{}", supply.packages.len());
    assert_eq!(supply.wrong(), [""; 0]);
    let allowed = texts(&supply.rules["licenses"]["allow"]);
    for wrong in ["GPL-3.0", "MIT AND GPL-2.0", "none", ""] {
        assert!(!is_allowed(wrong, &allowed), "{wrong}");
    }
    let mut spoilt = supply.clone();
    let at = spoilt
        .packages
        .iter()
        .position(|package| package["name"] == "strsim");
    spoilt.packages[at.unwrap()]["license"] = "AGPL-3.0".into();
    assert_eq!(spoilt.wrong(), ["strsim: licence AGPL-3.0"]);
}

#[test]
fn every_crate_comes_from_crates_io_with_a_checksum() {
    let supply = Supply::read();
    assert_eq!(supply.wrong(), [""; 0]);
    assert_eq!(
        supply.members.len(),
        3,
        "the library, the command, the generator"
    );
    let at = supply
        .packages
        .iter()
        .position(|package| package["name"] == "strsim");
    let mut spoilt = supply.clone();
    spoilt.packages[at.unwrap()]["source"] = "git+https://example.com/strsim#abc".into();
    assert_eq!(
        spoilt.wrong(),
        ["strsim comes from git+https://example.com/strsim#abc"]
    );
    let mut spoilt = supply.clone();
    let line = supply.lock.split("name = \"strsim\"").nth(1).unwrap();
    let line = line
        .lines()
        .find(|line| line.starts_with("checksum"))
        .unwrap();
    spoilt.lock = supply.lock.replace(line, "");
    let wrong = spoilt.wrong();
    assert!(
        wrong.len() == 1
            && wrong[0].starts_with("strsim ")
            && wrong[0].ends_with("has no checksum in Cargo.lock"),
        "{wrong:?}"
    );
}

#[test]
fn what_is_security_relevant_is_there_in_one_version() {
    let supply = Supply::read();
    assert_eq!(supply.wrong(), [""; 0]);
    let mut spoilt = supply.clone();
    let mut second = supply
        .packages
        .iter()
        .find(|one| one["name"] == "rustls")
        .unwrap()
        .clone();
    second["id"] = "another".into();
    spoilt.packages.push(second);
    assert_eq!(spoilt.wrong(), ["rustls is there in 2 versions"]);
}

/// A build script is a program of somebody else that runs at whoever builds.
#[test]
fn the_build_scripts_that_run_are_a_committed_list() {
    let supply = Supply::read();
    assert_eq!(supply.wrong(), [""; 0]);
    let mut spoilt = supply.clone();
    let at = spoilt
        .packages
        .iter()
        .position(|package| package["name"] == "strsim");
    spoilt.packages[at.unwrap()]["targets"] = json!([{"kind": ["custom-build"]}]);
    assert_eq!(spoilt.wrong(), ["strsim has a build script"]);
    let mut spoilt = supply.clone();
    spoilt.rules["bans"]["build"]["allow-build-scripts"] = json!(["strsim"]);
    assert!(
        spoilt
            .wrong()
            .contains(&"aws-lc-sys has a build script".to_owned())
    );
    assert!(
        spoilt
            .wrong()
            .contains(&"strsim has no build script any more".to_owned())
    );
    // The one that writes a file into the sources' place needs a feature that no user has.
    let of_library = supply
        .packages
        .iter()
        .find(|one| one["name"] == "libwxpay")
        .unwrap();
    assert_eq!(of_library["features"]["header"], json!(["dep:cbindgen"]));
    assert_eq!(of_library["features"].get("default"), None);
}

#[test]
fn an_advisory_is_excepted_with_its_reason_only() {
    let supply = Supply::read();
    let excepted = list(&supply.rules["advisories"]["ignore"]);
    assert_eq!(excepted.len(), 1, "{excepted:?}");
    assert_eq!(excepted[0]["id"], "RUSTSEC-2023-0071");
    let reason = excepted[0]["reason"].as_str().unwrap();
    assert!(
        reason.contains("the_rsa_crate_does_no_private_arithmetic"),
        "{reason}"
    );
    assert!(
        supply.linked.contains("rsa"),
        "the exception has lost its object"
    );
    assert_eq!(supply.rules["advisories"]["yanked"], "deny");
    assert_eq!(supply.rules["advisories"]["maximum-db-staleness"], "P1D");
}

/// Who signs requests and trusts WeChat Pay's answers is moved by hand (safety.md S30).
#[test]
fn what_speaks_http_is_pinned_exactly() {
    let supply = Supply::read();
    let library = supply
        .packages
        .iter()
        .find(|one| one["name"] == "libwxpay")
        .unwrap();
    let wanted = |of: &Value, name: &str| {
        let found = list(&of["dependencies"])
            .into_iter()
            .find(|one| one["name"] == name);
        found.unwrap()["req"].as_str().unwrap().to_owned()
    };
    assert!(
        wanted(library, "ureq").starts_with('='),
        "{}",
        wanted(library, "ureq")
    );
}

fn files(below: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// The library's own source, without its test modules.
fn library_source() -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    files(&root().join("src"), &mut paths);
    let is_test = |path: &Path| {
        path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs")
    };
    let sources: Vec<_> = paths
        .into_iter()
        .filter(|path| !is_test(path))
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
            let code = text[..end].to_owned();
            (path, code)
        })
        .collect();
    assert!(sources.len() > 40, "{} files were read", sources.len());
    sources
}

#[test]
fn nothing_in_the_source_pins_or_switches_off_trust() {
    for (path, text) in library_source() {
        for pattern in [
            "disable_verification",
            "RootCerts::WebPki",
            ".dangerous()",
            "BEGIN CERTIFICATE-----\n",
            "install_default",
        ] {
            // The recording verifier, which asks rustls' own (S29): once, and its configuration is
            // known to the files around it alone.
            let recorder = pattern == ".dangerous()" && path.ends_with("net/probe/recorder.rs");
            assert_eq!(
                text.matches(pattern).count(),
                usize::from(recorder),
                "{}: {pattern}",
                path.display()
            );
        }
        let may_record = path.parent().is_some_and(|dir| dir.ends_with("net/probe"));
        assert!(
            may_record || !(text.contains("Recording") || text.contains("recorder")),
            "{}",
            path.display()
        );
    }
}

/// RUSTSEC-2023-0071: the `rsa` crate reads and compares keys, it never computes with a private one.
#[test]
fn the_rsa_crate_does_no_private_arithmetic() {
    for (path, text) in library_source() {
        for pattern in [
            "rsa::pkcs1v15",
            "rsa::oaep",
            "rsa::Oaep",
            "rsa::Pkcs1v15",
            "SigningKey",
            ".decrypt_blinded",
        ] {
            assert!(!text.contains(pattern), "{}: {pattern}", path.display());
        }
    }
}

/// Keys are made by scripts when they are needed; those of the conformance vectors are refused
/// where they could do harm (`bindings::conformance`).
#[test]
fn no_private_key_is_committed() {
    let tracked = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    let names = String::from_utf8(tracked.stdout).unwrap();
    let mut read = 0;
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        if name.starts_with("bindings/conformance/") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(root().join(name)) else {
            continue;
        };
        read += 1;
        for label in [
            "PRIVATE KEY-----",
            "RSA PRIVATE KEY-----",
            "ENCRYPTED PRIVATE KEY-----",
        ] {
            let pem = text
                .split(&format!("-----BEGIN {label}"))
                .skip(1)
                .any(|after| {
                    let body: String = after
                        .chars()
                        .skip_while(|c| c.is_whitespace())
                        .take(60)
                        .collect();
                    body.len() == 60
                        && body
                            .bytes()
                            .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
                });
            assert!(!pem, "{name} holds a private key");
        }
    }
    assert!(read > 60, "{read} tracked files were read");
}
