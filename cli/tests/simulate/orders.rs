//! Orders as a merchant sees them, from the first request to the notification.

use crate::harness::*;
use serde_json::{Value, json};
use std::time::Duration;

pub const NATIVE: &str = "/v3/pay/transactions/native";

pub fn by_number(sim: &Sim, out_trade_no: &str) -> Reply {
    sim.query(&format!(
        "/v3/pay/transactions/out-trade-no/{out_trade_no}?mchid={}",
        sim.get("mchid")
    ))
}

/// Status, code and WeChat's number of an error.
pub fn error(reply: &Reply) -> (u16, String, String) {
    (
        reply.status,
        reply.json()["code"].as_str().unwrap_or("").to_owned(),
        reply.number().to_owned(),
    )
}

pub fn is(status: u16, code: &str, number: u32) -> (u16, String, String) {
    (status, code.to_owned(), number.to_string())
}

#[test]
fn a_native_order_is_placed_paid_told_and_found() {
    let sim = Sim::start(&["--time-scale", "100"]);
    let (url, notifications) = merchant_server(&[500]);
    let placed = sim.post(NATIVE, &sim.order("ORDER-0001", &url));
    assert_eq!(placed.status, 200);
    let placed = placed.json();
    assert!(
        placed["code_url"]
            .as_str()
            .unwrap()
            .starts_with("weixin://wxpay/bizpayurl?pr=SIM"),
        "{placed}"
    );
    assert_eq!(
        sim.post(NATIVE, &sim.order("ORDER-0001", &url)).json(),
        placed,
        "the same request has the same answer"
    );
    let unpaid = by_number(&sim, "ORDER-0001").json();
    assert_eq!(
        (&unpaid["trade_state"], &unpaid["transaction_id"]),
        (&json!("NOTPAY"), &Value::Null)
    );

    let paid = sim
        .control("POST", "/_sim/pay/ORDER-0001", &json!({}))
        .json();
    let transaction_id = paid["transaction_id"].as_str().unwrap();
    let first = notifications.recv_timeout(Duration::from_secs(10)).unwrap();
    let second = notifications.recv_timeout(Duration::from_secs(10)).unwrap();
    for told in [&first, &second] {
        assert!(
            told.header("Wechatpay-Serial") == sim.get("public_key_id")
                && sim.verifies(&told.headers, &told.body)
        );
        assert_eq!(
            told.header("Wechatpay-Signature-Type"),
            "WECHATPAY2-SHA256-RSA2048"
        );
        assert_eq!(told.header("Content-Type"), "application/json");
        let envelope = told.json();
        assert_eq!(
            (&envelope["event_type"], &envelope["resource_type"]),
            (&json!("TRANSACTION.SUCCESS"), &json!("encrypt-resource"))
        );
        assert_eq!(envelope["resource"]["original_type"], "transaction");
        let told: Value = serde_json::from_slice(&sim.decrypt(&envelope["resource"])).unwrap();
        assert_eq!(told, by_number(&sim, "ORDER-0001").json());
        assert_eq!(
            (&told["out_trade_no"], &told["trade_state"]),
            (&json!("ORDER-0001"), &json!("SUCCESS"))
        );
        assert_eq!(
            (
                &told["transaction_id"],
                &told["attach"],
                &told["amount"]["total"]
            ),
            (&json!(transaction_id), &json!("a=1&b=2"), &json!(100))
        );
    }
    assert_eq!(first.json()["id"], second.json()["id"]);
    assert_ne!(
        first.header("Wechatpay-Nonce"),
        second.header("Wechatpay-Nonce")
    );

    let log = wait_for("the delivery", || {
        let log = sim
            .control("GET", "/_sim/notifications", &Value::Null)
            .json();
        (log[0]["done"] == true).then_some(log)
    });
    let statuses: Vec<&Value> = log[0]["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| &attempt["status"])
        .collect();
    assert_eq!(
        (statuses, &log[0]["delivered"]),
        (vec![&json!(500), &json!(204)], &json!(true))
    );
    assert_eq!(log[0]["id"], paid["notification"]);

    let by_id = sim.query(&format!(
        "/v3/pay/transactions/id/{transaction_id}?mchid={}",
        sim.get("mchid")
    ));
    assert_eq!(by_id.json(), by_number(&sim, "ORDER-0001").json());
    assert_eq!(
        error(&sim.post(NATIVE, &sim.order("ORDER-0001", &url))),
        is(400, "ORDERPAID", 268_449_538)
    );
    let again = sim
        .control("POST", "/_sim/pay/ORDER-0001", &json!({}))
        .json();
    assert_eq!(
        (
            &again["transaction_id"],
            &again["already_paid"],
            &again["notification"]
        ),
        (&json!(transaction_id), &json!(true), &Value::Null)
    );
    assert_eq!(
        sim.control("POST", "/_sim/pay/UNKNOWN", &json!({})).status,
        404
    );
}

#[test]
fn the_other_ways_to_pay_answer_in_their_own_form() {
    let sim = Sim::start(&[]);
    let order = |kind: &str, extra: Value| {
        let mut order = sim.order(&format!("ORDER-{kind}"), "http://127.0.0.1:1/n");
        order
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        sim.post(&format!("/v3/pay/transactions/{kind}"), &order)
    };
    let jsapi = order("jsapi", json!({"payer": {"openid": "o1"}})).json();
    let app = order("app", json!({})).json();
    for answer in [&jsapi, &app] {
        let id = answer["prepay_id"].as_str().unwrap();
        assert!(
            id.len() == 36
                && id.starts_with("wx20")
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{id}"
        );
    }
    assert_ne!(jsapi, app);
    let h5 = order(
        "h5",
        json!({"scene_info": {"payer_client_ip": "127.0.0.1", "h5_info": {"type": "Wap"}}}),
    )
    .json();
    assert!(
        h5["h5_url"]
            .as_str()
            .unwrap()
            .starts_with("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx20"),
        "{h5}"
    );
    assert_eq!(
        error(&sim.post(
            "/v3/pay/transactions/jsapi",
            &sim.order("ORDER-x", "http://127.0.0.1:1/n")
        )),
        is(400, "PARAM_ERROR", 268_501_013)
    );
    assert_eq!(
        sim.post(
            "/v3/pay/transactions/h5",
            &sim.order("ORDER-x", "http://127.0.0.1:1/n")
        )
        .status,
        400
    );
    assert_eq!(
        error(&sim.post(
            "/v3/pay/transactions/other",
            &sim.order("ORDER-x", "http://127.0.0.1:1/n")
        )),
        is(404, "NOT_FOUND", 0)
    );
    for (kind, trade_type) in [("jsapi", "JSAPI"), ("app", "APP"), ("h5", "MWEB")] {
        assert_eq!(
            sim.control("POST", &format!("/_sim/pay/ORDER-{kind}"), &json!({}))
                .status,
            200
        );
        assert_eq!(
            by_number(&sim, &format!("ORDER-{kind}")).json()["trade_type"],
            trade_type
        );
    }
}

#[test]
fn a_wrong_member_is_named() {
    let sim = Sim::start(&[]);
    for (pointer, value) in [
        ("/mchid", json!("1900000109")),
        ("/appid", json!(7)),
        ("/description", json!("")),
        ("/description", json!("茶".repeat(128))),
        ("/out_trade_no", json!("short")),
        ("/out_trade_no", json!("x".repeat(33))),
        ("/out_trade_no", json!("ORDER 0001")),
        ("/notify_url", json!("/notify")),
        ("/notify_url", json!("http://127.0.0.1/n?a=1")),
        ("/amount/total", json!(0)),
        ("/amount/total", json!(0.1)),
        ("/amount/total", json!("100")),
        ("/amount/currency", json!("USD")),
    ] {
        let mut order = sim.order("ORDER-0001", "http://127.0.0.1:1/n");
        *order.pointer_mut(pointer).unwrap() = value.clone();
        let reply = sim.post(NATIVE, &order);
        let body = reply.json();
        assert_eq!(
            (reply.status, &body["code"]),
            (400, &json!("PARAM_ERROR")),
            "{pointer} {value}"
        );
        assert_eq!(
            (&body["detail"]["field"], &body["detail"]["value"]),
            (&json!(pointer), &value)
        );
    }
    let mut order = sim.order("ORDER-0001", "http://127.0.0.1:1/n");
    order["appid"] = json!("wx8888888888888888");
    assert_eq!(
        error(&sim.post(NATIVE, &order)),
        is(400, "APPID_MCHID_NOT_MATCH", 268_445_527)
    );
    let reply = sim.send(&Call::new("POST", NATIVE, b"{\"mchid\":"));
    assert_eq!(error(&reply), is(400, "PARAM_ERROR", 268_435_461));
    assert_eq!(
        error(&by_number(&sim, "ORDER-0001")),
        is(404, "ORDER_NOT_EXIST", 268_512_771)
    );
    assert_eq!(
        sim.query("/v3/pay/transactions/out-trade-no/ORDER-0001?mchid=1")
            .status,
        400
    );
    assert_eq!(
        error(&sim.query("/v3/refund/domestic/refunds/%ff")),
        is(400, "PARAM_ERROR", 268_435_461)
    );
}

#[test]
fn an_order_is_closed_once_and_for_all() {
    let sim = Sim::start(&[]);
    let order = sim.order("ORDER-0001", "http://127.0.0.1:1/n");
    assert_eq!(sim.post(NATIVE, &order).status, 200);
    let mut other = order.clone();
    other["amount"]["total"] = json!(1);
    assert_eq!(
        error(&sim.post(NATIVE, &other)),
        is(400, "INVALID_REQUEST", 268_498_688)
    );

    let close = |number: &str| {
        sim.post(
            &format!("/v3/pay/transactions/out-trade-no/{number}/close"),
            &json!({"mchid": sim.get("mchid")}),
        )
    };
    let closed = close("ORDER-0001");
    assert_eq!((closed.status, closed.body.len()), (204, 0));
    assert!(
        sim.verifies(&closed.headers, b""),
        "an empty answer is signed too"
    );
    assert_eq!(close("ORDER-0001").status, 204);
    assert_eq!(
        by_number(&sim, "ORDER-0001").json()["trade_state"],
        "CLOSED"
    );
    assert_eq!(
        error(&sim.post(NATIVE, &order)),
        is(400, "ORDER_CLOSED", 268_447_914)
    );
    assert_eq!(
        sim.control("POST", "/_sim/pay/ORDER-0001", &json!({}))
            .status,
        409
    );
    assert_eq!(
        error(&close("ORDER-0002")),
        is(404, "ORDER_NOT_EXIST", 268_512_771)
    );

    assert_eq!(
        sim.post(NATIVE, &sim.order("ORDER-0003", "http://127.0.0.1:1/n"))
            .status,
        200
    );
    sim.control("POST", "/_sim/pay/ORDER-0003", &json!({}));
    assert_eq!(
        error(&close("ORDER-0003")),
        is(400, "ORDERPAID", 268_449_538)
    );
}
