//! Faults below HTTP, as curl sees them.

use crate::harness::*;
use crate::orders::NATIVE;
use serde_json::json;
use std::time::{Duration, Instant};

/// curl's exit codes: 1 unsupported (HTTP/0.9), 8 weird reply, 18 partial body, 28 timeout, 35 TLS connect, 52 nothing
/// came, 56 failure in receiving. 0 with the status, else any of them.
#[test]
fn a_connection_ends_where_it_was_told_to_and_the_action_is_done_or_not() {
    let sim = Sim::start(&[]);
    for (at, (kind, curl, done)) in [
        ("reset:handshake", &[52, 55, 56][..], false),
        ("close:handshake", &[52, 56][..], false),
        // 7: the reset was there before curl had looked whether it is connected.
        ("reset:accept", &[7, 35][..], false),
        ("cut:accept", &[35][..], false),
        ("reset:head", &[52, 55, 56][..], false),
        ("close:request", &[52][..], false),
        ("cut:request", &[52, 56][..], false),
        ("close:action", &[52][..], true),
        ("reset:status", &[52, 56][..], true),
        ("close:headers", &[18][..], true),
        ("close:body", &[18][..], true),
        ("cut:body", &[18, 56][..], true),
        ("reset:body", &[18, 56][..], true),
        ("chunked:cut", &[18, 56][..], true),
        ("close:end", &[0][..], true),
        ("reset:end", &[0][..], true),
        ("chunked", &[0][..], true),
        ("length_and_chunked", &[0, 8][..], true),
        ("two_lengths", &[0, 8, 18][..], true),
        ("unframed:close", &[0][..], true),
        ("unframed:half", &[0][..], true),
        ("garbage", &[1, 8][..], true),
        ("interim:103", &[0][..], true),
        ("early:413", &[0][..], false),
    ]
    .into_iter()
    .enumerate()
    {
        let number = format!("ORDER-{at:04}");
        assert_eq!(
            sim.control("POST", "/_sim/faults", &json!({"kind": kind}))
                .status,
            204
        );
        let body = sim.order(&number, "http://127.0.0.1:1/n").to_string();
        let output = sim.try_send(&Call::new("POST", NATIVE, body.as_bytes()));
        let code = output.status.code().unwrap();
        assert!(curl.contains(&code), "{kind}: curl ended with {code}");
        let target = format!(
            "/v3/pay/transactions/out-trade-no/{number}?mchid={}",
            sim.get("mchid")
        );
        let query = sim.query(&target);
        assert_eq!(query.status, if done { 200 } else { 404 }, "{kind}");
    }
}

#[test]
fn headers_come_in_the_spelling_that_a_gateway_gives_them() {
    let sim = Sim::start(&[]);
    for (kind, name) in [
        ("rename_headers:x", "X-Wechatpay-Signature"),
        ("rename_headers:lower", "wechatpay-signature"),
        ("rename_headers:cgi", "HTTP_WECHATPAY_SIGNATURE"),
        ("chunked", "Wechatpay-Signature"),
    ] {
        sim.fault("/v3/", kind);
        let reply = sim.query("/v3/certificates");
        let names: Vec<&str> = reply
            .headers
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| name.to_lowercase().ends_with("signature"))
            .collect();
        assert_eq!(names, [name], "{kind}");
    }
    sim.fault("/v3/", "duplicate_header:nonce");
    let reply = sim.query("/v3/certificates");
    let values: Vec<&String> = reply
        .headers
        .iter()
        .filter(|(name, _)| name == "Wechatpay-Nonce")
        .map(|(_, value)| value)
        .collect();
    assert!(values.len() == 2 && values[0] != values[1], "{values:?}");
}

#[test]
fn an_answer_hangs_or_comes_byte_by_byte() {
    let sim = Sim::start(&[]);
    let headers = |call: &Call<'_>| vec![format!("Authorization: {}", sim.authorization(call))];
    for kind in ["hang:head", "hang:action", "hang:body"] {
        sim.fault("/v3/", kind);
        let call = Call::new("GET", "/v3/certificates", b"");
        let url = format!("{}{}", sim.base, call.target);
        let output = run(
            "curl",
            &[
                "-sS",
                "-i",
                "--noproxy",
                "*",
                "--cacert",
                &sim.path("ca.pem"),
                "--max-time",
                "2",
                "-H",
                &headers(&call)[0],
                &url,
            ],
            b"",
        );
        assert_eq!(output.status.code(), Some(28), "{kind}");
        assert_eq!(output.stdout.is_empty(), kind != "hang:body", "{kind}");
    }
    sim.fault("/v3/", "drip:1");
    let start = Instant::now();
    let reply = sim.query("/v3/certificates");
    assert!(sim.verifies(&reply.headers, &reply.body));
    // More than a thousand bytes.
    assert!(start.elapsed() >= Duration::from_secs(1));
}
