//! Links lead somewhere, tests that are named exist, dependencies have their line, and no file
//! names a place on the machine it was written on.

use std::path::Path;

use super::{ROOT, documents, files, shown};

#[test]
fn every_relative_link_leads_to_a_file_and_a_heading() {
    let mut wrong = Vec::new();
    for path in documents() {
        let text = std::fs::read_to_string(&path).unwrap();
        for link in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() {
                path.clone()
            } else {
                path.parent().unwrap().join(file)
            };
            let found = target.exists()
                && (anchor.is_empty()
                    || std::fs::read_to_string(&target)
                        .is_ok_and(|text| anchors(&text).iter().any(|one| one == anchor)));
            if !found {
                wrong.push(format!("{}: {link}", shown(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A rule of docs/security.md is worth what its test is worth.
#[test]
fn every_test_that_security_md_names_exists() {
    let text = std::fs::read_to_string(Path::new(ROOT).join("docs/security.md")).unwrap();
    let mut sources = String::new();
    for path in files(Path::new(ROOT)) {
        if path.extension().is_some_and(|kind| kind == "rs") {
            sources += &std::fs::read_to_string(&path).unwrap();
        }
    }
    let rows: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("| S"))
        .collect();
    assert_eq!(rows.len(), 35, "one row a rule");
    let mut named = 0;
    for row in rows {
        let tests = row.split('|').nth(3).unwrap();
        let names = tests.split('`').skip(1).step_by(2);
        for test in names.filter(|name| name.contains('_')) {
            assert!(
                sources.contains(&format!("fn {test}(")),
                "no test {test}: {row}"
            );
            named += 1;
        }
    }
    assert!(named >= 20, "{named} tests are named");
}

#[test]
fn contributing_md_says_what_each_dependency_saves() {
    let text = std::fs::read_to_string(Path::new(ROOT).join("CONTRIBUTING.md")).unwrap();
    for manifest in ["Cargo.toml", "cli/Cargo.toml", "bindings/gen/Cargo.toml"] {
        let toml = std::fs::read_to_string(Path::new(ROOT).join(manifest)).unwrap();
        for section in toml.split("\n[").filter(|one| {
            one.starts_with("dependencies]") || one.starts_with("build-dependencies]")
        }) {
            for line in section.lines().skip(1) {
                let Some((name, _)) = line.split_once(" = ") else {
                    continue;
                };
                assert!(
                    text.contains(&format!("| `{name}` |")),
                    "{name} of {manifest} has no row"
                );
            }
        }
    }
}

#[test]
fn no_file_names_a_place_on_the_machine_it_was_written_on() {
    // In two parts, so that this file passes its own test.
    let forbidden = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/home", "/"),
        concat!("/tmp/", "bash"),
    ];
    let mut wrong = Vec::new();
    for path in files(Path::new(ROOT)) {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            if forbidden.iter().any(|phrase| line.contains(phrase)) {
                wrong.push(format!("{}:{}: {line}", shown(&path), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Targets of `[text](target)`, code blocks and spans excepted.
fn links(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (index, prose) in text.split("```").enumerate() {
        if index % 2 == 1 {
            continue;
        }
        for line in prose.lines() {
            let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
            for rest in plain.split("](").skip(1) {
                out.push(rest.split(')').next().unwrap_or_default().to_owned());
            }
        }
    }
    out
}

/// Headings as GitHub names them.
fn anchors(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}
