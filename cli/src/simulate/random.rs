//! Random bytes and texts from the operating system.

use rsa::rand_core::{OsRng, RngCore};

const ALPHANUMERIC: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.fill_bytes(&mut bytes);
    bytes
}

/// `len` characters of `[0-9A-Za-z]`.
pub fn alphanumeric(len: usize) -> String {
    from_alphabet(ALPHANUMERIC, len)
}

pub fn digits(len: usize) -> String {
    from_alphabet(&ALPHANUMERIC[..10], len)
}

pub fn hex(len: usize) -> String {
    from_alphabet(b"0123456789abcdef", len)
}

fn from_alphabet(alphabet: &[u8], len: usize) -> String {
    // Rejection keeps every character equally likely; 256 is no multiple of 62.
    let limit = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(len);
    while text.len() < len {
        let byte = usize::from(bytes::<1>()[0]);
        if byte < limit {
            text.push(char::from(alphabet[byte % alphabet.len()]));
        }
    }
    text
}
