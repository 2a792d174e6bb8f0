//! Digests and the sign of API v2: RustCrypto, inside the library, against AWS-LC, and for MD5 and
//! SM3, which AWS-LC does not have, the openssl command.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;

use aws_lc_rs::{digest, hmac};
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::crypto::digest::{hex, hex_upper, sha256, sm3};
use wxpay::crypto::hasher::Hasher;

use super::Random;
use crate::fork_keys::keys;
use crate::simulator::fresh_dir;

pub const API_V2_KEY: &str = "DifferentialKeyDifferentialKey32";

pub fn client() -> Arc<Client> {
    let key = std::fs::read_to_string(keys().join("rsa2048.pem")).unwrap();
    let public = std::fs::read_to_string(keys().join("public3072.pem")).unwrap();
    let mut config = Config::default();
    for (name, value) in [
        ("mchid", "1900000001"),
        ("merchant_serial", "0A4A"),
        ("private_key", &key),
        ("api_v2_key", API_V2_KEY),
        ("public_key_id", "PUB_KEY_ID_1"),
        ("public_key", &public),
        ("base_url", "http://127.0.0.1:9"),
    ] {
        config.set(name, value).unwrap();
    }
    Client::new(&config).unwrap()
}

/// One call of the command for all of them.
fn of_openssl(name: &str, inputs: &[Vec<u8>]) -> Vec<String> {
    let directory = fresh_dir("digests");
    let mut command = Command::new("openssl");
    command.current_dir(&directory).args(["dgst", name, "-r"]);
    for (at, input) in inputs.iter().enumerate() {
        let file = format!("{at}");
        std::fs::write(directory.join(&file), input).unwrap();
        command.arg(file);
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let digests: Vec<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(digests.len(), inputs.len());
    digests
}

pub fn md5_of_openssl(inputs: &[Vec<u8>]) -> Vec<String> {
    of_openssl("-md5", inputs)
}

fn in_pieces(random: &mut Random, name: &str, mut rest: &[u8]) -> String {
    let mut hasher = Hasher::named(name).unwrap();
    while !rest.is_empty() {
        let (piece, more) = rest.split_at((1 + random.below(3000)).min(rest.len()));
        hasher.update(piece);
        rest = more;
    }
    hex(&hasher.finish())
}

#[test]
fn digests_are_those_of_aws_lc_and_openssl() {
    let mut random = Random::new("digests");
    let inputs: Vec<Vec<u8>> = random
        .lengths(100)
        .into_iter()
        .map(|len| random.bytes(len))
        .collect();
    let of_sm3 = of_openssl("-sm3", &inputs);
    for (input, of_sm3) in inputs.iter().zip(of_sm3) {
        let of_sha1 = hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, input).as_ref());
        let of_sha256 = hex(digest::digest(&digest::SHA256, input).as_ref());
        assert_eq!(hex(&sha256(input)), of_sha256);
        assert_eq!(hex(&sm3(input)), of_sm3);
        for (name, want) in [("SHA1", of_sha1), ("SHA256", of_sha256), ("SM3", of_sm3)] {
            assert_eq!(
                in_pieces(&mut random, name, input),
                want,
                "{name} of {} bytes",
                input.len()
            );
        }
    }
}

#[test]
fn the_sign_of_api_v2_is_that_of_aws_lc_and_openssl() {
    let mut random = Random::new("sign of API v2");
    let client = client();
    let (mut jsons, mut texts) = (Vec::new(), Vec::new());
    for len in random
        .lengths(40)
        .into_iter()
        .filter(|len| (1..20_000).contains(len))
    {
        // Names in any order, none that means something; values of any visible ASCII, one of them long. No message has
        // both & and = in its values: what then reads like another field is refused.
        let without = if random.below(2) == 0 { '&' } else { '=' };
        let mut fields = BTreeMap::new();
        for _ in 0..1 + random.below(20) {
            let name: String = (0..1 + random.below(12))
                .map(|_| char::from(b'a' + random.below(26) as u8))
                .collect();
            let len = if fields.is_empty() {
                len
            } else {
                random.below(60)
            };
            let value: String = (0..len)
                .map(|_| char::from(b'!' + random.below(94) as u8))
                .map(|one| if one == without { '.' } else { one })
                .collect();
            fields.entry(name + "_").or_insert(value);
        }
        let signed = fields.iter().filter(|(_, value)| !value.is_empty());
        let text: String = signed
            .map(|(name, value)| format!("{name}={value}&"))
            .collect();
        texts.push(format!("{text}key={API_V2_KEY}").into_bytes());
        jsons.push(serde_json::to_string(&fields).unwrap());
    }
    let mac = hmac::Key::new(hmac::HMAC_SHA256, API_V2_KEY.as_bytes());
    for ((json, text), md5) in jsons.iter().zip(&texts).zip(md5_of_openssl(&texts)) {
        let sign = |sign_type| wxpay::v2::sign(&client.merchant, sign_type, json).unwrap();
        assert_eq!(sign("MD5"), md5.to_uppercase(), "{json}");
        assert_eq!(
            sign("HMAC-SHA256"),
            hex_upper(hmac::sign(&mac, text).as_ref()),
            "{json}"
        );
    }
    assert!(jsons.len() > 20);
}
