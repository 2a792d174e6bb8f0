//! The protocol end to end, each step checked by somebody else: the simulator decrypts and
//! verifies with crates of its own, the openssl command signs and verifies, curl sends.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::error::Status;
use wxpay::http::{Body, Message, Verified};
use wxpay::time::clock;
use wxpay::v3::pay_params::{self, Kind};
use wxpay::v3::{compose, prepare, sensitive};

use crate::simulator::{Simulator, fresh_dir};

/// What `openssl dgst -sha256 -sign` makes.
fn openssl_sign(key: &Path, message: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(["dgst", "-sha256", "-sign"])
        .arg(key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(message).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    output.stdout
}

/// Does `openssl dgst -sha256 -verify` accept it under the certificate's key?
fn openssl_verifies(certificate: &Path, message: &[u8], signature: &[u8]) -> bool {
    let dir = fresh_dir("openssl");
    let public = Command::new("openssl")
        .args(["x509", "-noout", "-pubkey", "-in"])
        .arg(certificate)
        .output()
        .unwrap();
    std::fs::write(dir.join("public.pem"), public.stdout).unwrap();
    std::fs::write(dir.join("message"), message).unwrap();
    std::fs::write(dir.join("signature"), signature).unwrap();
    Command::new("openssl")
        .args([
            "dgst",
            "-sha256",
            "-verify",
            "public.pem",
            "-signature",
            "signature",
            "message",
        ])
        .current_dir(&dir)
        .output()
        .unwrap()
        .status
        .success()
}

fn base64(text: &str) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(["base64", "-d", "-A"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap().stdout
}

#[test]
fn a_sensitive_value_is_read_by_wechat_pay_and_its_answer_by_us() {
    let simulator = Simulator::start();
    let client = simulator.client();
    for name in ["", "张三", &"x".repeat(214)] {
        let (ciphertext, used) =
            sensitive::encrypt(&client.merchant, "", name.as_bytes(), clock()).unwrap();
        let body = json!({ "ciphertext": ciphertext }).to_string();
        let mut request =
            compose::request("POST", "/v3/_sim/echo-encrypted", body.as_bytes()).unwrap();
        compose::set_option(&mut request, "key_id", &used).unwrap();
        let answer = client.send(&request).unwrap();
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer["plaintext"], name);
        let back =
            sensitive::decrypt(&client.merchant, answer["reencrypted"].as_str().unwrap()).unwrap();
        assert_eq!(&*back, name.as_bytes());
    }
    let long = sensitive::encrypt(&client.merchant, "", &[b'x'; 215], clock()).unwrap_err();
    assert_eq!(long.status(), Status::EncryptTooLong);
    assert!(
        long.fields().message.contains("214") && long.fields().message.contains("215"),
        "{long}"
    );
}

#[test]
fn brand_paths_are_signed_in_the_brands_name() {
    let simulator = Simulator::start();
    let mut config = Config::default();
    let brand = std::fs::read_to_string(simulator.file("brand.json")).unwrap();
    config.load_json(&brand).unwrap();
    config
        .set("extra_ca_file", simulator.file("ca.pem").to_str().unwrap())
        .unwrap();
    let client = Client::new(&config).unwrap();
    let answer = client
        .call("POST", "/brand/_sim/echo", br#"{"a":1}"#)
        .unwrap();
    assert_eq!(
        (&*answer.body, answer.verified),
        (&br#"{"a":1}"#[..], Verified::Signature)
    );
    // A brand alone cannot sign for a merchant.
    let error = client.call("GET", "/v3/certificates", b"").unwrap_err();
    assert_eq!(error.status(), Status::ConfigIncomplete, "{error}");
    assert!(error.fields().message.contains("mchid"), "{error}");
}

#[test]
fn a_signature_made_outside_is_attached_and_accepted_by_wechat_pay() {
    let simulator = Simulator::start();
    let key = simulator.file("apiclient_key.pem");
    let mut config = simulator.config();
    for (name, value) in [
        ("private_key_file", ""),
        ("external_signer", "1"),
        (
            "merchant_certificate_file",
            simulator.file("apiclient_cert.pem").to_str().unwrap(),
        ),
    ] {
        config.set(name, value).unwrap();
    }
    let client = Client::new(&config).unwrap();
    let order = simulator.order("outside-1", 100).to_string();
    let request =
        compose::request("POST", "/v3/pay/transactions/native", order.as_bytes()).unwrap();
    let refused = client.send(&request).unwrap_err();
    assert_eq!(refused.status(), Status::ConfigIncomplete, "{refused}");

    let unsigned = || prepare::prepare_unsigned(&client.merchant, &request, clock()).unwrap();
    let mut wrong = unsigned();
    let error =
        prepare::attach_signature(&mut wrong, &openssl_sign(&key, b"another text")).unwrap_err();
    assert_eq!(error.status(), Status::SignFailed, "{error}");
    let mut message = unsigned();
    let to_sign = message.signed().unwrap().to_sign.to_vec();
    prepare::attach_signature(&mut message, &openssl_sign(&key, &to_sign)).unwrap();
    assert_eq!(client.send(&message).unwrap().verified, Verified::Signature);
}

/// Each parameter set is signed over four lines (protocol.md §1.13) that this test writes itself.
#[test]
fn front_end_parameters_verify_with_openssl_over_the_documented_lines() {
    let simulator = Simulator::start();
    let client = simulator.client();
    let certificate = simulator.file("apiclient_cert.pem");
    let now = clock();
    for (kind, time, nonce, sign, line) in [
        (
            Kind::Jsapi,
            "timeStamp",
            "nonceStr",
            "paySign",
            "prepay_id=wx201410272009395522657a690389285100",
        ),
        (
            Kind::MiniProgram,
            "timeStamp",
            "nonceStr",
            "paySign",
            "prepay_id=wx201410272009395522657a690389285100",
        ),
        (
            Kind::App,
            "timestamp",
            "noncestr",
            "sign",
            "wx201410272009395522657a690389285100",
        ),
    ] {
        let made = pay_params::signed(
            &client.merchant,
            kind,
            "wx8888888888888888",
            "wx201410272009395522657a690389285100",
            now,
        )
        .unwrap();
        let unsigned = pay_params::unsigned(
            &client.merchant,
            kind,
            "wx8888888888888888",
            "wx201410272009395522657a690389285100",
            now,
        )
        .unwrap();
        let outside = openssl_sign(&simulator.file("apiclient_key.pem"), &unsigned.to_sign);
        let attached = pay_params::attach(&unsigned.json(), &outside).unwrap();
        for params in [made, attached] {
            let params: Value = serde_json::from_str(&params).unwrap();
            let text = |name: &str| params[name].as_str().unwrap().to_owned();
            let lines = format!(
                "wx8888888888888888\n{}\n{}\n{line}\n",
                text(time),
                text(nonce)
            );
            assert_eq!(text(time), now.seconds.to_string());
            assert!(
                openssl_verifies(&certificate, lines.as_bytes(), &base64(&text(sign))),
                "{kind:?}: {params}"
            );
            let mut names: Vec<&str> = params
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            names.sort_unstable();
            let mut wanted = match kind {
                Kind::Jsapi => vec![
                    "appId",
                    "timeStamp",
                    "nonceStr",
                    "package",
                    "signType",
                    "paySign",
                ],
                Kind::MiniProgram => {
                    vec!["timeStamp", "nonceStr", "package", "signType", "paySign"]
                }
                Kind::App => vec![
                    "appid",
                    "partnerid",
                    "prepayid",
                    "package",
                    "noncestr",
                    "timestamp",
                    "sign",
                ],
            };
            wanted.sort_unstable();
            assert_eq!(names, wanted);
            let package = if kind == Kind::App {
                "Sign=WXPay"
            } else {
                line
            };
            assert_eq!(text("package"), package);
        }
    }
}

/// Sans-I/O: what `prepare` made goes out with curl, what curl received is judged by `check`.
#[test]
fn a_prepared_message_goes_out_by_another_transport_and_its_answer_is_checked() {
    let simulator = Simulator::start();
    let client = simulator.client();
    let order = simulator.order("by-curl-1", 100).to_string();
    let request =
        compose::request("POST", "/v3/pay/transactions/native", order.as_bytes()).unwrap();
    let prepared = prepare::prepare(&client.merchant, &request, clock()).unwrap();
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--include", "--max-time", "20", "--cacert"])
        .arg(simulator.file("ca.pem"));
    curl.args(["--request", prepared.method(), "--data-binary", "@-"]);
    for (name, value) in prepared.headers.iter() {
        curl.args(["--header", &format!("{name}: {value}")]);
    }
    let mut child = curl
        .arg(prepared.url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(&prepared.body)
        .unwrap();
    let received = child.wait_with_output().unwrap().stdout;
    let split = received
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let head = String::from_utf8(received[..split].to_vec()).unwrap();
    let respond = |body: &[u8]| {
        let mut response = Message::response(200, Body::new(body.to_vec()));
        compose::add_header_block(&mut response, &head).unwrap();
        response
    };
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let mut genuine = respond(&received[split + 4..]);
    client.check(&prepared, &mut genuine, clock()).unwrap();
    assert_eq!(genuine.verified, Verified::Signature);
    let mut changed = respond(&[&received[split + 4..], b" "].concat());
    let error = client.check(&prepared, &mut changed, clock()).unwrap_err();
    assert_eq!(
        (error.status(), changed.verified),
        (Status::SignatureInvalid, Verified::NotChecked),
        "{error}"
    );
    // The body of what failed is not handed out; how long it was is said.
    let json: Value = serde_json::from_str(&error.to_json()).unwrap();
    assert_eq!(json["response"]["body_bytes"], changed.body.len());
    assert!(
        json["response"]["body"].is_null()
            && error.fields().response.as_ref().unwrap().body.is_empty()
    );
}
