//! Transfers with a name that openssl encrypted.

use crate::harness::*;
use crate::orders::{error, is};
use serde_json::{Value, json};
use std::time::Duration;

const PATH: &str = "/v3/fund-app/mch-transfer/transfer-bills";
const OAEP: [&str; 4] = [
    "-pkeyopt",
    "rsa_padding_mode:oaep",
    "-pkeyopt",
    "rsa_oaep_md:sha1",
];

fn encrypt(sim: &Sim, id: &str, name: &str) -> String {
    let key = sim.key_file(sim.get(id)).unwrap();
    let encrypt = [
        &["pkeyutl", "-encrypt", "-pubin", "-inkey", key.as_str()][..],
        &OAEP,
    ]
    .concat();
    base64(&openssl(&encrypt, name.as_bytes()))
}

fn request(sim: &Sim, number: &str, name: Value, fen: i64, notify_url: &str) -> Value {
    let mut request = json!({
        "appid": sim.get("_appid"), "out_bill_no": number, "transfer_scene_id": "1000", "openid": "oSIM1",
        "transfer_amount": fen, "transfer_remark": "奖金", "notify_url": notify_url,
        "transfer_scene_report_infos": [{"info_type": "x", "info_content": "y"}],
    });
    if !name.is_null() {
        request["user_name"] = name;
    }
    request
}

fn send(sim: &Sim, request: &Value, serial: &str) -> Reply {
    let body = request.to_string();
    let call = Call::new("POST", PATH, body.as_bytes());
    sim.send(&call.header(&format!("Wechatpay-Serial: {serial}")))
}

#[test]
fn a_transfer_is_made_once_confirmed_and_told() {
    let sim = Sim::start(&[]);
    let (url, notifications) = merchant_server(&[]);
    let id = sim.get("public_key_id").to_owned();
    let make = |name: &str| {
        let name = encrypt(&sim, "public_key_id", name);
        send(&sim, &request(&sim, "T1", json!(name), 200_000, &url), &id)
    };
    let first = make("张三");
    assert_eq!(
        (first.status, &first.json()["state"]),
        (200, &json!("WAIT_USER_CONFIRM"))
    );
    assert_eq!(
        make("张三").json(),
        first.json(),
        "the same name, encrypted anew"
    );
    assert_eq!(
        error(&make("李四")),
        is(400, "INVALID_REQUEST", 268_498_688)
    );

    let found = sim.query(&format!("{PATH}/out-bill-no/T1")).json();
    let key = sim.path("apiclient_key.pem");
    let decrypt = [&["pkeyutl", "-decrypt", "-inkey", key.as_str()][..], &OAEP].concat();
    let name = openssl(&decrypt, &unbase64(found["user_name"].as_str().unwrap()));
    assert_eq!(name, "张三".as_bytes());

    sim.control("POST", "/_sim/confirm/T1", &json!({}));
    let told = notifications.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(sim.verifies(&told.headers, &told.body));
    assert_eq!(told.json()["event_type"], "MCHTRANSFER.BILL.FINISHED");
    let told: Value = serde_json::from_slice(&sim.decrypt(&told.json()["resource"])).unwrap();
    assert_eq!(
        (&told["out_bill_no"], &told["state"]),
        (&json!("T1"), &json!("SUCCESS"))
    );
    let cancel = sim.post(&format!("{PATH}/out-bill-no/T1/cancel"), &json!({}));
    assert_eq!(cancel.status, 400, "the money is gone");
    assert_eq!(sim.query(&format!("{PATH}/out-bill-no/T9")).status, 404);
}

#[test]
fn a_name_must_be_there_and_encrypted_for_the_key_that_is_named() {
    let sim = Sim::start(&[]);
    let (public, platform) = (sim.get("public_key_id"), sim.get("_platform_serial"));
    let name = json!(encrypt(&sim, "public_key_id", "张三"));
    for (case, name, fen, serial, status) in [
        ("right", name.clone(), 200_000, public, 200),
        ("another key", name.clone(), 200_000, platform, 400),
        ("no key", name.clone(), 200_000, "PUB_KEY_ID_SIM0", 400),
        ("in clear", json!("张三"), 200_000, public, 400),
        ("no name for 2,000 yuan", Value::Null, 200_000, public, 400),
        ("no name below", Value::Null, 199_999, public, 200),
        ("a name below 0.3 yuan", name, 29, public, 400),
    ] {
        let number = unique("T");
        let reply = send(
            &sim,
            &request(&sim, &number, name, fen, "http://127.0.0.1:1/n"),
            serial,
        );
        assert_eq!(
            reply.status,
            status,
            "{case}: {}",
            String::from_utf8_lossy(&reply.body)
        );
    }
}
