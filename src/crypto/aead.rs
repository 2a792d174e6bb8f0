//! AEAD_AES_256_GCM as WeChat Pay uses it (protocol.md §1.9): a 32-byte key, a 12-byte nonce, the
//! 16-byte tag at the end of the ciphertext. Other lengths exist in the world and in other SDKs'
//! vectors; real traffic has only these.

use aes_gcm::aead::{AeadInPlace, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};

use crate::error::{Error, Result, Status};
use crate::memory;
use crate::secret::Zeroizing;

pub const KEY_LEN: usize = 32;
pub const NONCE_LEN: usize = 12;
pub const TAG_LEN: usize = 16;

/// All raw bytes; `aad` may be empty. INVALID_ARGUMENT for a key or nonce of another length,
/// DECRYPT_FAILED with one text for everything that is wrong with the ciphertext: which part of it
/// was wrong is nobody's business.
pub fn decrypt(
    key: &[u8],
    nonce: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    if nonce.len() != NONCE_LEN {
        return Err(length("nonce", NONCE_LEN, nonce.len())
            .hint("Pass the nonce of the message as it came; it is not base64."));
    }
    let cipher = Aes256Gcm::new_from_slice(key).map_err(|_| {
        length("the AES-256-GCM key", KEY_LEN, key.len()).hint(
            "The key is the 32 characters of the APIv3 key themselves, neither hex nor base64.",
        )
    })?;
    let body_len = ciphertext.len().checked_sub(TAG_LEN).ok_or_else(refused)?;
    let (body, tag) = ciphertext.split_at(body_len);
    let mut plaintext = Zeroizing::new(memory::copied(body)?);
    cipher
        .decrypt_in_place_detached(
            Nonce::from_slice(nonce),
            aad,
            &mut plaintext,
            Tag::from_slice(tag),
        )
        .map_err(|_| refused())?;
    crate::panic::strike!("with a resource open");
    Ok(plaintext)
}

fn length(what: &str, want: usize, got: usize) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("{what} must be {want} bytes, got {got}."),
    )
}

fn refused() -> Error {
    Error::new(
        Status::DecryptFailed,
        "the ciphertext does not open with this key, nonce and associated_data.",
    )
    .hint("The APIv3 key is wrong, was reset, or belongs to another merchant; or the text was changed on its way.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::digest;

    fn unhex(text: &str) -> Vec<u8> {
        digest::unhex(text).unwrap()
    }

    /// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13 to 16.
    #[test]
    fn the_aes_256_cases_of_mcgrew_and_viega_open() {
        const KEY: &str = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
        const NONCE: &str = "cafebabefacedbaddecaf888";
        const PLAIN: &str = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
        const CIPHER: &str = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";
        let zero_key = "00".repeat(32);
        let zero_nonce = "00".repeat(12);
        let cases = [
            (
                "13",
                &*zero_key,
                &*zero_nonce,
                "",
                "",
                "",
                "530f8afbc74536b9a963b4f1c4cb738b",
            ),
            (
                "14",
                &zero_key,
                &zero_nonce,
                "",
                "00000000000000000000000000000000",
                "cea7403d4d606b6e074ec5d3baf39d18",
                "d0d1c8a799996bf0265b98b5d48ab919",
            ),
            (
                "15",
                KEY,
                NONCE,
                "",
                PLAIN,
                CIPHER,
                "b094dac5d93471bdec1a502270e3cc6c",
            ),
            (
                "16",
                KEY,
                NONCE,
                "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                &PLAIN[..120],
                &CIPHER[..120],
                "76fc6ece0f4e1768cddf8853bb2d551b",
            ),
        ];
        for (case, key, nonce, aad, plain, cipher, tag) in cases {
            let opened = decrypt(
                &unhex(key),
                &unhex(nonce),
                &unhex(aad),
                &unhex(&format!("{cipher}{tag}")),
            );
            assert_eq!(**opened.as_ref().unwrap(), unhex(plain), "test case {case}");
        }
    }

    /// AWS-LC seals, we open: two implementations that share no code.
    #[test]
    fn what_aws_lc_seals_opens_and_no_flipped_bit_does() {
        use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
        let key = *b"0123456789abcdef0123456789ABCDEF";
        let nonce = *b"fdasflkja484";
        let sealing = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap());
        for (aad, plain) in [
            (&b"certificate"[..], &b"{\"a\":1}"[..]),
            (b"", b""),
            (b"", b"x"),
        ] {
            let mut sealed = plain.to_vec();
            sealing
                .seal_in_place_append_tag(
                    Nonce::assume_unique_for_key(nonce),
                    Aad::from(aad),
                    &mut sealed,
                )
                .unwrap();
            assert_eq!(**decrypt(&key, &nonce, aad, &sealed).unwrap(), *plain);

            let mut texts = std::collections::BTreeSet::new();
            let mut refuse = |key: &[u8], nonce: &[u8], aad: &[u8], sealed: &[u8], what: &str| {
                let error = decrypt(key, nonce, aad, sealed).expect_err(what);
                assert_eq!(error.status(), Status::DecryptFailed, "{what}");
                texts.insert(error.to_string());
            };
            for bit in 0..sealed.len() * 8 {
                let mut changed = sealed.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                refuse(
                    &key,
                    &nonce,
                    aad,
                    &changed,
                    &format!("ciphertext bit {bit}"),
                );
            }
            for bit in 0..96 {
                let mut changed = nonce;
                changed[bit / 8] ^= 1 << (bit % 8);
                refuse(&key, &changed, aad, &sealed, &format!("nonce bit {bit}"));
            }
            let mut changed = key;
            changed[31] ^= 0x80;
            refuse(&changed, &nonce, aad, &sealed, "key");
            refuse(&key, &nonce, b"other", &sealed, "associated data");
            for len in 0..sealed.len() {
                refuse(&key, &nonce, aad, &sealed[..len], &format!("cut to {len}"));
            }
            assert_eq!(texts.len(), 1, "one text for every failure: {texts:?}");
        }
    }

    #[test]
    fn only_32_byte_keys_and_12_byte_nonces_are_taken() {
        for len in (0..=64).filter(|len| *len != KEY_LEN) {
            let error = decrypt(&vec![7; len], &[0; 12], b"", &[0; 16]).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument, "key of {len}");
            assert!(
                error.to_string().contains(&format!("got {len}.")),
                "{error}"
            );
        }
        for len in (0..=64).filter(|len| *len != NONCE_LEN) {
            let error = decrypt(&[7; 32], &vec![0; len], b"", &[0; 16]).unwrap_err();
            assert_eq!(error.status(), Status::InvalidArgument, "nonce of {len}");
            assert!(
                error.to_string().contains(&format!("got {len}.")),
                "{error}"
            );
        }
    }
}
