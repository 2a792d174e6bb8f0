//! API v2 as `curl` sends it, `openssl` signs and decrypts it, and Python's XML parser reads it.

use crate::harness::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

type Fields = BTreeMap<String, String>;

/// MD5 or HMAC-SHA256 of the sorted fields and the key, as openssl makes it.
fn sign(fields: &Fields, sign_type: &str, key: &str) -> String {
    let mut text: String = fields
        .iter()
        .filter(|(name, value)| *name != "sign" && !value.is_empty())
        .map(|(name, value)| format!("{name}={value}&"))
        .collect();
    text.push_str(&format!("key={key}"));
    let digest = match sign_type {
        "MD5" => openssl(&["dgst", "-md5", "-r"], text.as_bytes()),
        _ => openssl(&["dgst", "-sha256", "-r", "-hmac", key], text.as_bytes()),
    };
    let digest = String::from_utf8(digest).unwrap();
    digest.split(' ').next().unwrap().to_uppercase()
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn xml(fields: &Fields) -> String {
    let inner: String = fields
        .iter()
        .map(|(name, value)| format!("<{name}><![CDATA[{value}]]></{name}>"))
        .collect();
    format!("<xml>{inner}</xml>")
}

/// The children of the root as Python reads them.
fn read(body: &[u8]) -> Fields {
    const SCRIPT: &str = "import sys, json, xml.etree.ElementTree as e\n\
        print(json.dumps({c.tag: c.text or '' for c in e.fromstring(sys.stdin.buffer.read())}))";
    let output = run("python3", &["-c", SCRIPT], body);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(body));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The request's fields with ids, nonce and sign.
fn complete(sim: &Sim, pairs: &[(&str, &str)], sign_type: &str) -> Fields {
    let nonce = unique("n");
    let mut request = fields(&[
        ("appid", sim.get("_appid")),
        ("mch_id", sim.get("mchid")),
        ("nonce_str", &nonce),
        ("sign_type", sign_type),
    ]);
    request.extend(fields(pairs));
    let sign = sign(&request, sign_type, sim.get("api_v2_key"));
    request.insert("sign".to_owned(), sign);
    request
}

/// What curl gets for these bytes, with these arguments more.
fn post(sim: &Sim, path: &str, body: &str, more: &[&str]) -> Vec<u8> {
    let (ca, url) = (sim.path("ca.pem"), format!("{}{path}", sim.base));
    let mut arguments = vec!["-sS", "--noproxy", "*", "--max-time", "30", "--cacert", &ca];
    arguments.extend(more);
    arguments.extend(["--data-binary", "@-", &url]);
    let output = run("curl", &arguments, body.as_bytes());
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{path}: {errors}");
    output.stdout
}

fn ask(sim: &Sim, path: &str, pairs: &[(&str, &str)], sign_type: &str) -> Fields {
    read(&post(
        sim,
        path,
        &xml(&complete(sim, pairs, sign_type)),
        &[],
    ))
}

fn order<'a>(number: &'a str, notify_url: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("body", "乌龙茶"),
        ("out_trade_no", number),
        ("total_fee", "100"),
        ("spbill_create_ip", "127.0.0.1"),
        ("notify_url", notify_url),
        ("trade_type", "NATIVE"),
        ("product_id", "1"),
    ]
}

#[test]
fn an_answer_is_signed_with_the_algorithm_of_the_request() {
    let sim = Sim::start(&[]);
    for sign_type in ["MD5", "HMAC-SHA256"] {
        let number = format!("V2-{sign_type}");
        let placed = ask(
            &sim,
            "/pay/unifiedorder",
            &order(&number, "http://127.0.0.1:1/n"),
            sign_type,
        );
        assert_eq!(placed["result_code"], "SUCCESS", "{placed:?}");
        assert_eq!(
            placed["sign"],
            sign(&placed, sign_type, sim.get("api_v2_key"))
        );
        let missing = ask(
            &sim,
            "/pay/orderquery",
            &[("out_trade_no", "none")],
            sign_type,
        );
        assert_eq!(
            (
                missing["return_code"].as_str(),
                missing["result_code"].as_str(),
                missing["err_code"].as_str()
            ),
            ("SUCCESS", "FAIL", "ORDERNOTEXIST")
        );
        assert_eq!(
            missing["sign"],
            sign(&missing, sign_type, sim.get("api_v2_key"))
        );
    }
}

#[test]
fn what_is_no_request_of_the_merchants_fails_without_a_sign() {
    let sim = Sim::start(&[]);
    let good = complete(&sim, &order("V2-0001", "http://127.0.0.1:1/n"), "MD5");
    let resigned = |name: &str, value: &str| {
        let mut request = good.clone();
        request.insert(name.to_owned(), value.to_owned());
        let sign = sign(&request, "MD5", sim.get("api_v2_key"));
        request.insert("sign".to_owned(), sign);
        xml(&request)
    };
    let changed = |name: &str, value: &str| {
        let mut request = good.clone();
        request.insert(name.to_owned(), value.to_owned());
        xml(&request)
    };
    let without = |name: &str| {
        let mut request = good.clone();
        request.remove(name);
        xml(&request)
    };
    for (case, body, message) in [
        ("a changed amount", changed("total_fee", "1"), "签名错误"),
        (
            "a lower-case sign",
            changed("sign", &good["sign"].to_lowercase()),
            "签名错误",
        ),
        ("no sign", without("sign"), "签名错误"),
        (
            "another merchant",
            resigned("mch_id", "1900000001"),
            "mch_id",
        ),
        ("another appid", resigned("appid", "wx1"), "appid"),
        (
            "an unknown algorithm",
            resigned("sign_type", "SHA1"),
            "sign_type",
        ),
        ("no nonce", resigned("nonce_str", ""), "nonce_str"),
        ("JSON", "{}".to_owned(), "XML格式错误"),
        (
            "a field twice",
            xml(&good).replace("<body>", "<body>x</body><body>"),
            "XML格式错误",
        ),
        (
            "a document type",
            format!(
                "<!DOCTYPE xml [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>{}",
                xml(&good)
            ),
            "XML格式错误",
        ),
    ] {
        let answer = read(&post(&sim, "/pay/unifiedorder", &body, &[]));
        assert_eq!(answer["return_code"], "FAIL", "{case}: {answer:?}");
        assert!(answer["return_msg"].contains(message), "{case}: {answer:?}");
        assert!(!answer.contains_key("sign"), "{case}");
    }
    assert_eq!(sim.stats()["sign_errors"], 3);
}

/// A path that moves money wants the merchant's certificate, and no other.
#[test]
fn a_refund_needs_the_merchants_client_certificate() {
    let sim = Sim::start(&[]);
    let (url, notifications) = merchant_server(&[]);
    ask(
        &sim,
        "/pay/unifiedorder",
        &order("V2-0001", "http://127.0.0.1:1/n"),
        "MD5",
    );
    let refund = [
        ("out_trade_no", "V2-0001"),
        ("out_refund_no", "R1"),
        ("total_fee", "100"),
        ("refund_fee", "40"),
        ("notify_url", &url),
    ];
    let body = xml(&complete(&sim, &refund, "MD5"));
    let ask = |more: &[&str]| read(&post(&sim, "/secapi/pay/refund", &body, more));
    let own = (
        sim.path("apiclient_cert.pem"),
        sim.path("apiclient_key.pem"),
    );
    let own = ["--cert", &own.0, "--key", &own.1];
    let (other_key, other) = (sim.path("other_key.pem"), sim.path("other_cert.pem"));
    openssl(
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=other",
            "-keyout",
            &other_key,
            "-out",
            &other,
        ],
        b"",
    );
    for more in [&[][..], &["--cert", &other, "--key", &other_key]] {
        let answer = ask(more);
        assert_eq!(answer["return_code"], "FAIL");
        assert!(answer["return_msg"].contains("证书错误"), "{answer:?}");
    }
    assert_eq!(ask(&own)["err_code"], "TRADE_STATE_ERROR", "not paid yet");
    sim.control("POST", "/_sim/pay/V2-0001", &json!({}));
    for tls in ["1.2", "1.3"] {
        let answer = ask(&[&own[..], &["--tls-max", tls]].concat());
        assert_eq!(answer["result_code"], "SUCCESS", "TLS {tls}: {answer:?}");
        assert_eq!(answer["sign"], sign(&answer, "MD5", sim.get("api_v2_key")));
    }

    // openssl opens what the merchant is told: AES-256-ECB under the MD5 of the key.
    let told = read(
        &notifications
            .recv_timeout(Duration::from_secs(10))
            .unwrap()
            .body,
    );
    assert!(!told.contains_key("sign"));
    let key = openssl(&["dgst", "-md5", "-r"], sim.get("api_v2_key").as_bytes());
    let key: String = key[..32].iter().map(|byte| format!("{byte:02x}")).collect();
    let opened = openssl(
        &["enc", "-d", "-aes-256-ecb", "-K", &key],
        &unbase64(&told["req_info"]),
    );
    assert!(opened.starts_with(b"<root>"));
    let opened = read(&opened);
    assert_eq!(
        (
            opened["out_refund_no"].as_str(),
            opened["refund_fee"].as_str(),
            opened["refund_status"].as_str()
        ),
        ("R1", "40", "SUCCESS")
    );
}

#[test]
fn a_payment_is_told_until_the_merchant_says_success() {
    let sim = Sim::start(&["--time-scale", "100"]);
    // 204 and an empty 200 mean nothing in API v2.
    let (url, notifications) = merchant_server(&[204, 200]);
    ask(
        &sim,
        "/pay/unifiedorder",
        &order("V2-0001", &url),
        "HMAC-SHA256",
    );
    sim.control("POST", "/_sim/pay/V2-0001", &json!({}));
    for _ in 0..3 {
        let told = notifications.recv_timeout(Duration::from_secs(10)).unwrap();
        let told = read(&told.body);
        assert_eq!(told["out_trade_no"], "V2-0001");
        assert_eq!(
            told["sign"],
            sign(&told, "HMAC-SHA256", sim.get("api_v2_key"))
        );
    }
    let log = sim
        .control("GET", "/_sim/notifications", &Value::Null)
        .json();
    assert_eq!(log[0]["delivered"], false);
}

/// One book: what one version placed and paid, the other finds and bills.
#[test]
fn both_versions_see_the_same_orders() {
    let sim = Sim::start(&[]);
    ask(
        &sim,
        "/pay/unifiedorder",
        &order("BOTH-0001", "http://127.0.0.1:1/n"),
        "MD5",
    );
    sim.control("POST", "/_sim/pay/BOTH-0001", &json!({}));
    let found = crate::orders::by_number(&sim, "BOTH-0001").json();
    assert_eq!(
        (&found["trade_state"], &found["amount"]["total"]),
        (&json!("SUCCESS"), &json!(100))
    );
    sim.post(
        crate::orders::NATIVE,
        &sim.order("BOTH-0002", "http://127.0.0.1:1/n"),
    );
    let found = ask(
        &sim,
        "/pay/orderquery",
        &[("out_trade_no", "BOTH-0002")],
        "MD5",
    );
    assert_eq!(found["trade_state"], "NOTPAY");
    let closed = ask(
        &sim,
        "/pay/closeorder",
        &[("out_trade_no", "BOTH-0002")],
        "MD5",
    );
    assert_eq!(closed["result_code"], "SUCCESS");
    assert_eq!(
        crate::orders::by_number(&sim, "BOTH-0002").json()["trade_state"],
        "CLOSED"
    );
}

#[test]
fn openssl_opens_both_p12_files_with_the_mchid() {
    let sim = Sim::start(&[]);
    let password = format!("pass:{}", sim.get("mchid"));
    for (name, legacy) in [
        ("apiclient_cert.p12", true),
        ("apiclient_cert_aes.p12", false),
    ] {
        let file = sim.path(name);
        let mut arguments = vec!["pkcs12", "-in", &file, "-passin", &password, "-nodes"];
        if legacy {
            arguments.push("-legacy");
        }
        let pem = openssl(&arguments, b"");
        let modulus = |what: &[&str]| openssl(what, &pem);
        assert_eq!(
            modulus(&["x509", "-noout", "-modulus"]),
            openssl(
                &[
                    "x509",
                    "-noout",
                    "-modulus",
                    "-in",
                    &sim.path("apiclient_cert.pem")
                ],
                b""
            ),
            "{name}"
        );
        assert_eq!(
            modulus(&["rsa", "-noout", "-modulus"]),
            openssl(
                &[
                    "rsa",
                    "-noout",
                    "-modulus",
                    "-in",
                    &sim.path("apiclient_key.pem")
                ],
                b""
            ),
            "{name}"
        );
    }
}
