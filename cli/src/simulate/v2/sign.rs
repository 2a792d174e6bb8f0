//! The sign of API v2 over sorted fields (protocol.md §2.1), with the RustCrypto crates and nothing of the library.

use super::Fields;
use hmac::{Hmac, Mac as _};
use md5::{Digest as _, Md5};
use sha2::Sha256;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignType {
    Md5,
    HmacSha256,
}

impl SignType {
    /// MD5 where a message does not say.
    pub fn parse(text: Option<&str>) -> Option<Self> {
        match text {
            None | Some("" | "MD5") => Some(Self::Md5),
            Some("HMAC-SHA256") => Some(Self::HmacSha256),
            Some(_) => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }
}

/// `k1=v1&k2=v2…&key=KEY` of all fields but `sign` and empty ones, in upper-case hexadecimal digits of its digest.
pub fn sign(fields: &Fields, sign_type: SignType, key: &str) -> String {
    let mut text = String::new();
    // A BTreeMap goes through its keys in the order of their bytes.
    for (name, value) in fields {
        if name != "sign" && !value.is_empty() {
            text.push_str(&format!("{name}={value}&"));
        }
    }
    text.push_str(&format!("key={key}"));
    match sign_type {
        SignType::Md5 => upper_hex(&Md5::digest(text.as_bytes())),
        SignType::HmacSha256 => Hmac::<Sha256>::new_from_slice(key.as_bytes())
            .map(|mac| upper_hex(&mac.chain_update(text.as_bytes()).finalize().into_bytes()))
            .unwrap_or_default(),
    }
}

fn upper_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of WeChat Pay's signature page, both digests as `openssl dgst` prints them.
    #[test]
    fn the_published_example_has_the_published_signs() {
        let fields = Fields::from(
            [
                ("appid", "wxd930ea5d5a258f4f"),
                ("mch_id", "10000100"),
                ("device_info", "1000"),
                ("body", "test"),
                ("nonce_str", "ibuaiVcKdpRxkhJA"),
                ("sign", "ignored"),
                ("attach", ""),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        let key = "192006250b4c09247ec02edce69f6a2d";
        assert_eq!(
            sign(&fields, SignType::Md5, key),
            "9A0A8659F005D6984697E2CA0A9CF3B7"
        );
        assert_eq!(
            sign(&fields, SignType::HmacSha256, key),
            "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6"
        );
    }
}
