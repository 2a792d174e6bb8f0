//! API v2 under the same faults. Its answers are not signed in headers, its refusals prove nothing without a sign, and a
//! message of v2 is never repeated (safety.md S2, S3).

use serde_json::{Value, json};
use wxpay::error::{Outcome, Status};
use wxpay::http::{Message, Verified};
use wxpay::v2::prepare;
use wxpay::v3::compose;

use super::merchant::{Kind, Shop, number};

const PATH: &str = "/pay/unifiedorder";

/// Faults that leave an answer of v2 what it is.
const FINE: &[&str] = &[
    "chunked",
    "delay_ms:100",
    "drip:1",
    "interim:103",
    "twice",
    "unframed:close",
    "close:end",
];

/// The request went out: whatever else came, nobody knows. With how often it was done.
const UNKNOWN: &[(&str, Status, u64)] = &[
    ("reset:head", Status::Io, 0),
    ("close:request", Status::Io, 0),
    ("reset:action", Status::Io, 1),
    ("cut:action", Status::Io, 1),
    ("close:headers", Status::BodyTruncated, 1),
    ("cut:body", Status::BodyTruncated, 1),
    ("reset:body", Status::BodyTruncated, 1),
    ("chunked:cut", Status::BodyTruncated, 1),
    ("hang:action", Status::Timeout, 1),
    ("garbage", Status::HttpProtocol, 1),
    ("bad_signature", Status::SignatureInvalid, 1),
    ("no_signature", Status::SignatureInvalid, 1),
    ("html", Status::MalformedXml, 1),
    ("gzip", Status::MalformedXml, 1),
    ("unframed:half", Status::MalformedXml, 1),
    ("html:502", Status::ApiUnexpectedResponse, 1),
    ("redirect:307:self", Status::ApiUnexpectedResponse, 1),
    ("status:202", Status::ApiUnexpectedResponse, 1),
    ("status:500", Status::ApiError, 1),
    // An error form of API v3, and not one of v2.
    ("status:400", Status::ApiError, 0),
    ("error:400:PARAM_ERROR", Status::ApiError, 0),
];

fn request(shop: &Shop, client: &wxpay::client::Client) -> Message {
    let fields = json!({
        "appid": shop.simulator.appid(), "body": "test", "out_trade_no": number(), "total_fee": 100, "product_id": "1",
        "spbill_create_ip": "127.0.0.1", "notify_url": "http://127.0.0.1:9/notify", "trade_type": "NATIVE",
    });
    prepare(&client.merchant, PATH, "", &fields.to_string()).unwrap()
}

/// Requests read, and carried out.
fn counts(shop: &Shop) -> (u64, u64) {
    let stats = shop.stats();
    let read = |what: &str| stats[what][format!("POST {PATH}")].as_u64().unwrap_or(0);
    (read("hits"), read("actions"))
}

#[test]
fn a_message_of_v2_is_never_repeated_and_a_broken_answer_proves_nothing() {
    let shop = Shop::open();
    let fine = FINE.iter().map(|kind| (*kind, None, 1));
    let unknown = UNKNOWN
        .iter()
        .map(|(kind, status, actions)| (*kind, Some(*status), *actions));
    for (kind, status, actions) in fine.chain(unknown) {
        for reused in [false, true] {
            let case = format!("{kind} reused {reused}");
            let client = shop.client(&[]);
            if reused {
                client.send(&shop.request(Kind::Get)).unwrap();
            }
            let before = counts(&shop);
            shop.ask_for(&json!({"kind": kind, "path": "/pay/"}));
            let mut message = request(&shop, &client);
            if kind.starts_with("hang") {
                compose::set_option(&mut message, "timeout_ms", "3000").unwrap();
            }
            let result = client.v2_send(&message);
            let after = counts(&shop);
            assert_eq!(
                (after.0 - before.0, after.1 - before.1),
                (1, actions),
                "{case}: hits, actions"
            );
            match (result, status) {
                (Ok((answer, fields)), None) => {
                    assert_eq!(answer.verified, Verified::Signature, "{case}");
                    let fields: Value = serde_json::from_str(&fields).unwrap();
                    assert!(fields["code_url"].is_string(), "{case}: {fields}");
                }
                (Err(error), Some(status)) => {
                    let fields = error.fields();
                    assert_eq!(
                        (fields.status, fields.outcome, fields.retryable),
                        (status, Outcome::Unknown, false),
                        "{case}: {error}"
                    );
                }
                (Ok(_), Some(_)) => panic!("{case}: accepted"),
                (Err(error), None) => panic!("{case}: {error}"),
            }
        }
    }
}
