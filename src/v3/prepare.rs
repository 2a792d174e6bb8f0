//! From what the caller wants to send to the exact message that goes out: absolute URL, every
//! header but Host and Content-Length, and the signature over the very bytes of the body
//! (protocol.md §1.1–§1.4).

use super::authorization::{Signatory, header};
use super::canonical;
use super::merchant::Merchant;
use crate::crypto::base64;
use crate::error::{Error, Result, Status, fail};
use crate::http::headers::shown;
use crate::http::{Headers, Kind, Message, Signed, Url};
use crate::nonce::nonce;
use crate::text::Text;
use crate::time::Now;

/// `GET` of the platform certificates: the one request that may go out before a key is known.
pub const CERTIFICATES_PATH: &str = "/v3/certificates";

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Headers that only the library writes (safety.md S4, S16).
const RESERVED: &[&str] = &[
    "Authorization", "Host", "Content-Length", "Transfer-Encoding", "Connection", "TE", "Expect",
    "Accept-Encoding", "Keep-Alive", "Upgrade", "Trailer",
];

/// Ready to go, with its Authorization.
pub fn prepare(merchant: &Merchant, request: &Message, now: Now) -> Result<Message> {
    let mut message = prepare_unsigned(merchant, request, now)?;
    sign_again(merchant, &mut message, now)?;
    Ok(message)
}

/// Complete but for the signature: for keys in a KMS or HSM. `signed().to_sign` has the bytes.
pub fn prepare_unsigned(merchant: &Merchant, request: &Message, now: Now) -> Result<Message> {
    let Kind::Request { method, url, signed } = &request.kind else {
        return fail(Status::InvalidState, "This message is a response; prepare takes a request.");
    };
    if signed.is_some() {
        return fail(Status::InvalidState, "This message is already prepared.")
            .map_err(|error| error.hint("Pass it to send, or prepare the message it was made from."));
    }
    check_method(method)?;
    let url = merchant.url(url)?;
    check_body(method, &request.body)?;
    signatory(merchant, &url)?;
    let mut message = request.clone();
    let key_id = wanted_key(merchant, request, &url, now)?;
    message.headers = headers(merchant, request, &key_id);
    message.key_id = Text::new(&key_id);
    let nonce = nonce()?;
    let to_sign = canonical::request(method, &url.target, &now.seconds.to_string(), &nonce, &request.body);
    message.kind = Kind::Request {
        method: method.clone(),
        url: Text::new(&url.to_string()),
        signed: Some(Signed { timestamp: now.seconds, nonce, to_sign, complete: false, external: false }),
    };
    Ok(message)
}

/// Signs a prepared message with a fresh time and nonce: same method, target and body (S3).
pub fn sign_again(merchant: &Merchant, message: &mut Message, now: Now) -> Result<()> {
    let key = merchant.private_key()?;
    let url = Url::parse(message.url())?;
    let nonce = nonce()?;
    let timestamp = now.seconds.to_string();
    let to_sign = canonical::request(message.method(), &url.target, &timestamp, &nonce, &message.body);
    let signature = base64::encode(&key.sign(&to_sign)?);
    let value = header(signatory(merchant, &url)?, &nonce, &timestamp, &merchant.serial, &signature);
    message.headers.set("Authorization", &value);
    if let Kind::Request { signed, .. } = &mut message.kind {
        *signed = Some(Signed { timestamp: now.seconds, nonce, to_sign, complete: true, external: false });
    }
    Ok(())
}

/// Completes a message from `prepare_unsigned`. `signature` is raw or base64; it is verified at
/// once when the merchant's certificate is configured, because a wrong one would only be found
/// out by WeChat Pay.
pub fn attach_signature(merchant: &Merchant, message: &mut Message, signature: &[u8]) -> Result<()> {
    let Kind::Request { signed: Some(signed), .. } = &message.kind else {
        return fail(Status::InvalidState, "This message is not from wxpay_client_prepare_unsigned.");
    };
    if signed.complete {
        return fail(Status::InvalidState, "This message is already signed.");
    }
    let raw = raw_signature(signature)?;
    if let Some(certificate) = &merchant.certificate
        && !certificate.public.verify(&signed.to_sign, &raw)
    {
        return fail(
            Status::SignFailed,
            format!("The signature is not that of the merchant certificate {} over the bytes to sign.", certificate.serial),
        )
        .map_err(|error| error.hint("Sign `to_sign` as it is with RSASSA-PKCS1-v1_5 and SHA-256 (or its digest with a signer that takes digests), with the key of this certificate."));
    }
    let url = Url::parse(message.url())?;
    let value = header(
        signatory(merchant, &url)?,
        &signed.nonce,
        &signed.timestamp.to_string(),
        &merchant.serial,
        &base64::encode(&raw),
    );
    message.headers.set("Authorization", &value);
    if let Kind::Request { signed: Some(signed), .. } = &mut message.kind {
        signed.complete = true;
        signed.external = true;
    }
    Ok(())
}

/// Raw RSA-2048 to RSA-4096 signatures have 256 to 512 bytes; anything else must be base64 of
/// that.
pub fn raw_signature(signature: &[u8]) -> Result<Vec<u8>> {
    let decoded = std::str::from_utf8(signature).ok().and_then(|text| base64::decode(text.trim()));
    let raw = decoded.unwrap_or_else(|| signature.to_vec());
    if !(256..=512).contains(&raw.len()) {
        return fail(
            Status::InvalidArgument,
            format!("signature must be 256 bytes (RSA-2048), raw or base64; got {} bytes.", signature.len()),
        );
    }
    Ok(raw)
}

fn check_method(method: &str) -> Result<()> {
    if METHODS.contains(&method) {
        return Ok(());
    }
    fail(
        Status::InvalidArgument,
        format!("method must be one of {} in upper case, got \"{}\".", METHODS.join(", "), shown(method)),
    )
}

fn check_body(method: &str, body: &[u8]) -> Result<()> {
    if method == "GET" && !body.is_empty() {
        return fail(Status::InvalidArgument, format!("A GET has no body; got {} bytes.", body.len()))
            .map_err(|error| error.hint("Put parameters into the query of the URL."));
    }
    if let Err(error) = std::str::from_utf8(body) {
        return fail(
            Status::InvalidUtf8,
            format!("The body is not UTF-8 from byte {} on.", error.valid_up_to()),
        );
    }
    Ok(())
}

/// Brand scheme for paths under `/brand/`, merchant scheme for all others.
fn signatory<'a>(merchant: &'a Merchant, url: &Url) -> Result<Signatory<'a>> {
    let (who, id, key) = if url.path().starts_with("/brand/") {
        (Signatory::Brand { brand_id: &merchant.brand_id }, &merchant.brand_id, "brand_id")
    } else {
        (Signatory::Merchant { mchid: &merchant.mchid }, &merchant.mchid, "mchid")
    };
    if id.is_empty() {
        return fail(Status::ConfigIncomplete, format!("{key} is not set, and {} is signed with it.", url.path()));
    }
    Ok(who)
}

/// Id for `Wechatpay-Serial`: the caller's header, the message's `key_id`, or the preferred key.
fn wanted_key(merchant: &Merchant, request: &Message, url: &Url, now: Now) -> Result<String> {
    if let Some(id) = request.headers.single("Wechatpay-Serial")? {
        return Ok(id.to_owned());
    }
    let keys = merchant.ring.keys();
    let wanted = request.options.key_id.as_deref().unwrap_or("");
    match keys.preferred(wanted, now.seconds) {
        Ok(key) => Ok(key.id.clone()),
        // The list of certificates is how the first key becomes known.
        Err(_) if wanted.is_empty() && url.path() == CERTIFICATES_PATH => Ok(String::new()),
        Err(error) => Err(error),
    }
}

fn headers(merchant: &Merchant, request: &Message, key_id: &str) -> Headers {
    let mut headers = Headers::default();
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

/// May a caller add this header to a request? (S16)
pub fn check_caller_header(headers: &Headers, name: &str, value: &str) -> Result<()> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || name.len() > 256 || !name.bytes().all(token) {
        return fail(Status::InvalidArgument, format!("\"{}\" is not a header name.", shown(name)));
    }
    if let Some(byte) = value.bytes().find(|byte| !matches!(byte, 0x20..=0x7e | b'\t')) {
        return fail(
            Status::InvalidArgument,
            format!("The value of header {name} contains the byte 0x{byte:02X}; allowed are 0x20 to 0x7E and tab."),
        );
    }
    let proxy = name.get(..6).is_some_and(|prefix| prefix.eq_ignore_ascii_case("Proxy-"));
    if proxy || RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name)) {
        return fail(Status::InvalidArgument, format!("The header {name} is written by the library; it cannot be added."));
    }
    if name.eq_ignore_ascii_case("Wechatpay-Serial") {
        if headers.has_http(name) {
            return Err(Error::new(Status::HeaderDuplicate, "Wechatpay-Serial is already there."));
        }
        if !crate::key::serial::is_key_id(value) {
            return fail(Status::SerialFormat, format!("Wechatpay-Serial \"{}\" is not a key id.", shown(value)));
        }
    }
    Ok(())
}
