//! Sensitive values inside a JSON body, named by pointers (safety.md S21): either every one of
//! them is replaced and nothing else, or nothing is changed.

mod find;
mod pointers;
#[cfg(test)]
mod tests;

use self::find::{Found, find};
use self::pointers::Pointers;
use super::json_scan::Scanner;
use super::merchant::Merchant;
use super::prepare::chosen_key;
use crate::crypto::base64;
use crate::error::{Error, Result, Status, fail};
use crate::http::{Body, Message, Verified};
use crate::memory;
use crate::secret::Zeroizing;
use crate::time::Now;

/// With one key, chosen once: that of the message, else the preferred one. It is fixed on the
/// message, so that `prepare` names it whatever becomes of the ring in between.
pub fn encrypt(merchant: &Merchant, request: &mut Message, pointers: &str, now: Now) -> Result<()> {
    if !request.is_request() || request.signed().is_some() || request.v2.is_some() {
        return fail(
            Status::InvalidState,
            "Fields are encrypted in a request of API v3 before it is prepared.",
        );
    }
    if request.signed_part.is_some() {
        return fail(
            Status::InvalidState,
            "This message is an upload; its body is not JSON.",
        )
        .map_err(|error| error.hint("Encrypt the value with wxpay_client_encrypt, write it into meta_json, and set the message's key_id."));
    }
    let pointers = Pointers::parse(pointers)?;
    let keys = merchant.ring.keys();
    let key = keys.preferred(chosen_key(request)?, now.seconds)?;
    let mut scanner = Scanner::new("The body of the request", &request.body)?;
    let found = find(&mut scanner, &pointers)?;
    if found.is_empty() {
        return Ok(());
    }
    let mut sealed = memory::room(found.len())?;
    for field in &found {
        memory::foresee(field.span.len())?;
        let text = Zeroizing::new(scanner.unescaped(&field.span)?.into_owned());
        let ciphertext = key
            .key
            .encrypt_oaep(text.as_bytes())
            .map_err(|error| at(field, error))?;
        crate::panic::strike!("with a field still in clear");
        // No character of base64 is escaped in JSON.
        sealed.push(format!("\"{}\"", base64::encode(&ciphertext)).into_bytes());
    }
    let body = replaced(scanner.text(), &found, &sealed)?;
    request.options.key_id = Some(key.id.clone());
    request.options.key_is_fixed = true;
    request.body = Body::new(body);
    Ok(())
}

/// The body of a verified answer with the values decrypted; the answer stays as it is.
pub fn decrypt(
    merchant: &Merchant,
    response: &Message,
    pointers: &str,
) -> Result<Zeroizing<Vec<u8>>> {
    if response.is_request() || response.verified != Verified::Signature {
        return fail(
            Status::InvalidState,
            "Fields are decrypted only in an answer whose signature was verified.",
        )
        .map_err(|error| {
            error.hint("Pass the response of wxpay_client_send, or have wxpay_client_check verify it first.")
        });
    }
    let key = merchant.private_key()?;
    let pointers = Pointers::parse(pointers)?;
    let mut scanner = Scanner::new("The body of the answer", &response.body)?;
    let found = find(&mut scanner, &pointers)?;
    let mut opened: Vec<Zeroizing<Vec<u8>>> = memory::room(found.len())?;
    for field in &found {
        let ciphertext = scanner.unescaped(&field.span)?;
        // One text for whatever went wrong: a decryption oracle learns nothing.
        let plaintext = base64::decode(&ciphertext)
            .and_then(|bytes| key.decrypt_oaep(&bytes).ok())
            .ok_or_else(|| undecryptable(field))?;
        let text = std::str::from_utf8(&plaintext).map_err(|_| undecryptable(field))?;
        opened.push(quoted(text)?);
    }
    replaced(scanner.text(), &found, &opened).map(Zeroizing::new)
}

fn undecryptable(field: &Found<'_>) -> Error {
    Error::new(
        Status::DecryptFailed,
        format!(
            "The value at {} does not open with the merchant's private key.",
            field.place()
        ),
    )
    .hint("It must be encrypted for the merchant certificate of this key, with RSA-OAEP and SHA-1, and complete; a value that is plaintext already is none.")
}

fn at(field: &Found<'_>, error: Error) -> Error {
    let message = format!("At {}: {}", field.place(), error.fields().message);
    let mut error = error;
    error.fields_mut().message = message;
    error
}

/// A JSON string. Written into room that is large enough, so that no copy is left behind when it
/// grows: six bytes a byte at most.
fn quoted(text: &str) -> Result<Zeroizing<Vec<u8>>> {
    let mut quoted = Zeroizing::new(memory::room(text.len() * 6 + 2)?);
    match serde_json::to_writer(&mut *quoted, text) {
        Ok(()) => Ok(quoted),
        Err(error) => fail(
            Status::Internal,
            format!("A text could not be quoted: {error}."),
        ),
    }
}

fn replaced(text: &str, found: &[Found<'_>], values: &[impl AsRef<[u8]>]) -> Result<Vec<u8>> {
    let added: usize = values.iter().map(|value| value.as_ref().len()).sum();
    let mut out = memory::room(text.len() + added)?;
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (field, value) in found.iter().zip(values) {
        out.extend_from_slice(bytes.get(copied..field.span.start).unwrap_or_default());
        out.extend_from_slice(value.as_ref());
        copied = field.span.end;
    }
    out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
    Ok(out)
}
