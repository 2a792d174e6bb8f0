//! Sensitive values: RSAES-OAEP with SHA-1, up with WeChat Pay's key, down with the merchant's
//! (protocol.md §1.10).

use super::merchant::Merchant;
use crate::crypto::base64;
use crate::error::{Result, Status, fail};
use crate::secret::Zeroizing;
use crate::time::Now;

/// Of a serial with colons and spaces too.
const LONGEST_ID: usize = 1024;

/// Base64 and the id of the key used, which the request must name in `Wechatpay-Serial`
/// (message option `key_id`). `key_id` empty: the key that requests ask for.
pub fn encrypt(
    merchant: &Merchant,
    key_id: &str,
    plaintext: &[u8],
    now: Now,
) -> Result<(String, String)> {
    if key_id.len() > LONGEST_ID {
        return fail(
            Status::SerialUnknown,
            format!("No key has an id of {} bytes.", key_id.len()),
        );
    }
    let keys = merchant.ring.keys();
    let key = keys.preferred(key_id, now.seconds)?;
    Ok((
        base64::encode(&key.key.encrypt_oaep(plaintext)?),
        key.id.clone(),
    ))
}

/// One text for every failure behind the base64: a decryption oracle learns nothing.
pub fn decrypt(merchant: &Merchant, ciphertext: &str) -> Result<Zeroizing<Vec<u8>>> {
    let key = merchant.private_key()?;
    match base64::decode(ciphertext) {
        Some(bytes) => key.decrypt_oaep(&bytes),
        None => fail(Status::DecryptFailed, "The ciphertext is not base64."),
    }
}
