//! A3, strict base64, probes (R4, S31): headers in every spelling, signatures in one.

use wxpay::http::Message;
use wxpay::time;
use wxpay::v3::compose;

use super::bodies::{genuine, run};
use super::wechat::{PUBLIC_KEY_ID, client, code, now, pairs, refused, signature, wechat};

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

/// A way to write a header's name.
type Spelling = (&'static str, fn(&str) -> String);

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
    let spellings: [Spelling; 6] = [
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
