//! S13: the committed keys are worth nothing anywhere but on this machine.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use sha2::{Digest, Sha256};
use wxpay::client::Client;
use wxpay::config::{Config, report};
use wxpay::http::{Body, Message};
use wxpay::time;

use super::super::ROOT;
use super::case::Set;
use super::directory;

/// SHA-256 of the SubjectPublicKeyInfo, by the openssl command; `None` for what holds no key.
fn fingerprint(file: &Path) -> Option<String> {
    let name = file.file_name()?.to_str()?.to_owned();
    let der = if name.ends_with("der") { "DER" } else { "PEM" };
    let attempts: [&[&str]; 6] = [
        &[
            "pkey",
            "-inform",
            der,
            "-passin",
            "pass:conformance",
            "-pubout",
            "-outform",
            "DER",
        ],
        &["pkey", "-pubin", "-inform", der, "-outform", "DER"],
        &[
            "rsa",
            "-RSAPublicKey_in",
            "-inform",
            der,
            "-pubout",
            "-outform",
            "DER",
        ],
        &["x509", "-inform", der, "-noout", "-pubkey"],
        &["req", "-noout", "-pubkey"],
        &["pkcs12", "-nodes", "-nocerts", "-passin", "pass:1900000001"],
    ];
    for arguments in attempts {
        let run = |arguments: &[&str], file: &Path| {
            let output = Command::new("openssl")
                .args(arguments)
                .arg("-in")
                .arg(file)
                .output()
                .unwrap();
            (output.status.success() && !output.stdout.is_empty()).then_some(output.stdout)
        };
        let Some(mut found) = run(arguments, file) else {
            continue;
        };
        if found.starts_with(b"-") || found.starts_with(b"Bag") {
            let pem = crate::simulator::fresh_dir("key").join("key.pem");
            std::fs::write(&pem, &found).unwrap();
            let private = String::from_utf8_lossy(&found).contains("PRIVATE KEY");
            let side = if private { "-pubout" } else { "-pubin" };
            found = run(&["pkey", side, "-outform", "DER"], &pem)?;
        }
        return Some(
            Sha256::digest(&found)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        );
    }
    None
}

fn published() -> BTreeSet<String> {
    let text = std::fs::read_to_string(Path::new(ROOT).join("src/key/published.rs")).unwrap();
    let quoted = text.split('"').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

#[test]
fn the_list_has_every_committed_key_and_nothing_else() {
    let mut seen = BTreeSet::new();
    let mut files = 0;
    for entry in std::fs::read_dir(directory().join("keys")).unwrap() {
        let file = entry.unwrap().path();
        if file.ends_with("clients.json") {
            continue;
        }
        let found = fingerprint(&file);
        let found = found.unwrap_or_else(|| panic!("openssl finds no key in {}", file.display()));
        assert!(
            published().contains(&found),
            "{} is not in the list",
            file.display()
        );
        seen.insert(found);
        files += 1;
    }
    assert!(files > 40, "{files} files");
    assert_eq!(seen, published());
}

#[test]
fn private_keys_are_committed_for_conformance_only() {
    let output = Command::new("git")
        .args(["grep", "-lzE", "BEGIN [A-Z ]*PRIVATE KEY-----(\\\\n)?$"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    let names = String::from_utf8(output.stdout).unwrap();
    let with_key = |name: &&str| {
        let text = std::fs::read_to_string(Path::new(ROOT).join(name)).unwrap();
        text.contains("PRIVATE KEY-----\nMII")
    };
    let found: Vec<&str> = names
        .split('\0')
        .filter(|name| !name.is_empty())
        .filter(with_key)
        .collect();
    assert!(found.len() > 10, "{found:?}");
    for name in found {
        assert!(name.starts_with("bindings/conformance/keys/"), "{name}");
    }
}

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
