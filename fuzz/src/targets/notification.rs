//! Notifications, properly signed and encrypted so that what stands behind the signature is
//! reached, and raw.

use wxpay::error::Status;
use wxpay::http::Message;

use crate::world::{
    CLIENT, GCM_NONCE, MCHID, check_error, client, clock, decrypted, encrypted, received,
    signature_headers, signed,
};

/// Stands in a corpus for the base64 of a ciphertext that opens.
const PLACE: &[u8] = b"@CIPHERTEXT@";
const PLAINTEXT: &[u8] = br#"{"mchid":"1900000001","n":1}"#;

pub fn open(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    match kind % 4 {
        0 => resource(rest),
        1 => envelope(rest),
        2 => unsigned(rest),
        _ => certificates(rest),
    }
}

/// The input is the decrypted resource.
fn resource(plaintext: &[u8]) {
    let ciphertext = encrypted(plaintext, b"transaction");
    let body = format!(
        r#"{{"id":"EV-1","create_time":"2018-06-08T10:34:56+08:00","resource_type":"encrypt-resource","event_type":"TRANSACTION.SUCCESS","summary":"x","resource":{{"original_type":"transaction","algorithm":"AEAD_AES_256_GCM","ciphertext":"{ciphertext}","associated_data":"transaction","nonce":"{GCM_NONCE}"}}}}"#
    );
    opened(&signed(0, body.as_bytes()), Some(Some(plaintext)));
}

/// The input is the body; @CIPHERTEXT@ in it opens.
fn envelope(body: &[u8]) {
    let mut whole = body.to_vec();
    if let Some(at) = body.windows(PLACE.len()).position(|part| part == PLACE) {
        whole.splice(
            at..at + PLACE.len(),
            encrypted(PLAINTEXT, b"transaction").into_bytes(),
        );
    }
    opened(
        &signed(0, &whole),
        decrypted(&whole).as_ref().map(Option::as_deref).ok(),
    );
}

/// `plaintext` is None where nobody can say.
fn opened(message: &Message, plaintext: Option<Option<&[u8]>>) {
    match CLIENT.open_notification(message, clock()) {
        Ok(notification) => {
            if let Some(plaintext) = plaintext {
                assert_eq!(
                    Some(&*notification.plaintext),
                    plaintext,
                    "what was encrypted is what is given out"
                );
            }
            serde_json::from_str::<serde::de::IgnoredAny>(&notification.json)
                .expect("the envelope is JSON");
            // A number like 1e400 is JSON, and serde_json has no value for it.
            let (Ok(envelope), Ok(inner)) = (
                serde_json::from_str::<serde_json::Value>(&notification.json),
                serde_json::from_slice::<serde_json::Value>(&notification.plaintext),
            ) else {
                return;
            };
            assert!(inner.is_object(), "a resource that is no object was taken");
            assert_eq!(
                envelope["resource"], inner,
                "the envelope holds the decrypted resource"
            );
            if let Some(mchid) = inner.get("mchid").and_then(|mchid| mchid.as_str())
                && mchid != MCHID
            {
                assert_eq!(
                    envelope["mchid_matches"], false,
                    "another merchant's notification"
                );
            }
        }
        Err(error) => check_error(
            &error,
            &[
                Status::InvalidArgument,
                Status::MalformedNotify,
                Status::MalformedJson,
                Status::DecryptFailed,
                Status::UnsupportedAlgorithm,
                Status::LimitExceeded,
            ],
        ),
    }
}

/// The input is the body, the signature that of another one.
fn unsigned(body: &[u8]) {
    const OTHER: &[u8] = b"{\"id\":\"EV-0\"}";
    static HEADERS: std::sync::LazyLock<[(&str, String); 4]> =
        std::sync::LazyLock::new(|| signature_headers(OTHER));
    if body == OTHER {
        return;
    }
    let message = received(0, body, &*HEADERS);
    let error = CLIENT
        .open_notification(&message, clock())
        .expect_err("the signature is that of another body");
    check_error(
        &error,
        &[
            Status::SignatureInvalid,
            Status::LimitExceeded,
            Status::InvalidArgument,
        ],
    );
    let error = CLIENT
        .open_notification(&received(0, body, &[]), clock())
        .expect_err("nobody signed it");
    check_error(
        &error,
        &[
            Status::SignatureHeadersMissing,
            Status::LimitExceeded,
            Status::InvalidArgument,
        ],
    );
}

/// The input is a list of platform certificates, a byte 1, and what @CIPHERTEXT@ in it opens to.
fn certificates(input: &[u8]) {
    let (body, plaintext) = match input.iter().position(|byte| *byte == 1) {
        Some(at) => (&input[..at], &input[at + 1..]),
        None => (input, PLAINTEXT),
    };
    let mut whole = body.to_vec();
    if let Some(at) = body.windows(PLACE.len()).position(|part| part == PLACE) {
        whole.splice(
            at..at + PLACE.len(),
            encrypted(plaintext, b"certificate").into_bytes(),
        );
    }
    // One of its own: a list that is taken changes it.
    let client = client(&[]);
    if let Err(error) = client.load_certificates(&signed(200, &whole), clock()) {
        serde_json::from_str::<serde_json::Value>(&error.to_json()).expect("JSON");
        assert_ne!(error.status(), Status::Internal);
    }
    // Not even with a list of certificates that were never signed.
    client
        .load_certificates(&received(200, &whole, &[]), clock())
        .expect_err("nobody signed it");
}
