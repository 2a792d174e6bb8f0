//! A2, skew (R4): what a framework or proxy did to a genuine message is named and never repaired.

use wxpay::client::Client;
use wxpay::error::Error;
use wxpay::http::Message;
use wxpay::time;

use super::wechat::{
    self, PUBLIC_KEY_ID, client, code, envelope, notification, now, refused, signature, wechat,
};

/// Compact, non-ASCII, with a slash: what the mutations work on.
pub fn genuine() -> String {
    envelope("{\"attach\":\"a/b\",\"trade_state_desc\":\"支付成功\"}".as_bytes())
        .to_string()
        .replace("支付成功", "支付成功/ok")
}

pub fn run(client: &Client, body: &[u8], headers: &[(String, String)]) -> [Result<(), Error>; 2] {
    let request = Message::request("POST", "/v3/x", Default::default());
    let mut answer = wechat::response(200, body, headers);
    [
        client
            .open_notification(&notification(body, headers), time::clock())
            .map(drop),
        client.check(&request, &mut answer, time::clock()),
    ]
}

#[test]
fn twelve_ways_to_change_a_body_each_fail_with_a_hint_of_their_own() {
    let body = genuine();
    let value: serde_json::Value = serde_json::from_str(&body).unwrap();
    let mut reordered = serde_json::Map::new();
    for (name, member) in value.as_object().unwrap().iter().rev() {
        reordered.insert(name.clone(), member.clone());
    }
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    let escaped: String = body
        .chars()
        .map(|one| {
            if one.is_ascii() {
                one.to_string()
            } else {
                format!("\\u{:04x}", one as u32)
            }
        })
        .collect();
    // 支付成功 in GBK (iconv -t gbk | xxd -p).
    let at = body.find("支付成功").unwrap();
    let gbk = [
        &body.as_bytes()[..at],
        &wechat::unhex("d6a7b8b6b3c9b9a6"),
        &body.as_bytes()[at + 12..],
    ]
    .concat();
    let mutations: [(&str, &str, Vec<u8>); 12] = [
        (
            "re-ordered",
            "BODY_REORDERED_OR_WRONG_KEY",
            serde_json::Value::Object(reordered).to_string().into(),
        ),
        ("pretty", "BODY_PRETTY", pretty.clone().into()),
        (
            "byte order mark",
            "BODY_BOM",
            format!("\u{feff}{body}").into(),
        ),
        ("CRLF", "BODY_CRLF", pretty.replace('\n', "\r\n").into()),
        (
            "escaped slash",
            "BODY_ESCAPED_SLASH",
            body.replace('/', "\\/").into(),
        ),
        ("escaped Unicode", "BODY_ESCAPED_UNICODE", escaped.into()),
        ("GBK", "BODY_NOT_UTF8", gbk),
        (
            "repr",
            "BODY_REPR",
            body.replace('"', "'").replace(':', ": ").into(),
        ),
        (
            "trailing line feed",
            "BODY_TRAILING_NEWLINE",
            format!("{body}\n").into(),
        ),
        (
            "truncated",
            "BODY_TRUNCATED",
            body.as_bytes()[..body.len() - 3].into(),
        ),
        (
            "NUL inside",
            "BODY_NUL",
            [&body.as_bytes()[..5], &[0], &body.as_bytes()[5..]].concat(),
        ),
        ("gzip", "BODY_GZIP", gzip(body.as_bytes())),
    ];
    let client = client();
    let headers = signature(wechat(), PUBLIC_KEY_ID, now(), body.as_bytes());
    for result in run(&client, body.as_bytes(), &headers) {
        result.unwrap();
    }
    for (name, id, changed) in &mutations {
        assert_ne!(changed, body.as_bytes(), "{name}");
        for (place, result) in ["notification", "response"]
            .iter()
            .zip(run(&client, changed, &headers))
        {
            let error = refused((name, place), result);
            assert_eq!(code(&error), 201, "{name}, {place}: {error}");
            let ids: Vec<&str> = error
                .fields()
                .diagnosis
                .iter()
                .map(|one| one.cause.name())
                .collect();
            assert_eq!(ids, [*id], "{name}, {place}");
            assert!(!error.fields().hint.is_empty(), "{name}");
        }
    }
    for (name, id, changed) in [
        ("empty", "BODY_EMPTY", &b""[..]),
        (
            "lost bytes",
            "BODY_REPLACED",
            "{\"a\":\"\u{fffd}\u{fffd}\"}".as_bytes(),
        ),
        ("a form", "BODY_TRUNCATED", b"id=1&event_type=x"),
    ] {
        for result in run(&client, changed, &headers) {
            assert_eq!(
                refused(name, result).fields().diagnosis[0].cause.name(),
                id,
                "{name}"
            );
        }
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut child = Command::new("gzip")
        .arg("-c")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(body).unwrap();
    child.wait_with_output().unwrap().stdout
}

/// Seconds by which this clock is ahead of the signature, and the status.
#[test]
fn five_minutes_are_allowed_in_both_directions_and_not_a_second_more() {
    let client = client();
    let signed_at = 1_700_000_000;
    let body = genuine();
    let headers = signature(wechat(), PUBLIC_KEY_ID, signed_at, body.as_bytes());
    let request = Message::request("GET", "/v3/x", Default::default());
    for (skew, want) in [
        (-100_000, 205),
        (-301, 205),
        (-300, 0),
        (0, 0),
        (300, 0),
        (301, 205),
        (100_000, 205),
    ] {
        let at = time::now(signed_at + skew).unwrap();
        let mut answer = wechat::response(200, body.as_bytes(), &headers);
        let results = [
            client.check(&request, &mut answer, at),
            client
                .open_notification(&notification(body.as_bytes(), &headers), at)
                .map(drop),
        ];
        for result in results {
            let status = result.as_ref().err().map_or(0, code);
            assert_eq!(status, want, "{skew} s");
            if let Err(error) = result {
                assert!(
                    error.fields().message.contains(&skew.abs().to_string()),
                    "{skew} s: {error}"
                );
                assert!(error.to_json().contains("\"clock\":\"caller\""), "{skew} s");
            }
        }
    }
    let narrow = Client::new(&wechat::with(
        wechat::NOWHERE,
        &[("clock_tolerance_s", "10")],
    ))
    .unwrap();
    let at = time::now(signed_at + 11).unwrap();
    assert_eq!(
        code(&refused(
            "11 s",
            narrow.open_notification(&notification(body.as_bytes(), &headers), at)
        )),
        205
    );
}

/// Timestamps are digits; nothing else is a number here.
#[test]
fn a_timestamp_that_is_not_digits_is_refused() {
    let client = client();
    let at = now();
    for text in [
        format!("+{at}"),
        format!("-{at}"),
        format!("{at}.0"),
        format!("0x{at:x}"),
        format!("{at}e0"),
        format!("{at}\u{a0}"),
        "1".repeat(20),
        format!("{at}000"),
    ] {
        let mut headers = signature(wechat(), PUBLIC_KEY_ID, at, b"{}");
        headers[0].1 = text.clone();
        // Signed as it stands, so that only its form can be the reason.
        headers[2].1 = wechat().sign(format!("{text}\n{}\n{{}}\n", wechat::NONCE).as_bytes());
        for result in run(&client, b"{}", &headers) {
            let error = refused(&text, result);
            let want = if text.len() == 13 && text.bytes().all(|one| one.is_ascii_digit()) {
                201
            } else {
                code(&error)
            };
            assert!(
                [201, 205].contains(&code(&error)) && code(&error) == want,
                "{text}: {error}"
            );
        }
    }
}
