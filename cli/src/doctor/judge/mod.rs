//! From facts to findings: what on this machine fails, will fail or fails for somebody else, and what to do. Pure: facts,
//! the library's reports and the time come in.

mod machine;
mod runtimes;

pub use runtimes::{Standing, consequence, standing};

use serde_json::Value;
use wxpay::error::Diagnosis;

use super::facts::Facts;
use crate::output::severity_of;

/// What is judged.
pub struct Case<'a> {
    pub facts: &'a Facts,
    /// `wxpay_config_check`; None without a configuration.
    pub config: Option<&'a Value>,
    /// What is wrong with the configuration's text, or kept the probe from being made.
    pub problems: &'a [Value],
    pub trust: &'a Value,
    /// None when nothing was asked of the network.
    pub probe: Option<&'a Value>,
    /// `proxy_from_env` is 1.
    pub proxy_from_env: bool,
    /// Unix seconds.
    pub now: i64,
}

/// Of these there is one per machine or configuration, whoever finds it.
const ONCE: &[&str] = &[
    "NO_TRUST_ROOTS",
    "PRIVATE_BUNDLE",
    "ENV_IGNORED",
    "CLOCK_WRONG",
    "CLOCK_SKEW",
];

/// Everything that was found, the worst first; among equals what stops requests first.
pub fn judge(case: &Case<'_>) -> Vec<Value> {
    let mut all = case.problems.to_vec();
    for report in [case.probe, Some(case.trust), case.config]
        .into_iter()
        .flatten()
    {
        all.extend(
            report["diagnosis"]
                .as_array()
                .into_iter()
                .flatten()
                .cloned(),
        );
    }
    let own: Vec<Diagnosis> = machine::findings(case)
        .into_iter()
        .chain(runtimes::findings(case))
        .collect();
    all.extend(own.iter().map(|one| serde_json::json!(one)));
    let mut found: Vec<Value> = Vec::new();
    for one in all {
        let is_known = found.iter().any(|have| {
            have["id"] == one["id"]
                && (have["text"] == one["text"]
                    || one["id"].as_str().is_some_and(|id| ONCE.contains(&id)))
        });
        if !is_known {
            found.push(one);
        }
    }
    found.sort_by_key(|one| std::cmp::Reverse(severity_of(one)));
    found
}
