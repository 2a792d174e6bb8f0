//! Notifications (callbacks): verified, then decrypted, never the other way round, and never with
//! a network (protocol.md §1.6; safety.md S14).

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::merchant::Merchant;
use super::unverified::explained;
use super::verify::verify;
use super::whose;
use crate::crypto::aead::NONCE_LEN;
use crate::crypto::base64;
use crate::error::{Cause, Diagnosis, Error, Result, Status, fail};
use crate::http::headers::shown;
use crate::http::{Body, Message, Verified};
use crate::memory;
use crate::secret::Zeroizing;
use crate::text::Text;
use crate::time::Now;

/// Callbacks are a few kilobytes; a larger body is not one.
const MOST_BYTES: usize = 5 * 1024 * 1024;
const ALGORITHM: &str = "AEAD_AES_256_GCM";

/// A verified and decrypted notification.
#[derive(Debug)]
pub struct Notification {
    pub id: Text,
    pub event_type: Text,
    pub resource_type: Text,
    pub original_type: Text,
    pub create_time: Text,
    pub summary: Text,
    /// Id of the key that verified it.
    pub serial: Text,
    /// Unix seconds, signed.
    pub timestamp: i64,
    /// The decrypted resource, byte for byte.
    pub plaintext: Body,
    /// The envelope with `resource` replaced by the decrypted object; every other byte as it came,
    /// but for `mchid_matches` where it is false.
    pub json: Text,
}

impl Drop for Notification {
    fn drop(&mut self) {
        self.json.zeroize();
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    create_time: Cow<'a, str>,
    #[serde(borrow)]
    event_type: Cow<'a, str>,
    #[serde(borrow)]
    resource_type: Cow<'a, str>,
    #[serde(borrow, default)]
    summary: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resource: &'a RawValue,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow)]
    algorithm: Cow<'a, str>,
    #[serde(borrow)]
    ciphertext: Cow<'a, str>,
    #[serde(borrow, default)]
    associated_data: Option<Cow<'a, str>>,
    #[serde(borrow)]
    nonce: Cow<'a, str>,
    #[serde(borrow, default)]
    original_type: Option<Cow<'a, str>>,
}

/// `message` holds headers and body as the framework received them.
pub fn open(merchant: &Merchant, message: &Message, now: Now) -> Result<Notification> {
    let body: &[u8] = &message.body;
    if body.len() > MOST_BYTES {
        return fail(
            Status::LimitExceeded,
            format!(
                "The notification has {} bytes; at most {MOST_BYTES} are read.",
                body.len()
            ),
        );
    }
    let keys = merchant.ring.keys();
    let genuine = verify(
        &message.headers,
        body,
        &keys,
        now,
        merchant.clock_tolerance_s,
    )
    .map_err(|error| explained(error, merchant, &keys, &message.headers, body, now))?;
    // Texts with escapes are copied by the parser.
    memory::foresee(2 * body.len())?;
    let text = std::str::from_utf8(body).map_err(|error| malformed("", &error))?;
    let envelope: Envelope<'_> =
        serde_json::from_str(text).map_err(|error| malformed("", &error))?;
    // serde would take an array for a struct, member by member.
    for (name, json) in [
        ("The notification", text),
        ("resource", envelope.resource.get()),
    ] {
        if !json.trim_ascii_start().starts_with('{') {
            return fail(
                Status::MalformedNotify,
                format!("{name} is not a JSON object."),
            );
        }
    }
    let resource: Resource<'_> = serde_json::from_str(envelope.resource.get())
        .map_err(|error| malformed("resource: ", &error))?;
    let mut plaintext = decrypt(merchant, &resource)?;
    let (object, named) = object(&plaintext)?;
    let json = splice(text, envelope.resource.get(), object)?;
    let mut json = tell_mismatch(json, whose::matches(merchant, &named)?)?;
    Ok(Notification {
        id: Text::new(&envelope.id),
        event_type: Text::new(&envelope.event_type),
        resource_type: Text::new(&envelope.resource_type),
        original_type: Text::new(resource.original_type.as_deref().unwrap_or("")),
        create_time: Text::new(&envelope.create_time),
        summary: Text::new(envelope.summary.as_deref().unwrap_or("")),
        serial: Text::new(&genuine.key.id),
        timestamp: genuine.timestamp,
        // Overwritten there too, when it is dropped.
        plaintext: Body::new(plaintext.take()),
        // It was made with room for the NUL.
        json: Text::of(json.take()),
    })
}

fn malformed(at: &str, error: &dyn std::fmt::Display) -> Error {
    Error::new(
        Status::MalformedNotify,
        format!(
            "The notification is verified, but not in its form: {at}{}.",
            shown(&error.to_string())
        ),
    )
}

fn decrypt(merchant: &Merchant, resource: &Resource<'_>) -> Result<Zeroizing<Vec<u8>>> {
    if resource.algorithm != ALGORITHM {
        return fail(
            Status::UnsupportedAlgorithm,
            format!(
                "resource.algorithm is \"{}\"; supported is {ALGORITHM}.",
                shown(&resource.algorithm)
            ),
        );
    }
    if resource.nonce.len() != NONCE_LEN {
        return fail(
            Status::MalformedNotify,
            format!(
                "resource.nonce has {} bytes, not {NONCE_LEN}.",
                resource.nonce.len()
            ),
        );
    }
    let Some(ciphertext) = base64::decode_long(&resource.ciphertext)? else {
        return fail(
            Status::MalformedNotify,
            "resource.ciphertext is not base64.",
        );
    };
    let aad = resource.associated_data.as_deref().unwrap_or("");
    merchant
        .decrypt(resource.nonce.as_bytes(), aad.as_bytes(), &ciphertext)
        .map_err(|error| {
            let keys = merchant.api_v3_keys.len();
            match error.status() {
                // The bytes are those that WeChat Pay signed: only the key can be wrong.
                Status::DecryptFailed => {
                    error
                        .hint(Cause::ApiV3KeyWrong.row().cure)
                        .diagnosed(Diagnosis::new(
                            Cause::ApiV3KeyWrong,
                            format!(
                                "The signature is good, and {} the resource.",
                                if keys == 1 {
                                    "api_v3_key does not decrypt".to_owned()
                                } else {
                                    format!("none of the {keys} keys in api_v3_key decrypts")
                                }
                            ),
                        ))
                }
                Status::ConfigIncomplete => error.diagnosed(Diagnosis::new(
                    Cause::NoApiV3Key,
                    Cause::NoApiV3Key.row().en,
                )),
                _ => error,
            }
        })
}

/// `"mchid_matches":false` when one of several receivers is not this merchant; else no byte is
/// added. It is the last member: of two equal names a reader takes the last, and ours is the one to
/// take.
fn tell_mismatch(json: Zeroizing<String>, matches: Option<bool>) -> Result<Zeroizing<String>> {
    const MEMBER: &str = ",\"mchid_matches\":false";
    let Some((before, after)) = json
        .rfind('}')
        .filter(|_| matches == Some(false))
        .and_then(|end| json.split_at_checked(end))
    else {
        return Ok(json);
    };
    // Made whole at once: a string that grows leaves its old bytes behind (S34).
    let mut told = Zeroizing::new(memory::text_room(json.len() + MEMBER.len() + 1)?);
    told.push_str(before);
    told.push_str(MEMBER);
    told.push_str(after);
    Ok(told)
}

/// The decrypted resource without white space around it, and the receivers that it names.
fn object(plaintext: &[u8]) -> Result<(&str, whose::Named)> {
    let not_in_form = |error: &dyn std::fmt::Display| malformed("decrypted resource: ", error);
    let text = std::str::from_utf8(plaintext).map_err(|error| not_in_form(&error))?;
    let object = text.trim_matches([' ', '\t', '\n', '\r']);
    if !object.starts_with('{') {
        return fail(
            Status::MalformedNotify,
            "The decrypted resource is not a JSON object.",
        );
    }
    let named = whose::named(object).map_err(|error| not_in_form(&error))?;
    Ok((object, named))
}

/// `resource` is a slice of `body`: the decrypted object takes its place, nothing is serialised.
fn splice(body: &str, resource: &str, object: &str) -> Result<Zeroizing<String>> {
    let start = resource.as_ptr() as usize - body.as_ptr() as usize;
    let around = (body.get(..start), body.get(start + resource.len()..));
    let (Some(before), Some(after)) = around else {
        return fail(Status::Internal, "The resource is not where it was read.");
    };
    let mut json = Zeroizing::new(memory::text_room(
        before.len() + object.len() + after.len() + 1,
    )?);
    json.push_str(before);
    json.push_str(object);
    json.push_str(after);
    Ok(json)
}

/// The answer that WeChat Pay wants to its callback: 204 when it is handled, 401 when it is not
/// authentic, 500 to have it sent again. `result` is a status of this library.
pub fn reply(result: i32, reason: &str) -> Result<Message> {
    if result == 0 {
        return Ok(Message::response(204, Body::default()));
    }
    if reason.chars().any(char::is_control) {
        return fail(
            Status::InvalidArgument,
            "reason must not contain control characters.",
        );
    }
    let text = if reason.is_empty() { "失败" } else { reason };
    let cut: String = text.chars().take(256).collect();
    let body = serde_json::json!({ "code": "FAIL", "message": cut }).to_string();
    // Signature failures, 200 to 299, are the sender's; everything else may pass.
    let http_status = if (200..300).contains(&result) {
        401
    } else {
        500
    };
    let mut message = Message::response(http_status, Body::new(body.into_bytes()));
    message.headers.push("Content-Type", "application/json");
    message.verified = Verified::NotChecked;
    Ok(message)
}
