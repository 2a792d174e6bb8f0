//! S23: what WeChat Pay or a file says is text to a terminal, and the exact bytes to a program.

use crate::place::{Place, number, on_a_terminal};

const RAW: &[char] = &['\u{7}', '\u{9b}', '\u{202e}', '\u{200b}'];

#[test]
fn a_body_is_exact_for_a_program_and_harmless_on_a_terminal() {
    let place = Place::new(&[]);
    let number = number();
    let mut order = place.sim.order(&number, "http://127.0.0.1:9/");
    order["attach"] = "a\u{202e}b\u{9b}31mc\u{200b}支付".into();
    let order = order.to_string();
    let run = place.wxpay(
        &[
            "request",
            "POST",
            "/v3/pay/transactions/native",
            "--body",
            "-",
        ],
        order.as_bytes(),
    );
    assert_eq!(run.status, 0, "{}", run.err);
    place.sim.control(
        "POST",
        &format!("/_sim/pay/{number}"),
        &serde_json::json!({}),
    );
    let target = format!(
        "/v3/pay/transactions/out-trade-no/{number}?mchid={}",
        place.mchid()
    );
    let exact = place.wxpay(&["request", "GET", &target], b"");
    assert!(
        exact.text().contains("a\u{202e}b\u{9b}31mc\u{200b}支付"),
        "{}",
        exact.text()
    );
    let shown = on_a_terminal(&["request", "GET", &target, "--config", &place.config]);
    assert!(shown.contains("a\\u202eb\\u009b31mc\\u200b支付"), "{shown}");
    assert!(!shown.contains(RAW), "{shown}");
    let raw = on_a_terminal(&[
        "request",
        "GET",
        &target,
        "--raw",
        "--config",
        &place.config,
    ]);
    assert!(raw.contains('\u{202e}'), "{raw}");
}

#[test]
fn a_saved_message_and_a_file_name_are_shown_escaped() {
    let place = Place::new(&[]);
    let saved = "HTTP/1.1 200 OK\r\nWechatpay-Serial: a\u{202e}\u{9b}\r\nWechatpay-Timestamp: 1\r\nWechatpay-Nonce: n\r\nWechatpay-Signature: \u{200b}\r\n\r\n{}";
    for options in [
        &["verify", "-", "--at", "1"][..],
        &["verify", "-", "--at", "1", "--json"],
    ] {
        let run = place.wxpay(options, saved.as_bytes());
        assert_eq!(run.status, 1, "{}", run.words());
        assert!(!run.words().contains(RAW), "{options:?} {}", run.words());
    }
    let evil = place.sim.path("a\u{202e}b\u{7}.pem");
    std::fs::write(&evil, "no key").unwrap();
    for options in [
        &["certs", "show", &evil][..],
        &["certs", "show", &evil, "--json"],
        &["verify", "/nowhere/\u{202e}\u{7}"],
    ] {
        let run = place.wxpay(options, b"");
        assert_ne!(run.status, 0);
        assert!(!run.words().contains(RAW), "{options:?} {}", run.words());
    }
}
