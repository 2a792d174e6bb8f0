//! The report as pages of rows, and those as text: findings first, then what was looked at.

mod machine;
mod store;

use serde_json::Value;

use crate::output::{self, Page, Severity, Style, escape};
use crate::probe;

pub fn text(report: &Value, style: Style) -> String {
    let found = report["diagnosis"].as_array().cloned().unwrap_or_default();
    let mut out = format!(
        "{}\n{}\n\n",
        style.bold("wxpay doctor"),
        style.dim(&escape::readable(&heading(report)))
    );
    out.push_str(&verdict(&found, style));
    out.push_str("\n\n");
    out.push_str(&output::findings(&found, style));
    for page in pages(report) {
        out.push_str(&page.text(style));
        out.push('\n');
    }
    out
}

fn verdict(found: &[Value], style: Style) -> String {
    match (output::summary(found), output::worst(found)) {
        (None, _) => style.green("No problem found."),
        (Some(summary), Severity::Error) => {
            style.red(&format!("{summary}. The most important first."))
        }
        (Some(summary), _) => style.yellow(&format!("{summary}. The most important first.")),
    }
}

/// `2026-11-26T20:00:00Z, Debian GNU/Linux 12 (bookworm), x86_64, wxpay 0.1.0`
pub fn heading(report: &Value) -> String {
    let machine = &report["machine"];
    let mut parts = vec![
        word(&report["time"]),
        word(&machine["system"]),
        word(&machine["architecture"]),
    ];
    if let Some(container) = machine["container"].as_str() {
        parts.push(format!("in a container ({container})"));
    }
    parts.push(format!("wxpay {}", word(&report["version"])));
    parts.join(", ")
}

pub fn pages(report: &Value) -> Vec<Page> {
    let mut pages = vec![configuration(report)];
    if let Some(probe) = report["probe"].as_object() {
        pages.push(probe::page(&Value::Object(probe.clone())));
    } else {
        let mut page = Page::new("Connection");
        page.row(
            "",
            if report["offline"] == true {
                "not tried (--offline)"
            } else {
                "not tried: base_url is plain http"
            },
        );
        pages.push(page);
    }
    pages.extend([
        store::store(report),
        machine::runtimes(report),
        machine::way(report),
    ]);
    pages
}

fn configuration(report: &Value) -> Page {
    let config = &report["config"];
    let mut page = Page::new("Configuration");
    if config.is_null() {
        page.row(
            "",
            "none given: --config FILE or --env WXPAY_ checks one too",
        );
        return page;
    }
    page.marked(
        Some(if config["problem"].is_null() && config["status"] == 0 {
            Severity::Info
        } else {
            Severity::Error
        }),
        "from",
        word(&config["source"]),
    );
    let keys = &config["keys"];
    for name in ["mchid", "brand_id", "base_url", "public_key_id"] {
        if let Some(value) = keys[name].as_str() {
            page.row(name, value);
        }
    }
    if let Some(serial) = config["merchant"]["serial"]
        .as_str()
        .filter(|serial| !serial.is_empty())
    {
        page.row("serial_no", serial);
    }
    if let Some(until) = config["merchant"]["certificate"]["not_after"].as_str() {
        page.row("certificate", format!("valid until {until}"));
    }
    for key in list(&config["wechat_pay_keys"]) {
        page.row("WeChat Pay key", word(&key["id"]));
    }
    page
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn words(value: &Value) -> String {
    list(value).iter().map(word).collect::<Vec<_>>().join(" ")
}
