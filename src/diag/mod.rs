//! Reports for people: what was built, whether it works, what a key is, what a request is signed
//! over. Decides nothing.

#![forbid(unsafe_code)]

mod explain;
mod explain_text;
mod selftest;
mod selftest_vectors;

pub use explain::{explain_request, key_info};
pub use explain_text::explain_text;
pub use selftest::selftest;

use serde_json::json;

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
