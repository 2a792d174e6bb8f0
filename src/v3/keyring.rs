//! WeChat Pay's keys by opaque id: public keys `PUB_KEY_ID_…` and platform certificates together,
//! one chosen per message. Only keys of WeChat Pay can enter (safety.md S20); downloaded
//! certificates replace each other as a whole and never a configured key (S11).

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::error::{Error, Result, Status, fail};
use crate::http::headers::shown;
use crate::key::{Certificate, PublicKey, serial};
use crate::time::rfc3339;

/// Seconds by which a certificate's validity is widened for verifying (S11 (5)).
const VALIDITY_TOLERANCE_S: i64 = 300;

/// How a key came to be trusted; shown by `client_info`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Configured,
    /// Decrypted with the APIv3 key on an empty ring.
    DownloadedFirst,
    /// And the answer was signed by a key that was known before.
    DownloadedSignedBy(String),
}

#[derive(Clone, Debug)]
pub struct WeChatKey {
    /// As it is sent in `Wechatpay-Serial`.
    pub id: String,
    pub key: PublicKey,
    /// Unix seconds, for platform certificates; public keys do not expire.
    pub validity: Option<(i64, i64)>,
    pub origin: Origin,
    /// DER of a platform certificate, for tools that keep it.
    pub certificate: Option<Arc<[u8]>>,
    /// `id` in the form ids are compared in.
    lookup: String,
}

impl WeChatKey {
    pub fn public_key(id: &str, key: PublicKey) -> WeChatKey {
        WeChatKey {
            id: id.to_owned(),
            key,
            validity: None,
            origin: Origin::Configured,
            certificate: None,
            lookup: serial::key(id),
        }
    }

    pub fn certificate(certificate: &Certificate, origin: Origin) -> WeChatKey {
        WeChatKey {
            id: certificate.serial.clone(),
            key: certificate.public.clone(),
            validity: Some((certificate.not_before, certificate.not_after)),
            origin,
            certificate: Some(certificate.der.as_slice().into()),
            lookup: serial::key(&certificate.serial),
        }
    }

    /// May messages of the time `now` be verified with it?
    fn check_verifies_at(&self, now: i64) -> Result<()> {
        match self.validity {
            Some((_, not_after)) if now > not_after + VALIDITY_TOLERANCE_S => fail(
                Status::SerialUnknown,
                format!(
                    "The platform certificate {} expired on {}.",
                    self.id,
                    rfc3339(not_after)
                ),
            ),
            Some((not_before, _)) if now < not_before - VALIDITY_TOLERANCE_S => fail(
                Status::SerialUnknown,
                format!(
                    "The platform certificate {} is valid only from {}.",
                    self.id,
                    rfc3339(not_before)
                ),
            ),
            _ => Ok(()),
        }
    }

    fn encrypts_at(&self, now: i64) -> bool {
        self.validity
            .is_none_or(|(from, to)| (from..=to).contains(&now))
    }
}

/// An immutable set; readers hold it by `Arc` while another takes its place.
#[derive(Debug, Default)]
pub struct KeySet {
    pub keys: Vec<Arc<WeChatKey>>,
    /// Where in `keys` the first of that `lookup` is.
    places: HashMap<String, usize>,
}

impl KeySet {
    pub fn new(keys: Vec<Arc<WeChatKey>>) -> KeySet {
        let mut places = HashMap::with_capacity(keys.len());
        for (place, key) in keys.iter().enumerate() {
            places.entry(key.lookup.clone()).or_insert(place);
        }
        KeySet { keys, places }
    }

    fn find(&self, id: &str) -> Option<&Arc<WeChatKey>> {
        self.keys.get(*self.places.get(&serial::key(id))?)
    }

    /// The key that a message names; SERIAL_UNKNOWN names it and what there is.
    pub fn verifier(&self, id: &str, now: i64) -> Result<&Arc<WeChatKey>> {
        let Some(key) = self.find(id) else {
            return Err(self.unknown(id));
        };
        key.check_verifies_at(now)?;
        Ok(key)
    }

    fn unknown(&self, id: &str) -> Error {
        let known = if self.keys.is_empty() {
            "none is known yet".to_owned()
        } else {
            let ids: Vec<&str> = self
                .keys
                .iter()
                .take(8)
                .map(|key| key.id.as_str())
                .collect();
            format!("known: {}", ids.join(", "))
        };
        let cure = if id.starts_with("PUB_KEY_ID_") {
            "Download this WeChat Pay public key from the merchant platform (API security) and set public_key_id and public_key."
        } else {
            "Refresh the platform certificates (wxpay_client_refresh_certificates), or configure the certificate of this serial."
        };
        Error::new(
            Status::SerialUnknown,
            format!("No key has the id \"{}\"; {known}.", shown(id)),
        )
        .hint(cure)
    }

    /// The key named, or the one to ask for: the first public key, else the newest certificate
    /// that is valid now. Sensitive fields are encrypted with it and answers are asked for with it.
    pub fn preferred(&self, id: &str, now: i64) -> Result<&Arc<WeChatKey>> {
        if !id.is_empty() {
            let key = self.find(id).ok_or_else(|| self.unknown(id))?;
            if !key.encrypts_at(now) {
                return fail(
                    Status::SerialUnknown,
                    format!("The platform certificate {} is not valid now.", key.id),
                );
            }
            return Ok(key);
        }
        let valid = || self.keys.iter().filter(|key| key.encrypts_at(now));
        valid()
            .find(|key| key.validity.is_none())
            .or_else(|| valid().max_by_key(|key| key.validity))
            .ok_or_else(|| {
                Error::new(
                    Status::CertificatesUnavailable,
                    "No WeChat Pay key is known that is valid now, so no answer could be verified.",
                )
                .hint("Set public_key_id and public_key (merchant platform, API security); with auto_certificates call wxpay_client_refresh_certificates first.")
            })
    }
}

/// The set in use, read without a lock so that a forked child never waits for one.
#[derive(Debug)]
pub struct Ring(ArcSwap<KeySet>);

impl Ring {
    /// Two ids that compare alike are a mistake in the configuration (S20).
    pub fn new(keys: Vec<WeChatKey>) -> Result<Ring> {
        let set = KeySet::new(keys.into_iter().map(Arc::new).collect());
        for key in &set.keys {
            if let Some(twin) = set.find(&key.id).filter(|twin| !Arc::ptr_eq(twin, key)) {
                return fail(
                    Status::ConfigConflict,
                    format!(
                        "Two WeChat Pay keys have the id {} ({} and {}).",
                        key.id, twin.id, key.id
                    ),
                )
                .map_err(|error| error.hint("Remove one of them."));
            }
        }
        Ok(Ring(ArcSwap::from_pointee(set)))
    }

    pub fn keys(&self) -> arc_swap::Guard<Arc<KeySet>> {
        self.0.load()
    }

    /// To be kept while a replacement is made for it.
    pub fn snapshot(&self) -> Arc<KeySet> {
        self.0.load_full()
    }

    /// Puts a new downloaded set in place of that of `seen`, in one step; false when `seen` is no
    /// longer the set in use.
    pub fn replace_downloaded(&self, seen: &Arc<KeySet>, downloaded: Vec<WeChatKey>) -> bool {
        let configured = seen
            .keys
            .iter()
            .filter(|key| key.origin == Origin::Configured)
            .cloned();
        let next = KeySet::new(
            configured
                .chain(downloaded.into_iter().map(Arc::new))
                .collect(),
        );
        let before = self.0.compare_and_swap(seen, Arc::new(next));
        Arc::ptr_eq(&before, seen)
    }
}
