//! Digests of files that come in pieces: SHA-1, SHA-256 and SM3, as WeChat Pay names them.

use sha1::Sha1;
use sha2::{Digest, Sha256};
use sm3::Sm3;

#[derive(Clone)]
pub enum Hasher {
    Sha1(Sha1),
    Sha256(Sha256),
    Sm3(Sm3),
}

impl Hasher {
    /// By WeChat Pay's name for it, in any case.
    pub fn named(name: &str) -> Option<Hasher> {
        match name.to_ascii_uppercase().as_str() {
            "SHA1" => Some(Hasher::Sha1(Sha1::new())),
            "SHA256" => Some(Hasher::Sha256(Sha256::new())),
            "SM3" => Some(Hasher::Sm3(Sm3::new())),
            _ => None,
        }
    }

    pub fn name(&self) -> &'static str {
        match self {
            Hasher::Sha1(_) => "SHA1",
            Hasher::Sha256(_) => "SHA256",
            Hasher::Sm3(_) => "SM3",
        }
    }

    /// Of the digest, in bytes.
    pub fn digest_len(&self) -> usize {
        match self {
            Hasher::Sha1(_) => 20,
            Hasher::Sha256(_) | Hasher::Sm3(_) => 32,
        }
    }

    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Hasher::Sha1(hasher) => hasher.update(bytes),
            Hasher::Sha256(hasher) => hasher.update(bytes),
            Hasher::Sm3(hasher) => hasher.update(bytes),
        }
    }

    pub fn finish(self) -> Vec<u8> {
        match self {
            Hasher::Sha1(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha256(hasher) => hasher.finalize().to_vec(),
            Hasher::Sm3(hasher) => hasher.finalize().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::digest::hex;

    /// "abc": FIPS 180-4 (SHA-1, SHA-256) and GB/T 32905-2016, A.1 (SM3).
    #[test]
    fn the_printed_digests_of_abc_come_out_in_one_piece_and_in_three() {
        for (name, want) in [
            ("SHA1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "sha256",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (
                "Sm3",
                "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
            ),
        ] {
            for pieces in [&["abc"][..], &["a", "", "b", "c"]] {
                let mut hasher = Hasher::named(name).unwrap();
                assert_eq!(hasher.digest_len() * 2, want.len(), "{name}");
                for piece in pieces {
                    hasher.update(piece.as_bytes());
                }
                assert_eq!(hex(&hasher.finish()), want, "{name}");
            }
        }
        for other in ["MD5", "SHA-1", "", "SHA512"] {
            assert!(Hasher::named(other).is_none(), "{other}");
        }
    }
}
