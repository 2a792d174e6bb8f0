//! Refunds of API v2: over TLS with the merchant's client certificate, in every form it comes in, and
//! the notification that nobody signs.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::error::Status;
use wxpay::v2;

use super::v2::{client, order, refund, send, with_pem};
use super::{merchant, openssl};
use crate::simulator::Simulator;

fn with_p12(simulator: &Simulator, file: &Path) -> Arc<Client> {
    let mchid = simulator.merchant()["mchid"].as_str().unwrap().to_owned();
    client(
        simulator,
        &[
            ("client_p12_file", file.to_str().unwrap()),
            ("client_p12_password", &mchid),
        ],
    )
}

/// With PEM files, with the `.p12` that the simulator made and those that openssl makes.
#[test]
fn a_refund_goes_over_mtls_with_pem_and_with_every_p12() {
    let simulator = Simulator::start();
    let mchid = simulator.merchant()["mchid"].as_str().unwrap().to_owned();
    let file = |name: &str| simulator.file(name).to_str().unwrap().to_owned();
    for (name, legacy) in [("openssl_old.p12", true), ("openssl_new.p12", false)] {
        let (out, password) = (file(name), format!("pass:{mchid}"));
        let (key, certificate) = (file("apiclient_key.pem"), file("apiclient_cert.pem"));
        let mut arguments = vec![
            "pkcs12",
            "-export",
            "-inkey",
            &key,
            "-in",
            &certificate,
            "-out",
            &out,
            "-passout",
            &password,
        ];
        if legacy {
            arguments.push("-legacy");
        }
        openssl(&arguments, b"");
    }
    let plain = client(&simulator, &[]);
    let clients = [
        ("PEM", with_pem(&simulator)),
        (
            "old p12",
            with_p12(&simulator, &simulator.file("apiclient_cert.p12")),
        ),
        (
            "new p12",
            with_p12(&simulator, &simulator.file("apiclient_cert_aes.p12")),
        ),
        (
            "old p12 of openssl",
            with_p12(&simulator, &simulator.file("openssl_old.p12")),
        ),
        (
            "new p12 of openssl",
            with_p12(&simulator, &simulator.file("openssl_new.p12")),
        ),
    ];
    for (at, (how, client)) in clients.iter().enumerate() {
        let number = format!("v2-refund-{at}");
        let placed = order(&simulator, &number, "http://127.0.0.1:9/n");
        send(&plain, "/pay/unifiedorder", "MD5", &placed).unwrap();
        simulator.control("POST", &format!("/_sim/pay/{number}"), &json!({}));
        let asked = refund(&simulator, &number, &format!("R{at}"));
        let without = send(&plain, "/secapi/pay/refund", "MD5", &asked).unwrap_err();
        assert!(
            without.fields().message.contains("证书"),
            "{}",
            without.fields().message
        );
        let answer = send(client, "/secapi/pay/refund", "MD5", &asked);
        let answer = answer.unwrap_or_else(|error| panic!("{how}: {error:?}"));
        assert_eq!(answer["refund_fee"], "40", "{how}");
        let again = send(client, "/secapi/pay/refund", "MD5", &asked).unwrap();
        assert_eq!(
            again["refund_id"], answer["refund_id"],
            "{how}: the same request is the same refund"
        );
        let query = json!({"appid": simulator.appid(), "out_refund_no": format!("R{at}")});
        let found = send(&plain, "/pay/refundquery", "MD5", &query).unwrap();
        assert_eq!(
            (
                &found["refund_count"],
                &found["refund_status_0"],
                &found["refund_id_0"]
            ),
            (&json!("1"), &json!("SUCCESS"), &answer["refund_id"]),
            "{how}"
        );
    }
}

#[test]
fn a_refund_notification_is_opened_and_never_called_authentic() {
    let simulator = Simulator::start();
    let client = with_pem(&simulator);
    let (url, notifications) = merchant::listen();
    let placed = order(&simulator, "v2-0003", "http://127.0.0.1:9/n");
    send(&client, "/pay/unifiedorder", "MD5", &placed).unwrap();
    simulator.control("POST", "/_sim/pay/v2-0003", &json!({}));
    let mut asked = refund(&simulator, "v2-0003", "R1");
    asked["notify_url"] = json!(url);
    send(&client, "/secapi/pay/refund", "MD5", &asked).unwrap();

    let mut told = merchant::next(&notifications);
    let error = client.v2_check(None, &mut told.message).unwrap_err();
    assert_eq!(error.status(), Status::SignatureInvalid);
    let body = String::from_utf8(told.message.body.to_vec()).unwrap();
    let req_info = body
        .split("<req_info><![CDATA[")
        .nth(1)
        .and_then(|rest| rest.split("]]>").next())
        .unwrap();
    let opened: Value =
        serde_json::from_str(&v2::refund_open(&client.merchant, req_info).unwrap()).unwrap();
    assert_eq!(opened["authenticated"], false);
    assert_eq!(
        (
            &opened["refund"]["out_refund_no"],
            &opened["refund"]["refund_fee"]
        ),
        (&json!("R1"), &json!("40"))
    );
    told.answer(&v2::reply(0, "").unwrap());
}
