//! From what the caller wants to send to the exact message that goes out: absolute URL, every
//! header but Host and Content-Length, and the signature over the very bytes of the body
//! (protocol.md §1.1–§1.4).

use super::authorization::{Signatory, completed, unsigned};
use super::canonical;
use super::compose::check_method;
use super::merchant::Merchant;
use crate::crypto::base64;
use crate::error::{Error, Result, Status, fail};
use crate::http::{Body, Cancel, Headers, Kind, Message, Pending, Signed, Url};
use crate::key::{PrivateKey, serial};
use crate::nonce::nonce;
use crate::text::Text;
use crate::time::Now;

/// `GET` of the platform certificates: the one request that may go out before a key is known.
pub const CERTIFICATES_PATH: &str = "/v3/certificates";

/// Ready to go, with its Authorization.
pub fn prepare(merchant: &Merchant, request: &Message, now: Now) -> Result<Message> {
    let key = merchant.private_key()?;
    let (mut message, pending) = draft(merchant, request, now)?;
    sign(&mut message, key, pending.authorization)?;
    Ok(message)
}

/// Complete but for the signature: for keys in a KMS or HSM. `signed().to_sign` has the bytes.
pub fn prepare_unsigned(merchant: &Merchant, request: &Message, now: Now) -> Result<Message> {
    let (mut message, pending) = draft(merchant, request, now)?;
    if let Kind::Request {
        signed: Some(signed),
        ..
    } = &mut message.kind
    {
        signed.pending = Some(pending);
    }
    Ok(message)
}

/// Does the Authorization of a prepared message name this merchant (or brand) and certificate?
pub fn is_signed_by(merchant: &Merchant, message: &Message) -> bool {
    let Ok(url) = Url::parse(message.url()) else {
        return false;
    };
    let (Ok(who), Some(signed)) = (signatory(merchant, &url), message.signed()) else {
        return false;
    };
    let timestamp = signed.timestamp.to_string();
    let ours = unsigned(who, &signed.nonce, &timestamp, &merchant.serial);
    message
        .headers
        .get("Authorization")
        .is_some_and(|value| value.starts_with(&ours))
}

/// Signs a prepared message with a fresh time and nonce: same method, target and body (S3).
pub fn sign_again(merchant: &Merchant, message: &mut Message, now: Now) -> Result<()> {
    let key = merchant.private_key()?;
    let url = Url::parse(message.url())?;
    let authorization = open_signature(merchant, message, &url, now)?;
    sign(message, key, authorization)
}

/// Completes a message from `prepare_unsigned`. `signature` is raw or base64; it is verified at
/// once when the merchant's certificate is configured, because a wrong one would only be found
/// out by WeChat Pay.
pub fn attach_signature(message: &mut Message, signature: &[u8]) -> Result<()> {
    let Kind::Request {
        signed: Some(signed),
        ..
    } = &mut message.kind
    else {
        return fail(
            Status::InvalidState,
            "This message is not from wxpay_client_prepare_unsigned.",
        );
    };
    let Some(pending) = &signed.pending else {
        return fail(Status::InvalidState, "This message is already signed.");
    };
    let raw = raw_signature(signature)?;
    if let Some(verifier) = &pending.verifier
        && !verifier.verify(&signed.to_sign, &raw)
    {
        return fail(Status::SignFailed, "The signature is not that of the merchant certificate over the bytes to sign.")
            .map_err(|error| error.hint("Sign `to_sign` as it is with RSASSA-PKCS1-v1_5 and SHA-256, or its digest with a signer that takes digests, with the key of the configured certificate."));
    }
    let value = completed(pending.authorization.clone(), &base64::encode(&raw));
    signed.pending = None;
    signed.external = true;
    message.headers.set("Authorization", &value);
    Ok(())
}

/// API v2 has other signatures and other rules on what an answer proves.
pub fn of_v2() -> Error {
    Error::new(Status::InvalidState, "This message is of API v2.")
        .hint("Use wxpay_v2_send, or your own transport and then wxpay_v2_check.")
}

/// The message with every header but Authorization, and what a signature goes into.
fn draft(merchant: &Merchant, request: &Message, now: Now) -> Result<(Message, Pending)> {
    let Kind::Request {
        method,
        url,
        signed,
    } = &request.kind
    else {
        return fail(
            Status::InvalidState,
            "This message is a response; prepare takes a request.",
        );
    };
    if request.v2.is_some() {
        return Err(of_v2());
    }
    if signed.is_some() {
        return fail(Status::InvalidState, "This message is already prepared.").map_err(|error| {
            error.hint("Pass it to send, or prepare the message it was made from.")
        });
    }
    check_method(method)?;
    let url = merchant.url(url)?;
    check_body(method, request)?;
    let key_id = wanted_key(merchant, request, &url, now)?;
    let mut message = request.clone();
    // A message of its own: cancelling it leaves the one it was made from as it is.
    message.cancel = Cancel::default();
    message.headers = headers(merchant, request, &key_id);
    message.key_id = Text::new(&key_id);
    message.kind = Kind::Request {
        method: method.clone(),
        url: Text::new(&url.to_string()),
        signed: None,
    };
    let authorization = open_signature(merchant, &mut message, &url, now)?;
    let verifier = merchant
        .certificate
        .as_ref()
        .map(|certificate| certificate.public.clone());
    Ok((
        message,
        Pending {
            authorization,
            verifier,
        },
    ))
}

/// Fixes time, nonce and bytes to sign on the message; gives the header up to its signature.
fn open_signature(
    merchant: &Merchant,
    message: &mut Message,
    url: &Url,
    now: Now,
) -> Result<String> {
    let who = signatory(merchant, url)?;
    let nonce = nonce()?;
    let timestamp = now.seconds.to_string();
    let to_sign = canonical::request(
        message.method(),
        &url.target,
        &timestamp,
        &nonce,
        message.signed_part.as_ref().unwrap_or(&message.body),
    )?;
    let authorization = unsigned(who, &nonce, &timestamp, &merchant.serial);
    if let Kind::Request { signed, .. } = &mut message.kind {
        *signed = Some(Signed {
            timestamp: now.seconds,
            nonce,
            to_sign: Body::new(to_sign),
            pending: None,
            external: false,
        });
    }
    Ok(authorization)
}

fn sign(message: &mut Message, key: &PrivateKey, authorization: String) -> Result<()> {
    let to_sign = message.signed().map_or(&[][..], |signed| &signed.to_sign);
    let signature = base64::encode(&key.sign(to_sign)?);
    message
        .headers
        .set("Authorization", &completed(authorization, &signature));
    crate::panic::strike!("with an Authorization made");
    Ok(())
}

/// Raw RSA-2048 to RSA-4096 signatures have 256 to 512 bytes; anything else must be base64 of
/// that.
pub fn raw_signature(signature: &[u8]) -> Result<Vec<u8>> {
    let decoded = std::str::from_utf8(signature)
        .ok()
        .and_then(|text| base64::decode(text.trim()));
    let raw = decoded.as_deref().unwrap_or(signature);
    if !(256..=512).contains(&raw.len()) {
        return fail(
            Status::InvalidArgument,
            format!(
                "signature must be 256 bytes (RSA-2048), raw or base64; got {} bytes.",
                signature.len()
            ),
        );
    }
    Ok(raw.to_vec())
}

fn check_body(method: &str, request: &Message) -> Result<()> {
    let body = &request.body;
    if method == "GET" && !body.is_empty() {
        return fail(
            Status::InvalidArgument,
            format!("A GET has no body; got {} bytes.", body.len()),
        )
        .map_err(|error| error.hint("Put parameters into the query of the URL."));
    }
    // The body of an upload holds a file; its meta part was text when it was put in.
    if request.signed_part.is_none()
        && let Err(error) = std::str::from_utf8(body)
    {
        return fail(
            Status::InvalidUtf8,
            format!(
                "The body is not UTF-8 from byte {} on.",
                error.valid_up_to()
            ),
        )
        .map_err(|error| {
            error.hint("Encode the text as UTF-8; GBK text must be converted. A file is uploaded with wxpay_message_new_upload.")
        });
    }
    Ok(())
}

/// Brand scheme for paths under `/brand/`, merchant scheme for all others.
fn signatory<'a>(merchant: &'a Merchant, url: &Url) -> Result<Signatory<'a>> {
    let (who, id, key) = if url.path().starts_with("/brand/") {
        (
            Signatory::Brand {
                brand_id: &merchant.brand_id,
            },
            &merchant.brand_id,
            "brand_id",
        )
    } else {
        (
            Signatory::Merchant {
                mchid: &merchant.mchid,
            },
            &merchant.mchid,
            "mchid",
        )
    };
    if id.is_empty() {
        return fail(
            Status::ConfigIncomplete,
            format!("{key} is not set, and {} is signed with it.", url.path()),
        );
    }
    Ok(who)
}

/// The key that the caller chose: by the header, or by the message's `key_id`; "" for neither.
pub fn chosen_key(request: &Message) -> Result<&str> {
    let wanted = request.options.key_id.as_deref().unwrap_or("");
    let Some(id) = request.headers.http("Wechatpay-Serial") else {
        return Ok(wanted);
    };
    if !wanted.is_empty() && serial::key(wanted) != serial::key(id) {
        return fail(
            Status::HeaderDuplicate,
            format!("The header Wechatpay-Serial is {id}, the message's key_id {wanted}."),
        )
        .map_err(|error| error.hint("Keep the one that the sensitive fields are encrypted with."));
    }
    Ok(id)
}

/// Id for `Wechatpay-Serial`: the key that was chosen, or the preferred one.
fn wanted_key(merchant: &Merchant, request: &Message, url: &Url, now: Now) -> Result<String> {
    let chosen = chosen_key(request)?;
    let fixed = request.options.key_is_fixed;
    let by_header = request.headers.has_http("Wechatpay-Serial");
    if by_header && !fixed {
        return Ok(chosen.to_owned());
    }
    let keys = merchant.ring.keys();
    match keys.preferred(chosen, now.seconds) {
        Ok(_) if by_header => Ok(chosen.to_owned()),
        Ok(key) => Ok(key.id.clone()),
        // The list of certificates is how the first key becomes known.
        Err(_) if chosen.is_empty() && url.path() == CERTIFICATES_PATH => Ok(String::new()),
        // Another key cannot be named, and an answer under this one could not be verified.
        Err(error) if fixed => Err(error.hint(
            "Fields of this message are encrypted with this key, which is not in use any more: make the message anew from its plaintext and encrypt again.",
        )),
        Err(error) => Err(error),
    }
}

fn headers(merchant: &Merchant, request: &Message, key_id: &str) -> Headers {
    let mut headers = Headers::with_capacity(request.headers.len() + 7, 1024);
    let mut default = |name: &str, value: &str| {
        if !value.is_empty() && !request.headers.has_http(name) {
            headers.push(name, value);
        }
    };
    default("Accept", "application/json");
    default("User-Agent", &merchant.user_agent);
    default("Accept-Language", &merchant.accept_language);
    if !request.body.is_empty() || matches!(request.method(), "POST" | "PUT" | "PATCH") {
        default("Content-Type", "application/json");
    }
    default("Wechatpay-Serial", key_id);
    headers.push("Accept-Encoding", "identity");
    for (name, value) in request.headers.iter() {
        headers.push(name, value);
    }
    headers
}
