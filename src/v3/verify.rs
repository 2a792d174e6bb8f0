//! The one place where a signature of WeChat Pay is checked, for responses, notifications and
//! certificate lists alike. The order never changes: headers, window, key by id, RSA; only then
//! may anybody look into the body (requirements.md A4).

use std::sync::Arc;

use super::body_hint::body_hint;
use super::canonical;
use super::keyring::{KeySet, WeChatKey};
use crate::crypto::base64;
use crate::error::{Diagnosis, Error, Result, Status, fail};
use crate::http::Headers;
use crate::http::headers::shown;
use crate::time::{Now, rfc3339};

const ALGORITHM: &str = "WECHATPAY2-SHA256-RSA2048";
const PROBE: &str = "WECHATPAY/SIGNTEST/";

/// The signature headers of one message, complete and in their grammar.
#[derive(Debug)]
pub struct SignatureHeaders<'a> {
    pub timestamp: &'a str,
    pub seconds: i64,
    pub nonce: &'a str,
    pub signature: &'a str,
    pub serial: &'a str,
}

impl<'a> SignatureHeaders<'a> {
    /// Reads the four headers in any spelling. Missing and duplicate ones are named; a proxy that
    /// eats them is the usual cause.
    pub fn read(headers: &'a Headers) -> Result<SignatureHeaders<'a>> {
        const NAMES: [&str; 4] = [
            "Wechatpay-Timestamp",
            "Wechatpay-Nonce",
            "Wechatpay-Signature",
            "Wechatpay-Serial",
        ];
        let mut values = [""; 4];
        let mut missing = Vec::new();
        for (value, name) in values.iter_mut().zip(NAMES) {
            match headers.single(name)? {
                Some(found) => *value = found,
                None => missing.push(name),
            }
        }
        if !missing.is_empty() {
            return fail(
                Status::SignatureHeadersMissing,
                format!(
                    "Missing or empty: {}; the message has {} headers.",
                    missing.join(", "),
                    headers.len()
                ),
            );
        }
        if let Some(algorithm) = headers.single("Wechatpay-Signature-Type")?
            && algorithm != ALGORITHM
        {
            return fail(
                Status::UnsupportedAlgorithm,
                format!(
                    "Wechatpay-Signature-Type is \"{}\"; supported is {ALGORITHM}.",
                    shown(algorithm)
                ),
            );
        }
        let [timestamp, nonce, signature, serial] = values;
        // A line feed would move the border between nonce and body: one signature, two messages.
        if let Some(byte) = nonce.bytes().find(|byte| !(0x21..=0x7e).contains(byte)) {
            return fail(
                Status::SignatureInvalid,
                format!("Wechatpay-Nonce contains the byte 0x{byte:02X}."),
            );
        }
        let digits = (1..=12).contains(&timestamp.len())
            && timestamp.bytes().all(|byte| byte.is_ascii_digit());
        let Some(seconds) = timestamp.parse::<i64>().ok().filter(|_| digits) else {
            return fail(
                Status::SignatureInvalid,
                format!(
                    "Wechatpay-Timestamp is \"{}\"; it must be Unix seconds in digits.",
                    shown(timestamp)
                ),
            );
        };
        Ok(SignatureHeaders {
            timestamp,
            seconds,
            nonce,
            signature,
            serial,
        })
    }

    /// Two-sided: a message from the future is as wrong as an old one.
    pub fn check_window(&self, now: Now, tolerance_s: i64) -> Result<()> {
        let skew = now.seconds - self.seconds;
        if skew.abs() <= tolerance_s {
            return Ok(());
        }
        let mut error = Error::new(
            Status::TimestampExpired,
            format!(
                "The message was signed at {} ({}); this clock says {} ({}): {} seconds {}, {tolerance_s} are allowed.",
                self.seconds,
                rfc3339(self.seconds),
                now.seconds,
                rfc3339(now.seconds),
                skew.abs(),
                if skew > 0 { "old" } else { "in the future" },
            ),
        );
        error.fields_mut().clock_is_callers = now.from_caller;
        Err(error)
    }

    /// RSA over the exact bytes; a failure says what the body looks like it went through.
    pub fn check_signature(&self, body: &[u8], key: &WeChatKey) -> Result<()> {
        let signed = canonical::response(self.timestamp, self.nonce, body)?;
        if base64::decode(self.signature)
            .is_some_and(|signature| key.key.verify(&signed, &signature))
        {
            return Ok(());
        }
        if self.signature.starts_with(PROBE) {
            return fail(
                Status::SignatureProbe,
                "Wechatpay-Signature is a probe (WECHATPAY/SIGNTEST/…): it must not verify, and did not.",
            );
        }
        let cause = body_hint(body);
        let text = cause.row().en;
        let form = if base64::decode(self.signature).is_some() {
            "does not match"
        } else {
            "is not base64, so it cannot match"
        };
        Err(Error::new(
            Status::SignatureInvalid,
            format!(
                "The signature {form} these {} body bytes under the key {}.",
                body.len(),
                key.id
            ),
        )
        .hint(text)
        .diagnosed(Diagnosis::new(cause, text)))
    }
}

/// What a message that verified says of itself.
#[derive(Debug)]
pub struct Genuine {
    /// That verified it.
    pub key: Arc<WeChatKey>,
    /// Unix seconds, signed.
    pub timestamp: i64,
}

/// Verifies one message and says which key did it.
pub fn verify(
    headers: &Headers,
    body: &[u8],
    keys: &KeySet,
    now: Now,
    tolerance_s: i64,
) -> Result<Genuine> {
    let signature = SignatureHeaders::read(headers)?;
    signature.check_window(now, tolerance_s)?;
    let key = keys.verifier(signature.serial, now.seconds)?;
    signature.check_signature(body, key)?;
    Ok(Genuine {
        key: Arc::clone(key),
        timestamp: signature.seconds,
    })
}
