//! The section's blocks, as a reader finds them.

use std::path::Path;

use crate::bindings::ROOT;

/// What stands between `<summary>NAME</summary>` and `</details>`.
fn details(name: &str) -> String {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let (_, section) = readme
        .split_once("\n## Moving off a pinned root\n")
        .unwrap();
    let section = section.split("\n## ").next().unwrap();
    let (_, rest) = section
        .split_once(&format!("<summary>{name}</summary>"))
        .unwrap_or_else(|| panic!("README has nothing for {name}"));
    rest.split("</details>").next().unwrap().to_owned()
}

/// The fenced block of that kind.
pub fn block(name: &str, kind: &str) -> String {
    let details = details(name);
    let (_, rest) = details
        .split_once(&format!("```{kind}\n"))
        .unwrap_or_else(|| panic!("{name} has no block {kind}"));
    rest.split("```").next().unwrap().to_owned()
}

/// Both sides of the block `diff`.
pub fn before_and_after(name: &str) -> (String, String) {
    let (mut before, mut after) = (String::new(), String::new());
    let mut removed = 0;
    for line in block(name, "diff").lines() {
        let (mark, code) = line.split_at(line.len().min(1));
        if mark != "+" {
            before += &format!("{code}\n");
        }
        if mark != "-" {
            after += &format!("{code}\n");
        }
        removed += usize::from(mark == "-");
        assert!(["+", "-", " ", ""].contains(&mark), "{name}: {line}");
    }
    assert!(removed > 0, "{name}: nothing is deleted");
    (before, after)
}

#[test]
fn there_is_a_before_and_after_for_each_language_of_the_guideline() {
    for name in ["C++", "PHP", "Python", "Java", "C#", "Go", "Ruby", "Node"] {
        let (before, after) = before_and_after(name);
        assert!(before.contains("rootca"), "{name}");
        assert!(!after.contains("rootca"), "{name}");
        let fewer = after.lines().count() <= before.lines().count();
        assert!(fewer, "{name}: the program without the pin is longer");
    }
}
