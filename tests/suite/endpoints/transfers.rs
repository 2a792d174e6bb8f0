//! Sensitive fields on their whole way: encrypted in a transfer, decrypted by WeChat Pay's side with
//! the key that the request names, and back.

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::http::{Body, Message};
use wxpay::time;
use wxpay::v3::{sensitive, sensitive_fields};

use super::call;
use crate::simulator::Simulator;

const PATH: &str = "/v3/fund-app/mch-transfer/transfer-bills";

fn request(simulator: &Simulator, out_bill_no: &str, name: &str) -> Message {
    let body = json!({
        "appid": simulator.appid(), "out_bill_no": out_bill_no, "transfer_scene_id": "1000",
        "openid": "oSIM1", "user_name": name, "transfer_amount": 400_000, "transfer_remark": "奖金",
        "notify_url": "http://127.0.0.1:9/notify",
        "transfer_scene_report_infos": [{"info_type": "活动名称", "info_content": "x"}],
    });
    Message::request("POST", PATH, Body::new(body.to_string().into_bytes()))
}

fn transfer(simulator: &Simulator, client: &Client, out_bill_no: &str, name: &str) -> Value {
    let mut message = request(simulator, out_bill_no, name);
    sensitive_fields::encrypt(&client.merchant, &mut message, "/user_name", time::clock()).unwrap();
    assert!(!String::from_utf8_lossy(&message.body).contains(name));
    serde_json::from_slice(&client.send(&message).unwrap().body).unwrap()
}

/// The name as a query gives it, decrypted.
fn name_in(client: &Client, out_bill_no: &str) -> Value {
    let answer = client
        .call("GET", &format!("{PATH}/out-bill-no/{out_bill_no}"), b"")
        .unwrap();
    let json = sensitive_fields::decrypt(&client.merchant, &answer, "/user_name").unwrap();
    serde_json::from_slice::<Value>(&json).unwrap()["user_name"].clone()
}

#[test]
fn a_name_goes_up_and_comes_down_encrypted() {
    let simulator = Simulator::start();
    let client = simulator.client();
    let first = transfer(&simulator, &client, "T1", "张三");
    assert_eq!(first["state"], "WAIT_USER_CONFIRM");
    // Encrypted anew, so other bytes, and still the same transfer.
    assert_eq!(transfer(&simulator, &client, "T1", "张三"), first);
    assert_eq!(name_in(&client, "T1"), "张三");

    let mut other = request(&simulator, "T1", "李四");
    sensitive_fields::encrypt(&client.merchant, &mut other, "/user_name", time::clock()).unwrap();
    let error = client.send(&other).unwrap_err();
    assert_eq!(error.fields().api_code, "INVALID_REQUEST");

    simulator.control("POST", "/_sim/confirm/T1", &json!({}));
    let found = call(&client, "GET", &format!("{PATH}/out-bill-no/T1"), "");
    assert_eq!(found["state"], "SUCCESS");
}

#[test]
fn a_name_in_clear_or_for_another_key_is_refused() {
    let simulator = Simulator::start();
    let client = simulator.client();
    let error = client.send(&request(&simulator, "T1", "张三")).unwrap_err();
    assert!(error.fields().api_code == "PARAM_ERROR", "{error:?}");
    // Encrypted for the public key, but the request says the platform certificate.
    let (ciphertext, used) =
        sensitive::encrypt(&client.merchant, "", "张三".as_bytes(), time::clock()).unwrap();
    assert_eq!(used, simulator.merchant()["public_key_id"]);
    let both = with_certificate(&simulator);
    let mut message = request(&simulator, "T1", &ciphertext);
    message.options.key_id = Some(
        simulator.merchant()["_platform_serial"]
            .as_str()
            .unwrap()
            .into(),
    );
    let error = both.send(&message).unwrap_err();
    assert!(error.fields().api_code == "PARAM_ERROR", "{error:?}");
}

/// A client that has the platform certificate as well.
fn with_certificate(simulator: &Simulator) -> std::sync::Arc<Client> {
    let mut config = simulator.config();
    let file = simulator.file("wechatpay_certificate.pem");
    config
        .set("platform_certificate_file", file.to_str().unwrap())
        .unwrap();
    Client::new(&config).unwrap()
}

/// Encrypted before a rotation, sent after it: the old key still opens.
#[test]
fn while_two_certificates_are_valid_both_open_a_field() {
    let simulator = Simulator::start();
    let client = with_certificate(&simulator);
    let old = simulator.merchant()["_platform_serial"]
        .as_str()
        .unwrap()
        .to_owned();
    let (ciphertext, used) =
        sensitive::encrypt(&client.merchant, &old, "张三".as_bytes(), time::clock()).unwrap();
    assert_eq!(used, old);
    simulator.control(
        "POST",
        "/_sim/fault",
        &json!({"path": "/v3/certificates", "kind": "rotate"}),
    );
    client.refresh_certificates().unwrap();
    let mut message = request(&simulator, "T2", &ciphertext);
    message.options.key_id = Some(old.as_str().into());
    client.send(&message).unwrap();
    assert_eq!(name_in(&client, "T2"), "张三");
}
