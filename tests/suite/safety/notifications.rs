//! A6, A10, A18 and the edges of a notification: which key, which APIv3 key, what is handed on and
//! what is answered.

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::error::Result;
use wxpay::time;
use wxpay::v3::notify::{Notification, reply};

use super::wechat::{
    API_V3_KEY, NOWHERE, PUBLIC_KEY_ID, client, code, envelope, key, notification, now, refused,
    seal, signature, wechat, with,
};

const TRANSACTION: &[u8] = b"{\"mchid\":\"1900000001\",\"out_trade_no\":\"1\"}";

fn open(client: &Client, body: &[u8]) -> Result<Notification> {
    let headers = signature(wechat(), PUBLIC_KEY_ID, now(), body);
    client.open_notification(&notification(body, &headers), time::clock())
}

#[test]
fn each_message_is_verified_under_the_key_it_names_and_no_other() {
    let day = 86_400;
    let first = key(2).certificate("0A4AEF34B8934088", b"first", now() - day, now() + day);
    let second = key(3).certificate(
        "5157F09EFDC096DE15EBE81A47057A72",
        b"second",
        now() - day,
        now() + day,
    );
    let both = format!("{first}{second}");
    let no_public = [("public_key_id", ""), ("public_key", "")];
    let setups: [(&str, Vec<(&str, &str)>, [bool; 3]); 4] = [
        ("only public key", vec![], [true, false, false]),
        (
            "one certificate",
            [&no_public[..], &[("platform_certificate", &first)]].concat(),
            [false, true, false],
        ),
        (
            "two certificates",
            [&no_public[..], &[("platform_certificate", &both)]].concat(),
            [false, true, true],
        ),
        (
            "all three",
            vec![("platform_certificate", &both)],
            [true, true, true],
        ),
    ];
    let ids = [
        PUBLIC_KEY_ID,
        "0A4AEF34B8934088",
        "5157F09EFDC096DE15EBE81A47057A72",
    ];
    let body = envelope(TRANSACTION).to_string();
    for (setup, changes, known) in &setups {
        let client = Client::new(&with(NOWHERE, changes)).unwrap();
        for (named, id) in ids.iter().enumerate() {
            for signer in 0..3 {
                let case = format!("{setup}: names {id}, signed by key {}", signer + 1);
                let headers = signature(key(signer + 1), id, now(), body.as_bytes());
                let result = client
                    .open_notification(&notification(body.as_bytes(), &headers), time::clock());
                let want = if !known[named] {
                    204
                } else if signer == named {
                    0
                } else {
                    201
                };
                assert_eq!(result.as_ref().err().map_or(0, code), want, "{case}");
                match result {
                    Ok(opened) => assert_eq!(&*opened.serial, *id, "{case}"),
                    Err(error) if want == 204 => {
                        assert!(error.fields().message.contains(id), "{case}: {error}");
                        assert!(
                            error.fields().message.contains("known: "),
                            "{case}: {error}"
                        );
                    }
                    Err(_) => {}
                }
            }
        }
    }
}

/// (id in the message, configured id is found)
#[test]
fn ids_of_public_keys_are_opaque_and_serials_are_numbers() {
    let day = 86_400;
    let certificate = key(2).certificate("0A4AEF34B8934088", b"first", now() - day, now() + day);
    let client = Client::new(&with(
        NOWHERE,
        &[
            ("platform_certificate", &certificate),
            ("public_key_id", "PUB_KEY_ID_12"),
        ],
    ))
    .unwrap();
    let body = envelope(TRANSACTION).to_string();
    let long = "A".repeat(10_240);
    for (id, signer, found) in [
        ("PUB_KEY_ID_12", 1, true),
        ("PUB_KEY_ID_00012", 1, false),
        ("PUB_KEY_ID_012", 1, false),
        ("pub_key_id_12", 1, false),
        ("PUB_KEY_ID_12:", 1, false),
        ("PUB_KEY_ID_1 2", 1, false),
        ("12", 1, false),
        ("0A4AEF34B8934088", 2, true),
        ("A4AEF34B8934088", 2, true),
        ("0a4aef34b8934088", 2, true),
        ("0A:4A:EF:34:B8:93:40:88", 2, true),
        ("000000000A4AEF34B8934088", 2, true),
        ("0A4AEF34B8934089", 2, false),
        ("0x0A4AEF34B8934088", 2, false),
        ("0A4AEF34B893408", 2, false),
        (&long, 1, false),
        ("0", 1, false),
        ("\u{202e}", 1, false),
    ] {
        let headers = signature(key(signer), id, now(), body.as_bytes());
        let result =
            client.open_notification(&notification(body.as_bytes(), &headers), time::clock());
        let shown = &id[..id.len().min(40)];
        assert_eq!(
            result.as_ref().err().map_or(0, code),
            if found { 0 } else { 204 },
            "{shown}"
        );
        if let Err(error) = result {
            assert!(
                error.fields().message.len() < 400,
                "{shown}: the message has {} bytes",
                error.fields().message.len()
            );
        }
    }
}

#[test]
fn an_api_v3_key_has_32_bytes_and_nothing_else_is_taken() {
    for length in 0..=64 {
        let mut config = with(NOWHERE, &[("api_v3_key", "")]);
        let result = config.set("api_v3_key", &"k".repeat(length));
        match length {
            0 | 32 => assert!(result.is_ok(), "{length}"),
            _ => {
                let error = refused(length, result);
                assert_eq!(code(&error), 114, "{length}");
                assert!(
                    error.fields().message.contains(&format!("got {length}")),
                    "{error}"
                );
            }
        }
    }
    for (name, value) in [
        ("trailing line feed", format!("{API_V3_KEY}\n")),
        ("leading space", format!(" {API_V3_KEY}")),
        ("CRLF", format!("{API_V3_KEY}\r\n")),
        ("hex", "ab".repeat(32)),
        ("base64", format!("{}=", "A".repeat(43))),
        ("two bytes a character", "é".repeat(32)),
        (
            "second line short",
            format!("{API_V3_KEY}\n{}", &API_V3_KEY[1..]),
        ),
    ] {
        let error = refused(name, with(NOWHERE, &[]).set("api_v3_key", &value));
        assert_eq!(code(&error), 114, "{name}");
        assert!(
            !error.to_json().contains(&API_V3_KEY[..16]),
            "{name}: {error}"
        );
    }
}

#[test]
fn only_the_key_nonce_aad_and_text_that_were_sealed_together_open() {
    let client = client();
    let sealed = |change: &dyn Fn(&mut Value)| {
        let mut value = envelope(TRANSACTION);
        change(&mut value["resource"]);
        value.to_string()
    };
    let flip = |text: &str| {
        let first = if text.starts_with('A') { "B" } else { "A" };
        format!("{first}{}", &text[1..])
    };
    let ciphertext = |resource: &Value| resource["ciphertext"].as_str().unwrap().to_owned();
    let own_aad = |aad: &str| seal(API_V3_KEY, "fdasflkja484", aad, TRANSACTION);
    let other_key = seal(
        "another-key-of-32-bytes-0123456x",
        "fdasflkja484",
        "transaction",
        TRANSACTION,
    );
    let cases: Vec<(&str, String, i32)> = vec![
        ("as sealed", sealed(&|_| {}), 0),
        (
            "aad missing, sealed with none",
            sealed(&|one| {
                one["ciphertext"] = json!(own_aad(""));
                one.as_object_mut().unwrap().remove("associated_data");
            }),
            0,
        ),
        (
            "aad null, sealed with none",
            sealed(&|one| {
                one["ciphertext"] = json!(own_aad(""));
                one["associated_data"] = Value::Null;
            }),
            0,
        ),
        (
            "aad empty, sealed with none",
            sealed(&|one| {
                one["ciphertext"] = json!(own_aad(""));
                one["associated_data"] = json!("");
            }),
            0,
        ),
        (
            "aad missing",
            sealed(&|one| {
                one.as_object_mut().unwrap().remove("associated_data");
            }),
            210,
        ),
        (
            "aad changed",
            sealed(&|one| one["associated_data"] = json!("Transaction")),
            210,
        ),
        (
            "nonce changed",
            sealed(&|one| one["nonce"] = json!("fdasflkja485")),
            210,
        ),
        (
            "ciphertext changed",
            sealed(&|one| one["ciphertext"] = json!(flip(&ciphertext(one)))),
            210,
        ),
        (
            "another key",
            sealed(&|one| one["ciphertext"] = json!(other_key)),
            210,
        ),
        (
            "15 bytes",
            sealed(&|one| one["ciphertext"] = json!("QUFBQUFBQUFBQUFBQUFB")),
            210,
        ),
        (
            "no bytes",
            sealed(&|one| one["ciphertext"] = json!("")),
            210,
        ),
        (
            "not base64",
            sealed(&|one| one["ciphertext"] = json!("?")),
            421,
        ),
        (
            "white space",
            sealed(&|one| one["ciphertext"] = json!(format!("{}\n", ciphertext(one)))),
            421,
        ),
        (
            "nonce of 11",
            sealed(&|one| one["nonce"] = json!("fdasflkja48")),
            421,
        ),
        (
            "nonce of 13",
            sealed(&|one| one["nonce"] = json!("fdasflkja4844")),
            421,
        ),
        (
            "nonce of 16",
            sealed(&|one| one["nonce"] = json!("fdasflkja4840000")),
            421,
        ),
        ("nonce empty", sealed(&|one| one["nonce"] = json!("")), 421),
        (
            "another algorithm",
            sealed(&|one| one["algorithm"] = json!("AEAD_SM4_GCM")),
            212,
        ),
    ];
    for (case, body, want) in cases {
        let result = open(&client, body.as_bytes());
        assert_eq!(result.as_ref().err().map_or(0, code), want, "{case}");
        if let Ok(opened) = result {
            assert_eq!(&*opened.plaintext, TRANSACTION, "{case}");
        }
    }
    // A rotation: two keys, tried in order.
    let two = format!("another-key-of-32-bytes-0123456y\n{API_V3_KEY}");
    let rotating = Client::new(&with(NOWHERE, &[("api_v3_key", &two)])).unwrap();
    assert!(open(&rotating, sealed(&|_| {}).as_bytes()).is_ok());
    let none = Client::new(&with(NOWHERE, &[("api_v3_key", "")])).unwrap();
    assert_eq!(
        code(&refused("no key", open(&none, sealed(&|_| {}).as_bytes()))),
        110
    );
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
