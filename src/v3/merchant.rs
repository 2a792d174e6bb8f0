//! What the protocol knows about one merchant: who signs with which key, whose signatures are
//! believed, and where requests may go. Immutable but for the key ring.

use super::keyring::Ring;
use crate::crypto::aead;
use crate::error::{Error, Result, Status, fail};
use crate::http::{Origin, Url, V2SignType, is_wechat_pay_host};
use crate::key::{Certificate, PrivateKey, PublicKey};
use crate::secret::{Secret, Zeroizing};

#[derive(Debug)]
pub struct Merchant {
    pub mchid: String,
    pub brand_id: String,
    /// Of the merchant's (or brand's) API certificate, as it is sent.
    pub serial: String,
    /// Absent with `external_signer`.
    pub private_key: Option<PrivateKey>,
    pub certificate: Option<Certificate>,
    /// Tried in order: during a rotation there are two.
    pub api_v3_keys: Vec<Secret>,
    /// The first signs, each verifies.
    pub api_v2_keys: Vec<Secret>,
    /// Of API v2, where a call does not say (safety.md S26).
    pub api_v2_sign_type: V2SignType,
    pub ring: Ring,
    pub clock_tolerance_s: i64,
    pub user_agent: String,
    pub accept_language: String,
    pub base: Origin,
    /// Where a request goes that could not be sent to `base`.
    pub backup: Option<Origin>,
}

/// Certificates that the local simulator made say so; anybody may have their keys (S13).
pub fn is_simulators(subject: &str) -> bool {
    subject.contains("libwxpay simulator")
}

impl Merchant {
    pub fn private_key(&self) -> Result<&PrivateKey> {
        self.private_key.as_ref().ok_or_else(|| {
            Error::new(Status::ConfigIncomplete, "This client has no private key (external_signer).")
                .hint("Sign outside: wxpay_client_prepare_unsigned and wxpay_message_attach_signature, or wxpay_pay_unsigned and wxpay_pay_attach.")
        })
    }

    /// No request leaves this machine: neither by the base nor by the backup.
    pub fn is_local(&self) -> bool {
        self.base.is_loopback() && self.backup.as_ref().is_none_or(Origin::is_loopback)
    }

    /// Made by the local simulator or of the conformance vectors: for loopback addresses only.
    pub fn is_simulation(&self) -> bool {
        let published = |key: &PublicKey| key.is_published();
        self.mchid.starts_with("SIM")
            || self.brand_id.starts_with("SIM")
            || self
                .private_key
                .as_ref()
                .is_some_and(|key| published(key.public()))
            || self
                .certificate
                .as_ref()
                .is_some_and(|own| is_simulators(&own.subject) || published(&own.public))
            || self
                .ring
                .keys()
                .keys
                .iter()
                .any(|key| key.id.starts_with("PUB_KEY_ID_SIM") || published(&key.key))
    }

    /// Brands are answered with the public key only, and without the APIv3 key no certificate can
    /// be decrypted (S11).
    pub fn may_have_certificates(&self) -> Result<()> {
        if !self.brand_id.is_empty() {
            return fail(
                Status::InvalidState,
                "brand_id is set; brands have no platform certificates.",
            )
            .map_err(|error| error.hint("Set public_key_id and public_key."));
        }
        if self.api_v3_keys.is_empty() {
            return fail(
                Status::ConfigIncomplete,
                "api_v3_key is not set; platform certificates are encrypted with it.",
            );
        }
        Ok(())
    }

    /// Opens what WeChat Pay encrypted with the APIv3 key; during a rotation each key is tried.
    pub fn decrypt(
        &self,
        nonce: &[u8],
        aad: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let mut last = Error::new(
            Status::ConfigIncomplete,
            "api_v3_key is not set; WeChat Pay encrypts notifications and certificates with it.",
        )
        .hint("Set api_v3_key: the 32 characters set on the merchant platform (API security).");
        for key in &self.api_v3_keys {
            match aead::decrypt(key.bytes(), nonce, aad, ciphertext) {
                Ok(plaintext) => return Ok(plaintext),
                // A second try would not find more, and what it said would be of the key.
                Err(error) if error.status() == Status::OutOfMemory => return Err(error),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// The absolute URL of a request, refused unless its origin is the base URL's, the
    /// backup URL's or one of WeChat Pay's own hosts (safety.md S4).
    pub fn url(&self, url: &str) -> Result<Url> {
        let url = Url::resolve(&self.base, url)?;
        let origin = &url.origin;
        let known = origin.https && origin.port == 443 && is_wechat_pay_host(&origin.host);
        if *origin == self.base || Some(origin) == self.backup.as_ref() || known {
            return Ok(url);
        }
        fail(
            Status::UrlRefused,
            format!(
                "Requests are signed for {} and WeChat Pay's own hosts only, not for {origin}.",
                self.base
            ),
        )
    }
}
