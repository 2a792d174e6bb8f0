//! Headers of notifications and answers in every spelling, with and without the right signature
//! among them.

use std::sync::LazyLock;

use wxpay::error::Status;
use wxpay::v3::compose::add_header_block;

use crate::world::{
    CLIENT, GCM_NONCE, KEY_ID, check_error, clock, encrypted, received, signature_headers,
};

/// A genuine notification, whose signature is made once.
static GENUINE: LazyLock<(Vec<u8>, [(&str, String); 4])> = LazyLock::new(|| {
    let ciphertext = encrypted(PLAINTEXT, b"transaction");
    let body = format!(
        r#"{{"id":"EV-1","create_time":"2018-06-08T10:34:56+08:00","resource_type":"encrypt-resource","event_type":"TRANSACTION.SUCCESS","summary":"x","resource":{{"original_type":"transaction","algorithm":"AEAD_AES_256_GCM","ciphertext":"{ciphertext}","associated_data":"transaction","nonce":"{GCM_NONCE}"}}}}"#
    )
    .into_bytes();
    let headers = signature_headers(&body);
    (body, headers)
});

const PLAINTEXT: &[u8] = br#"{"mchid":"1900000001","out_trade_no":"1"}"#;

/// The first byte says which of the genuine headers are there, and in which spelling: a bit each,
/// then upper case with underscores, with HTTP_ before it, and whether the block comes first.
pub fn block(input: &[u8]) {
    let Some((choice, raw)) = input.split_first() else {
        return;
    };
    let (body, genuine) = &*GENUINE;
    let mut message = received(0, body, &[]);
    let spelled = |name: &str| match (choice >> 4) & 3 {
        0 => name.to_owned(),
        1 => name.to_ascii_uppercase().replace('-', "_"),
        2 => format!("HTTP_{}", name.to_ascii_uppercase().replace('-', "_")),
        _ => name.to_ascii_lowercase(),
    };
    let add_genuine = |message: &mut wxpay::http::Message| {
        for (index, (name, value)) in genuine.iter().enumerate() {
            if choice & (1 << index) != 0 {
                message.headers.push(&spelled(name), value);
            }
        }
    };
    if choice & 0x80 == 0 {
        add_genuine(&mut message);
    }
    let before = message.headers.len();
    let text = String::from_utf8_lossy(raw);
    if let Err(error) = add_header_block(&mut message, &text) {
        check_error(
            &error,
            &[
                Status::InvalidArgument,
                Status::InvalidState,
                Status::LimitExceeded,
                Status::HeaderDuplicate,
            ],
        );
        assert_eq!(message.headers.len(), before, "all of a block or nothing");
    }
    if choice & 0x80 != 0 {
        add_genuine(&mut message);
    }
    for (name, value) in message.headers.iter() {
        assert!(
            !name.contains(['\r', '\n', ':']) && !value.contains(['\r', '\n']),
            "{name:?}: {value:?}"
        );
    }
    match CLIENT.open_notification(&message, clock()) {
        Ok(notification) => {
            assert_eq!(&*notification.plaintext, PLAINTEXT);
            assert_eq!(&*notification.serial, KEY_ID);
            for (name, value) in genuine {
                assert_eq!(message.headers.get(name), Some(&**value), "{name}");
            }
        }
        Err(error) => check_error(
            &error,
            &[
                Status::SignatureInvalid,
                Status::SignatureProbe,
                Status::SignatureHeadersMissing,
                Status::SerialUnknown,
                Status::TimestampExpired,
                Status::HeaderDuplicate,
                Status::UnsupportedAlgorithm,
                Status::InvalidArgument,
            ],
        ),
    }
    let mut answer = received(200, body, &[]);
    answer.headers = message.headers;
    let request = wxpay::http::Message::request("GET", "/v3/certificates", Default::default());
    let _ = CLIENT
        .check(&request, &mut answer, clock())
        .map_err(|error| error.to_json());
}
