//! `req_info` of a refund notification (protocol.md §2.4): AES-256-ECB under the MD5 of the APIv2
//! key. Nothing in that notification is signed and ECB lets blocks be exchanged, so what comes out
//! is never called authentic (safety.md S25).

use aes::Aes256;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockDecryptMut, KeyInit};
use md5::{Digest, Md5};

use super::fields::{Fields, MOST_BYTES};
use super::keys;
use super::xml::{self, Rules};
use crate::crypto::{base64, digest};
use crate::error::{Error, Result, Status};
use crate::secret::{Secret, Zeroizing};
use crate::v3::merchant::Merchant;

/// `{"authenticated":false,"refund":{…}}`
pub fn open(merchant: &Merchant, req_info: &str) -> Result<Zeroizing<String>> {
    let keys = keys(merchant)?;
    let fields = decoded(req_info)
        .and_then(|ciphertext| keys.iter().find_map(|key| decrypt(key, &ciphertext)))
        .ok_or_else(failed)?;
    const BEFORE: &str = "{\"authenticated\":false,\"refund\":";
    let refund = fields.to_json();
    let mut json = Zeroizing::new(String::with_capacity(BEFORE.len() + refund.len() + 1));
    json.push_str(BEFORE);
    json.push_str(&refund);
    json.push('}');
    Ok(json)
}

fn decoded(req_info: &str) -> Option<Vec<u8>> {
    if req_info.len() > MOST_BYTES {
        return None;
    }
    base64::decode(req_info)
}

/// The fields, when this is the key.
fn decrypt(key: &Secret, ciphertext: &[u8]) -> Option<Fields> {
    let aes_key = Zeroizing::new(digest::hex(&Md5::digest(key.bytes())));
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    let plaintext = ecb::Decryptor::<Aes256>::new_from_slice(aes_key.as_bytes())
        .ok()?
        .decrypt_padded_mut::<Pkcs7>(&mut buffer)
        .ok()?;
    xml::read("root", plaintext, Rules::Signed).ok()
}

/// One text for base64, length, padding and XML: a second one would tell a forger how far he got.
fn failed() -> Error {
    Error::new(
        Status::DecryptFailed,
        "req_info does not open with api_v2_key.",
    )
    .hint("Pass req_info exactly as it stands in the notification, and check api_v2_key (not the APIv3 key). Query the refund in any case.")
}
