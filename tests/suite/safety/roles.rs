//! R2, S13, S20: which key or identity in which place a configuration refuses, by name.

use wxpay::client::Client;
use wxpay::config::{Config, report};
use wxpay::time;

use super::wechat::{
    self, MCHID, MERCHANT_SERIAL, NOWHERE, code, key, merchant, now, refused, wechat, with,
};
use crate::simulator::{Simulator, fresh_dir};

const DAY: i64 = 86_400;

fn merchant_certificate() -> String {
    merchant().certificate(MERCHANT_SERIAL, b"Test Merchant", now() - DAY, now() + DAY)
}

/// R2: the merchant's certificate and key, the platform certificate and the WeChat Pay public key,
/// each in each of the four places.
#[test]
fn each_of_the_four_files_in_a_wrong_place_is_refused_by_name() {
    let dir = fresh_dir("roles");
    let platform = key(2).certificate(
        "0A4AEF34B8934088",
        b"Tenpay.com sign",
        now() - DAY,
        now() + DAY,
    );
    let files = [
        ("apiclient_cert.pem", merchant_certificate()),
        ("apiclient_key.pem", merchant().pem.clone()),
        ("platform_cert.pem", platform),
        ("pub_key.pem", wechat().public_pem.clone()),
    ];
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    for (name, content) in &files {
        std::fs::write(path(name), content).unwrap();
    }
    let places = [
        "merchant_certificate_file",
        "private_key_file",
        "platform_certificate_file",
        "public_key_file",
    ];
    let build = |place: usize, file: usize| {
        let mut config = Config::default();
        for (name, value) in [
            ("mchid", MCHID),
            ("base_url", NOWHERE),
            ("public_key_id", wechat::PUBLIC_KEY_ID),
        ] {
            config.set(name, value).unwrap();
        }
        for (index, name) in places.iter().enumerate() {
            let file = if index == place { file } else { index };
            config.set(name, &path(files[file].0)).unwrap();
        }
        Client::new(&config)
    };
    let mut texts = std::collections::BTreeSet::new();
    for (place, name) in places.iter().enumerate() {
        for (file, (file_name, _)) in files.iter().enumerate() {
            let case = format!("{file_name} as {name}");
            let result = build(place, file);
            if place == file {
                result.unwrap();
                continue;
            }
            let error = refused(&case, result);
            assert!([113, 116].contains(&code(&error)), "{case}: {error}");
            assert!(error.fields().message.contains(name), "{case}: {error}");
            assert!(
                error.fields().message.contains(file_name),
                "{case}: {error}"
            );
            assert!(!error.fields().hint.is_empty(), "{case}");
            texts.insert(error.fields().message.clone());
        }
    }
    assert_eq!(texts.len(), 12, "{texts:#?}");
}

/// S20: (changes, status)
#[test]
fn key_ids_are_exact_and_roles_are_never_mixed() {
    let certificate =
        |index: usize, serial: &str| key(index).certificate(serial, b"x", now() - DAY, now() + DAY);
    let (own, first) = (merchant_certificate(), certificate(2, "0A4AEF34B8934088"));
    let twice = format!("{first}{}", certificate(3, "0A4AEF34B8934088"));
    let own_key = certificate(0, "0C");
    let public = |index: usize| key(index).public_pem.as_str();
    for (case, changes, want) in [
        (
            "two public keys",
            vec![("public_key.PUB_KEY_ID_2", public(2))],
            0,
        ),
        (
            "leading zeros differ",
            vec![
                ("public_key_id", "PUB_KEY_ID_12"),
                ("public_key.PUB_KEY_ID_00012", public(2)),
            ],
            0,
        ),
        (
            "one id twice",
            vec![
                ("public_key_id", "PUB_KEY_ID_12"),
                ("public_key.PUB_KEY_ID_12", public(2)),
            ],
            119,
        ),
        (
            "lower-case prefix",
            vec![("public_key_id", "pub_key_id_12")],
            115,
        ),
        (
            "a serial as id",
            vec![("public_key_id", "0A4AEF34B8934088")],
            115,
        ),
        (
            "the merchant's serial as id",
            vec![("public_key_id", MERCHANT_SERIAL)],
            116,
        ),
        (
            "the merchant's public key",
            vec![("public_key", public(0))],
            116,
        ),
        (
            "the merchant's key as a further one",
            vec![("public_key.PUB_KEY_ID_2", public(0))],
            116,
        ),
        (
            "a certificate as public key",
            vec![("public_key", &first)],
            116,
        ),
        (
            "a certificate as a further public key",
            vec![("public_key.PUB_KEY_ID_2", &first)],
            116,
        ),
        (
            "a private key as public key",
            vec![("public_key", &key(2).pem)],
            116,
        ),
        (
            "a public key as platform certificate",
            vec![("platform_certificate", public(2))],
            116,
        ),
        (
            "the merchant's key in a platform certificate",
            vec![("platform_certificate", &own_key)],
            116,
        ),
        (
            "the merchant certificate as platform certificate",
            vec![
                ("merchant_certificate", &own),
                ("platform_certificate", &own),
            ],
            116,
        ),
        (
            "one serial, two keys",
            vec![("platform_certificate", &twice)],
            119,
        ),
        (
            "certificate of another key",
            vec![("merchant_certificate", &first)],
            113,
        ),
        (
            "certificate of another serial",
            vec![("merchant_certificate", &own), ("merchant_serial", "0C")],
            119,
        ),
        (
            "content and file",
            vec![("public_key_file", "/nowhere")],
            119,
        ),
        ("id without key", vec![("public_key", "")], 110),
        ("key without id", vec![("public_key_id", "")], 110),
        (
            "no WeChat Pay key at all",
            vec![
                ("public_key", ""),
                ("public_key_id", ""),
                ("api_v3_key", ""),
            ],
            110,
        ),
        ("no private key", vec![("private_key", "")], 110),
        ("signer and key", vec![("external_signer", "1")], 119),
    ] {
        let result = Client::new(&with(NOWHERE, &changes));
        assert_eq!(
            result.as_ref().err().map_or(0, code),
            want,
            "{case}: {:?}",
            result.err().map(|error| error.to_string())
        );
    }
}

/// S13
#[test]
fn a_simulator_identity_works_on_loopback_only() {
    let simulator = Simulator::start();
    let mut config = simulator.config();
    Client::new(&config).unwrap();
    for base in [
        "",
        "https://api.mch.weixin.qq.com",
        "https://api2.wechatpay.cn",
        "https://10.0.0.1",
    ] {
        config.set("base_url", base).unwrap();
        let error = refused(base, Client::new(&config));
        assert_eq!(code(&error), 110, "{base}: {error}");
        assert!(
            error.fields().message.contains("SIMULATOR_IDENTITY"),
            "{base}: {error}"
        );
        assert!(
            report(&config, time::clock()).contains("SIMULATOR_IDENTITY"),
            "{base}"
        );
    }
    // Each part of the identity alone is enough.
    let id = simulator.merchant()["public_key_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let production = "https://api.mch.weixin.qq.com";
    let subject = merchant().certificate(
        MERCHANT_SERIAL,
        b"libwxpay simulator merchant",
        now() - DAY,
        now() + DAY,
    );
    for changes in [
        [("mchid", "SIM0000001")],
        [("brand_id", "SIM1")],
        [("public_key_id", id.as_str())],
        [("public_key.PUB_KEY_ID_SIM1", key(2).public_pem.as_str())],
        [("merchant_certificate", &subject)],
    ] {
        assert_eq!(
            code(&refused(
                changes[0].0,
                Client::new(&with(production, &changes))
            )),
            110,
            "{}",
            changes[0].0
        );
    }
    Client::new(&with(production, &[])).unwrap();
}
