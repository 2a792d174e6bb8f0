//! The three formats. Foreign text is escaped here, at the last moment (safety.md S23).

mod sarif;

pub use sarif::sarif;

use super::escape;
use super::rule::Severity;
use super::rules;
use super::walk::Scan;
use serde_json::{Value, json};
use std::fmt::Write as _;

fn count(scan: &Scan, severity: Severity) -> usize {
    scan.findings
        .iter()
        .filter(|finding| finding.severity == severity)
        .count()
}

pub fn text(scan: &Scan) -> String {
    let mut out = String::new();
    for finding in &scan.findings {
        let _ = writeln!(
            out,
            "{}:{}:{}: {}: {} [{}]",
            escape::path(&finding.path),
            finding.line,
            finding.column,
            finding.severity.name(),
            escape::shown(&finding.means),
            finding.rule
        );
        if !finding.snippet.is_empty() {
            let _ = writeln!(out, "    {}", escape::snippet(&finding.snippet));
        }
        let _ = writeln!(out, "    fix: {}", escape::shown(&finding.fix));
    }
    let _ = writeln!(
        out,
        "{} errors, {} warnings, {} infos; {} files read of {} seen; {} minified and {} too large left out; {} findings allowed by a comment",
        count(scan, Severity::Error),
        count(scan, Severity::Warning),
        count(scan, Severity::Info),
        scan.read,
        scan.files,
        scan.minified.len(),
        scan.too_large.len(),
        scan.allowed
    );
    for (path, error) in &scan.unreadable {
        let _ = writeln!(
            out,
            "not read: {}: {}",
            escape::path(path),
            escape::shown(error)
        );
    }
    for path in &scan.crowded {
        let _ = writeln!(out, "judged in part: {}", escape::path(path));
    }
    for path in &scan.too_large {
        let _ = writeln!(out, "too large: {}", escape::path(path));
    }
    out
}

pub fn json(scan: &Scan) -> String {
    let paths = |paths: &[std::path::PathBuf]| -> Vec<String> {
        paths.iter().map(|path| escape::path(path)).collect()
    };
    let findings: Vec<Value> = scan
        .findings
        .iter()
        .map(|finding| {
            json!({
                "path": escape::path(&finding.path),
                "uri": escape::uri(&finding.path),
                "line": finding.line,
                "column": finding.column,
                "rule": finding.rule,
                "kind": finding.kind.name(),
                "severity": finding.severity.name(),
                "wechat_pay": finding.wechat,
                "snippet": escape::snippet(&finding.snippet),
                "means": escape::shown(&finding.means),
                "fix": finding.fix,
                "bundle": finding.bundle,
            })
        })
        .collect();
    let report = json!({
        "schema": 1,
        "counts": {
            "error": count(scan, Severity::Error),
            "warning": count(scan, Severity::Warning),
            "info": count(scan, Severity::Info),
            "allowed": scan.allowed,
        },
        "files": {
            "seen": scan.files,
            "read": scan.read,
            "minified": paths(&scan.minified),
            "too_large": paths(&scan.too_large),
            "crowded": paths(&scan.crowded),
            "unreadable": scan.unreadable.iter().map(|(path, error)| {
                json!({"path": escape::path(path), "text": escape::shown(error)})
            }).collect::<Vec<_>>(),
        },
        "findings": findings,
    });
    format!("{report:#}\n")
}

/// The table of docs/scan.md.
pub fn rules() -> String {
    let mut out = String::from("| rule | kind | what it means | fix |\n|---|---|---|---|\n");
    for (id, kind, means, fix) in rules::table() {
        let _ = writeln!(out, "| `{id}` | {kind} | {means} | {fix} |");
    }
    out
}
