//! What the targets share: a client of the conformance keys, WeChat Pay's side of the signatures,
//! and what must hold of every error.

use std::sync::{Arc, LazyLock};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use base64::{Engine, engine::general_purpose::STANDARD};
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::error::{Error, Outcome, Status};
use wxpay::http::{Body, Message};
use wxpay::key::{PrivateKey, read_private};
use wxpay::time::{Now, now};

pub const CLOCK: i64 = 1_700_000_000;
pub const API_V3_KEY: &str = "conformance-api-v3-key-32-bytes!";
pub const API_V2_KEY: &str = "conformance-api-v2-key-32-bytes!";
pub const KEY_ID: &str = "PUB_KEY_ID_0110000000012024010100000001";
pub const MCHID: &str = "1900000001";
pub const NONCE: &str = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";

macro_rules! committed_key {
    ($name:literal) => {
        include_str!(concat!("../../bindings/conformance/keys/", $name))
    };
}

pub const MERCHANT_KEY: &str = committed_key!("merchant_key.pem");
pub const MERCHANT_CERT: &str = committed_key!("merchant_cert.pem");

/// Its base_url is a port of this machine at which nobody listens.
pub const CONFIGURATION: &[(&str, &str)] = &[
    ("mchid", MCHID),
    ("private_key", MERCHANT_KEY),
    ("merchant_certificate", MERCHANT_CERT),
    ("base_url", "https://127.0.0.1:1"),
    ("api_v3_key", API_V3_KEY),
    ("api_v2_key", API_V2_KEY),
    ("public_key_id", KEY_ID),
    ("public_key", committed_key!("wechat_public.pem")),
    ("trust_env", "1"),
];

pub static CLIENT: LazyLock<Arc<Client>> = LazyLock::new(|| client(&[]));

pub fn client(more: &[(&str, &str)]) -> Arc<Client> {
    let mut config = Config::default();
    for (key, value) in CONFIGURATION.iter().chain(more) {
        config.set(key, value).expect("the configuration is right");
    }
    Client::new(&config).expect("the configuration is right")
}

pub static WECHAT: LazyLock<PrivateKey> = LazyLock::new(|| {
    read_private(
        "wechat_key",
        committed_key!("wechat_key.pem").as_bytes(),
        None,
    )
    .expect("a key")
});

pub fn clock() -> Now {
    now(CLOCK).expect("a time of this century")
}

/// The four headers that WeChat Pay sends with `body`.
pub fn signature_headers(body: &[u8]) -> [(&'static str, String); 4] {
    let mut signed = format!("{CLOCK}\n{NONCE}\n").into_bytes();
    signed.extend_from_slice(body);
    signed.push(b'\n');
    let signature = STANDARD.encode(WECHAT.sign(&signed).expect("the key signs"));
    [
        ("Wechatpay-Timestamp", CLOCK.to_string()),
        ("Wechatpay-Nonce", NONCE.to_owned()),
        ("Wechatpay-Signature", signature),
        ("Wechatpay-Serial", KEY_ID.to_owned()),
    ]
}

pub fn received(status: u16, body: &[u8], headers: &[(&str, String)]) -> Message {
    let mut message = Message::response(status, Body::new(body.to_vec()));
    for (name, value) in headers {
        message.headers.push(name, value);
    }
    message
}

pub fn signed(status: u16, body: &[u8]) -> Message {
    received(status, body, &signature_headers(body))
}

/// What the `resource` of an envelope opens to; Err where serde_json has no value for a number in it.
pub fn decrypted(body: &[u8]) -> Result<Option<Vec<u8>>, serde_json::Error> {
    let envelope: serde_json::Value = serde_json::from_slice(body)?;
    Ok(opened(&envelope))
}

fn opened(envelope: &serde_json::Value) -> Option<Vec<u8>> {
    let part = |name: &str| {
        envelope["resource"][name]
            .as_str()
            .unwrap_or_default()
            .as_bytes()
            .to_vec()
    };
    let (nonce, aad) = (part("nonce"), part("associated_data"));
    let ciphertext = STANDARD.decode(part("ciphertext")).ok()?;
    let cipher = aes_gcm::Aes256Gcm::new_from_slice(API_V3_KEY.as_bytes()).ok()?;
    let nonce: [u8; 12] = nonce.try_into().ok()?;
    cipher
        .decrypt(
            &nonce.into(),
            Payload {
                msg: &ciphertext,
                aad: &aad,
            },
        )
        .ok()
}

/// AEAD_AES_256_GCM, base64, with the nonce of `resource`.
pub const GCM_NONCE: &str = "fdasflkja484";

pub fn encrypted(plaintext: &[u8], aad: &[u8]) -> String {
    let cipher = aes_gcm::Aes256Gcm::new_from_slice(API_V3_KEY.as_bytes()).expect("32 bytes");
    let payload = Payload {
        msg: plaintext,
        aad,
    };
    STANDARD.encode(
        cipher
            .encrypt(GCM_NONCE.as_bytes().into(), payload)
            .expect("it encrypts"),
    )
}

/// What must hold of every error of a function without network.
pub fn check_error(error: &Error, allowed: &[Status]) {
    let fields = error.fields();
    let status = error.status();
    assert!(
        allowed.contains(&status),
        "{status:?} is not one of {allowed:?}: {}",
        fields.message
    );
    assert!(!fields.message.is_empty(), "{status:?} without a message");
    assert!(
        !fields.hint.is_empty(),
        "{status:?} without a hint: {}",
        fields.message
    );
    let is_of_the_store = status == Status::NoTrustRoots;
    assert!(
        is_of_the_store || fields.outcome != Outcome::NotSent,
        "nothing was to be sent (S1)"
    );
    let json = error.to_json();
    serde_json::from_str::<serde_json::Value>(&json).expect("an error's JSON is JSON");
    check_text(&fields.message);
    check_text(&fields.hint);
    for shown in [&fields.message, &fields.hint, &json] {
        no_secret(shown);
    }
}

/// Foreign text is escaped and cut (S23).
fn check_text(text: &str) {
    assert!(text.len() < 8000, "{} bytes of text", text.len());
    for one in text.chars() {
        let hidden = matches!(one, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(
            !one.is_control() && !hidden,
            "{one:?} is shown raw in {text:?}"
        );
    }
}

/// Two keys, and a line from the middle of the private one.
fn secrets() -> [&'static str; 3] {
    [API_V3_KEY, API_V2_KEY, &MERCHANT_KEY[400..440]]
}

thread_local! {
    static INPUT: std::cell::RefCell<Vec<u8>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// What runs now.
pub fn begin(input: &[u8]) {
    INPUT.set(input.to_vec());
}

/// libFuzzer sees comparisons, and so writes the secrets that are looked for here into inputs: what
/// the input held itself is no finding.
pub fn no_secret(text: &str) {
    for secret in secrets().into_iter().filter(|secret| text.contains(secret)) {
        let given = INPUT.with_borrow(|input| {
            let mut parts = input.windows(secret.len());
            parts.any(|part| part == secret.as_bytes())
        });
        assert!(given, "a secret is shown: {text}");
    }
}

/// A report is one JSON object and holds no secret.
pub fn check_report(json: &str) -> serde_json::Value {
    no_secret(json);
    let value: serde_json::Value = serde_json::from_str(json).expect("a report is JSON");
    assert!(value.is_object(), "a report is an object: {json}");
    value
}
