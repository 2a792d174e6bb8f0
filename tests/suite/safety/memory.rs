//! S34: what we promise to zeroise is gone from the heap when its owner is freed. Runs alone in a
//! child with one malloc arena, so that the heap is one mapping; stacks are not promised.

use std::os::unix::fs::FileExt;

use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::http::{Body, Message, Verified};
use wxpay::time;
use wxpay::v3::sensitive_fields;
use zeroize::Zeroizing;

use super::child;
use super::openssl::oaep_encrypt;
use super::wechat::{self, NOWHERE, PUBLIC_KEY_ID, envelope, now, signature};
use crate::simulator::fresh_dir;

const NAME: &str = "safety::memory::no_secret_is_left_in_the_heap_after_its_owner_is_freed";

/// A secret that this process must find without having it itself: every byte is inverted.
struct Planted {
    name: &'static str,
    inverted: Vec<u8>,
}

/// How often each stands in the heap.
fn scan(planted: &[Planted]) -> Vec<usize> {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let memory = std::fs::File::open("/proc/self/mem").unwrap();
    let mut counts = vec![0; planted.len()];
    for line in maps.lines().filter(|line| line.ends_with("[heap]")) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let from = u64::from_str_radix(from, 16).unwrap();
        let len = usize::try_from(u64::from_str_radix(to, 16).unwrap() - from).unwrap();
        // Larger than malloc's limit for its own heap: the copy is a mapping of its own.
        let mut copy = Zeroizing::new(vec![0; len.max(64 << 20)]);
        memory.read_exact_at(&mut copy[..len], from).unwrap();
        for (count, one) in counts.iter_mut().zip(planted) {
            let first = !one.inverted[0];
            *count += copy[..len]
                .windows(one.inverted.len())
                .filter(|window| {
                    window[0] == first && window.iter().zip(&one.inverted).all(|(a, b)| *a == !*b)
                })
                .count();
        }
    }
    counts
}

fn read(dir: &str, name: &str) -> Zeroizing<String> {
    Zeroizing::new(std::fs::read_to_string(format!("{dir}/{name}")).unwrap())
}

#[test]
fn no_secret_is_left_in_the_heap_after_its_owner_is_freed() {
    let dir = std::env::var("WXPAY_SAFETY_DIR").unwrap_or_default();
    if dir.is_empty() {
        let dir = fresh_dir("memory");
        let dir = dir.to_str().unwrap();
        prepare(dir);
        let variables = [
            ("WXPAY_SAFETY_DIR", dir),
            ("MALLOC_ARENA_MAX", "1"),
            ("MALLOC_MMAP_THRESHOLD_", "33554432"),
        ];
        child::runs_here(NAME, &variables, &[]);
        return;
    }
    let planted: Vec<Planted> = [
        "api_v3_key",
        "passphrase",
        "pem",
        "der",
        "der_reversed",
        "plaintext",
        "field",
        "api_v2_key",
        "refund",
    ]
    .map(|name| Planted {
        name,
        inverted: std::fs::read(format!("{dir}/{name}.inverted")).unwrap(),
    })
    .into();
    let expect = |when: &str, wanted: &[&str]| {
        for (one, count) in planted.iter().zip(scan(&planted)) {
            assert_eq!(
                count > 0,
                wanted.contains(&one.name),
                "{when}: {} is there {count} times",
                one.name
            );
        }
    };
    expect("before", &[]);

    let mut config = Config::default();
    config.load_json(&read(&dir, "config.json")).unwrap();
    // Once each: the configuration has them, and nothing that read them kept a copy.
    assert_eq!(scan(&planted)[..3], [1, 1, 1], "after load_json");
    let client = Client::new(&config).unwrap();
    drop(config);
    let seen = scan(&planted);
    assert!(seen[0] > 0, "the client has the APIv3 key: the scan works");
    assert_eq!(
        (seen[1], seen[2]),
        (0, 0),
        "passphrase and PEM went with the configuration"
    );

    // Every use of the keys: signing, opening, failing.
    let message = {
        let body = std::fs::read(format!("{dir}/notification")).unwrap();
        let headers: Vec<(String, String)> =
            serde_json::from_slice(&std::fs::read(format!("{dir}/headers")).unwrap()).unwrap();
        wechat::notification(&body, &headers)
    };
    let at = time::now(read(&dir, "now").parse().unwrap()).unwrap();
    let opened = client.open_notification(&message, at).unwrap();
    let _ = client.call("POST", "/v3/x", b"{}").unwrap_err();
    drop(
        wxpay::v3::pay_params::signed(
            &client.merchant,
            wxpay::v3::pay_params::Kind::Jsapi,
            "wx1",
            "wx2",
            at,
        )
        .unwrap(),
    );
    assert!(
        scan(&planted)[5] > 0,
        "the plaintext is there while the notification lives"
    );
    drop(opened);
    assert_eq!(
        scan(&planted)[5],
        0,
        "the plaintext outlives its notification"
    );
    fields(&client, &dir, at, || scan(&planted)[6]);
    v2(&client, &dir, || scan(&planted)[8]);
    assert!(client.info().contains("PUB_KEY_ID_"));
    drop(client);
    expect("everything is freed", &[]);
}

/// A sensitive value goes up and comes down. `count` is how often it stands in the heap.
fn fields(client: &Client, dir: &str, at: time::Now, count: impl Fn() -> usize) {
    let body = |name: &str, invert: bool| {
        let mut bytes = std::fs::read(format!("{dir}/{name}")).unwrap();
        if invert {
            bytes.iter_mut().for_each(|byte| *byte = !*byte);
        }
        Body::new(bytes)
    };
    let mut request = Message::request("POST", "/v3/x", body("request.inverted", true));
    assert!(count() > 0, "the value is there while it waits");
    sensitive_fields::encrypt(&client.merchant, &mut request, "/name", at).unwrap();
    assert_eq!(count(), 0, "the value outlives its encryption");
    let mut answer = Message::response(200, body("answer", false));
    answer.verified = Verified::Signature;
    let opened = sensitive_fields::decrypt(&client.merchant, &answer, "/name").unwrap();
    assert_eq!(
        count(),
        1,
        "the value is there once, in the JSON that was asked for"
    );
    drop(opened);
    assert_eq!(count(), 0, "the value outlives the JSON");
}

/// Signing, refusing and opening with the APIv2 key; what a refund says goes with its JSON.
fn v2(client: &Client, dir: &str, count: impl Fn() -> usize) {
    for sign_type in ["MD5", "HMAC-SHA256"] {
        let request =
            wxpay::v2::prepare(&client.merchant, "/pay/x", sign_type, r#"{"a":1}"#).unwrap();
        let sign = "A".repeat(if sign_type == "MD5" { 32 } else { 64 });
        let body = format!("<xml><return_code>SUCCESS</return_code><sign>{sign}</sign></xml>");
        let mut answer = Message::response(200, Body::new(body.into_bytes()));
        client.v2_check(Some(&request), &mut answer).unwrap_err();
    }
    let req_info = read(dir, "req_info");
    let opened = wxpay::v2::refund_open(&client.merchant, &req_info).unwrap();
    assert_eq!(count(), 1, "once, in the JSON that was asked for");
    drop(opened);
    assert_eq!(count(), 0, "what the refund says outlives its JSON");
}

/// Everything that the child reads; what it searches, inverted.
fn prepare(dir: &str) {
    let pem = {
        let output = std::process::Command::new("sh")
            .args(["-ec", "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out plain.pem -quiet
                 openssl pkcs8 -topk8 -in plain.pem -passout pass:correct-horse-battery-staple -v2 aes-256-cbc -out key.pem
                 openssl rsa -in plain.pem -noout -text | sed -n '/^prime1:/,/^prime2:/p' | sed '1d;$d' | tr -d ' :\\n'"])
            .current_dir(dir)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let prime = wechat::unhex(std::str::from_utf8(&output.stdout).unwrap());
        let piece = &prime[prime.len() - 64..prime.len() - 16];
        plant(dir, "der", piece);
        plant(
            dir,
            "der_reversed",
            &piece.iter().rev().copied().collect::<Vec<u8>>(),
        );
        std::fs::read_to_string(format!("{dir}/key.pem")).unwrap()
    };
    plant(dir, "pem", &pem.lines().nth(6).unwrap().as_bytes()[8..56]);
    plant(dir, "passphrase", b"correct-horse-battery-staple");
    plant(dir, "api_v3_key", wechat::API_V3_KEY.as_bytes());
    let secret = b"{\"payer\":\"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o\"}";
    plant(dir, "plaintext", &secret[10..38]);
    let body = envelope(secret).to_string();
    let at = now();
    plant(dir, "api_v2_key", super::v2::KEY.as_bytes());
    let refund = "R-20260101-0000000000000000000000000001";
    plant(dir, "refund", refund.as_bytes());
    let refund = format!("<root><out_refund_no><![CDATA[{refund}]]></out_refund_no></root>");
    let refund = super::v2::sealed(super::v2::KEY, refund.as_bytes());
    std::fs::write(format!("{dir}/req_info"), refund).unwrap();
    let field = b"Zhang San, 11010119900101001X, Chaoyang";
    plant(dir, "field", field);
    // With escapes, as PHP writes Chinese: they are undone somewhere.
    let spelled = [b"{\"name\":\"\\u5f20\\u4e09 ", &field[..], b"\\u002e\"}"].concat();
    plant(dir, "request", &spelled);
    let public = std::process::Command::new("openssl")
        .args(["pkey", "-in", "plain.pem", "-pubout"])
        .current_dir(dir)
        .output()
        .unwrap();
    let sealed = oaep_encrypt(std::str::from_utf8(&public.stdout).unwrap(), field);
    let sealed = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, sealed);
    let write =
        |name: &str, content: String| std::fs::write(format!("{dir}/{name}"), content).unwrap();
    write(
        "headers",
        serde_json::to_string(&signature(
            wechat::wechat(),
            PUBLIC_KEY_ID,
            at,
            body.as_bytes(),
        ))
        .unwrap(),
    );
    write("notification", body);
    write("answer", format!("{{\"name\":\"{sealed}\"}}"));
    write("now", at.to_string());
    write(
        "config.json",
        serde_json::json!({
            "mchid": wechat::MCHID, "merchant_serial": wechat::MERCHANT_SERIAL, "private_key": pem, "base_url": NOWHERE,
            "private_key_passphrase": "correct-horse-battery-staple", "api_v3_key": [wechat::API_V3_KEY],
            "public_key_id": PUBLIC_KEY_ID, "public_key": wechat::wechat().public_pem, "api_v2_key": [super::v2::KEY],
        })
        .to_string(),
    );
}

fn plant(dir: &str, name: &str, secret: &[u8]) {
    let inverted: Vec<u8> = secret.iter().map(|byte| !byte).collect();
    std::fs::write(format!("{dir}/{name}.inverted"), inverted).unwrap();
}
