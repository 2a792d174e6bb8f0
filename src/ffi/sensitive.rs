//! Sensitive values of one merchant.

use std::ffi::c_char;

use super::buf::{Buffer, wxpay_buf};
use super::client::wxpay_client;
use super::error::wxpay_error;
use super::guard::guard;
use super::handle::{get, get_mut};
use super::input::{bytes, text};
use super::message::wxpay_message;
use super::output::Out;
use super::wxpay_status;
use crate::time;
use crate::v3::{sensitive, sensitive_fields};

/// Encrypts a value for WeChat Pay. The request must name the key that was used: set
/// `used_key_id` on it as option "key_id".
/// @param client  a client
/// @param key_id  of the WeChat Pay key to use; empty for the one that requests ask for
/// @param plaintext  at most 214 bytes for a 2048-bit key
/// @param[out] ciphertext_base64  owned
/// @param[out] used_key_id  owned; NULL to ignore
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 204 211 410
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_encrypt(
    client: *const wxpay_client,
    key_id: *const c_char,
    key_id_len: usize,
    plaintext: *const c_char,
    plaintext_len: usize,
    ciphertext_base64: *mut *mut wxpay_buf,
    used_key_id: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let ciphertext_base64 = Out::new(ciphertext_base64, "ciphertext_base64");
        let used_key_id = Out::new(used_key_id, "used_key_id");
        guard(err, || {
            ciphertext_base64.required()?;
            let client = get(client, "client")?;
            let key_id = text(key_id, key_id_len, "key_id")?;
            let plaintext = bytes(plaintext, plaintext_len, "plaintext")?;
            let (ciphertext, used) =
                sensitive::encrypt(&client.merchant, key_id, plaintext, time::clock())?;
            let (text, used) = (
                Buffer::new(ciphertext.as_bytes())?,
                Buffer::new(used.as_bytes())?,
            );
            ciphertext_base64.put(text);
            used_key_id.put(used);
            Ok(())
        })
    }
}

/// Decrypts a value of an answer with the merchant's private key. Every failure has the same
/// status, and one text for all that is base64.
/// @param client  a client with a private key
/// @param ciphertext_base64  strict base64
/// @param[out] out  owned; the plaintext
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 110 210
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_decrypt(
    client: *const wxpay_client,
    ciphertext_base64: *const c_char,
    ciphertext_base64_len: usize,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            let ciphertext = text(
                ciphertext_base64,
                ciphertext_base64_len,
                "ciphertext_base64",
            )?;
            out.put_bytes(&sensitive::decrypt(&client.merchant, ciphertext)?)
        })
    }
}

/// Encrypts values inside the JSON body of a request and fixes the key on the message, so that the
/// header Wechatpay-Serial names the key that was used. Only those strings are replaced; every
/// other byte stays. On an error the request is unchanged.
/// @param client  a client
/// @param request  a request that is not prepared yet, with a JSON body
/// @param pointers  JSON pointers (RFC 6901), one a line; `*` is every element of an array; a `?` at
///   the end of a line: the value may be absent, null or empty
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads one at a time per message  @io none  @errors 100 101 102 103 105 204 206 211 410 420 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_encrypt_fields(
    client: *const wxpay_client,
    request: *mut wxpay_message,
    pointers: *const c_char,
    pointers_len: usize,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        guard(err, || {
            let client = get(client, "client")?;
            let request = get_mut(request, "request")?;
            let pointers = text(pointers, pointers_len, "pointers")?;
            sensitive_fields::encrypt(&client.merchant, request, pointers, time::clock())
        })
    }
}

/// Decrypts values inside a verified answer. Only those strings are replaced; every other byte
/// stays. The message is not changed.
/// @param client  a client with a private key
/// @param response  an answer whose signature was verified
/// @param pointers  as for wxpay_client_encrypt_fields
/// @param[out] json  owned; the body with the values decrypted
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 103 105 110 210 420 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_decrypt_fields(
    client: *const wxpay_client,
    response: *const wxpay_message,
    pointers: *const c_char,
    pointers_len: usize,
    json: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let json = Out::new(json, "json");
        guard(err, || {
            json.required()?;
            let client = get(client, "client")?;
            let response = get(response, "response")?;
            let pointers = text(pointers, pointers_len, "pointers")?;
            json.put_bytes(&sensitive_fields::decrypt(
                &client.merchant,
                response,
                pointers,
            )?)
        })
    }
}
