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
    encrypt_bytes(key, nonce, aad, plaintext).map(|ciphertext| STANDARD.encode(ciphertext))
}

/// The same for a file, which is not in base64.
pub fn encrypt_bytes(
    key: &[u8; 32],
    nonce: &[u8; 12],
    aad: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, String> {
    Aes256Gcm::new(key.into())
        .encrypt(
            Nonce::from_slice(nonce),
            Payload {
                msg: plaintext,
                aad,
            },
        )
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

#[cfg(test)]
mod tests {
    use super::*;

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len())
            .step_by(2)
            .filter_map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
            .collect()
    }

    /// Test case 16 of the GCM specification (McGrew and Viega, 2005). The signatures and OAEP are checked by the openssl
    /// command in tests/.
    #[test]
    fn encryption_agrees_with_the_specification() {
        let key = unhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
            .try_into()
            .expect("32 bytes");
        let nonce = unhex("cafebabefacedbaddecaf888")
            .try_into()
            .expect("12 bytes");
        let aad = unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let plaintext = unhex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        );
        let want = unhex(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
             8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662\
             76fc6ece0f4e1768cddf8853bb2d551b",
        );
        assert_eq!(want.len(), 76);
        assert_eq!(
            encrypt(&key, &nonce, &aad, &plaintext),
            Ok(STANDARD.encode(want))
        );
    }
}
