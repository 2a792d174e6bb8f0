//! Single steps of the protocol on plain values, for tools, tests and other languages' own flows.
//! Verifying is not a part of them: who decrypts alone has authenticated nothing (safety.md S28).

use super::canonical;
use crate::crypto::{aead, base64};
use crate::error::{Result, Status, fail};
use crate::http::headers::{readable, shown};
use crate::http::target;
use crate::key::{Certificate, Material, PrivateKey, PublicKey, read_certificates};
use crate::secret::Zeroizing;

/// No argument may add a line to the string (S9).
pub fn canonical_request(
    method: &str,
    url: &str,
    timestamp: &str,
    nonce: &str,
    body: &[u8],
) -> Result<Vec<u8>> {
    let in_form =
        (3..=7).contains(&method.len()) && method.bytes().all(|byte| byte.is_ascii_uppercase());
    if !in_form {
        return fail(
            Status::InvalidArgument,
            format!(
                "method must be 3 to 7 capital letters, got \"{}\".",
                shown(method)
            ),
        );
    }
    check_time_and_nonce(timestamp, nonce)?;
    canonical::request(method, &target(url)?, timestamp, nonce, body)
}

pub fn canonical_response(timestamp: &str, nonce: &str, body: &[u8]) -> Result<Vec<u8>> {
    check_time_and_nonce(timestamp, nonce)?;
    canonical::response(timestamp, nonce, body)
}

fn check_time_and_nonce(timestamp: &str, nonce: &str) -> Result<()> {
    if !(1..=12).contains(&timestamp.len()) || !timestamp.bytes().all(|byte| byte.is_ascii_digit())
    {
        return fail(
            Status::InvalidArgument,
            format!(
                "timestamp must be 1 to 12 digits, got \"{}\".",
                shown(timestamp)
            ),
        );
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !(1..=64).contains(&nonce.len()) || !nonce.bytes().all(allowed) {
        return fail(
            Status::InvalidArgument,
            format!(
                "nonce must be 1 to 64 of 0-9, A-Z, a-z, _ and -, got \"{}\".",
                shown(nonce)
            ),
        );
    }
    Ok(())
}

pub fn sign(key: &Material, message: &[u8]) -> Result<String> {
    Ok(base64::encode(&private(key)?.sign(message)?))
}

pub fn verify(key: &Material, message: &[u8], signature: &str) -> Result<()> {
    let key = public(key);
    match base64::decode(signature) {
        Some(signature) if key.verify(message, &signature) => Ok(()),
        Some(_) => fail(
            Status::SignatureInvalid,
            format!(
                "The signature does not match these {} bytes under this key.",
                message.len()
            ),
        ),
        None => fail(
            Status::SignatureInvalid,
            "The signature is not base64, so it cannot match.",
        ),
    }
}

pub fn aead_decrypt(
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    ciphertext: &str,
) -> Result<Zeroizing<Vec<u8>>> {
    match base64::decode_long(ciphertext)? {
        Some(ciphertext) => aead::decrypt(key, nonce, aad, &ciphertext),
        None => fail(Status::DecryptFailed, "The ciphertext is not base64."),
    }
}

pub fn oaep_encrypt(key: &Material, plaintext: &[u8]) -> Result<String> {
    Ok(base64::encode(&public(key).encrypt_oaep(plaintext)?))
}

pub fn oaep_decrypt(key: &Material, ciphertext: &str) -> Result<Zeroizing<Vec<u8>>> {
    match base64::decode(ciphertext) {
        Some(ciphertext) => private(key)?.decrypt_oaep(&ciphertext),
        None => fail(Status::DecryptFailed, "The ciphertext is not base64."),
    }
}

pub fn matches_certificate(key: &Material, certificate: &[u8]) -> Result<()> {
    let certificates = read_certificates("cert", certificate)?;
    let Some(first) = certificates.first() else {
        return fail(Status::KeyFormat, "cert holds no certificate.");
    };
    if public(key).same_key(&first.public) {
        return Ok(());
    }
    fail(
        Status::KeyCertMismatch,
        format!(
            "The key does not belong to the certificate {} ({}).",
            first.serial,
            readable(&first.subject)
        ),
    )
}

fn private(key: &Material) -> Result<&PrivateKey> {
    match key {
        Material::Private(key) => Ok(key),
        Material::Public(_) => fail(
            Status::WrongKeyRole,
            "A private key is needed; this is a public key.",
        ),
        Material::Certificate(_) => fail(
            Status::WrongKeyRole,
            "A private key is needed; this is a certificate.",
        ),
    }
}

fn public(key: &Material) -> &PublicKey {
    match key {
        Material::Private(key) => key.public(),
        Material::Public(key) => key,
        Material::Certificate(certificate) => {
            let certificate: &Certificate = certificate;
            &certificate.public
        }
    }
}
