//! `wxpay sign` and `wxpay request`.

use crate::harness::{openssl, unbase64};
use crate::place::{Place, number};
use serde_json::{Value, json};

const PAY: &str = "/v3/pay/transactions/native";

/// The signature is openssl's to judge, over lines that this test writes itself (protocol.md §1.1).
#[test]
fn a_signed_request_verifies_with_openssl_and_is_accepted() {
    let place = Place::new(&[]);
    let body = "{\"a\":\"支付\"}\n".as_bytes();
    for (method, target, body) in [
        ("GET", "/v3/certificates", &b""[..]),
        ("POST", PAY, body),
        ("DELETE", "/v3/x?a=1&b=%20", b""),
    ] {
        let mut options = vec!["sign", method, target, "--json"];
        if !body.is_empty() {
            options.extend(["--body", "-"]);
        }
        let report = place.wxpay(&options, body).json();
        let authorization = report["authorization"].as_str().unwrap();
        let field = |name: &str| {
            let rest = authorization.split(&format!("{name}=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        assert!(
            authorization.starts_with("WECHATPAY2-SHA256-RSA2048 "),
            "{authorization}"
        );
        assert_eq!(field("mchid"), place.mchid());
        assert_eq!(field("serial_no"), place.sim.get("merchant_serial"));
        let mut message = format!(
            "{method}\n{target}\n{}\n{}\n",
            field("timestamp"),
            field("nonce_str")
        )
        .into_bytes();
        message.extend_from_slice(body);
        message.push(b'\n');
        let signature = place.sim.file(&unbase64(&field("signature")));
        let public = place.sim.file(&openssl(
            &[
                "x509",
                "-in",
                &place.sim.path("apiclient_cert.pem"),
                "-noout",
                "-pubkey",
            ],
            b"",
        ));
        openssl(
            &[
                "dgst",
                "-sha256",
                "-verify",
                &public,
                "-signature",
                &signature,
            ],
            &message,
        );
        assert_eq!(report["explain"]["sign_message_length"], message.len());
    }
}

#[test]
fn sign_prints_one_header_or_all_and_explains_the_lines_with_their_lengths() {
    let place = Place::new(&[]);
    let one = place
        .wxpay(&["sign", "GET", "/v3/certificates"], b"")
        .text();
    assert!(
        one.starts_with("Authorization: WECHATPAY2-SHA256-RSA2048 mchid=\""),
        "{one}"
    );
    assert_eq!(one.lines().count(), 1);
    let all = place
        .wxpay(&["sign", "GET", "/v3/certificates", "--headers"], b"")
        .text();
    for name in ["Authorization", "Accept", "User-Agent", "Wechatpay-Serial"] {
        assert!(all.contains(&format!("{name}: ")), "{name}: {all}");
    }
    let run = place.wxpay(&["sign", "POST", PAY, "--body", "-", "--explain"], b"{}\n");
    for line in [
        "method, 4 bytes POST",
        "url, 27 bytes",
        "body, 3 bytes",
        "timestamp, 10 bytes",
    ] {
        assert!(run.words().contains(line), "{line}: {}", run.words());
    }
    assert!(run.err.contains("ends with a line feed"), "{}", run.err);
}

/// What the simulator answers is shown byte for byte; the order is really there.
#[test]
fn a_request_is_sent_and_its_verified_answer_printed() {
    let place = Place::new(&[]);
    let number = number();
    let order = place.sim.order(&number, "http://127.0.0.1:9/").to_string();
    let run = place.wxpay(&["request", "POST", PAY, "--body", "-"], order.as_bytes());
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(run.json()["code_url"].is_string(), "{}", run.text());
    let id = place.sim.get("public_key_id");
    assert!(
        run.err
            .contains(&format!("HTTP 200, signed by {id}, Request-ID ")),
        "{}",
        run.err
    );

    let target = format!(
        "/v3/pay/transactions/out-trade-no/{number}?mchid={}",
        place.mchid()
    );
    let run = place.wxpay(
        &[
            "request",
            "GET",
            &target,
            "--json",
            "--header",
            "Accept-Language: en",
        ],
        b"",
    );
    let report = run.json();
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    assert_eq!(report["verified"], 1);
    assert_eq!(report["http_status"], 200);
    assert_eq!(report["key_id"], id);
    let body: Value = serde_json::from_str(report["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["out_trade_no"], number.as_str());
    assert_eq!(report["body_bytes"], report["body"].as_str().unwrap().len());
}

/// The exit status is what a script may act on: each outcome has its own.
#[test]
fn the_exit_status_says_what_is_known_about_the_request() {
    let place = Place::new(&[]);
    let refused = json!({"mchid": place.mchid()}).to_string();
    for (fault, method, body, status, outcome) in [
        (None, "POST", refused.as_str(), 1, "REJECTED"),
        (Some("bad_signature"), "POST", "", 2, "DONE_UNVERIFIED"),
        (Some("no_signature"), "POST", "", 2, "DONE_UNVERIFIED"),
        (Some("sign_probe"), "POST", "", 2, "DONE_UNVERIFIED"),
        (Some("reset"), "POST", "", 2, "UNKNOWN"),
        (Some("status:500"), "POST", "", 2, "UNKNOWN"),
        (Some("html"), "POST", "", 2, "DONE_UNVERIFIED"),
    ] {
        if let Some(kind) = fault {
            place.sim.fault(PAY, kind);
        }
        let order = place
            .sim
            .order(&number(), "http://127.0.0.1:9/")
            .to_string();
        let body = if body.is_empty() { &order } else { body };
        let run = place.wxpay(&["request", method, PAY, "--body", "-"], body.as_bytes());
        assert_eq!(run.status, status, "{fault:?}: {}", run.err);
        assert_eq!(
            run.text(),
            "",
            "{fault:?}: no answer that is not verified is handed out"
        );
        assert!(
            run.err.contains(&format!("Outcome: {outcome}.")),
            "{fault:?}: {}",
            run.err
        );

        if let Some(kind) = fault {
            place.sim.fault(PAY, kind);
        }
        let run = place.wxpay(
            &["request", method, PAY, "--body", "-", "--json"],
            body.as_bytes(),
        );
        assert_eq!(run.status, status, "{fault:?}");
        assert_eq!(run.json()["outcome_name"], outcome, "{fault:?}");
    }
    // Nobody listens there.
    let nowhere = place.with(&[("base_url", "http://127.0.0.1:9")]);
    let run = place.wxpay_as(&nowhere, &["request", "GET", "/v3/x"], b"");
    assert_eq!(run.status, 3, "{}", run.err);
    assert!(run.err.contains("Outcome: NOT_SENT."), "{}", run.err);
    // Refused before anything was signed.
    for (method, target) in [
        ("get", "/v3/x"),
        ("GET", "https://evil.example/v3/x"),
        ("GET", "/v3/a b"),
    ] {
        let run = place.wxpay(&["request", method, target], b"");
        assert_eq!(
            (run.status, run.text().as_str()),
            (3, ""),
            "{method} {target}: {}",
            run.err
        );
    }
}

#[test]
fn a_promise_and_a_time_limit_reach_the_library() {
    let place = Place::new(&[]);
    let target = format!(
        "/v3/pay/transactions/out-trade-no/none123?mchid={}",
        place.mchid()
    );
    place.sim.fault("/v3/pay", "delay_ms:3000");
    let run = place.wxpay(
        &["request", "GET", &target, "--timeout-ms", "300", "--json"],
        b"",
    );
    assert_eq!(run.status, 2, "{}", run.err);
    assert_eq!(run.json()["name"], "TIMEOUT");
    // The server read it all and cut the connection: with the promise the error says that it may be sent again.
    for (options, retryable) in [(&[][..], false), (&["--idempotent"], true)] {
        place.sim.fault(PAY, "reset");
        let mut all = vec!["request", "POST", PAY, "--body", "-", "--json"];
        all.extend(options);
        let run = place.wxpay(&all, b"{}");
        assert_eq!(
            run.json()["retryable"],
            retryable,
            "{options:?}: {}",
            run.text()
        );
    }
}

/// 3 would say that nothing was sent, and somebody would send it again.
#[test]
fn an_answer_that_cannot_be_written_down_is_not_called_unsent() {
    let place = Place::new(&[]);
    let order = place
        .sim
        .order(&number(), "http://127.0.0.1:9/")
        .to_string();
    for redirected in ["> /dev/full", "2> /dev/full > /dev/full"] {
        let script = format!("\"$0\" request POST {PAY} --body - --config \"$1\" {redirected}");
        let wxpay = env!("CARGO_BIN_EXE_wxpay");
        let output = crate::harness::run(
            "sh",
            &["-c", &script, wxpay, &place.config],
            order.as_bytes(),
        );
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{redirected}: {errors}");
    }
    assert_eq!(
        place.sim.stats()["hits"]["POST /v3/pay/transactions/native"],
        2,
        "{}",
        place.sim.stats()
    );
}
