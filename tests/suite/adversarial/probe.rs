//! The probe against the same servers: what it says must be what a request met.

use serde_json::Value;
use wxpay::client::Client;
use wxpay::diag::trust_probe;
use wxpay::error::Outcome;

use super::drive::Ready;
use super::judge::within;
use super::row::{Expect, Row};

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
    let port = if row.is_bound() { 443 } else { ready.port };
    within(ready, || {
        compare(&probe(client, row.host, port), row, code, id)
    })
}

fn compare(report: &Value, row: &Row, code: i32, id: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut is = |what: &str, have: &Value, want: Value| {
        if *have != want {
            wrong.push(format!("probe: {what} {have}, expected {want}"));
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
            wrong.push(format!("probe: does not say {part:?}"));
        }
    }
    if !wrong.is_empty() {
        wrong.push(format!(
            "probe:     {} {}",
            report["message"], report["diagnosis"]
        ));
    }
    wrong
}

fn probe(client: &Client, host: &str, port: u16) -> Value {
    let report = trust_probe(Some(client), host, port, "", wxpay::time::clock()).unwrap();
    serde_json::from_str(&report).unwrap()
}
