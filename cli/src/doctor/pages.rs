//! The report as pages of rows, and those as text: findings first, then what was looked at.

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
    pages.extend([store(report), runtimes(report), way(report)]);
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

fn store(report: &Value) -> Page {
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
                "{}: {} certificates{modified}",
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
    for anomaly in list(&trust["anomalies"]).iter().take(12) {
        page.row(
            word(&anomaly["kind"]),
            format!(
                "{} ({}): {}",
                word(&anomaly["name"]),
                word(&anomaly["path"]),
                word(&anomaly["text"])
            ),
        );
    }
    page
}

fn runtimes(report: &Value) -> Page {
    let mut page = Page::new("Other runtimes on this machine (each has a store of its own)");
    for one in list(&report["runtimes"]) {
        let pinned = one["pinned_by"]
            .as_str()
            .map_or_else(String::new, |by| format!(" (pinned by {by})"));
        page.marked(
            mark(&one["standing"]),
            word(&one["name"]),
            format!(
                "{}: {}{pinned}: {}",
                word(&one["used_by"]),
                word(&one["path"]),
                word(&one["consequence"])
            ),
        );
    }
    if page.rows.is_empty() {
        page.row("", "no Java, Python, Node.js or PHP setting was found");
    }
    page
}

fn mark(standing: &Value) -> Option<Severity> {
    match standing.as_str() {
        Some("ok") => Some(Severity::Info),
        Some("unknown") | None => None,
        Some(_) => Some(Severity::Warning),
    }
}

/// From here to there: hosts file, proxies, variables, clock, DNS.
fn way(report: &Value) -> Page {
    let mut page = Page::new("Hosts file, proxies, variables, clock, DNS");
    for one in list(&report["hosts"]) {
        page.marked(
            Some(Severity::Warning),
            "hosts file",
            format!(
                "{}:{} {} {}",
                word(&one["path"]),
                one["line"],
                word(&one["address"]),
                words(&one["hosts"])
            ),
        );
    }
    if list(&report["hosts"]).is_empty() {
        page.marked(
            Some(Severity::Info),
            "hosts file",
            "binds no host of WeChat Pay",
        );
    }
    let proxies = &report["proxies"];
    for (label, named) in [
        ("proxy", &proxies["environment"]),
        ("not for https", &proxies["ignored"]),
    ] {
        for one in list(named) {
            page.row(
                label,
                format!("{}={}", word(&one["name"]), word(&one["value"])),
            );
        }
    }
    if let Some(value) = proxies["no_proxy"]["value"].as_str() {
        page.row("not by proxy", value);
    }
    if let Some(value) = proxies["configured"].as_str() {
        page.row("proxy", format!("{value} (configured)"));
    }
    page.row("proxy in use", proxies["in_use"].as_str().unwrap_or("none"));
    for one in list(&report["environment"]) {
        let mark = match (one["effect"].as_str(), &one["store"]) {
            (Some("switches_off"), _) => Some(Severity::Error),
            (_, store) if store.is_object() => mark(&store["standing"]),
            _ => None,
        };
        let consequence = one["store"]["consequence"]
            .as_str()
            .map_or_else(String::new, |text| format!(": {text}"));
        page.marked(
            mark,
            word(&one["name"]),
            format!(
                "{} ({}){consequence}",
                word(&one["value"]),
                word(&one["readers"])
            ),
        );
    }
    let clock = &report["clock"];
    let skew = clock["skew_s"].as_i64().map_or_else(
        || "not compared with a server".to_owned(),
        |skew| format!("{skew} s ahead of the server"),
    );
    page.marked(
        (clock["plausible"] == false).then_some(Severity::Error),
        "clock",
        format!("{}, {skew}", word(&clock["time"])),
    );
    let servers = words(&report["dns"]["resolv_conf"]["nameservers"]);
    page.row(
        "name servers",
        if servers.is_empty() {
            "none".to_owned()
        } else {
            servers
        },
    );
    for one in list(&report["php_ffi"]) {
        page.marked(
            (one["cli_only"] == false).then_some(Severity::Warning),
            "ffi.enable",
            format!("true for {} ({})", word(&one["name"]), word(&one["place"])),
        );
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
