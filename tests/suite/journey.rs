//! The main job through the Rust face of the core: order, query, close, refund.

use wxpay::http::Verified;

use crate::c_program::{Program, succeeded};
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

/// Each step of the journey prints its number; the last line is `demo: ok`.
fn journey(what: &str, output: &std::process::Output) {
    let text = succeeded(what, output);
    assert!(text.ends_with("demo: ok\n"), "{what}: {text}");
    assert_eq!(
        text.lines()
            .filter(|line| line.get(2..4) == Some(". "))
            .count(),
        8,
        "{what}: {text}"
    );
}

#[test]
fn the_c_journey_runs_over_the_store_that_the_environment_names() {
    let simulator = Simulator::start();
    let program = Program::compile("journey.c", &["gcc", "-std=c99"]);
    let store = simulator.file("ca.pem");
    journey(
        "plain",
        &program
            .command(&store)
            .arg(&simulator.dir)
            .output()
            .unwrap(),
    );
    journey(
        "valgrind",
        &program
            .under_valgrind(&store)
            .arg(&simulator.dir)
            .output()
            .unwrap(),
    );
    let sanitized = Program::compile(
        "journey.c",
        &["gcc", "-std=c11", "-fsanitize=address,undefined"],
    );
    journey(
        "sanitizers",
        &sanitized
            .command(&store)
            .arg(&simulator.dir)
            .output()
            .unwrap(),
    );
}

/// S27: a signature does not say what it answers, nor how often it was sent. The journey compares and counts; it fails
/// when a genuine answer about another order, amount or merchant is taken for this one's, or a notification handled twice.
#[test]
fn the_c_journey_rejects_a_swapped_answer_and_a_replay() {
    let simulator = Simulator::start();
    let program = Program::compile("journey.c", &["gcc", "-std=c99"]);
    let output = program
        .command(&simulator.file("ca.pem"))
        .arg(&simulator.dir)
        .output()
        .unwrap();
    let text = succeeded("journey", &output);
    for line in [
        "known already, nothing is done",
        "a genuine answer about another order is not taken for this one's",
    ] {
        assert_eq!(text.matches(line).count(), 1, "{line}: {text}");
    }
    // Both answers and both notifications verified: only the comparison tells them apart.
    assert_eq!(
        text.matches("TRANSACTION.SUCCESS, signed by").count(),
        2,
        "{text}"
    );
}

/// The guideline's case: the store does not hold the server's root.
#[test]
fn the_c_journey_says_what_to_do_when_the_root_is_not_in_the_store() {
    let simulator = Simulator::start();
    let other = Simulator::start();
    let program = Program::compile("journey.c", &["gcc", "-std=c99"]);
    let output = program
        .command(&other.file("ca.pem"))
        .arg(&simulator.dir)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for part in [
        "TLS_UNKNOWN_ISSUER (310)",
        "outcome: NOT_SENT",
        "SSL_CERT_FILE",
    ] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}
