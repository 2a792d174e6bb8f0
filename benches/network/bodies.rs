//! Time by the size of a body, from 1 KB to the largest that is taken. Prints lines `size nanoseconds series`.

use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::signature::RsaKeyPair;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wxpay::client::Client;
use wxpay::http::{Body, Message};
use wxpay::time::clock;
use wxpay::v3::prepare::prepare;

use super::clients::{config, quick};
use super::clock::{THREAD, processor};
use super::keys::{self, PUBLIC_KEY_ID};

const SIZES: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
/// A notification has at most 5 MiB.
const NOTIFICATIONS: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 5_000_000];
const TARGET: &str = "/v3/pay/transactions/native";

pub fn bodies(merchant: &str, directory: &Path) -> ExitCode {
    let mut config = config(merchant);
    config
        .set("max_response_bytes", "16777216")
        .expect("a size");
    let api_v3_key = config.get("api_v3_key").expect("it is set").to_owned();
    let client = Client::new(&config).expect("the configuration is complete");
    let key = keys::private(&directory.join("other2048.pem"));
    let signed = Message::request("GET", TARGET, Body::default());
    let asked = prepare(&client.merchant, &signed, clock()).expect("it signs");
    for size in SIZES {
        let request = Message::request("POST", TARGET, Body::new(json(size)));
        print(
            "prepare",
            size,
            processor_time,
            || (),
            |()| prepare(&client.merchant, &request, clock()).expect("it signs"),
        );
        let answer = message(&key, 200, json(size));
        let copy = || answer.clone();
        print("check", size, processor_time, copy, |mut answer| {
            client
                .check(&asked, &mut answer, clock())
                .expect("it is genuine");
            answer
        });
        let body = json(size);
        print(
            "call, by the request's body",
            size,
            wall_time,
            || (),
            |()| client.call("POST", TARGET, &body).expect("it is answered"),
        );
        let target = format!("/v3/answer/{size}");
        print(
            "call, by the answer's body",
            size,
            wall_time,
            || (),
            |()| client.call("GET", &target, &[]).expect("it is answered"),
        );
    }
    for size in NOTIFICATIONS {
        let notification = message(&key, 0, envelope(&api_v3_key, size));
        let size = notification.body.len();
        print(
            "notification",
            size,
            processor_time,
            || (),
            |()| {
                client
                    .open_notification(&notification, clock())
                    .expect("it opens")
            },
        );
    }
    ExitCode::SUCCESS
}

/// A call has two processes at work and waits; the rest is this thread's alone.
fn wall_time() -> i64 {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    i64::try_from(BEGUN.elapsed().as_nanos()).expect("a short time")
}

fn processor_time() -> i64 {
    processor(THREAD)
}

/// The median of as many calls as fit into the time, at least three. What `before` does is not timed.
fn print<G, T>(
    series: &str,
    size: usize,
    clock: fn() -> i64,
    before: impl Fn() -> G,
    run: impl Fn(G) -> T,
) {
    let budget = Duration::from_millis(if quick() { 30 } else { 600 });
    black_box(run(before()));
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.len() < 3 || begun.elapsed() < budget {
        let given = before();
        let start = clock();
        let result = black_box(run(given));
        times.push(clock() - start);
        drop(result);
    }
    times.sort_unstable();
    println!("{size} {} {series}", times[times.len() / 2]);
}

fn json(size: usize) -> Vec<u8> {
    format!(r#"{{"filler":"{}"}}"#, "x".repeat(size.saturating_sub(13))).into_bytes()
}

/// With WeChat Pay's signature.
fn message(key: &RsaKeyPair, status: u16, body: Vec<u8>) -> Message {
    let timestamp = clock().seconds.to_string();
    let nonce = "593BEC0C930BF1AFEB40B4A08C8FB242";
    let signed = [
        timestamp.as_bytes(),
        b"\n",
        nonce.as_bytes(),
        b"\n",
        &body,
        b"\n",
    ]
    .concat();
    let signature = STANDARD.encode(keys::sign(key, &signed));
    let mut message = Message::response(status, Body::new(body));
    for (name, value) in [
        ("Content-Type", "application/json; charset=utf-8"),
        ("Wechatpay-Nonce", nonce),
        ("Wechatpay-Timestamp", &timestamp),
        ("Wechatpay-Serial", PUBLIC_KEY_ID),
        ("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048"),
        ("Wechatpay-Signature", &signature),
    ] {
        message.headers.push(name, value);
    }
    message
}

/// A notification of about `size` bytes.
fn envelope(api_v3_key: &str, size: usize) -> Vec<u8> {
    let nonce = *b"fdasflkja484";
    let key = UnboundKey::new(&AES_256_GCM, api_v3_key.as_bytes()).expect("32 bytes");
    let mut sealed = json(size.saturating_sub(320) / 4 * 3);
    LessSafeKey::new(key)
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(b"transaction"),
            &mut sealed,
        )
        .expect("it encrypts");
    format!(
        r#"{{"id":"EV-2018022511223320873","create_time":"2015-05-20T13:29:35+08:00","resource_type":"encrypt-resource","event_type":"TRANSACTION.SUCCESS","summary":"ok","resource":{{"original_type":"transaction","algorithm":"AEAD_AES_256_GCM","ciphertext":"{}","associated_data":"transaction","nonce":"fdasflkja484"}}}}"#,
        STANDARD.encode(sealed)
    )
    .into_bytes()
}
