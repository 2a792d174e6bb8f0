//! `wxpay_client`: one merchant, and the blocking functions.

use std::ffi::c_char;
use std::sync::Arc;

use super::buf::wxpay_buf;
use super::config::wxpay_config;
use super::error::wxpay_error;
use super::guard::guard;
use super::handle::{free, get, handle};
use super::input::{bytes, text};
use super::message::wxpay_message;
use super::output::Out;
use super::wxpay_status;
use crate::client::Client;

/// One merchant; use it from any number of threads and keep it for the life of the process.
#[allow(non_camel_case_types)]
pub struct wxpay_client {
    _opaque: [u8; 0],
}
handle!(wxpay_client, Arc<Client>, b"wxpaycli");

/// Makes a client. Reads the files that the configuration names and nothing else: no socket, no
/// store, no thread. Every wrong placement of keys and certificates is refused here.
/// @param config  a configuration; not kept
/// @param[out] out  owned; release with wxpay_client_free
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io reads the files that are named  @errors 100 101 104 105 106 110 111 112 113 115 116 118 119
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_new(
    config: *const wxpay_config,
    out: *mut *mut wxpay_client,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            out.put(Client::new(get(config, "config")?)?);
            Ok(())
        })
    }
}

/// Loads or reloads the system's store now: NO_TRUST_ROOTS at boot instead of at the first
/// payment. Call it before a fork, so that children inherit the store.
/// @param client  a client
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io reads the store  @errors 100 101 315
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_warm(
    client: *const wxpay_client,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe { guard(err, || get(client, "client")?.warm()) }
}

/// What the client is and did, JSON without secrets: keys and how each came to be trusted,
/// requests, connections, retries, store loads and reloads, roots.
/// @param client  a client
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_info(
    client: *const wxpay_client,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            out.put_bytes(get(client, "client")?.info().as_bytes())
        })
    }
}

/// Releases a client. Messages and errors from it live on.
/// @param client  a client, or NULL
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_free(client: *mut wxpay_client) {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { free(client) };
}

/// Sends a request and checks the answer: prepare, transport and check in one. A message from
/// wxpay_client_prepare or wxpay_message_attach_signature goes out byte for byte. On failure look
/// at wxpay_error_outcome before anything is sent again.
/// @param client  a client
/// @param request  a request, prepared or not; not changed
/// @param[out] response  owned; the verified answer, or one that WeChat Pay never signs
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io network  @errors 100 101 102 103 105 106 110 111 116 119 200 201 202 203 204 205 206 212 300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 400 401 402 410 420 501 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_send(
    client: *const wxpay_client,
    request: *const wxpay_message,
    response: *mut *mut wxpay_message,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let response = Out::new(response, "response");
        guard(err, || {
            response.required()?;
            response.put(get(client, "client")?.send(get(request, "request")?)?);
            Ok(())
        })
    }
}

/// wxpay_message_new_request and wxpay_client_send in one.
/// @param client  a client
/// @param method  GET, POST, PUT, PATCH or DELETE
/// @param url  path and query, already percent-encoded, or an absolute URL of a known host
/// @param body  the exact bytes to sign and send; empty for none
/// @param[out] response  owned; as for wxpay_client_send
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io network  @errors 100 101 102 105 106 110 111 116 119 200 201 202 203 204 205 206 212 300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 400 401 402 410 420 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_call(
    client: *const wxpay_client,
    method: *const c_char,
    method_len: usize,
    url: *const c_char,
    url_len: usize,
    body: *const c_char,
    body_len: usize,
    response: *mut *mut wxpay_message,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let response = Out::new(response, "response");
        guard(err, || {
            response.required()?;
            let client = get(client, "client")?;
            let method = text(method, method_len, "method")?;
            let url = text(url, url_len, "url")?;
            response.put(client.call(method, url, bytes(body, body_len, "body")?)?);
            Ok(())
        })
    }
}

/// Downloads the platform certificates and puts them in place of the old ones, all or nothing. OK
/// without I/O within 60 seconds of a success; RATE_LIMITED within 60 seconds of a failure.
/// Merchants with a WeChat Pay public key do not need it.
/// @param client  a client with api_v3_key
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io network  @errors 100 101 103 105 106 110 111 116 119 200 201 202 203 204 205 206 210 212 300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 400 401 402 410 420 501
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_client_refresh_certificates(
    client: *const wxpay_client,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe { guard(err, || get(client, "client")?.refresh_certificates()) }
}
