//! The steps of a connection as rows.

use serde_json::Value;

use crate::output::{Page, Severity};

/// The steps, as `trust_probe` reports them.
pub fn page(report: &Value) -> Page {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let ms = |value: &Value| {
        value
            .as_f64()
            .map_or_else(String::new, |ms| format!(" ({ms} ms)"))
    };
    let good = |is_good: bool| {
        Some(if is_good {
            Severity::Info
        } else {
            Severity::Error
        })
    };
    let mut page = Page::new(format!(
        "Connection to {}:{}",
        text(&report["host"]),
        report["port"]
    ));
    if let Some(bind) = report["bind_address"].as_str() {
        page.row("address", format!("{bind}, instead of asking DNS"));
    }
    if let Some(proxy) = report["proxy"].as_str() {
        page.row("proxy", proxy);
    }
    let dns = &report["dns"];
    if let Some(error) = dns["error"].as_str() {
        page.marked(good(false), "DNS", error);
    } else if !list(&dns["addresses"]).is_empty() && report["bind_address"].is_null() {
        let addresses: Vec<String> = list(&dns["addresses"]).iter().map(text).collect();
        page.marked(
            good(true),
            "DNS",
            format!("{}{}", addresses.join(", "), ms(&dns["ms"])),
        );
    }
    for attempt in list(&report["attempts"]) {
        match attempt["error"].as_str() {
            Some(error) => page.marked(
                good(false),
                "TCP",
                format!("{}: {error}", text(&attempt["address"])),
            ),
            None => page.marked(
                good(true),
                "TCP",
                format!(
                    "{}{}",
                    text(&attempt["address"]),
                    ms(&attempt["connect_ms"])
                ),
            ),
        }
    }
    if report["tls"].is_object() {
        tls(&report["tls"], &mut page);
    } else if let (Some(message), true) = (report["message"].as_str(), dns["error"].is_null()) {
        page.marked(good(false), "failed", message);
    }
    let http = &report["http"];
    if http.is_object() {
        let id = http["request_id"].as_str().map_or_else(
            || "no Request-ID".to_owned(),
            |id| format!("Request-ID {id}"),
        );
        page.marked(
            good(http["request_id"].is_string()),
            "HTTP",
            format!("{}, {id}{}", http["status"], ms(&http["ms"])),
        );
        if let Some(skew) = http["skew_s"].as_i64() {
            page.marked(
                good(skew.abs() <= 30),
                "clock",
                format!("{skew} s ahead of the server ({})", text(&http["date"])),
            );
        }
    } else if let Some(why) = report["http_skipped"].as_str() {
        page.row("HTTP", format!("not asked: {why}"));
    }
    page
}

fn tls(tls: &Value, page: &mut Page) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let trusted = tls["trusted"] == true;
    let took = tls["ms"]
        .as_f64()
        .map_or_else(String::new, |ms| format!(" ({ms} ms)"));
    let spoken = match (tls["version"].as_str(), tls["suite"].as_str()) {
        (Some(version), Some(suite)) => format!("{version}, {suite}"),
        _ => "not agreed on".to_owned(),
    };
    let mark = if trusted {
        Severity::Info
    } else {
        Severity::Error
    };
    page.marked(Some(mark), "TLS", format!("{spoken}{took}"));
    for (index, one) in tls["chain"].as_array().into_iter().flatten().enumerate() {
        page.row(
            if index == 0 {
                "certificate"
            } else {
                "issued by"
            },
            format!(
                "{} ({}, {} to {})",
                text(&one["subject"]),
                text(&one["key"]),
                text(&one["not_before"]),
                text(&one["not_after"])
            ),
        );
        let names: Vec<String> = one["names"]
            .as_array()
            .into_iter()
            .flatten()
            .map(text)
            .collect();
        if index == 0 && !names.is_empty() {
            page.row("for", names.join(", "));
        }
    }
    if tls["anchor"].is_object() {
        page.marked(
            Some(Severity::Info),
            "root",
            text(&tls["anchor"]["subject"]),
        );
    } else if let Some(top) = tls["chain"].as_array().and_then(|chain| chain.last()) {
        page.row(
            "asks for",
            format!("{}, which was not found in the store", text(&top["issuer"])),
        );
    }
    for problem in tls["problems"].as_array().into_iter().flatten() {
        page.marked(
            Some(Severity::Error),
            text(&problem["check"]),
            text(&problem["text"]),
        );
    }
}
