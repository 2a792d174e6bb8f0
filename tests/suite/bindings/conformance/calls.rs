//! Steps that several operations share.

use serde_json::Value;
use wxpay::ffi::buf::wxpay_buf;
use wxpay::ffi::client::{wxpay_client, wxpay_client_new};
use wxpay::ffi::config::{wxpay_config_new, wxpay_config_set};
use wxpay::ffi::key::{wxpay_key, wxpay_key_load};
use wxpay::ffi::message::{
    wxpay_message, wxpay_message_add_header, wxpay_message_add_header_block,
    wxpay_message_new_request, wxpay_message_new_response,
};
use wxpay::ffi::primitives::{wxpay_oaep_decrypt, wxpay_sign, wxpay_verify};

use super::abi::{Owned, Stop, call, made, raw, wrong};
use super::case::{Case, Set};

// SAFETY of every call below: live handles, pointers with their lengths, out parameters of this
// module's `made` and `call`.

pub fn client_new(set: &Set, config: &Value) -> Result<Owned<wxpay_client>, Stop> {
    let made_config = made(|out, err| unsafe { wxpay_config_new(out, err) })?;
    let Some(members) = config.as_object() else {
        return wrong("a configuration is not an object");
    };
    for (key, value) in members {
        let (key, value) = (key.as_bytes(), set.value(value)?);
        let ((key, key_len), (value, value_len)) = (raw(key), raw(&value));
        call(|err| unsafe {
            wxpay_config_set(made_config.get(), key, key_len, value, value_len, err)
        })?;
    }
    made(|out, err| unsafe { wxpay_client_new(made_config.get(), out, err) })
}

pub fn key(data: &[u8], passphrase: &[u8]) -> Result<Owned<wxpay_key>, Stop> {
    let ((data, data_len), (passphrase, passphrase_len)) = (raw(data), raw(passphrase));
    made(|out, err| unsafe { wxpay_key_load(data, data_len, passphrase, passphrase_len, out, err) })
}

pub fn sign(key: &Owned<wxpay_key>, message: &[u8]) -> Result<Owned<wxpay_buf>, Stop> {
    let (message, len) = raw(message);
    made(|out, err| unsafe { wxpay_sign(key.get(), message, len, out, err) })
}

pub fn verify(key: &Owned<wxpay_key>, message: &[u8], signature: &[u8]) -> Result<(), Stop> {
    let ((message, message_len), (signature, signature_len)) = (raw(message), raw(signature));
    call(|err| unsafe {
        wxpay_verify(
            key.get(),
            message,
            message_len,
            signature,
            signature_len,
            err,
        )
    })
}

pub fn oaep_decrypt(key: &Owned<wxpay_key>, ciphertext: &[u8]) -> Result<Owned<wxpay_buf>, Stop> {
    let (ciphertext, len) = raw(ciphertext);
    made(|out, err| unsafe { wxpay_oaep_decrypt(key.get(), ciphertext, len, out, err) })
}

pub fn request(case: &Case<'_>) -> Result<Owned<wxpay_message>, Stop> {
    let (method, url, body) = (
        case.bytes("method")?,
        case.bytes("url")?,
        case.bytes("body")?,
    );
    new_request(&method, &url, &body)
}

pub fn new_request(method: &[u8], url: &[u8], body: &[u8]) -> Result<Owned<wxpay_message>, Stop> {
    let ((method, method_len), (url, url_len), (body, body_len)) =
        (raw(method), raw(url), raw(body));
    made(|out, err| unsafe {
        wxpay_message_new_request(method, method_len, url, url_len, body, body_len, out, err)
    })
}

pub fn new_response(status: i32, body: &[u8]) -> Result<Owned<wxpay_message>, Stop> {
    let (body, len) = raw(body);
    made(|out, err| unsafe { wxpay_message_new_response(status, body, len, out, err) })
}

/// `in.response`; `{nonce}` in its body becomes `nonce`.
pub fn response(case: &Case<'_>, nonce: Option<&str>) -> Result<Owned<wxpay_message>, Stop> {
    let Some(given) = case.input.get("response") else {
        return wrong("in has no response");
    };
    let status = given["status"]
        .as_i64()
        .and_then(|status| status.try_into().ok());
    let mut body = case.set.value(&given["body"])?;
    if let Some(nonce) = nonce {
        body = super::files::replaced(&body, "{nonce}", nonce);
    }
    let message = new_response(status.unwrap_or(-1), &body)?;
    add_headers(case.set, &message, &given["headers"])?;
    Ok(message)
}

pub fn add_headers(set: &Set, message: &Owned<wxpay_message>, rows: &Value) -> Result<(), Stop> {
    let Some(rows) = rows.as_array() else {
        return wrong("headers is not an array");
    };
    for row in rows {
        let (name, value) = (set.value(&row[0])?, set.value(&row[1])?);
        let ((name, name_len), (value, value_len)) = (raw(&name), raw(&value));
        call(|err| unsafe {
            wxpay_message_add_header(message.get(), name, name_len, value, value_len, err)
        })?;
    }
    Ok(())
}

/// `in.headers` or `in.block`, whichever is there.
pub fn headers_or_block(case: &Case<'_>, message: &Owned<wxpay_message>) -> Result<(), Stop> {
    if let Some(rows) = case.input.get("headers") {
        return add_headers(case.set, message, rows);
    }
    let block = case.bytes("block")?;
    let (block, len) = raw(&block);
    call(|err| unsafe { wxpay_message_add_header_block(message.get(), block, len, err) })
}
