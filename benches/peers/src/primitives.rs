//! Section (a): the operation alone, key prepared, against what else there is. Before anything is timed the sides must
//! agree.

use std::hint::black_box;
use std::path::Path;

use ::hmac::Mac;
use aes_gcm::aead::{AeadInPlace, KeyInit};
use aws_lc_rs::{aead, digest, hmac, rand, rsa as lc_rsa, signature};
use hmac::Key as LcHmacKey;
use rsa::pkcs1v15::{SigningKey, VerifyingKey};
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::native::OpenSsl;
use super::sampling::{Call, in_turn, pairs};

/// Each side: whose it is, and the call. The first is aws-lc-rs.
type Sides<'a> = Vec<(&'static str, Call<'a>)>;

/// The compiler must not leave the work out.
fn keep<T>(result: T) {
    black_box(result);
}

fn row(id: &str, what: &str, note: &str, calls: usize, sides: Sides) {
    let (names, mut calls_of): (Vec<_>, Vec<_>) = sides.into_iter().unzip();
    let times = in_turn(calls, &mut calls_of);
    for (index, name) in names.iter().enumerate().skip(1) {
        println!(
            "{}",
            json!({
                "section": "a",
                "id": format!("{id}.{}", name.split(' ').next().expect("a name").to_lowercase()),
                "what": what,
                "against": name,
                "pairs": pairs(&times, 0, index),
                "note": note,
            })
        );
    }
}

/// DER between the lines of a PEM file.
pub fn der(fixture: &Path, name: &str) -> Vec<u8> {
    let text = std::fs::read_to_string(fixture.join(name)).expect("fixture.py writes it");
    let base64: String = text
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    base64
        .trim_end_matches('=')
        .as_bytes()
        .chunks(4)
        .flat_map(|four| {
            let bits = four
                .iter()
                .fold(0u32, |bits, byte| bits << 6 | u32::from(value(*byte)));
            let bits = bits << (6 * (4 - four.len()));
            bits.to_be_bytes()[1..four.len()].to_vec()
        })
        .collect()
}

pub fn run(fixture: &Path, libraries: &Path) {
    let openssl = OpenSsl::load(libraries, fixture);
    println!(
        "{}",
        json!({"peer": "OpenSSL (libcrypto of the system)", "version": openssl.version})
    );
    for name in [
        "aws-lc-rs",
        "aws-lc-sys",
        "ring",
        "rsa",
        "sha2",
        "aes-gcm",
        "hmac",
    ] {
        println!(
            "{}",
            json!({"peer": format!("{name} (crate)"), "version": locked(name)})
        );
    }
    signatures(fixture, &openssl);
    oaep(fixture, &openssl);
    for (size, name) in [(1024, "1k"), (65536, "64k")] {
        symmetric(&openssl, size, name);
    }
}

/// From the lock file.
fn locked(name: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let entry = lock
        .split(&format!("name = \"{name}\"\nversion = \""))
        .nth(1);
    entry
        .and_then(|rest| rest.split('"').next())
        .expect("it is in Cargo.lock")
}

/// As long as what is signed for an order.
const MESSAGE: [u8; 480] = [b'x'; 480];

fn signatures(fixture: &Path, openssl: &OpenSsl) {
    let (private, public) = (der(fixture, "private.pem"), der(fixture, "public.pem"));
    let lc = signature::RsaKeyPair::from_pkcs8(&private).expect("a key");
    let ring_key = ring::signature::RsaKeyPair::from_pkcs8(&private).expect("a key");
    let crate_key =
        SigningKey::<Sha256>::new(rsa::RsaPrivateKey::from_pkcs8_der(&private).expect("a key"));
    let (lc_random, ring_random) = (rand::SystemRandom::new(), ring::rand::SystemRandom::new());
    let lc_sign = || {
        let mut out = [0; 256];
        lc.sign(&signature::RSA_PKCS1_SHA256, &lc_random, &MESSAGE, &mut out)
            .expect("it signs");
        out
    };
    let ring_sign = || {
        let mut out = [0; 256];
        ring_key
            .sign(
                &ring::signature::RSA_PKCS1_SHA256,
                &ring_random,
                &MESSAGE,
                &mut out,
            )
            .expect("it signs");
        out
    };
    let proof = lc_sign();
    assert_eq!(proof, openssl.sign(&MESSAGE));
    assert_eq!(proof, ring_sign());
    assert_eq!(proof[..], *crate_key.sign(&MESSAGE).to_bytes());
    row(
        "sign",
        "RSA-2048 signature, PKCS#1 v1.5, SHA-256",
        "480 bytes, key parsed once.",
        48,
        vec![
            ("aws-lc-rs", Box::new(|| keep(lc_sign()))),
            ("OpenSSL EVP", Box::new(|| keep(openssl.sign(&MESSAGE)))),
            ("ring", Box::new(|| keep(ring_sign()))),
            ("rsa crate", Box::new(|| keep(crate_key.sign(&MESSAGE)))),
        ],
    );

    // openssl.c verifies with WeChat Pay's key, whose private half it has not: a signature that is not valid costs
    // the same, but a valid one is what counts. The notification of the fixture has one.
    let (message, proof) = notification(fixture);
    let lc = signature::ParsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, &public)
        .expect("a key");
    let parsed = rsa::RsaPublicKey::from_public_key_der(&public).expect("a key");
    let (n, e) = {
        use rsa::traits::PublicKeyParts;
        (parsed.n().to_bytes_be(), parsed.e().to_bytes_be())
    };
    // ring keeps no parsed key: its caller passes modulus and exponent each time.
    let ring_key = ring::signature::RsaPublicKeyComponents { n, e };
    let crate_key = VerifyingKey::<Sha256>::new(parsed);
    let crate_proof = rsa::pkcs1v15::Signature::try_from(proof.as_slice()).expect("256 bytes");
    row(
        "verify",
        "RSA-2048 verification, PKCS#1 v1.5, SHA-256",
        "The bytes of a notification, key parsed once; ring parses its key each time, it offers nothing else.",
        800,
        vec![
            (
                "aws-lc-rs",
                Box::new(|| lc.verify_sig(black_box(&message), &proof).expect("valid")),
            ),
            (
                "OpenSSL EVP",
                Box::new(|| assert!(openssl.verify(black_box(&message), &proof))),
            ),
            (
                "ring",
                Box::new(|| {
                    ring_key
                        .verify(
                            &ring::signature::RSA_PKCS1_2048_8192_SHA256,
                            black_box(&message),
                            &proof,
                        )
                        .expect("valid");
                }),
            ),
            (
                "rsa crate",
                Box::new(|| {
                    crate_key
                        .verify(black_box(&message), &crate_proof)
                        .expect("valid")
                }),
            ),
        ],
    );
}

/// What is signed, and its signature.
pub fn notification(fixture: &Path) -> (Vec<u8>, Vec<u8>) {
    let read =
        |name: &str| std::fs::read_to_string(fixture.join(name)).expect("fixture.py writes it");
    let headers = read("notification.headers");
    let header = |name: &str| {
        let start = format!("{name}: ");
        let line = headers.lines().find_map(|line| line.strip_prefix(&start));
        line.expect(name).to_owned()
    };
    let message = [
        &header("Wechatpay-Timestamp"),
        "\n",
        &header("Wechatpay-Nonce"),
        "\n",
        &read("notification.json"),
        "\n",
    ];
    let file = fixture.join("signature.base64");
    std::fs::write(&file, header("Wechatpay-Signature")).expect("the fixture is writable");
    (
        message.concat().into_bytes(),
        der(fixture, "signature.base64"),
    )
}

fn oaep(fixture: &Path, openssl: &OpenSsl) {
    let (private, public) = (der(fixture, "private.pem"), der(fixture, "public.pem"));
    let text: &[u8] = b"6222020200112233445";
    let public_lc = lc_rsa::PublicEncryptingKey::from_der(&public).expect("a key");
    let encrypting = lc_rsa::OaepPublicEncryptingKey::new(public_lc).expect("a key");
    let private_lc = lc_rsa::PrivateDecryptingKey::from_pkcs8(&private).expect("a key");
    let decrypting = lc_rsa::OaepPrivateDecryptingKey::new(private_lc).expect("a key");
    let crate_private = rsa::RsaPrivateKey::from_pkcs8_der(&private).expect("a key");
    let crate_public = rsa::RsaPublicKey::from_public_key_der(&public).expect("a key");
    let lc_encrypt = || {
        let mut out = [0; 256];
        encrypting
            .encrypt(&lc_rsa::OAEP_SHA1_MGF1SHA1, text, &mut out, None)
            .expect("it encrypts");
        out
    };
    let padding = || rsa::Oaep::new::<sha1::Sha1>();
    row(
        "oaep-encrypt",
        "RSA-2048 OAEP encryption, SHA-1, as WeChat Pay asks for",
        "19 bytes, key parsed once. ring has no OAEP.",
        400,
        vec![
            ("aws-lc-rs", Box::new(|| keep(lc_encrypt()))),
            ("OpenSSL EVP", Box::new(|| keep(openssl.oaep_encrypt(text)))),
            (
                "rsa crate",
                Box::new(|| {
                    keep(crate_public.encrypt(&mut rsa::rand_core::OsRng, padding(), text))
                }),
            ),
        ],
    );
    // Encrypted to the merchant by the rsa crate.
    let sealed = crate_private
        .to_public_key()
        .encrypt(&mut rsa::rand_core::OsRng, padding(), text)
        .expect("it encrypts");
    let lc_decrypt = || {
        let mut out = [0; 256];
        decrypting
            .decrypt(&lc_rsa::OAEP_SHA1_MGF1SHA1, &sealed, &mut out, None)
            .expect("it decrypts")
            .to_vec()
    };
    assert_eq!(lc_decrypt(), text);
    assert_eq!(openssl.oaep_decrypt(&sealed), text);
    row(
        "oaep-decrypt",
        "RSA-2048 OAEP decryption, SHA-1",
        "19 bytes, key parsed once. ring has no OAEP.",
        48,
        vec![
            ("aws-lc-rs", Box::new(|| keep(lc_decrypt()))),
            (
                "OpenSSL EVP",
                Box::new(|| keep(openssl.oaep_decrypt(&sealed))),
            ),
            (
                "rsa crate",
                Box::new(|| {
                    keep(
                        crate_private
                            .decrypt(padding(), &sealed)
                            .expect("it decrypts"),
                    )
                }),
            ),
        ],
    );
}

fn symmetric(openssl: &OpenSsl, size: usize, name: &str) {
    let calls = if size > 4096 { 240 } else { 1600 };
    // The API v3 key of fixture.py, which openssl.c has for HMAC.
    let key = *b"0123456789abcdef0123456789ABCDEF";
    let (nonce, aad) = (*b"fdasflkja484", b"transaction");
    let text = vec![0x5a; size];
    let lc =
        aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, &key).expect("a key"));
    let ring_key = ring::aead::LessSafeKey::new(
        ring::aead::UnboundKey::new(&ring::aead::AES_256_GCM, &key).expect("a key"),
    );
    let crypto = aes_gcm::Aes256Gcm::new(&key.into());
    let mut sealed = text.clone();
    lc.seal_in_place_append_tag(
        aead::Nonce::assume_unique_for_key(nonce),
        aead::Aad::from(aad),
        &mut sealed,
    )
    .expect("it seals");
    let (mut for_openssl, mut for_crypto) = (vec![0; size], vec![0; size]);
    let (mut for_lc, mut for_ring) = (sealed.clone(), sealed.clone());
    assert!(openssl.gcm_open(&key, &nonce, aad, &sealed, &mut for_openssl) && for_openssl == text);
    let (body, tag) = sealed.split_at(size);
    let sealed = &sealed;
    row(
        &format!("gcm-open-{name}"),
        &format!("AES-256-GCM opened, {} KB", size / 1024),
        "Key expanded once but for OpenSSL, whose context takes it each time; the copy of the ciphertext is counted on all sides.",
        calls,
        vec![
            (
                "aws-lc-rs",
                Box::new(move || {
                    for_lc.copy_from_slice(sealed);
                    let nonce = aead::Nonce::assume_unique_for_key(nonce);
                    black_box(
                        lc.open_in_place(nonce, aead::Aad::from(aad), &mut for_lc)
                            .expect("valid"),
                    );
                }),
            ),
            (
                "OpenSSL EVP",
                Box::new(move || {
                    assert!(openssl.gcm_open(
                        &key,
                        &nonce,
                        aad,
                        black_box(sealed),
                        &mut for_openssl
                    ))
                }),
            ),
            (
                "ring",
                Box::new(move || {
                    for_ring.copy_from_slice(sealed);
                    let nonce = ring::aead::Nonce::assume_unique_for_key(nonce);
                    black_box(
                        ring_key
                            .open_in_place(nonce, ring::aead::Aad::from(aad), &mut for_ring)
                            .expect("valid"),
                    );
                }),
            ),
            (
                "RustCrypto aes-gcm",
                Box::new(move || {
                    for_crypto.copy_from_slice(body);
                    crypto
                        .decrypt_in_place_detached(&nonce.into(), aad, &mut for_crypto, tag.into())
                        .expect("valid");
                }),
            ),
        ],
    );
    let expected = digest::digest(&digest::SHA256, &text);
    assert_eq!(expected.as_ref(), openssl.sha256(&text));
    row(
        &format!("sha256-{name}"),
        &format!("SHA-256, {} KB", size / 1024),
        "",
        calls,
        vec![
            (
                "aws-lc-rs",
                Box::new(|| keep(digest::digest(&digest::SHA256, black_box(&text)))),
            ),
            (
                "OpenSSL EVP",
                Box::new(|| keep(openssl.sha256(black_box(&text)))),
            ),
            (
                "ring",
                Box::new(|| {
                    keep(ring::digest::digest(
                        &ring::digest::SHA256,
                        black_box(&text),
                    ))
                }),
            ),
            (
                "RustCrypto sha2",
                Box::new(|| keep(Sha256::digest(black_box(&text)))),
            ),
        ],
    );
    if size > 4096 {
        return;
    }
    let lc = LcHmacKey::new(hmac::HMAC_SHA256, &key);
    let ring_key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key);
    let crypto = <::hmac::Hmac<Sha256> as Mac>::new_from_slice(&key).expect("any length");
    assert_eq!(hmac::sign(&lc, &text).as_ref(), openssl.hmac(&text));
    row(
        &format!("hmac-{name}"),
        &format!("HMAC-SHA256, {} KB", size / 1024),
        "Key prepared once.",
        calls,
        vec![
            (
                "aws-lc-rs",
                Box::new(|| keep(hmac::sign(&lc, black_box(&text)))),
            ),
            (
                "OpenSSL EVP",
                Box::new(|| keep(openssl.hmac(black_box(&text)))),
            ),
            (
                "ring",
                Box::new(|| keep(ring::hmac::sign(&ring_key, black_box(&text)))),
            ),
            (
                "RustCrypto hmac",
                Box::new(|| {
                    let mut mac = crypto.clone();
                    mac.update(black_box(&text));
                    keep(mac.finalize());
                }),
            ),
        ],
    );
}
