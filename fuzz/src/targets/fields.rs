//! Sensitive fields named by pointers: those strings are replaced, and no other byte (S21).

use serde_json::Value;
use wxpay::error::Status;
use wxpay::http::{Body, Message};
use wxpay::v3::{sensitive_fields, sign_compare};

use crate::world::{CLIENT, WECHAT, check_error, clock, no_secret, signed};

/// Pointers, an empty line, the JSON.
pub fn encrypt(input: &[u8]) {
    let Some(at) = input.windows(2).position(|two| two == b"\n\n") else {
        return;
    };
    let (pointers, body) = (String::from_utf8_lossy(&input[..at]), &input[at + 2..]);
    let mut request = Message::request("POST", "/v3/x", Body::new(body.to_vec()));
    match sensitive_fields::encrypt(&CLIENT.merchant, &mut request, &pointers, clock()) {
        Ok(()) => replaced(body, &request.body),
        Err(error) => {
            check_error(
                &error,
                &[
                    Status::InvalidArgument,
                    Status::MalformedJson,
                    Status::LimitExceeded,
                    Status::EncryptTooLong,
                    Status::InvalidUtf8,
                ],
            );
            assert_eq!(
                &*request.body, body,
                "an error leaves the request as it was"
            );
        }
    }
    let mut answer = signed(200, body);
    answer.verified = wxpay::http::Verified::Signature;
    if let Err(error) = sensitive_fields::decrypt(&CLIENT.merchant, &answer, &pointers) {
        check_error(
            &error,
            &[
                Status::InvalidArgument,
                Status::MalformedJson,
                Status::LimitExceeded,
                Status::DecryptFailed,
                Status::InvalidUtf8,
            ],
        );
    }
    if let Some(information) = wxpay::v3::sign_information::SignInformation::of_answer(body) {
        let ours = format!(
            "POST\n/v3/x\n1700000000\nn\n{}\n",
            String::from_utf8_lossy(body)
        );
        let comparison = sign_compare::compare(ours.as_bytes(), &information);
        no_secret(&wxpay::diag::explain_signed(
            &String::from_utf8_lossy(body),
            ours.as_bytes(),
        ));
        let _ = comparison.reservation();
    }
}

/// Walks both documents side by side: they differ in strings only, and what stands there now opens
/// to what stood there before.
fn replaced(before: &[u8], after: &[u8]) {
    // The library does not read numbers; 1e400 is no JSON to serde_json.
    let Ok(before) = serde_json::from_slice::<Value>(before) else {
        return;
    };
    let after: Value = serde_json::from_slice(after).expect("JSON stays JSON");
    compare(&before, &after, &mut 8);
}

fn compare(before: &Value, after: &Value, looked_into: &mut u32) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            assert!(old.keys().eq(new.keys()), "members stay");
            old.values()
                .zip(new.values())
                .for_each(|(old, new)| compare(old, new, looked_into));
        }
        (Value::Array(old), Value::Array(new)) => {
            assert_eq!(old.len(), new.len());
            old.iter()
                .zip(new)
                .for_each(|(old, new)| compare(old, new, looked_into));
        }
        (Value::String(old), Value::String(new)) if old != new => {
            let ciphertext = wxpay::crypto::base64::decode(new).expect("base64");
            assert_eq!(ciphertext.len(), 256, "one block of RSA-2048");
            if *looked_into > 0 {
                *looked_into -= 1;
                assert_eq!(
                    *WECHAT.decrypt_oaep(&ciphertext).expect("it opens"),
                    old.as_bytes()
                );
            }
        }
        _ => assert_eq!(before, after, "no other byte changes"),
    }
}
