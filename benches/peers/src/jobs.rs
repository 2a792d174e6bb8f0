//! Section (b) in C: a complete Authorization and a notification opened, through the C interface of the library's own
//! shared object.

use std::hint::black_box;
use std::io::BufRead;
use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::json;

use super::native::Jobs;
use super::primitives::{der, notification};
use super::sampling::{in_turn, median, once, pairs};

pub fn run(fixture: &Path, libraries: &Path) {
    let ours = Jobs::load(libraries, fixture, "ours");
    let peer = Jobs::load(libraries, fixture, "peer");
    let order = std::fs::read(fixture.join("order.json")).expect("fixture.py writes it");
    check(&ours.authorization(), fixture, &order);
    check(&peer.authorization(), fixture, &order);
    let key = RsaKeyPair::from_pkcs8(&der(fixture, "private.pem")).expect("a key");
    let random = SystemRandom::new();
    let to_sign = canonical("1700000000", "593BEC0C930BF1AFEB40B4A08C8FB242", &order);
    let times = in_turn(
        160,
        &mut [
            Box::new(|| ours.authorize()),
            Box::new(|| {
                let mut out = [0; 256];
                key.sign(&RSA_PKCS1_SHA256, &random, black_box(&to_sign), &mut out)
                    .expect("it signs");
                black_box(out);
            }),
            Box::new(|| peer.authorize()),
        ],
    );
    let what = "Authorization";
    println!(
        "{}",
        json!({
            "section": "b", "id": "c.authorization.bare", "what": format!("C: {what}"),
            "against": "bare signature by aws-lc-rs", "pairs": pairs(&times, 0, 1), "target": 1.03,
            "note": "wxpay_message_new_request and wxpay_client_prepare of a POST: URL and body checked, nonce from the system, all headers, signature; against RsaKeyPair::sign of aws-lc-rs over as many bytes.",
        })
    );
    println!(
        "{}",
        json!({
            "section": "b", "id": "c.authorization.openssl", "what": format!("C: {what}"),
            "against": "hand-written C, OpenSSL EVP", "pairs": pairs(&times, 0, 2), "target": 1.02,
            "note": "Against benches/peers/c/openssl.c: nonce, time, text, signature, base64 and the one header.",
        })
    );

    let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der(fixture, "public.pem"))
        .expect("a key");
    let (message, proof) = notification(fixture);
    let times = in_turn(
        1200,
        &mut [
            Box::new(|| ours.notification()),
            Box::new(|| key.verify_sig(black_box(&message), &proof).expect("valid")),
            Box::new(|| peer.notification()),
        ],
    );
    println!(
        "{}",
        json!({
            "section": "b", "id": "c.notification.bare", "what": "C: notification opened",
            "against": "bare verification by aws-lc-rs", "pairs": pairs(&times, 0, 1),
            "note": "wxpay_notify_open of ten headers and a body as WeChat Pay sends it: headers, window, key, signature, AES-256-GCM, envelope and resource as JSON, and the result read once more by cJSON; against verify_sig of aws-lc-rs, key parsed, over the same bytes.",
        })
    );
    println!(
        "{}",
        json!({
            "section": "b", "id": "c.notification.openssl", "what": "C: notification opened",
            "against": "hand-written C, OpenSSL EVP and cJSON", "pairs": pairs(&times, 0, 2),
            "ratio": "theirs/ours", "better": "more",
            "note": "Against benches/peers/c/openssl.c, which does the same steps. Reported, no target.",
        })
    );

    let (private, public) = (der(fixture, "private.pem"), der(fixture, "public.pem"));
    let times = in_turn(
        160,
        &mut [
            Box::new(|| ours.client()),
            Box::new(|| {
                black_box(RsaKeyPair::from_pkcs8(black_box(&private)).expect("a key"));
                black_box(
                    ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, black_box(&public))
                        .expect("a key"),
                );
            }),
        ],
    );
    println!(
        "{}",
        json!({
            "section": "e", "id": "c.client", "what": "C: client made from PEM and freed",
            "against": "bare parsing of its two keys by aws-lc-rs", "pairs": pairs(&times, 0, 1), "target": 3,
            "note": "wxpay_client_new with private key and WeChat Pay public key by value, until it is freed; against RsaKeyPair::from_pkcs8 and ParsedPublicKey::new from DER. The library reads each key twice on purpose: the `rsa` crate says what is wrong with a bad one, AWS-LC computes with a good one.",
        })
    );
}

fn canonical(timestamp: &str, nonce: &str, order: &[u8]) -> Vec<u8> {
    let mut text =
        format!("POST\n/v3/pay/transactions/native\n{timestamp}\n{nonce}\n").into_bytes();
    text.extend_from_slice(order);
    text.push(b'\n');
    text
}

/// That the header holds a signature over this order: a side that does less work must not win.
fn check(header: &str, fixture: &Path, order: &[u8]) {
    let part = |name: &str| {
        let start = header.find(&format!("{name}=\"")).expect(name) + name.len() + 2;
        header[start..]
            .split('"')
            .next()
            .expect("a quoted value")
            .to_owned()
    };
    let file = fixture.join("authorization.base64");
    std::fs::write(&file, part("signature")).expect("the fixture is writable");
    let text = canonical(&part("timestamp"), &part("nonce_str"), order);
    let private = RsaKeyPair::from_pkcs8(&der(fixture, "private.pem")).expect("a key");
    let mut expected = [0; 256];
    private
        .sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            &text,
            &mut expected,
        )
        .expect("it signs");
    assert_eq!(der(fixture, "authorization.base64"), expected, "{header}");
}

/// Serves benches/peers/turns.py until standard input ends.
pub fn turns(fixture: &Path, libraries: &Path) {
    let ours = Jobs::load(libraries, fixture, "ours");
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("text");
        let (job, calls) = line.split_once(' ').expect("JOB N");
        let calls: usize = calls.parse().expect("a number");
        let mut call: super::sampling::Call = match job {
            "authorization" => Box::new(|| ours.authorize()),
            _ => Box::new(|| ours.notification()),
        };
        let mut times: Vec<f64> = (0..calls).map(|_| once(&mut call)).collect();
        println!("{}", median(&mut times));
    }
}
