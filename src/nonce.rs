//! Nonces straight from the operating system: no generator of our own that a fork could copy.

use crate::error::{Error, Result, Status};

/// 32 characters of `[0-9A-Z]`-like base32: 160 random bits, no bias, no rejection loop.
pub fn nonce() -> Result<String> {
    /// 32 symbols, so that five bits pick one exactly.
    const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(|error| {
        Error::new(
            Status::SignFailed,
            format!("The operating system gave no random bytes: {error}."),
        )
        .hint("Allow the getrandom system call, or mount /dev/urandom, in this container.")
    })?;
    Ok(random
        .iter()
        .map(|byte| char::from(SYMBOLS[usize::from(byte & 31)]))
        .collect())
}
