//! The merchant's RSA private key: signing (protocol.md §1.1) and OAEP decryption (§1.10).
//!
//! Kept as zeroised DER, from which AWS-LC's objects are built once a process (design.md §8).
//! AWS-LC has a lock in every RSA key and blinding state in every private one. A child forked while
//! another thread computes with the same key inherits both as they were at that moment, and then
//! waits for ever or aborts. Whatever calls AWS-LC is inside the fork gate.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use pkcs8::{PrivateKeyInfo, SecretDocument};
use rsa::pkcs1;
use rsa::{BigUint, RsaPrivateKey};

use super::PublicKey;
use super::public::check_bits;
use crate::error::{Error, Result, Status};
use crate::secret::Zeroizing;
use crate::sys::{Stamped, fork_gate};

/// Cheap to clone; signs from any number of threads and in forked children.
#[derive(Clone)]
pub struct PrivateKey(Arc<Inner>);

struct Inner {
    pkcs8: SecretDocument,
    public: PublicKey,
    signing: Stamped<Option<RsaKeyPair>>,
    decrypting: Stamped<Option<OaepPrivateDecryptingKey>>,
}

impl PrivateKey {
    /// From an `RSAPrivateKey` (RFC 8017 A.1.2) in DER. The numbers are checked against each other
    /// twice: by the `rsa` crate, whose answer can be explained, and by AWS-LC, which also checks
    /// the CRT values it will sign with.
    pub(super) fn from_pkcs1(name: &str, der: &[u8]) -> Result<PrivateKey> {
        let numbers = pkcs1::RsaPrivateKey::try_from(der).map_err(|_| malformed(name))?;
        let modulus = BigUint::from_bytes_be(numbers.modulus.as_bytes());
        check_bits(name, modulus.bits())?;
        let checked = RsaPrivateKey::from_components(
            modulus,
            BigUint::from_bytes_be(numbers.public_exponent.as_bytes()),
            BigUint::from_bytes_be(numbers.private_exponent.as_bytes()),
            vec![
                BigUint::from_bytes_be(numbers.prime1.as_bytes()),
                BigUint::from_bytes_be(numbers.prime2.as_bytes()),
            ],
        )
        .map_err(|_| inconsistent(name))?;
        let public = PublicKey::new(name, checked.as_ref())?;
        let pkcs8 = SecretDocument::try_from(PrivateKeyInfo::new(pkcs1::ALGORITHM_ID, der))
            .map_err(|_| malformed(name))?;
        let key = PrivateKey(Arc::new(Inner {
            pkcs8,
            public,
            signing: Stamped::new(),
            decrypting: Stamped::new(),
        }));
        let _inside = fork_gate::enter();
        match key.0.signing() {
            Some(_) => Ok(key),
            None => Err(inconsistent(name)),
        }
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256; raw bytes of the modulus's length. SIGN_FAILED when AWS-LC
    /// cannot.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let mut signature = vec![0; self.signature_len()];
        self.sign_into(message, &mut signature)?;
        Ok(signature)
    }

    /// `sign` into a buffer of exactly [`Self::signature_len`] bytes.
    pub fn sign_into(&self, message: &[u8], signature: &mut [u8]) -> Result<()> {
        if signature.len() != self.signature_len() {
            return Err(sign_failed());
        }
        let _inside = fork_gate::enter();
        let key = self.0.signing().ok_or_else(sign_failed)?;
        crate::panic::strike!("with the private key at hand");
        key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, signature)
            .map_err(|_| sign_failed())
    }

    #[must_use]
    pub fn signature_len(&self) -> usize {
        self.bits().div_ceil(8)
    }

    /// RSAES-OAEP with SHA-1 and MGF1-SHA-1, empty label; raw bytes. DECRYPT_FAILED, with one text,
    /// for whatever is wrong: telling the reasons apart would make an oracle (requirements.md E3).
    pub fn decrypt_oaep(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let mut plaintext = Zeroizing::new(vec![0; self.signature_len()]);
        let _inside = fork_gate::enter();
        let key = self.0.decrypting().ok_or_else(decrypt_failed)?;
        let len = key
            .decrypt(&OAEP_SHA1_MGF1SHA1, ciphertext, &mut plaintext, None)
            .map_err(|_| decrypt_failed())?
            .len();
        plaintext.truncate(len);
        crate::panic::strike!("with a field open");
        Ok(plaintext)
    }

    /// PrivateKeyInfo in DER, for a TLS client key: a secret, which whoever copies it zeroises.
    #[must_use]
    pub fn pkcs8_der(&self) -> &[u8] {
        self.0.pkcs8.as_bytes()
    }

    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.0.public
    }

    #[must_use]
    pub fn bits(&self) -> usize {
        self.0.public.bits()
    }
}

impl Inner {
    fn signing(&self) -> Option<&RsaKeyPair> {
        let build = || RsaKeyPair::from_pkcs8(self.pkcs8.as_bytes()).ok();
        self.signing.get_or_init(build).as_ref()
    }

    /// Built when it is first needed: most merchants never decrypt a field.
    fn decrypting(&self) -> Option<&OaepPrivateDecryptingKey> {
        let build = || {
            let key = PrivateDecryptingKey::from_pkcs8(self.pkcs8.as_bytes()).ok()?;
            OaepPrivateDecryptingKey::new(key).ok()
        };
        self.decrypting.get_or_init(build).as_ref()
    }
}

impl fmt::Debug for PrivateKey {
    /// The fingerprint is the public half's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<RSA-{} private key of {}>",
            self.bits(),
            self.0.public.fingerprint()
        )
    }
}

fn sign_failed() -> Error {
    Error::new(Status::SignFailed, "signing with the private key failed.")
}

fn decrypt_failed() -> Error {
    Error::new(
        Status::DecryptFailed,
        "the ciphertext does not open with this private key.",
    )
    .hint("It must be encrypted for the merchant certificate of this key, with RSA-OAEP and SHA-1, and complete.")
}

fn malformed(name: &str) -> Error {
    Error::new(
        Status::KeyFormat,
        format!("{name} looks like an RSA private key, but its numbers cannot be read."),
    )
    .hint("The file is damaged: copy apiclient_key.pem again.")
}

fn inconsistent(name: &str) -> Error {
    Error::new(
        Status::KeyFormat,
        format!("{name} is an RSA private key whose numbers contradict each other (modulus, primes and exponents)."),
    )
    .hint("The file is damaged or edited: copy apiclient_key.pem again; `openssl rsa -check -noout` says more.")
}
