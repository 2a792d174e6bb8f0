//! API v2. WeChat Pay's side is made here with the `md-5` and `hmac` crates and strings written
//! out, never by the library.

mod abi;
mod certificates;
mod messages;
mod outcomes;
mod refunds;
mod requests;
mod secrets;

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use hmac::{Hmac, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::http::Message;
use wxpay::v2;

use super::wechat::{self, MCHID, response, with};

pub const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
pub const APPID: &str = "wxd930ea5d5a258f4f";

pub fn config(base_url: &str, changes: &[(&str, &str)]) -> Config {
    with(base_url, &[&[("api_v2_key", KEY)], changes].concat())
}

pub fn client(changes: &[(&str, &str)]) -> Arc<Client> {
    Client::new(&config(wechat::NOWHERE, changes)).unwrap()
}

/// By the openssl command: `KEY`'s MD5 in lower-case hex, its ASCII as the AES key.
pub fn sealed(key: &str, plaintext: &[u8]) -> String {
    let run = |arguments: &[&str], input: &[u8]| {
        let mut child = Command::new("openssl")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
    };
    let digest = run(&["dgst", "-md5", "-r"], key.as_bytes());
    let digest = digest.split(' ').next().unwrap();
    assert_eq!(digest.len(), 32);
    let hex: String = digest.bytes().map(|byte| format!("{byte:02x}")).collect();
    run(
        &["enc", "-aes-256-ecb", "-K", &hex, "-base64", "-A"],
        plaintext,
    )
    .trim()
    .to_owned()
}

/// `pairs` must have no value that is empty.
pub fn base(pairs: &[(&str, &str)]) -> String {
    let mut sorted: Vec<_> = pairs.iter().filter(|(name, _)| *name != "sign").collect();
    sorted.sort_by_key(|(name, _)| name.as_bytes());
    let parts: Vec<String> = sorted
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parts.join("&")
}

fn upper(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

pub fn md5(pairs: &[(&str, &str)], key: &str) -> String {
    upper(&Md5::digest(
        format!("{}&key={key}", base(pairs)).as_bytes(),
    ))
}

pub fn hmac(pairs: &[(&str, &str)], key: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(format!("{}&key={key}", base(pairs)).as_bytes());
    upper(&mac.finalize().into_bytes())
}

pub fn xml(pairs: &[(&str, &str)]) -> String {
    let fields: String = pairs
        .iter()
        .map(|(name, value)| format!("<{name}><![CDATA[{value}]]></{name}>"))
        .collect();
    format!("<xml>{fields}</xml>")
}

/// With an HMAC-SHA256 sign.
pub fn signed(pairs: &[(&str, &str)]) -> String {
    xml(&[pairs, &[("sign", &hmac(pairs, KEY))]].concat())
}

pub fn answer(body: &str) -> Message {
    response(200, body.as_bytes(), &[])
}

/// A request to an ordinary path.
pub fn order(client: &Client) -> Message {
    request(client, "/pay/unifiedorder")
}

pub fn request(client: &Client, path: &str) -> Message {
    let json = format!(r#"{{"appid":"{APPID}","out_trade_no":"A1","total_fee":1}}"#);
    v2::prepare(&client.merchant, path, "", &json).unwrap()
}

/// What a good answer to `order` says.
pub const GOOD: &[(&str, &str)] = &[
    ("return_code", "SUCCESS"),
    ("return_msg", "OK"),
    ("appid", APPID),
    ("mch_id", MCHID),
    ("nonce_str", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"),
    ("result_code", "SUCCESS"),
    ("prepay_id", "wx201411101639507cbf6ffd8b0779950874"),
];

/// `pairs` with one field another way; empty takes it out.
pub fn but<'a>(
    pairs: &[(&'a str, &'a str)],
    name: &'a str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let mut changed: Vec<_> = pairs
        .iter()
        .copied()
        .filter(|(have, _)| *have != name)
        .collect();
    if !value.is_empty() {
        changed.push((name, value));
    }
    changed
}
