//! Why a genuine message of WeChat Pay does not verify any more (requirements.md A1–A3; safety.md
//! S27, S31): one callback, what can happen to it, and the cause that the error names. Nothing is
//! ever accepted.

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::error::{Error, Outcome};
use wxpay::time::{self, clock};

use crate::safety::bodies::{genuine, run};
use crate::safety::wechat::{
    self, Key, MERCHANT_SERIAL, PUBLIC_KEY_ID, client, code, config, envelope, notification, now,
    refused, signature, wechat as wechat_key,
};

const OTHER_ID: &str = "PUB_KEY_ID_0119000000012024010100000000000002";

fn ids(error: &Error) -> Vec<&'static str> {
    error
        .fields()
        .diagnosis
        .iter()
        .map(|one| one.cause.name())
        .collect()
}

fn signed(key: &Key, id: &str, body: &str) -> Vec<(String, String)> {
    signature(key, id, now(), body.as_bytes())
}

fn without(headers: &[(String, String)], names: &[&str]) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| !names.contains(&&**name))
        .cloned()
        .collect()
}

/// Two public keys under their ids.
fn two_keys() -> std::sync::Arc<Client> {
    let other = format!("public_key.{OTHER_ID}");
    Client::new(&wechat::with(
        wechat::NOWHERE,
        &[(&other, &wechat::key(2).public_pem)],
    ))
    .unwrap()
}

/// What happened, body, headers, status, cause, a word of the error.
type Case = (
    &'static str,
    String,
    Vec<(String, String)>,
    i32,
    &'static str,
    &'static str,
);

/// Headers, serial, key, time: (what happened, status, cause, a word).
#[test]
fn a_genuine_callback_that_was_changed_on_the_way_names_what_was_changed() {
    let body = genuine();
    let good = signed(wechat_key(), PUBLIC_KEY_ID, &body);
    let renamed = |id: &str| {
        let mut headers = good.clone();
        headers[3].1 = id.to_owned();
        headers
    };
    let old = signature(wechat_key(), PUBLIC_KEY_ID, now() - 400, body.as_bytes());
    let early = signature(wechat_key(), PUBLIC_KEY_ID, now() + 400, body.as_bytes());
    let all = [
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Wechatpay-Signature",
        "Wechatpay-Serial",
    ];
    let cases: [Case; 13] = [
        (
            "all headers gone",
            body.clone(),
            without(&good, &all),
            203,
            "SIGNATURE_HEADERS_LOST",
            "Wechatpay-Nonce, Wechatpay-Signature",
        ),
        (
            "one header gone",
            body.clone(),
            without(&good, &all[3..]),
            203,
            "SIGNATURE_HEADERS_LOST",
            "Wechatpay-Serial",
        ),
        (
            "the merchant's own serial",
            body.clone(),
            renamed(MERCHANT_SERIAL),
            204,
            "SERIAL_IS_MERCHANTS",
            "own certificate",
        ),
        (
            "the merchant's own serial, lower case",
            body.clone(),
            renamed(&MERCHANT_SERIAL.to_lowercase()),
            204,
            "SERIAL_IS_MERCHANTS",
            "own certificate",
        ),
        (
            "the id of a key that is not configured, the key is",
            body.clone(),
            renamed("PUB_KEY_ID_01190000000120240101000000000000FF"),
            204,
            "KEY_ID_MISMATCH",
            PUBLIC_KEY_ID,
        ),
        (
            "a key that is not configured",
            body.clone(),
            signed(wechat::key(3), "PUB_KEY_ID_9", &body),
            204,
            "SERIAL_NOT_CONFIGURED",
            "PUB_KEY_ID_9",
        ),
        (
            "the id of the other key",
            body.clone(),
            renamed(OTHER_ID),
            201,
            "KEY_ID_MISMATCH",
            PUBLIC_KEY_ID,
        ),
        (
            "signed by the merchant",
            body.clone(),
            signed(wechat::merchant(), PUBLIC_KEY_ID, &body),
            201,
            "SIGNED_BY_MERCHANT",
            "test program",
        ),
        (
            "signed by nobody known",
            body.clone(),
            signed(wechat::key(3), PUBLIC_KEY_ID, &body),
            201,
            "BODY_REORDERED_OR_WRONG_KEY",
            "key",
        ),
        ("old", body.clone(), old, 205, "MESSAGE_TIME", "seconds old"),
        (
            "from the future",
            body.clone(),
            early,
            205,
            "MESSAGE_TIME",
            "in the future",
        ),
        (
            "a line feed lost",
            body.clone(),
            signed(wechat_key(), PUBLIC_KEY_ID, &format!("{body}\n")),
            201,
            "BODY_TRAILING_NEWLINE",
            "was taken away",
        ),
        (
            "slashes that were escaped",
            body.clone(),
            signed(wechat_key(), PUBLIC_KEY_ID, &body.replace('/', "\\/")),
            201,
            "BODY_ESCAPED_SLASH",
            "were replaced",
        ),
    ];
    let client = two_keys();
    for result in run(&client, body.as_bytes(), &good) {
        result.unwrap();
    }
    for (name, body, headers, status, id, word) in cases {
        for (place, result) in
            ["notification", "response"]
                .iter()
                .zip(run(&client, body.as_bytes(), &headers))
        {
            let error = refused((name, place), result);
            assert_eq!(
                (code(&error), ids(&error)),
                (status, vec![id]),
                "{name}, {place}: {error}"
            );
            assert!(
                error.to_json().contains(word),
                "{name}, {place}: {}",
                error.to_json()
            );
            if *place == "response" {
                assert_eq!(error.fields().outcome, Outcome::DoneUnverified, "{name}");
                assert!(
                    error
                        .fields()
                        .hint
                        .starts_with("Query the order; do not deliver."),
                    "{name}: {error}"
                );
            }
        }
    }
}

/// A2: where the way back is known, it is tried, and the text says that it was the cause.
#[test]
fn a_change_that_can_be_undone_is_proved_and_still_refused() {
    let body = genuine();
    let value: Value = serde_json::from_str(&body).unwrap();
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
    // serde_json writes this body's members in the order it has them; the genuine one is compact.
    let pretty = spaced(&body);
    assert_eq!(serde_json::from_str::<Value>(&pretty).unwrap(), value);
    let client = client();
    let headers = signed(wechat_key(), PUBLIC_KEY_ID, &body);
    for (id, changed, proved) in [
        ("BODY_BOM", format!("\u{feff}{body}"), true),
        ("BODY_PRETTY", pretty.clone(), true),
        // python3: json.dumps(json.loads(body))
        ("BODY_PRETTY", spaced(&escaped), true),
        ("BODY_CRLF", pretty.replace(": ", ":\r\n"), true),
        ("BODY_TRAILING_NEWLINE", format!("{body}\n"), true),
        ("BODY_ESCAPED_SLASH", body.replace('/', "\\/"), true),
        ("BODY_ESCAPED_SLASH", escaped.replace('/', "\\/"), true),
        ("BODY_ESCAPED_UNICODE", escaped, true),
        ("BODY_NUL", format!("{}\0{}", &body[..9], &body[9..]), true),
        (
            "BODY_REPR",
            body.replace('"', "'").replace("':", "': "),
            true,
        ),
        // Two changes at once: named, not proved.
        (
            "BODY_TRAILING_NEWLINE",
            format!("{}\n", body.replace("SUCCESS", "REFUND")),
            false,
        ),
        ("BODY_TRUNCATED", body[..body.len() - 1].to_owned(), false),
    ] {
        for result in run(&client, changed.as_bytes(), &headers) {
            let error = refused(id, result);
            assert_eq!((code(&error), ids(&error)), (201, vec![id]), "{error}");
            assert_eq!(
                error.fields().diagnosis[0]
                    .text
                    .contains("the signature verifies"),
                proved,
                "{id}: {error}"
            );
        }
    }
}

/// `{"a": 1}` for `{"a":1}`; no string of the envelope has a colon followed by a quote.
fn spaced(body: &str) -> String {
    body.replace("\":", "\": ")
}

/// Above 64 KiB nothing is tried: whoever sends junk does not make us work.
#[test]
fn a_large_body_is_refused_without_a_second_look() {
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(70_000));
    let client = client();
    let headers = signed(wechat_key(), PUBLIC_KEY_ID, &body);
    for result in run(&client, format!("{body}\n").as_bytes(), &headers) {
        let error = refused("large", result);
        assert_eq!(ids(&error), ["BODY_TRAILING_NEWLINE"]);
        assert!(
            !error.fields().diagnosis[0]
                .text
                .contains("the signature verifies"),
            "{error}"
        );
    }
}

/// S31: no cloak and no second look for a probe.
#[test]
fn a_probe_is_not_looked_into() {
    let body = genuine();
    let client = two_keys();
    let mut headers = signed(wechat_key(), PUBLIC_KEY_ID, &body);
    headers[2].1.insert_str(0, "WECHATPAY/SIGNTEST/");
    for result in run(&client, body.as_bytes(), &headers) {
        let error = refused("probe", result);
        assert_eq!(code(&error), 202);
        assert!(ids(&error).is_empty(), "{error}");
    }
}

/// A platform certificate that expired is known by its serial; it would verify, and must not.
#[test]
fn an_expired_certificate_says_so_and_is_not_tried() {
    let serial = "5157F09EFDC096DE15EBE81A47057A72";
    let at = now();
    let pem = wechat::key(2).certificate(serial, b"Tenpay.com", at - 86_400 * 9, at - 86_400);
    let client = Client::new(&wechat::with(
        wechat::NOWHERE,
        &[("platform_certificate", &pem)],
    ))
    .unwrap();
    let body = genuine();
    for result in run(
        &client,
        body.as_bytes(),
        &signed(wechat::key(2), serial, &body),
    ) {
        let error = refused("expired", result);
        assert_eq!(
            (code(&error), ids(&error)),
            (204, vec!["SERIAL_NOT_CONFIGURED"])
        );
        assert!(
            error.fields().diagnosis[0].text.contains("expired on"),
            "{error}"
        );
    }
}

fn open(config: &Config, plaintext: &[u8]) -> Result<Value, Error> {
    let body = envelope(plaintext).to_string();
    let client = Client::new(config).unwrap();
    let headers = signed(wechat_key(), PUBLIC_KEY_ID, &body);
    client
        .open_notification(&notification(body.as_bytes(), &headers), clock())
        .map(|opened| serde_json::from_str(&opened.json).unwrap())
}

/// A10: a good signature and a resource that does not open: the key.
#[test]
fn a_wrong_api_v3_key_is_named_after_a_good_signature() {
    let wrong = "vutsrqponmlkjihgfedcba9876543210";
    for (keys, status, id, word) in [
        (
            wrong.to_owned(),
            210,
            "API_V3_KEY_WRONG",
            "does not decrypt",
        ),
        (
            format!("{wrong}\n{}", wrong.to_uppercase()),
            210,
            "API_V3_KEY_WRONG",
            "none of the 2 keys",
        ),
        (String::new(), 110, "NO_API_V3_KEY", "not set"),
    ] {
        let error = refused(
            id,
            open(
                &wechat::with(wechat::NOWHERE, &[("api_v3_key", &keys)]),
                b"{}",
            ),
        );
        assert_eq!((code(&error), ids(&error)), (status, vec![id]), "{error}");
        assert!(error.fields().diagnosis[0].text.contains(word), "{error}");
        assert!(!error.to_json().contains(wrong));
    }
    open(
        &wechat::with(
            wechat::NOWHERE,
            &[("api_v3_key", &format!("{wrong}\n{}", wechat::API_V3_KEY))],
        ),
        b"{}",
    )
    .unwrap();
}

/// S27: (plaintext, refused, `mchid_matches` of what is handed on).
#[test]
fn a_notification_for_another_merchant_is_refused_or_marked() {
    let merchant = config(wechat::NOWHERE);
    let brand = wechat::with(
        wechat::NOWHERE,
        &[("brand_id", "BRAND1"), ("auto_certificates", "")],
    );
    let (ours, other) = (wechat::MCHID, "1900000099");
    for (config, plaintext, refuse, matches) in [
        (&merchant, json!({"mchid": ours}), false, Value::Null),
        (&merchant, json!({"mchid": other}), true, Value::Null),
        (
            &merchant,
            json!({"sp_mchid": ours, "sub_mchid": other}),
            false,
            Value::Null,
        ),
        (
            &merchant,
            json!({"sp_mchid": other, "sub_mchid": ours}),
            true,
            Value::Null,
        ),
        (
            &merchant,
            json!({"combine_mchid": ours}),
            false,
            Value::Null,
        ),
        (
            &merchant,
            json!({"combine_mchid": other, "sub_orders": [{"mchid": ours}]}),
            true,
            Value::Null,
        ),
        (
            &merchant,
            json!({"mchid": other, "sp_mchid": ours}),
            false,
            json!(false),
        ),
        (
            &merchant,
            json!({"mchid": ours, "sp_mchid": ours}),
            false,
            Value::Null,
        ),
        (
            &merchant,
            json!({"mchid": other, "sp_mchid": other}),
            false,
            json!(false),
        ),
        (
            &merchant,
            json!({"out_trade_no": "1", "payer": {"mchid": other}, "list": [{"mchid": other}]}),
            false,
            Value::Null,
        ),
        (&merchant, json!({"sub_mchid": other}), false, Value::Null),
        (
            &merchant,
            json!({"mchid": 1_900_000_001}),
            false,
            Value::Null,
        ),
        (
            &merchant,
            json!({"mchid": 1_900_000_099}),
            true,
            Value::Null,
        ),
        (&merchant, json!({"mchid": null}), false, Value::Null),
        (&merchant, json!({"mchid": ""}), false, Value::Null),
        (&merchant, json!({"mchid": [ours]}), true, Value::Null),
        // Without a brand_id of ours there is nothing to compare theirs with.
        (&merchant, json!({"brand_id": "BRAND2"}), false, Value::Null),
        (
            &merchant,
            json!({"brand_id": "BRAND2", "mchid": ours}),
            false,
            Value::Null,
        ),
        (&brand, json!({"brand_id": "BRAND1"}), false, Value::Null),
        (&brand, json!({"brand_id": "BRAND2"}), true, Value::Null),
        (
            &brand,
            json!({"brand_id": "BRAND2", "mchid": ours}),
            false,
            json!(false),
        ),
    ] {
        let text = plaintext.to_string();
        let result = open(config, text.as_bytes());
        if refuse {
            let error = refused(&text, result);
            assert_eq!(
                (code(&error), ids(&error)),
                (421, vec!["MCH_MISMATCH"]),
                "{text}: {error}"
            );
        } else {
            let json = result.unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(json["mchid_matches"], matches, "{text}");
            assert_eq!(
                json.get("mchid_matches").is_some(),
                !matches.is_null(),
                "{text}"
            );
            assert_eq!(json["resource"], plaintext, "{text}");
        }
    }
    // Twice, with escapes in the name, and deep beside it.
    let deep = format!(
        "{{\"x\":{}{},\"\\u006dchid\":\"{other}\"}}",
        "[".repeat(100),
        "]".repeat(100)
    );
    assert_eq!(
        code(&refused("escaped", open(&merchant, deep.as_bytes()))),
        421
    );
    let twice = format!("{{\"mchid\":\"{other}\",\"mchid\":\"{ours}\"}}");
    let body = envelope(twice.as_bytes()).to_string();
    let headers = signed(wechat_key(), PUBLIC_KEY_ID, &body);
    let opened = Client::new(&merchant)
        .unwrap()
        .open_notification(&notification(body.as_bytes(), &headers), clock())
        .unwrap();
    assert!(
        opened.json.ends_with(",\"mchid_matches\":false}"),
        "{}",
        &*opened.json
    );
    let very_deep = format!(
        "{{\"x\":{}{},\"mchid\":\"{other}\"}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    // Refused for its depth or for its merchant; never followed down.
    assert_eq!(
        code(&refused("deep", open(&merchant, very_deep.as_bytes()))),
        421
    );
}

/// The clock of the caller is named as such (S12).
#[test]
fn a_time_that_the_caller_gave_is_the_callers() {
    let body = genuine();
    let headers = signature(wechat_key(), PUBLIC_KEY_ID, 1_700_000_000, body.as_bytes());
    let at = time::now(1_700_000_400).unwrap();
    let error = refused(
        "old",
        client()
            .open_notification(&notification(body.as_bytes(), &headers), at)
            .map(drop),
    );
    assert_eq!(ids(&error), ["MESSAGE_TIME"]);
    assert!(error.to_json().contains("\"clock\":\"caller\""));
}
