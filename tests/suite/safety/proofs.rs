//! S1: NOT_SENT is proved by the flag of the first write and by nothing else.

use std::time::Duration;

use serde_json::Value;
use wxpay::diag::explain_response;
use wxpay::error::Outcome;
use wxpay::http::Message;
use wxpay::time;
use wxpay::v3::compose;

use super::outcomes::{HTML, ID, ORDER, PARAM};
use super::raw::Raw;
use super::wechat::{self, client, code, pairs, refused};

#[test]
fn an_answer_before_the_request_is_complete_leaves_the_outcome_unknown() {
    let body = PARAM.as_bytes();
    let answer = wechat::http(413, body, &pairs(&[("Request-ID", ID)]));
    for (name, reads_on) in [("reads on", true), ("closes", false)] {
        let answer = answer.clone();
        let server = Raw::start(move |peer| {
            assert!(peer.head());
            peer.send(&answer);
            if reads_on {
                peer.request();
            }
        });
        let client = wxpay::client::Client::new(&wechat::config(&server.url)).unwrap();
        let error = refused(name, client.call("POST", "/v3/x", &vec![b'a'; 5 << 20]));
        assert_eq!(error.fields().outcome, Outcome::Unknown, "{name}: {error}");
        // Nor does it become a refusal when it is looked at once more.
        let request = error.fields().request.clone().unwrap();
        let Some(response) = error.fields().response.clone() else {
            assert!(!reads_on, "{error}");
            continue;
        };
        let report = explain_response(&client.merchant, &request, &response, time::clock());
        let report: Value = serde_json::from_str(&report.unwrap()).unwrap();
        assert_eq!(report["outcome"], 0, "{name}: {report}");
        let again = client.check(&request, &mut (*response).clone(), time::clock());
        assert_eq!(
            refused(name, again).fields().outcome,
            Outcome::Unknown,
            "{name}"
        );
    }
}

/// The refusal of a repeat says nothing of the first attempt, whoever asks how often.
#[test]
fn a_refused_repeat_stays_undecided_when_it_is_explained() {
    let server = Raw::start(|peer| {
        if peer.connection > 0 {
            peer.request();
            peer.send(&wechat::http(
                400,
                PARAM.as_bytes(),
                &pairs(&[("Request-ID", ID)]),
            ));
            return;
        }
        if peer.request().is_some() {
            peer.send(&wechat::signed_http(200, b"{}"));
            peer.request();
            peer.close();
        }
    });
    let client = wxpay::client::Client::new(&wechat::config(&server.url)).unwrap();
    client.call("GET", "/v3/x", b"").unwrap();
    let mut refund = compose::request("POST", "/v3/x", b"{}").unwrap();
    compose::set_option(&mut refund, "idempotent", "1").unwrap();
    let error = refused("refund", client.send(&refund));
    assert_eq!(
        (code(&error), error.fields().outcome),
        (400, Outcome::Unknown),
        "{error}"
    );
    assert_eq!(server.seen().len(), 3);
    let response = error.fields().response.clone().unwrap();
    let report = explain_response(&client.merchant, &refund, &response, time::clock()).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["outcome"], 0, "{report}");
}

#[test]
fn a_timeout_after_one_byte_of_a_large_body_leaves_the_outcome_unknown() {
    let server = Raw::start(|peer| {
        peer.wait_for_bytes();
        std::thread::sleep(Duration::from_millis(600));
    });
    let config = wechat::with(&server.url, &[("timeout_ms", "300")]);
    let client = wxpay::client::Client::new(&config).unwrap();
    let error = refused("5 MB", client.call("POST", "/v3/x", &vec![b'a'; 5 << 20]));
    assert_eq!(
        (code(&error), error.fields().outcome),
        (302, Outcome::Unknown),
        "{error}"
    );
    assert!(!error.fields().retryable);
}

/// Nothing that looks at an answer can prove that nothing was sent.
#[test]
fn outcome_is_unknown_unless_proved() {
    // SAFETY: NULL is allowed.
    assert_eq!(
        unsafe { wxpay::ffi::error::wxpay_error_outcome(std::ptr::null()) },
        0
    );
    for row in wxpay::error::TABLE {
        let error = wxpay::error::Error::new(row.status, "x");
        assert_eq!(error.fields().outcome, Outcome::Unknown, "{}", row.name);
    }
    let client = client();
    let request = Message::request("POST", "/v3/x", Default::default());
    for status in 0..=1000 {
        for body in ["", PARAM, HTML, ORDER, r#"{"code":"SYSTEM_ERROR"}"#] {
            let mut response =
                wechat::response(status, body.as_bytes(), &pairs(&[("Request-ID", ID)]));
            let error = refused(status, client.check(&request, &mut response, time::clock()));
            assert_ne!(
                error.fields().outcome,
                Outcome::NotSent,
                "check of {status} {body}"
            );
            let error = refused(status, client.load_certificates(&response, time::clock()));
            assert_ne!(
                error.fields().outcome,
                Outcome::NotSent,
                "load of {status} {body}"
            );
        }
    }
    let error = refused(
        "notify",
        client.open_notification(&wechat::notification(b"{}", &[]), time::clock()),
    );
    assert_eq!(error.fields().outcome, Outcome::Unknown);
}

/// Everything that fails before a connection takes a byte is NOT_SENT, and nothing else.
#[test]
fn a_call_that_wrote_nothing_is_not_sent() {
    let client = client();
    for (case, error) in [
        (
            "refused connection",
            refused("", client.call("POST", "/v3/x", b"{}")),
        ),
        (
            "foreign host",
            refused("", client.call("POST", "https://evil.example/v3/x", b"{}")),
        ),
        (
            "body on GET",
            refused("", client.call("GET", "/v3/x", b"{}")),
        ),
        (
            "a response",
            refused("", client.send(&wechat::signed(200, b""))),
        ),
    ] {
        assert_eq!(error.fields().outcome, Outcome::NotSent, "{case}: {error}");
    }
}

/// Memory that is refused, before a byte is out and after: the same status, not the same outcome.
#[test]
fn out_of_memory_is_not_sent_only_before_the_first_write() {
    const NAME: &str = "safety::proofs::out_of_memory_is_not_sent_only_before_the_first_write";
    if !super::child::runs_here(NAME, &[], &[]) {
        return;
    }
    let server = Raw::start(|peer| {
        let chunk = vec![b'a'; 1 << 20];
        if peer.head() && peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n") {
            for _ in 0..1000 {
                if !peer.send(&chunk) {
                    break;
                }
            }
        }
    });
    let config = wechat::with(&server.url, &[("max_response_bytes", "1073741824")]);
    let client = wxpay::client::Client::new(&config).unwrap();
    let large = vec![b'a'; 150 << 20];
    let used: u64 = std::fs::read_to_string("/proc/self/statm")
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .parse::<u64>()
        .unwrap()
        * 4096;
    let limit = libc::rlimit {
        rlim_cur: used + (130 << 20),
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: a value of the right type, for this process alone.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_AS, &limit) }, 0);
    let error = refused("before", client.call("POST", "/v3/x", &large));
    assert_eq!(
        (code(&error), error.fields().outcome),
        (503, Outcome::NotSent),
        "{error}"
    );
    let error = refused("after", client.call("POST", "/v3/x", b"{}"));
    assert_eq!(
        (code(&error), error.fields().outcome),
        (503, Outcome::Unknown),
        "{error}"
    );
}
