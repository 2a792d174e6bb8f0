//! WeChat Pay's keys: which one signs, the certificates it hands out, and sensitive fields.

use crate::harness::*;
use serde_json::json;

#[test]
fn the_request_chooses_the_key_of_the_answer() {
    let sim = Sim::start(&[]);
    for (header, key) in [
        (None, "_platform_serial"),
        (Some(sim.get("public_key_id")), "public_key_id"),
        (Some(sim.get("_platform_serial")), "_platform_serial"),
        (Some("PUB_KEY_ID_SIM0"), "_platform_serial"),
    ] {
        for target in ["/v3/certificates", "/v3/unknown"] {
            let mut call = Call::new("GET", target, b"");
            if let Some(serial) = header {
                call = call.header(&format!("Wechatpay-Serial: {serial}"));
            }
            let reply = sim.send(&call);
            assert_eq!(
                reply.header("Wechatpay-Serial"),
                sim.get(key),
                "{header:?} {target}"
            );
            assert!(
                sim.verifies(&reply.headers, &reply.body),
                "{header:?} {target}"
            );
            assert!(
                !sim.verifies(&reply.headers, b"other"),
                "openssl does tell bodies apart"
            );
            let (id, _) = reply.header("Request-ID").rsplit_once('-').unwrap();
            assert!(
                id.len() > 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{id}"
            );
        }
    }
}

#[test]
fn the_certificates_come_encrypted_and_rotate() {
    let sim = Sim::start(&[]);
    let list = || sim.query("/v3/certificates").json();
    let before = list();
    assert_eq!(before["data"].as_array().unwrap().len(), 1);
    let entry = &before["data"][0];
    assert_eq!(
        (
            &entry["serial_no"],
            &entry["encrypt_certificate"]["associated_data"]
        ),
        (&json!(sim.get("_platform_serial")), &json!("certificate"))
    );
    assert_eq!(
        sim.decrypt(&entry["encrypt_certificate"]),
        std::fs::read(sim.path("wechatpay_certificate.pem")).unwrap()
    );

    sim.fault("/v3/", "rotate");
    let rotated = sim.query("/v3/certificates");
    let entries = rotated.json()["data"].clone();
    assert_eq!(
        (entries.as_array().unwrap().len(), &entries[0]["serial_no"]),
        (2, &entry["serial_no"])
    );
    assert_eq!(entries[1]["serial_no"], rotated.header("Wechatpay-Serial"));
    let pem = sim.file(&sim.decrypt(&entries[1]["encrypt_certificate"]));
    let serial = openssl(&["x509", "-in", &pem, "-noout", "-serial"], b"");
    assert_eq!(
        String::from_utf8(serial).unwrap().trim(),
        format!("serial={}", rotated.header("Wechatpay-Serial"))
    );
    let key = sim.file(&openssl(&["x509", "-in", &pem, "-noout", "-pubkey"], b""));
    assert!(sim.verifies_under(&key, &rotated, &rotated.body));
}

#[test]
fn a_sensitive_field_is_read_and_sent_back() {
    let sim = Sim::start(&[]);
    let oaep = [
        "-pkeyopt",
        "rsa_padding_mode:oaep",
        "-pkeyopt",
        "rsa_oaep_md:sha1",
    ];
    for id in ["public_key_id", "_platform_serial"] {
        let key = sim.key_file(sim.get(id)).unwrap();
        let encrypt = [
            &["pkeyutl", "-encrypt", "-pubin", "-inkey", key.as_str()][..],
            &oaep[..],
        ]
        .concat();
        let body = json!({"ciphertext": base64(&openssl(&encrypt, "张三".as_bytes()))}).to_string();
        let call = |serial: &str| {
            sim.send(
                &Call::new("POST", "/v3/_sim/echo-encrypted", body.as_bytes())
                    .header(&format!("Wechatpay-Serial: {serial}")),
            )
        };
        let answer = call(sim.get(id)).json();
        assert_eq!(answer["plaintext"], "张三", "{id}");
        let merchant = sim.path("apiclient_key.pem");
        let decrypt = [
            &["pkeyutl", "-decrypt", "-inkey", merchant.as_str()][..],
            &oaep[..],
        ]
        .concat();
        assert_eq!(
            openssl(&decrypt, &unbase64(answer["reencrypted"].as_str().unwrap())),
            "张三".as_bytes(),
            "{id}"
        );
        for wrong in [
            sim.get("merchant_serial"),
            sim.get(if id == "public_key_id" {
                "_platform_serial"
            } else {
                "public_key_id"
            }),
        ] {
            assert_eq!(call(wrong).status, 400, "{id} sent as {wrong}");
        }
    }
}
