//! WeChat Pay's side, made without the library: keys from the openssl command, signatures by the
//! `rsa` crate, certificates by hand in DER, sealed resources by the `aes-gcm` crate.

use std::process::Command;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::{DecodePrivateKey, EncodePublicKey, LineEnding};
use rsa::signature::{SignatureEncoding, Signer};
use serde_json::{Value, json};
use sha2::Sha256;
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::error::{Error, Result};
use wxpay::http::Message;
use wxpay::v3::compose;

pub const MCHID: &str = "1900000001";
pub const MERCHANT_SERIAL: &str = "7F4AEF34B89340881BB2B25226393DC2E47F094B";
pub const API_V3_KEY: &str = "0123456789abcdefghijklmnopqrstuv";
pub const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000000012024010100000000000001";
pub const NONCE: &str = "593BEC0C930BF1AFEB40B4A08C8FB242";

pub struct Key {
    private: RsaPrivateKey,
    pub pem: String,
    pub public_pem: String,
    spki: Vec<u8>,
}

/// Four keys, made once a run: 0 is the merchant's, the others are WeChat Pay's.
pub fn key(index: usize) -> &'static Key {
    static KEYS: OnceLock<Vec<Key>> = OnceLock::new();
    &KEYS.get_or_init(|| {
        let children: Vec<_> = (0..4)
            .map(|_| {
                Command::new("openssl")
                    .args(["genpkey", "-algorithm", "RSA", "-quiet", "-pkeyopt"])
                    .arg("rsa_keygen_bits:2048")
                    .stdout(std::process::Stdio::piped())
                    .stderr(std::process::Stdio::null())
                    .spawn()
                    .unwrap()
            })
            .collect();
        children
            .into_iter()
            .map(|child| {
                let pem = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
                let private = RsaPrivateKey::from_pkcs8_pem(&pem).unwrap();
                let public = private.to_public_key();
                Key {
                    pem,
                    public_pem: public.to_public_key_pem(LineEnding::LF).unwrap(),
                    spki: public.to_public_key_der().unwrap().into_vec(),
                    private,
                }
            })
            .collect()
    })[index]
}

pub fn merchant() -> &'static Key {
    key(0)
}

pub fn wechat() -> &'static Key {
    key(1)
}

impl Key {
    /// RSASSA-PKCS1-v1_5 with SHA-256, base64.
    pub fn sign(&self, message: &[u8]) -> String {
        STANDARD.encode(self.sign_raw(message))
    }

    pub fn sign_raw(&self, message: &[u8]) -> Vec<u8> {
        SigningKey::<Sha256>::new(self.private.clone())
            .sign(message)
            .to_vec()
    }

    /// A self-signed certificate, its fields written out in DER.
    pub fn certificate(&self, serial_hex: &str, common_name: &[u8], from: i64, to: i64) -> String {
        let algorithm = tlv(
            0x30,
            &[
                &tlv(0x06, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"])[..],
                &tlv(0x05, &[]),
            ],
        );
        let attribute = tlv(
            0x30,
            &[
                &tlv(0x06, &[&[0x55, 0x04, 0x03]])[..],
                &tlv(0x0c, &[common_name]),
            ],
        );
        let name = tlv(0x30, &[&tlv(0x31, &[&attribute])]);
        let mut serial = unhex(serial_hex);
        if serial[0] & 0x80 != 0 {
            serial.insert(0, 0);
        }
        let validity = tlv(0x30, &[&utc_time(from)[..], &utc_time(to)]);
        let tbs = tlv(
            0x30,
            &[
                &tlv(0xa0, &[&tlv(0x02, &[&[2]])])[..],
                &tlv(0x02, &[&serial]),
                &algorithm,
                &name,
                &validity,
                &name,
                &self.spki,
            ],
        );
        let signature = [&[0][..], &self.sign_raw(&tbs)].concat();
        let der = tlv(0x30, &[&tbs[..], &algorithm, &tlv(0x03, &[&signature])]);
        let text = STANDARD.encode(der);
        let lines: Vec<&str> = text
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        format!(
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
            lines.join("\n")
        )
    }
}

pub fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let mut out = vec![tag];
    match value.len() {
        short @ 0..0x80 => out.push(u8::try_from(short).unwrap()),
        long => {
            out.push(0x82);
            out.extend(u16::try_from(long).unwrap().to_be_bytes());
        }
    }
    out.extend(value);
    out
}

/// `date` knows the calendar.
fn utc_time(seconds: i64) -> Vec<u8> {
    let output = Command::new("date")
        .args(["-u", "-d", &format!("@{seconds}"), "+%y%m%d%H%M%SZ"])
        .output()
        .unwrap();
    tlv(
        0x17,
        &[String::from_utf8(output.stdout).unwrap().trim().as_bytes()],
    )
}

pub fn now() -> i64 {
    i64::try_from(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs(),
    )
    .unwrap()
}

/// The four signature headers of a message.
pub fn signature(key: &Key, id: &str, at: i64, body: &[u8]) -> Vec<(String, String)> {
    let signed = [format!("{at}\n{NONCE}\n").as_bytes(), body, b"\n"].concat();
    [
        ("Wechatpay-Timestamp", at.to_string()),
        ("Wechatpay-Nonce", NONCE.to_owned()),
        ("Wechatpay-Signature", key.sign(&signed)),
        ("Wechatpay-Serial", id.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

pub fn response(status: u16, body: &[u8], headers: &[(String, String)]) -> Message {
    let mut message = Message::response(status, compose::copied(body).unwrap());
    for (name, value) in headers {
        // Past the ABI, which takes no line end: nothing behind it may rely on that.
        message.headers.push(name, value);
    }
    message
}

/// An answer of the configured public key, signed now.
pub fn signed(status: u16, body: &[u8]) -> Message {
    response(
        status,
        body,
        &signature(wechat(), PUBLIC_KEY_ID, now(), body),
    )
}

/// The same as bytes of HTTP.
pub fn signed_http(status: u16, body: &[u8]) -> Vec<u8> {
    http(
        status,
        body,
        &signature(wechat(), PUBLIC_KEY_ID, now(), body),
    )
}

pub fn http(status: u16, body: &[u8], headers: &[(String, String)]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} X\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if status != 204 {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

pub fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// A merchant with a WeChat Pay public key and no certificates.
pub fn config(base_url: &str) -> Config {
    let mut config = Config::default();
    for (name, value) in [
        ("mchid", MCHID),
        ("merchant_serial", MERCHANT_SERIAL),
        ("private_key", &merchant().pem),
        ("api_v3_key", API_V3_KEY),
        ("public_key_id", PUBLIC_KEY_ID),
        ("public_key", &wechat().public_pem),
        ("base_url", base_url),
        ("timeout_ms", "10000"),
    ] {
        config.set(name, value).unwrap();
    }
    config
}

/// `config` with some keys set anew; empty unsets.
pub fn with(base_url: &str, changes: &[(&str, &str)]) -> Config {
    let mut config = config(base_url);
    for (name, value) in changes {
        config.set(name, value).unwrap();
    }
    config
}

pub const NOWHERE: &str = "http://127.0.0.1:9";

pub fn client() -> std::sync::Arc<Client> {
    Client::new(&config(NOWHERE)).unwrap()
}

/// The error of a call that must fail; `case` is named when it does not.
pub fn refused<T>(case: impl std::fmt::Debug, result: Result<T>) -> Error {
    match result {
        Ok(_) => panic!("{case:?} was accepted"),
        Err(error) => error,
    }
}

pub fn seal(key: &str, nonce: &str, aad: &str, plaintext: &[u8]) -> String {
    let sealed = Aes256Gcm::new_from_slice(key.as_bytes())
        .unwrap()
        .encrypt(
            Nonce::from_slice(nonce.as_bytes()),
            Payload {
                msg: plaintext,
                aad: aad.as_bytes(),
            },
        )
        .unwrap();
    STANDARD.encode(sealed)
}

/// The envelope of a notification.
pub fn envelope(plaintext: &[u8]) -> Value {
    json!({
        "id": "EV-2018022511223320873", "create_time": "2015-05-20T13:29:35+08:00",
        "resource_type": "encrypt-resource", "event_type": "TRANSACTION.SUCCESS", "summary": "支付成功",
        "resource": {
            "original_type": "transaction", "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": seal(API_V3_KEY, "fdasflkja484", "transaction", plaintext),
            "associated_data": "transaction", "nonce": "fdasflkja484",
        },
    })
}

/// A notification as a framework hands it on: no status, headers, the body.
pub fn notification(body: &[u8], headers: &[(String, String)]) -> Message {
    response(200, body, headers)
}

pub fn code(error: &Error) -> i32 {
    error.status().code()
}
