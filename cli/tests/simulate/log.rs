//! What the log shows a developer: the string that was verified and the mistake in the one that was signed; and what it
//! never shows.

use crate::harness::*;
use crate::orders::{NATIVE, by_number};
use serde_json::json;
use std::path::Path;
use std::process::Stdio;

fn log_with(log: &Path, what: &str) -> String {
    wait_for(what, || {
        let text = std::fs::read_to_string(log).unwrap();
        text.contains(what).then_some(text)
    })
}

#[test]
fn each_request_is_one_line_with_its_verdict_and_fault() {
    let (sim, log) = Sim::start_logged(&[]);
    assert_eq!(sim.query("/v3/certificates").status, 200);
    sim.fault("/v3/", "html:502");
    sim.query("/v3/certificates?a=1");
    sim.fault("/v3/", "close:action");
    sim.try_send(&Call::new("GET", "/v3/certificates?a=2", b""));
    let text = log_with(&log, "close:action");
    let line = |what: &str| {
        text.lines()
            .find(|line| line.contains(what))
            .unwrap_or_else(|| panic!("{what}: {text}"))
    };
    assert!(
        line("GET /v3/certificates ->").contains("-> 200, "),
        "{text}"
    );
    assert!(
        line("GET /v3/certificates ->").ends_with("signature verifies"),
        "{text}"
    );
    assert!(
        line("?a=1").contains("-> 502, ") && line("?a=1").ends_with("; fault html:502"),
        "{text}"
    );
    assert!(
        line("?a=2").contains("-> fault, ") && line("?a=2").ends_with("; fault close:action"),
        "{text}"
    );
    assert!(line("/_sim/fault").ends_with("a control"), "{text}");
}

/// Whatever became of the answer; a witness when a client does not know.
#[test]
fn the_log_says_whether_it_was_done() {
    let (sim, log) = Sim::start_logged(&[]);
    let send = |number: &str, fault: &str| {
        let body = sim.order(number, "http://127.0.0.1:9/notify").to_string();
        let target = format!("{NATIVE}?t={number}");
        let call = Call::new("POST", &target, body.as_bytes());
        sim.try_send(&call.header(&format!("X-Sim-Fault: {fault}")));
    };
    for (number, fault, done) in [
        ("DONE-0001", "chunked", true),
        ("DONE-0002", "reset:action", true),
        ("DONE-0003", "reset:request", false),
        ("DONE-0004", "error:400:PARAM_ERROR", false),
        ("DONE-0005", "error:400:SYSTEM_ERROR", true),
    ] {
        send(number, fault);
        let found = by_number(&sim, number).status == 200;
        assert_eq!(found, done, "{number}");
        let text = log_with(&log, number);
        let line = text.lines().find(|line| line.contains(number)).unwrap();
        let end = if done { "; done; fault " } else { "; fault " };
        assert!(line.ends_with(&format!("{end}{fault}")), "{line}");
        assert_eq!(line.contains("; done"), done, "{line}");
    }
}

#[test]
fn what_was_answered_is_in_the_log_when_the_simulator_has_ended() {
    let (sim, log) = Sim::start_logged(&[]);
    for number in 0..40 {
        sim.query(&format!("/v3/certificates?t={number}"));
    }
    sim.terminate();
    let text = std::fs::read_to_string(log).unwrap();
    assert_eq!(
        text.matches("GET /v3/certificates?t=").count(),
        40,
        "{text}"
    );
}

/// The mistakes are made with openssl here; the log has to find each out.
#[test]
fn a_wrong_signature_is_explained_by_what_was_signed() {
    let (sim, log) = Sim::start_logged(&[]);
    let target = "/v3/pay/transactions/native?a=%E8%8C%B6";
    let body = r#"{"description":"茶","amount":{"total":1}}"#;
    let call = || Call::new("POST", target, body.as_bytes());
    let changed = |from: &str, to: &str| {
        let from = from.to_owned();
        let to = to.to_owned();
        move |message: &str| message.replace(&from, &to)
    };
    let url = format!("{}{target}", sim.base);
    type Mistake = Box<dyn Fn(&str) -> String>;
    let mistakes: Vec<(&str, Mistake)> = vec![
        (
            "the string without the line feed at its end",
            Box::new(|message| message[..message.len() - 1].to_owned()),
        ),
        (
            "the string with CR LF for each line feed",
            Box::new(changed("\n", "\r\n")),
        ),
        (
            "the path without its query",
            Box::new(changed("?a=%E8%8C%B6", "")),
        ),
        (
            "the whole URL instead of path and query",
            Box::new(changed(target, &url)),
        ),
        (
            "the URL before it was percent-encoded",
            Box::new(changed("%E8%8C%B6", "茶")),
        ),
        (
            "the method in lower case",
            Box::new(changed("POST", "post")),
        ),
        ("no body", Box::new(changed(body, ""))),
        ("a body of {}", Box::new(changed(body, "{}"))),
        (
            "the body with a line feed more",
            Box::new(|message| format!("{message}\n")),
        ),
        // python3 -c 'import json; print(json.dumps({"description": "茶", "amount": {"total": 1}}))'
        (
            "the same JSON, as Python's json.dumps writes it",
            Box::new(changed(
                body,
                r#"{"description": "\u8336", "amount": {"total": 1}}"#,
            )),
        ),
        (
            "the three lines of an answer instead of the five of a request",
            Box::new(|message| message.splitn(3, '\n').nth(2).unwrap().to_owned()),
        ),
    ];
    for (name, mistake) in mistakes {
        let call = call();
        let right = String::from_utf8(call.message()).unwrap();
        let authorization = sim.authorization(&call).replace(
            &sim.sign(right.as_bytes()),
            &sim.sign(mistake(&right).as_bytes()),
        );
        let reply = sim.send(&Call {
            authorization: Some(authorization),
            ..call
        });
        assert_eq!(reply.status, 401, "{name}");
        log_with(&log, &format!("What was signed: {name}."));
    }
}

#[test]
fn the_string_that_was_verified_is_shown_with_its_length_and_digest() {
    let (sim, log) = Sim::start_logged(&[]);
    let body = format!("{{\"description\":\"\u{202e}{}\"}}", "茶".repeat(40));
    let call = || Call::new("POST", NATIVE, body.as_bytes());
    let digest = |bytes: &[u8]| {
        let text = String::from_utf8(openssl(&["dgst", "-sha256", "-r"], bytes)).unwrap();
        text.split(' ').next().unwrap().to_owned()
    };

    let first = Call {
        signed_body: Some(b"something else"),
        ..call()
    };
    let signed = first.message();
    sim.send(&first);
    let right = Call {
        signed_body: None,
        ..first
    }
    .message();
    let text = log_with(&log, &digest(&signed));
    assert!(
        text.contains(&format!(
            "has {} bytes and the sha256 {}",
            right.len(),
            digest(&right)
        )),
        "{text}"
    );
    assert!(
        text.contains("POST\\n/v3/pay/transactions/native\\n"),
        "{text}"
    );
    assert!(
        text.contains(&format!("of the body's {} bytes the first ", body.len())),
        "{text}"
    );
    assert!(
        !text.contains('\u{202e}') && text.contains("\\u{202e}茶"),
        "{text}"
    );
    assert!(
        text.contains("The private key is right; another string was signed."),
        "{text}"
    );

    // Another digest, another key, no base64.
    let second = call();
    let sha1 = base64(&openssl(
        &["dgst", "-sha1", "-sign", &sim.path("apiclient_key.pem")],
        &second.message(),
    ));
    let wrong_key = sim.sign_with("brand_key.pem", &second.message());
    let good = sim.authorization(&second);
    let right = sim.sign(&second.message());
    for (signature, what) in [
        (sha1.as_str(), "the digest is SHA-1, and must be SHA-256"),
        (
            wrong_key.as_str(),
            "It was not made with the private key of this certificate",
        ),
        ("a*b=", "The signature is not base64"),
        (
            "YWJj",
            "The signature has 3 bytes; the key of the certificate makes 256.",
        ),
    ] {
        let authorization = good.replace(&right, signature);
        sim.send(&Call {
            authorization: Some(authorization),
            ..call()
        });
        log_with(&log, what);
    }
}

#[test]
fn the_log_holds_no_key_and_no_authorization_and_foreign_text_is_escaped() {
    let (sim, log) = Sim::start_logged(&["--verbose"]);
    let call = Call {
        signed_body: Some(b"{}"),
        ..Call::new("POST", NATIVE, b"{\"a\":1}")
    };
    let authorization = sim.authorization(&call);
    sim.send(&call);
    sim.query("/v3/certificates?%1b]0;x");
    sim.curl("GET", "/v3/x", b"", &["Host: evil\u{9b}example".to_owned()]);
    sim.post(NATIVE, &sim.order("ORDER-0001", "http://127.0.0.1:1/n"));
    sim.control("POST", "/_sim/pay/ORDER-0001", &json!({}));
    let text = log_with(&log, "notification ");
    let (_, signature) = authorization.split_once("signature=\"").unwrap();
    for secret in [
        signature.trim_end_matches('"'),
        sim.get("api_v3_key"),
        sim.get("api_v2_key"),
        "PRIVATE KEY",
        "WECHATPAY2-SHA256-RSA2048",
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(
        text.chars().all(|one| one == '\n' || !one.is_control()),
        "{text:?}"
    );
}

#[test]
fn a_log_that_nobody_reads_does_not_stop_the_server_and_quiet_writes_none() {
    let dir = directory();
    let child = command(env!("CARGO_BIN_EXE_wxpay"))
        .args(["simulate", "--max-seconds", "120", "--dir"])
        .arg(&dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let sim = Sim::ready(child, dir);
    // 500 lines of more than 300 bytes: more than a pipe of 64 KiB holds.
    let url = format!("{}/_sim/stats?{}[1-500]", sim.base, "x".repeat(300));
    let output = run(
        "curl",
        &[
            "-sS",
            "--noproxy",
            "*",
            "--max-time",
            "60",
            "--cacert",
            &sim.path("ca.pem"),
            &url,
        ],
        b"",
    );
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(sim.query("/v3/certificates").status, 200);

    let (sim, log) = Sim::start_logged(&["--quiet"]);
    sim.query("/v3/certificates");
    assert_eq!(std::fs::read_to_string(log).unwrap(), "");
}
