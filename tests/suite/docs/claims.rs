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
    let rows = named_tests("docs/security.md", 3, |line| line.starts_with("| S"));
    assert_eq!(rows.len(), 35, "one row a rule");
    let named = rows.concat().len();
    assert!(named >= 20, "{named} tests are named");
}

#[test]
fn every_row_of_disagreements_md_names_a_test_that_exists() {
    // The heading of each table and the line under it name none.
    let is_row = |line: &str| !line.starts_with("| subject |") && !line.starts_with("|---");
    let rows = named_tests("docs/disagreements.md", 4, is_row);
    assert!(rows.len() >= 40, "{} rows", rows.len());
    assert!(rows.iter().all(|tests| !tests.is_empty()));
}

/// The tests in that cell of each row of a document's tables, all of which exist.
fn named_tests(file: &str, cell: usize, is_row: impl Fn(&str) -> bool) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(Path::new(ROOT).join(file)).unwrap();
    let mut sources = String::new();
    for path in files(Path::new(ROOT)) {
        if path.extension().is_some_and(|kind| kind == "rs") {
            sources += &std::fs::read_to_string(&path).unwrap();
        }
    }
    let rows = text
        .lines()
        .filter(|line| line.starts_with('|') && is_row(line));
    rows.map(|row| {
        let names = row
            .split('|')
            .nth(cell)
            .unwrap()
            .split('`')
            .skip(1)
            .step_by(2);
        let tests = names.filter(|name| name.contains('_'));
        tests
            .inspect(|test| {
                assert!(
                    sources.contains(&format!("fn {test}(")),
                    "no test {test}: {row}"
                );
            })
            .map(str::to_owned)
            .collect()
    })
    .collect()
}

#[test]
fn contributing_md_says_what_each_dependency_saves() {
    let text = std::fs::read_to_string(Path::new(ROOT).join("CONTRIBUTING.md")).unwrap();
    for manifest in [
        "Cargo.toml",
        "cli/Cargo.toml",
        "bindings/gen/Cargo.toml",
        "fuzz/Cargo.toml",
    ] {
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
