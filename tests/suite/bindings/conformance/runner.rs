//! The Rust runner: every case of a directory through the functions of the C ABI.

use std::path::Path;

use serde_json::Value;

use super::abi::Stop;
use super::case::{Case, Set};
use super::{messages, payments, simple};

type Operation = fn(&mut Case<'_>) -> Result<(), Stop>;

/// What an operation may be given and asked, so that nothing in a vector is passed over.
const OPERATIONS: &[(&str, &str, &str, Operation)] = &[
    (
        "canonical_request",
        "method url timestamp nonce body",
        "text",
        simple::canonical_request,
    ),
    (
        "canonical_response",
        "timestamp nonce body",
        "text",
        simple::canonical_response,
    ),
    ("sign", "key message", "signature", simple::sign),
    ("verify", "key message signature", "", simple::verify),
    (
        "aead_decrypt",
        "key nonce aad ciphertext",
        "plaintext",
        simple::aead_decrypt,
    ),
    (
        "oaep_decrypt",
        "key ciphertext",
        "plaintext",
        simple::oaep_decrypt,
    ),
    (
        "oaep_encrypt",
        "key private_key plaintext",
        "plaintext",
        simple::oaep_encrypt,
    ),
    ("key_load", "data passphrase", "info", simple::key_load),
    ("key_matches_cert", "key cert", "", simple::key_matches_cert),
    ("config_set", "key value", "", simple::config_set),
    ("client_new", "config", "", simple::client_new),
    ("message_set", "key value", "", simple::message_set),
    ("header", "headers block name", "value", messages::header),
    (
        "prepare",
        "client method url body headers",
        PREPARED,
        messages::prepare,
    ),
    (
        "prepare_unsigned",
        "client method url body headers sign_key",
        PREPARED,
        messages::prepare_unsigned,
    ),
    (
        "check",
        "client method url body response",
        "verified",
        messages::check,
    ),
    (
        "notify_open",
        "client headers block body",
        NOTIFIED,
        messages::notify_open,
    ),
    (
        "notify_reply",
        "result reason",
        "http_status body content_type",
        messages::notify_reply,
    ),
    ("pay", "client kind appid prepay_id", PAID, payments::pay),
    (
        "pay_unsigned",
        "client kind appid prepay_id sign_key",
        PAID,
        payments::pay_unsigned,
    ),
    (
        "pay_h5_url",
        "h5_url redirect_url",
        "url",
        simple::pay_h5_url,
    ),
    (
        "client_encrypt",
        "client key_id plaintext private_key",
        "plaintext used_key_id",
        simple::client_encrypt,
    ),
    (
        "client_decrypt",
        "client ciphertext",
        "plaintext",
        simple::client_decrypt,
    ),
    (
        "load_certificates",
        "client response",
        "due",
        messages::load_certificates,
    ),
    ("status", "code", "name en zh", simple::status),
];
const PREPARED: &str = "method url body headers authorization";
const PAID: &str = "members signature_member nonce_member canonical verify_key";
const NOTIFIED: &str = "notify_id event_type resource_type original_type create_time summary serial plaintext json timestamp";

pub struct Report {
    pub passed: usize,
    pub failures: Vec<String>,
    /// How many cases each operation has.
    pub operations: std::collections::BTreeMap<String, usize>,
}

pub fn run(root: &Path) -> Report {
    let set = Set::open(root);
    let mut report = Report {
        passed: 0,
        failures: Vec::new(),
        operations: OPERATIONS.iter().map(|row| (row.0.to_owned(), 0)).collect(),
    };
    for one in set.cases() {
        let op = one["op"].as_str().unwrap_or_default().to_owned();
        *report.operations.entry(op).or_default() += 1;
        match run_one(&set, &one) {
            Ok(()) => report.passed += 1,
            Err(why) => report.failures.push(format!("{}: {why}", one["id"])),
        }
    }
    report
}

fn run_one(set: &Set, one: &Value) -> Result<(), String> {
    let row = OPERATIONS
        .iter()
        .find(|row| Some(row.0) == one["op"].as_str());
    let Some((_, inputs, wants, operation)) = row else {
        return Err(format!("unknown operation {}", one["op"]));
    };
    only(one, "id op now in want", "the case")?;
    only(&one["in"], inputs, "in")?;
    only(&one["want"], &format!("status outcome {wants}"), "want")?;
    let mut case = Case {
        set,
        input: &one["in"],
        want: &one["want"],
        now: one.get("now").and_then(Value::as_i64).unwrap_or(0),
        found: Default::default(),
    };
    let result = operation(&mut case);
    let (status, outcome) = match result {
        Ok(()) => (0, None),
        Err(Stop::Failed { status, outcome }) => (status, Some(outcome)),
        Err(Stop::Wrong(what)) => return Err(what),
    };
    let want = case.want.get("status").and_then(Value::as_i64).unwrap_or(0);
    if i64::from(status) != want {
        return Err(format!("status {status}, not {want}"));
    }
    if let Some(want) = case.want.get("outcome").and_then(Value::as_i64)
        && outcome.map(i64::from) != Some(want)
    {
        return Err(format!("outcome {outcome:?}, not {want}"));
    }
    match case.compare() {
        Ok(()) => Ok(()),
        Err(Stop::Wrong(what)) => Err(what),
        Err(Stop::Failed { status, .. }) => Err(format!("status {status} while comparing")),
    }
}

fn only(object: &Value, known: &str, name: &str) -> Result<(), String> {
    let Some(object) = object.as_object() else {
        return Err(format!("{name} is not an object"));
    };
    match object
        .keys()
        .find(|key| !known.split(' ').any(|one| one == *key))
    {
        Some(key) => Err(format!("{name} has the unknown member {key}")),
        None => Ok(()),
    }
}
