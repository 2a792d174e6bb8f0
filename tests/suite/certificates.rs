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
            error.fields().diagnosis[0].cause.name(),
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

/// Configured with the simulator's certificate, so that every answer can be verified, and with
/// automatic downloads.
fn configured(simulator: &Simulator) -> Config {
    let mut config = automatic(simulator);
    let file = simulator.file("wechatpay_certificate.pem");
    config
        .set("platform_certificate_file", file.to_str().unwrap())
        .unwrap();
    config.set("auto_certificates", "1").unwrap();
    config
}

#[test]
fn a_download_that_hangs_does_not_stop_payments_that_do_not_need_it() {
    let simulator = Simulator::start();
    let mut config = configured(&simulator);
    config.set("timeout_ms", "6000").unwrap();
    let client = Client::new(&config).unwrap();
    simulator.control(
        "POST",
        "/_sim/fault",
        &json!({ "path": "/v3/certificates", "kind": "delay_ms:20000", "count": 9 }),
    );
    // A forged notification names a serial that nobody has.
    let mut forged = wxpay::http::Message::response(0, wxpay::http::Body::new(b"{}".to_vec()));
    let now = wxpay::time::clock();
    for (name, value) in [
        ("Wechatpay-Timestamp", now.seconds.to_string()),
        ("Wechatpay-Nonce", "N".to_owned()),
        ("Wechatpay-Signature", "AAAA".to_owned()),
        ("Wechatpay-Serial", "ABCDEF".to_owned()),
    ] {
        forged.headers.push(name, &value);
    }
    let refused = client.open_notification(&forged, now).unwrap_err();
    assert_eq!(refused.status(), Status::SerialUnknown);
    assert_eq!(client.certificates_due(now), 2);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (client, simulator) = (&client, &simulator);
            scope.spawn(move || {
                for order_of_thread in 0..2 {
                    let number = format!("hang-{thread}-{order_of_thread}");
                    assert_eq!(order(client, simulator, &number), Verified::Signature);
                }
            });
        }
    });
    let hits = simulator.stats()["hits"].clone();
    assert_eq!(hits["POST /v3/pay/transactions/native"], 8, "{hits}");
    assert_eq!(hits["GET /v3/certificates"], 1, "{hits}");
}

#[test]
fn one_callers_short_time_does_not_pause_the_others() {
    let simulator = Simulator::start();
    let client = Client::new(&automatic(&simulator)).unwrap();
    simulator.control(
        "POST",
        "/_sim/fault",
        &json!({ "path": "/v3/certificates", "kind": "delay_ms:3000", "count": 1 }),
    );
    let mut hurried = wxpay::http::Message::request(
        "GET",
        "/v3/pay/transactions/id/none?mchid=SIM",
        wxpay::http::Body::default(),
    );
    wxpay::v3::compose::set_option(&mut hurried, "timeout_ms", "1000").unwrap();
    std::thread::scope(|scope| {
        let sent = scope.spawn(|| client.send(&hurried).unwrap_err());
        // Waits for the hurried one's download, and downloads himself when that has ended.
        std::thread::sleep(std::time::Duration::from_millis(300));
        let waited = scope.spawn(|| order(&client, &simulator, "waited"));
        let error = sent.join().unwrap();
        assert_eq!(
            (error.status(), error.fields().outcome),
            (Status::Timeout, Outcome::NotSent),
            "{error}"
        );
        assert_eq!(waited.join().unwrap(), Verified::Signature);
    });
    assert_eq!(order(&client, &simulator, "unhurried"), Verified::Signature);
}

#[test]
fn a_platform_certificate_of_the_simulator_is_refused_elsewhere() {
    let simulator = Simulator::start();
    let mut config = configured(&simulator);
    config.set("mchid", "1900000109").unwrap();
    config.set("base_url", "").unwrap();
    // The merchant's certificate would be found out as well.
    let key = config.get("merchant_certificate_file").map(str::to_owned);
    assert_eq!(key, None);
    let error = Client::new(&config).err().unwrap();
    assert_eq!(error.status(), Status::ConfigIncomplete, "{error}");
    assert!(
        error.fields().message.contains("SIMULATOR_IDENTITY"),
        "{error}"
    );
    assert!(
        error.fields().message.contains("wechatpay_certificate.pem"),
        "{error}"
    );
}
