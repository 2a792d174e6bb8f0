//! A18 and the edges of a notification: what is handed on and what is answered.

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::error::Result;
use wxpay::time;
use wxpay::v3::notify::{Notification, reply};

use super::wechat::{
    PUBLIC_KEY_ID, client, code, envelope, notification, now, refused, signature, wechat,
};

pub const TRANSACTION: &[u8] = b"{\"mchid\":\"1900000001\",\"out_trade_no\":\"1\"}";

pub fn open(client: &Client, body: &[u8]) -> Result<Notification> {
    let headers = signature(wechat(), PUBLIC_KEY_ID, now(), body);
    client.open_notification(&notification(body, &headers), time::clock())
}

#[test]
fn a_signed_envelope_out_of_form_is_malformed_and_never_half_read() {
    let client = client();
    let good = envelope(TRANSACTION);
    let text = good.to_string();
    let resource = good["resource"].to_string();
    let without = |name: &str| {
        let mut value = good.clone();
        value.as_object_mut().unwrap().remove(name);
        value.to_string()
    };
    let list = format!(
        "[\"AEAD_AES_256_GCM\",{},\"transaction\",\"fdasflkja484\",\"transaction\"]",
        good["resource"]["ciphertext"]
    );
    for (case, body, want) in [
        ("no resource", without("resource"), 421),
        ("no id", without("id"), 421),
        ("no event_type", without("event_type"), 421),
        ("no summary", without("summary"), 0),
        ("summary null", text.replace("\"支付成功\"", "null"), 0),
        (
            "a member more",
            text.replacen('{', "{\"new\":[1,{}],", 1),
            0,
        ),
        ("resource null", text.replace(&resource, "null"), 421),
        ("resource a list", text.replace(&resource, &list), 421),
        (
            "resource nested",
            text.replace(&resource, &format!("[{resource}]")),
            421,
        ),
        ("resource a string", text.replace(&resource, "\"x\""), 421),
        (
            "resource twice",
            text.replace(&resource, &format!("{resource},\"resource\":{resource}")),
            421,
        ),
        ("id twice", text.replacen('{', "{\"id\":\"EV-1\",", 1), 421),
        (
            "ciphertext twice",
            text.replace("\"nonce\"", "\"ciphertext\":\"\",\"nonce\""),
            421,
        ),
        ("a list", format!("[{text}]"), 421),
        (
            "a list of values",
            format!("[\"a\",\"b\",\"c\",\"d\",\"e\",{resource}]"),
            421,
        ),
        ("two objects", format!("{text}{text}"), 421),
        ("text behind", format!("{text}x"), 421),
        ("cut", text[..text.len() - 1].to_owned(), 421),
        ("nothing", String::new(), 421),
        (
            "deep",
            format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
            421,
        ),
        (
            "deep inside",
            text.replacen(
                '{',
                &format!("{{\"x\":{}{},", "[".repeat(100_000), "]".repeat(100_000)),
                1,
            ),
            0,
        ),
    ] {
        let result = open(&client, body.as_bytes());
        let status = result.as_ref().err().map_or(0, code);
        // Depth may be refused or passed over; it must not be followed.
        let fine = status == want || (case == "deep inside" && status == 421);
        assert!(fine, "{case}: {status}, not {want}");
    }
    let large = format!("{{\"x\":\"{}\"}}", "a".repeat(5 << 20));
    assert_eq!(code(&refused("5 MB", open(&client, large.as_bytes()))), 105);
}

/// The decrypted object stands in the envelope byte for byte: numbers, order, escapes, doubles.
#[test]
fn the_plaintext_is_handed_on_byte_for_byte_or_not_at_all() {
    let client = client();
    for plaintext in [
        r#"{"amount":1.10,"total":100,"big":12345678901234567890123,"e":1e400}"#,
        r#"{"b":1,"a":2,"b":3}"#,
        r#"{"text":"\u652f\u4ed8\/ \ud83d\ude00"}"#,
        "{ \"spaced\" : [ 1 , 2 ] }",
        "{}",
    ] {
        let opened = open(
            &client,
            envelope(plaintext.as_bytes()).to_string().as_bytes(),
        )
        .unwrap();
        assert_eq!(&*opened.plaintext, plaintext.as_bytes());
        let whole = envelope(plaintext.as_bytes());
        let want = whole
            .to_string()
            .replace(&whole["resource"].to_string(), plaintext);
        assert_eq!(&*opened.json, want, "{plaintext}");
    }
    for (case, plaintext) in [
        ("not JSON", &b"paid"[..]),
        ("a list", b"[{}]"),
        ("a string", b"\"x\""),
        ("empty", b""),
        ("cut", b"{\"a\":1"),
        ("two", b"{}{}"),
        ("not UTF-8", b"{\"a\":\"\xff\"}"),
        ("NUL behind", b"{}\0"),
    ] {
        let error = refused(
            case,
            open(&client, envelope(plaintext).to_string().as_bytes()),
        );
        assert_eq!(code(&error), 421, "{case}: {error}");
    }
}

/// (result, HTTP status, body)
#[test]
fn a_notification_is_answered_as_wechat_pay_wants_it() {
    let fail = r#"{"code":"FAIL","message":"失败"}"#;
    for (result, status) in [
        (0, 204),
        (201, 401),
        (202, 401),
        (203, 401),
        (204, 401),
        (205, 401),
        (206, 401),
        (210, 401),
        (212, 401),
        (299, 401),
        (100, 500),
        (105, 500),
        (199, 500),
        (300, 500),
        (302, 500),
        (421, 500),
        (500, 500),
        (900, 500),
        (-1, 500),
        (i32::MIN, 500),
        (i32::MAX, 500),
    ] {
        let message = reply(result, "").unwrap();
        assert_eq!(message.status(), status, "{result}");
        let body = if status == 204 { "" } else { fail };
        assert_eq!(&*message.body, body.as_bytes(), "{result}");
        let kind = message
            .headers
            .get("Content-Type")
            .map(|value| value.to_string());
        assert_eq!(
            kind.as_deref(),
            (status != 204).then_some("application/json"),
            "{result}"
        );
    }
    let quoted: Value = serde_json::from_slice(&reply(500, "a\"b\\").unwrap().body).unwrap();
    assert_eq!(quoted, json!({"code": "FAIL", "message": "a\"b\\"}));
    assert_eq!(code(&refused("line feed", reply(500, "a\nb"))), 100);
    let long: Value =
        serde_json::from_slice(&reply(500, &"错".repeat(1000)).unwrap().body).unwrap();
    assert_eq!(long["message"].as_str().unwrap().chars().count(), 256);
}
