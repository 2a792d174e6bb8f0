//! Nonces and boundaries straight from the operating system: no generator of our own that a fork could copy.

use crate::crypto::digest;
use crate::error::{Error, Result, Status};

/// 32 characters of `[0-9A-Z]`-like base32: 160 random bits, no bias, no rejection loop.
pub fn nonce() -> Result<String> {
    /// 32 symbols, so that five bits pick one exactly.
    const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    Ok(random::<32>()?
        .iter()
        .map(|byte| char::from(SYMBOLS[usize::from(byte & 31)]))
        .collect())
}

/// 32 hex digits: 128 random bits that no file can have been made for (safety.md S22).
pub fn boundary() -> Result<String> {
    random::<16>().map(|bytes| digest::hex(&bytes))
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::new(
            Status::SignFailed,
            format!("The operating system gave no random bytes: {error}."),
        )
        .hint("Allow the getrandom system call, or mount /dev/urandom, in this container.")
    })?;
    Ok(bytes)
}
