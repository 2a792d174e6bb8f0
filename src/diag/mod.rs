//! Reports for people: what was built, whether it works, what a key is, what a request is signed
//! over, which roots are trusted and why a server is not. Decides nothing.

#![forbid(unsafe_code)]

mod explain;
mod explain_response;
mod explain_text;
mod selftest;
mod selftest_vectors;
mod trust_probe;
mod trust_report;

pub use explain::{explain_request, key_info};
pub use explain_response::explain_response;
pub use explain_text::{explain_bytes, explain_signed, explain_text};
pub use selftest::selftest;
pub use trust_probe::trust_probe;
pub use trust_report::{report_of, trust_report};

use serde_json::json;

use crate::error::{Cause, Diagnosis, Severity};
use crate::net::Settings;
use crate::time::rfc3339;

/// major << 16 | minor of the C ABI; the SONAME carries the major.
pub const ABI_VERSION: u32 = 1;

pub fn build_info() -> String {
    json!({
        "schema": 1,
        "version": env!("CARGO_PKG_VERSION"),
        "abi": { "major": ABI_VERSION >> 16, "minor": ABI_VERSION & 0xffff },
        "target": format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
        "profile": if cfg!(debug_assertions) { "debug" } else { "release" },
        "tls": "rustls",
        "crypto": "aws-lc-rs",
        "trust": "rustls-native-certs",
    })
    .to_string()
}

/// Every report says which hosts are bound, and until when (S32).
fn bound(settings: &Settings) -> Vec<Diagnosis> {
    settings
        .bindings()
        .map(|(host, bind)| {
            let until = bind
                .expires_at
                .map_or_else(String::new, |at| format!(" until {}", rfc3339(at)));
            Diagnosis::new(
                Cause::BindHost,
                format!("{host} is bound to {bind}{until}."),
            )
        })
        .collect()
}

/// The verdict of a report: the worst of what was found.
fn worst(diagnosis: &[Diagnosis]) -> &'static str {
    match diagnosis.iter().map(|one| one.severity).max() {
        Some(Severity::Error) => "error",
        Some(Severity::Warning) => "warning",
        Some(Severity::Info) | None => "ok",
    }
}
