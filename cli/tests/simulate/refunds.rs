//! Refunds as a merchant sees them.

use crate::harness::*;
use crate::orders::{NATIVE, by_number, error, is};
use serde_json::{Value, json};
use std::time::Duration;

#[test]
fn no_more_is_refunded_than_was_paid() {
    let sim = Sim::start(&[]);
    let (url, notifications) = merchant_server(&[]);
    sim.post(NATIVE, &sim.order("ORDER-0001", "http://127.0.0.1:1/n"));
    let refund = |number: &str, fen: i64, extra: Value| {
        let mut refund = json!({"out_trade_no": "ORDER-0001", "out_refund_no": number, "amount": {"refund": fen, "total": 100, "currency": "CNY"}});
        refund
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        sim.post("/v3/refund/domestic/refunds", &refund)
    };
    assert_eq!(
        refund("R1", 60, json!({})).json()["message"],
        "The order has not been paid."
    );
    let paid = sim
        .control("POST", "/_sim/pay/ORDER-0001", &json!({}))
        .json();

    let first = refund("R1", 60, json!({"notify_url": url}));
    assert_eq!(
        (first.status, &first.json()["status"]),
        (200, &json!("PROCESSING"))
    );
    assert_eq!(
        refund("R1", 60, json!({"notify_url": url})).json(),
        first.json(),
        "the same request is the same refund"
    );
    assert_eq!(
        error(&refund("R1", 40, json!({}))),
        is(400, "INVALID_REQUEST", 268_498_688)
    );
    assert_eq!(refund("R2", 41, json!({})).status, 400);
    assert_eq!(
        refund(
            "R2",
            40,
            json!({"amount": {"refund": 40, "total": 99, "currency": "CNY"}})
        )
        .status,
        400
    );
    let by_id = json!({"out_trade_no": null, "transaction_id": paid["transaction_id"]});
    assert_eq!(
        refund("R2", 40, by_id).json()["transaction_id"],
        paid["transaction_id"]
    );
    assert_eq!(refund("R3", 1, json!({})).status, 400);
    assert_eq!(
        error(&refund("R4", 1, json!({"out_trade_no": "ORDER-0002"}))),
        is(404, "ORDER_NOT_EXIST", 268_512_771)
    );

    let told = notifications.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(sim.verifies(&told.headers, &told.body));
    assert_eq!(told.json()["event_type"], "REFUND.SUCCESS");
    let told: Value = serde_json::from_slice(&sim.decrypt(&told.json()["resource"])).unwrap();
    assert_eq!(
        (
            &told["out_refund_no"],
            &told["refund_status"],
            &told["amount"]["refund"]
        ),
        (&json!("R1"), &json!("SUCCESS"), &json!(60))
    );
    let found = sim.query("/v3/refund/domestic/refunds/R1").json();
    assert_eq!(
        (&found["status"], &found["refund_id"]),
        (&json!("SUCCESS"), &told["refund_id"])
    );
    assert_eq!(
        error(&sim.query("/v3/refund/domestic/refunds/R9")),
        is(404, "RESOURCE_NOT_EXISTS", 0)
    );
    assert_eq!(
        by_number(&sim, "ORDER-0001").json()["trade_state"],
        "REFUND"
    );
}
