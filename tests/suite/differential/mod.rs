//! A second opinion on every operation of cryptography. The library computes RSA with AWS-LC, so
//! here it is asked against the `rsa` crate; it computes AES, GHASH, HMAC and digests with
//! RustCrypto, so there against AWS-LC or the openssl command. And the vectors of Wycheproof, which
//! are made to be got wrong.
//!
//! The inputs are drawn anew in every run. Its seed is printed; `WXPAY_SEED=N` draws them again.

mod aes;
mod digests;
mod rsa;
mod wycheproof;

use ::rsa::rand_core::{CryptoRng, Error, RngCore};

/// xoshiro256**, for inputs: nothing here is secret.
pub struct Random([u64; 4]);

impl Random {
    pub fn new(of: &str) -> Random {
        let seed = match std::env::var("WXPAY_SEED") {
            Ok(seed) => seed.parse().expect("WXPAY_SEED is a number"),
            Err(_) => std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64,
        };
        println!("{of}: WXPAY_SEED={seed}");
        let mut state = seed;
        Random([0; 4].map(|_: u64| {
            // splitmix64
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = state;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^ (word >> 31)
        }))
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next_u64() % end as u64) as usize
    }

    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.fill_bytes(&mut bytes);
        bytes
    }

    /// Another text of the same length.
    pub fn flipped(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        let at = self.below(bytes.len());
        changed[at] ^= 1 << self.below(8);
        changed
    }

    /// Lengths at which block ciphers, digests and buffers turn a corner, and some between them.
    pub fn lengths(&mut self, between: usize) -> Vec<usize> {
        const EDGES: [usize; 26] = [
            0, 1, 15, 16, 17, 31, 32, 33, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 255, 256,
            4095, 4096, 4097, 65_535, 65_536, 16_384,
        ];
        let mut lengths = EDGES.to_vec();
        lengths.extend((0..between).map(|_| self.below(65_537)));
        lengths
    }
}

impl RngCore for Random {
    fn next_u32(&mut self) -> u32 {
        self.next_u64() as u32
    }

    fn next_u64(&mut self) -> u64 {
        let state = &mut self.0;
        let drawn = state[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let kept = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= kept;
        state[3] = state[3].rotate_left(45);
        drawn
    }

    fn fill_bytes(&mut self, into: &mut [u8]) {
        for part in into.chunks_mut(8) {
            let word = self.next_u64().to_le_bytes();
            part.copy_from_slice(&word[..part.len()]);
        }
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(into);
        Ok(())
    }
}

/// The `rsa` crate asks for it; the padding of a test may be guessed.
impl CryptoRng for Random {}
