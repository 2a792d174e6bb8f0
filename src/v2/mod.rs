//! API v2 (protocol.md §2): XML both ways, MD5 and HMAC-SHA256 over sorted fields. Owns what the
//! signature of v2 does not settle: which text is a message at all (safety.md S8), which algorithm
//! it must have (S26), and what an answer proves (S2). Opens no socket.

pub mod check;
mod codes;
mod fields;
mod names;
mod paths;
mod prepare;
mod refund;
mod score;
mod sign;
#[cfg(test)]
mod tests;
mod xml;

pub use prepare::{prepare, redacted};
pub use refund::open as refund_open;
pub use score::pay_score;

use crate::error::{Error, Result, Status, fail};
use crate::http::headers::shown;
use crate::http::{Body, Message, V2SignType};
use crate::secret::Secret;
use crate::v3::merchant::Merchant;
use fields::Fields;

/// The signature of a flat JSON object: for front ends and other channels.
pub fn sign(merchant: &Merchant, sign_type: &str, json: &str) -> Result<String> {
    let key = first_key(merchant)?;
    let sign_type = algorithm(merchant, sign_type)?;
    let fields = Fields::from_json(json)?;
    if fields.iter().all(|(name, _)| name == "sign") {
        return fail(
            Status::InvalidArgument,
            "json holds no field with a value: there is nothing to sign.",
        );
    }
    agrees(&fields, sign_type)?;
    names::refuse_ambiguous(&fields)?;
    sign::sign(sign_type, key, &fields)
}

/// The answer that WeChat Pay wants to a notification of v2: always 200; SUCCESS ends the
/// repetitions, FAIL asks for the next.
pub fn reply(result: i32, reason: &str) -> Result<Message> {
    if let Some(control) = reason.chars().find(|one| !xml::is_plain(*one)) {
        return fail(
            Status::InvalidArgument,
            format!(
                "reason has the character U+{:04X}; control characters are not sent.",
                u32::from(control)
            ),
        );
    }
    let (code, standard) = if result == 0 {
        ("SUCCESS", "OK")
    } else {
        ("FAIL", "失败")
    };
    let text = if reason.is_empty() { standard } else { reason };
    // return_msg has at most 128 characters.
    let cut: String = text.chars().take(128).collect();
    let body = format!(
        "<xml><return_code>{}</return_code><return_msg>{}</return_msg></xml>",
        xml::cdata(code),
        xml::cdata(&cut)
    );
    let mut message = Message::response(200, Body::new(body.into_bytes()));
    message.headers.push("Content-Type", CONTENT_TYPE);
    Ok(message)
}

const CONTENT_TYPE: &str = "text/xml; charset=utf-8";

impl V2SignType {
    pub fn parse(name: &str) -> Result<V2SignType> {
        match name {
            "MD5" => Ok(V2SignType::Md5),
            "HMAC-SHA256" => Ok(V2SignType::HmacSha256),
            other => fail(
                Status::UnsupportedAlgorithm,
                format!(
                    "sign_type must be MD5 or HMAC-SHA256, got \"{}\".",
                    shown(other)
                ),
            )
            .map_err(|error| error.hint("Leave it empty for api_v2_sign_type.")),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            V2SignType::Md5 => "MD5",
            V2SignType::HmacSha256 => "HMAC-SHA256",
        }
    }
}

/// The argument, or what is configured (S26).
fn algorithm(merchant: &Merchant, sign_type: &str) -> Result<V2SignType> {
    if sign_type.is_empty() {
        return Ok(merchant.api_v2_sign_type);
    }
    V2SignType::parse(sign_type)
}

/// A field that names another algorithm than the signature has would be refused by WeChat Pay.
fn agrees(fields: &Fields, sign_type: V2SignType) -> Result<()> {
    let named = fields.get("sign_type").or_else(|| fields.get("signType"));
    match named {
        Some(named) if named != sign_type.name() => fail(
            Status::InvalidArgument,
            format!(
                "json says \"{}\", but the signature is made with {}.",
                shown(named),
                sign_type.name()
            ),
        )
        .map_err(|error| error.hint("Pass the same as sign_type, or leave the field out.")),
        _ => Ok(()),
    }
}

/// All of them verify; the first signs. During a rotation there are two.
fn keys(merchant: &Merchant) -> Result<&[Secret]> {
    if merchant.api_v2_keys.is_empty() {
        return Err(Error::new(
            Status::ConfigIncomplete,
            "api_v2_key is not set; everything of API v2 is signed with it.",
        )
        .hint("Set api_v2_key: the 32 characters set on the merchant platform (API security, APIv2 key)."));
    }
    Ok(&merchant.api_v2_keys)
}

fn first_key(merchant: &Merchant) -> Result<&Secret> {
    keys(merchant)?
        .first()
        .ok_or_else(|| Error::new(Status::Internal, "There is no first of some keys."))
}

fn mchid(merchant: &Merchant) -> Result<&str> {
    if merchant.mchid.is_empty() {
        return fail(
            Status::ConfigIncomplete,
            "mchid is not set; API v2 is signed in its name.",
        );
    }
    Ok(&merchant.mchid)
}
