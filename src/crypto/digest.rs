//! SHA-256, SM3 and hex.

use sha2::{Digest, Sha256};
use sm3::Sm3;

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// GB/T 32905-2016: the digest that WeChat Pay wants of an invoice (protocol.md §1.11).
pub fn sm3(bytes: &[u8]) -> [u8; 32] {
    Sm3::digest(bytes).into()
}

/// Lower case, two digits a byte.
pub fn hex(bytes: &[u8]) -> String {
    spell(bytes, b"0123456789abcdef")
}

/// Upper case, two digits a byte: the form of certificate serials (protocol.md §3.2).
pub fn hex_upper(bytes: &[u8]) -> String {
    spell(bytes, b"0123456789ABCDEF")
}

/// Of either case; None for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}

fn spell(bytes: &[u8], digits: &[u8; 16]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(digits[usize::from(byte >> 4)]));
        text.push(char::from(digits[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4 examples as NIST prints them ("abc", empty, 448 bits).
    #[test]
    fn the_examples_of_fips_180_hold() {
        for (text, digest) in [
            (
                "abc",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (
                "",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
        ] {
            assert_eq!(hex(&sha256(text.as_bytes())), digest, "sha256 of {text:?}");
        }
    }

    /// GB/T 32905-2016, appendix A.1 and A.2.
    #[test]
    fn the_examples_of_gb_32905_hold() {
        for (text, digest) in [
            (
                "abc",
                "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
            ),
            (
                "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
                "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
            ),
        ] {
            assert_eq!(hex(&sm3(text.as_bytes())), digest, "sm3 of {text:?}");
        }
    }

    #[test]
    fn hex_keeps_leading_zeros() {
        assert_eq!(hex(&[0x00, 0x0a, 0xff]), "000aff");
        assert_eq!(hex_upper(&[0x00, 0x0a, 0xff]), "000AFF");
    }
}
