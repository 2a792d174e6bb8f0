//! The Rust runner: every case of a directory through the functions of the C ABI.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::super::clean_command;
use super::abi::Stop;
use super::case::{Case, Set};
use super::{files, messages, payments, reports, simple, v2};
use crate::simulator::fresh_dir;

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
    (
        "upload",
        "client url meta filename content_type file",
        PREPARED,
        files::upload,
    ),
    (
        "encrypt_fields",
        "client url body pointers private_key",
        "body plaintexts serial",
        files::encrypt_fields,
    ),
    (
        "decrypt_fields",
        "client method url body pointers response",
        "json",
        files::decrypt_fields,
    ),
    (
        "bill",
        "csv totals",
        "columns rows fen marks totals row_count",
        files::bill,
    ),
    ("v2_sign", "client sign_type json", "signature", v2::v2_sign),
    (
        "v2_prepare",
        "client path sign_type json",
        "method url content_type fields",
        v2::v2_prepare,
    ),
    (
        "v2_check",
        "client request response",
        "verified fields",
        v2::v2_check,
    ),
    (
        "v2_refund_open",
        "client req_info",
        "refund",
        v2::v2_refund_open,
    ),
    (
        "v2_reply",
        "result reason",
        "http_status body content_type",
        v2::v2_reply,
    ),
    ("pay_score", "client package", "members", v2::pay_score),
    (
        "explain_response",
        "client method url body response",
        "report_status verdict ids first among diagnosis_text",
        reports::explain_response,
    ),
    ("status", "code", "name en zh", simple::status),
    (
        "explain_text",
        "text",
        "report_status language ids first among",
        reports::explain_text,
    ),
    (
        "trust_report",
        "client",
        "report_status verdict ids first among diagnosis_text",
        reports::trust_report,
    ),
    (
        "trust_probe",
        "client host port bind_address",
        "report_status verdict ids first among diagnosis_text",
        reports::trust_probe,
    ),
    (
        "call",
        "config method url body",
        "ids first among diagnosis_text",
        reports::call,
    ),
];
const PREPARED: &str = "method url body headers authorization";
const PAID: &str = "members signature_member nonce_member canonical verify_key";
const NOTIFIED: &str = "notify_id event_type resource_type original_type create_time summary serial plaintext json timestamp";

pub struct Report {
    pub passed: usize,
    pub failures: Vec<String>,
    /// How many cases each operation has.
    pub operations: BTreeMap<String, usize>,
}

/// Where the process below finds the directory, and where it writes its report.
const DIRECTORY: &str = "WXPAY_CONFORMANCE_DIRECTORY";
const REPORT: &str = "WXPAY_CONFORMANCE_REPORT";

/// In a process of its own, as the other runners are: the environment names the store.
pub fn run(root: &Path, store: &Path) -> Report {
    let file = fresh_dir("conformance-rust").join("report.json");
    let output = clean_command(std::env::current_exe().unwrap(), Some(store))
        .args(["--exact", "--ignored", "--nocapture"])
        .arg("bindings::conformance::runner::over_a_directory")
        .env(DIRECTORY, root)
        .env(REPORT, &file)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let report: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let counts = |value: &Value| value.as_u64().unwrap() as usize;
    let texts = report["failures"].as_array().unwrap().iter();
    let operations = report["operations"].as_object().unwrap().iter();
    Report {
        passed: counts(&report["passed"]),
        failures: texts.map(|one| one.as_str().unwrap().to_owned()).collect(),
        operations: operations
            .map(|(name, count)| (name.clone(), counts(count)))
            .collect(),
    }
}

#[test]
#[ignore = "run by `run`, with a store and a directory"]
fn over_a_directory() {
    let directory = std::env::var_os(DIRECTORY).unwrap();
    let report = run_here(Path::new(&directory));
    let text = json!({"passed": report.passed, "failures": report.failures, "operations": report.operations});
    std::fs::write(std::env::var_os(REPORT).unwrap(), text.to_string()).unwrap();
}

fn run_here(root: &Path) -> Report {
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
    let (status, outcome, error) = match result {
        Ok(()) => (0, None, None),
        Err(Stop::Failed {
            status,
            outcome,
            json,
        }) => (status, Some(outcome), Some(json)),
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
    let compared = error.map_or(Ok(()), |error| reports::compare(&case, &error));
    match compared.and_then(|()| case.compare()) {
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
