//! `explain_signed` on what other programs sign: lines that are missing or joined in another way,
//! other codings, bodies as the serialisers of other languages write them, at every cut of the echo;
//! and that no text of a body gets into a report. The echo is made here, part by part.

use serde_json::{Value, json};
use wxpay::diag::{explain_response, explain_signed};
use wxpay::error::Cause;
use wxpay::time::clock;
use wxpay::v3::{compose, prepare};

use crate::safety::wechat::{self, client, unhex};

const TIME: &str = "1559194069";
const NONCE: &str = "18a427e78d2344e1a71156a2690cc4d6";
const URL: &str = "/v3/pay/transactions/jsapi?name=%E5%BC%A0&b=2";
/// python3: json.dumps(order, separators=(",", ":"), ensure_ascii=False)
const BODY: &str = r#"{"openid":"oUpF8uMuAJO","note":"张三 & 李四","url":"https://a/b"}"#;

/// (bytes of the body that are shown, what follows them, line breaks as two characters)
const CUTS: [(usize, &str, bool); 9] = [
    (usize::MAX, "\n", false),
    (8, "\n", false),
    (0, "", false),
    (20, "...\n", false),
    (9, "…", false),
    (usize::MAX, "\n", true),
    (8, "\n", true),
    (0, "", true),
    // Cut between the two characters of the line break.
    (usize::MAX, "\\", true),
];

fn lines(method: &str, url: &str, time: &str, nonce: &str, body: &str) -> String {
    format!("{method}\n{url}\n{time}\n{nonce}\n{body}\n")
}

/// WeChat Pay's answer to a request with these lines.
fn echo(method: &str, body: &[u8], (keep, end, literal): (usize, &str, bool)) -> String {
    let head = format!("{method}\n{URL}\n{TIME}\n{NONCE}\n");
    let length = head.len() + body.len() + 1;
    let body = String::from_utf8_lossy(&body[..keep.min(body.len())]).into_owned();
    let (head, body, end) = if literal {
        (
            head.replace('\n', "\\n"),
            // Printed with its line feeds escaped; a `\n` of its own stays as it is.
            body.replace('\n', "\\n"),
            end.replace('\n', "\\n"),
        )
    } else {
        (head, body, end.to_owned())
    };
    json!({"code": "SIGN_ERROR", "message": "Verification failed due to wrong signature", "detail": {"sign_information": {
        "method": method, "url": URL, "truncated_sign_message": format!("{head}{body}{end}"), "sign_message_length": length,
    }}})
    .to_string()
}

fn explained(answer: &str, signed: &[u8]) -> (Vec<String>, String) {
    let text = explain_signed(answer, signed);
    let report: Value = serde_json::from_str(&text).unwrap();
    let ids = report["diagnosis"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    (ids, text)
}

/// (what was signed, what was sent, first cause, a word of the report)
fn check(method: &str, cases: &[(&[u8], &[u8], &str, &str)]) {
    for (signed, sent, id, word) in cases {
        for cut in CUTS {
            let (ids, text) = explained(&echo(method, sent, cut), signed);
            let case = format!("{} {cut:?}: {text}", String::from_utf8_lossy(signed));
            assert_eq!(ids[0], *id, "{case}");
            assert!(text.contains(word), "{case}");
            for personal in ["oUpF", "openid", "张", "\\\\u{5f20}", "李"] {
                assert!(!text.contains(personal), "{personal}: {case}");
            }
        }
    }
}

#[test]
fn a_line_that_is_missing_or_not_ended_is_named_and_no_body_is_shown() {
    let right = lines("POST", URL, TIME, NONCE, BODY);
    let body = BODY.as_bytes();
    check(
        "POST",
        &[
            (right.as_bytes(), body, "SIGN_WRONG_KEY", "modulus"),
            (
                format!("POST\n{URL}\n{TIME}\n{BODY}\n").as_bytes(),
                body,
                "SIGN_ORDER",
                "method, url, timestamp, body; not found: nonce_str",
            ),
            (
                format!("POST\n{URL}\n{NONCE}\n{BODY}\n").as_bytes(),
                body,
                "SIGN_ORDER",
                "method, url, nonce_str, body; not found: timestamp",
            ),
            (
                format!("{URL}\n{TIME}\n{NONCE}\n{BODY}\n").as_bytes(),
                body,
                "SIGN_ORDER",
                "not found: method",
            ),
            (
                format!("POST\n{URL}\n{BODY}\n{TIME}\n{NONCE}\n").as_bytes(),
                body,
                "SIGN_ORDER",
                "method, url, body, timestamp, nonce_str",
            ),
            (body, body, "SIGN_ORDER", "one line of"),
            (b"", body, "SIGN_ORDER", "one line of 0 bytes"),
            (
                right.replace('\n', "").as_bytes(),
                body,
                "SIGN_ORDER",
                "one line of",
            ),
            (
                right.replace('\n', "&").as_bytes(),
                body,
                "SIGN_ORDER",
                "five, each ended by a line feed",
            ),
            (
                lines("POST", URL, "undefined", NONCE, BODY).as_bytes(),
                body,
                "SIGN_TIMESTAMP_DIFFERS",
                "undefined",
            ),
            (
                lines("POST", URL, TIME, "", BODY).as_bytes(),
                body,
                "SIGN_NONCE_DIFFERS",
                "0 and 32 bytes",
            ),
            (
                lines("POST", URL.trim_start_matches('/'), TIME, NONCE, BODY).as_bytes(),
                body,
                "SIGN_URL_DIFFERS",
                "exactly one slash",
            ),
            (
                lines("POST", &format!("a.cn{URL}"), TIME, NONCE, BODY).as_bytes(),
                body,
                "SIGN_URL_DIFFERS",
                "host was signed too",
            ),
            (
                lines("POST", &format!("{URL}#x"), TIME, NONCE, BODY).as_bytes(),
                body,
                "SIGN_URL_DIFFERS",
                "behind #",
            ),
        ],
    );
    check(
        "GET",
        &[
            (
                format!("GET\n{URL}\n{TIME}\n{NONCE}\n\n").as_bytes(),
                b"",
                "SIGN_WRONG_KEY",
                "modulus",
            ),
            (
                format!("GET\n{URL}\n{TIME}\n\n").as_bytes(),
                b"",
                "SIGN_ORDER",
                "method, url, timestamp; not found: nonce_str",
            ),
            (
                format!("GET\n{URL}\n1559194070\n{NONCE}\n").as_bytes(),
                b"",
                "SIGN_TIMESTAMP_DIFFERS",
                "SIGN_LAST_NEWLINE_MISSING",
            ),
        ],
    );
}

#[test]
fn other_codings_are_named() {
    let right = lines("POST", URL, TIME, NONCE, BODY);
    let body = BODY.as_bytes();
    let little: Vec<u8> = right.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(right.encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    // printf '张三 & 李四' | iconv -t gbk | xxd -p
    let gbk = |text: &str| -> Vec<u8> {
        let (before, behind) = text.split_once("张三 & 李四").unwrap();
        [
            before.as_bytes(),
            &unhex("d5c5c8fd202620c0eecbc4"),
            behind.as_bytes(),
        ]
        .concat()
    };
    // JSON's own \n is no line break.
    let own = r#"{"note":"a\nb\n\\n"}"#;
    // python3: json.dumps({"note": "a"}, indent=2)
    let pretty = "{\n  \"note\": \"a\"\n}";
    check(
        "POST",
        &[
            (&little, body, "SIGN_ENCODING", "UTF-16"),
            (&big, body, "SIGN_ENCODING", "UTF-16"),
            (
                right.replace('\n', "\r").as_bytes(),
                body,
                "SIGN_ENCODING",
                "end with CR (0D)",
            ),
            (&gbk(&right), body, "SIGN_ENCODING", "UTF-8"),
            // Nothing differs, and it is wrong all the same.
            (&gbk(&right), &gbk(BODY), "SIGN_ENCODING", "not UTF-8"),
            (
                lines("POST", URL, TIME, NONCE, own).as_bytes(),
                own.as_bytes(),
                "SIGN_WRONG_KEY",
                "modulus",
            ),
            (
                format!("POST\\n{URL}\\n{TIME}\\n{NONCE}\\n{own}\\n").as_bytes(),
                own.as_bytes(),
                "SIGN_ENCODING",
                "two characters",
            ),
            (
                format!("POST\\n{URL}\\n{TIME}\\n{NONCE}\\n{pretty}\\n").as_bytes(),
                pretty.as_bytes(),
                "SIGN_ENCODING",
                "two characters",
            ),
        ],
    );
    // Only what is wrong with the coding: the lines are equal behind it.
    for signed in [
        little,
        format!("POST\\n{URL}\\n{TIME}\\n{NONCE}\\n{BODY}\\n").into_bytes(),
    ] {
        let (ids, text) = explained(&echo("POST", body, CUTS[0]), &signed);
        assert_eq!(ids, ["SIGN_ENCODING"], "{text}");
    }
}

/// Each serialiser's default, signed and the other sent, and the other way round.
#[test]
fn bodies_of_other_serialisers_are_the_same_json() {
    let forms = [
        // python3: json.dumps(order)
        r#"{"openid": "oUpF8uMuAJO", "note": "\u5f20\u4e09 & \u674e\u56db", "url": "https://a/b"}"#,
        // php: json_encode($order)
        r#"{"openid":"oUpF8uMuAJO","note":"\u5f20\u4e09 & \u674e\u56db","url":"https:\/\/a\/b"}"#,
        // Go: json.Marshal(order), and json.NewEncoder(w).Encode(order)
        r#"{"openid":"oUpF8uMuAJO","note":"张三 \u0026 李四","url":"https://a/b"}"#,
        "{\"openid\":\"oUpF8uMuAJO\",\"note\":\"张三 \\u0026 李四\",\"url\":\"https://a/b\"}\n",
    ];
    for form in forms {
        for (signed, sent) in [(BODY, form), (form, BODY)] {
            let signed = lines("POST", URL, TIME, NONCE, signed);
            check(
                "POST",
                &[(
                    signed.as_bytes(),
                    sent.as_bytes(),
                    "SIGN_BODY_DIFFERS",
                    "serialised twice",
                )],
            );
        }
    }
    let marks = BODY.replace(|one: char| !one.is_ascii(), "?");
    check(
        "POST",
        &[(
            lines("POST", URL, TIME, NONCE, &marks).as_bytes(),
            BODY.as_bytes(),
            "SIGN_ENCODING",
            "a ? in place",
        )],
    );
}

/// The echo ends in the nonce: what it does not show is not called equal.
#[test]
fn what_an_echo_does_not_show_is_reserved() {
    let signed = lines("POST", URL, TIME, NONCE, BODY);
    let shown = format!("POST\n{URL}\n{TIME}\n{}", &NONCE[..8]);
    let answer = json!({"sign_information": {"truncated_sign_message": shown, "sign_message_length": signed.len()}});
    let (ids, text) = explained(&answer.to_string(), signed.as_bytes());
    assert_eq!(ids, ["SIGN_WRONG_KEY"]);
    assert!(text.contains("ends before the body"), "{text}");
}

/// A request that another client signed says nothing of this client's key.
#[test]
fn the_key_is_not_blamed_for_a_request_of_another_client() {
    let own = client();
    let other = wxpay::client::Client::new(&wechat::with(
        "http://127.0.0.1:9",
        &[("mchid", "1900000002")],
    ))
    .unwrap();
    for (signer, blamed) in [(&own, true), (&other, false)] {
        let request = compose::request("POST", URL, BODY.as_bytes()).unwrap();
        let request = prepare::prepare(&signer.merchant, &request, clock()).unwrap();
        let signed = &request.signed().unwrap().to_sign;
        let shown = String::from_utf8(signed.to_vec()).unwrap();
        let body = json!({"code": "SIGN_ERROR", "message": "wrong", "detail": {"sign_information": {
            "truncated_sign_message": shown, "sign_message_length": signed.len(),
        }}});
        let response = wechat::response(401, body.to_string().as_bytes(), &[]);
        let report = explain_response(&own.merchant, &request, &response, clock()).unwrap();
        let report: Value = serde_json::from_str(&report).unwrap();
        let first = &report["diagnosis"][0];
        assert_eq!(first["id"], Cause::SignWrongKey.name(), "{report}");
        let text = first["text"].as_str().unwrap();
        assert_eq!(
            !text.contains("signed as another merchant"),
            blamed,
            "{text}"
        );
    }
}

/// Hundreds of kilobytes of what a hostile server may put there: read once, and the report stays short.
#[test]
fn a_huge_echo_gives_a_short_report() {
    const MANY: usize = 100_000;
    let own = client();
    let request = compose::request("POST", URL, BODY.as_bytes()).unwrap();
    let request = prepare::prepare(&own.merchant, &request, clock()).unwrap();
    let to_sign = String::from_utf8(request.signed().unwrap().to_sign.to_vec()).unwrap();
    let head = to_sign.strip_suffix(&format!("{BODY}\n")).unwrap();
    for text in [
        "\n".repeat(MANY),
        "\\n".repeat(MANY),
        "\\".repeat(MANY),
        "\u{fffd}".repeat(MANY),
        format!("{head}{}", "\u{fffd}".repeat(MANY)),
        format!("{head}{}...", "{ ".repeat(MANY)),
        format!("{}{}", head.replace('\n', "\\n"), "\\n\\".repeat(MANY)),
        "{".repeat(MANY),
    ] {
        for length in [
            json!(to_sign.len()),
            json!(-1),
            json!(text.len()),
            json!(u64::MAX),
        ] {
            let body = json!({"code": "SIGN_ERROR", "message": "wrong", "detail": {"sign_information": {
                "method": text, "url": text, "truncated_sign_message": text, "sign_message_length": length,
            }}});
            let mut response = wechat::response(401, body.to_string().as_bytes(), &[]);
            let report = explain_response(&own.merchant, &request, &response, clock()).unwrap();
            assert!(report.len() < 8192, "{:.2000}", report);
            let error = own.check(&request, &mut response, clock()).unwrap_err();
            assert!(!error.fields().diagnosis.is_empty());
            assert!(
                error.to_string().len() < 4096,
                "{:.2000}",
                error.to_string()
            );
        }
    }
}
