//! The bill of materials and the licences, against what `cargo metadata` and Cargo.lock say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::{ROOT, clean_command, tools};
use super::{named, quick, run};

/// name, version -> (licence, directory) of every crate that is linked into the library: the normal
/// dependencies from the library on, without macros. The bill is made from `cargo tree` instead.
fn linked() -> BTreeMap<(String, String), (String, PathBuf)> {
    // Seen by a program that uses the library: cargo would mix in what other members of the
    // workspace switch on.
    let consumer = crate::simulator::fresh_dir("consumer");
    let manifest = format!(
        "[package]\nname = \"consumer\"\nedition = \"2024\"\n[dependencies]\nlibwxpay = {{ path = \"{ROOT}\" }}\n[workspace]\n"
    );
    std::fs::write(consumer.join("Cargo.toml"), manifest).unwrap();
    std::fs::create_dir(consumer.join("src")).unwrap();
    std::fs::write(consumer.join("src/lib.rs"), "").unwrap();
    std::fs::copy(
        Path::new(ROOT).join("Cargo.lock"),
        consumer.join("Cargo.lock"),
    )
    .unwrap();
    let mut cargo = clean_command(env!("CARGO"), None);
    cargo.args(["metadata", "--offline", "--format-version", "1"]);
    cargo.args(["--filter-platform", "x86_64-unknown-linux-gnu"]);
    cargo.current_dir(&consumer);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", super::text(&output));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = |value: &Value| value.as_array().unwrap().clone();
    let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
    let packages: BTreeMap<_, _> = list(&metadata["packages"])
        .into_iter()
        .map(|p| (id(&p), p))
        .collect();
    let nodes: BTreeMap<_, _> = list(&metadata["resolve"]["nodes"])
        .into_iter()
        .map(|n| (id(&n), n))
        .collect();
    let library = packages.values().find(|p| p["name"] == "libwxpay").unwrap();
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![id(library)]);
    while let Some(next) = waiting.pop() {
        let is_macro = list(&packages[&next]["targets"])
            .iter()
            .any(|t| list(&t["kind"]).contains(&"proc-macro".into()));
        if is_macro || !seen.insert(next.clone()) {
            continue;
        }
        for dependency in list(&nodes[&next]["deps"]) {
            let is_normal = list(&dependency["dep_kinds"])
                .iter()
                .any(|kind| kind["kind"].is_null());
            let to = dependency["pkg"].as_str().unwrap();
            if is_normal
                && is_on(
                    &packages[&next],
                    &nodes[&next],
                    packages[to]["name"].as_str().unwrap(),
                )
            {
                waiting.push(to.to_owned());
            }
        }
    }
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = |package: &Value| {
        let manifest = PathBuf::from(text(&package["manifest_path"]));
        let licence = text(&package["license"]).replace('/', " OR ");
        (
            (text(&package["name"]), text(&package["version"])),
            (licence, manifest.parent().unwrap().to_owned()),
        )
    };
    seen.iter().map(|id| row(&packages[id])).collect()
}

/// Whether `package` uses the crate `name`: cargo metadata also lists optional ones that a weak
/// feature (`ring?/std`) merely mentions.
fn is_on(package: &Value, node: &Value, name: &str) -> bool {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let declared = list(&package["dependencies"]);
    let declared: Vec<_> = declared
        .iter()
        .filter(|d| d["name"] == name && d["kind"].is_null())
        .collect();
    assert!(!declared.is_empty(), "{name}");
    if declared.iter().any(|d| d["optional"] == false) {
        return true;
    }
    let called = declared[0]["rename"].as_str().unwrap_or(name).to_owned();
    let strong = [format!("dep:{called}"), called.clone()];
    list(&node["features"]).iter().any(|feature| {
        let switches = list(&package["features"][feature.as_str().unwrap()]);
        switches.iter().any(|one| {
            let one = one.as_str().unwrap();
            strong.iter().any(|name| name == one) || one.starts_with(&format!("{called}/"))
        })
    })
}

pub fn read(dir: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(named(dir, ".cdx.json")).unwrap()).unwrap()
}

fn field(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_bill_names_every_linked_crate_with_licence_and_checksum() {
    let bill = read(quick());
    let components = bill["components"].as_array().unwrap();
    let crates = components
        .iter()
        .filter(|c| field(c, "purl").starts_with("pkg:cargo/"));
    let mut listed: BTreeMap<_, _> = crates
        .map(|c| ((field(c, "name"), field(c, "version")), c))
        .collect();
    let top = &bill["metadata"]["component"];
    listed.insert((field(top, "name"), field(top, "version")), top);
    let linked = linked();
    assert!(linked.len() > 60, "{}", linked.len());
    assert_eq!(
        listed.keys().collect::<Vec<_>>(),
        linked.keys().collect::<Vec<_>>()
    );
    let lock = std::fs::read_to_string(Path::new(ROOT).join("Cargo.lock")).unwrap();
    for (key, component) in &listed {
        assert_eq!(
            component["licenses"][0]["expression"], linked[key].0,
            "{key:?}"
        );
        if key.0 != "libwxpay" {
            let (name, version) = key;
            let sum = field(&component["hashes"][0], "content");
            let start = lock
                .find(&format!("name = \"{name}\"\nversion = \"{version}\"\n"))
                .unwrap();
            let block = lock[start..].split("\n\n").next().unwrap();
            assert!(
                block.contains(&format!("checksum = \"{sum}\"")),
                "{key:?}: {sum}"
            );
        }
    }
}

#[test]
fn the_bill_names_the_c_library_and_rusts_own() {
    let bill = read(quick());
    let components = bill["components"].as_array().unwrap();
    let find = |name: &str| {
        components
            .iter()
            .find(|c| c["name"] == name)
            .unwrap_or_else(|| panic!("{name}"))
    };
    let aws_lc = &find("aws-lc-sys")["components"][0];
    assert_eq!(aws_lc["name"], "AWS-LC");
    assert!(field(aws_lc, "version").split('.').count() == 3, "{aws_lc}");
    let rustc = run(clean_command("rustc", None).arg("--version"));
    assert_eq!(
        rustc.split(' ').nth(1).unwrap(),
        field(find("rust-std"), "version")
    );
    // What Zig links in belongs to the portable library only.
    assert!(components.iter().all(|c| c["name"] != "LLVM-libunwind"));
    for dependency in bill["dependencies"].as_array().unwrap() {
        let known = bill["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| &d["ref"]);
        let known: Vec<_> = known.collect();
        assert!(
            dependency["dependsOn"]
                .as_array()
                .unwrap()
                .iter()
                .all(|to| known.contains(&to)),
            "{dependency}"
        );
    }
}

/// By CycloneDX's published schema; licences by SPDX's list.
const VALIDATE: &str = "
import json, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import get_spdx_licensing
text = open(sys.argv[1]).read()
wrong = JsonStrictValidator(SchemaVersion.V1_5).validate_str(text)
spdx = get_spdx_licensing()
bill = json.loads(text)
licences = [c['licenses'][0]['expression'] for c in bill['components']]
bad = [licence for licence in licences if spdx.validate(licence).errors]
print('valid' if not wrong and not bad else f'{wrong} {bad}')
";

#[test]
fn the_bill_is_valid_cyclonedx_with_spdx_licences() {
    let python = tools("dist-check").join("bin/python");
    let validate = |file: &Path| {
        run(clean_command(&python, None)
            .args(["-c", VALIDATE])
            .arg(file))
    };
    let bill = named(quick(), ".cdx.json");
    assert_eq!(validate(&bill).trim(), "valid");
    let text = std::fs::read_to_string(&bill).unwrap();
    let dir = crate::simulator::fresh_dir("bill");
    for (from, to) in [
        ("\"name\": \"aes\"", "\"nome\": \"aes\""),
        ("\"expression\": \"ISC\"", "\"expression\": \"ISK\""),
    ] {
        let spoilt = dir.join("spoilt.json");
        std::fs::write(&spoilt, text.replacen(from, to, 1)).unwrap();
        assert_ne!(validate(&spoilt).trim(), "valid", "{from}");
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_text_of_every_licence_goes_with_the_packages() {
    let third_party = std::fs::read_to_string(named(quick(), "THIRD-PARTY.txt")).unwrap();
    let flat = one_line(&third_party);
    let mut texts = 0;
    for ((name, version), (licence, directory)) in linked() {
        if name == "libwxpay" {
            continue;
        }
        let before = texts;
        for entry in std::fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_str().unwrap().to_lowercase();
            if path.is_file()
                && (file.starts_with("licen")
                    || file.starts_with("copying")
                    || file.starts_with("notice"))
            {
                let text = one_line(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
                assert!(flat.contains(&text), "{}", path.display());
                texts += 1;
            }
        }
        // Packed without its licence, it has that of a crate of its repository, and says so.
        let note = match (texts - before, name.as_str()) {
            (0, "cms") => " (texts of base64ct, from the same repository)",
            (own, _) => {
                assert!(own > 0, "{name} has no text of its licence");
                ""
            }
        };
        assert!(
            third_party.contains(&format!("\n{name} {version}{note}\n    {licence}\n")),
            "{name}"
        );
    }
    assert!(texts > 100, "{texts}");
    // Of the C library within a crate, and of Rust's own library.
    for line in [
        "AWS-LC 5.",
        "Copyright notices for The Rust Standard Library",
        "The Rust Project Developers",
    ] {
        assert!(third_party.contains(line), "{line}");
    }
}
