//! The probe against the same servers: what it says must be what a request met.

use std::time::{Duration, Instant};

use serde_json::Value;
use wxpay::client::Client;
use wxpay::diag::trust_probe;
use wxpay::error::Outcome;

use super::drive::Ready;
use super::judge::SLACK;
use super::row::Expect;

/// What is wrong with the probe's report.
pub fn judge(ready: &Ready) -> Vec<String> {
    let row = ready.row;
    let Ok(client) = &ready.client else {
        return Vec::new();
    };
    let (code, id) = match &row.expect {
        Expect::Passes | Expect::Fails(_, Outcome::DoneUnverified, _) => (0, ""),
        Expect::Fails(status, _, id) => (status.code(), *id),
        Expect::Refused(_) => return Vec::new(),
    };
    let started = Instant::now();
    let report = probe(
        client,
        row.host,
        if row.is_bound() { 443 } else { ready.port },
    );
    let took = started.elapsed();
    let mut wrong = Vec::new();
    let mut is = |what: &str, have: &Value, want: Value| {
        if *have != want {
            wrong.push(format!("probe: {what} {have}, expected {want}: {report}"));
        }
    };
    is("status", &report["status"], code.into());
    if !id.is_empty() {
        is("diagnosis", &report["diagnosis"][0]["id"], id.into());
        is("verdict", &report["verdict"], "error".into());
    }
    if code == 0 {
        is("trusted", &report["tls"]["trusted"], true.into());
        is(
            "problems",
            &report["tls"]["problems"],
            Value::Array(Vec::new()),
        );
    } else if code / 10 == 31 {
        is(
            "anchor in use",
            &Value::from(report["tls"]["trusted"] == true && code != 317),
            false.into(),
        );
    }
    let text = report.to_string();
    for part in row.says.iter().filter(|_| code != 0) {
        if !text.contains(part) {
            wrong.push(format!("probe: does not say {part:?}: {text}"));
        }
    }
    let deadline = Duration::from_millis(row.deadline_ms.unwrap_or(10_000));
    if took > deadline + SLACK {
        wrong.push(format!(
            "probe: took {took:?}, the deadline is {deadline:?}"
        ));
    }
    wrong
}

fn probe(client: &Client, host: &str, port: u16) -> Value {
    let report = trust_probe(Some(client), host, port, "", wxpay::time::clock()).unwrap();
    serde_json::from_str(&report).unwrap()
}
