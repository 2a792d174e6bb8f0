//! What each language is given: declarations, constants, thin methods. A file a language.

pub mod cpp;
pub mod csharp;
pub mod php;
pub mod python;

use std::path::Path;

use crate::files::File;
use crate::method::Method;
use crate::model::Api;

/// Name, the mark of its comments, and what is written by hand in it.
const LANGUAGES: &[(&str, &[&str], &[&str])] = &[
    ("cpp", &["//", "/*", "*"], cpp::HAND_WRITTEN),
    ("php", &["//", "/*", "*", "#"], php::HAND_WRITTEN),
    ("python", &["#"], python::HAND_WRITTEN),
    ("csharp", &["//", "/*", "*"], csharp::HAND_WRITTEN),
];

pub fn files(api: &Api, methods: &[Method]) -> Vec<File> {
    let mut files = python::files(api, methods);
    files.extend(php::files(api, methods));
    files.extend(csharp::files(api, methods));
    files.extend(cpp::files(api, methods));
    files
}

/// How a user of each language writes the call.
pub fn spelled(method: &Method) -> [(&'static str, String); 4] {
    [
        ("C++", cpp::spelled(method)),
        ("PHP", php::spelled(method)),
        ("Python", python::spelled(method)),
        ("C#", csharp::spelled(method)),
    ]
}

/// Lines of code a language has besides what is generated: neither blank nor only comment. A
/// binding that grows has begun to compute.
pub fn hand_written(root: &Path) -> Result<Vec<(&'static str, usize)>, String> {
    let count = |marks: &[&str], path: &&str| {
        let text = std::fs::read_to_string(root.join(path))
            .map_err(|error| format!("cannot read {path}: {error}"))?;
        let text = if path.ends_with(".py") {
            python::without_docstrings(&text)
        } else {
            text
        };
        let code = |line: &&str| {
            let line = line.trim_start();
            !line.is_empty() && !marks.iter().any(|mark| line.starts_with(mark))
        };
        Ok(text.lines().filter(code).count())
    };
    LANGUAGES
        .iter()
        // Another root holds generated files only.
        .filter(|(.., paths)| root.join(paths[0]).exists())
        .map(|(name, marks, paths)| {
            let lines: Result<Vec<usize>, String> =
                paths.iter().map(|path| count(marks, path)).collect();
            Ok((*name, lines?.iter().sum()))
        })
        .collect()
}
