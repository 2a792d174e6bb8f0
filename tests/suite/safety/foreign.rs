//! S23: foreign text is shown, never obeyed.

use serde_json::json;
use wxpay::client::Client;
use wxpay::error::Error;
use wxpay::http::Message;
use wxpay::time;
use wxpay::v3::compose;

use super::wechat::{
    self, NOWHERE, PUBLIC_KEY_ID, client, code, config, envelope, merchant, notification, now,
    pairs, refused, signature, with,
};

/// A bell, an escape sequence, a C1 control, bidi and invisible characters, markup.
const NASTY: &str = "\u{7}\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{2066}\u{200b}\u{200d}\u{feff}\u{2028}\u{ad}</td><script>\r\n";

fn assert_harmless(case: &str, text: &str) {
    for one in text.chars() {
        let bad = one.is_control()
            || "\u{202e}\u{2066}\u{200b}\u{200d}\u{feff}\u{2028}\u{ad}".contains(one);
        assert!(!bad, "{case}: {one:?} in {text:?}");
    }
}

/// What a person reads of an error.
fn texts(error: &Error) -> Vec<String> {
    let fields = error.fields();
    let mut all = vec![
        error.to_string(),
        fields.message.clone(),
        fields.hint.clone(),
        fields.api_code.clone(),
        fields.api_message.clone(),
        fields.request_id.clone(),
    ];
    for one in &fields.diagnosis {
        all.extend([one.text.clone(), one.cure.clone()]);
    }
    all
}

fn check_of(client: &Client, status: u16, body: &[u8], headers: &[(String, String)]) -> Error {
    let request = Message::request("GET", "/v3/x", Default::default());
    let mut response = wechat::response(status, body, headers);
    refused(status, client.check(&request, &mut response, time::clock()))
}

#[test]
fn foreign_text_in_an_error_is_escaped_and_cut() {
    let client = client();
    let body = json!({"code": format!("PARAM{NASTY}"), "message": format!("参数{NASTY}"), "detail": {"field": NASTY}}).to_string();
    let id = pairs(&[("Request-ID", &format!("A{NASTY}B"))]);
    let mut cases = vec![
        ("an API error", check_of(&client, 400, body.as_bytes(), &id)),
        ("429", check_of(&client, 429, body.as_bytes(), &id)),
        ("no form", check_of(&client, 500, NASTY.as_bytes(), &id)),
        ("202", {
            let mut headers = signature(wechat::wechat(), PUBLIC_KEY_ID, now(), b"{}");
            headers.extend(id.clone());
            check_of(&client, 202, b"{}", &headers)
        }),
    ];
    let good = signature(wechat::wechat(), PUBLIC_KEY_ID, now(), b"{}");
    for index in 0..4 {
        for value in [NASTY.trim().to_owned(), format!("1{NASTY}1")] {
            let mut headers = good.clone();
            headers[index].1 = value.clone();
            headers.extend(id.clone());
            cases.push((
                "a signature header",
                check_of(&client, 200, b"{}", &headers),
            ));
            let mut twice = good.clone();
            twice.push((good[index].0.clone(), value));
            cases.push(("a doubled header", check_of(&client, 200, b"{}", &twice)));
        }
    }
    let mut typed = good.clone();
    typed.extend(pairs(&[("Wechatpay-Signature-Type", NASTY.trim())]));
    cases.push(("a signature type", check_of(&client, 200, b"{}", &typed)));
    for change in ["algorithm", "original_type"] {
        let mut value = envelope(b"x");
        value["resource"][change] = json!(NASTY);
        let body = value.to_string();
        let headers = signature(wechat::wechat(), PUBLIC_KEY_ID, now(), body.as_bytes());
        cases.push((
            change,
            refused(
                change,
                client.open_notification(&notification(body.as_bytes(), &headers), time::clock()),
            ),
        ));
    }
    for (case, error) in [
        (
            "a URL",
            client.call("GET", &format!("/v3/{NASTY}"), b"").err(),
        ),
        ("a method", client.call(NASTY, "/v3/x", b"").err()),
        (
            "a header name",
            compose::add_header(
                &mut compose::request("GET", "/v3/x", b"").unwrap(),
                NASTY,
                "1",
            )
            .err(),
        ),
        (
            "an option",
            compose::set_option(
                &mut compose::request("GET", "/v3/x", b"").unwrap(),
                NASTY,
                "1",
            )
            .err(),
        ),
        ("a configuration key", config(NOWHERE).set(NASTY, "1").err()),
        ("a flag", config(NOWHERE).set("shared", NASTY).err()),
        (
            "an address",
            config(NOWHERE).set("bind_host.a", NASTY).err(),
        ),
        (
            "a file",
            Client::new(&with(NOWHERE, &[("private_key", "")])).err(),
        ),
        (
            "JSON",
            config(NOWHERE)
                .load_json(&json!({NASTY: 1}).to_string())
                .err(),
        ),
        ("a prefix", config(NOWHERE).load_env(NASTY).err()),
        (
            "an appid",
            wxpay::v3::pay_params::signed(
                &client.merchant,
                wxpay::v3::pay_params::Kind::App,
                NASTY,
                "x",
                time::clock(),
            )
            .err(),
        ),
    ] {
        cases.push((case, error.unwrap()));
    }
    let now = now();
    let named = merchant().certificate("0C", NASTY.as_bytes(), now - 9, now + 9);
    let theirs = wechat::key(3).certificate("0C", NASTY.as_bytes(), now - 9, now + 9);
    cases.push((
        "a subject",
        refused(
            "x",
            Client::new(&with(NOWHERE, &[("merchant_certificate", &theirs)])),
        ),
    ));
    cases.push((
        "a subject",
        refused(
            "x",
            Client::new(&with(
                "https://api.mch.weixin.qq.com",
                &[
                    ("merchant_serial", ""),
                    ("merchant_certificate", &named),
                    ("mchid", "SIM1"),
                ],
            )),
        ),
    ));
    for (case, error) in &cases {
        for text in texts(error) {
            assert_harmless(case, &text);
            assert!(
                text.chars().count() < 4000,
                "{case}: {} characters",
                text.chars().count()
            );
        }
    }
    // Chinese stays readable.
    assert!(
        cases[0].1.fields().api_message.starts_with("参数"),
        "{}",
        cases[0].1
    );
}

#[test]
fn an_api_message_of_a_megabyte_is_cut() {
    let client = client();
    let long = "长".repeat(350_000);
    let body = json!({"code": "C".repeat(100_000), "message": long, "detail": {"field": long}})
        .to_string();
    let headers = pairs(&[("Request-ID", &"R".repeat(60_000))]);
    let error = check_of(&client, 400, body.as_bytes(), &headers);
    assert_eq!(code(&error), 400);
    assert_eq!(
        error.fields().outcome as i32,
        0,
        "a code of 100,000 bytes is no code"
    );
    for text in texts(&error) {
        assert!(
            text.chars().count() <= 2500,
            "{} characters",
            text.chars().count()
        );
    }
    assert_eq!(error.fields().api_message.chars().count(), 513);
    assert!(
        error.to_json().len() < 1 << 20,
        "{} bytes",
        error.to_json().len()
    );
}
