//! Keys that change while a client is at work: a new certificate, the move to the public key, a withdrawal.

use serde_json::json;
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::error::{Outcome, Status};

use super::merchant::{Kind, Shop};

/// A merchant who still lives with platform certificates.
fn with_certificates(shop: &Shop) -> std::sync::Arc<Client> {
    let mut config: Config = shop.simulator.config();
    config.set("public_key_id", "").unwrap();
    config.set("public_key_file", "").unwrap();
    config.set("auto_certificates", "1").unwrap();
    Client::new(&config).unwrap()
}

#[test]
fn a_new_certificate_is_fetched_and_a_withdrawn_one_is_no_longer_asked_for() {
    let shop = Shop::open();
    let client = with_certificates(&shop);
    client.send(&shop.request(Kind::Post)).unwrap();
    shop.ask_for(&json!({"kind": "rotate", "path": "/v3/pay/"}));
    // Signed by a certificate that is unknown: fetched, and the same answer verifies.
    let before = shop.counts(Kind::Post);
    let answer = client.send(&shop.request(Kind::Post));
    let after = shop.counts(Kind::Post);
    // Within a minute of the first download no second one is made (S14).
    let error = answer.unwrap_err();
    assert_eq!(
        (
            error.status(),
            error.fields().outcome,
            after.actions - before.actions
        ),
        (Status::SerialUnknown, Outcome::DoneUnverified, 1),
        "{error}"
    );
    // A client that starts now knows both; one is withdrawn, and the next start knows the new one alone.
    let fresh = with_certificates(&shop);
    fresh.send(&shop.request(Kind::Post)).unwrap();
    shop.ask_for(&json!({"kind": "withdraw", "path": "/v3/pay/"}));
    let error = fresh.send(&shop.request(Kind::Post)).unwrap_err();
    assert_eq!(error.status(), Status::SerialUnknown, "{error}");
    with_certificates(&shop)
        .send(&shop.request(Kind::Post))
        .unwrap();
}

/// The end of the move: WeChat Pay signs with the public key only, whatever the client knows.
#[test]
fn a_client_with_certificates_alone_says_so_when_the_public_key_signs() {
    let shop = Shop::open();
    let (old, new) = (with_certificates(&shop), shop.client(&[]));
    old.send(&shop.request(Kind::Post)).unwrap();
    shop.ask_for(&json!({"kind": "rotate:public_key", "path": "/v3/pay/"}));
    for _ in 0..2 {
        let error = old.send(&shop.request(Kind::Post)).unwrap_err();
        let fields = error.fields();
        assert_eq!(
            (fields.status, fields.outcome),
            (Status::SerialUnknown, Outcome::DoneUnverified),
            "{error}"
        );
        let id = shop.simulator.merchant()["public_key_id"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(fields.message.contains(&id), "{error}");
        new.send(&shop.request(Kind::Post)).unwrap();
    }
    // And back, for a client that knows the public key alone.
    shop.ask_for(&json!({"kind": "rotate:certificate", "path": "/v3/pay/"}));
    let error = new.send(&shop.request(Kind::Post)).unwrap_err();
    assert_eq!(
        (error.status(), error.fields().outcome),
        (Status::SerialUnknown, Outcome::DoneUnverified),
        "{error}"
    );
}

/// Beyond five minutes the request is refused, and nobody's answer would be believed.
#[test]
fn a_wrong_clock_of_the_server_is_a_refusal_that_names_the_clock() {
    let shop = Shop::open();
    let client = shop.client(&[]);
    shop.simulator
        .control("POST", "/_sim/clock", &json!({"offset": 1000}));
    let error = client.send(&shop.request(Kind::Post)).unwrap_err();
    let fields = error.fields();
    assert_eq!(
        (fields.status, fields.outcome),
        (Status::ApiError, Outcome::Rejected),
        "{error}"
    );
    assert!(
        fields.api_message.contains("5 minutes") && fields.hint.contains("clock"),
        "{error}"
    );
}
