//! The string that API v2 signs, and its digest (protocol.md §2.1). The string is never made as a
//! whole: it ends with the key.

use hmac::{Hmac, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::fields::Fields;
use crate::crypto::digest::hex_upper;
use crate::error::{Error, Result, Status};
use crate::http::V2SignType;
use crate::secret::{Secret, Zeroizing};

/// Upper-case hex, 32 digits for MD5 and 64 for HMAC-SHA256.
pub(super) fn sign(sign_type: V2SignType, key: &Secret, fields: &Fields) -> Result<String> {
    crate::panic::strike!("with the APIv2 key at hand");
    Ok(match sign_type {
        V2SignType::Md5 => {
            let mut hash = Md5::new();
            feed(fields, key, |piece| hash.update(piece));
            hex_upper(&hash.finalize())
        }
        V2SignType::HmacSha256 => {
            let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes())
                .map_err(|_| Error::new(Status::Internal, "HMAC takes keys of any length."))?;
            feed(fields, key, |piece| mac.update(piece));
            hex_upper(&mac.finalize().into_bytes())
        }
    })
}

/// Is `given` the signature under one of the keys? Compared in constant time, as it stands:
/// WeChat Pay writes upper case.
pub(super) fn verify(
    sign_type: V2SignType,
    keys: &[Secret],
    fields: &Fields,
    given: &str,
) -> Result<bool> {
    let mut good = subtle::Choice::from(0);
    for key in keys {
        let ours = Zeroizing::new(sign(sign_type, key, fields)?);
        good |= ours.as_bytes().ct_eq(given.as_bytes());
    }
    Ok(good.into())
}

/// Digits of a signature.
pub(super) fn digits(sign_type: V2SignType) -> usize {
    match sign_type {
        V2SignType::Md5 => 32,
        V2SignType::HmacSha256 => 64,
    }
}

/// `a=1&b=2&key=KEY`: without `sign` and empty values, in the order of the names' bytes.
fn feed(fields: &Fields, key: &Secret, mut update: impl FnMut(&[u8])) {
    let mut signed: Vec<(&str, &str)> = fields
        .iter()
        .filter(|(name, value)| *name != "sign" && !value.is_empty())
        .collect();
    signed.sort_unstable();
    for (name, value) in signed {
        for piece in [name, "=", value, "&"] {
            update(piece.as_bytes());
        }
    }
    update(b"key=");
    update(key.bytes());
}

/// The string up to the key, for tests about which messages have the same.
#[cfg(test)]
pub(super) fn base(fields: &Fields) -> Vec<u8> {
    let mut base = Vec::new();
    feed(fields, &Secret::new(b""), |piece| {
        base.extend_from_slice(piece)
    });
    base
}
