//! What errors must not do: repeat a key that was put into the wrong place, or fall over what a
//! stranger wrote.

use std::process::Command;

use wxpay::client::Client;
use wxpay::config::{Config, report};
use wxpay::error::{Outcome, Status};
use wxpay::http::{Body, Message};

use crate::simulator::Simulator;

/// A private key made by openssl for this test.
fn private_key() -> String {
    let output = Command::new("openssl")
        .args([
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
        ])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_content_of_a_key_where_its_path_belongs_is_not_repeated() {
    let pem = private_key();
    let secret = pem.lines().nth(5).unwrap();
    let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let escaped = pem.replace('\n', "\\n");
    for name in [
        "private_key_file",
        "public_key_file",
        "public_key_file.PUB_KEY_ID_1",
        "client_key_file",
    ] {
        for content in [&pem, &bare, &escaped] {
            let mut config = Config::default();
            let error = config.set(name, content).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument, "{name}");
            let report = report(&config, wxpay::time::clock());
            for text in [
                error.to_string(),
                error.to_json(),
                report,
                format!("{error:?}"),
            ] {
                assert!(!text.contains(secret), "{name}: {text}");
            }
            assert!(
                error.fields().hint.contains(&name.replacen("_file", "", 1)),
                "{error}"
            );
        }
    }
}

/// serde_json's own mark for raw JSON starts a new count of levels; a body can nest it as deep as
/// it likes. A thread of a host may have little stack.
#[test]
fn an_error_answer_that_nests_without_end_does_not_exhaust_a_small_stack() {
    let simulator = Simulator::start();
    let config = simulator.config();
    let mut body = "1".to_owned();
    for _ in 0..12 {
        let nested = format!("{}{body}{}", "[".repeat(100), "]".repeat(100));
        body = format!(
            "{{\"$serde_json::private::RawValue\":{}}}",
            serde_json::Value::from(nested)
        );
        if body.len() > 2_000_000 {
            break;
        }
    }
    let body = format!("{{\"code\":\"PARAM_ERROR\",\"message\":{body},\"detail\":{body}}}");
    let small = std::thread::Builder::new().stack_size(192 * 1024);
    let checked = small
        .spawn(move || {
            let client = Client::new(&config).unwrap();
            let request =
                Message::request("GET", "/v3/pay/transactions/id/1?mchid=1", Body::default());
            let request =
                wxpay::v3::prepare::prepare(&client.merchant, &request, wxpay::time::clock())
                    .unwrap();
            let mut response = Message::response(400, Body::new(body.into_bytes()));
            response.headers.push("Request-ID", "R-1");
            let error = client
                .check(&request, &mut response, wxpay::time::clock())
                .unwrap_err();
            assert!(error.to_json().contains("PARAM_ERROR"));
            (error.status(), error.fields().outcome)
        })
        .unwrap();
    assert_eq!(
        checked.join().unwrap(),
        (Status::ApiError, Outcome::Rejected)
    );
}

/// The readers of Python and PHP end at some hundred levels, with an exception of their own in the
/// middle of the handling of this error.
#[test]
fn a_detail_that_a_parser_would_refuse_is_left_as_text() {
    let simulator = Simulator::start();
    let client = simulator.client();
    let nested = |levels: usize| format!("{}\"]\"{}", "[".repeat(levels), "]".repeat(levels));
    for (detail, kept) in [
        (nested(20), true),
        (nested(3000), false),
        (r#"{"field":"\ud83d\ude00"}"#.to_owned(), true),
        // Half of a pair; no float: PHP and strict parsers refuse the whole report.
        (r#"{"field":"\ud83d"}"#.to_owned(), false),
        ("[1e999]".to_owned(), false),
        (
            r#"{"a\\":"]}\"\\","b":[-1.5E+300, {}, true, null, "中"]}"#.to_owned(),
            true,
        ),
    ] {
        let request = Message::request("GET", "/v3/pay/transactions/id/1?mchid=1", Body::default());
        let now = wxpay::time::clock();
        let request = wxpay::v3::prepare::prepare(&client.merchant, &request, now).unwrap();
        let body = format!(r#"{{"code":"PARAM_ERROR","message":"m","detail":{detail}}}"#);
        let mut response = Message::response(400, Body::new(body.into_bytes()));
        response.headers.push("Request-ID", "R-1");
        let error = client.check(&request, &mut response, now).unwrap_err();
        let report = error.to_json();
        assert_eq!(
            report.contains(&format!("\"detail\":{detail}")),
            kept,
            "{detail}"
        );
        serde_json::from_str::<serde_json::Value>(&report).unwrap();
        assert!(report.contains("PARAM_ERROR"), "{report}");
    }
}
