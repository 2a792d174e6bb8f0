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
                if let Err(why) = runs(&sources, test) {
                    panic!("{test} {why}: {row}");
                }
            })
            .map(str::to_owned)
            .collect()
    })
    .collect()
}

/// Whether there is a test of this name, and none that is ignored.
fn runs(sources: &str, test: &str) -> Result<(), &'static str> {
    let mut found = Err("is no function");
    for (at, _) in sources.match_indices(&format!("fn {test}(")) {
        let line = sources[..at].rfind('\n').map_or(0, |end| end + 1);
        let attributes: String = sources[..line]
            .lines()
            .rev()
            .take_while(|line| line.trim().starts_with("#[") || line.trim().starts_with("//"))
            .collect();
        if attributes.contains("#[ignore") || attributes.contains(", ignore") {
            return Err("is ignored");
        }
        if attributes.contains("#[test]") || attributes.contains("::test]") {
            found = Ok(());
        } else if found.is_err() {
            found = Err("is no test");
        }
    }
    found
}

#[test]
fn a_name_counts_only_when_it_is_a_test_that_runs() {
    let sources =
        "#[test]\nfn good() {}\n\nfn helper() {}\n#[test]\n#[ignore = \"slow\"]\nfn slow() {}\n";
    assert_eq!(runs(sources, "good"), Ok(()));
    assert_eq!(runs(sources, "helper"), Err("is no test"));
    assert_eq!(runs(sources, "slow"), Err("is ignored"));
    assert_eq!(runs(sources, "absent"), Err("is no function"));
}

/// `make promises` on a table with a row that nothing keeps.
#[test]
fn a_promise_whose_test_does_not_run_is_named_with_its_rule() {
    let table = crate::simulator::fresh_dir("promises").join("table.md");
    let row =
        "| S98 (L) | x | `symbols_are_sorted_and_history_is_kept` | `cargo test -p wxpay-gen` |\n";
    let planted = row
        .replace("S98", "S99")
        .replace("symbols_are", "nobody_has");
    let promises = |text: &str| {
        std::fs::write(&table, text).unwrap();
        let mut script = std::process::Command::new("sh");
        script
            .arg(Path::new(ROOT).join("scripts/promises.sh"))
            .arg(&table);
        let target = crate::simulator::target_dir();
        let output = script
            .env("CARGO_TARGET_DIR", target.parent().unwrap())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (
            output.status.success(),
            said + &String::from_utf8_lossy(&output.stderr),
        )
    };
    let (good, said) = promises(row);
    assert!(
        good && said.contains("1 rules, 1 tests, 0 failures"),
        "{said}"
    );
    let (good, said) = promises(&(row.to_owned() + &planted));
    assert!(
        !good
            && said
                .contains("FAIL: S99: nobody_has_sorted_and_history_is_kept did not run and pass"),
        "{said}"
    );
}

/// So is a boundary of the threat model.
#[test]
fn every_test_that_the_threat_model_names_exists() {
    let is_row = |line: &str| !line.starts_with("| boundary |") && !line.starts_with("|---");
    let rows = named_tests("SECURITY.md", 5, is_row);
    assert!(rows.len() >= 10, "{} rows", rows.len());
    assert!(rows.iter().all(|tests| !tests.is_empty()));
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
