//! Every fault does what it says, once, and leaves the order as it says.

use crate::harness::*;
use crate::orders::NATIVE;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[test]
fn a_spoilt_signature_does_not_verify_and_the_next_one_does() {
    let sim = Sim::start(&[]);
    for kind in [
        "sign_probe",
        "bad_signature",
        "no_signature",
        "wrong_serial",
        "skew:-301",
        "stale:-301",
        "other_body",
        "drop_header:nonce",
        "sm2",
    ] {
        sim.fault("/v3/cert", kind);
        let (spoilt, good) = (sim.query("/v3/certificates"), sim.query("/v3/certificates"));
        assert_eq!((spoilt.status, good.status), (200, 200), "{kind}");
        assert!(sim.verifies(&good.headers, &good.body), "{kind}");
        let signature = spoilt.header("Wechatpay-Signature");
        let own = sim.key_file(sim.get("_platform_serial")).unwrap();
        let (verifies, under_own) = (
            sim.verifies(&spoilt.headers, &spoilt.body),
            sim.verifies_under(&own, &spoilt, &spoilt.body),
        );
        match kind {
            "sign_probe" => assert!(signature.starts_with("WECHATPAY/SIGNTEST/") && !verifies),
            "bad_signature" => assert!(unbase64(signature).len() == 256 && !under_own),
            "no_signature" => assert!(
                !spoilt
                    .headers
                    .iter()
                    .any(|(name, _)| name.to_lowercase().starts_with("wechatpay-"))
            ),
            "wrong_serial" => assert!(under_own && !verifies),
            "other_body" => assert!(
                !verifies && sim.verifies_under(&own, &spoilt, &[&spoilt.body[..], b" "].concat())
            ),
            "drop_header:nonce" => {
                assert!(spoilt.header("Wechatpay-Nonce").is_empty() && !signature.is_empty());
            }
            "sm2" => assert!(spoilt.header("Wechatpay-Signature-Type").contains("SM2")),
            // An old but genuine answer: only the clock can tell. The server's own clock shows in Date.
            _ => assert!(
                (now() - date(spoilt.header("Date"))).abs_diff(if kind.starts_with("skew") {
                    301
                } else {
                    0
                }) < 30
                    && verifies
                    && (now() - spoilt.header("Wechatpay-Timestamp").parse::<i64>().unwrap())
                        .abs_diff(301)
                        < 30
            ),
        }
    }
}

/// Unix seconds, by the date command.
fn date(text: &str) -> i64 {
    let output = run("date", &["-d", text, "+%s"], b"").stdout;
    String::from_utf8(output).unwrap().trim().parse().unwrap()
}

#[test]
fn a_fault_after_the_action_leaves_it_done_and_one_before_does_not() {
    let sim = Sim::start(&[]);
    for (at, (kind, curl, status, done)) in [
        // curl: 18 is a partial body, 56 a failure in receiving, 52 no answer at all
        ("reset", &[52, 56][..], 0, true),
        ("truncate", &[18][..], 200, true),
        ("html", &[0][..], 200, true),
        ("status:500", &[0][..], 500, true),
        ("status:202", &[0][..], 202, true),
        ("status:204", &[0][..], 204, true),
        ("bad_signature", &[0][..], 200, true),
        ("status:429", &[0][..], 429, false),
        ("status:403", &[0][..], 403, false),
        // What a client must not take for a refusal is done.
        ("status:408", &[0][..], 408, true),
        ("status:409", &[0][..], 409, true),
        ("error:400:PARAM_ERROR", &[0][..], 400, false),
        ("error:400:ALREADY_EXISTS", &[0][..], 400, true),
        ("error:400:", &[0][..], 400, true),
        ("no_request_id:400", &[0][..], 400, true),
        ("retry_after:7", &[0][..], 429, false),
        ("html:403", &[0][..], 403, true),
        ("redirect:307", &[0][..], 307, true),
        ("gzip", &[0][..], 200, true),
        ("oversize:5000", &[0][..], 200, true),
    ]
    .into_iter()
    .enumerate()
    {
        let number = format!("ORDER-{at:04}");
        sim.fault(NATIVE, kind);
        let body = sim.order(&number, "http://127.0.0.1:1/n").to_string();
        let output = sim.try_send(&Call::new("POST", NATIVE, body.as_bytes()));
        let code = output.status.code().unwrap();
        assert!(curl.contains(&code), "{kind}: curl ended with {code}");
        if status != 0 {
            let reply = parse(&output.stdout);
            assert_eq!(reply.status, status, "{kind}");
            match kind {
                "truncate" => assert_eq!(
                    reply.header("Content-Length").parse::<usize>().unwrap() / 2,
                    reply.body.len()
                ),
                "html" => assert!(
                    reply.header("Content-Type").starts_with("text/html")
                        && reply.header("Wechatpay-Signature").is_empty()
                ),
                "status:500" => assert_eq!(reply.json()["code"], "SYSTEM_ERROR"),
                "status:429" => assert_eq!(
                    (reply.json()["code"].as_str(), reply.number()),
                    (Some("FREQUENCY_LIMITED"), "268447840")
                ),
                "status:202" | "status:204" => assert!(sim.verifies(&reply.headers, &reply.body)),
                "error:400:ALREADY_EXISTS" => assert_eq!(reply.json()["code"], "ALREADY_EXISTS"),
                "error:400:" => assert!(reply.json()["code"].is_null()),
                "no_request_id:400" => assert_eq!(reply.header("Request-ID"), ""),
                "retry_after:7" => assert_eq!(reply.header("Retry-After"), "7"),
                "redirect:307" => assert!(reply.header("Location").ends_with(".invalid/")),
                "gzip" => {
                    let plain = run("gzip", &["-d"], &reply.body).stdout;
                    assert!(
                        reply.header("Content-Encoding") == "gzip"
                            && sim.verifies(&reply.headers, &plain)
                    );
                }
                "oversize:5000" => {
                    assert!(reply.body.len() == 5000 && sim.verifies(&reply.headers, &reply.body))
                }
                _ => {}
            }
        }
        let query = sim.query(&format!(
            "/v3/pay/transactions/out-trade-no/{number}?mchid={}",
            sim.get("mchid")
        ));
        assert_eq!(query.status, if done { 200 } else { 404 }, "{kind}");
    }
    let stats = sim.stats();
    assert_eq!(stats["hits"]["POST /v3/pay/transactions/native"], 20);
    assert_eq!(stats["actions"]["POST /v3/pay/transactions/native"], 16);
}

#[test]
fn faults_are_asked_for_together_listed_and_cleared() {
    let sim = Sim::start(&[]);
    let post = |wanted: &Value| sim.control("POST", "/_sim/faults", wanted).status;
    let list = || sim.control("GET", "/_sim/faults", &Value::Null).json();
    let wanted = json!([
        {"kind": "status:503", "path": "/v3/certificates", "method": "get"},
        {"kind": "html", "count": 2},
    ]);
    assert_eq!(post(&wanted), 204);
    assert_eq!(sim.query("/v3/certificates").status, 503);
    assert_eq!(
        list(),
        json!([{"path": "/", "method": null, "left": 2, "kind": "html"}])
    );
    // None of an array with a wrong one is taken.
    assert_eq!(post(&json!([{"kind": "gzip"}, {"kind": "other"}])), 400);
    assert_eq!(post(&json!({"kind": "gzip", "path": "/brand/"})), 204);
    assert_eq!(list().as_array().unwrap().len(), 2);
    assert_eq!(
        sim.control("DELETE", "/_sim/faults", &Value::Null).status,
        204
    );
    assert_eq!(list(), json!([]));
    assert_eq!(sim.query("/v3/certificates").status, 200);
}

#[test]
fn a_header_asks_for_a_fault_of_its_own_request() {
    let sim = Sim::start(&[]);
    let send = |fault: &str| {
        let call = Call::new("GET", "/v3/certificates", b"");
        sim.send(&call.header(&format!("X-Sim-Fault: {fault}")))
    };
    assert_eq!(
        (send("html:502").status, send("status:503").status),
        (502, 503)
    );
    for unknown in ["other", "status:1", "reset:accept"] {
        let reply = send(unknown);
        assert_eq!(
            (reply.status, reply.json()["code"].as_str()),
            (400, Some("INVALID_REQUEST")),
            "{unknown}"
        );
    }
    assert_eq!(sim.query("/v3/certificates").status, 200);
}

#[test]
fn keys_rotate_move_to_the_public_key_and_are_withdrawn() {
    let sim = Sim::start(&[]);
    let public = sim.get("public_key_id").to_owned();
    let first = sim.get("_platform_serial").to_owned();
    let ask = |kind: &str, named: &str| {
        let mut call = Call::new("GET", "/v3/certificates", b"");
        if !named.is_empty() {
            call = call.header(&format!("Wechatpay-Serial: {named}"));
        }
        if !kind.is_empty() {
            call = call.header(&format!("X-Sim-Fault: {kind}"));
        }
        let reply = sim.send(&call);
        let listed: Vec<String> = reply.json()["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["serial_no"].as_str().unwrap().to_owned())
            .collect();
        (reply.header("Wechatpay-Serial").to_owned(), listed)
    };
    assert_eq!(ask("", ""), (first.clone(), vec![first.clone()]));
    let (second, listed) = ask("rotate", "");
    assert_eq!(listed, [first.clone(), second.clone()]);
    assert_ne!(second, first);
    assert_eq!(ask("", &public).0, public);
    assert_eq!(ask("rotate:certificate", &public).0, second);
    assert_eq!(ask("rotate:public_key", "").0, public);
    assert_eq!(ask("", &first).0, public);
    // The list that shows the withdrawal has the new one alone.
    let (_, listed) = ask("withdraw", "");
    assert!(
        listed.len() == 1 && listed[0] != first && listed[0] != second,
        "{listed:?}"
    );
}

#[test]
fn a_merchant_without_certificates_hears_it_in_three_ways() {
    let sim = Sim::start(&[]);
    for (kind, status, code) in [
        ("certificates_404", 404, "RESOURCE_NOT_EXISTS"),
        ("certificates_not_found", 404, "NOT_FOUND"),
        ("certificates_500", 500, "SYSTEM_ERROR"),
    ] {
        sim.fault("/v3/certificates", kind);
        let reply = sim.query("/v3/certificates");
        assert_eq!(
            (reply.status, reply.json()["code"].as_str()),
            (status, Some(code)),
            "{kind}"
        );
        assert_eq!(sim.query("/v3/certificates").status, 200);
    }
}

#[test]
fn a_delay_and_a_wrong_wish() {
    let sim = Sim::start(&[]);
    sim.fault("/v3/certificates", "delay_ms:700");
    let start = Instant::now();
    assert_eq!(sim.query("/v3/certificates").status, 200);
    assert!(start.elapsed() >= Duration::from_millis(700));
    for wish in [
        json!({"path": "/v3/", "kind": "other"}),
        json!({"kind": "html"}),
        json!({"path": "/v3/"}),
        json!([]),
    ] {
        assert_eq!(
            sim.control("POST", "/_sim/fault", &wish).status,
            400,
            "{wish}"
        );
    }
    assert_eq!(
        sim.control(
            "POST",
            "/_sim/fault",
            &json!({"path": "/v3/", "kind": "html", "count": 9})
        )
        .status,
        204
    );
    assert_eq!(
        sim.control("POST", "/_sim/fault", &json!({"kind": "clear"}))
            .status,
        204
    );
    assert_eq!(
        sim.query("/v3/certificates").json()["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}
