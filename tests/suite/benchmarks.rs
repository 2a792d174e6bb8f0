//! What `make bench` writes: the report of a small fixed run has figures computed by hand, what is not one run is
//! refused, docs/benchmarks.md is what its results give, and no peer comes into the library's tree. Nothing here is
//! timed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::simulator::fresh_dir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const FIXED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/suite/benchmarks/results.jsonl"
);

fn report(words: &[&str]) -> Output {
    Command::new("python3")
        .arg(Path::new(ROOT).join("benches/report.py"))
        .args(words)
        .output()
        .expect("python3 is there")
}

/// Document and plot of a file of results.
fn written(results: &str, name: &str) -> Result<(String, String), String> {
    let dir = fresh_dir(name);
    let (document, plot) = (dir.join("benchmarks.md"), dir.join("benchmarks.svg"));
    let output = report(&[
        "write",
        results,
        document.to_str().unwrap(),
        plot.to_str().unwrap(),
    ]);
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let read = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    Ok((read(&document), read(&plot)))
}

/// The fixed results with one text in place of another.
fn changed(from: &str, to: &str, name: &str) -> String {
    let text = std::fs::read_to_string(FIXED).unwrap();
    assert!(text.contains(from), "{from}");
    let path = fresh_dir(name).join("results.jsonl");
    std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// By hand: 600/500 = 1.2, 606/600 = 1.01, 660/600 = 1.1; and 100/50 = 2, 100/40 = 2.5, 80/50 = 1.6, 95/50 = 1.9, whose
/// middle lies between 1.9 and 2.
#[test]
fn the_report_of_a_fixed_run_has_the_figures_computed_by_hand() {
    let (document, plot) = written(FIXED, "bench-fixed").unwrap();
    for line in [
        "| RSA signature | OpenSSL | 606.0 µs | 600.0 µs | 1.010 / 1.100 / 1.200 | ≤ 1.03 | **missed** |",
        "| Python: notification | an SDK | 50.00 µs | 97.50 µs | 1.600 / 1.950 / 2.50 × faster | ≥ 1.7 | hit |",
        "| C#: notification | Mono | | | skipped: Mono has no AES-GCM | ≥ 1.7 | |",
        "| 64 threads on one client | 64 clients |  |  | 0.960 / 0.970 / 0.990 | ≥ 0.95 | hit |",
        "| 10,485,760 | 7,000 |  |",
        "| Stripped library |  |  |  | 4.25 MB | – |  |",
        "Targets: 2 hit, 1 missed, 1 not measured. Rows that were skipped: 1.",
        "- **Versions**: OpenSSL 3.0.0.",
    ] {
        assert!(
            document.lines().any(|one| one == line),
            "{line}\n{document}"
        );
    }
    assert!(document.contains("2026-01-02T03:04:05Z 0123456789ab"));
    assert!(document.contains("aes, sha_ni; without avx512f"));
    assert!(plot.contains("2026-01-02T03:04:05Z 0123456789ab"));
    // One circle a compared row; the one that missed looks different.
    assert_eq!(plot.matches("<circle class=\"dot\"").count(), 2, "{plot}");
    assert_eq!(plot.matches("<circle class=\"missed\"").count(), 1);
}

#[test]
fn figures_of_two_runs_are_not_one_document() {
    let other = changed(
        r#""busy":0.02}"#,
        r#""busy":0.02,"run":"another"}"#,
        "bench-two-runs",
    );
    let text = std::fs::read_to_string(&other).unwrap();
    assert!(text.contains("another"));
    let refusal = written(&other, "bench-two-runs-out").unwrap_err();
    assert!(refusal.contains("figures of 2 runs"), "{refusal}");
}

#[test]
fn a_row_twice_in_a_run_is_refused() {
    let twice = changed(
        r#""id":"throughput""#,
        r#""id":"python.notification""#,
        "bench-twice",
    );
    let refusal = written(&twice, "bench-twice-out").unwrap_err();
    assert!(
        refusal.contains("twice in one run: python.notification"),
        "{refusal}"
    );
}

#[test]
fn a_changed_figure_changes_the_document() {
    let (before, _) = written(FIXED, "bench-before").unwrap();
    let other = changed("[606.0,600.0]", "[612.0,600.0]", "bench-changed");
    let (after, _) = written(&other, "bench-after").unwrap();
    assert_ne!(before, after);
    assert!(after.contains("1.020 / 1.100 / 1.200"), "{after}");
}

/// A program that fails, and lines that are no row: both are told and make the run fail.
#[test]
fn a_program_that_fails_or_prints_no_row_is_not_passed_over() {
    let results = changed("\"quick\":false", "\"quick\":true", "bench-programs");
    let run = |script: &str| {
        let output = report(&["run", &results, "made-up", "sh", "-c", script]);
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let row = r#"echo '{"section":"a","id":"ID","what":"x","against":"y","pairs":[[1,2]]}'"#;
    let (passed, said) = run(&row.replace("ID", "new"));
    assert!(passed, "{said}");
    let (passed, said) = run(&format!("{}; exit 3", row.replace("ID", "early")));
    assert!(!passed && said.contains("exit status 3"), "{said}");
    for (line, complaint) in [
        (
            r#"{"section":"a","id":"z","what":"x","against":"y","pairs":[[0,2]]}"#,
            "not above 0",
        ),
        (
            r#"{"section":"q","id":"z","what":"x","value":1}"#,
            "section is 'q'",
        ),
        (r#"{"section":"a","id":"z","what":"x"}"#, "none of pairs"),
        ("0.97 hit", "made-up"),
    ] {
        let (passed, said) = run(&format!("echo '{line}'"));
        assert!(!passed && said.contains(complaint), "{line}: {said}");
    }
}

/// Written by the run, not by hand: the results that lie beside it give the same document and the same plot. Until the
/// first complete run there is none of the three.
#[test]
fn the_document_is_what_its_results_give() {
    let docs = Path::new(ROOT).join("docs");
    let [document, plot, results] =
        ["benchmarks.md", "benchmarks.svg", "benchmarks.jsonl"].map(|name| docs.join(name));
    let there = [&document, &plot, &results].map(|path| path.exists());
    if there == [false; 3] {
        eprintln!("docs/benchmarks.md is not written yet: make bench");
        return;
    }
    assert_eq!(there, [true; 3], "some of the three files are missing");
    let (expected, drawn) = written(results.to_str().unwrap(), "bench-docs").unwrap();
    assert!(
        std::fs::read_to_string(&document).unwrap() == expected,
        "docs/benchmarks.md is not what docs/benchmarks.jsonl gives"
    );
    assert!(
        std::fs::read_to_string(&plot).unwrap() == drawn,
        "docs/benchmarks.svg is not what docs/benchmarks.jsonl gives"
    );
    assert!(!expected.contains("A quick run"), "few rounds only");
}

fn version(lock: &str, name: &str) -> Option<String> {
    let start = format!("name = \"{name}\"\nversion = \"");
    let rest = lock.split(&start).nth(1)?;
    Some(rest.split('"').next()?.to_owned())
}

/// supply.rs shows that the library's tree has none of them; here, that the peers are measured with the library's
/// AWS-LC and stand apart.
#[test]
fn the_peers_are_a_workspace_of_their_own_with_the_librarys_aws_lc() {
    let read = |name: &str| std::fs::read_to_string(Path::new(ROOT).join(name)).unwrap();
    let (ours, theirs) = (read("Cargo.lock"), read("benches/peers/Cargo.lock"));
    assert!(version(&theirs, "ring").is_some(), "ring is a peer");
    for name in ["aws-lc-rs", "aws-lc-sys"] {
        assert!(version(&ours, name).is_some());
        assert_eq!(version(&ours, name), version(&theirs, name), "{name}");
    }
    assert!(read("benches/peers/Cargo.toml").contains("\n[workspace]\n"));
    let workspace = read("Cargo.toml");
    let members = workspace.lines().find(|line| line.starts_with("members"));
    assert_eq!(members, Some("members = [\"cli\", \"bindings/gen\"]"));
}
