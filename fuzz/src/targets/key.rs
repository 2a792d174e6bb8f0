//! Keys and certificates from the bytes of a file.

use wxpay::diag::key_info;
use wxpay::error::{Error, Status};
use wxpay::key::{
    Certificate, Material, PrivateKey, PublicKey, read, read_certificates, read_p12, read_private,
    read_public,
};
use wxpay::net::check_extra_ca;
use wxpay::trust::anchor::may_be_anchor;
use wxpay::trust::facts::Facts;

use crate::world::{MCHID, check_error, check_report};

/// Of the encrypted keys in bindings/conformance/keys.
const PASSPHRASE: &[u8] = b"conformance";

const STATUSES: &[Status] = &[
    Status::KeyFormat,
    Status::KeyEncrypted,
    Status::WrongKeyRole,
];

pub fn reader(input: &[u8]) {
    for passphrase in [None, Some(PASSPHRASE)] {
        match (
            read("key", input, passphrase),
            read_private("key", input, passphrase),
        ) {
            (Ok(Material::Private(any)), Ok(private)) => {
                assert!(
                    any.public().same_key(private.public()),
                    "one file, two keys"
                );
                private_key(&private);
            }
            (Ok(Material::Private(_)), Err(error)) => {
                panic!("read takes what read_private refuses: {error:?}")
            }
            // Never the other way round: of several blocks a private key counts.
            (Ok(other), Ok(_)) => panic!("read_private reads what read takes for {other:?}"),
            (Err(error), Ok(_)) => panic!("read_private takes what read refuses: {error:?}"),
            (any, Err(error)) => {
                check(input, &error);
                if let Err(error) = any {
                    check(input, &error);
                }
            }
        }
    }
    match read_public("key", input) {
        Ok(key) => public_key(&key),
        Err(error) => check(input, &error),
    }
}

pub fn certificates(input: &[u8]) {
    match read_certificates("certificate", input) {
        Ok(all) => {
            assert!(!all.is_empty(), "at least one");
            all.iter().for_each(certificate);
        }
        Err(error) => check(input, &error),
    }
    if let Ok(material) = read("certificate", input, None) {
        check_report(&key_info(&material));
    }
    anchor(input);
}

/// The DER as a store hands it over.
fn anchor(der: &[u8]) {
    let _ = may_be_anchor(der);
    if let Err(error) = check_extra_ca(der) {
        check_error(&error, &[Status::InvalidArgument, Status::KeyFormat]);
    }
    if let Some(facts) = Facts::of(der) {
        assert!(!facts.is_valid_at(i64::MIN), "valid since for ever");
        let _ = (facts.was_issued_by(&facts), facts.issuer_key_id());
    }
}

pub fn p12(input: &[u8]) {
    match read_p12("client_p12", input, MCHID) {
        Ok((chain, key)) => {
            let first = read_certificates("p12", &chain[0]).expect("the chain's first was read");
            assert!(
                first[0].public.same_key(key.public()),
                "the first certificate is that of the key"
            );
            private_key(&key);
        }
        Err(error) => check_error(
            &error,
            &[
                Status::KeyFormat,
                Status::KeyEncrypted,
                Status::KeyCertMismatch,
                Status::WrongKeyRole,
            ],
        ),
    }
}

fn private_key(key: &PrivateKey) {
    let again =
        read_private("again", key.pkcs8_der(), None).expect("what was read is written and read");
    assert!(again.public().same_key(key.public()));
    let signature = key.sign(b"fuzz").expect("a key that was read signs");
    assert!(
        key.public().verify(b"fuzz", &signature),
        "its public half verifies"
    );
    assert!(!key.public().verify(b"Fuzz", &signature));
    assert!(!format!("{key:?}").contains("PRIVATE KEY"));
}

fn public_key(key: &PublicKey) {
    assert!((2048..=8192).contains(&key.bits()), "{} bits", key.bits());
    let again = read_public("again", key.spki_der()).expect("what was read is written and read");
    assert!(again.same_key(key) && again.fingerprint() == key.fingerprint());
    assert!(!key.verify(b"fuzz", &[1; 256]), "a signature of ones");
    assert_eq!(
        key.encrypt_oaep(b"fuzz").expect("it encrypts").len(),
        key.bits().div_ceil(8)
    );
}

fn certificate(certificate: &Certificate) {
    let again = read_certificates("again", &certificate.der).expect("what was read is read again");
    assert_eq!(again.len(), 1);
    let again = &again[0];
    assert_eq!(again.serial, certificate.serial);
    assert!(
        again
            .serial
            .bytes()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'A'..=b'F')),
        "{}",
        again.serial
    );
    assert_eq!(
        (again.not_before, again.not_after),
        (certificate.not_before, certificate.not_after)
    );
    public_key(&certificate.public);
    if let Some(facts) = Facts::of(&certificate.der) {
        assert_eq!(facts.valid, (certificate.not_before, certificate.not_after));
        assert_eq!(facts.rsa_bits, Some(certificate.public.bits()));
    }
    anchor(&certificate.der);
}

/// A key pasted into the wrong place is never repeated (S24): 24 letters of it are no English word.
fn check(input: &[u8], error: &Error) {
    check_error(error, STATUSES);
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let message = error.fields().message.as_str();
    for run in input
        .split(|byte| !is_base64(byte))
        .filter(|run| run.len() >= 24)
    {
        let shown = run
            .windows(24)
            .any(|part| std::str::from_utf8(part).is_ok_and(|part| message.contains(part)));
        assert!(!shown, "the content is repeated: {message}");
    }
}
