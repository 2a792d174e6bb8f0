//! Every language over the committed vectors, and over vectors that are wrong: a runner that
//! compares nothing would pass the first.

use std::path::Path;

use super::super::{ROOT, clean_command, library};
use super::{directory, runner, spoilt, store};
use crate::simulator::fresh_dir;

/// The script of a language's runner.
fn script(language: &str) -> String {
    match language {
        "c" => "bindings/conformance/c/conformance.sh".to_owned(),
        other => format!("bindings/{other}/tests/conformance.sh"),
    }
}

pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub output: String,
}

pub fn run(language: &str, work: &Path, vectors: &Path, store: &Path) -> Counts {
    let script = Path::new(ROOT).join(script(language));
    assert!(
        script.exists(),
        "{language} has no runner: {}",
        script.display()
    );
    let output = clean_command("sh", Some(store))
        .arg(script)
        .arg(library())
        .arg(work)
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

/// As many pass as in Rust, and of a set in which each case is wrong in one place none does.
fn tells_right_from_wrong(language: &str) {
    let work = fresh_dir(&format!("conformance-{language}"));
    let store = store::only_g1();
    let committed = runner::run(&directory(), &store);
    assert!(
        committed.failures.is_empty(),
        "rust: {:#?}",
        committed.failures
    );
    let counts = run(language, &work, &directory(), &store);
    assert_eq!(counts.failed, 0, "{language}: {}", counts.output);
    assert_eq!(
        counts.passed, committed.passed,
        "{language} ran another number of cases"
    );

    let dir = fresh_dir("spoilt");
    let ids = spoilt::write(&dir);
    let counts = run(language, &work, &dir, &store);
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
    let report = runner::run(&directory(), &store::only_g1());
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
    let report = runner::run(&dir, &store::only_g1());
    assert_eq!(
        report.passed,
        0,
        "{}",
        spoilt::unnamed(&ids, &report.failures.join("\n"))
    );
    assert_eq!(report.failures.len(), ids.len());
}

macro_rules! languages {
    ($($test:ident $name:literal)*) => {$(
        #[test]
        fn $test() {
            tells_right_from_wrong($name);
        }
    )*};
}
languages!(
    c_passes_every_vector_and_no_wrong_one "c"
    cpp_passes_every_vector_and_no_wrong_one "cpp"
    php_passes_every_vector_and_no_wrong_one "php"
    python_passes_every_vector_and_no_wrong_one "python"
    csharp_passes_every_vector_and_no_wrong_one "csharp"
);
