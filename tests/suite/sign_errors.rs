//! SIGN_ERROR: what was signed beside `sign_information`, every row of the signing FAQ, the clocks,
//! the number in Request-ID, and what a report says of them. The echo is made here, from the parts
//! that the Authorization header shows; nothing of it comes from the library's comparison.

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::diag::{explain_response, explain_signed, explain_text};
use wxpay::error::{Cause, Error, Outcome};
use wxpay::http::Message;
use wxpay::time::{Now, clock};
use wxpay::v3::{compose, prepare};

use crate::safety::wechat::{self, MERCHANT_SERIAL, client, code, pairs, refused};

const BODY: &str = "{\"appid\":\"wx8888888888888888\",\"payer\":{\"name\":\"张三/李四\"},\"amount\":{\"total\":100}}";
const URL: &str = "/v3/pay/transactions/jsapi?sub=%E4%B8%AD&b=2&a=1";

/// A prepared request and the parts of its string, read from its header.
struct Signed {
    message: Message,
    /// method, url, timestamp, nonce, body
    parts: [Vec<u8>; 5],
}

fn signed(method: &str, url: &str, body: &str) -> Signed {
    let client = client();
    let request = compose::request(method, url, body.as_bytes()).unwrap();
    let message = prepare::prepare(&client.merchant, &request, clock()).unwrap();
    let authorization = message.headers.get("Authorization").unwrap().to_string();
    let field = |name: &str| {
        let start = authorization.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
        authorization[start..]
            .split('"')
            .next()
            .unwrap()
            .as_bytes()
            .to_vec()
    };
    let parts = [
        method.as_bytes().to_vec(),
        url.as_bytes().to_vec(),
        field("timestamp"),
        field("nonce_str"),
        body.as_bytes().to_vec(),
    ];
    Signed { message, parts }
}

/// How an echo is cut: bytes of the body that stay, and what follows them.
#[derive(Clone, Copy, Debug)]
struct Cut {
    keep: usize,
    end: &'static str,
    /// The line break as the two characters `\n`.
    literal: bool,
}

const WHOLE: Cut = Cut {
    keep: usize::MAX,
    end: "\n",
    literal: false,
};
/// What merchants have shown in public: eight bytes, then the last line feed.
const EIGHT: Cut = Cut {
    keep: 8,
    end: "\n",
    literal: false,
};

/// `sign_information` over these five lines.
fn information(parts: &[Vec<u8>; 5], cut: Cut) -> Value {
    let length: usize = parts.iter().map(|part| part.len() + 1).sum();
    let mut head = String::new();
    for part in &parts[..4] {
        head += std::str::from_utf8(part).unwrap();
        head.push('\n');
    }
    let body = &parts[4][..cut.keep.min(parts[4].len())];
    let mut shown = format!("{head}{}{}", String::from_utf8_lossy(body), cut.end);
    if cut.literal {
        shown = shown.replace('\n', "\\n");
    }
    json!({
        "method": String::from_utf8_lossy(&parts[0]), "url": String::from_utf8_lossy(&parts[1]),
        "truncated_sign_message": shown, "sign_message_length": length,
    })
}

fn sign_error(message: &str, information: &Value) -> Value {
    json!({
        "code": "SIGN_ERROR", "message": message,
        "detail": {"field": "signature", "issue": "sign not match", "location": "authorization", "sign_information": information},
    })
}

fn answer(body: &Value, more: &[(&str, &str)]) -> Message {
    let mut headers = pairs(&[
        ("Request-ID", "08F1ABCD-268443699"),
        ("Content-Type", "application/json"),
    ]);
    headers.extend(pairs(more));
    wechat::response(401, body.to_string().as_bytes(), &headers)
}

fn checked(client: &Client, request: &Message, mut response: Message) -> Error {
    refused("401", client.check(request, &mut response, clock()))
}

fn ids(error: &Error) -> Vec<&'static str> {
    error
        .fields()
        .diagnosis
        .iter()
        .map(|one| one.cause.name())
        .collect()
}

fn report(client: &Client, request: &Message, response: &Message) -> Value {
    let text = explain_response(&client.merchant, request, response, clock()).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// R19: each field altered, at each kind of cut: the message names that field, with the byte.
#[test]
fn the_line_that_differs_is_named_at_every_cut() {
    let cuts = [
        WHOLE,
        EIGHT,
        Cut {
            keep: 0,
            end: "\n",
            literal: false,
        },
        Cut {
            keep: 0,
            end: "",
            literal: false,
        },
        Cut {
            keep: 1,
            end: "",
            literal: false,
        },
        Cut {
            keep: 20,
            end: "...",
            literal: false,
        },
        Cut {
            keep: 20,
            end: "…\n",
            literal: false,
        },
        // In the middle of 张.
        Cut {
            keep: BODY.find('张').unwrap() + 1,
            end: "\n",
            literal: false,
        },
        Cut {
            keep: BODY.find('张').unwrap() + 2,
            end: "",
            literal: false,
        },
        Cut {
            keep: usize::MAX,
            end: "",
            literal: false,
        },
        Cut {
            literal: true,
            ..WHOLE
        },
        Cut {
            literal: true,
            ..EIGHT
        },
    ];
    let changes: [(usize, &str, &str, usize); 4] = [
        (0, "PUT", "SIGN_METHOD_DIFFERS", 1),
        (
            1,
            "/v3/pay/transactions/jsapi?sub=%E4%B8%AD&b=2&a=2",
            "SIGN_URL_DIFFERS",
            47,
        ),
        (2, "1559194069", "SIGN_TIMESTAMP_DIFFERS", 1),
        (
            3,
            "18a427e78d2344e1a71156a2690cc4d6",
            "SIGN_NONCE_DIFFERS",
            usize::MAX,
        ),
    ];
    let client = client();
    let ours = signed("POST", URL, BODY);
    for cut in cuts {
        let same = checked(
            &client,
            &ours.message,
            answer(&sign_error("wrong", &information(&ours.parts, cut)), &[]),
        );
        assert_eq!(ids(&same)[0], "SIGN_WRONG_KEY", "{cut:?}: {same}");
        for (at, value, id, byte) in changes {
            let mut theirs = ours.parts.clone();
            theirs[at] = value.as_bytes().to_vec();
            let response = answer(
                &sign_error(
                    "Verification failed due to wrong signature",
                    &information(&theirs, cut),
                ),
                &[],
            );
            let error = checked(&client, &ours.message, response.clone());
            let case = format!("{id}, {cut:?}: {error}");
            assert_eq!(ids(&error), [id, "INTERNAL_NUMBER"], "{case}");
            assert!(
                error.fields().message.contains(&format!(
                    "Line {} ({}) differs",
                    at + 1,
                    ["method", "url", "timestamp", "nonce_str"][at]
                )),
                "{case}"
            );
            assert_eq!(error.fields().outcome, Outcome::Rejected, "{case}");
            let lines = report(&client, &ours.message, &response)["sign"]["lines"].clone();
            for (line, shown) in lines.as_array().unwrap().iter().enumerate() {
                let want = match line {
                    _ if line == at => json!(false),
                    4 if cut.keep == 0 && cut.end.is_empty() => shown["same"].clone(),
                    _ => json!(true),
                };
                assert_eq!(shown["same"], want, "{case}: {shown}");
            }
            if byte != usize::MAX {
                let first = ours.parts[at]
                    .iter()
                    .zip(value.bytes())
                    .take_while(|(one, other)| **one == *other)
                    .count();
                assert_eq!(lines[at]["at"], first, "{case}");
                let before: usize = ours.parts[..at].iter().map(|part| part.len() + 1).sum();
                assert_eq!(lines[at]["at_of_all"], before + first, "{case}");
                assert!(byte == first || at == 2, "{case}");
            }
        }
    }
}

/// Method and URL stand beside the message too; either may be the one that is altered.
#[test]
fn an_altered_field_beside_the_message_is_named() {
    let client = client();
    let ours = signed("POST", URL, BODY);
    for (field, value, id) in [
        ("method", json!("GET"), "SIGN_METHOD_DIFFERS"),
        ("url", json!("/v3/other"), "SIGN_URL_DIFFERS"),
        ("sign_message_length", json!(9), "SIGN_BODY_DIFFERS"),
        ("sign_message_length", json!("1000"), "SIGN_BODY_DIFFERS"),
    ] {
        for cut in [WHOLE, EIGHT] {
            let mut altered = information(&ours.parts, cut);
            altered[field] = value.clone();
            let error = checked(
                &client,
                &ours.message,
                answer(&sign_error("签名错误", &altered), &[]),
            );
            assert_eq!(ids(&error)[0], id, "{field} {value} {cut:?}: {error}");
        }
        // The message alone, and the fields alone.
        let mut alone = information(&ours.parts, EIGHT);
        alone
            .as_object_mut()
            .unwrap()
            .remove("truncated_sign_message");
        alone[field] = value.clone();
        let error = checked(
            &client,
            &ours.message,
            answer(&sign_error("签名错误", &alone), &[]),
        );
        let want = if field == "sign_message_length" {
            "SIGN_BODY_DIFFERS"
        } else {
            id
        };
        assert_eq!(ids(&error)[0], want, "{field}, no message: {error}");
    }
}

/// The URLs that are joined by hand.
#[test]
fn a_url_that_differs_says_why() {
    let client = client();
    let ours = signed("GET", "/v3/x?a=1&b=%E4%B8%AD", "");
    for (sent, why) in [
        ("/v3/x?b=%E4%B8%AD&a=1", "another order"),
        ("/v3/x?a=1&b=中", "percent-encoding"),
        ("/v3/x", "no query"),
        ("/v3/x?a=1&b=%E4%B8%AD?", "lone ?"),
    ] {
        let mut theirs = ours.parts.clone();
        theirs[1] = sent.as_bytes().to_vec();
        let error = checked(
            &client,
            &ours.message,
            answer(&sign_error("签名错误", &information(&theirs, WHOLE)), &[]),
        );
        assert_eq!(ids(&error)[0], "SIGN_URL_DIFFERS", "{sent}");
        assert!(error.fields().hint.contains(why), "{sent}: {error}");
    }
}

/// The FAQ's common mistakes, made by a program that signs itself: (what it signed, cause, word).
#[test]
fn every_common_mistake_of_the_faq_is_told_from_the_signed_string() {
    let lines = |method: &str, url: &str, time: &str, nonce: &str, body: &str| {
        format!("{method}\n{url}\n{time}\n{nonce}\n{body}\n")
    };
    let (time, nonce) = ("1559194069", "18a427e78d2344e1a71156a2690cc4d6");
    let right = lines("POST", URL, time, nonce, BODY);
    let parts = ["POST", URL, time, nonce, BODY].map(|part| part.as_bytes().to_vec());
    let spaced = "{\"appid\": \"wx8888888888888888\", \"payer\": {\"name\": \"张三/李四\"}, \"amount\": {\"total\": 100}}";
    let escaped = "{\"appid\":\"wx8888888888888888\",\"payer\":{\"name\":\"\\u5f20\\u4e09/\\u674e\\u56db\"},\"amount\":{\"total\":100}}";
    let reordered = "{\"amount\":{\"total\":100},\"appid\":\"wx8888888888888888\",\"payer\":{\"name\":\"张三/李四\"}}";
    // 张三/李四 in GBK (iconv -t gbk | xxd -p).
    let gbk = {
        let (before, rest) = right.split_once("张三/李四").unwrap();
        [
            before.as_bytes(),
            &wechat::unhex("d5c5c8fd2fc0eecbc4"),
            rest.as_bytes(),
        ]
        .concat()
    };
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        (
            "no last line feed",
            right[..right.len() - 1].into(),
            "SIGN_LAST_NEWLINE_MISSING",
            "line feed",
        ),
        (
            "another URL",
            lines("POST", "/v3/other", time, nonce, BODY).into(),
            "SIGN_URL_DIFFERS",
            "url",
        ),
        (
            "the whole URL",
            lines(
                "POST",
                &format!("https://api.mch.weixin.qq.com{URL}"),
                time,
                nonce,
                BODY,
            )
            .into(),
            "SIGN_URL_DIFFERS",
            "without scheme and host",
        ),
        (
            "method in lower case",
            lines("post", URL, time, nonce, BODY).into(),
            "SIGN_METHOD_DIFFERS",
            "upper case",
        ),
        (
            "two timestamps",
            lines("POST", URL, "1559194072", nonce, BODY).into(),
            "SIGN_TIMESTAMP_DIFFERS",
            "3 seconds apart",
        ),
        (
            "milliseconds",
            lines("POST", URL, "1559194069123", nonce, BODY).into(),
            "SIGN_TIMESTAMP_DIFFERS",
            "milliseconds",
        ),
        (
            "two nonces",
            lines("POST", URL, time, "00a427e78d2344e1a71156a2690cc4d6", BODY).into(),
            "SIGN_NONCE_DIFFERS",
            "once",
        ),
        (
            "serialised with spaces",
            lines("POST", URL, time, nonce, spaced).into(),
            "SIGN_BODY_DIFFERS",
            "serialised twice",
        ),
        (
            "serialised with escapes",
            lines("POST", URL, time, nonce, escaped).into(),
            "SIGN_BODY_DIFFERS",
            "\\uXXXX",
        ),
        (
            "slashes escaped",
            lines("POST", URL, time, nonce, &BODY.replace('/', "\\/")).into(),
            "SIGN_BODY_DIFFERS",
            "slashes",
        ),
        (
            "members in another order",
            lines("POST", URL, time, nonce, reordered).into(),
            "SIGN_BODY_DIFFERS",
            "order",
        ),
        (
            "an empty body",
            lines("POST", URL, time, nonce, "").into(),
            "SIGN_BODY_DIFFERS",
            "empty body",
        ),
        ("GBK", gbk, "SIGN_ENCODING", "UTF-8"),
        (
            "a byte order mark",
            format!("\u{feff}{right}").into(),
            "SIGN_ENCODING",
            "byte order mark",
        ),
        (
            "CR LF",
            right.replace('\n', "\r\n").into(),
            "SIGN_ENCODING",
            "CR LF",
        ),
        (
            "\\n as two characters",
            right.replace('\n', "\\n").into(),
            "SIGN_ENCODING",
            "two characters",
        ),
        (
            "wrong order",
            format!("{time}\n{nonce}\nPOST\n{URL}\n{BODY}\n").into(),
            "SIGN_ORDER",
            "timestamp, nonce_str, method, url",
        ),
        (
            "as an answer is signed",
            format!("{time}\n{nonce}\n{BODY}\n").into(),
            "SIGN_ORDER",
            "not found: method, url",
        ),
        (
            "all right",
            right.clone().into(),
            "SIGN_WRONG_KEY",
            "modulus",
        ),
    ];
    for cut in [
        WHOLE,
        EIGHT,
        Cut {
            keep: 0,
            end: "\n",
            literal: true,
        },
    ] {
        let pasted = sign_error("签名错误，请检查后再试", &information(&parts, cut)).to_string();
        for (name, signed, id, word) in &cases {
            // Of equal length, and nothing of it shown: no one can tell, and the report says so.
            if *name == "members in another order" && cut.keep == 0 {
                let report = explain_signed(&pasted, signed);
                assert!(
                    report.contains("behind the cut") && report.contains("\"complete\":false"),
                    "{report}"
                );
                continue;
            }
            let report: Value = serde_json::from_str(&explain_signed(&pasted, signed)).unwrap();
            let first = &report["diagnosis"][0];
            let text = format!(
                "{} {}",
                first["text"].as_str().unwrap(),
                first["cure"].as_str().unwrap()
            );
            assert_eq!(first["id"], *id, "{name}, {cut:?}: {report}");
            assert_eq!(
                report["diagnosis"].as_array().unwrap().len(),
                1,
                "{name}, {cut:?}: {report}"
            );
            assert_eq!(report["status"], 400, "{name}");
            assert_eq!(report["sign"]["same"], *id == "SIGN_WRONG_KEY", "{name}");
            // Behind the cut a guess needs the length alone; it is told where the shown part allows it.
            if cut.keep == usize::MAX || !id.starts_with("SIGN_BODY") {
                assert!(text.contains(word), "{name}, {cut:?}: {text}");
            }
        }
    }
}

/// Without a body the last line is a line feed alone.
#[test]
fn a_get_without_its_last_line_is_told() {
    // The FAQ's own sample, 157 bytes.
    let url = "/payscore/user-service-state?service_id=500001&appid=wxeaf7bf1de621b0c2&openid=oWm9Z5JQwgV7BKAQUeKsUMVSjTpQ";
    let head = format!("GET\n{url}\n1559194069\n18a427e78d2344e1a71156a2690cc4d6\n");
    let pasted = sign_error("Verification failed due to wrong signature", &json!({
        "method": "GET", "url": url, "truncated_sign_message": format!("{head}\n"), "sign_message_length": 157,
    }))
    .to_string();
    for (signed, id) in [
        (head.clone(), "SIGN_LAST_NEWLINE_MISSING"),
        (
            head[..head.len() - 1].to_owned(),
            "SIGN_LAST_NEWLINE_MISSING",
        ),
        (format!("{head}{{}}\n"), "SIGN_BODY_DIFFERS"),
        (format!("{head}\n"), "SIGN_WRONG_KEY"),
    ] {
        let report: Value =
            serde_json::from_str(&explain_signed(&pasted, signed.as_bytes())).unwrap();
        assert_eq!(report["diagnosis"][0]["id"], id, "{signed:?}: {report}");
        assert_eq!(
            report["diagnosis"].as_array().unwrap().len(),
            1,
            "{signed:?}"
        );
    }
    // Pasted as a log prints it, with escaped quotes; and alone.
    let logged = format!("ERROR 401 body={}", serde_json::to_string(&pasted).unwrap());
    for text in [&pasted, &logged] {
        let report: Value = serde_json::from_str(&explain_text(text)).unwrap();
        let first = &report["diagnosis"][0];
        assert_eq!(first["id"], "SIGNATURE_WRONG", "{report}");
        for part in [
            "method GET",
            "timestamp 1559194069",
            "18a427e78d2344e1a71156a2690cc4d6",
            "a body of 0 bytes",
            "157 bytes in all",
        ] {
            assert!(
                first["text"].as_str().unwrap().contains(part),
                "{part}: {report}"
            );
        }
    }
}

/// The signing FAQ's error table, in both languages: on the wire and pasted.
#[test]
fn every_row_of_the_signing_faq_has_its_cause() {
    const ROWS: [(&str, &[&str]); 12] = [
        (
            "API_V3_KEY_NOT_SET",
            &[
                "The merchant has not set an APIv3 key.",
                "商户未设置APIv3密钥。",
            ],
        ),
        (
            "MERCHANT_CERTIFICATE_NOT_APPLIED",
            &[
                "The merchant has not applied for a certificate.",
                "商户未申请过证书。",
            ],
        ),
        (
            "MERCHANT_CERTIFICATE_SERIAL_WRONG",
            &[
                "The merchant certificate serial number is incorrect.",
                "商户证书序列号有误。",
                "商户证书序列号有误。请使用签名私钥匹配的证书序列号",
            ],
        ),
        (
            "MERCHANT_CERTIFICATE_EXPIRED",
            &["The merchant certificate has expired.", "商户证书已过期。"],
        ),
        (
            "MERCHANT_CERTIFICATE_INVALIDATED",
            &[
                "The merchant certificate has been invalidated.",
                "商户证书已作废。",
            ],
        ),
        (
            "SIGNATURE_WRONG",
            &[
                "Verification failed due to wrong signature.",
                "错误的签名，验签失败",
                "错误的签名，导致验签失败。",
                "签名错误，请检查后再试",
                "签名错误",
            ],
        ),
        (
            "AUTHORIZATION_FORMAT",
            &[
                "Http header Authorization value format error",
                "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》",
                "签名信息错误，验签失败",
            ],
        ),
        (
            "AUTHORIZATION_SCHEME",
            &[
                "Http header Authorization authentication type is incorrect.",
                "HTTP头Authorization认证类型不正确",
            ],
        ),
        (
            "TIMESTAMP_TOO_FAR",
            &[
                "The timestamp in the Http header Authorization and the time for initiating the request must not exceed 5 minutes",
                "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟",
            ],
        ),
        (
            "MERCHANT_CERTIFICATE_REPLACED",
            &[
                "The certificate has been replaced. Please use the new certificate.",
                "已更换证书，请使用新证书。",
            ],
        ),
        (
            "BASIC_RULES",
            &[
                "The error is caused by the wrongly set basic rules.",
                "Both Accept and User-Agent need to be set.",
            ],
        ),
        (
            "WECHATPAY_SERIAL_REFUSED",
            &[
                "HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)",
                "平台证书序列号Wechatpay-Serial错误",
            ],
        ),
    ];
    let client = client();
    let ours = signed("POST", URL, BODY);
    for (id, texts) in ROWS {
        let cure = wxpay::error::CAUSES
            .iter()
            .find(|row| row.name == id)
            .unwrap()
            .cure;
        for text in texts {
            let body = json!({"code": "SIGN_ERROR", "message": text});
            let error = checked(&client, &ours.message, answer(&body, &[]));
            assert_eq!(
                (code(&error), ids(&error)),
                (400, vec![id, "INTERNAL_NUMBER"]),
                "{text}"
            );
            assert_eq!(error.fields().hint, cure, "{text}");
            let log = format!(
                "Traceback (most recent call last):\n  File \"pay.py\"\nException: 401 {body}\n"
            );
            let report: Value = serde_json::from_str(&explain_text(&log)).unwrap();
            assert_eq!(report["diagnosis"][0]["id"], id, "{text}: {report}");
            assert_eq!(report["status"], 400, "{text}");
            // And through the words of this library's own error.
            let report: Value = serde_json::from_str(&explain_text(&error.to_string())).unwrap();
            assert_eq!(report["diagnosis"][0]["id"], id, "{text}: {report}");
            let report: Value = serde_json::from_str(&explain_text(&error.to_json())).unwrap();
            assert_eq!(report["diagnosis"][0]["id"], id, "{text}: {report}");
        }
    }
}

/// A22: told in seconds, on the error and in the report; nothing is adjusted by it.
#[test]
fn the_clock_is_compared_with_the_servers_and_never_adjusted() {
    let client = client();
    let ours = signed("POST", URL, BODY);
    // date -u -d @1700000000 '+%a, %d %b %Y %H:%M:%S GMT'
    let date = ("Date", "Tue, 14 Nov 2023 22:13:20 GMT");
    let body = json!({"code": "SIGN_ERROR", "message": "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟"});
    for (skew, word, severity) in [
        (600, "600 seconds ahead", "error"),
        (-600, "600 seconds behind", "error"),
        (40, "40 seconds ahead", "warning"),
        (0, "agrees", "warning"),
    ] {
        let at = Now {
            seconds: 1_700_000_000 + skew,
            from_caller: true,
        };
        let mut response = answer(&body, &[date]);
        let error = refused(skew, client.check(&ours.message, &mut response, at));
        assert_eq!(
            ids(&error),
            ["TIMESTAMP_TOO_FAR", "CLOCK_SKEW", "INTERNAL_NUMBER"],
            "{skew}"
        );
        let found = &error.fields().diagnosis[1];
        assert!(found.text.contains(word), "{skew}: {}", found.text);
        assert_eq!(found.severity.name(), severity, "{skew}");
        let report: Value = serde_json::from_str(
            &explain_response(&client.merchant, &ours.message, &response, at).unwrap(),
        )
        .unwrap();
        assert_eq!(report["clock"]["skew_s"], skew);
        assert_eq!(report["clock"]["server"], "2023-11-14T22:13:20Z");
        assert_eq!(report["clock"]["whose"], "caller");
    }
    // Without Date nothing is said.
    let error = checked(&client, &ours.message, answer(&body, &[]));
    assert_eq!(ids(&error), ["TIMESTAMP_TOO_FAR", "INTERNAL_NUMBER"]);
}

/// protocol.md §4.4: (Request-ID, number, a word of its meaning).
#[test]
fn the_number_in_request_id_is_decoded() {
    let client = client();
    let ours = signed("POST", URL, BODY);
    for (id, number, word) in [
        ("08D5-268447840", json!(268_447_840), "频率超限"),
        ("08D5-268498688", json!(268_498_688), "other parameters"),
        ("A-B-268512771", json!(268_512_771), "no such order"),
        ("08D5-1", json!(1), ""),
        ("08D5", Value::Null, ""),
        ("08D5-", Value::Null, ""),
        ("08D5-12x", Value::Null, ""),
        ("08D5-99999999999", Value::Null, ""),
        ("08D5-4294967296", Value::Null, ""),
    ] {
        let mut response = wechat::response(
            400,
            b"{\"code\":\"PARAM_ERROR\"}",
            &pairs(&[("Request-ID", id)]),
        );
        let error = refused(id, client.check(&ours.message, &mut response, clock()));
        let whole: Value = serde_json::from_str(&error.to_json()).unwrap();
        assert_eq!(whole["internal_code"], number, "{id}");
        assert_eq!(
            report(&client, &ours.message, &response)["internal_code"],
            number,
            "{id}"
        );
        let found = ids(&error);
        assert_eq!(found.is_empty(), word.is_empty(), "{id}: {found:?}");
        if !word.is_empty() {
            assert_eq!(found, ["INTERNAL_NUMBER"]);
            assert!(error.fields().diagnosis[0].text.contains(word), "{id}");
        }
    }
}

/// Equal lines leave the key: what can be said of it depends on what is configured.
#[test]
fn equal_lines_mean_the_key() {
    let ours = signed("POST", URL, BODY);
    let body = sign_error("签名错误", &information(&ours.parts, EIGHT));
    let at = wechat::now();
    let certificate =
        |until| wechat::merchant().certificate(MERCHANT_SERIAL, b"1900000001", at - 86_400, until);
    let good = certificate(at + 86_400);
    let old = certificate(at - 3600);
    for (pem, id, word, matches) in [
        (
            "",
            "SIGN_WRONG_KEY",
            "not the private key of the certificate",
            Value::Null,
        ),
        (
            &good,
            "SIGN_WRONG_KEY",
            "another certificate under this serial",
            json!(true),
        ),
        (
            &old,
            "MERCHANT_CERTIFICATE_EXPIRED",
            "expired on",
            json!(true),
        ),
    ] {
        let client = Client::new(&wechat::with(
            wechat::NOWHERE,
            &[("merchant_certificate", pem)],
        ))
        .unwrap();
        let response = answer(&body, &[]);
        let error = checked(&client, &ours.message, response.clone());
        assert_eq!(ids(&error)[0], id, "{error}");
        assert!(error.fields().message.contains(word), "{error}");
        let report = report(&client, &ours.message, &response);
        assert_eq!(report["key"]["matches_certificate"], matches);
        assert_eq!(report["sign"]["same"], true);
    }
}

/// The messages that an error keeps: the Authorization is gone, what was signed is not.
#[test]
fn an_errors_own_messages_can_be_explained_and_show_no_secret() {
    let client = client();
    let mut ours = signed("POST", URL, BODY);
    let authorization = ours
        .message
        .headers
        .get("Authorization")
        .unwrap()
        .to_string();
    let signature = authorization
        .split("signature=\"")
        .nth(1)
        .unwrap()
        .trim_end_matches('"')
        .to_owned();
    let mut theirs = ours.parts.clone();
    theirs[4] = BODY.replace("100", "200").into_bytes();
    let error = checked(
        &client,
        &ours.message,
        answer(&sign_error("签名错误", &information(&theirs, WHOLE)), &[]),
    );
    let fields = error.fields();
    let (request, response) = (
        fields.request.clone().unwrap(),
        fields.response.clone().unwrap(),
    );
    let text = explain_response(&client.merchant, &request, &response, clock()).unwrap();
    let whole: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(whole["diagnosis"][0]["id"], "SIGN_BODY_DIFFERS");
    let line = &whole["sign"]["lines"][4];
    assert_eq!(
        (&line["signed"], &line["verified"]),
        (&json!("0x31"), &json!("0x32")),
        "{line}"
    );
    let piece = wechat::merchant().pem.lines().nth(5).unwrap();
    let error_text = format!("{} {}", fields.message, fields.hint);
    for secret in [
        wechat::API_V3_KEY,
        piece,
        &signature,
        "张三",
        "wx8888888888888888",
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
        assert!(!error_text.contains(secret), "{secret}: {error_text}");
    }
    // An answer that did not verify: the error has no body of it, and the report says so.
    ours.message.cancel = Default::default();
    let mut unsigned = wechat::response(200, b"{\"a\":1}", &pairs(&[("Content-Length", "7")]));
    let error = refused(
        "unsigned",
        client.check(&ours.message, &mut unsigned, clock()),
    );
    let response = error.fields().response.clone().unwrap();
    let whole = report(&client, &ours.message, &response);
    assert_eq!(whole["diagnosis"][0]["id"], "BODY_EMPTY", "{whole}");
    assert_eq!(whole["status"], 203);
    // A good one: nothing to say.
    let good = wechat::signed(200, b"{}");
    let whole = report(&client, &ours.message, &good);
    assert_eq!(
        (&whole["status"], &whole["verified"], &whole["verdict"]),
        (&json!(0), &json!(1), &json!("ok")),
        "{whole}"
    );
    assert_eq!(whole["diagnosis"], json!([]));
    // It is a copy that is checked.
    assert_eq!(good.verified as i32, 0);
}

/// Whatever the answer holds, the error and the report come, and nothing foreign is shown raw.
#[test]
fn a_hostile_echo_is_read_without_harm() {
    let client = client();
    let ours = signed("POST", URL, BODY);
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let hostile = [
        "\u{1b}]0;x\u{7}</script>\u{202e}\n\n\n\n\n",
        "\n",
        "\n\n\n\n",
        "",
        "…",
        "POST\n/v3",
        "\\n\\n\\n\\n",
    ];
    let mut bodies: Vec<String> = hostile
        .iter()
        .flat_map(|text| {
            [json!(0), json!(-1), json!("18446744073709551615"), json!(null), json!([]), json!(1e300)]
                .map(|length| sign_error("签名错误", &json!({"method": text, "url": text, "truncated_sign_message": text, "sign_message_length": length})).to_string())
        })
        .collect();
    bodies.extend([
        format!("{{\"code\":\"SIGN_ERROR\",\"message\":\"签名错误\",\"detail\":{{\"sign_information\":{deep}}}}}"),
        format!("{{\"code\":\"SIGN_ERROR\",\"message\":\"签名错误\",\"detail\":{deep}}}"),
        "{\"code\":\"SIGN_ERROR\",\"message\":\"签名错误\",\"detail\":{\"sign_information\":[\"POST\",\"/\"]}}".to_owned(),
    ]);
    for body in bodies {
        let response = wechat::response(401, body.as_bytes(), &pairs(&[("Request-ID", "A-1")]));
        let error = checked(&client, &ours.message, response.clone());
        let text = format!(
            "{} {} {}",
            error.fields().message,
            explain_response(&client.merchant, &ours.message, &response, clock()).unwrap(),
            explain_text(&body)
        );
        for raw in ['\u{1b}', '\u{7}', '\u{202e}'] {
            assert!(!text.contains(raw), "{raw:?}: {text}");
        }
        assert!(!error.fields().diagnosis.is_empty(), "{body:.200}");
        assert!(
            error
                .fields()
                .diagnosis
                .iter()
                .all(|one| one.cause != Cause::UnknownText)
        );
        explain_signed(&body, b"");
        explain_signed(&body, b"\n\n\n\n\n\n");
        explain_signed(&body, "\\n\u{feff}\r\n\r\n\r\n\r\n".as_bytes());
    }
}

/// Every cut of every byte of the echo, and every byte of what was signed changed: equal is never
/// called different, and a change that the echo shows is always placed on its byte.
#[test]
fn no_cut_makes_equal_lines_differ_and_every_visible_change_is_placed() {
    let parts = [
        "POST",
        URL,
        "1559194069",
        "18a427e78d2344e1a71156a2690cc4d6",
        BODY,
    ];
    let string = format!("{}\n", parts.join("\n"));
    let head = string.len() - BODY.len() - 1;
    let echo = |shown: &[u8]| {
        let shown = String::from_utf8_lossy(shown).into_owned();
        let information = json!({
            "method": "POST", "url": URL, "truncated_sign_message": shown, "sign_message_length": string.len(),
        });
        sign_error("签名错误", &information).to_string()
    };
    let first = |pasted: &str, signed: &[u8]| -> (String, Value) {
        let report: Value = serde_json::from_str(&explain_signed(pasted, signed)).unwrap();
        (
            report["diagnosis"][0]["id"].as_str().unwrap().to_owned(),
            report["sign"].clone(),
        )
    };
    for end in 0..=string.len() {
        for tail in ["", "\n", "...", "…", "...\n"] {
            // Dots in place of a line's end are cut text; behind a whole line feed they are a line.
            let shown = [&string.as_bytes()[..end], tail.as_bytes()].concat();
            if end < head && !tail.is_empty() && tail != "..." {
                continue;
            }
            let (id, sign) = first(&echo(&shown), string.as_bytes());
            assert_eq!(id, "SIGN_WRONG_KEY", "{end} {tail:?}: {sign}");
        }
    }
    // A change of one byte that is shown is found in its line at its place.
    for at in 0..string.len() - 1 {
        let mut signed = string.clone().into_bytes();
        // Line feeds make other lines, and inside a character the text would not be UTF-8.
        if signed[at] == b'\n' || !signed[at].is_ascii() {
            continue;
        }
        signed[at] = if signed[at] == b'A' { b'B' } else { b'A' };
        let line = string[..at].matches('\n').count();
        let (id, sign) = first(&echo(string.as_bytes()), &signed);
        let want = [
            "SIGN_METHOD_DIFFERS",
            "SIGN_URL_DIFFERS",
            "SIGN_TIMESTAMP_DIFFERS",
            "SIGN_NONCE_DIFFERS",
            "SIGN_BODY_DIFFERS",
        ][line];
        assert_eq!(
            (&*id, &sign["lines"][line]["at_of_all"]),
            (want, &json!(at)),
            "{at}: {sign}"
        );
        let others = sign["lines"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["same"] == true)
            .count();
        assert_eq!(others, 4, "{at}: {sign}");
        // Behind the cut a change of length shows all the same.
        if at > head + 8 {
            signed.insert(at, b'A');
            let (id, sign) = first(
                &echo(&[&string.as_bytes()[..head + 8], b"\n"].concat()),
                &signed,
            );
            assert_eq!(id, "SIGN_BODY_DIFFERS", "{at}: {sign}");
            assert_eq!(sign["lines"][4]["verified_bytes"], BODY.len(), "{at}");
        }
    }
}
