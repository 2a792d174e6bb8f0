//! Why a message of WeChat Pay did not verify: what is missing, which clock, which key, what
//! happened to the body (requirements.md A1–A3, A22). Runs after the verdict and never changes it:
//! a body that would verify in another form names its cause and is refused all the same.
//!
//! Anybody can send a bad notification, so a refusal has a price ceiling: six RSA verifications in
//! all, and none but the first for bodies over 64 KiB.

use super::body_forms;
use super::canonical;
use super::keyring::{KeySet, WeChatKey};
use super::merchant::Merchant;
use super::verify::SignatureHeaders;
use crate::crypto::base64;
use crate::error::{Cause, Diagnosis, Error, Status};
use crate::http::Headers;
use crate::http::headers::shown;
use crate::key::{PublicKey, serial};
use crate::time::Now;

/// Beside the verification that failed.
const MOST_TRIES: usize = 5;

/// `error` is what `verify` said of the message.
pub fn explained(
    error: Error,
    merchant: &Merchant,
    keys: &KeySet,
    headers: &Headers,
    body: &[u8],
    now: Now,
) -> Error {
    match error.status() {
        Status::SignatureHeadersMissing => found(error, Cause::SignatureHeadersLost),
        Status::TimestampExpired => found(error, Cause::MessageTime),
        Status::SerialUnknown | Status::SignatureInvalid => match SignatureHeaders::read(headers) {
            Ok(signature) => {
                let tries = Tries::new(&signature, body);
                if error.status() == Status::SerialUnknown {
                    unknown_serial(error, merchant, keys, &signature, tries)
                } else {
                    wrong(error, merchant, keys, &signature, tries, now)
                }
            }
            // The error is of the headers themselves.
            Err(_) => error,
        },
        _ => error,
    }
}

/// The error's own words under an id that can be looked up.
fn found(error: Error, cause: Cause) -> Error {
    let text = error.fields().message.clone();
    let hint = error.fields().hint.clone();
    error.diagnosed(Diagnosis::new(cause, text).cure(hint))
}

/// In place of what was said before.
fn instead(error: Error, diagnosis: Diagnosis) -> Error {
    let mut error = error.hint(diagnosis.cure.clone());
    let fields = error.fields_mut();
    fields.message = format!("{} {}", fields.message, diagnosis.text);
    fields.diagnosis = vec![diagnosis];
    error
}

/// Verifications that may still be spent on one message.
struct Tries<'a> {
    left: usize,
    headers: &'a SignatureHeaders<'a>,
    signature: Vec<u8>,
    body: &'a [u8],
}

impl<'a> Tries<'a> {
    fn new(headers: &'a SignatureHeaders<'a>, body: &'a [u8]) -> Tries<'a> {
        let signature = base64::decode(headers.signature).unwrap_or_default();
        let pointless = signature.is_empty() || body.len() > body_forms::MOST_BYTES;
        Tries {
            left: if pointless { 0 } else { MOST_TRIES },
            headers,
            signature,
            body,
        }
    }

    fn verifies(&mut self, body: &[u8], key: &PublicKey) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        canonical::response(self.headers.timestamp, self.headers.nonce, body)
            .is_ok_and(|signed| key.verify(&signed, &self.signature))
    }

    /// The key that the body verifies under as it is, but for `not`.
    fn other_key<'k>(
        &mut self,
        keys: &'k KeySet,
        not: Option<&WeChatKey>,
    ) -> Option<&'k WeChatKey> {
        let body = self.body;
        keys.keys
            .iter()
            .map(|key| &**key)
            .filter(|key| not.is_none_or(|not| not.id != key.id))
            .find(|key| self.verifies(body, &key.key))
    }
}

fn own_key(merchant: &Merchant) -> Option<&PublicKey> {
    let certificate = merchant.certificate.as_ref().map(|one| &one.public);
    certificate.or_else(|| merchant.private_key.as_ref().map(|key| key.public()))
}

fn unknown_serial(
    error: Error,
    merchant: &Merchant,
    keys: &KeySet,
    signature: &SignatureHeaders<'_>,
    mut tries: Tries<'_>,
) -> Error {
    let id = signature.serial;
    if serial::key(id) == serial::key(&merchant.serial) {
        return instead(
            error,
            Diagnosis::new(
                Cause::SerialIsMerchants,
                format!(
                    "{} is the serial of this merchant's own certificate.",
                    shown(id)
                ),
            ),
        );
    }
    // An expired certificate is found by its serial: it would verify, and must not.
    let known = keys
        .keys
        .iter()
        .any(|key| serial::key(&key.id) == serial::key(id));
    if !known && let Some(key) = tries.other_key(keys, None) {
        return instead(error, mismatch(key, id));
    }
    found(error, Cause::SerialNotConfigured)
}

fn mismatch(key: &WeChatKey, id: &str) -> Diagnosis {
    Diagnosis::new(
        Cause::KeyIdMismatch,
        format!(
            "The signature verifies under the key that is configured as {}; the message names {}.",
            key.id,
            shown(id)
        ),
    )
}

fn wrong(
    mut error: Error,
    merchant: &Merchant,
    keys: &KeySet,
    signature: &SignatureHeaders<'_>,
    mut tries: Tries<'_>,
    now: Now,
) -> Error {
    let named = keys.verifier(signature.serial, now.seconds).ok();
    let suspected = error.fields().diagnosis.first().map(|one| one.cause);
    if let (Some(key), Some(cause)) = (named, suspected)
        && let Some(at) = body_forms::before(tries.body, cause)
            .iter()
            .position(|form| tries.verifies(form, &key.key))
    {
        let (cause, text) = match (cause, at) {
            (Cause::BodyReorderedOrWrongKey, 0) => (
                Cause::BodyTrailingNewline,
                "The line feed at the end of the body was taken away: with it the signature verifies.".to_owned(),
            ),
            (Cause::BodyReorderedOrWrongKey, _) => (
                Cause::BodyEscapedSlash,
                "The escaped slashes (\\/) of the body were replaced: with them the signature verifies.".to_owned(),
            ),
            _ => (cause, format!("{} Without that the signature verifies.", cause.row().en)),
        };
        let fields = error.fields_mut();
        fields.hint.clone_from(&text);
        fields.diagnosis = vec![Diagnosis::new(cause, text)];
        return error;
    }
    if let Some(key) = tries.other_key(keys, named.map(|key| &**key)) {
        return instead(error, mismatch(key, signature.serial));
    }
    let body = tries.body;
    if own_key(merchant).is_some_and(|key| tries.verifies(body, key)) {
        let text = Cause::SignedByMerchant.row().en;
        return instead(
            error,
            Diagnosis::new(
                Cause::SignedByMerchant,
                format!("The signature is the merchant's own: {text}."),
            ),
        );
    }
    error
}
