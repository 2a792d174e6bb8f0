//! S2 for API v2: what is known about a request, by what came back. One expected outcome a row;
//! through `v2_check`, through the check of a request that was not written completely, and through
//! `v2_send`.

use std::sync::{Arc, Mutex};

use wxpay::client::Client;
use wxpay::error::{Outcome, Status};
use wxpay::http::Verified;
use wxpay::v2::check::check;
use wxpay::v3::api_error::Sending;

use super::super::raw::Raw;
use super::super::wechat::{MCHID, http, pairs, response};
use super::{APPID, GOOD, but, client, config, request, signed, xml};

use Outcome::{Rejected as R, Unknown as U};

const ORDER: &str = "/pay/unifiedorder";
const REFUND: &str = "/secapi/pay/refund";
const RED_PACKET: &str = "/mmpaymkttransfers/sendredpack";
const TOKEN: &str = "/appauth/getaccesstoken";
const BILL: &str = "/pay/downloadbill";

struct Row {
    case: String,
    path: &'static str,
    http: u16,
    body: Vec<u8>,
    want: Result<Verified, (Status, Outcome)>,
}

fn failed(code: &str) -> Vec<(&'static str, String)> {
    vec![
        ("return_code", "SUCCESS".to_owned()),
        ("appid", APPID.to_owned()),
        ("mch_id", MCHID.to_owned()),
        ("nonce_str", "n1".to_owned()),
        ("result_code", "FAIL".to_owned()),
        ("err_code", code.to_owned()),
        ("err_code_des", "说明".to_owned()),
    ]
}

fn text<'a>(pairs: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    pairs
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |case: &str, path, http, body: &[u8], want| {
        rows.push(Row { case: format!("{case} {path}"), path, http, body: body.to_vec(), want });
    };
    let unknown = |status| Err((status, U));
    // Codes that prove that nothing happened.
    for code in ["NOAUTH", "NOTENOUGH", "PARAM_ERROR", "SIGNERROR", "LACK_PARAMS", "APPID_MCHID_NOT_MATCH", "ORDERNOTEXIST", "XML_FORMAT_ERROR", "FREQUENCY_LIMITED"] {
        for path in [ORDER, REFUND] {
            row(code, path, 200, signed(&text(&failed(code))).as_bytes(), Err((Status::ApiError, R)));
        }
        // Not signed by design: the closed list counts all the same.
        row(code, RED_PACKET, 200, xml(&text(&failed(code))).as_bytes(), Err((Status::ApiError, R)));
        // Due, and missing.
        row(&format!("{code} unsigned"), ORDER, 200, xml(&text(&failed(code))).as_bytes(), unknown(Status::SignatureInvalid));
    }
    // Codes that leave it open, and codes that nobody knows.
    for code in ["SYSTEMERROR", "BANKERROR", "USERPAYING", "ORDERPAID", "ORDERCLOSED", "OUT_TRADE_NO_USED", "INVALID_REQUEST", "TRADE_ERROR", "PROCESSING", "SEND_FAILED", "FATAL_ERROR", "CA_ERROR", "AUTH_CODE_ERROR", "ERROR", "FAIL", "NEW_CODE_OF_2031", "noauth", "NOAUTH ", "系统错误"] {
        for path in [ORDER, REFUND] {
            row(code, path, 200, signed(&text(&failed(code))).as_bytes(), unknown(Status::ApiError));
        }
        row(code, RED_PACKET, 200, xml(&text(&failed(code))).as_bytes(), unknown(Status::ApiError));
    }
    let nameless: Vec<_> = failed("x").into_iter().filter(|(name, _)| *name != "err_code").collect();
    row("no err_code", ORDER, 200, signed(&text(&nameless)).as_bytes(), unknown(Status::ApiError));
    // Nobody signs these.
    for body in [
        "<xml><return_code>FAIL</return_code><return_msg>签名失败</return_msg></xml>",
        "<xml><return_code>FAIL</return_code><return_msg>x</return_msg><err_code>NOAUTH</err_code><result_code>FAIL</result_code></xml>",
        "<xml><return_code>fail</return_code></xml>",
        "<xml><return_code></return_code></xml>",
    ] {
        for path in [ORDER, REFUND, RED_PACKET, BILL] {
            row("return_code", path, 200, body.as_bytes(), unknown(Status::ApiError));
        }
    }
    row("no return_code", ORDER, 200, signed(&but(GOOD, "return_code", "")).as_bytes(), unknown(Status::ApiUnexpectedResponse));
    row("result_code", ORDER, 200, signed(&but(GOOD, "result_code", "PROCESSING")).as_bytes(), unknown(Status::ApiUnexpectedResponse));
    // Not a message at all.
    for body in ["", "<html>x</html>", "{\"code\":\"PARAM_ERROR\"}", "<xml><return_code>SUCC", "<xml><a>1</a><a>1</a></xml>", "<!DOCTYPE xml><xml></xml>"] {
        row(body, ORDER, 200, body.as_bytes(), unknown(Status::MalformedXml));
        row(body, RED_PACKET, 200, body.as_bytes(), unknown(Status::MalformedXml));
    }
    row("10 MB", ORDER, 200, &vec![b'<'; 10_000_000], unknown(Status::MalformedXml));
    // Another status is no answer of v2, whatever it says.
    for (http, status) in [(201, Status::ApiUnexpectedResponse), (204, Status::ApiUnexpectedResponse), (302, Status::ApiUnexpectedResponse), (400, Status::ApiUnexpectedResponse), (403, Status::ApiUnexpectedResponse), (500, Status::ApiUnexpectedResponse), (502, Status::ApiUnexpectedResponse)] {
        let body = if http == 204 { String::new() } else { signed(&text(&failed("NOAUTH"))) };
        row(&format!("{http}"), ORDER, http, body.as_bytes(), unknown(status));
    }
    // v3's proof that nothing happened is none for v2.
    for (http, status) in [(400, Status::ApiError), (401, Status::ApiError), (429, Status::RateLimited), (500, Status::ApiError)] {
        row(&format!("{http} of v3"), REFUND, http, br#"{"code":"PARAM_ERROR","message":"x"}"#, unknown(status));
    }
    // Successes.
    row("good", ORDER, 200, signed(GOOD).as_bytes(), Ok(Verified::Signature));
    row("no result_code", ORDER, 200, signed(&but(GOOD, "result_code", "")).as_bytes(), Ok(Verified::Signature));
    // A payout that does not say that it was made.
    for path in [RED_PACKET, "/mmpaysptrans/pay_bank", REFUND, "/pay/micropay"] {
        let silent = but(GOOD, "result_code", "");
        let body = if path == RED_PACKET || path == "/mmpaysptrans/pay_bank" { xml(&silent) } else { signed(&silent) };
        row("no result_code", path, 200, body.as_bytes(), unknown(Status::ApiUnexpectedResponse));
    }
    row("unsigned by design", RED_PACKET, 200, xml(GOOD).as_bytes(), Ok(Verified::NotSignedByDesign));
    row("signed all the same", RED_PACKET, 200, signed(GOOD).as_bytes(), Ok(Verified::Signature));
    row("wrongly signed", RED_PACKET, 200, signed(GOOD).replace("wx2014", "wx2015").as_bytes(), unknown(Status::SignatureInvalid));
    row("unsigned", ORDER, 200, xml(GOOD).as_bytes(), unknown(Status::SignatureInvalid));
    row("another's", RED_PACKET, 200, xml(&but(GOOD, "mch_id", "1900000002")).as_bytes(), unknown(Status::ApiUnexpectedResponse));
    // Bills.
    row("a bill", BILL, 200, "\u{feff}交易时间,公众账号ID\r\n`2026-01-01,`wx1\r\n".as_bytes(), Ok(Verified::NotSignedByDesign));
    row("a bill in gzip", BILL, 200, b"\x1f\x8b\x08\0\0\0\0\0\0\x03", Ok(Verified::NotSignedByDesign));
    for before in ["\n", "\u{feff}", "\u{feff}\r\n "] {
        let body = format!("{before}<xml><return_code>FAIL</return_code></xml>");
        let status = if before == "\n" { Status::ApiError } else { Status::MalformedXml };
        row("an error that begins late", BILL, 200, body.as_bytes(), unknown(status));
    }
    // A page of JSON answers that brings no token.
    for body in ["{}", r#"{"retcode":"1","retmsg":"invalid code"}"#, r#"{"errcode":40029,"errmsg":"x"}"#] {
        row(body, TOKEN, 200, body.as_bytes(), unknown(Status::ApiUnexpectedResponse));
    }
    row("a token", TOKEN, 200, br#"{"retcode":"0","access_token":"t","expires_in":7200}"#, Ok(Verified::NotSignedByDesign));
    row("no bill", BILL, 200, b"", unknown(Status::ApiUnexpectedResponse));
    row("a page for a bill", BILL, 200, b"<html></html>", unknown(Status::MalformedXml));
    row("an order for a bill", ORDER, 200, b"`2026-01-01", unknown(Status::MalformedXml));
    rows
}

fn judge(row: &Row, case: &str, result: Result<(Verified, String), wxpay::error::Error>) {
    match (result, row.want) {
        (Ok((verified, json)), Ok(want)) => {
            assert_eq!(verified, want, "{case}");
            assert_eq!(json == "{}", row.path == BILL, "{case}: {json}");
        }
        (Ok(_), Err(_)) => panic!("{case}: accepted"),
        (Err(error), Ok(_)) => panic!("{case}: {error}"),
        (Err(error), Err((status, outcome))) => {
            let fields = error.fields();
            assert_eq!(
                (error.status(), fields.outcome),
                (status, outcome),
                "{case}: {error}"
            );
            assert_eq!(fields.http_status, row.http, "{case}");
            // A GET may be sent again.
            assert!(!fields.retryable || row.path == TOKEN, "{case}");
            assert!(!fields.hint.is_empty(), "{case}");
        }
    }
}

#[test]
fn v2_check_gives_each_answer_its_one_outcome() {
    let rows = rows();
    assert!(rows.len() >= 100, "{}", rows.len());
    let client = client(&[]);
    for row in &rows {
        let asked = request(&client, row.path);
        let mut message = response(row.http, &row.body, &[]);
        let result = client.v2_check(Some(&asked), &mut message);
        judge(
            row,
            &row.case,
            result.map(|json| (message.verified, json.to_string())),
        );

        // Nothing is settled by an answer that came too early.
        let mut message = response(row.http, &row.body, &[]);
        let early = Sending {
            written_completely: false,
        };
        match check(&client.merchant, Some(&asked), &mut message, early) {
            Ok(_) => panic!("{}: taken", row.case),
            Err(error) => {
                let outcome = error.fields().outcome;
                assert_eq!(outcome, Outcome::Unknown, "{}: {error}", row.case);
            }
        }
    }
}

#[test]
fn v2_send_gives_each_answer_its_one_outcome() {
    let next = Arc::new(Mutex::new(Vec::new()));
    let served = Arc::clone(&next);
    let server = Raw::answering(move |_| served.lock().unwrap().clone());
    let client = Client::new(&config(&server.url, &[])).unwrap();
    let rows = rows();
    for row in &rows {
        *next.lock().unwrap() = http(row.http, &row.body, &pairs(&[("Request-ID", "A-1")]));
        let asked = request(&client, row.path);
        let result = client.v2_send(&asked);
        judge(
            row,
            &row.case,
            result.map(|(message, json)| (message.verified, json.to_string())),
        );
    }
    assert_eq!(server.seen().len(), rows.len(), "each was sent once");
}

#[test]
fn a_day_without_payments_is_told_as_such() {
    let client = client(&[]);
    let asked = request(&client, BILL);
    // As the documents of downloadbill print it.
    let body = "<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[No Bill Exist]]></return_msg><error_code><![CDATA[20002]]></error_code></xml>";
    let mut message = response(200, body.as_bytes(), &[]);
    let error = client.v2_check(Some(&asked), &mut message).unwrap_err();
    let fields = error.fields();
    assert_eq!(
        (fields.api_code.as_str(), fields.api_message.as_str()),
        ("20002", "No Bill Exist")
    );
    assert!(fields.hint.contains("nothing was paid"), "{error}");
    assert_eq!(message.verified, Verified::ErrorAnswer);
}

#[test]
fn a_v2_request_is_never_sent_twice() {
    // Reads the request on its second use, executes it, and breaks off.
    let server = Raw::start(|peer| {
        let first = peer.request();
        if first.is_some() && peer.connection == 0 {
            peer.send(&http(200, signed(GOOD).as_bytes(), &[]));
            peer.request();
        }
        peer.reset();
    });
    let client = Client::new(&config(&server.url, &[])).unwrap();
    client.v2_send(&request(&client, REFUND)).unwrap();
    let mut second = request(&client, REFUND);
    second.options.idempotent = true;
    let error = client.v2_send(&second).unwrap_err();
    assert_eq!(error.fields().outcome, Outcome::Unknown, "{error}");
    assert_eq!(server.seen().len(), 2, "once each");

    let nobody = Client::new(&config("http://127.0.0.1:9", &[])).unwrap();
    let error = nobody.v2_send(&request(&nobody, REFUND)).unwrap_err();
    assert_eq!(
        (error.status(), error.fields().outcome),
        (Status::Connect, Outcome::NotSent),
        "{error}"
    );
    let cancelled = request(&nobody, REFUND);
    cancelled.cancel.cancel();
    let error = nobody.v2_send(&cancelled).unwrap_err();
    assert_eq!(
        (error.status(), error.fields().outcome),
        (Status::Cancelled, Outcome::NotSent),
        "{error}"
    );
}
