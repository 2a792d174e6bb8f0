//! SARIF 2.1.0 (OASIS), what code hosts show beside the lines.

use crate::scan::escape;
use crate::scan::rule::{Finding, Severity};
use crate::scan::rules;
use crate::scan::walk::Scan;
use serde_json::{Value, json};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub fn sarif(scan: &Scan) -> String {
    let table = rules::table();
    let described: Vec<Value> = table
        .iter()
        .map(|(id, kind, means, fix)| {
            json!({
                "id": id,
                "shortDescription": {"text": means},
                "help": {"text": fix},
                "properties": {"tags": ["security", "tls", kind]},
            })
        })
        .collect();
    let results: Vec<Value> = scan
        .findings
        .iter()
        .map(|finding| {
            let index = table.iter().position(|row| row.0 == finding.rule);
            result(finding, index.unwrap_or(0))
        })
        .collect();
    let unread: Vec<Value> = scan
        .unreadable
        .iter()
        .map(|(path, error)| {
            json!({
                "level": "error",
                "message": {"text": format!("{}: {}", escape::path(path), escape::shown(error))},
            })
        })
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "wxpay scan",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": described,
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": unread.is_empty(),
                "toolExecutionNotifications": unread,
            }],
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn result(finding: &Finding, index: usize) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let mut region = json!({"startLine": finding.line, "startColumn": finding.column});
    if !finding.snippet.is_empty() {
        region["snippet"] = json!({"text": escape::snippet(&finding.snippet)});
    }
    json!({
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": level,
        "message": {"text": format!("{} Fix: {}", escape::shown(&finding.means), finding.fix)},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": escape::uri(&finding.path)},
            "region": region,
        }}],
    })
}
