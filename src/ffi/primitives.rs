//! Single steps on plain values; no client needed. Bindings keep them in a module of their own.

use std::ffi::c_char;

use super::buf::wxpay_buf;
use super::error::wxpay_error;
use super::guard::guard;
use super::handle::get;
use super::input::{bytes, text};
use super::key::wxpay_key;
use super::output::Out;
use super::wxpay_status;
use crate::v3::primitives;

/// Builds the string that is signed for a request: five lines, each ended by LF.
/// @param method  3 to 7 capital letters
/// @param url  path and query as sent, or an absolute URL
/// @param timestamp  1 to 12 digits
/// @param nonce  1 to 64 of 0-9, A-Z, a-z, _ and -
/// @param body  the exact bytes sent
/// @param[out] out  owned; the exact bytes
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 106
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_canonical_request(
    method: *const c_char,
    method_len: usize,
    url: *const c_char,
    url_len: usize,
    timestamp: *const c_char,
    timestamp_len: usize,
    nonce: *const c_char,
    nonce_len: usize,
    body: *const c_char,
    body_len: usize,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let canonical = primitives::canonical_request(
                text(method, method_len, "method")?,
                text(url, url_len, "url")?,
                text(timestamp, timestamp_len, "timestamp")?,
                text(nonce, nonce_len, "nonce")?,
                bytes(body, body_len, "body")?,
            )?;
            out.put_bytes(&canonical)
        })
    }
}

/// Builds the string that WeChat Pay signs for a response or notification: three lines.
/// @param timestamp  of header Wechatpay-Timestamp
/// @param nonce  of header Wechatpay-Nonce
/// @param body  the exact bytes received
/// @param[out] out  owned; the exact bytes
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_canonical_response(
    timestamp: *const c_char,
    timestamp_len: usize,
    nonce: *const c_char,
    nonce_len: usize,
    body: *const c_char,
    body_len: usize,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let canonical = primitives::canonical_response(
                text(timestamp, timestamp_len, "timestamp")?,
                text(nonce, nonce_len, "nonce")?,
                bytes(body, body_len, "body")?,
            )?;
            out.put_bytes(&canonical)
        })
    }
}

/// Signs with RSASSA-PKCS1-v1_5 and SHA-256.
/// @param key  a private key
/// @param message  the bytes to sign
/// @param[out] out  owned; base64
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 116 200
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_sign(
    key: *const wxpay_key,
    message: *const c_char,
    message_len: usize,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let signature =
                primitives::sign(get(key, "key")?, bytes(message, message_len, "message")?)?;
            out.put_bytes(signature.as_bytes())
        })
    }
}

/// Verifies a signature made by wxpay_sign. Checks neither time nor who may sign: for messages of
/// WeChat Pay use wxpay_client_check and wxpay_notify_open.
/// @param key  a public key, certificate or private key
/// @param message  the signed bytes
/// @param signature_base64  strict base64
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 201
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_verify(
    key: *const wxpay_key,
    message: *const c_char,
    message_len: usize,
    signature_base64: *const c_char,
    signature_base64_len: usize,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        guard(err, || {
            let message = bytes(message, message_len, "message")?;
            let signature = text(signature_base64, signature_base64_len, "signature_base64")?;
            primitives::verify(get(key, "key")?, message, signature)
        })
    }
}

/// Opens AEAD_AES_256_GCM. The key alone authenticates it: for notifications use
/// wxpay_notify_open, which verifies first.
/// @param key  32 bytes, the APIv3 key as it is
/// @param nonce  12 bytes
/// @param aad  associated_data; may be empty
/// @param ciphertext_base64  ciphertext and 16 bytes of tag
/// @param[out] out  owned; the plaintext
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 210
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_aead_decrypt(
    key: *const c_char,
    key_len: usize,
    nonce: *const c_char,
    nonce_len: usize,
    aad: *const c_char,
    aad_len: usize,
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
            let plaintext = primitives::aead_decrypt(
                bytes(key, key_len, "key")?,
                bytes(nonce, nonce_len, "nonce")?,
                bytes(aad, aad_len, "aad")?,
                text(
                    ciphertext_base64,
                    ciphertext_base64_len,
                    "ciphertext_base64",
                )?,
            )?;
            out.put_bytes(&plaintext)
        })
    }
}

/// Encrypts with RSAES-OAEP (SHA-1, MGF1-SHA-1), as sensitive fields are.
/// @param key  a public key or certificate
/// @param plaintext  at most 214 bytes for a 2048-bit key
/// @param[out] out  owned; base64
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 211
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_oaep_encrypt(
    key: *const wxpay_key,
    plaintext: *const c_char,
    plaintext_len: usize,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let ciphertext = primitives::oaep_encrypt(
                get(key, "key")?,
                bytes(plaintext, plaintext_len, "plaintext")?,
            )?;
            out.put_bytes(ciphertext.as_bytes())
        })
    }
}

/// Decrypts what wxpay_oaep_encrypt made. Every failure has the same status and text.
/// @param key  a private key
/// @param ciphertext_base64  strict base64
/// @param[out] out  owned; the plaintext
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 116 210
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_oaep_decrypt(
    key: *const wxpay_key,
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
            let ciphertext = text(
                ciphertext_base64,
                ciphertext_base64_len,
                "ciphertext_base64",
            )?;
            out.put_bytes(&primitives::oaep_decrypt(get(key, "key")?, ciphertext)?)
        })
    }
}
