//! S13: a client takes the committed keys for loopback addresses only, wherever they stand.

use std::process::Command;

use serde_json::Value;
use wxpay::client::Client;
use wxpay::config::{Config, report};
use wxpay::http::{Body, Message};
use wxpay::time;

use super::case::Set;
use super::directory;

fn config(members: &[(&str, String)]) -> Config {
    let mut config = Config::default();
    for (name, value) in members {
        config.set(name, value).unwrap();
    }
    config
}

fn key(name: &str) -> String {
    std::fs::read_to_string(directory().join("keys").join(name)).unwrap()
}

/// Each of them alone is enough, in every place of a key; the reports say so on loopback too.
#[test]
fn a_published_key_works_on_loopback_only_and_every_report_says_so() {
    let external = [
        ("mchid", "1900000001".to_owned()),
        ("external_signer", "1".to_owned()),
        ("merchant_serial", "5D1A".to_owned()),
    ];
    let own = [
        ("mchid", "1900000001".to_owned()),
        ("merchant_serial", "5D1A".to_owned()),
        ("api_v3_key", "k".repeat(32)),
    ];
    let public = |name: &str| {
        [
            ("public_key_id", "PUB_KEY_ID_1".to_owned()),
            ("public_key", key(name)),
        ]
    };
    let cases: [(&str, Vec<(&str, String)>); 6] = [
        (
            "private_key",
            [&own[..], &[("private_key", key("rsa4096_key.pem"))]].concat(),
        ),
        (
            "encrypted",
            [
                &own[..],
                &[
                    ("private_key", key("merchant_key.encrypted.pem")),
                    ("private_key_passphrase", "conformance".to_owned()),
                ],
            ]
            .concat(),
        ),
        (
            "public_key",
            [&external[..], &public("rsa3072_public.pem")].concat(),
        ),
        (
            "a further public key",
            [
                &external[..],
                &[("public_key.PUB_KEY_ID_2", key("wechat_next_public.pem"))],
            ]
            .concat(),
        ),
        (
            "platform_certificate",
            [
                &external[..],
                &[("platform_certificate", key("platform_cert.pem"))],
            ]
            .concat(),
        ),
        (
            "merchant_certificate",
            [
                &external[..2],
                &[
                    ("merchant_certificate", key("brand_cert.pem")),
                    ("api_v3_key", "k".repeat(32)),
                ],
            ]
            .concat(),
        ),
    ];
    for (name, members) in cases {
        let mut config = config(&members);
        for base in ["", "https://api.mch.weixin.qq.com", "https://10.0.0.1"] {
            config.set("base_url", base).unwrap();
            let error = Client::new(&config)
                .err()
                .unwrap_or_else(|| panic!("{name} at {base:?}"));
            assert_eq!(error.status().code(), 110, "{name}: {error}");
            assert!(
                error.fields().message.contains("SIMULATOR_IDENTITY"),
                "{name}: {error}"
            );
            assert!(
                report(&config, time::clock()).contains("\"SIMULATOR_IDENTITY\""),
                "{name}"
            );
        }
        config.set("base_url", "https://127.0.0.1:1").unwrap();
        let info = Client::new(&config).unwrap().info();
        assert!(info.contains("\"simulator\":true"), "{name}: {info}");
        assert!(
            report(&config, time::clock()).contains("\"SIMULATOR_IDENTITY\""),
            "{name}"
        );
    }
}

/// A merchant with a key that nobody else has.
fn somebodys_own() -> Config {
    let private = crate::simulator::fresh_dir("own-key").join("key.pem");
    let mut openssl = Command::new("openssl");
    openssl.args(["genrsa", "-out"]).arg(&private).arg("2048");
    assert!(openssl.output().unwrap().status.success());
    let auto: Value =
        serde_json::from_slice(&std::fs::read(directory().join("keys/clients.json")).unwrap())
            .unwrap();
    config(&[
        ("mchid", "1900000001".to_owned()),
        ("merchant_serial", "5D1A".to_owned()),
        ("private_key", std::fs::read_to_string(private).unwrap()),
        (
            "api_v3_key",
            auto["auto"]["api_v3_key"].as_str().unwrap().to_owned(),
        ),
    ])
}

#[test]
fn other_keys_are_not_taken_for_published_ones() {
    let config = somebodys_own();
    let info = Client::new(&config).unwrap().info();
    assert!(info.contains("\"simulator\":false"), "{info}");
    assert!(!report(&config, time::clock()).contains("SIMULATOR_IDENTITY"));
}

/// Nor by way of a list that the right APIv3 key opens.
#[test]
fn a_published_platform_certificate_is_downloaded_on_loopback_only() {
    let cases = Set::open(&directory()).cases();
    let case = cases
        .iter()
        .find(|case| case["id"] == "load_certificates/first")
        .unwrap();
    let answer = &case["in"]["response"];
    let mut response = Message::response(
        200,
        Body::new(answer["body"].as_str().unwrap().as_bytes().to_vec()),
    );
    for row in answer["headers"].as_array().unwrap() {
        response
            .headers
            .push(row[0].as_str().unwrap(), row[1].as_str().unwrap());
    }
    let now = time::now(case["now"].as_i64().unwrap()).unwrap();
    let mut config = somebodys_own();
    let error = Client::new(&config)
        .unwrap()
        .load_certificates(&response, now)
        .unwrap_err();
    assert_eq!(error.status().code(), 410, "{error}");
    assert!(
        error.fields().message.contains("SIMULATOR_IDENTITY"),
        "{error}"
    );
    config.set("base_url", "https://localhost:1").unwrap();
    Client::new(&config)
        .unwrap()
        .load_certificates(&response, now)
        .unwrap();
}

/// The key of a TLS client certificate too.
#[test]
fn a_published_key_is_no_tls_client_key_off_loopback() {
    let mut config = somebodys_own();
    config
        .set("client_certificate", &key("merchant_cert.pem"))
        .unwrap();
    config.set("client_key", &key("merchant_key.pem")).unwrap();
    let error = Client::new(&config).err().unwrap();
    assert!(
        error
            .fields()
            .message
            .contains("SIMULATOR_IDENTITY: the key of client_key"),
        "{error}"
    );
    config.set("base_url", "https://127.0.0.1:1").unwrap();
    Client::new(&config).unwrap();
}
