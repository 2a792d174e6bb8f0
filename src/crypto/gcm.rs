//! AES-256-GCM over a ciphertext too large for memory: it is gone through twice. The first time
//! checks the tag; only what comes out of that can decrypt (safety.md S15). NIST SP 800-38D.

use aes::Aes256;
use aes::cipher::{BlockEncrypt, InnerIvInit, KeyInit, StreamCipher};
use ctr::{Ctr32BE, CtrCore, flavors::Ctr32BE as Counter};
use ghash::GHash;
use ghash::universal_hash::UniversalHash;

use super::aead::{KEY_LEN, NONCE_LEN, TAG_LEN};
use crate::error::{Error, Result, Status};

/// As WeChat Pay's documents print it for bills; other AES-GCM of WeChat Pay has 12 bytes.
pub const LONG_NONCE_LEN: usize = 16;
const BLOCK: usize = 16;

/// The first pass.
pub struct Checking {
    ghash: GHash,
    counter: [u8; BLOCK],
    cipher: Aes256,
    aad_len: u64,
    len: u64,
    /// Less than a block that is not hashed yet.
    held: [u8; BLOCK],
    held_len: usize,
}

/// The second pass: exists only for a ciphertext whose tag was right.
pub struct Opening(Ctr32BE<Aes256>);

impl Checking {
    /// All raw bytes. INVALID_ARGUMENT for a key or nonce of another length.
    pub fn new(key: &[u8], nonce: &[u8], aad: &[u8]) -> Result<Checking> {
        let Ok(cipher) = Aes256::new_from_slice(key) else {
            return Err(length(
                "the AES-256-GCM key",
                &KEY_LEN.to_string(),
                key.len(),
            ));
        };
        let mut hash_key = ghash::Key::default();
        cipher.encrypt_block(&mut hash_key);
        let mut ghash = GHash::new(&hash_key);
        let counter = first_counter(&ghash, nonce)?;
        ghash.update_padded(aad);
        Ok(Checking {
            ghash,
            counter,
            cipher,
            aad_len: aad.len() as u64,
            len: 0,
            held: [0; BLOCK],
            held_len: 0,
        })
    }

    /// The next piece of the ciphertext, without the tag.
    pub fn update(&mut self, mut piece: &[u8]) {
        self.len += piece.len() as u64;
        if self.held_len > 0 {
            let taken = piece.len().min(BLOCK - self.held_len);
            self.held[self.held_len..self.held_len + taken].copy_from_slice(&piece[..taken]);
            self.held_len += taken;
            piece = &piece[taken..];
            if self.held_len < BLOCK {
                return;
            }
            self.ghash.update_padded(&self.held);
            self.held_len = 0;
        }
        let whole = piece.len() - piece.len() % BLOCK;
        self.ghash.update_padded(&piece[..whole]);
        let rest = &piece[whole..];
        self.held[..rest.len()].copy_from_slice(rest);
        self.held_len = rest.len();
    }

    /// DECRYPT_FAILED, with one text for whatever is wrong.
    pub fn finish(mut self, tag: &[u8; TAG_LEN]) -> Result<Opening> {
        self.ghash.update_padded(&self.held[..self.held_len]);
        let mut lengths = ghash::Block::default();
        lengths[..8].copy_from_slice(&(self.aad_len * 8).to_be_bytes());
        lengths[8..].copy_from_slice(&(self.len * 8).to_be_bytes());
        self.ghash.update(&[lengths]);
        let mut stream = Ctr32BE::<Aes256>::from_core(CtrCore::<Aes256, Counter>::inner_iv_init(
            self.cipher,
            &self.counter.into(),
        ));
        let mut want: [u8; TAG_LEN] = self.ghash.finalize().into();
        stream.apply_keystream(&mut want);
        // Every byte is looked at, so that time tells nothing.
        let differs = want.iter().zip(tag).fold(0, |all, (a, b)| all | (a ^ b));
        if differs == 0 {
            return Ok(Opening(stream));
        }
        Err(Error::new(
            Status::DecryptFailed,
            "The file does not open with the key and nonce of the bill answer.",
        )
        .hint("Pass encrypt_key and nonce as they came with this download_url. If they did, the file was changed on its way: fetch it again."))
    }
}

impl Opening {
    /// The next piece of the ciphertext, where it stands.
    pub fn decrypt(&mut self, piece: &mut [u8]) {
        self.0.apply_keystream(piece);
    }
}

/// SP 800-38D §7.1, step 2: a nonce of 96 bits is counted up from 1, any other is hashed first.
fn first_counter(ghash: &GHash, nonce: &[u8]) -> Result<[u8; BLOCK]> {
    let mut counter = [0; BLOCK];
    match nonce.len() {
        NONCE_LEN => {
            counter[..NONCE_LEN].copy_from_slice(nonce);
            counter[BLOCK - 1] = 1;
        }
        LONG_NONCE_LEN => {
            let mut hash = ghash.clone();
            hash.update_padded(nonce);
            let mut lengths = ghash::Block::default();
            lengths[8..].copy_from_slice(&(nonce.len() as u64 * 8).to_be_bytes());
            hash.update(&[lengths]);
            counter = hash.finalize().into();
        }
        other => return Err(length("nonce", "12 or 16", other)),
    }
    Ok(counter)
}

fn length(what: &str, want: &str, got: usize) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!("{what} must be {want} bytes, got {got}."),
    )
    .hint("Pass the bill answer as it came.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::digest;

    fn unhex(text: &str) -> Vec<u8> {
        digest::unhex(text).unwrap()
    }

    /// Both passes, in pieces of that size; `sealed` ends with the tag.
    fn opened(
        key: &[u8],
        nonce: &[u8],
        aad: &[u8],
        sealed: &[u8],
        piece: usize,
    ) -> Result<Vec<u8>> {
        let (ciphertext, tag) = sealed.split_at(sealed.len() - TAG_LEN);
        let mut checking = Checking::new(key, nonce, aad)?;
        for part in ciphertext.chunks(piece) {
            checking.update(part);
        }
        let mut opening = checking.finish(tag.try_into().unwrap())?;
        let mut plain = ciphertext.to_vec();
        for part in plain.chunks_mut(piece) {
            opening.decrypt(part);
        }
        Ok(plain)
    }

    const KEY: &[u8] = b"0f1e2d3c4b5a69788796a5b4c3d2e1f0";

    /// Made by Python's `cryptography` (OpenSSL): AESGCM(KEY).encrypt(nonce, plain, aad). The nonce
    /// is the one that the documents of sub-merchants' bills print, of 16 characters.
    #[test]
    fn what_openssl_sealed_under_a_nonce_of_16_bytes_opens_in_pieces_of_any_size() {
        let nonce = b"a8607ef79034c49c";
        let plain = "`2026-11-25,`0.01\n".repeat(5);
        let text = "1e9dc7e9f301dcba3e7f4c459b3fade0bec4e1eda8e4c982ebdbb263ea5dc933125b4597822fb4aaf07b8a5b7f74e6f0dcc1035be5e912681bcc271f16c9993004bc2e66d8ed784c10c4286fbe42b209cad1bcd647255a90e256";
        for (aad, tag) in [
            (&b""[..], "71ea06fc61e7febce0bbcee544d92bac"),
            (b"bill", "486f0b3b9383c3793388da7b95400cf7"),
        ] {
            let sealed = unhex(&format!("{text}{tag}"));
            for piece in [1, 3, 15, 16, 17, 32, 33, 1000] {
                let got = opened(KEY, nonce, aad, &sealed, piece).unwrap();
                assert_eq!(got, plain.as_bytes(), "pieces of {piece}");
            }
        }
    }

    /// By Python's `cryptography` as well. The nonce was solved for in GF(2^128), so that the first
    /// counter block is 00112233445566778899aabb fffffffe: behind ffffffff comes 00000000, and
    /// nothing is carried into the other 96 bits.
    #[test]
    fn the_counter_wraps_in_its_last_32_bits() {
        let nonce = unhex("5c5d566ec30523329b533422834d1688");
        let sealed = unhex(
            "b014fe27d31117f2761cb7b04dcf4580e19f7ecce4b66acdc21f4988885aae69427e7e996d5e6b02cf1853283699bbd3f22f78469faa6aac0f7bd7df0b6879cfbcb69de4218b8163c2b2e79cb7c9d353716f3b32dcc05a4cc3b19c0181b23939bcfcf7a1497e23e31742",
        );
        let plain = "`2026-11-25,`0.01\n".repeat(5);
        for piece in [1, 16, 1000] {
            let got = opened(KEY, &nonce, b"bill", &sealed, piece).unwrap();
            assert_eq!(got, plain.as_bytes(), "pieces of {piece}");
        }
    }

    /// AWS-LC seals, this opens, and no flipped bit does.
    #[test]
    fn what_aws_lc_seals_opens_and_no_flipped_bit_does() {
        use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
        let nonce = *b"fdasflkja484";
        let sealing = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, KEY).unwrap());
        for (aad, len) in [
            (&b"certificate"[..], 40),
            (b"", 0),
            (b"", 1),
            (b"", 16),
            (b"a", 50),
        ] {
            let plain: Vec<u8> = (0..len).collect();
            let mut sealed = plain.clone();
            sealing
                .seal_in_place_append_tag(
                    Nonce::assume_unique_for_key(nonce),
                    Aad::from(aad),
                    &mut sealed,
                )
                .unwrap();
            assert_eq!(opened(KEY, &nonce, aad, &sealed, 7).unwrap(), plain);
            let refused = |key: &[u8], nonce: &[u8], aad: &[u8], sealed: &[u8], what: &str| {
                let error = opened(key, nonce, aad, sealed, 7).expect_err(what);
                assert_eq!(error.status(), Status::DecryptFailed, "{what}");
            };
            for bit in 0..sealed.len() * 8 {
                let mut changed = sealed.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                refused(KEY, &nonce, aad, &changed, &format!("bit {bit}"));
            }
            refused(&[7; 32], &nonce, aad, &sealed, "key");
            refused(KEY, b"fdasflkja485", aad, &sealed, "nonce");
            refused(KEY, &nonce, b"other", &sealed, "associated data");
        }
    }

    #[test]
    fn keys_and_nonces_of_other_lengths_are_refused() {
        for len in (0..40).filter(|len| *len != KEY_LEN) {
            assert!(
                Checking::new(&vec![1; len], &[0; 12], b"").is_err(),
                "key of {len}"
            );
        }
        for len in (0..40).filter(|len| ![12, 16].contains(len)) {
            assert!(
                Checking::new(KEY, &vec![0; len], b"").is_err(),
                "nonce of {len}"
            );
        }
    }
}
