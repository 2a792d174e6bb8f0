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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::facts::Resolver;
    use serde_json::json;

    /// 2026-11-26
    const NOW: i64 = 1_795_651_200;

    fn ids(probe: &Value, trust: &Value, now: i64, proxy: bool) -> Vec<String> {
        let mut facts = Facts {
            resolver: Resolver {
                nameservers: vec!["10.0.0.2".to_owned()],
                ..Resolver::default()
            },
            ..Facts::default()
        };
        if proxy {
            let value = "http://proxy.example:3128".to_owned();
            facts.proxies.named.push(("https_proxy", value));
        }
        let found = judge(&Case {
            facts: &facts,
            config: None,
            problems: &[],
            trust,
            probe: Some(probe),
            proxy_from_env: false,
            now,
        });
        found
            .iter()
            .map(|one| {
                format!(
                    "{} {}",
                    one["severity"].as_str().unwrap(),
                    one["id"].as_str().unwrap()
                )
            })
            .collect()
    }

    fn probe(status: u64, address: &str, diagnosis: &Value) -> Value {
        json!({
            "status": status, "host": "api.mch.weixin.qq.com", "proxy": null, "bind_address": null, "tls": null,
            "dns": {"addresses": [address], "error": null}, "diagnosis": diagnosis,
        })
    }

    #[test]
    fn a_clock_before_the_programs_year_and_an_address_that_is_not_public_are_found() {
        let fine = probe(0, "43.142.224.50", &json!([]));
        let trust = json!({"diagnosis": []});
        assert!(ids(&fine, &trust, NOW, false).is_empty());
        // date -ud 2025-12-31 +%s
        assert_eq!(
            ids(&fine, &trust, 1_767_139_200, false),
            ["error CLOCK_WRONG"]
        );
        let faked = probe(0, "198.18.0.7", &json!([]));
        assert_eq!(ids(&faked, &trust, NOW, false), ["warning PRIVATE_ADDRESS"]);
    }

    #[test]
    fn what_two_reports_find_is_said_once_and_the_worst_comes_first() {
        let one = |id: &str, severity: &str, text: &str| json!({"id": id, "severity": severity, "text": text, "cure": ""});
        let empty = one("NO_TRUST_ROOTS", "error", "the probe's words");
        let trust = json!({"diagnosis": [
            one("NO_TRUST_ROOTS", "error", "the store's words"),
            one("ENV_IGNORED", "info", "x"),
            one("LOCAL_ROOT", "warning", "x"),
            one("LOCAL_ROOT", "warning", "y"),
        ]});
        let found = ids(
            &probe(315, "43.142.224.50", &json!([empty])),
            &trust,
            NOW,
            false,
        );
        let want = [
            "error NO_TRUST_ROOTS",
            "warning LOCAL_ROOT",
            "warning LOCAL_ROOT",
            "info ENV_IGNORED",
        ];
        assert_eq!(found, want);
    }

    #[test]
    fn a_proxy_that_is_not_used_matters_when_there_is_no_connection() {
        let trust = json!({"diagnosis": []});
        let fine = probe(0, "43.142.224.50", &json!([]));
        assert_eq!(ids(&fine, &trust, NOW, true), ["info PROXY_NOT_USED"]);
        let cut_off = probe(302, "43.142.224.50", &json!([]));
        assert_eq!(ids(&cut_off, &trust, NOW, true), ["warning PROXY_NOT_USED"]);
    }
}
