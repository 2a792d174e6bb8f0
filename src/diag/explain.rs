//! What a request is signed over, byte by byte, and what a key is. Secrets are redacted.

use serde_json::{Value, json};

use crate::crypto::digest;
use crate::error::{Result, Status, fail};
use crate::http::{Kind, Message};
use crate::key::Material;
use crate::memory;
use crate::time::{clock, rfc3339};
use crate::v3::merchant::Merchant;
use crate::v3::prepare::prepare_unsigned;
use crate::v3::sign_error;

/// A prepared request as it is; any other as it would be prepared now. Signs nothing.
pub fn explain_request(merchant: &Merchant, request: &Message) -> Result<String> {
    if request.v2.is_some() {
        return fail(
            Status::InvalidState,
            "This message was made for API v2: what is signed there are its fields, in its body.",
        );
    }
    let prepared = match &request.kind {
        Kind::Request {
            signed: Some(_), ..
        } => request.clone(),
        _ => prepare_unsigned(merchant, request, clock())?,
    };
    let (to_sign, timestamp) = prepared
        .signed()
        .map_or((&[][..], 0), |signed| (&signed.to_sign, signed.timestamp));
    // The string stands in the report, a control character as six bytes, and is copied twice.
    memory::foresee(to_sign.len().saturating_mul(8))?;
    let names = ["method", "url", "timestamp", "nonce_str", "body"];
    // The body may hold line feeds itself: it is everything behind the fourth one, but the last.
    let parts = to_sign.splitn(5, |byte| *byte == b'\n');
    let lines: Vec<Value> = names
        .iter()
        .zip(parts)
        .map(|(name, part)| {
            let part = if *name == "body" { part.strip_suffix(b"\n").unwrap_or(part) } else { part };
            json!({
                "name": name,
                "bytes": part.len(),
                "sha256": digest::hex(&digest::sha256(part)),
                "text": if *name == "body" { Value::Null } else { Value::from(String::from_utf8_lossy(part)) },
            })
        })
        .collect();
    let headers: Vec<[String; 2]> = prepared
        .headers
        .iter()
        .map(|(name, value)| {
            let secret = name.eq_ignore_ascii_case("Authorization");
            [
                name.to_string(),
                if secret {
                    "<redacted>".to_owned()
                } else {
                    value.to_string()
                },
            ]
        })
        .collect();
    Ok(json!({
        "schema": 1,
        "method": prepared.method(),
        "url": prepared.url(),
        "timestamp": timestamp,
        "time": rfc3339(timestamp),
        "sign_message": String::from_utf8_lossy(to_sign),
        "sign_message_length": to_sign.len(),
        "sign_message_sha256": digest::hex(&digest::sha256(to_sign)),
        "lines": lines,
        "body_bytes": prepared.body.len(),
        "body_sha256": digest::hex(&digest::sha256(&prepared.body)),
        "signed_part": if prepared.signed_part.is_some() { "meta" } else { "body" },
        "headers": headers,
        "mchid": merchant.mchid,
        "brand_id": merchant.brand_id,
        "serial_no": merchant.serial,
        "key_sha256": merchant.private_key.as_ref().map(|key| key.public().fingerprint().to_owned()),
        "key_matches_certificate": sign_error::key_matches(merchant),
        "wechatpay_serial": &*prepared.key_id,
    })
    .to_string())
}

pub fn key_info(key: &Material) -> String {
    let (kind, public) = match key {
        Material::Private(key) => ("private_key", key.public()),
        Material::Public(key) => ("public_key", key),
        Material::Certificate(certificate) => ("certificate", &certificate.public),
    };
    let mut info = json!({
        "schema": 1,
        "kind": kind,
        "bits": public.bits(),
        "key_sha256": public.fingerprint(),
    });
    if let Material::Certificate(certificate) = key {
        info["serial"] = Value::from(certificate.serial.as_str());
        info["subject"] = Value::from(certificate.subject.as_str());
        info["issuer"] = Value::from(certificate.issuer.as_str());
        info["not_before"] = Value::from(rfc3339(certificate.not_before));
        info["not_after"] = Value::from(rfc3339(certificate.not_after));
    }
    info.to_string()
}
