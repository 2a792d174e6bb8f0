//! The simulator's own RSA and AES-GCM, straight from the `rsa`, `sha2` and `aes-gcm` crates: nothing here is shared with
//! the library, so that a mistake made there cannot be undone here (protocol.md §1.1, §1.9, §1.10).

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::rand_core::OsRng;
use rsa::{Oaep, Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// RSASSA-PKCS1-v1_5 with SHA-256, in base64.
pub fn sign(key: &RsaPrivateKey, message: &[u8]) -> Result<String, String> {
    key.sign_with_rng(
        &mut OsRng,
        Pkcs1v15Sign::new::<Sha256>(),
        &Sha256::digest(message),
    )
    .map(|signature| STANDARD.encode(signature))
    .map_err(|error| format!("cannot sign: {error}"))
}

/// Whether `signature` (base64) is `key`'s over `message`.
pub fn verifies(key: &RsaPublicKey, message: &[u8], signature: &str) -> bool {
    STANDARD.decode(signature).is_ok_and(|signature| {
        key.verify(
            Pkcs1v15Sign::new::<Sha256>(),
            &Sha256::digest(message),
            &signature,
        )
        .is_ok()
    })
}

/// AEAD_AES_256_GCM: base64 of ciphertext and tag.
pub fn encrypt(
    key: &[u8; 32],
    nonce: &[u8; 12],
    aad: &[u8],
    plaintext: &[u8],
) -> Result<String, String> {
    Aes256Gcm::new(key.into())
        .encrypt(
            Nonce::from_slice(nonce),
            Payload {
                msg: plaintext,
                aad,
            },
        )
        .map(|ciphertext| STANDARD.encode(ciphertext))
        .map_err(|_| "cannot encrypt: the message is too long".to_owned())
}

/// RSAES-OAEP with SHA-1, as in a sensitive field.
pub fn oaep_encrypt(key: &RsaPublicKey, plaintext: &[u8]) -> Result<String, String> {
    key.encrypt(&mut OsRng, Oaep::new::<Sha1>(), plaintext)
        .map(|ciphertext| STANDARD.encode(ciphertext))
        .map_err(|error| format!("cannot encrypt: {error}"))
}

pub fn oaep_decrypt(key: &RsaPrivateKey, ciphertext: &str) -> Result<Vec<u8>, String> {
    let ciphertext = STANDARD
        .decode(ciphertext)
        .map_err(|error| format!("not base64: {error}"))?;
    key.decrypt_blinded(&mut OsRng, Oaep::new::<Sha1>(), &ciphertext)
        .map_err(|error| format!("cannot decrypt: {error}"))
}
