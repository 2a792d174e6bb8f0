//! S25, S9: refund notifications, replies, and what opens PayScore.

use serde_json::Value;
use wxpay::error::Status;
use wxpay::v2;

use super::super::wechat::{MCHID, refused};
use super::{KEY, client, hmac, sealed};

const REFUND: &str = "<root>\n<out_refund_no><![CDATA[R1]]></out_refund_no>\n<refund_fee><![CDATA[4]]></refund_fee><refund_status>SUCCESS</refund_status><out_trade_no>0123456789abcdefA1</out_trade_no></root>";

#[test]
fn a_refund_is_opened_and_never_called_authentic() {
    let client = client(&[]);
    let json = v2::refund_open(&client.merchant, &sealed(KEY, REFUND.as_bytes())).unwrap();
    assert_eq!(
        *json,
        r#"{"authenticated":false,"refund":{"out_refund_no":"R1","refund_fee":"4","refund_status":"SUCCESS","out_trade_no":"0123456789abcdefA1"}}"#
    );
    let old = super::client(&[(
        "api_v2_key",
        &format!("ffffffffffffffffffffffffffffffff\n{KEY}"),
    )]);
    v2::refund_open(&old.merchant, &sealed(KEY, REFUND.as_bytes())).unwrap();
}

/// ECB: blocks of sixteen bytes can be exchanged, and nothing shows it but the flag.
#[test]
fn exchanged_blocks_open_and_are_still_not_called_authentic() {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    // Every block ends inside of a value.
    let plaintext =
        "<root><aa>000000".to_owned() + "1111111111111111" + "2222222222222222" + "</aa></root>";
    let mut blocks = STANDARD.decode(sealed(KEY, plaintext.as_bytes())).unwrap();
    let (one, two) = blocks[16..48].split_at_mut(16);
    one.swap_with_slice(two);
    let client = client(&[]);
    let json = v2::refund_open(&client.merchant, &STANDARD.encode(&blocks)).unwrap();
    assert_eq!(
        *json,
        r#"{"authenticated":false,"refund":{"aa":"00000022222222222222221111111111111111"}}"#
    );
}

#[test]
fn every_failure_to_open_a_refund_reads_the_same() {
    let client = client(&[]);
    let good = sealed(KEY, REFUND.as_bytes());
    let cases = [
        ("not base64", "%%%".to_owned()),
        ("empty", String::new()),
        ("a line end", format!("{good}\n")),
        ("not whole blocks", good[..good.len() - 4].to_owned()),
        (
            "padding",
            sealed("ffffffffffffffffffffffffffffffff", REFUND.as_bytes()),
        ),
        ("not XML", sealed(KEY, b"hello")),
        ("nothing", sealed(KEY, b"")),
        ("another root", sealed(KEY, b"<xml><a>1</a></xml>")),
        (
            "a field twice",
            sealed(KEY, b"<root><a>1</a><a>2</a></root>"),
        ),
        (
            "a DOCTYPE",
            sealed(KEY, b"<!DOCTYPE r><root><a>1</a></root>"),
        ),
        ("not UTF-8", sealed(KEY, b"<root><a>\xff</a></root>")),
        ("2 MB", "A".repeat(2_000_000)),
    ];
    let mut first = String::new();
    for (case, req_info) in cases {
        let error = refused(case, v2::refund_open(&client.merchant, &req_info));
        assert_eq!(error.status(), Status::DecryptFailed, "{case}");
        let json = error.to_json();
        if first.is_empty() {
            first.clone_from(&json);
        }
        assert_eq!(json, first, "{case}");
        assert!(!json.contains(KEY), "{case}");
    }
}

#[test]
fn a_v2_notification_is_answered_as_wechat_pay_wants_it() {
    for (result, reason, body) in [
        (
            0,
            "",
            "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>",
        ),
        (
            201,
            "",
            "<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[失败]]></return_msg></xml>",
        ),
        (
            900,
            "a <b> & ]]> c",
            "<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[a <b> & ]]]]><![CDATA[> c]]></return_msg></xml>",
        ),
        (
            -5,
            "x",
            "<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[x]]></return_msg></xml>",
        ),
    ] {
        let reply = v2::reply(result, reason).unwrap();
        assert_eq!(std::str::from_utf8(&reply.body).unwrap(), body);
        assert_eq!(reply.status(), 200);
        assert_eq!(
            reply.headers.get("Content-Type").unwrap(),
            "text/xml; charset=utf-8"
        );
    }
    for reason in ["a\nb", "\0", "\u{7f}", "\u{85}"] {
        let error = refused(reason, v2::reply(1, reason));
        assert_eq!(error.status(), Status::InvalidArgument, "{error}");
    }
}

#[test]
fn what_opens_pay_score_is_signed_with_the_api_v2_key() {
    // HMAC-SHA256 also where MD5 is configured: the documents know nothing else.
    for changes in [&[][..], &[("api_v2_sign_type", "MD5")]] {
        let client = client(changes);
        let package = "AAQTOQgAAAABAAAAAABOOW7y+mj/2w==";
        let now = wxpay::time::now(1_767_225_600).unwrap();
        let json = v2::pay_score(&client.merchant, package, now).unwrap();
        let json: Value = serde_json::from_str(&json).unwrap();
        let nonce = json["nonce_str"].as_str().unwrap();
        let pairs = [
            ("mch_id", MCHID),
            ("nonce_str", nonce),
            ("package", package),
            ("sign_type", "HMAC-SHA256"),
            ("timestamp", "1767225600"),
        ];
        assert_eq!(json["sign"], hmac(&pairs, KEY));
        assert_eq!(json.as_object().unwrap().len(), 6);
        for (name, value) in pairs {
            assert_eq!(json[name], value);
        }
    }
    let client = client(&[]);
    let now = wxpay::time::clock();
    for at in 0..3 {
        for byte in (0..=0x20).chain(*b"&<>\"'%?#;,\\\x7f") {
            let mut package = "abc".to_owned();
            package.insert(at, char::from(byte));
            let error = refused(&package, v2::pay_score(&client.merchant, &package, now));
            assert_eq!(error.status(), Status::InvalidArgument, "{package:?}");
        }
    }
    for package in ["", &"a".repeat(129), "支付"] {
        let error = refused(package, v2::pay_score(&client.merchant, package, now));
        assert_eq!(error.status(), Status::InvalidArgument, "{package:?}");
    }
}
