//! Prepare and check for callers with a transport of their own: asyncio, HttpClient, libcurl.

use std::ffi::c_char;

use super::buf::{Buffer, wxpay_buf};
use super::client::wxpay_client;
use super::error::wxpay_error;
use super::guard::guard;
use super::handle::{get, get_mut};
use super::input::bytes;
use super::message::wxpay_message;
use super::output::Out;
use super::wxpay_status;
use crate::client::Client;
use crate::crypto::digest;
use crate::error::{Status, fail};
use crate::time;
use crate::v3::prepare;

/// Makes the exact message to send: absolute URL, signature, and every header except Host and
/// Content-Length. Send its body byte for byte and do not follow redirects.
/// @param client  a client
/// @param request  a request; not changed
/// @param now  Unix seconds, 0 = the system clock
/// @param[out] out  owned; the prepared message
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 103 106 110 200 204 206 410
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_prepare(
    client: *const wxpay_client,
    request: *const wxpay_message,
    now: i64,
    out: *mut *mut wxpay_message,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            out.put(prepare::prepare(
                &client.merchant,
                get(request, "request")?,
                time::now(now)?,
            )?);
            Ok(())
        })
    }
}

/// Checks what your transport received for a prepared request and records the verdict on the
/// response (wxpay_message_verified). Never sends anything.
/// @param client  a client
/// @param request  the prepared message that was sent
/// @param response  the answer, with its headers; the verdict is written to it
/// @param now  Unix seconds, 0 = the system clock; never take it from the message
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any; one at a time per response  @io none  @errors 100 101 103 106 201 202 203 204 205 206 212 400 401 402
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_check(
    client: *const wxpay_client,
    request: *const wxpay_message,
    response: *mut wxpay_message,
    now: i64,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        guard(err, || {
            let client = get(client, "client")?;
            if std::ptr::eq(request, response) {
                return fail(
                    Status::InvalidArgument,
                    "request and response are the same message.",
                );
            }
            let request = get(request, "request")?;
            client.check(request, get_mut(response, "response")?, time::now(now)?)
        })
    }
}

/// As wxpay_client_prepare, but without the signature: for keys in a KMS, HSM or USB token. Sign
/// `to_sign` with RSASSA-PKCS1-v1_5 and SHA-256, or its digest, then attach.
/// @param client  a client
/// @param request  a request; not changed
/// @param now  Unix seconds, 0 = the system clock
/// @param[out] out  owned; the message, to be completed by wxpay_message_attach_signature
/// @param[out] to_sign  owned; the exact bytes; NULL to ignore
/// @param[out] to_sign_sha256  owned; their SHA-256, 32 bytes; NULL to ignore
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 103 106 110 200 204 206 410
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_prepare_unsigned(
    client: *const wxpay_client,
    request: *const wxpay_message,
    now: i64,
    out: *mut *mut wxpay_message,
    to_sign: *mut *mut wxpay_buf,
    to_sign_sha256: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        let to_sign = Out::new(to_sign, "to_sign");
        let to_sign_sha256 = Out::new(to_sign_sha256, "to_sign_sha256");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            let message = prepare::prepare_unsigned(
                &client.merchant,
                get(request, "request")?,
                time::now(now)?,
            )?;
            let bytes = message.signed().map_or(&[][..], |signed| &signed.to_sign);
            let (signed, digest) = (Buffer::new(bytes)?, Buffer::new(&digest::sha256(bytes))?);
            to_sign.put(signed);
            to_sign_sha256.put(digest);
            out.put(message);
            Ok(())
        })
    }
}

/// Completes a message from wxpay_client_prepare_unsigned. The signature is verified at once
/// against the merchant certificate, if that client was configured with one.
/// @param message  the message to complete
/// @param signature  256 bytes for RSA-2048, raw or base64
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads one at a time per message  @io none  @errors 100 101 103 200
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_attach_signature(
    message: *mut wxpay_message,
    signature: *const c_char,
    signature_len: usize,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        guard(err, || {
            let message = get_mut(message, "message")?;
            prepare::attach_signature(message, bytes(signature, signature_len, "signature")?)
        })
    }
}

/// Are platform certificates to be downloaded? 0 no, 1 older than 12 hours, 2 now. The rate limit
/// is included: 0 while it says wait.
/// @param client  a client, or NULL (gives 0)
/// @param now  Unix seconds, 0 = the system clock
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_certificates_due(
    client: *const wxpay_client,
    now: i64,
) -> i32 {
    super::guard::quiet(0, || {
        // SAFETY: NULL or a live handle, by the contract of the header.
        let client = unsafe { super::handle::peek(client) };
        match (client, time::now(now)) {
            (Some(client), Ok(now)) => client.certificates_due(now),
            _ => 0,
        }
    })
}

/// The request for the platform certificates, for wxpay_client_prepare or _prepare_unsigned; hand
/// its answer to wxpay_client_load_certificates.
/// @param client  a client
/// @param[out] out  owned; a request
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_certificates_request(
    client: *const wxpay_client,
    out: *mut *mut wxpay_message,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            get(client, "client")?;
            out.put(Client::certificates_request());
            Ok(())
        })
    }
}

/// Authenticates and loads a list of platform certificates, instead of wxpay_client_check. All or
/// nothing: on any error the old set stays.
/// @param client  a client with api_v3_key
/// @param response  the answer, with its headers
/// @param now  Unix seconds, 0 = the system clock; never take it from the message
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 103 105 110 111 116 119 201 202 203 204 205 206 210 212 400 401 402 410 420
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_load_certificates(
    client: *const wxpay_client,
    response: *const wxpay_message,
    now: i64,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        guard(err, || {
            let client = get(client, "client")?;
            client.load_certificates(get(response, "response")?, time::now(now)?)
        })
    }
}

/// What a request is signed over, JSON: the exact bytes, their length and digest line by line, the
/// key's fingerprint. Secrets are redacted. Nothing is signed or sent.
/// @param client  a client
/// @param request  a request, prepared or not
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 103 106 110 200 204 206 410
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_explain_request(
    client: *const wxpay_client,
    request: *const wxpay_message,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            let json = crate::diag::explain_request(&client.merchant, get(request, "request")?)?;
            out.put_bytes(json.as_bytes())
        })
    }
}
