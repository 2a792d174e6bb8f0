//! Notifications: how they can be spoilt, and how often and where they are delivered.

use crate::harness::*;
use crate::orders::NATIVE;
use serde_json::{Value, json};
use std::time::Duration;

#[test]
fn a_notification_can_be_spoilt_and_the_repetition_is_good() {
    let sim = Sim::start(&["--time-scale", "1000"]);
    let (url, notifications) = merchant_server(&[401]);
    sim.post(NATIVE, &sim.order("ORDER-0001", &url));
    assert_eq!(
        sim.control(
            "POST",
            "/_sim/pay/ORDER-0001",
            &json!({"kind": "sign_probe"})
        )
        .status,
        200
    );
    let next = || notifications.recv_timeout(Duration::from_secs(10)).unwrap();
    let (probe, good) = (next(), next());
    assert!(
        probe
            .header("Wechatpay-Signature")
            .starts_with("WECHATPAY/SIGNTEST/")
            && !sim.verifies(&probe.headers, &probe.body)
    );
    assert!(sim.verifies(&good.headers, &good.body) && probe.json()["id"] == good.json()["id"]);

    let send = |kind: &str| {
        sim.control(
            "POST",
            "/_sim/notify",
            &json!({"url": url, "kind": kind, "resource": {"a": 1}}),
        )
    };
    let key = |serial: &str| sim.key_file(sim.get(serial)).unwrap();
    for kind in [
        "good",
        "certificate",
        "wrong_serial",
        "bad_signature",
        "no_signature",
        "skew:301",
        "wrong_api_v3_key",
    ] {
        assert_eq!(send(kind).status, 200, "{kind}");
        let told = next();
        let verifies = sim.verifies(&told.headers, &told.body);
        let plaintext = sim.decrypt(&told.json()["resource"]);
        match kind {
            "wrong_serial" => {
                assert!(!verifies && sim.verifies_under(&key("public_key_id"), &told, &told.body))
            }
            "certificate" => {
                assert!(verifies && told.header("Wechatpay-Serial") == sim.get("_platform_serial"))
            }
            "bad_signature" | "no_signature" => assert!(!verifies, "{kind}"),
            _ => assert!(verifies, "{kind}"),
        }
        assert_eq!(
            plaintext == br#"{"a":1}"#,
            kind != "wrong_api_v3_key",
            "{kind}"
        );
    }
    assert_eq!(send("other").status, 400);
    // None of them was repeated, though nobody asked for them.
    assert!(
        notifications
            .recv_timeout(Duration::from_millis(300))
            .is_err()
    );
}

#[test]
fn sixteen_deliveries_are_made_in_all_and_only_to_loopback() {
    // 42 h 17 min 30 s of delays in all; a refused connection is known at once.
    let sim = Sim::start(&["--time-scale", "100000"]);
    sim.post(NATIVE, &sim.order("ORDER-0001", "http://127.0.0.1:1/n"));
    sim.control("POST", "/_sim/pay/ORDER-0001", &json!({}));
    for url in [
        "https://127.0.0.1/n",
        "http://192.0.2.1/n",
        "ftp://127.0.0.1/",
    ] {
        assert_eq!(
            sim.control("POST", "/_sim/notify", &json!({"url": url}))
                .status,
            200
        );
    }
    let log = wait_for("the last delivery", || {
        let log = sim
            .control("GET", "/_sim/notifications", &Value::Null)
            .json();
        log.as_array()
            .unwrap()
            .iter()
            .all(|entry| entry["done"] == true)
            .then_some(log)
    });
    let attempts = |at: usize| log[at]["attempts"].as_array().unwrap().clone();
    assert_eq!(
        (attempts(0).len(), &log[0]["delivered"]),
        (16, &json!(false))
    );
    assert!(attempts(0)[15]["error"].is_string());
    for at in 1..4 {
        assert!(
            attempts(at).len() == 1 && attempts(at)[0]["refused"].is_string(),
            "{}",
            log[at]
        );
    }
}
