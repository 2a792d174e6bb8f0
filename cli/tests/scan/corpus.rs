//! The labelled corpus. A snippet begins with `=== path`, then a line `>>> line rule severity` for
//! each expected finding. The labels were written before the scanner first ran on them, those of
//! `variants` as marks on lines (which rule, was filled in afterwards).

use crate::tree::Tree;
use std::collections::BTreeSet;
use std::path::Path;

fn corpus() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scan/corpus");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut snippets = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let language = file.file_stem().unwrap().to_str().unwrap();
        for snippet in format!("\n{text}").split("\n=== ").skip(1) {
            let (name, content) = snippet.split_once('\n').unwrap();
            snippets.push((format!("{language}/{}", name.trim()), content.to_owned()));
        }
    }
    snippets
}

#[test]
fn every_snippet_of_the_corpus_has_exactly_its_expected_findings() {
    let tree = Tree::new();
    let snippets = corpus();
    let mut names = BTreeSet::new();
    let mut expected = BTreeSet::new();
    for (name, content) in &snippets {
        assert!(names.insert(name), "{name} twice");
        let mut code = String::new();
        for line in content.lines() {
            match line.strip_prefix(">>> ") {
                Some(label) => {
                    let (line, rest) = label.split_once(' ').unwrap();
                    expected.insert(format!("{name}:{line} {rest}"));
                }
                None => {
                    // A minified file, which nobody wants to read here.
                    let line = line.replace("LONG_LINE_HERE", &"a,".repeat(1500));
                    code.push_str(&line);
                    code.push('\n');
                }
            }
        }
        tree.write(name, code);
    }
    assert!(snippets.len() >= 280, "{} snippets", snippets.len());
    assert!(expected.len() >= 700, "{} labels", expected.len());
    let found: BTreeSet<String> = tree.findings().into_iter().collect();
    let missed: Vec<_> = expected.difference(&found).collect();
    let wrong: Vec<_> = found.difference(&expected).collect();
    assert!(
        missed.is_empty() && wrong.is_empty(),
        "missed {missed:#?}\nwrong {wrong:#?}"
    );
}
