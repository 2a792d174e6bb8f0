//! A2, A3, skew (R4), probes (S31): what a framework or proxy did to a genuine message is named
//! and never repaired.

use wxpay::client::Client;
use wxpay::error::Error;
use wxpay::http::Message;
use wxpay::time;
use wxpay::v3::compose;

use super::wechat::{
    self, PUBLIC_KEY_ID, client, code, envelope, notification, now, pairs, refused, signature,
    wechat,
};

/// Compact, non-ASCII, with a slash: what the mutations work on.
fn genuine() -> String {
    envelope("{\"attach\":\"a/b\",\"trade_state_desc\":\"支付成功\"}".as_bytes())
        .to_string()
        .replace("支付成功", "支付成功/ok")
}

fn run(client: &Client, body: &[u8], headers: &[(String, String)]) -> [Result<(), Error>; 2] {
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
            let ids: Vec<&str> = error.fields().diagnosis.iter().map(|one| one.id).collect();
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
            assert_eq!(refused(name, result).fields().diagnosis[0].id, id, "{name}");
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

/// Strict base64: one spelling for each signature.
#[test]
fn a_signature_in_any_other_spelling_is_refused() {
    let client = client();
    let body = genuine();
    let good = signature(wechat(), PUBLIC_KEY_ID, now(), body.as_bytes());
    let text = good[2].1.clone();
    let no_padding = text.trim_end_matches('=').to_owned();
    let url_safe = text.replace('+', "-").replace('/', "_");
    let mut left_over = text.clone();
    let at = left_over.len() - 3;
    left_over.replace_range(at..=at, if &text[at..=at] == "B" { "C" } else { "B" });
    for (name, changed) in [
        ("no padding", no_padding),
        ("more padding", format!("{text}=")),
        (
            "line feed inside",
            format!("{}\n{}", &text[..76], &text[76..]),
        ),
        ("space inside", format!("{} {}", &text[..76], &text[76..])),
        ("URL alphabet", url_safe + "-"),
        ("bits left over", left_over),
        ("twice", format!("{text}{text}")),
        ("hex", "ab".repeat(256)),
        ("empty after decoding", "====".to_owned()),
    ] {
        let mut headers = good.clone();
        headers[2].1 = changed;
        for result in run(&client, body.as_bytes(), &headers) {
            assert_eq!(code(&refused(name, result)), 201, "{name}");
        }
    }
}

/// S31: (what stands before a signature that would verify without it, status)
#[test]
fn a_probe_prefix_is_no_cloak() {
    let client = client();
    let body = genuine();
    for (prefix, age, want) in [
        ("WECHATPAY/SIGNTEST/", 0, 202),
        ("WECHATPAY/SIGNTEST/x", 0, 202),
        (" WECHATPAY/SIGNTEST/", 0, 202),
        ("wechatpay/signtest/", 0, 201),
        ("WECHATPAY/SIGNTEST", 0, 201),
        ("x WECHATPAY/SIGNTEST/", 0, 201),
        ("WECHATPAY/SIGNTEST/", 301, 205),
        ("WECHATPAY/SIGNTEST/", -302, 205),
    ] {
        let case = format!("{prefix:?}, {age} s");
        let mut headers = signature(wechat(), PUBLIC_KEY_ID, now() - age, body.as_bytes());
        headers[2].1.insert_str(0, prefix);
        for result in run(&client, body.as_bytes(), &headers) {
            let error = refused(&case, result);
            assert_eq!(code(&error), want, "{case}: {error}");
            if want == 202 {
                assert!(
                    error.fields().hint.contains("an attack")
                        || error.fields().hint.contains("Query"),
                    "{case}: {}",
                    error.fields().hint
                );
            }
        }
        for tail in ["", "a", "====", "!!!!", "QUJD"] {
            headers[2].1 = format!("WECHATPAY/SIGNTEST/{tail}");
            let want = if age == 0 { 202 } else { 205 };
            for result in run(&client, body.as_bytes(), &headers) {
                assert_eq!(code(&refused(tail, result)), want, "tail {tail:?}");
            }
        }
        // Unknown serials and missing headers come first too.
        headers[3].1 = "PUB_KEY_ID_404".to_owned();
        for result in run(&client, body.as_bytes(), &headers) {
            assert_eq!(
                code(&refused("serial", result)),
                if age == 0 { 204 } else { 205 },
                "{case}"
            );
        }
    }
}

/// A3: five headers × eight ways to hand them on.
#[test]
fn headers_in_any_spelling_are_found_and_the_missing_one_is_named() {
    const NAMES: [&str; 5] = [
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Wechatpay-Signature",
        "Wechatpay-Serial",
        "Wechatpay-Signature-Type",
    ];
    let client = client();
    let body = genuine();
    let mut good = signature(wechat(), PUBLIC_KEY_ID, now(), body.as_bytes());
    good.extend(pairs(&[(NAMES[4], "WECHATPAY2-SHA256-RSA2048")]));
    let spellings: [(&str, fn(&str) -> String); 6] = [
        ("Title", str::to_owned),
        ("lower", str::to_lowercase),
        ("UPPER", str::to_uppercase),
        ("HTTP_", |name| {
            format!("HTTP_{}", name.to_uppercase().replace('-', "_"))
        }),
        ("under_score", |name| name.to_lowercase().replace('-', "_")),
        ("http-", |name| format!("http-{}", name.to_lowercase())),
    ];
    for (index, name) in NAMES.iter().enumerate() {
        for (spelling, spelled) in spellings {
            let mut headers = good.clone();
            headers[index].0 = spelled(name);
            for result in run(&client, body.as_bytes(), &headers) {
                assert!(
                    result.is_ok(),
                    "{name}, {spelling}: {}",
                    result.unwrap_err()
                );
            }
        }
        let optional = index == 4;
        let mut missing = good.clone();
        missing.remove(index);
        let mut empty = good.clone();
        empty[index].1 = " \t".to_owned();
        let mut same = good.clone();
        same.push((
            NAMES[index].to_uppercase().replace('-', "_"),
            good[index].1.clone(),
        ));
        let mut different = good.clone();
        different.push((NAMES[index].to_lowercase(), "1".to_owned()));
        let mut and_empty = good.clone();
        and_empty.push((NAMES[index].to_lowercase(), String::new()));
        for (case, headers, want) in [
            ("missing", missing, if optional { 0 } else { 203 }),
            ("empty", empty, if optional { 0 } else { 203 }),
            ("twice same", same, 0),
            ("twice different", different, 206),
            ("twice, once empty", and_empty, 206),
        ] {
            for result in run(&client, body.as_bytes(), &headers) {
                let status = result.as_ref().err().map_or(0, code);
                assert_eq!(status, want, "{name}, {case}");
                if let Err(error) = result {
                    assert!(
                        error.fields().message.contains(name),
                        "{name}, {case}: {error}"
                    );
                }
            }
        }
    }
    for result in run(&client, body.as_bytes(), &[]) {
        let error = refused("none", result);
        for name in &NAMES[..4] {
            assert!(error.fields().message.contains(name), "{error}");
        }
    }
    for (value, want) in [
        ("WECHATPAY2-SM2-WITH-SM3", 212),
        ("wechatpay2-sha256-rsa2048", 212),
        ("none", 212),
    ] {
        let mut headers = good.clone();
        headers[4].1 = value.to_owned();
        for result in run(&client, body.as_bytes(), &headers) {
            assert_eq!(code(&refused(value, result)), want, "{value}");
        }
    }
}

/// What came is kept as it came: a response's headers are not changed by looking them up.
#[test]
fn a_header_block_is_taken_line_by_line() {
    let body = genuine();
    let headers = signature(wechat(), PUBLIC_KEY_ID, now(), body.as_bytes());
    let block: String = headers
        .iter()
        .map(|(name, value)| format!("{name}:  {value}\t\r\n"))
        .collect();
    let mut message = Message::response(200, compose::copied(body.as_bytes()).unwrap());
    compose::add_header_block(&mut message, &format!("HTTP/1.1 200 OK\r\n{block}\r\n")).unwrap();
    client().open_notification(&message, time::clock()).unwrap();
}
