//! HMAC-SHA256 under a random key of this process: tells whether two secrets are equal without
//! keeping either, and means nothing to anybody else (safety.md S5).

use std::sync::OnceLock;

use aws_lc_rs::hmac;

use crate::error::{Error, Result, Status};
use crate::sys::fork_gate;

/// A digest that is built from parts; no part is kept.
pub struct Keyed(hmac::Context);

impl Keyed {
    pub fn new() -> Result<Keyed> {
        // Not a LazyLock: a child must never inherit it half made.
        static KEY: OnceLock<Option<hmac::Key>> = OnceLock::new();
        let key = fork_gate::once(&KEY, || {
            let mut random = [0_u8; 32];
            getrandom::fill(&mut random).ok()?;
            Some(hmac::Key::new(hmac::HMAC_SHA256, &random))
        });
        match key {
            Some(key) => {
                let _inside = fork_gate::enter();
                Ok(Keyed(hmac::Context::with_key(key)))
            }
            None => Err(Error::new(
                Status::Internal,
                "The operating system gave no random bytes.",
            )),
        }
    }

    /// One part behind its length, so that no two lists of parts read alike.
    pub fn part(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    pub fn finish(self) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.copy_from_slice(self.0.sign().as_ref());
        digest
    }
}
