//! Every language over the committed vectors, and over vectors that are wrong: a runner that
//! compares nothing would pass the first.

use std::path::Path;

use super::super::{ROOT, clean_command, library};
use super::{directory, runner, spoilt};
use crate::simulator::fresh_dir;

/// The script of a language's runner.
fn script(language: &str) -> String {
    match language {
        "c" => "bindings/conformance/c/conformance.sh".to_owned(),
        other => format!("bindings/{other}/tests/conformance.sh"),
    }
}

struct Counts {
    passed: usize,
    failed: usize,
    output: String,
}

fn run(language: &str, vectors: &Path) -> Counts {
    let script = Path::new(ROOT).join(script(language));
    assert!(
        script.exists(),
        "{language} has no runner: {}",
        script.display()
    );
    let output = clean_command("sh", None)
        .arg(script)
        .arg(library())
        .arg(fresh_dir(&format!("conformance-{language}")))
        .arg(vectors)
        .current_dir("/")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let all = format!("{text}{}", String::from_utf8_lossy(&output.stderr));
    let last = text.trim_end().lines().last().unwrap_or_default();
    let counts = last
        .strip_suffix(" failed")
        .and_then(|rest| rest.split_once(" passed, "))
        .and_then(|(passed, failed)| Some((passed.parse().ok()?, failed.parse().ok()?)));
    let Some((passed, failed)) = counts else {
        panic!("{language}: the last line is {last:?}\n{all}");
    };
    assert_eq!(
        output.status.success(),
        failed == 0,
        "{language}: {}",
        output.status
    );
    Counts {
        passed,
        failed,
        output: all,
    }
}

fn passes(language: &str) {
    let committed = runner::run(&directory());
    assert!(
        committed.failures.is_empty(),
        "rust: {:#?}",
        committed.failures
    );
    let counts = run(language, &directory());
    assert_eq!(counts.failed, 0, "{language}: {}", counts.output);
    assert_eq!(
        counts.passed, committed.passed,
        "{language} ran another number of cases"
    );
}

/// Each case of the set is wrong in one place.
fn finds_what_is_wrong(language: &str) {
    let dir = fresh_dir("spoilt");
    let ids = spoilt::write(&dir);
    let counts = run(language, &dir);
    assert_eq!(
        counts.passed,
        0,
        "{language} passes what is wrong: {}",
        spoilt::unnamed(&ids, &counts.output)
    );
    assert_eq!(counts.failed, ids.len(), "{language}");
}

#[test]
fn rust_passes_every_vector() {
    let report = runner::run(&directory());
    println!("{} passed, {} failed", report.passed, report.failures.len());
    assert!(report.failures.is_empty(), "{:#?}", report.failures);
    assert!(report.passed >= 300, "{} cases", report.passed);
    for (operation, cases) in report.operations {
        assert!(cases >= 5, "{operation} has {cases} cases");
    }
}

#[test]
fn rust_finds_what_is_wrong() {
    let dir = fresh_dir("spoilt");
    let ids = spoilt::write(&dir);
    assert!(ids.len() > 80, "{} cases", ids.len());
    let report = runner::run(&dir);
    assert_eq!(
        report.passed,
        0,
        "{}",
        spoilt::unnamed(&ids, &report.failures.join("\n"))
    );
    assert_eq!(report.failures.len(), ids.len());
}

macro_rules! languages {
    ($($name:ident)*) => {$(
        mod $name {
            #[test]
            fn passes_every_vector_that_rust_passes() {
                super::passes(stringify!($name));
            }

            #[test]
            fn finds_what_is_wrong() {
                super::finds_what_is_wrong(stringify!($name));
            }
        }
    )*};
}
languages!(c cpp php python csharp);
