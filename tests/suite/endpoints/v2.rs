//! API v2 from order to refund, over TLS with and without the merchant's client certificate.

use std::sync::Arc;

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::error::{Error, Outcome, Status};
use wxpay::http::{Message, Verified};
use wxpay::v2;

use super::{merchant, openssl, today};
use crate::simulator::Simulator;

/// A client of API v2 with these keys more.
pub fn client(simulator: &Simulator, more: &[(&str, &str)]) -> Arc<Client> {
    let mut config: Config = simulator.config();
    for (key, value) in more {
        config.set(key, value).unwrap();
    }
    Client::new(&config).unwrap()
}

pub fn with_pem(simulator: &Simulator) -> Arc<Client> {
    let file = |name: &str| simulator.file(name).to_str().unwrap().to_owned();
    client(
        simulator,
        &[
            ("client_certificate_file", &file("apiclient_cert.pem")),
            ("client_key_file", &file("apiclient_key.pem")),
        ],
    )
}

fn prepared(client: &Client, path: &str, sign_type: &str, json: &Value) -> Message {
    v2::prepare(&client.merchant, path, sign_type, &json.to_string()).unwrap()
}

pub fn send(client: &Client, path: &str, sign_type: &str, json: &Value) -> Result<Value, Error> {
    let (response, fields) = client.v2_send(&prepared(client, path, sign_type, json))?;
    assert!(matches!(
        response.verified,
        Verified::Signature | Verified::NotSignedByDesign
    ));
    Ok(serde_json::from_str(&fields).unwrap())
}

pub fn order(simulator: &Simulator, number: &str, notify_url: &str) -> Value {
    json!({
        "appid": simulator.appid(), "body": "乌龙茶 <500g> & more", "out_trade_no": number, "total_fee": 100,
        "spbill_create_ip": "127.0.0.1", "notify_url": notify_url, "trade_type": "NATIVE", "product_id": "1",
        "attach": "a=1&b=]]>",
    })
}

pub fn refund(simulator: &Simulator, number: &str, out_refund_no: &str) -> Value {
    json!({
        "appid": simulator.appid(), "out_trade_no": number, "out_refund_no": out_refund_no,
        "total_fee": 100, "refund_fee": 40,
    })
}

#[test]
fn an_order_of_api_v2_is_placed_paid_told_and_found() {
    for sign_type in ["MD5", "HMAC-SHA256"] {
        let simulator = Simulator::start();
        let client = client(&simulator, &[("api_v2_sign_type", sign_type)]);
        let (url, notifications) = merchant::listen();
        let order = order(&simulator, "v2-0001", &url);
        let placed = send(&client, "/pay/unifiedorder", "", &order).unwrap();
        assert!(
            placed["code_url"]
                .as_str()
                .unwrap()
                .starts_with("weixin://")
        );
        let by_number = json!({"appid": simulator.appid(), "out_trade_no": "v2-0001"});
        let found = send(&client, "/pay/orderquery", "", &by_number).unwrap();
        assert_eq!(found["trade_state"], "NOTPAY");

        simulator.control("POST", "/_sim/pay/v2-0001", &json!({}));
        let mut told = merchant::next(&notifications);
        let fields = client.v2_check(None, &mut told.message).unwrap();
        let fields: Value = serde_json::from_str(&fields).unwrap();
        assert_eq!(
            (
                &fields["out_trade_no"],
                &fields["total_fee"],
                &fields["attach"]
            ),
            (&json!("v2-0001"), &json!("100"), &json!("a=1&b=]]>"))
        );
        told.answer(&v2::reply(0, "").unwrap());

        let found = send(&client, "/pay/orderquery", "", &by_number).unwrap();
        assert_eq!(found["trade_state"], "SUCCESS");
        assert_eq!(found["transaction_id"], fields["transaction_id"]);
        let again = send(&client, "/pay/unifiedorder", "", &order).unwrap_err();
        assert_eq!(again.fields().api_code, "ORDERPAID");
        assert_eq!(simulator.stats()["sign_errors"], 0);
    }
}

/// FAIL asks for the notification again, SUCCESS ends it.
#[test]
fn a_notification_comes_again_until_it_is_acknowledged() {
    let simulator = Simulator::start_with(&["--time-scale", "100"]);
    let client = client(&simulator, &[("api_v2_sign_type", "MD5")]);
    let (url, notifications) = merchant::listen();
    send(
        &client,
        "/pay/unifiedorder",
        "MD5",
        &order(&simulator, "v2-0002", &url),
    )
    .unwrap();
    simulator.control(
        "POST",
        "/_sim/pay/v2-0002",
        &json!({"kind": "bad_signature"}),
    );
    let mut first = merchant::next(&notifications);
    let error = client.v2_check(None, &mut first.message).unwrap_err();
    assert_eq!(error.status(), Status::SignatureInvalid);
    first.answer(&v2::reply(error.status() as i32, "").unwrap());
    let mut second = merchant::next(&notifications);
    client.v2_check(None, &mut second.message).unwrap();
    second.answer(&v2::reply(0, "").unwrap());
    for _ in 0..200 {
        let log = simulator.control("GET", "/_sim/notifications", &Value::Null);
        if log[0]["done"] == true {
            assert_eq!(log[0]["delivered"], true);
            assert_eq!(log[0]["attempts"].as_array().unwrap().len(), 2);
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the acknowledged notification is not done");
}

/// The answer is not signed, so nobody knows: UNKNOWN.
#[test]
fn with_a_wrong_api_v2_key_the_error_says_so_and_the_outcome_is_unknown() {
    let simulator = Simulator::start();
    let client = client(
        &simulator,
        &[("api_v2_key", "0123456789abcdef0123456789abcdef")],
    );
    let placed = order(&simulator, "v2-0004", "http://127.0.0.1:9/n");
    let error = send(&client, "/pay/unifiedorder", "MD5", &placed).unwrap_err();
    assert_eq!(
        (error.status(), error.fields().outcome),
        (Status::ApiError, Outcome::Unknown)
    );
    assert!(
        error.fields().message.contains("签名错误"),
        "{}",
        error.fields().message
    );
    assert!(
        error.fields().hint.contains("api_v2_key"),
        "{}",
        error.fields().hint
    );
    assert_eq!(simulator.stats()["sign_errors"], 1);
}

/// The order was placed; the answer that says so does not verify.
#[test]
fn an_answer_with_a_wrong_or_missing_sign_is_not_taken() {
    let simulator = Simulator::start();
    let client = client(&simulator, &[]);
    for (at, kind) in ["bad_signature", "no_signature"].into_iter().enumerate() {
        let number = format!("v2-spoilt-{at}");
        let fault = json!({"path": "/pay/unifiedorder", "kind": kind});
        simulator.control("POST", "/_sim/fault", &fault);
        let placed = order(&simulator, &number, "http://127.0.0.1:9/n");
        let error = send(&client, "/pay/unifiedorder", "MD5", &placed).unwrap_err();
        assert_eq!(error.status(), Status::SignatureInvalid, "{kind}");
        assert_ne!(error.fields().outcome, Outcome::Rejected, "{kind}");
        assert_ne!(error.fields().outcome, Outcome::NotSent, "{kind}");
        assert!(!error.fields().retryable, "{kind}");
        let by_number = json!({"appid": simulator.appid(), "out_trade_no": number});
        let found = send(&client, "/pay/orderquery", "MD5", &by_number).unwrap();
        assert_eq!(found["trade_state"], "NOTPAY", "{kind}");
    }
}

#[test]
fn a_code_of_the_payer_is_paid_at_once_or_asks_for_a_query() {
    let simulator = Simulator::start();
    let client = client(&simulator, &[]);
    let pay = |number: &str, code: &str| {
        let asked = json!({
            "appid": simulator.appid(), "body": "茶", "out_trade_no": number, "total_fee": 7,
            "spbill_create_ip": "127.0.0.1", "auth_code": code,
        });
        send(&client, "/pay/micropay", "HMAC-SHA256", &asked)
    };
    let paid = pay("v2-0005", "134567890123456788").unwrap();
    assert_eq!(
        (&paid["trade_type"], &paid["cash_fee"]),
        (&json!("MICROPAY"), &json!("7"))
    );
    let asked = pay("v2-0006", "134567890123456799").unwrap_err();
    assert_eq!(
        (Some(&*asked.fields().api_code), asked.fields().outcome),
        (Some("USERPAYING"), Outcome::Unknown)
    );
    simulator.control("POST", "/_sim/pay/v2-0006", &json!({}));
    let by_number = json!({"appid": simulator.appid(), "out_trade_no": "v2-0006"});
    let found = send(&client, "/pay/orderquery", "HMAC-SHA256", &by_number).unwrap();
    assert_eq!(found["trade_state"], "SUCCESS");
    let close = send(&client, "/pay/closeorder", "HMAC-SHA256", &by_number).unwrap_err();
    assert_eq!(close.fields().api_code, "ORDERPAID");
    let missing = json!({"appid": simulator.appid(), "out_trade_no": "v2-none"});
    let missing = send(&client, "/pay/orderquery", "HMAC-SHA256", &missing).unwrap_err();
    assert_eq!(missing.fields().api_code, "ORDERNOTEXIST");
}

#[test]
fn a_red_packet_is_sent_once() {
    let simulator = Simulator::start();
    let client = with_pem(&simulator);
    let packet = |fen: i64| {
        json!({
            "mch_billno": "RP1", "wxappid": simulator.appid(), "send_name": "店", "re_openid": "oSIM1",
            "total_amount": fen, "total_num": 1, "wishing": "恭喜", "client_ip": "127.0.0.1", "act_name": "x",
            "remark": "y",
        })
    };
    let path = "/mmpaymkttransfers/sendredpack";
    let first = send(&client, path, "MD5", &packet(100)).unwrap();
    let second = send(&client, path, "MD5", &packet(100)).unwrap();
    assert!(first["send_listid"].is_string());
    assert_eq!(first["send_listid"], second["send_listid"]);
    assert!(send(&client, path, "MD5", &packet(200)).is_err());
}

/// PKCS#1, as the service gives it; what was encrypted under it opens with openssl.
#[test]
fn the_key_for_bank_cards_is_read_and_used() {
    let simulator = Simulator::start();
    let client = with_pem(&simulator);
    let answer = send(&client, "/risk/getpublickey", "MD5", &json!({})).unwrap();
    let pem = answer["pub_key"].as_str().unwrap();
    assert!(pem.starts_with("-----BEGIN RSA PUBLIC KEY-----"), "{pem}");
    let key = wxpay::key::read_public("pub_key", pem.as_bytes()).unwrap();
    let ciphertext = key.encrypt_oaep(b"6222020200112233").unwrap();
    let private = simulator.file("_sim/wechatpay_key.pem");
    let opened = openssl(
        &[
            "pkeyutl",
            "-decrypt",
            "-inkey",
            private.to_str().unwrap(),
            "-pkeyopt",
            "rsa_padding_mode:oaep",
            "-pkeyopt",
            "rsa_oaep_md:sha1",
        ],
        &ciphertext,
    );
    assert_eq!(opened, b"6222020200112233");
}

#[test]
fn a_bill_of_api_v2_is_a_file_or_an_error_in_xml() {
    let simulator = Simulator::start();
    let client = client(&simulator, &[]);
    let placed = order(&simulator, "v2-0007", "http://127.0.0.1:9/n");
    send(&client, "/pay/unifiedorder", "MD5", &placed).unwrap();
    simulator.control("POST", "/_sim/pay/v2-0007", &json!({}));
    let bill = |date: &str| {
        let asked = json!({"appid": simulator.appid(), "bill_date": date, "bill_type": "ALL"});
        client.v2_send(&prepared(&client, "/pay/downloadbill", "MD5", &asked))
    };
    let (response, _) = bill(&today("+%Y%m%d")).unwrap();
    assert_eq!(response.verified, Verified::NotSignedByDesign);
    let read = wxpay::bill::Bill::open(&response.body).unwrap();
    assert_eq!(
        (read.row_count(), read.total_fen("订单总金额")),
        (1, Some(100))
    );
    let none = bill("20200101").unwrap_err();
    assert!(
        none.fields().message.contains("No Bill Exist"),
        "{}",
        none.fields().message
    );
}

#[test]
fn the_parameters_of_a_contract_are_signed_in_the_query() {
    let simulator = Simulator::start();
    let client = client(&simulator, &[]);
    let contract = json!({
        "appid": simulator.appid(), "plan_id": "1", "contract_code": "c+1 &=%", "request_serial": 1,
        "contract_display_account": "张三", "notify_url": "http://127.0.0.1:9/n", "version": "1.0",
        "timestamp": 1_700_000_000, "clientip": "127.0.0.1",
    });
    let answer = send(&client, "/papay/h5entrustweb", "HMAC-SHA256", &contract).unwrap();
    assert!(
        answer["redirect_url"]
            .as_str()
            .unwrap()
            .starts_with("https://")
    );
    let page = prepared(&client, "/papay/entrustweb", "MD5", &contract);
    let curl = std::process::Command::new("curl")
        .args(["-sS", "--noproxy", "*", "--cacert"])
        .arg(simulator.file("ca.pem"))
        .arg(page.url())
        .env_remove("SSL_CERT_FILE")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&curl.stdout).into_owned();
    assert!(text.contains("would sign the contract"), "{text}");
}
