//! The machine around the library.

use serde_json::Value;

use super::{list, word, words};
use crate::output::{Page, Severity};

pub fn runtimes(report: &Value) -> Page {
    let mut page = Page::new("Other runtimes on this machine (each has a store of its own)");
    for one in list(&report["runtimes"]) {
        let pinned = one["pinned_by"]
            .as_str()
            .map_or_else(String::new, |by| format!(" (pinned by {by})"));
        page.marked(
            mark(one, one["pinned_by"].is_string()),
            word(&one["name"]),
            format!(
                "{}. Used by {}{pinned}: {}",
                word(&one["consequence"]),
                word(&one["used_by"]),
                word(&one["path"])
            ),
        );
    }
    if page.rows.is_empty() {
        page.row("", "no Java, Python, Node.js or PHP setting was found");
    }
    page
}

/// A private bundle that is good today is the next one to be old.
fn mark(store: &Value, is_setting: bool) -> Option<Severity> {
    match store["standing"].as_str() {
        Some("ok") if is_setting && store["is_system"] == false => Some(Severity::Warning),
        Some("ok") => Some(Severity::Info),
        Some("unknown") | None => None,
        Some(_) => Some(Severity::Warning),
    }
}

/// From here to there: hosts file, proxies, variables, clock, DNS.
pub fn way(report: &Value) -> Page {
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
            (effect, store) if store.is_object() => mark(store, effect == Some("replaces")),
            _ => None,
        };
        let consequence = one["store"]["consequence"]
            .as_str()
            .map_or_else(String::new, |text| format!("{text}. "));
        page.marked(
            mark,
            word(&one["name"]),
            format!(
                "{consequence}Read by {}: {}",
                word(&one["readers"]),
                word(&one["value"])
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
