//! S1, S2: what is known about a request that failed. Each row has one expected outcome; the rows
//! run through `check` with and without a complete request, and through `send`.

use std::time::Duration;

use wxpay::error::Outcome;
use wxpay::http::Message;
use wxpay::time;
use wxpay::v3::api_error::Sending;
use wxpay::v3::check::check;

use super::raw::Raw;
use super::wechat::{self, PUBLIC_KEY_ID, client, code, key, now, pairs, refused, signature};

/// How the answer is signed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sign {
    Good,
    Nothing,
    Probe,
    /// By another key than the id says.
    Wrong,
    UnknownSerial,
    Old,
    Twice,
    Sm2,
}
use Sign::{Good, Nothing, Old, Probe, Sm2, Twice, UnknownSerial, Wrong};

/// Expected: `None` is success.
type Row = (u16, &'static str, &'static str, bool, Sign, Option<Outcome>);

const ID: &str = "08F78BB8-268443699";
const PARAM: &str = r#"{"code":"PARAM_ERROR","message":"参数错误"}"#;
const ORDER: &str = r#"{"prepay_id":"wx201410272009395522657a690389285100"}"#;
const HTML: &str = "<html><body>Bad gateway</body></html>";
const U: Option<Outcome> = Some(Outcome::Unknown);
const R: Option<Outcome> = Some(Outcome::Rejected);
const D: Option<Outcome> = Some(Outcome::DoneUnverified);

const ROWS: &[Row] = &[
    // A documented refusal: every part of the proof is there.
    (400, PARAM, ID, true, Nothing, R),
    (400, PARAM, ID, true, Good, R),
    (400, PARAM, ID, true, Wrong, R),
    (400, r#"{"code":"INVALID_REQUEST"}"#, ID, true, Nothing, R),
    (401, r#"{"code":"SIGN_ERROR"}"#, ID, true, Nothing, R),
    (403, r#"{"code":"NO_AUTH"}"#, ID, true, Nothing, R),
    (404, r#"{"code":"ORDER_NOT_EXIST"}"#, ID, true, Nothing, R),
    (422, r#"{"code":"RULE_LIMIT"}"#, ID, true, Nothing, R),
    (429, r#"{"code":"FREQUENCY_LIMITED"}"#, ID, true, Nothing, R),
    (499, PARAM, ID, true, Nothing, R),
    (
        400,
        "{\"message\":\"m\",\"detail\":{\"field\":\"/a\"},\"code\":\"PARAM_ERROR\"}",
        ID,
        true,
        Nothing,
        R,
    ),
    // One part of it is missing.
    (400, PARAM, "", true, Nothing, U),
    (400, PARAM, ID, false, Nothing, U),
    (400, PARAM, "", false, Nothing, U),
    (413, PARAM, ID, false, Nothing, U),
    (401, r#"{"code":"SIGN_ERROR"}"#, "", true, Nothing, U),
    (408, PARAM, ID, true, Nothing, U),
    (409, PARAM, ID, true, Nothing, U),
    (409, r#"{"code":"CONFLICT"}"#, ID, true, Good, U),
    // Codes that say "I do not know" or "it may have happened".
    (400, r#"{"code":"SYSTEM_ERROR"}"#, ID, true, Nothing, U),
    (400, r#"{"code":"ACCEPT"}"#, ID, true, Nothing, U),
    (400, r#"{"code":"USERPAYING"}"#, ID, true, Nothing, U),
    (400, r#"{"code":"ALREADY_EXISTS"}"#, ID, true, Nothing, U),
    (403, r#"{"code":"SYSTEM_ERROR"}"#, ID, true, Good, U),
    (400, r#"{"code":"system_error"}"#, ID, true, Nothing, U),
    (400, r#"{"code":"SYSTEM_ERROR "}"#, ID, true, Nothing, U),
    (400, r#"{"code":"SYSTEM\u005fERROR"}"#, ID, true, Nothing, U),
    (
        400,
        r#"{"code":"PARAM_ERROR","code":"SYSTEM_ERROR"}"#,
        ID,
        true,
        Nothing,
        U,
    ),
    (
        400,
        r#"{"code":"SYSTEM_ERROR","code":"PARAM_ERROR"}"#,
        ID,
        true,
        Nothing,
        U,
    ),
    // Not the error form.
    (400, "", ID, true, Nothing, U),
    (400, "{}", ID, true, Nothing, U),
    (400, r#"{"code":""}"#, ID, true, Nothing, U),
    (400, r#"{"code":" "}"#, ID, true, Nothing, U),
    (400, r#"{"code":null}"#, ID, true, Nothing, U),
    (400, r#"{"code":400}"#, ID, true, Nothing, U),
    (400, r#"{"code":["PARAM_ERROR"]}"#, ID, true, Nothing, U),
    (400, r#"[{"code":"PARAM_ERROR"}]"#, ID, true, Nothing, U),
    (400, r#""PARAM_ERROR""#, ID, true, Nothing, U),
    (400, r#"{"code":"PARAM_ERROR","#, ID, true, Nothing, U),
    (400, r#"{"code":"PARAM_ERROR"}{"#, ID, true, Nothing, U),
    (400, HTML, ID, true, Nothing, U),
    (403, HTML, "", true, Nothing, U),
    (404, HTML, ID, true, Nothing, U),
    (400, r#"{"error":"invalid_request"}"#, ID, true, Nothing, U),
    // Servers and gateways that failed.
    (500, PARAM, ID, true, Nothing, U),
    (500, r#"{"code":"SYSTEM_ERROR"}"#, ID, true, Good, U),
    (502, HTML, "", true, Nothing, U),
    (503, PARAM, ID, true, Good, U),
    (504, "", ID, true, Nothing, U),
    (599, PARAM, ID, true, Nothing, U),
    // No final answer at all.
    (100, "", ID, true, Nothing, U),
    (101, PARAM, ID, true, Nothing, U),
    (199, PARAM, ID, true, Good, U),
    (301, "", ID, true, Nothing, U),
    (302, PARAM, ID, true, Good, U),
    (307, HTML, "", true, Nothing, U),
    (304, "", ID, true, Nothing, U),
    (600, PARAM, ID, true, Nothing, U),
    // Successes.
    (200, ORDER, ID, true, Good, None),
    (200, ORDER, "", true, Good, None),
    (204, "", ID, true, Good, None),
    (200, ORDER, ID, false, Good, U),
    (204, "", ID, false, Good, U),
    // Signed, but not a final answer.
    (201, ORDER, ID, true, Good, U),
    (202, ORDER, ID, true, Good, U),
    (206, ORDER, ID, true, Good, U),
    (299, ORDER, ID, true, Good, U),
    // It came, but it is not authentic.
    (200, ORDER, ID, true, Nothing, D),
    (200, ORDER, ID, true, Wrong, D),
    (200, ORDER, ID, true, Probe, D),
    (200, ORDER, ID, true, UnknownSerial, D),
    (200, ORDER, ID, true, Old, D),
    (200, ORDER, ID, true, Twice, D),
    (200, ORDER, ID, true, Sm2, D),
    (200, HTML, "", true, Nothing, D),
    (204, "", ID, true, Nothing, D),
    (202, ORDER, ID, true, Wrong, D),
    (200, ORDER, ID, false, Wrong, U),
    (200, ORDER, ID, false, Nothing, U),
    (204, "", ID, false, Nothing, U),
];

fn headers(row: &Row) -> Vec<(String, String)> {
    let (_, body, id, _, sign, _) = *row;
    let body = body.as_bytes();
    let mut headers = match sign {
        Nothing => Vec::new(),
        Wrong => signature(key(2), PUBLIC_KEY_ID, now(), body),
        UnknownSerial => signature(
            key(2),
            "PUB_KEY_ID_01190000000120240101000000000000FF",
            now(),
            body,
        ),
        Old => signature(wechat::wechat(), PUBLIC_KEY_ID, now() - 400, body),
        _ => signature(wechat::wechat(), PUBLIC_KEY_ID, now(), body),
    };
    match sign {
        Probe => headers[2].1.insert_str(0, "WECHATPAY/SIGNTEST/"),
        Twice => headers.extend(pairs(&[("Wechatpay-Nonce", "another")])),
        Sm2 => headers.extend(pairs(&[(
            "Wechatpay-Signature-Type",
            "WECHATPAY2-SM2-WITH-SM3",
        )])),
        _ => {}
    }
    if !id.is_empty() {
        headers.extend(pairs(&[("Request-ID", id)]));
    }
    headers
}

/// What every failed row must say beside its outcome (S2).
fn judge(case: &str, row: &Row, result: Result<(), wxpay::error::Error>) {
    let (status, _, _, _, _, want) = *row;
    match (result, want) {
        (Ok(()), None) => {}
        (Ok(()), Some(_)) => panic!("{case}: accepted"),
        (Err(error), None) => panic!("{case}: {error}"),
        (Err(error), Some(want)) => {
            let fields = error.fields();
            assert_eq!(fields.outcome, want, "{case}: {error}");
            assert_eq!(fields.http_status, status, "{case}");
            let may_repeat = status == 429 && want == Outcome::Rejected;
            assert_eq!(fields.retryable, may_repeat, "{case}: retryable");
            if want == Outcome::DoneUnverified {
                assert!(
                    fields.hint.contains("Query the order; do not deliver"),
                    "{case}: {}",
                    fields.hint
                );
                assert_eq!(
                    fields.response.as_ref().map_or(0, |one| one.body.len()),
                    0,
                    "{case}: an unverified body"
                );
            }
        }
    }
}

#[test]
fn check_gives_each_answer_its_one_outcome() {
    const _: () = assert!(ROWS.len() >= 60);
    let client = client();
    for (index, row) in ROWS.iter().enumerate() {
        let case = format!("row {index} {row:?}");
        let request = Message::request("POST", "/v3/pay/transactions/jsapi", Default::default());
        let mut response = wechat::response(row.0, row.1.as_bytes(), &headers(row));
        let verdict = check(
            &client.merchant,
            &request,
            &mut response,
            time::clock(),
            Sending {
                written_completely: row.3,
            },
        );
        judge(&case, row, verdict);
        let verified = match row {
            (200 | 204, _, _, true, Good, _) => 1,
            (201..300, _, _, _, Good, _) | (200, _, _, false, Good, _) => 1,
            (200..300, ..) => 0,
            _ => 3,
        };
        assert_eq!(response.verified as i32, verified, "{case}");
        if row.3 {
            let mut response = wechat::response(row.0, row.1.as_bytes(), &headers(row));
            judge(
                &case,
                row,
                client.check(&request, &mut response, time::clock()),
            );
        }
    }
}

#[test]
fn send_gives_each_answer_its_one_outcome() {
    let rows: Vec<&Row> = ROWS
        .iter()
        .filter(|row| row.3 && row.0 >= 200 && row.0 != 304)
        .collect();
    assert!(rows.len() >= 50);
    let sent: Vec<&'static Row> = rows.clone();
    let server = Raw::answering(move |request| {
        let row = sent[request.header("X-Row").unwrap().parse::<usize>().unwrap()];
        wechat::http(row.0, row.1.as_bytes(), &headers(row))
    });
    let client = wxpay::client::Client::new(&wechat::config(&server.url)).unwrap();
    for (index, row) in rows.iter().enumerate() {
        let mut request =
            wxpay::v3::compose::request("POST", "/v3/pay/transactions/jsapi", b"{}").unwrap();
        wxpay::v3::compose::add_header(&mut request, "X-Row", &index.to_string()).unwrap();
        judge(
            &format!("row {row:?}"),
            row,
            client.send(&request).map(drop),
        );
    }
    assert_eq!(server.seen().len(), rows.len(), "a POST was repeated");
}

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
    }
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
    const NAME: &str = "safety::outcomes::out_of_memory_is_not_sent_only_before_the_first_write";
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
