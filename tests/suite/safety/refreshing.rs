//! S11, S14: when lists of certificates are fetched, and what a failure leaves.

use serde_json::json;
use wxpay::client::Client;

use super::certificates::{
    FIRST, NO_PUBLIC_KEY, SECOND, answer, fresh, list, load, trusted_by, verifies,
};
use super::raw::Raw;
use super::wechat::{self, code, key, now, pairs, refused, signature, with};
use crate::simulator::Simulator;

/// A refresh that fails at any stage keeps the old set, and is not tried again at once.
#[test]
fn a_failed_refresh_keeps_the_old_set() {
    let body = list(&[fresh(key(1), FIRST)]);
    let good = wechat::http(200, &body, &signature(key(1), FIRST, now(), &body));
    let failures: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("half of the head", good[..40].to_vec()),
        ("half of the body", good[..good.len() - 30].to_vec()),
        ("a web page", wechat::http(200, b"<html>", &[])),
        (
            "500",
            wechat::http(
                500,
                b"{\"code\":\"SYSTEM_ERROR\"}",
                &pairs(&[("Request-ID", "A")]),
            ),
        ),
        (
            "302",
            wechat::http(
                302,
                b"",
                &pairs(&[("Location", "http://127.0.0.1:9/v3/certificates")]),
            ),
        ),
        (
            "old",
            wechat::http(200, &body, &signature(key(1), FIRST, now() - 400, &body)),
        ),
        (
            "foreign",
            wechat::http(200, &body, &signature(key(3), FIRST, now(), &body)),
        ),
    ];
    for (case, bytes) in failures {
        let server = Raw::start(move |peer| {
            if peer.request().is_some() {
                peer.send(&bytes);
                peer.close();
            }
        });
        let client = Client::new(&with(&server.url, &NO_PUBLIC_KEY)).unwrap();
        refused(case, client.refresh_certificates());
        assert_eq!(
            code(&refused(case, client.refresh_certificates())),
            402,
            "{case}: at once again"
        );
        assert_eq!(server.seen().len(), 1, "{case}");
        // The old set, brought by the caller's own transport.
        assert_eq!(load(&client, &answer(key(1), FIRST, 0, &body)), 0, "{case}");
        assert!(verifies(&client, key(1), FIRST), "{case}");
        client.refresh_certificates().unwrap();
        assert_eq!(
            server.seen().len(),
            1,
            "{case}: within 60 s of a success nothing is sent"
        );
    }
}

#[test]
fn the_three_answers_to_merchants_with_a_public_key_are_one_diagnosis() {
    let simulator = Simulator::start();
    let mut seen = Vec::new();
    for kind in [
        "certificates_404",
        "certificates_not_found",
        "certificates_500",
    ] {
        simulator.control(
            "POST",
            "/_sim/fault",
            &json!({"path": "/v3/certificates", "kind": kind}),
        );
        let client = Client::new(&without(&simulator, ALL_KEYS)).unwrap();
        let error = refused(kind, client.refresh_certificates());
        assert_eq!(code(&error), 410, "{kind}: {error}");
        assert!(
            error.fields().hint.contains("public_key"),
            "{kind}: {error}"
        );
        seen.push(error.fields().diagnosis.clone());
    }
    assert_eq!(seen[0][0].cause.name(), "PUBLIC_KEY_MERCHANT");
    assert!(seen[0] == seen[1] && seen[1] == seen[2], "{seen:?}");
}

fn without(simulator: &Simulator, names: &[&str]) -> wxpay::config::Config {
    let mut config = simulator.config();
    for name in names {
        config.set(name, "").unwrap();
    }
    config.set("trust_env", "0").unwrap();
    config
}

const ALL_KEYS: &[&str] = &[
    "public_key_id",
    "public_key",
    "public_key_file",
    "platform_certificate",
    "platform_certificate_file",
];

/// The first request of an empty ring fetches the list; within a minute of that nothing is fetched
/// again, whatever serial an answer names.
#[test]
fn a_second_download_waits_a_minute() {
    let simulator = Simulator::start();
    let client = Client::new(&without(&simulator, ALL_KEYS)).unwrap();
    let call = |number: &str| {
        client.call(
            "POST",
            "/v3/pay/transactions/native",
            simulator.order(number, 1).to_string().as_bytes(),
        )
    };
    assert_eq!(call("rotate-1").unwrap().verified as i32, 1);
    let before = trusted_by(&client);
    assert!(
        before
            .iter()
            .all(|key| key.ends_with("downloaded (api_v3_key only)")),
        "{before:?}"
    );
    simulator.control(
        "POST",
        "/_sim/fault",
        &json!({"path": "/v3/pay", "kind": "rotate"}),
    );
    let error = refused("rotated", call("rotate-2"));
    assert_eq!(
        (code(&error), error.fields().outcome as i32),
        (204, 3),
        "{error}"
    );
    assert_eq!(trusted_by(&client), before);
}

/// The answer to our own request names a certificate that is not known yet: the list is fetched,
/// under the public key, and the answer is verified after all.
#[test]
fn a_rotation_is_followed_within_the_call_that_met_it() {
    let certificates = list(&[fresh(key(2), SECOND)]);
    let server = Raw::answering(move |request| {
        if request.line().contains("/v3/certificates") {
            return wechat::signed_http(200, &certificates);
        }
        wechat::http(200, b"{}", &signature(key(2), SECOND, now(), b"{}"))
    });
    let client = Client::new(&with(&server.url, &[("auto_certificates", "1")])).unwrap();
    assert_eq!(trusted_by(&client).len(), 1);
    let answer = client
        .call("POST", "/v3/pay/transactions/native", b"{}")
        .unwrap();
    assert_eq!((answer.verified as i32, &*answer.key_id), (1, SECOND));
    assert_eq!(
        trusted_by(&client)[1],
        format!("{SECOND}: downloaded (signed by {})", wechat::PUBLIC_KEY_ID)
    );
    let lines: Vec<String> = server
        .seen()
        .iter()
        .map(|one| one.line().to_owned())
        .collect();
    assert_eq!(lines.len(), 2, "the order once, the list once: {lines:?}");
}
