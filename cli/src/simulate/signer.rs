//! WeChat Pay's keys and the headers it signs answers and notifications with (protocol.md §1.5, §1.7), right or, when a
//! fault asks for it, wrong in one known way.

use super::identity::{Identity, Platform};
use super::{random, seal};
use rsa::RsaPrivateKey;
use serde_json::Value;
use std::sync::{Arc, PoisonError, RwLock};

/// How a signature is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoil {
    /// A signature that begins with `WECHATPAY/SIGNTEST/`
    Probe,
    /// One bit of the signature is wrong
    Signature,
    /// None of the four headers
    Headers,
    /// A serial that nobody has
    Serial,
    /// Signed this many seconds off the clock, by a server whose `Date` is off as well
    Skew(i64),
    /// The same with a right `Date`: an old answer that was kept and given again
    Stale(i64),
    /// Signed over another body than the one that comes
    OtherBody,
    /// Without one of the headers
    Without(&'static str),
    /// With one of them twice, and two values
    Twice(&'static str),
    /// Said to be SM2
    Sm2,
}

/// Which keys sign from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// A new platform certificate beside the old ones
    NewCertificate,
    /// The public key signs everything, whatever a request names: the end of the move to public keys
    ToPublicKey,
    /// The newest platform certificate signs everything but for brands
    ToCertificate,
    /// A new platform certificate, and the old ones are withdrawn
    Withdraw,
}

/// The names of the headers without `Wechatpay-`.
const PARTS: [(&str, &str); 5] = [
    ("timestamp", "Wechatpay-Timestamp"),
    ("nonce", "Wechatpay-Nonce"),
    ("signature", "Wechatpay-Signature"),
    ("serial", "Wechatpay-Serial"),
    ("type", "Wechatpay-Signature-Type"),
];

impl Spoil {
    pub fn parse(kind: &str) -> Option<Self> {
        match kind {
            "sign_probe" => Some(Self::Probe),
            "bad_signature" => Some(Self::Signature),
            "no_signature" => Some(Self::Headers),
            "wrong_serial" => Some(Self::Serial),
            "other_body" => Some(Self::OtherBody),
            "sm2" => Some(Self::Sm2),
            _ => {
                let (word, argument) = kind.split_once(':')?;
                let part = || {
                    PARTS
                        .iter()
                        .find(|(short, _)| *short == argument)
                        .map(|(_, name)| *name)
                };
                match word {
                    "skew" => argument.parse().ok().map(Self::Skew),
                    "stale" => argument.parse().ok().map(Self::Stale),
                    "drop_header" => part().map(Self::Without),
                    "duplicate_header" => part().map(Self::Twice),
                    _ => None,
                }
            }
        }
    }
}

const NOBODYS_SERIAL: &str = "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";

/// A key with the name it has in `Wechatpay-Serial`.
#[derive(Clone)]
pub struct Key {
    pub id: String,
    pub private: Arc<RsaPrivateKey>,
}

/// All keys WeChat Pay signs with now, and the platform certificates it hands out.
pub struct Signer {
    public_key: Key,
    platforms: RwLock<Vec<Arc<Platform>>>,
    /// Instead of the key that a request names
    always: RwLock<Option<Rotation>>,
}

impl Signer {
    pub fn new(identity: &Identity) -> Self {
        Self {
            public_key: Key {
                id: identity.public_key_id.clone(),
                private: identity.wechatpay_key.clone(),
            },
            platforms: RwLock::new(vec![identity.platform.clone()]),
            always: RwLock::new(None),
        }
    }

    /// The public key for a request that names it, and for every brand, which knows no certificates (protocol.md §1.2);
    /// the newest platform certificate for all others. The list of certificates is signed with the one that is named,
    /// because a merchant believes a new certificate only under one that he knows.
    pub fn for_request(&self, path: &str, wechatpay_serial: Option<&str>) -> Key {
        let always = *self.always.read().unwrap_or_else(PoisonError::into_inner);
        let named = wechatpay_serial == Some(self.public_key.id.as_str());
        if path.starts_with("/brand/") || always == Some(Rotation::ToPublicKey) {
            return self.public_key();
        }
        if always == Some(Rotation::ToCertificate) {
            return self.platform_key();
        }
        if named {
            return self.public_key();
        }
        let named = wechatpay_serial.filter(|_| path == "/v3/certificates");
        named
            .and_then(|serial| self.named(serial))
            .unwrap_or_else(|| self.platform_key())
    }

    /// The private key that `id` names, to decrypt what was encrypted for it.
    pub fn named(&self, id: &str) -> Option<Key> {
        if id == self.public_key.id {
            return Some(self.public_key());
        }
        self.platforms()
            .iter()
            .find(|platform| platform.serial.eq_ignore_ascii_case(id))
            .map(|platform| key_of(platform))
    }

    pub fn public_key(&self) -> Key {
        self.public_key.clone()
    }

    pub fn platform_key(&self) -> Key {
        // There is always one: the list starts with one, and what is withdrawn is replaced.
        self.platforms()
            .last()
            .map_or_else(|| self.public_key(), |platform| key_of(platform))
    }

    /// Oldest first.
    pub fn platforms(&self) -> Vec<Arc<Platform>> {
        self.platforms
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// `fresh` makes a platform certificate, where the rotation needs one.
    pub fn rotate(
        &self,
        rotation: Rotation,
        fresh: impl FnOnce() -> Result<Platform, String>,
    ) -> Result<(), String> {
        if matches!(rotation, Rotation::ToPublicKey | Rotation::ToCertificate) {
            *self.always.write().unwrap_or_else(PoisonError::into_inner) = Some(rotation);
            return Ok(());
        }
        let platform = Arc::new(fresh()?);
        let mut platforms = self
            .platforms
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if rotation == Rotation::Withdraw {
            platforms.clear();
        }
        platforms.push(platform);
        Ok(())
    }
}

fn key_of(platform: &Platform) -> Key {
    Key {
        id: platform.serial.clone(),
        private: platform.key.clone(),
    }
}

/// The `Wechatpay-*` headers over `body`, signed at `now`.
pub fn headers(
    key: &Key,
    now: i64,
    body: &[u8],
    spoil: Option<Spoil>,
) -> Result<Vec<(&'static str, String)>, String> {
    let timestamp = match spoil {
        Some(Spoil::Headers) => return Ok(Vec::new()),
        Some(Spoil::Skew(seconds) | Spoil::Stale(seconds)) => now.saturating_add(seconds),
        _ => now,
    };
    let nonce = random::alphanumeric(32);
    let mut message = format!("{timestamp}\n{nonce}\n").into_bytes();
    message.extend_from_slice(body);
    if spoil == Some(Spoil::OtherBody) {
        message.push(b' ');
    }
    message.push(b'\n');
    let mut signature = seal::sign(&key.private, &message)?;
    let mut serial = key.id.clone();
    match spoil {
        Some(Spoil::Probe) => signature.insert_str(0, "WECHATPAY/SIGNTEST/"),
        Some(Spoil::Signature) => {
            // Another character in the middle stays valid base64 of the same length.
            let at = signature.len() / 2;
            let other = if signature.as_bytes().get(at) == Some(&b'A') {
                "B"
            } else {
                "A"
            };
            signature.replace_range(at..=at, other);
        }
        Some(Spoil::Serial) => serial = NOBODYS_SERIAL.to_owned(),
        _ => {}
    }
    let kind = match spoil {
        Some(Spoil::Sm2) => "WECHATPAY2-SM2-WITH-SM3",
        _ => "WECHATPAY2-SHA256-RSA2048",
    };
    let mut headers = vec![
        ("Wechatpay-Timestamp", timestamp.to_string()),
        ("Wechatpay-Nonce", nonce),
        ("Wechatpay-Signature", signature),
        ("Wechatpay-Serial", serial),
        ("Wechatpay-Signature-Type", kind.to_owned()),
    ];
    match spoil {
        Some(Spoil::Without(name)) => headers.retain(|(have, _)| *have != name),
        Some(Spoil::Twice(name)) => headers.push((name, other_value(name, timestamp))),
        _ => {}
    }
    Ok(headers)
}

/// In the form of the header, so that only the repetition is wrong.
fn other_value(name: &str, timestamp: i64) -> String {
    match name {
        "Wechatpay-Timestamp" => timestamp.saturating_sub(1).to_string(),
        "Wechatpay-Nonce" => random::alphanumeric(32),
        "Wechatpay-Serial" => NOBODYS_SERIAL.to_owned(),
        "Wechatpay-Signature" => format!("{}==", "A".repeat(342)),
        _ => "WECHATPAY2-SM2-WITH-SM3".to_owned(),
    }
}

/// `{"algorithm", "nonce", "associated_data", "ciphertext"}` as in notifications and in `/v3/certificates`.
pub fn resource(
    api_v3_key: &[u8; 32],
    associated_data: &str,
    plaintext: &[u8],
) -> Result<Value, String> {
    let nonce = random::alphanumeric(12);
    let bytes: [u8; 12] = nonce
        .as_bytes()
        .try_into()
        .map_err(|_| "a nonce has 12 bytes".to_owned())?;
    let ciphertext = seal::encrypt(api_v3_key, &bytes, associated_data.as_bytes(), plaintext)?;
    Ok(serde_json::json!({
        "algorithm": "AEAD_AES_256_GCM",
        "nonce": nonce,
        "associated_data": associated_data,
        "ciphertext": ciphertext,
    }))
}
