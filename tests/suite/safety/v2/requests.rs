//! What goes out: fields, signature, XML or query, host.

use serde_json::Value;
use wxpay::client::Client;
use wxpay::error::Status;
use wxpay::http::Message;
use wxpay::v2;
use wxpay::v3::compose;

use super::super::raw::Raw;
use super::super::wechat::{MCHID, http, key, refused};
use super::{APPID, GOOD, KEY, answer, client, config, hmac, md5, signed, xml};

/// Read by Python's expat.
fn fields(body: &[u8]) -> Vec<(String, String)> {
    let script = "import sys,json,xml.etree.ElementTree as t\nr=t.fromstring(sys.stdin.buffer.read())\nassert r.tag=='xml'\nprint(json.dumps([[e.tag,e.text or ''] for e in r]))";
    let mut child = std::process::Command::new("python3")
        .args(["-c", script])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), body).unwrap();
    serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

fn value<'a>(fields: &[(&'a str, &'a str)], name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(have, _)| *have == name)
        .map(|(_, value)| *value)
}

#[test]
fn what_goes_out_is_signed_xml_with_what_every_request_needs() {
    let server = Raw::answering(|_| http(200, signed(GOOD).as_bytes(), &[]));
    let client = Client::new(&config(&server.url, &[])).unwrap();
    let json = format!(
        r#"{{"appid":"{APPID}","body":"<咖啡> & ]]> \"x\"","total_fee":1,"attach":"","detail":null,"scene_info":"{{\"id\":\"1\"}}"}}"#
    );
    let request = v2::prepare(&client.merchant, "/pay/unifiedorder", "", &json).unwrap();
    let (answer, given) = client.v2_send(&request).unwrap();
    let given: Value = serde_json::from_str(&given).unwrap();
    assert_eq!(given["prepay_id"], "wx201411101639507cbf6ffd8b0779950874");
    assert_eq!(answer.status(), 200);
    let seen = &server.seen()[0];
    assert_eq!(seen.line(), "POST /pay/unifiedorder HTTP/1.1");
    assert_eq!(seen.header("Content-Type"), Some("text/xml; charset=utf-8"));
    assert_eq!(seen.header("Accept-Encoding"), Some("identity"));
    for name in ["Authorization", "Wechatpay-Serial", "Expect"] {
        assert_eq!(seen.header(name), None, "{name}");
    }
    assert!(
        seen.header("User-Agent")
            .is_some_and(|agent| !agent.is_empty())
    );
    assert_eq!(
        seen.body,
        request.body.to_vec(),
        "the very bytes that were prepared"
    );
    let sent = fields(&seen.body);
    let sent = pairs(&sent);
    let names: Vec<_> = sent.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "appid",
            "body",
            "total_fee",
            "scene_info",
            "mch_id",
            "nonce_str",
            "sign_type",
            "sign"
        ]
    );
    assert_eq!(value(&sent, "body"), Some("<咖啡> & ]]> \"x\""));
    assert_eq!(value(&sent, "mch_id"), Some(MCHID));
    assert_eq!(value(&sent, "sign_type"), Some("HMAC-SHA256"));
    let nonce = value(&sent, "nonce_str").unwrap();
    assert!(nonce.len() == 32 && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    assert_eq!(value(&sent, "sign"), Some(hmac(&sent, KEY).as_str()));
}

#[test]
fn each_path_has_its_fields() {
    let client = client(&[]);
    let made = |path: &str, sign_type: &str, json: &str| {
        let message = v2::prepare(&client.merchant, path, sign_type, json).unwrap();
        assert_eq!(message.method(), "POST", "{path}");
        fields(&message.body)
    };
    // MD5 is what WeChat Pay takes without the field; some paths know no other and no field.
    let sent = made(
        "/mmpaymkttransfers/sendredpack",
        "MD5",
        r#"{"wxappid":"wx1","nonce_str":"given","re_openid":"o1"}"#,
    );
    let sent = pairs(&sent);
    assert_eq!(value(&sent, "sign_type"), None);
    assert_eq!(value(&sent, "nonce_str"), Some("given"));
    assert_eq!(value(&sent, "sign"), Some(md5(&sent, KEY).as_str()));
    let sent = made(
        "/pay/micropay",
        "MD5",
        r#"{"sign_type":"MD5","mch_id":"1900000001","sub_mch_id":"1900000009"}"#,
    );
    let sent = pairs(&sent);
    assert_eq!(value(&sent, "sign_type"), Some("MD5"));
    assert_eq!(sent.iter().filter(|(name, _)| *name == "mch_id").count(), 1);
    assert_eq!(value(&sent, "sign"), Some(md5(&sent, KEY).as_str()));
    for (path, name) in [
        ("/mmpaymkttransfers/promotion/transfers", "mchid"),
        ("/pay/combinedorder", "combine_mch_id"),
        ("/secapi/pay/refund", "mch_id"),
    ] {
        let sent = made(path, "", r#"{"a":"1"}"#);
        let sent = pairs(&sent);
        assert_eq!(value(&sent, name), Some(MCHID), "{path}");
        assert_eq!(sent.len(), 5, "{path}: {sent:?}");
    }
    for path in [
        "/cgi-bin/mch/customs/customdeclareorder",
        "/papay/deletecontract",
        "/papay/querycontract",
    ] {
        let sent = made(path, "", r#"{"a":"1"}"#);
        assert_eq!(value(&pairs(&sent), "nonce_str"), None, "{path}");
        let error = refused(
            path,
            v2::prepare(&client.merchant, path, "", r#"{"nonce_str":"1"}"#),
        );
        assert_eq!(error.status(), Status::InvalidArgument, "{error}");
    }
}

#[test]
fn a_page_takes_its_fields_in_the_query() {
    let client = client(&[]);
    let json = r#"{"appid":"wx1","notify_url":"https://shop.example/回调","plan_id":"1 2","timestamp":1767225600}"#;
    let message = v2::prepare(&client.merchant, "/papay/h5entrustweb", "", json).unwrap();
    assert_eq!((message.method(), message.body.len()), ("GET", 0));
    let want = [
        ("appid", "wx1"),
        ("notify_url", "https://shop.example/回调"),
        ("plan_id", "1 2"),
        ("timestamp", "1767225600"),
        ("mch_id", MCHID),
        ("sign_type", "HMAC-SHA256"),
    ];
    let sign = hmac(&want, KEY);
    // Percent-encoding by Python's urllib.parse.quote.
    let query = format!(
        "appid=wx1&notify_url=https%3A%2F%2Fshop.example%2F%E5%9B%9E%E8%B0%83&plan_id=1%202&timestamp=1767225600&mch_id={MCHID}&sign_type=HMAC-SHA256&sign={sign}"
    );
    assert_eq!(
        message.url(),
        format!("http://127.0.0.1:9/papay/h5entrustweb?{query}")
    );
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(17_000));
    let error = refused(
        "long",
        v2::prepare(&client.merchant, "/papay/entrustweb", "", &long),
    );
    assert_eq!(error.status(), Status::UrlRefused, "{error}");
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_signed() {
    let client = client(&[]);
    let path = "/pay/unifiedorder";
    let rows: &[(&str, &str, &str, Status, &str)] = &[
        (
            path,
            "",
            r#"{"mch_id":"1900000002"}"#,
            Status::InvalidArgument,
            "MCH_MISMATCH",
        ),
        (
            path,
            "",
            r#"{"mchid":"1900000002"}"#,
            Status::InvalidArgument,
            "MCH_MISMATCH",
        ),
        (
            path,
            "",
            r#"{"combine_mch_id":"1900000002"}"#,
            Status::InvalidArgument,
            "MCH_MISMATCH",
        ),
        (
            path,
            "",
            r#"{"sign":"AB"}"#,
            Status::InvalidArgument,
            "sign",
        ),
        (
            path,
            "",
            r#"{"attach":"x&out_trade_no=1"}"#,
            Status::InvalidArgument,
            "&out_trade_no=",
        ),
        (
            path,
            "",
            r#"{"attach":"x&key=1"}"#,
            Status::InvalidArgument,
            "&key=",
        ),
        (
            path,
            "",
            r#"{"attach":"x&coupon_fee_0=1"}"#,
            Status::InvalidArgument,
            "&coupon_fee_0=",
        ),
        (
            path,
            "",
            r#"{"attach":"x\ny"}"#,
            Status::InvalidArgument,
            "U+000A",
        ),
        (
            path,
            "",
            r#"{"scene_info":{}}"#,
            Status::InvalidArgument,
            "scene_info",
        ),
        (
            path,
            "",
            r#"{"coupon_id_$n":"1"}"#,
            Status::InvalidArgument,
            "coupon_id_$n",
        ),
        (path, "", r#"{"a":1,"a":2}"#, Status::MalformedJson, "twice"),
        (path, "", "a=1", Status::MalformedJson, "JSON object"),
        (
            path,
            "",
            r#"{"sign_type":"MD5"}"#,
            Status::InvalidArgument,
            "HMAC-SHA256",
        ),
        (
            path,
            "MD5",
            r#"{"sign_type":"HMAC-SHA256"}"#,
            Status::InvalidArgument,
            "MD5",
        ),
        (path, "md5", "{}", Status::UnsupportedAlgorithm, "md5"),
        (path, "RSA", "{}", Status::UnsupportedAlgorithm, "RSA"),
        (
            "/pay/unifiedorder?a=1",
            "",
            "{}",
            Status::InvalidArgument,
            "query",
        ),
        (
            "/v3/pay/transactions/native",
            "",
            "{}",
            Status::InvalidArgument,
            "API v3",
        ),
        ("pay/unifiedorder", "", "{}", Status::UrlRefused, "URL"),
        (
            "https://evil.example/pay/unifiedorder",
            "",
            "{}",
            Status::UrlRefused,
            "evil.example",
        ),
        (
            "https://api.mch.weixin.qq.com@evil.example/pay/unifiedorder",
            "",
            "{}",
            Status::UrlRefused,
            "URL",
        ),
        (
            "//evil.example/pay/unifiedorder",
            "",
            "{}",
            Status::UrlRefused,
            "URL",
        ),
        (
            "/pay/../secapi/pay/refund",
            "",
            "{}",
            Status::UrlRefused,
            "dot",
        ),
    ];
    for (path, sign_type, json, status, says) in rows {
        let error = refused(json, v2::prepare(&client.merchant, path, sign_type, json));
        assert_eq!(error.status(), *status, "{path} {json}: {error}");
        assert!(
            error.fields().message.contains(says),
            "{path} {json}: {error}"
        );
    }
    let rows: &[(&str, &str, Status)] = &[
        ("", "{}", Status::InvalidArgument),
        ("", r#"{"sign":"1","a":""}"#, Status::InvalidArgument),
        ("", r#"{"a":"&appid=1"}"#, Status::InvalidArgument),
        (
            "MD5",
            r#"{"signType":"HMAC-SHA256"}"#,
            Status::InvalidArgument,
        ),
        ("SHA1", r#"{"a":"1"}"#, Status::UnsupportedAlgorithm),
    ];
    for (sign_type, json, status) in rows {
        let error = refused(json, v2::sign(&client.merchant, sign_type, json));
        assert_eq!(error.status(), *status, "{json}: {error}");
    }
    let params = r#"{"appId":"wx1","timeStamp":"1","nonceStr":"n","package":"prepay_id=1","signType":"MD5"}"#;
    let want = md5(
        &[
            ("appId", "wx1"),
            ("timeStamp", "1"),
            ("nonceStr", "n"),
            ("package", "prepay_id=1"),
            ("signType", "MD5"),
        ],
        KEY,
    );
    assert_eq!(v2::sign(&client.merchant, "MD5", params).unwrap(), want);
}

#[test]
fn a_prepared_message_takes_no_more_headers() {
    let client = client(&[]);
    let mut message = super::order(&client);
    let error = refused("header", compose::add_header(&mut message, "X-A", "1"));
    assert_eq!(error.status(), Status::InvalidState, "{error}");
    compose::set_option(&mut message, "timeout_ms", "100").unwrap();
}

/// The key for /mmpaysptrans/pay_bank is on a host of its own, comes as PKCS#1, and is taken as it
/// is.
#[test]
fn the_key_of_the_risk_path_is_asked_from_its_host_and_read_as_it_comes() {
    let own = client(&[("base_url", "https://api.mch.weixin.qq.com")]);
    let message = v2::prepare(&own.merchant, "/risk/getpublickey", "", "{}").unwrap();
    assert_eq!(
        message.url(),
        "https://fraud.mch.weixin.qq.com/risk/getpublickey"
    );
    let simulator = client(&[]);
    let message = v2::prepare(&simulator.merchant, "/risk/getpublickey", "", "{}").unwrap();
    assert_eq!(message.url(), "http://127.0.0.1:9/risk/getpublickey");

    let mut child = std::process::Command::new("openssl")
        .args(["rsa", "-pubin", "-RSAPublicKey_out"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(
        &mut child.stdin.take().unwrap(),
        key(2).public_pem.as_bytes(),
    )
    .unwrap();
    let pem = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    assert!(pem.starts_with("-----BEGIN RSA PUBLIC KEY-----"));
    let body = xml(&[
        ("return_code", "SUCCESS"),
        ("result_code", "SUCCESS"),
        ("mch_id", MCHID),
        ("pub_key", &pem),
    ]);
    let mut response = answer(&body);
    let json = simulator.v2_check(Some(&message), &mut response).unwrap();
    assert_eq!(response.verified, wxpay::http::Verified::NotSignedByDesign);
    let json: Value = serde_json::from_str(&json).unwrap();
    let given = json["pub_key"].as_str().unwrap();
    let public = wxpay::key::read_public("pub_key", given.as_bytes()).unwrap();
    let sealed = public.encrypt_oaep(b"6222600000000000").unwrap();
    let private = wxpay::key::read_private("key", key(2).pem.as_bytes(), None).unwrap();
    assert_eq!(
        &*private.decrypt_oaep(&sealed).unwrap(),
        b"6222600000000000"
    );
}

#[test]
fn unsigned_lists_come_as_they_stand() {
    let client = client(&[]);
    let asked: Message = super::request(&client, "/mmpaymkttransfers/gethbinfo");
    let body = "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><hblist><hbinfo><openid>o1</openid></hbinfo></hblist></xml>";
    let json = client.v2_check(Some(&asked), &mut answer(body)).unwrap();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["hblist"], "<hbinfo><openid>o1</openid></hbinfo>");
    let asked = super::request(&client, "/appauth/getaccesstoken");
    assert_eq!(asked.method(), "GET");
    let json = client
        .v2_check(
            Some(&asked),
            &mut answer(r#"{"retcode":0,"access_token":"t"}"#),
        )
        .unwrap();
    assert_eq!(*json, r#"{"retcode":"0","access_token":"t"}"#);
}
