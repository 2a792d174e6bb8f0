//! Answers of WeChat Pay to a request: checked, and explained.

use std::sync::LazyLock;

use wxpay::diag::explain_response;
use wxpay::error::{Outcome, Status};
use wxpay::http::{Message, Verified};
use wxpay::v3::compose::add_header_block;

use crate::world::{CLIENT, check_report, clock, no_secret, received, signature_headers};

static REQUEST: LazyLock<Message> = LazyLock::new(|| {
    let body = wxpay::http::Body::new(
        br#"{"appid":"wx8888888888888888","description":"a/b","amount":{"total":100}}"#.to_vec(),
    );
    let request = Message::request("POST", "/v3/pay/transactions/jsapi", body);
    wxpay::v3::prepare::prepare(&CLIENT.merchant, &request, clock()).expect("it is signed")
});

/// HTTP statuses that are treated in their own way, and one of each other kind.
const STATUSES: [u16; 16] = [
    200, 204, 400, 401, 403, 404, 408, 409, 429, 500, 502, 202, 302, 201, 418, 0,
];

/// First byte: HTTP status, whether the answer is signed. Then header lines, an empty line, the body.
pub fn explain(input: &[u8]) {
    let Some((choice, rest)) = input.split_first() else {
        return;
    };
    let split = rest.windows(2).position(|two| two == b"\n\n");
    let (head, body) = match split {
        Some(at) => (&rest[..at], &rest[at + 2..]),
        None => (&[][..], rest),
    };
    let is_signed = choice & 0x10 != 0;
    let headers: &[(&str, String)] = if is_signed {
        &signature_headers(body)
    } else {
        &[]
    };
    let mut answer = received(STATUSES[usize::from(choice & 0x0f)], body, headers);
    let _ = add_header_block(&mut answer, &String::from_utf8_lossy(head));
    let mut checked = answer.clone();
    match CLIENT.check(&REQUEST, &mut checked, clock()) {
        Ok(()) => {
            assert!(is_signed, "an answer that nobody signed was taken");
            assert_eq!(checked.verified, Verified::Signature);
        }
        Err(error) => {
            let fields = error.fields();
            assert!(!matches!(
                error.status(),
                Status::Ok | Status::Internal | Status::Panic
            ));
            assert!(
                fields.outcome != Outcome::NotSent,
                "a check sends nothing (S1)"
            );
            if fields.outcome == Outcome::Rejected {
                // S2, on the same bytes.
                assert!(
                    (400..500).contains(&answer.status()) && !matches!(answer.status(), 408 | 409)
                );
                let text = std::str::from_utf8(body).expect("JSON is text");
                serde_json::from_str::<serde::de::IgnoredAny>(text).expect("a refusal is JSON");
                // Of numbers and surrogates serde_json's values take less than JSON has.
                if let Ok(told) = serde_json::from_str::<serde_json::Value>(text) {
                    assert!(
                        told["code"].as_str().is_some_and(|code| !code.is_empty()),
                        "a refusal has a code"
                    );
                }
                assert!(
                    answer.headers.get("Request-ID").is_some(),
                    "and a Request-ID"
                );
            }
            serde_json::from_str::<serde_json::Value>(&error.to_json())
                .expect("an error's JSON is JSON");
            no_secret(&error.to_json());
        }
    }
    match explain_response(&CLIENT.merchant, &REQUEST, &answer, clock()) {
        Ok(json) => {
            check_report(&json);
        }
        Err(error) => panic!("a report could not be made: {error:?}"),
    }
}
