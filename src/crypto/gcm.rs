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
