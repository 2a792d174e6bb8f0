//! Time and memory by the number of clients, of keys in a client's ring, and of roots in the store. Each number is
//! measured in a process of its own, which prints one line.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject;
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::diag::trust_report;
use wxpay::http::{Body, Message};
use wxpay::time::clock;
use wxpay::v3::prepare::prepare;

use super::clock::{THREAD, processor};
use super::keys;

const TARGET: &str = "/v3/pay/transactions/native";

pub fn quick() -> bool {
    std::env::var_os("WXPAY_BENCH_QUICK").is_some_and(|value| value == "1")
}

pub fn config(merchant: &str) -> Config {
    let mut config = Config::default();
    let text = std::fs::read_to_string(merchant).expect("it is there");
    config.load_json(&text).expect("keys of a configuration");
    config
}

/// So many clients, each of a merchant of its own: `new`, `used` (each has signed), or `apart` (none shares its
/// connections with another). Prints the processor's nanoseconds
/// of all constructions, and the bytes that are resident more.
pub fn clients(merchant: &str, how: &str, count: &str) -> ExitCode {
    let count: usize = count.parse().expect("a number");
    let mut config = config(merchant);
    let request = Message::request("POST", TARGET, Body::new(b"{}".to_vec()));
    let begin = |config: &Config| {
        let client = Client::new(config).expect("the configuration is complete");
        if how == "used" {
            prepare(&client.merchant, &request, clock()).expect("it signs");
        }
        client
    };
    // Whatever comes once in a process is not a client's.
    let first = begin(&config);
    let before = resident();
    let mut held: Vec<Arc<Client>> = Vec::with_capacity(count);
    let mut spent = 0;
    for number in 0..count {
        let mchid = (1_900_000_000 + number).to_string();
        config.set("mchid", &mchid).expect("an id");
        if how == "apart" {
            let timeout = (5_001 + number).to_string();
            config.set("connect_timeout_ms", &timeout).expect("a time");
        }
        let start = processor(THREAD);
        held.push(begin(&config));
        spent += processor(THREAD) - start;
    }
    println!("{spent} {}", resident().saturating_sub(before));
    drop((first, held));
    ExitCode::SUCCESS
}

/// From /proc/self/statm.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux has it");
    let pages: usize = statm
        .split_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse().ok())
        .expect("a number");
    // SAFETY: has no preconditions.
    pages * usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).expect("a size")
}

/// A client with so many public keys of WeChat Pay; the last one signs. Prints the nanoseconds of its construction
/// and of a check (medians).
pub fn ring(merchant: &str, directory: &Path, count: &str) -> ExitCode {
    let count: usize = count.parse().expect("a number");
    let mut config = config(merchant);
    let spki = SubjectPublicKeyInfoDer::from_pem_file(directory.join("other-public.pem"))
        .expect("a public key");
    let last = format!("PUB_KEY_ID_{:028}", 99_999_999);
    config.set("public_key_file", "").expect("it is unset");
    config.set("public_key_id", "").expect("it is unset");
    for number in 1..count {
        let id = format!("public_key.PUB_KEY_ID_{number:028}");
        let key = other(&spki, number);
        config.set(&id, &pem(&key)).expect("a key");
    }
    config
        .set(&format!("public_key.{last}"), &pem(&spki))
        .expect("a key");
    let new = || Client::new(&config).expect("the configuration is complete");
    let construction = median(if quick() { 3 } else { 15 }, new);
    let client = new();
    let request = Message::request("GET", TARGET, Body::default());
    let asked = prepare(&client.merchant, &request, clock()).expect("it signs");
    let answer = answer(directory, &last);
    let check = median(if quick() { 50 } else { 3000 }, || {
        let mut answer = answer.clone();
        client
            .check(&asked, &mut answer, clock())
            .expect("it is genuine");
    });
    println!("{construction} {check}");
    ExitCode::SUCCESS
}

/// As the simulator's server answers, under the id of the last key.
fn answer(directory: &Path, id: &str) -> Message {
    let key = keys::private(&directory.join("other2048.pem"));
    let (timestamp, body) = (clock().seconds.to_string(), "{}");
    let signature = keys::sign(&key, format!("{timestamp}\nnonce\n{body}\n").as_bytes());
    let mut message = Message::response(200, Body::new(body.into()));
    for (name, value) in [
        ("Content-Type", "application/json"),
        ("Wechatpay-Nonce", "nonce"),
        ("Wechatpay-Timestamp", &timestamp),
        ("Wechatpay-Serial", id),
        ("Wechatpay-Signature", &STANDARD.encode(signature)),
    ] {
        message.headers.push(name, value);
    }
    message
}

/// A public key that nobody has: the same with another odd modulus. Nothing that reads a public key can tell.
fn other(spki: &[u8], number: usize) -> Vec<u8> {
    let mut key = spki.to_vec();
    // The modulus ends before the exponent 65537: 02 03 01 00 01.
    let end = key.len() - 5;
    let place = end - 16;
    key[place..place + 8].copy_from_slice(&(number as u64).to_be_bytes());
    key
}

fn pem(spki: &[u8]) -> String {
    let text = STANDARD.encode(spki);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("ASCII"))
        .collect();
    format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        lines.join("\n")
    )
}

/// With the roots that SSL_CERT_FILE names: the processor's nanoseconds for a client's construction, its first
/// request, its second, and a trust report.
pub fn store(merchant: &str) -> ExitCode {
    let config = config(merchant);
    let mut times = Vec::new();
    let mut lap = processor(THREAD);
    let mut done = || {
        let now = processor(THREAD);
        times.push(now - lap);
        lap = now;
    };
    let client = Client::new(&config).expect("the configuration is complete");
    done();
    for _ in 0..2 {
        client
            .call("POST", TARGET, b"{}")
            .unwrap_or_else(|error| panic!("{error:?}"));
        done();
    }
    let report = trust_report(Some(&client), clock());
    done();
    assert!(report.len() > 1000, "{report}");
    let times: Vec<String> = times.iter().map(i64::to_string).collect();
    println!("{}", times.join(" "));
    ExitCode::SUCCESS
}

fn median<T>(calls: usize, mut run: impl FnMut() -> T) -> i64 {
    drop(run());
    let mut times: Vec<i64> = (0..calls)
        .map(|_| {
            let start = processor(THREAD);
            let result = std::hint::black_box(run());
            let time = processor(THREAD) - start;
            drop(result);
            time
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}
