//! An RSA public key: verifying (protocol.md §1.5) and OAEP encryption (§1.10).

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest;
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use pkcs8::{Document, EncodePublicKey};
use rsa::RsaPublicKey;
use rsa::traits::PublicKeyParts;

use super::published::PUBLISHED;
use super::{MAX_BITS, MIN_BITS};
use crate::crypto::digest::{hex, sha256};
use crate::error::{Error, Result, Status};
use crate::sys::{Stamped, fork_gate};

/// OAEP with SHA-1 takes two hashes and two bytes of each block (RFC 8017 §7.1.1).
const OAEP_OVERHEAD: usize = 2 * 20 + 2;

/// Cheap to clone.
#[derive(Clone)]
pub struct PublicKey(Arc<Inner>);

struct Inner {
    /// Encoded anew from modulus and exponent, so that equal keys have equal bytes whatever form
    /// they were read from.
    spki: Document,
    fingerprint: String,
    bits: usize,
    /// AWS-LC keeps a lock in every RSA key: a forked child builds its own (see `private`).
    verifying: Stamped<Option<ParsedPublicKey>>,
    encrypting: Stamped<Option<OaepPublicEncryptingKey>>,
}

impl PublicKey {
    pub(super) fn new(name: &str, key: &RsaPublicKey) -> Result<PublicKey> {
        let bits = key.n().bits();
        check_bits(name, bits)?;
        let spki = key.to_public_key_der().map_err(|_| unusable(name))?;
        let key = PublicKey(Arc::new(Inner {
            fingerprint: hex(&sha256(spki.as_bytes())),
            spki,
            bits,
            verifying: Stamped::new(),
            encrypting: Stamped::new(),
        }));
        // Now and not at first use: AWS-LC checks the numbers while it reads them.
        let _inside = fork_gate::enter();
        match key.0.verifying() {
            Some(_) => Ok(key),
            None => Err(unusable(name)),
        }
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 over `message`; `signature` is raw bytes. Works in a forked
    /// child.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verify_pieces(&[message], signature)
    }

    /// The same over a message that lies in pieces.
    #[must_use]
    pub fn verify_pieces(&self, message: &[&[u8]], signature: &[u8]) -> bool {
        let _inside = fork_gate::enter();
        let Some(key) = self.0.verifying() else {
            return false;
        };
        let mut hash = digest::Context::new(&digest::SHA256);
        for piece in message {
            hash.update(piece);
        }
        key.verify_digest_sig(&hash.finish(), signature).is_ok()
    }

    /// RSAES-OAEP with SHA-1 and MGF1-SHA-1, empty label; raw bytes in and out. ENCRYPT_TOO_LONG
    /// over 214 bytes for a 2048-bit key. Works in a forked child.
    pub fn encrypt_oaep(&self, plaintext: &[u8]) -> Result<Vec<u8>> {
        let block = self.0.bits.div_ceil(8);
        let limit = block - OAEP_OVERHEAD;
        if plaintext.len() > limit {
            return Err(Error::new(
                Status::EncryptTooLong,
                format!(
                    "the text has {} bytes in UTF-8; this {}-bit key encrypts at most {limit}.",
                    plaintext.len(),
                    self.0.bits
                ),
            )
            .hint("Shorten the value; a Chinese character takes three bytes."));
        }
        let mut ciphertext = vec![0; block];
        let _inside = fork_gate::enter();
        let key = self.0.encrypting().ok_or_else(broken)?;
        key.encrypt(&OAEP_SHA1_MGF1SHA1, plaintext, &mut ciphertext, None)
            .map_err(|_| broken())?;
        Ok(ciphertext)
    }

    /// Modulus and exponent are equal.
    #[must_use]
    pub fn same_key(&self, other: &PublicKey) -> bool {
        self.0.spki.as_bytes() == other.0.spki.as_bytes()
    }

    /// SHA-256 of the SubjectPublicKeyInfo in DER, lower-case hex: what
    /// `openssl pkey -pubin -outform DER | sha256sum` prints.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    /// A key of the conformance vectors: everybody has its private half (safety.md S13).
    #[must_use]
    pub fn is_published(&self) -> bool {
        PUBLISHED.contains(&self.fingerprint())
    }

    /// SubjectPublicKeyInfo, DER.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        self.0.spki.as_bytes()
    }

    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.bits
    }
}

impl Inner {
    fn verifying(&self) -> Option<&ParsedPublicKey> {
        let build = || ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.spki.as_bytes()).ok();
        self.verifying.get_or_init(build).as_ref()
    }

    /// Built when it is first needed: most keys only verify.
    fn encrypting(&self) -> Option<&OaepPublicEncryptingKey> {
        let build = || {
            let key = PublicEncryptingKey::from_der(self.spki.as_bytes()).ok()?;
            OaepPublicEncryptingKey::new(key).ok()
        };
        self.encrypting.get_or_init(build).as_ref()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<RSA-{} public key {}>", self.0.bits, self.0.fingerprint)
    }
}

pub(super) fn check_bits(name: &str, bits: usize) -> Result<()> {
    if bits < MIN_BITS {
        return Err(Error::new(
            Status::KeyFormat,
            format!("{name} is an RSA key of {bits} bits; WeChat Pay uses {MIN_BITS}."),
        )
        .hint("Apply for a new API certificate on the merchant platform; keys this short can be broken."));
    }
    if bits > MAX_BITS {
        return Err(Error::new(
            Status::KeyFormat,
            format!(
                "{name} is an RSA key of {bits} bits; at most {MAX_BITS} are supported, WeChat Pay uses {MIN_BITS}."
            ),
        ));
    }
    Ok(())
}

pub(super) fn unusable(name: &str) -> Error {
    Error::new(
        Status::KeyFormat,
        format!(
            "{name} is an RSA public key whose numbers cannot be right (even modulus, or an exponent that is even or too large)."
        ),
    )
}

/// For a key that was usable when it was read.
fn broken() -> Error {
    Error::new(
        Status::Internal,
        "a public key that was read could not be used.",
    )
}
