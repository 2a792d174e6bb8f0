//! Platform certificates against the simulator: the first download, a rotation, the three answers
//! of merchants that have none.

use std::path::Path;

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::error::{Outcome, Status};
use wxpay::http::Verified;

use crate::simulator::Simulator;

/// A merchant who relies on downloaded certificates.
fn automatic(simulator: &Simulator) -> Config {
    let mut config = simulator.config();
    for key in ["public_key_id", "public_key_file"] {
        config.set(key, "").unwrap();
    }
    config
}

fn order(client: &Client, simulator: &Simulator, number: &str) -> Verified {
    let body = simulator.order(number, 1).to_string();
    client
        .call("POST", "/v3/pay/transactions/native", body.as_bytes())
        .unwrap()
        .verified
}

fn keys(client: &Client) -> Vec<Value> {
    let info: Value = serde_json::from_str(&client.info()).unwrap();
    info["keys"].as_array().unwrap().clone()
}

/// The serial that the openssl command prints.
fn serial(certificate: &Path) -> String {
    let output = std::process::Command::new("openssl")
        .args(["x509", "-noout", "-serial", "-in"])
        .arg(certificate)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim().strip_prefix("serial=").unwrap().to_owned()
}

#[test]
fn the_first_request_downloads_the_certificates_and_a_rotation_is_followed() {
    let simulator = Simulator::start();
    let client = Client::new(&automatic(&simulator)).unwrap();
    assert!(keys(&client).is_empty());
    assert_eq!(
        order(&client, &simulator, "rotation-1"),
        Verified::Signature
    );
    let first = keys(&client);
    assert_eq!(first.len(), 1);
    assert_eq!(
        first[0]["id"],
        serial(&simulator.file("wechatpay_certificate.pem"))
    );
    assert_eq!(first[0]["trusted_by"], "downloaded (api_v3_key only)");
    assert_eq!(simulator.stats()["hits"]["GET /v3/certificates"], 1);

    // Within 60 seconds of a success there is no second download: the new serial stays unknown,
    // and the answer proves nothing.
    simulator.control(
        "POST",
        "/_sim/fault",
        &json!({ "path": "/v3/pay", "kind": "rotate", "count": 1 }),
    );
    let body = simulator.order("rotation-2", 1).to_string();
    let error = client
        .call("POST", "/v3/pay/transactions/native", body.as_bytes())
        .unwrap_err();
    assert_eq!(
        (error.status(), error.fields().outcome),
        (Status::SerialUnknown, Outcome::DoneUnverified)
    );
    assert!(client.refresh_certificates().is_ok(), "OK without I/O");
    assert_eq!(simulator.stats()["hits"]["GET /v3/certificates"], 1);

    // A client that has just been made downloads both and verifies the new one.
    let fresh = Client::new(&automatic(&simulator)).unwrap();
    assert_eq!(order(&fresh, &simulator, "rotation-3"), Verified::Signature);
    assert_eq!(keys(&fresh).len(), 2);
}

#[test]
fn a_rotation_is_followed_on_the_answer_that_shows_it() {
    let simulator = Simulator::start();
    let mut config = simulator.config();
    for key in ["public_key_id", "public_key_file"] {
        config.set(key, "").unwrap();
    }
    // Configured, not downloaded: the rate limit has not begun.
    let file = simulator.file("wechatpay_certificate.pem");
    config
        .set("platform_certificate_file", file.to_str().unwrap())
        .unwrap();
    config.set("auto_certificates", "1").unwrap();
    let client = Client::new(&config).unwrap();
    assert_eq!(order(&client, &simulator, "follow-1"), Verified::Signature);
    simulator.control(
        "POST",
        "/_sim/fault",
        &json!({ "path": "/v3/pay", "kind": "rotate", "count": 1 }),
    );
    assert_eq!(order(&client, &simulator, "follow-2"), Verified::Signature);
    let keys = keys(&client);
    assert_eq!(keys.len(), 2, "{keys:?}");
    assert_eq!(keys[0]["trusted_by"], "configured");
    assert_eq!(
        keys[1]["trusted_by"],
        format!("downloaded (signed by {})", serial(&file))
    );
    assert_eq!(
        simulator.stats()["hits"]["POST /v3/pay/transactions/native"],
        2,
        "nothing was sent twice"
    );
}

#[test]
fn the_three_answers_of_public_key_merchants_have_one_diagnosis() {
    for kind in [
        "certificates_404",
        "certificates_not_found",
        "certificates_500",
    ] {
        let simulator = Simulator::start();
        simulator.control(
            "POST",
            "/_sim/fault",
            &json!({ "path": "/v3/certificates", "kind": kind, "count": 9 }),
        );
        let client = Client::new(&automatic(&simulator)).unwrap();
        let error = client.refresh_certificates().unwrap_err();
        assert_eq!(
            error.status(),
            Status::CertificatesUnavailable,
            "{kind}: {error}"
        );
        assert_eq!(
            error.fields().diagnosis[0].id,
            "PUBLIC_KEY_MERCHANT",
            "{kind}"
        );
        assert!(
            error.fields().hint.contains("public_key_id"),
            "{kind}: {}",
            error.fields().hint
        );
        // Asked again at once: no traffic.
        let again = client.refresh_certificates().unwrap_err();
        assert_eq!(again.status(), Status::RateLimited, "{kind}");
        assert!(
            again
                .fields()
                .retry_after_s
                .is_some_and(|seconds| (1..=60).contains(&seconds)),
            "{kind}"
        );
        // A business request is not sent when its answer could not be verified.
        let body = simulator.order("no-certificates", 1).to_string();
        let error = client
            .call("POST", "/v3/pay/transactions/native", body.as_bytes())
            .unwrap_err();
        assert_eq!(error.fields().outcome, Outcome::NotSent, "{kind}: {error}");
        let hits = simulator.stats()["hits"].clone();
        assert_eq!(hits["GET /v3/certificates"], 1, "{kind}: {hits}");
        assert_eq!(
            hits["POST /v3/pay/transactions/native"],
            Value::Null,
            "{kind}: {hits}"
        );
    }
}
