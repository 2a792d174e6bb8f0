//! The trust store, as `trust_report` saw it.

use serde_json::Value;

use super::{list, word};
use crate::output::{Page, Severity};

pub fn store(report: &Value) -> Page {
    let trust = &report["trust"];
    let mut page = Page::new("Trust store of this library");
    let source = &trust["source"];
    for (name, member) in [
        ("SSL_CERT_FILE", "ssl_cert_file"),
        ("SSL_CERT_DIR", "ssl_cert_dir"),
    ] {
        if let Some(value) = source[member].as_str() {
            let mark = (source["private"] == true).then_some(Severity::Warning);
            page.marked(mark, name, value);
        }
    }
    for place in list(&source["paths"])
        .iter()
        .filter(|place| place["read"] == true)
    {
        let modified = place["modified"]
            .as_str()
            .map_or_else(String::new, |at| format!(", of {at}"));
        page.row(
            word(&place["kind"]),
            format!(
                "{}, certificates: {}{modified}",
                word(&place["path"]),
                place["certificates"]
            ),
        );
    }
    for error in list(&source["errors"]) {
        page.marked(
            Some(Severity::Warning),
            "unreadable",
            format!("{}: {}", word(&error["path"]), word(&error["text"])),
        );
    }
    let usable = trust["counts"]["usable"].as_u64().unwrap_or(0);
    page.marked(
        Some(if usable == 0 {
            Severity::Error
        } else {
            Severity::Info
        }),
        "roots in use",
        usable.to_string(),
    );
    for root in list(&trust["roots"]) {
        let is_present = root["present"] == true;
        let is_gone = root["distrusted_by_mozilla"] == true;
        let mark = match (is_present, is_gone) {
            (true, _) => Some(Severity::Info),
            (false, true) => None,
            (false, false) if root["id"] == wxpay::trust::known::G2 => Some(Severity::Error),
            (false, false) => None,
        };
        let state = if is_present { "present" } else { "missing" };
        let distrust = word(&root["mozilla_distrust"]);
        let mozilla = if is_gone {
            format!("distrusted by Mozilla since {distrust}")
        } else {
            format!("Mozilla trusts it until {distrust}")
        };
        page.marked(mark, word(&root["name"]), format!("{state}; {mozilla}"));
    }
    // Expired roots of a system are many and harm nobody: their count is enough.
    for anomaly in list(&trust["anomalies"])
        .iter()
        .filter(|one| one["kind"] != "expired")
    {
        page.row(
            word(&anomaly["kind"]).replace('_', " "),
            format!(
                "{} ({}): {}",
                word(&anomaly["name"]),
                word(&anomaly["path"]),
                word(&anomaly["text"])
            ),
        );
    }
    if let Some(expired @ 1..) = trust["counts"]["expired"].as_u64() {
        page.row("expired", format!("{expired} roots"));
    }
    page
}
