//! Which requests are let in, and in what words the others are refused. The words are those of WeChat Pay's published
//! error table.

use crate::harness::*;
use serde_json::{Value, json};

const FORMAT: &str = "Http header Authorization value format error";
const SCHEME: &str = "Http header Authorization authentication type is incorrect.";
const SERIAL: &str = "The merchant certificate serial number is incorrect.";
const NO_CERTIFICATE: &str = "The merchant has not applied for a certificate.";
const TIMESTAMP: &str = "The timestamp in the Http header Authorization and the time for initiating the request must not exceed 5 minutes";

#[test]
fn every_wrong_authorization_gets_the_text_of_the_error_table() {
    let sim = Sim::start(&[]);
    let call = || Call::new("GET", "/v3/certificates", b"");
    let good = sim.authorization(&call());
    for (case, authorization, want) in [
        ("missing", String::new(), FORMAT),
        (
            "no scheme",
            good.split_once(' ').unwrap().1.to_owned(),
            FORMAT,
        ),
        (
            "SM2",
            good.replace("WECHATPAY2-SHA256-RSA2048", "WECHATPAY2-SM2-WITH-SM3"),
            SCHEME,
        ),
        (
            "brand scheme on a merchant's path",
            good.replace("WECHATPAY2", "WECHATPAY-BRAND")
                .replace("mchid", "brand_id"),
            SCHEME,
        ),
        ("no timestamp", good.replace("timestamp=", "time="), FORMAT),
        ("unquoted", good.replace('"', ""), FORMAT),
        (
            "other merchant",
            good.replace(sim.get("mchid"), "1900000109"),
            NO_CERTIFICATE,
        ),
        (
            "platform serial",
            good.replace(sim.get("merchant_serial"), sim.get("_platform_serial")),
            SERIAL,
        ),
        (
            "leading zero lost",
            good.replace(
                sim.get("merchant_serial"),
                sim.get("merchant_serial").trim_start_matches('0'),
            ),
            SERIAL,
        ),
    ] {
        let reply = sim.send(&Call {
            authorization: Some(authorization),
            ..call()
        });
        let body = reply.json();
        assert_eq!(
            (reply.status, &body["code"], &body["message"]),
            (401, &json!("SIGN_ERROR"), &json!(want)),
            "{case}"
        );
        assert_eq!(body["detail"]["location"], "authorization", "{case}");
        assert_eq!(reply.number(), "268443699", "{case}");
        assert!(sim.verifies(&reply.headers, &reply.body), "{case}");
    }
    assert_eq!(
        sim.send(&Call {
            authorization: Some(good.clone()),
            ..call()
        })
        .status,
        200
    );
    // Sent twice: let in, as by WeChat Pay, but counted.
    assert_eq!(
        sim.send(&Call {
            authorization: Some(good),
            ..call()
        })
        .status,
        200
    );
    let stats = sim.stats();
    assert_eq!(
        (
            &stats["duplicate_nonces"],
            &stats["nonces"],
            &stats["sign_errors"]
        ),
        (&json!(1), &json!(1), &json!(9))
    );
}

#[test]
fn a_timestamp_may_be_five_minutes_off_the_simulators_clock() {
    let (here, ahead) = (Sim::start(&[]), Sim::start(&["--now-offset", "-1000"]));
    for (sim, clock) in [(&here, now()), (&ahead, now() - 1000)] {
        // 10 s are left for the test's own time.
        for (off, status) in [(0, 200), (-290, 200), (290, 200), (-310, 401), (310, 401)] {
            let reply = sim.send(&Call {
                timestamp: clock + off,
                ..Call::new("GET", "/v3/certificates", b"")
            });
            assert_eq!(reply.status, status, "{off}");
            if status == 401 {
                assert_eq!(reply.json()["message"], TIMESTAMP);
            }
            let signed_at: i64 = reply.header("Wechatpay-Timestamp").parse().unwrap();
            assert!(
                signed_at.abs_diff(clock) < 60,
                "answers carry the simulator's time"
            );
        }
    }
}

#[test]
fn accept_and_user_agent_are_both_needed() {
    let sim = Sim::start(&[]);
    for (case, headers) in [
        ("no Accept", ["Accept:", "User-Agent: test"]),
        (
            "Accept of something else",
            ["Accept: text/html", "User-Agent: test"],
        ),
        ("no User-Agent", ["Accept: */*", "User-Agent:"]),
    ] {
        let call = Call {
            headers: headers.map(str::to_owned).to_vec(),
            ..Call::new("GET", "/v3/certificates", b"")
        };
        let reply = sim.send(&call);
        assert_eq!(
            (reply.status, reply.json()["code"].as_str()),
            (400, Some("INVALID_REQUEST")),
            "{case}"
        );
    }
    let stats = sim.stats();
    assert_eq!(
        (&stats["missing_accept"], &stats["missing_user_agent"]),
        (&json!(2), &json!(1))
    );
}

#[test]
fn web_pages_and_foreign_hosts_are_refused_everywhere() {
    let sim = Sim::start(&[]);
    let localhost = format!("Host: localhost:{}", sim.port());
    for path in [
        "/v3/certificates",
        "/_sim/stats",
        "/_sim/notifications",
        "/_sim/faults",
    ] {
        for header in [
            "Host: evil.example",
            "Host: api.mch.weixin.qq.com",
            "Origin: https://evil.example",
            "Origin: null",
        ] {
            let reply = sim.send(&Call::new("GET", path, b"").header(header));
            assert_eq!(
                (reply.status, reply.json()["code"].as_str()),
                (403, Some("NO_AUTH")),
                "{path} {header}"
            );
            assert_eq!(
                reply.header("Wechatpay-Signature"),
                "",
                "a refusal is not signed"
            );
        }
        assert_eq!(
            sim.send(&Call::new("GET", path, b"").header(&localhost))
                .status,
            200,
            "{path}"
        );
    }
    let pay = sim.curl(
        "POST",
        "/_sim/pay/ORDER1",
        b"",
        &["Origin: https://evil.example".to_owned()],
    );
    assert_eq!(parse(&pay.stdout).status, 403);
    assert_eq!(sim.stats()["forbidden"], 17);
}

#[test]
fn a_brand_signs_with_the_other_scheme_and_a_certificate_of_its_own() {
    let sim = Sim::start(&[]);
    let brand: Value =
        serde_json::from_str(&std::fs::read_to_string(sim.get("_brand_file")).unwrap()).unwrap();
    let call = || Call::new("POST", "/brand/_sim/echo", br#"{"a":1}"#);
    let signed_by = |key: &str, call: &Call<'_>| {
        format!(
            "WECHATPAY-BRAND-SHA256-RSA2048 brand_id=\"{}\",nonce_str=\"{}\",timestamp=\"{}\",serial_no=\"{}\",signature=\"{}\"",
            brand["brand_id"].as_str().unwrap(),
            call.nonce,
            call.timestamp,
            brand["merchant_serial"].as_str().unwrap(),
            sim.sign_with(key, &call.message()),
        )
    };
    let send = |authorization: String, call: Call<'_>| {
        sim.send(&Call {
            authorization: Some(authorization),
            ..call
        })
    };
    let first = call();
    let reply = send(signed_by("brand_key.pem", &first), first);
    assert_eq!(reply.json(), json!({"a": 1}));
    // A brand has no platform certificates: its answers are signed with the public key alone.
    assert_eq!(reply.header("Wechatpay-Serial"), sim.get("public_key_id"));
    assert!(sim.verifies(&reply.headers, &reply.body));
    let serial = openssl(
        &[
            "x509",
            "-in",
            &sim.path("brand_cert.pem"),
            "-noout",
            "-serial",
        ],
        b"",
    );
    assert_eq!(
        String::from_utf8(serial).unwrap().trim(),
        format!("serial={}", brand["merchant_serial"].as_str().unwrap())
    );

    let first = call();
    let by_merchant = signed_by("apiclient_key.pem", &first);
    assert_eq!(
        send(by_merchant, first).json()["message"],
        "Verification failed due to wrong signature"
    );
    assert_eq!(sim.send(&call()).json()["message"], SCHEME);
    // Also when another key signs for everybody else.
    sim.fault("/v3/", "rotate:certificate");
    sim.query("/v3/certificates");
    let first = call();
    let reply = send(signed_by("brand_key.pem", &first), first);
    assert_eq!(reply.header("Wechatpay-Serial"), sim.get("public_key_id"));
}

#[test]
fn a_certificate_that_is_not_in_force_is_refused_in_english_and_chinese() {
    let sim = Sim::start(&[]);
    // The error table of the signing FAQ, in its two languages.
    for (state, english, chinese) in [
        (
            "expired",
            "The merchant certificate has expired.",
            "商户证书已过期。",
        ),
        (
            "invalidated",
            "The merchant certificate has been invalidated.",
            "商户证书已作废。",
        ),
        (
            "replaced",
            "The certificate has been replaced. Please use the new certificate.",
            "已更换证书，请使用新证书",
        ),
        ("not_applied", NO_CERTIFICATE, "商户未申请过证书。"),
        (
            "no_api_v3_key",
            "The merchant has not set an APIv3 key.",
            "商户未设置APIv3密钥。",
        ),
    ] {
        let set = sim.control(
            "POST",
            "/_sim/merchant-certificate",
            &json!({"state": state}),
        );
        assert_eq!(set.status, 204, "{state}");
        for (language, want) in [("en", english), ("zh-CN", chinese)] {
            let call = Call::new("GET", "/v3/certificates", b"")
                .header(&format!("Accept-Language: {language}"));
            let reply = sim.send(&call);
            let body = reply.json();
            assert_eq!(
                (reply.status, &body["code"], &body["message"]),
                (401, &json!("SIGN_ERROR"), &json!(want)),
                "{state} {language}"
            );
        }
    }
    let set = |state: &str| {
        sim.control(
            "POST",
            "/_sim/merchant-certificate",
            &json!({"state": state}),
        )
        .status
    };
    assert_eq!((set("lost"), set("valid")), (400, 204));
    assert_eq!(sim.query("/v3/certificates").status, 200);
    // The rows that a request itself can bring about, in Chinese.
    let good = sim.authorization(&Call::new("GET", "/v3/certificates", b""));
    for (authorization, chinese) in [
        (String::new(), "Http头Authorization值格式错误"),
        (
            good.replace("WECHATPAY2-SHA256-RSA2048", "WECHATPAY2-SM2-WITH-SM3"),
            "Http头Authorization认证类型不正确",
        ),
        (
            good.replace(sim.get("merchant_serial"), sim.get("_platform_serial")),
            "商户证书序列号有误。",
        ),
        (
            good.replace("nonce_str=\"", "nonce_str=\"x"),
            "错误的签名，验签失败",
        ),
    ] {
        let call = Call {
            authorization: Some(authorization),
            ..Call::new("GET", "/v3/certificates", b"")
        };
        let reply = sim.send(&call.header("Accept-Language: zh-CN"));
        assert_eq!(reply.json()["message"], chinese);
    }
}

#[test]
fn the_clock_can_be_set_while_it_runs() {
    let sim = Sim::start(&[]);
    let set = |offset: &Value| {
        sim.control("POST", "/_sim/clock", &json!({"offset": offset}))
            .status
    };
    assert_eq!(set(&json!(-1000)), 204);
    assert_eq!(sim.query("/v3/certificates").json()["message"], TIMESTAMP);
    assert_eq!(
        (set(&json!("1")), set(&json!(i64::MAX)), set(&json!(0))),
        (400, 400, 204)
    );
    assert_eq!(sim.query("/v3/certificates").status, 200);
}
