//! S8, S26: which messages are WeChat Pay's.

use serde_json::Value;
use wxpay::error::{Error, Status};
use wxpay::http::{Message, Verified};

use super::super::wechat::{MCHID, refused};
use super::{APPID, GOOD, KEY, answer, but, client, hmac, md5, order, signed, xml};

const BIG: &str =
    "x&out_trade_no=BIG0001&result_code=SUCCESS&return_code=SUCCESS&total_fee=100000&z=";

/// A genuine payment of 1 fen whose `attach` a buyer chose.
const SMALL: &[(&str, &str)] = &[
    ("appid", APPID),
    ("attach", BIG),
    ("bank_type", "CFT"),
    ("cash_fee", "1"),
    ("mch_id", MCHID),
    ("nonce_str", "n1"),
    ("openid", "oUpF8uMuAJO"),
    ("out_trade_no", "SMALL01"),
    ("result_code", "SUCCESS"),
    ("return_code", "SUCCESS"),
    ("time_end", "20260101120000"),
    ("total_fee", "1"),
    ("trade_type", "JSAPI"),
    ("transaction_id", "4200000001"),
];

fn notified(changes: &[(&str, &str)], body: &str) -> Result<String, Error> {
    let json = client(changes).v2_check(None, &mut answer(body))?;
    Ok(json.to_string())
}

#[test]
fn a_signature_that_two_messages_share_is_accepted_for_neither() {
    assert_eq!(BIG.len(), 82);
    // "Order BIG0001 paid 1000 yuan" out of the same bytes.
    let rest = "&bank_type=CFT&cash_fee=1&mch_id=1900000001&nonce_str=n1&openid=oUpF8uMuAJO&out_trade_no=SMALL01&result_code=SUCCESS&return_code=SUCCESS&time_end=20260101120000&total_fee=1&trade_type=JSAPI&transaction_id=4200000001";
    let forged = [
        ("appid", APPID),
        ("attach", "x"),
        ("out_trade_no", "BIG0001"),
        ("result_code", "SUCCESS"),
        ("return_code", "SUCCESS"),
        ("total_fee", "100000"),
        ("z", rest),
    ];
    assert_eq!(
        super::base(SMALL),
        super::base(&forged),
        "the attack is the one that was found"
    );
    assert_eq!(hmac(SMALL, KEY), hmac(&forged, KEY));
    for (case, pairs) in [("genuine", SMALL), ("forged", &forged)] {
        for (changes, sign) in [
            (&[][..], hmac(pairs, KEY)),
            (&[("api_v2_sign_type", "MD5")], md5(pairs, KEY)),
        ] {
            let body = xml(&[pairs, &[("sign", sign.as_str())]].concat());
            let error = refused(case, notified(changes, &body));
            assert_eq!(error.status(), Status::SignatureInvalid, "{case}: {error}");
            assert!(
                error.fields().hint.contains("ambiguous v2 message"),
                "{case}: {error}"
            );
        }
    }
    for attach in ["a=1&b=2", "a&b", "total_fee=100000", "&total_fee"] {
        let pairs = but(SMALL, "attach", attach);
        let json = notified(&[], &signed(&pairs)).unwrap();
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["attach"], attach);
        assert_eq!(json["total_fee"], "1");
        assert_eq!(json["sign"], hmac(&pairs, KEY));
    }
}

type Row = (&'static str, String, Status, &'static str);

/// Good but for one thing; as a notification and as an answer.
fn rows() -> Vec<Row> {
    let right = hmac(GOOD, KEY);
    let with_sign = |sign: &str| xml(&[GOOD, &[("sign", sign)]].concat());
    let other = hmac(GOOD, "ffffffffffffffffffffffffffffffff");
    let twice = format!(
        "{}<sign>{right}</sign></xml>",
        with_sign(&right).trim_end_matches("</xml>")
    );
    let moved = signed(GOOD).replace("wx2014", "wx2015");
    let added = signed(GOOD).replace("</xml>", "<total_fee>1</total_fee></xml>");
    let taken = signed(GOOD).replace("<return_msg><![CDATA[OK]]></return_msg>", "");
    let wrong = Status::SignatureInvalid;
    vec![
        ("no sign", xml(GOOD), wrong, "no sign"),
        ("an empty sign", with_sign(""), wrong, "no sign"),
        (
            "signed with MD5",
            with_sign(&md5(GOOD, KEY)),
            Status::UnsupportedAlgorithm,
            "MD5",
        ),
        (
            "lower case",
            with_sign(&right.to_lowercase()),
            wrong,
            "not that of the fields",
        ),
        (
            "another key",
            with_sign(&other),
            wrong,
            "not that of the fields",
        ),
        ("63 digits", with_sign(&right[1..]), wrong, "63 characters"),
        (
            "65 digits",
            with_sign(&format!("{right}0")),
            wrong,
            "65 characters",
        ),
        (
            "no hex",
            with_sign(&right.replace(|one: char| one.is_ascii_digit(), "G")),
            wrong,
            "64 characters",
        ),
        (
            "blank around",
            with_sign(&format!(" {right}")),
            wrong,
            "65 characters",
        ),
        ("the sign twice", twice, Status::MalformedXml, "sign twice"),
        ("a changed value", moved, wrong, "not that of the fields"),
        ("a field more", added, wrong, "not that of the fields"),
        ("a field less", taken, wrong, "not that of the fields"),
        (
            "another merchant",
            signed(&but(GOOD, "mch_id", "1900000002")),
            Status::ApiUnexpectedResponse,
            "MCH_MISMATCH",
        ),
        (
            "another mchid",
            signed(&but(GOOD, "mchid", "1900000002")),
            Status::ApiUnexpectedResponse,
            "MCH_MISMATCH",
        ),
        (
            "a DOCTYPE",
            format!("<!DOCTYPE xml>{}", signed(GOOD)),
            Status::MalformedXml,
            "DOCTYPE",
        ),
        (
            "a list",
            signed(GOOD).replace("</xml>", "<a><b>1</b></a></xml>"),
            Status::MalformedXml,
            "inside a field",
        ),
    ]
}

#[test]
fn only_a_message_with_the_right_sign_of_our_algorithm_for_this_merchant_is_taken() {
    let client = client(&[]);
    let request = order(&client);
    let right = hmac(GOOD, KEY);
    for (case, body, status, says) in rows() {
        for request in [None, Some(&request)] {
            let mut message = answer(&body);
            let error = refused(case, client.v2_check(request, &mut message));
            assert_eq!(error.status(), status, "{case}: {error}");
            assert!(error.fields().message.contains(says), "{case}: {error}");
            assert_eq!(message.verified, Verified::NotChecked, "{case}");
            assert_eq!(
                error.fields().outcome,
                wxpay::error::Outcome::Unknown,
                "{case}"
            );
            assert!(!error.fields().retryable, "{case}");
            // An error that shows the right digest signs for the forger.
            let text = format!("{error} {error:?} {}", error.to_json());
            assert!(
                !text.contains(&right) && !text.contains(&right.to_lowercase()),
                "{case}: {text}"
            );
            assert!(!text.contains(KEY), "{case}: {text}");
        }
    }
    // The account is known from the request only.
    let body = signed(&but(GOOD, "appid", "wx0000000000000000"));
    let error = refused("appid", client.v2_check(Some(&request), &mut answer(&body)));
    assert!(error.fields().hint.contains("MCH_MISMATCH"), "{error}");
    for request in [None, Some(&request)] {
        let mut message = answer(&signed(GOOD));
        let json = client.v2_check(request, &mut message).unwrap();
        let json: Value = serde_json::from_str(&json).unwrap();
        let members: Vec<_> = json
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let want: Vec<_> = GOOD.iter().map(|(name, _)| *name).chain(["sign"]).collect();
        assert_eq!(members, want, "as they came");
        assert_eq!(message.verified, Verified::Signature);
    }
}

#[test]
fn md5_counts_only_where_it_was_chosen() {
    let with_md5 = xml(&[GOOD, &[("sign", &md5(GOOD, KEY))]].concat());
    let chosen = client(&[("api_v2_sign_type", "MD5")]);
    chosen.v2_check(None, &mut answer(&with_md5)).unwrap();
    let error = refused("HMAC", chosen.v2_check(None, &mut answer(&signed(GOOD))));
    assert_eq!(error.status(), Status::UnsupportedAlgorithm, "{error}");
    // For one request.
    let client = client(&[]);
    let request =
        wxpay::v2::prepare(&client.merchant, "/pay/micropay", "MD5", r#"{"body":"x"}"#).unwrap();
    client
        .v2_check(Some(&request), &mut answer(&with_md5))
        .unwrap();
    let error = refused(
        "HMAC",
        client.v2_check(Some(&request), &mut answer(&signed(GOOD))),
    );
    assert_eq!(error.status(), Status::UnsupportedAlgorithm, "{error}");
}

#[test]
fn during_a_rotation_each_key_verifies_and_the_first_signs() {
    let new = "ffffffffffffffffffffffffffffffff";
    let client = client(&[("api_v2_key", &format!("{new}\n{KEY}"))]);
    client.v2_check(None, &mut answer(&signed(GOOD))).unwrap();
    let with_new = xml(&[GOOD, &[("sign", &hmac(GOOD, new))]].concat());
    client.v2_check(None, &mut answer(&with_new)).unwrap();
    let sign = wxpay::v2::sign(&client.merchant, "", r#"{"a":"1"}"#).unwrap();
    assert_eq!(sign, hmac(&[("a", "1")], new));
}

#[test]
fn a_refund_notification_is_sent_to_the_function_that_opens_it() {
    let body = xml(&[
        ("return_code", "SUCCESS"),
        ("appid", APPID),
        ("mch_id", MCHID),
        ("nonce_str", "n"),
        (
            "req_info",
            "T87GAHG17TGAHG1TGHAHAHA1Y1CIOA9UGJH1GAHV871HAGAGQYQQPOOJMXNBCXBVNMNMAJAA",
        ),
    ]);
    let error = refused("refund", notified(&[], &body));
    assert_eq!(error.status(), Status::SignatureInvalid, "{error}");
    assert!(
        error.fields().hint.contains("wxpay_v2_refund_open"),
        "{error}"
    );
}

#[test]
fn a_check_takes_what_belongs_together() {
    let client = client(&[]);
    let v3 = wxpay::v3::compose::request("POST", "/v3/x", b"{}").unwrap();
    let other = super::client(&[("mchid", "1900000002")]);
    let theirs = order(&other);
    for (case, request) in [("v3", &v3), ("another client's", &theirs)] {
        let error = refused(
            case,
            client.v2_check(Some(request), &mut answer(&signed(GOOD))),
        );
        assert_eq!(error.status(), Status::InvalidState, "{case}: {error}");
    }
    let ours = order(&client);
    let mut not_a_response = Message::request("POST", "/pay/x", wxpay::http::Body::default());
    let error = refused(
        "a request",
        client.v2_check(Some(&ours), &mut not_a_response),
    );
    assert_eq!(error.status(), Status::InvalidState, "{error}");
    // And v3 takes nothing of v2.
    let now = wxpay::time::clock();
    let errors = [
        client
            .check(&ours, &mut answer(&signed(GOOD)), now)
            .unwrap_err(),
        client.send(&ours).unwrap_err(),
        wxpay::v3::prepare::prepare(&client.merchant, &ours, now).unwrap_err(),
        client.v2_send(&v3).unwrap_err(),
        client.v2_send(&theirs).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.status(), Status::InvalidState, "{error}");
    }
    // Frameworks hand a notification on as the request that it is.
    let mut message = Message::request(
        "POST",
        "/notify",
        wxpay::http::Body::new(signed(GOOD).into_bytes()),
    );
    client.v2_check(None, &mut message).unwrap();
    assert_eq!(message.verified, Verified::Signature);
    // Without a key nothing is believed.
    let keyless =
        wxpay::client::Client::new(&super::super::wechat::config(super::super::wechat::NOWHERE))
            .unwrap();
    let error = refused("no key", keyless.v2_check(None, &mut answer(&signed(GOOD))));
    assert_eq!(error.status(), Status::ConfigIncomplete, "{error}");
}

/// The key is the same in both directions: what the merchant signed for a browser must not come
/// back as a notification.
#[test]
fn what_the_merchant_signed_for_a_buyer_is_no_notification() {
    let client = client(&[("api_v2_sign_type", "MD5")]);
    let own: &[(&str, &[(&str, &str)])] = &[
        (
            "parameters of a page",
            &[
                ("appId", APPID),
                ("nonceStr", "n1"),
                ("package", "prepay_id=wx2016"),
                ("signType", "MD5"),
                ("timeStamp", "1767225600"),
            ],
        ),
        (
            "the page of a contract",
            &[
                ("appid", APPID),
                ("contract_code", "C1"),
                ("mch_id", MCHID),
                ("notify_url", "https://shop.example/n"),
                ("plan_id", "12"),
                ("request_serial", "1000"),
                ("timestamp", "1767225600"),
            ],
        ),
        (
            "a QR code",
            &[
                ("appid", APPID),
                ("mch_id", MCHID),
                ("nonce_str", "n1"),
                ("product_id", "P1"),
                ("time_stamp", "1767225600"),
            ],
        ),
    ];
    for (case, pairs) in own {
        let json: serde_json::Map<String, Value> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
            .collect();
        let json = Value::from(json).to_string();
        let sign = wxpay::v2::sign(&client.merchant, "", &json).unwrap();
        assert_eq!(sign, md5(pairs, KEY), "{case}");
        for more in [&[][..], &[("return_code", ""), ("product_id_", "")]] {
            let body = xml(&[*pairs, &[("sign", sign.as_str())][..], more].concat());
            let mut message = answer(&body);
            let error = refused(case, client.v2_check(None, &mut message));
            assert_eq!(
                error.status(),
                Status::ApiUnexpectedResponse,
                "{case}: {error}"
            );
            assert!(error.fields().hint.contains("query the order"), "{error}");
            assert_eq!(message.verified, Verified::NotChecked, "{case}");
        }
    }
    // What WeChat Pay asks when a buyer scans that code has no return_code either.
    let scanned = [
        ("appid", APPID),
        ("is_subscribe", "N"),
        ("mch_id", MCHID),
        ("nonce_str", "n1"),
        ("openid", "oUpF8uMuAJO"),
        ("product_id", "P1"),
    ];
    let body = xml(&[&scanned[..], &[("sign", &md5(&scanned, KEY))]].concat());
    client.v2_check(None, &mut answer(&body)).unwrap();
}
