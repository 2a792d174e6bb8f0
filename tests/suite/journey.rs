//! The main job through the Rust face of the core: order, query, close, refund.

use wxpay::http::Verified;

use crate::simulator::Simulator;

#[test]
fn an_order_is_placed_and_queried_over_tls_with_verified_answers() {
    let simulator = Simulator::start();
    let client = simulator.client();
    let order = simulator.order("journey-0001", 100).to_string();
    let answer = client
        .call("POST", "/v3/pay/transactions/native", order.as_bytes())
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.verified, Verified::Signature);
    assert!(
        String::from_utf8_lossy(&answer.body).contains("weixin://"),
        "{answer:?}"
    );
    let mchid = simulator.merchant()["mchid"].as_str().unwrap().to_owned();
    let query = client
        .call(
            "GET",
            &format!("/v3/pay/transactions/out-trade-no/journey-0001?mchid={mchid}"),
            b"",
        )
        .unwrap();
    assert!(
        String::from_utf8_lossy(&query.body).contains("NOTPAY"),
        "{}",
        String::from_utf8_lossy(&query.body)
    );
    let close = client
        .call(
            "POST",
            "/v3/pay/transactions/out-trade-no/journey-0001/close",
            format!("{{\"mchid\":\"{mchid}\"}}").as_bytes(),
        )
        .unwrap();
    assert_eq!(
        (close.status(), close.verified, close.body.len()),
        (204, Verified::Signature, 0)
    );
}
