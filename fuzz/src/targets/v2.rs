//! API v2: XML behind a right sign, JSON to be signed, refund notifications.

use std::collections::BTreeMap;

use aes::cipher::{BlockEncrypt, KeyInit, generic_array::GenericArray};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::Mac;
use md5::{Digest, Md5};
use wxpay::error::Status;
use wxpay::http::{Message, Verified};

use crate::world::{API_V2_KEY, CLIENT, check_error, check_report, received};

const STATUSES: &[Status] = &[
    Status::InvalidArgument,
    Status::SignatureInvalid,
    Status::UnsupportedAlgorithm,
    Status::ApiError,
    Status::ApiUnexpectedResponse,
    Status::RateLimited,
    Status::MalformedXml,
];

pub fn exchange(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    match kind % 6 {
        0 => answer(None, rest),
        1 => signed_fields(rest),
        2 => prepared(&String::from_utf8_lossy(rest)),
        3 => refund(&String::from_utf8_lossy(rest)),
        4 => refund(&encrypted(rest)),
        _ => answer(Some(rest), rest),
    }
}

fn request(path: &str) -> Message {
    let order = r#"{"appid":"wx8888888888888888","out_trade_no":"1","total_fee":1}"#;
    wxpay::v2::prepare(&CLIENT.merchant, path, "", order).expect("an order")
}

/// A notification, or the answer to an order and to the questions that nobody signs the answer of.
fn answer(as_answer: Option<&[u8]>, xml: &[u8]) {
    static REQUESTS: std::sync::LazyLock<Vec<Message>> = std::sync::LazyLock::new(|| {
        [
            "/pay/unifiedorder",
            "/pay/downloadbill",
            "/risk/getpublickey",
            "/mmpaymkttransfers/gethbinfo",
        ]
        .map(request)
        .into()
    });
    let asked: Vec<Option<&Message>> = match as_answer {
        Some(_) => REQUESTS.iter().map(Some).collect(),
        None => vec![None],
    };
    for request in asked {
        let mut response = received(200, xml, &[]);
        match CLIENT.v2_check(request, &mut response) {
            Ok(json) => {
                let report = check_report(&json);
                if response.verified == Verified::Signature {
                    let fields = report.as_object().into_iter().flatten();
                    let fields = fields
                        .map(|(name, value)| (name.as_str(), value.as_str().expect("flat text")));
                    let mut fields: BTreeMap<&str, &str> = fields.collect();
                    let given = fields.remove("sign");
                    let right = [sign(&fields), sign_md5(&fields)];
                    assert!(
                        right.iter().any(|right| Some(right.as_str()) == given),
                        "nobody signed {}",
                        &*json
                    );
                } else {
                    assert!(
                        request.is_some(),
                        "a notification that nobody signed was taken: {}",
                        &*json
                    );
                    assert_eq!(response.verified, Verified::NotSignedByDesign, "{}", &*json);
                }
            }
            Err(error) => check_error(&error, STATUSES),
        }
    }
}

/// Lines of `name=value`, written as XML and signed here: what is taken is what was signed (S8).
fn signed_fields(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut fields: BTreeMap<&str, &str> = BTreeMap::new();
    for line in text.split('\n') {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_name && name != "sign" {
            fields.insert(name, value);
        }
    }
    let mut xml = String::from("<xml>");
    for (name, value) in &fields {
        xml.push_str(&format!(
            "<{name}><![CDATA[{}]]></{name}>",
            value.replace("]]>", "]]]]><![CDATA[>")
        ));
    }
    let sign = sign(&fields);
    xml.push_str(&format!("<sign>{sign}</sign></xml>"));
    let mut response = received(200, xml.as_bytes(), &[]);
    match CLIENT.v2_check(None, &mut response) {
        Ok(json) => {
            assert_eq!(response.verified, Verified::Signature);
            let given: BTreeMap<String, String> =
                serde_json::from_str(&json).expect("a flat object of text");
            fields.insert("sign", &sign);
            assert_eq!(given.len(), fields.len(), "{json:?} of {fields:?}");
            for (name, value) in &fields {
                assert_eq!(given.get(*name).map(String::as_str), Some(*value), "{name}");
            }
            for value in fields.values() {
                let ambiguous = fields
                    .keys()
                    .find(|name| value.contains(&format!("&{name}=")));
                assert!(ambiguous.is_none(), "ambiguous: {fields:?}");
            }
        }
        Err(error) => {
            check_error(&error, STATUSES);
            assert!(
                !error.to_json().contains(&sign),
                "the right sign is shown (S26)"
            );
        }
    }
    // The last digit of the sign changed.
    let other = if sign.ends_with('0') { "1" } else { "0" };
    let forged = xml.replace(&sign, &format!("{}{other}", &sign[..63]));
    let error = CLIENT
        .v2_check(None, &mut received(200, forged.as_bytes(), &[]))
        .expect_err("a forged sign");
    assert!(
        !error.to_json().contains(&sign),
        "the right sign is shown (S26)"
    );
}

/// protocol: names in order, no empty values, HMAC-SHA256 under the key.
fn sign(fields: &BTreeMap<&str, &str>) -> String {
    let text = signed_text(fields);
    let mut mac = <hmac::Hmac<sha2::Sha256> as Mac>::new_from_slice(API_V2_KEY.as_bytes())
        .expect("any length");
    mac.update(text.as_bytes());
    mac.finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}

fn sign_md5(fields: &BTreeMap<&str, &str>) -> String {
    Md5::digest(signed_text(fields))
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}

fn signed_text(fields: &BTreeMap<&str, &str>) -> String {
    let mut text = String::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&format!("{name}={value}&"));
    }
    text + &format!("key={API_V2_KEY}")
}

/// JSON of the caller's: what goes out is read again, and says the same.
fn prepared(json: &str) {
    let allowed = &[
        Status::InvalidArgument,
        Status::MalformedJson,
        Status::LimitExceeded,
        Status::UrlRefused,
        Status::UnsupportedAlgorithm,
    ];
    if let Err(error) = wxpay::v2::sign(&CLIENT.merchant, "MD5", json) {
        check_error(&error, allowed);
    }
    let message = match wxpay::v2::prepare(&CLIENT.merchant, "/pay/unifiedorder", "", json) {
        Ok(message) => message,
        Err(error) => return check_error(&error, allowed),
    };
    let mut sent = received(200, &message.body, &[]);
    match CLIENT.v2_check(None, &mut sent) {
        Ok(read) => {
            let read: serde_json::Value = serde_json::from_str(&read).expect("JSON");
            let given: serde_json::Value = serde_json::from_str(json).expect("it was taken");
            for (name, value) in given.as_object().into_iter().flatten() {
                let want = match value {
                    serde_json::Value::String(text) => text.clone(),
                    serde_json::Value::Null => continue,
                    // serde_json makes a float of what no i64 holds.
                    serde_json::Value::Number(number) if number.is_f64() => continue,
                    other => other.to_string(),
                };
                assert!(
                    want.is_empty() || read[name.as_str()] == want.as_str(),
                    "{name}: {} for {want}",
                    read[name.as_str()]
                );
            }
        }
        // What this merchant signs need not be a notification; but it is XML and its sign is right.
        Err(error) => assert_eq!(error.status(), Status::ApiUnexpectedResponse, "{error:?}"),
    }
}

fn refund(req_info: &str) {
    match wxpay::v2::refund_open(&CLIENT.merchant, req_info) {
        Ok(json) => {
            let report = check_report(&json);
            assert_eq!(report["authenticated"], false);
            assert!(report["refund"].is_object());
        }
        Err(error) => {
            check_error(&error, &[Status::DecryptFailed]);
            assert_eq!(
                error.fields().message,
                "req_info does not open with api_v2_key.",
                "one text for all (S25)"
            );
        }
    }
}

/// AES-256-ECB under the hex of the key's MD5, PKCS#7.
fn encrypted(plaintext: &[u8]) -> String {
    let key: String = Md5::digest(API_V2_KEY.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let cipher = aes::Aes256::new_from_slice(key.as_bytes()).expect("32 bytes");
    let mut padded = plaintext.to_vec();
    let fill = 16 - padded.len() % 16;
    padded.resize(padded.len() + fill, u8::try_from(fill).expect("at most 16"));
    padded
        .chunks_exact_mut(16)
        .for_each(|block| cipher.encrypt_block(GenericArray::from_mut_slice(block)));
    STANDARD.encode(padded)
}
