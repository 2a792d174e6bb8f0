//! Real reports against their JSON Schemas, by Python's `jsonschema`, and their members against
//! docs/json.md.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use wxpay::config::{Config, report as config_report};
use wxpay::diag::{
    explain_request, explain_response, explain_signed, explain_text, report_of, trust_probe,
    trust_report,
};
use wxpay::http::Message;
use wxpay::net::{TrustSettings, trust_view};
use wxpay::time::clock;
use wxpay::v3::compose;
use wxpay::v3::prepare::prepare;

use crate::docs::json::schema;
use crate::safety::wechat;
use crate::simulator::{Simulator, fresh_dir, target_dir};

const SIGN_ERROR: &str = r#"{"code":"SIGN_ERROR","message":"签名错误","detail":{"sign_information":{"method":"GET","url":"/v3/y","truncated_sign_message":"GET\n/v3/y\n1\nN\n\n","sign_message_length":19}}}"#;

/// One report of each kind and more where members differ.
fn reports() -> Vec<(&'static str, String)> {
    let simulator = Simulator::start();
    let client = simulator.client();
    let port: u16 = simulator.url.rsplit(':').next().unwrap().parse().unwrap();
    let probe =
        |host: &str, bind: &str| trust_probe(Some(&client), host, port, bind, clock()).unwrap();
    let missing = TrustSettings {
        cert_file: Some("/nonexistent/bundle.pem".into()),
        ..TrustSettings::default()
    };
    let refused = client
        .call("GET", "/v3/pay/transactions/id/none?mchid=SIM", b"")
        .unwrap_err();
    let untrusted = {
        let mut config = simulator.config();
        config.set("extra_ca_file", "").unwrap();
        let other = wxpay::client::Client::new(&config).unwrap();
        other.call("GET", "/v3/x", b"").unwrap_err()
    };
    let merchant = wechat::client();
    let unsigned = compose::request("GET", "/v3/x", b"").unwrap();
    let request = prepare(&merchant.merchant, &unsigned, clock()).unwrap();
    let explained = |message: &Message| explain_request(&merchant.merchant, message).unwrap();
    let answered = |message: &Message| {
        explain_response(&merchant.merchant, &request, message, clock()).unwrap()
    };
    let refusal = |text: &str, headers: &[(&str, &str)]| {
        wechat::response(401, text.as_bytes(), &wechat::pairs(headers))
    };
    let altered = refusal(SIGN_ERROR, &[("Request-ID", "A-268443699")]);
    let late = refusal(
        "{\"code\":\"SIGN_ERROR\"}",
        &[("Date", "Tue, 14 Nov 2023 22:13:20 GMT")],
    );
    vec![
        (
            "trust_report",
            report_of(&trust_view(&TrustSettings::default()), Vec::new(), clock()),
        ),
        (
            "trust_report",
            report_of(&trust_view(&missing), Vec::new(), clock()),
        ),
        ("trust_report", trust_report(Some(&client), clock())),
        ("trust_probe", probe("localhost", "")),
        (
            "trust_probe",
            probe("api.mch.weixin.qq.com", &format!("127.0.0.1:{port}")),
        ),
        ("trust_probe", probe("no-such-host.invalid", "")),
        ("trust_probe", probe("example.org", "127.0.0.1:9")),
        (
            "explain_text",
            explain_text(
                "cURL error 60: SSL certificate problem: unable to get local issuer certificate",
            ),
        ),
        ("explain_text", explain_text("hello")),
        (
            "explain_text",
            explain_signed(SIGN_ERROR, b"GET\n/v3/y\n1\nN\n"),
        ),
        ("explain_request", explained(&unsigned)),
        ("explain_request", explained(&request)),
        ("explain_response", answered(&wechat::signed(200, b"{}"))),
        ("explain_response", answered(&altered)),
        ("explain_response", answered(&late)),
        ("config_check", config_report(&simulator.config(), clock())),
        ("config_check", config_report(&Config::default(), clock())),
        ("error", refused.to_json()),
        ("error", untrusted.to_json()),
    ]
}

#[test]
fn every_report_is_valid_under_its_schema() {
    let dir = fresh_dir("schemas");
    let mut list = String::new();
    for (at, (name, text)) in reports().iter().enumerate() {
        let path = dir.join(format!("{at}-{name}.json"));
        std::fs::write(&path, text).unwrap();
        list += &format!("{name} {}\n", path.display());
    }
    let python = target_dir()
        .parent()
        .unwrap()
        .join("tools/conformance/bin/python");
    assert!(python.exists(), "run scripts/tools/conformance.sh first");
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas");
    let program = "
import json, pathlib, sys
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
schemas = {p.name[: -len('.schema.json')]: json.loads(p.read_text()) for p in pathlib.Path(sys.argv[1]).glob('*.schema.json')}
for one in schemas.values():
    Draft202012Validator.check_schema(one)
registry = Registry().with_resources([(one['$id'], Resource.from_contents(one)) for one in schemas.values()])
count = 0
for line in sys.stdin.read().splitlines():
    name, path = line.split(' ', 1)
    report = json.loads(pathlib.Path(path).read_text())
    for error in Draft202012Validator(schemas[name], registry=registry).iter_errors(report):
        sys.exit(f'{path}: {error.json_path}: {error.message}')
    # What is wrong must be found: without a required member it is not valid.
    report.pop('schema')
    if Draft202012Validator(schemas[name], registry=registry).is_valid(report):
        sys.exit(f'{name}: the schema accepts anything')
    count += 1
print(count)
";
    let mut child = Command::new(python)
        .arg("-c")
        .arg(program)
        .arg(schemas)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), list.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(said.trim(), "19");
}

#[test]
fn every_member_of_a_report_is_described() {
    for (name, text) in reports() {
        let report: Value = serde_json::from_str(&text).unwrap();
        described(&report, &schema(name), name);
    }
}

fn described(value: &Value, schema: &Value, path: &str) {
    match value {
        Value::Object(members) => {
            // A free map, or what the caller's request was.
            if schema["additionalProperties"].is_object() || schema["properties"].is_null() {
                return;
            }
            for (name, member) in members {
                let of = &schema["properties"][name];
                assert!(!of.is_null(), "{path}.{name} is not in the schema");
                described(member, of, &format!("{path}.{name}"));
            }
        }
        Value::Array(items) => {
            for item in items {
                described(item, &schema["items"], path);
            }
        }
        _ => {}
    }
}
