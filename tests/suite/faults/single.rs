//! Faults that need more than one row: an answer before the request is complete, and what a header asks for.

use serde_json::json;
use wxpay::error::{Outcome, Status};
use wxpay::v3::compose;

use super::merchant::{Kind, Shop};

/// S2: a refusal that began before the request was written whole refuses something else.
#[test]
fn an_answer_before_a_large_request_is_written_proves_nothing() {
    let shop = Shop::open();
    let client = shop.client(&[]);
    shop.ask_for(&json!({"kind": "early:413"}));
    let large = vec![b' '; 8 * 1024 * 1024];
    let request = compose::request("POST", "/v3/marketing/favor/media", &large).unwrap();
    let error = client.send(&request).unwrap_err();
    assert_eq!(error.fields().outcome, Outcome::Unknown, "{error}");
    assert!(!error.fields().retryable, "{error}");
}

#[test]
fn a_fault_asked_for_in_a_header_strikes_this_request_alone() {
    let shop = Shop::open();
    let client = shop.client(&[]);
    let mut request = shop.request(Kind::Post);
    compose::add_header(&mut request, "X-Sim-Fault", "html:502").unwrap();
    let error = client.send(&request).unwrap_err();
    assert_eq!(
        (error.status(), error.fields().http_status),
        (Status::ApiUnexpectedResponse, 502)
    );
    client.send(&shop.request(Kind::Post)).unwrap();
}
