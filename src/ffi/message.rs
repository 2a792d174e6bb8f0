//! `wxpay_message`: one HTTP message, either direction.

use std::ffi::c_char;

use super::error::wxpay_error;
use super::guard::guard;
use super::handle::{free, get_mut, handle, look, start};
use super::input::{bytes, text};
use super::output::Out;
use super::wxpay_status;
use crate::error::{Status, fail};
use crate::http::Message;
use crate::text::Text;
use crate::v3::compose;

/// One HTTP message: a request to be sent, or a response or notification received.
#[allow(non_camel_case_types)]
pub struct wxpay_message {
    _opaque: [u8; 0],
}
handle!(wxpay_message, Message, b"wxpaymsg");

/// # Safety
/// NULL or a live handle.
unsafe fn words<'a>(
    message: *const wxpay_message,
    of: impl FnOnce(&'a Message) -> *const c_char,
) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { look(message, c"".as_ptr(), of) }
}

/// Makes a request.
/// @param method  GET, POST, PUT, PATCH or DELETE
/// @param url  path and query, already percent-encoded, or an absolute URL of a known host
/// @param body  the exact bytes to sign and send, UTF-8; empty for none
/// @param[out] out  owned; release with wxpay_message_free
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 106 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_new_request(
    method: *const c_char,
    method_len: usize,
    url: *const c_char,
    url_len: usize,
    body: *const c_char,
    body_len: usize,
    out: *mut *mut wxpay_message,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let method = text(method, method_len, "method")?;
            let url = text(url, url_len, "url")?;
            out.put(compose::request(
                method,
                url,
                bytes(body, body_len, "body")?,
            )?);
            Ok(())
        })
    }
}

/// Makes a response from what your own transport received, or a message for wxpay_notify_open
/// (status 0 or 200). Add its headers next.
/// @param status  HTTP status; 0 for a notification
/// @param body  the bytes received, before any parsing
/// @param[out] out  owned; release with wxpay_message_free
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_new_response(
    status: i32,
    body: *const c_char,
    body_len: usize,
    out: *mut *mut wxpay_message,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let status = match u16::try_from(status) {
                Ok(status @ (0 | 100..=999)) => status,
                _ => {
                    return fail(
                        Status::InvalidArgument,
                        format!("status must be 0 or an HTTP status, got {status}."),
                    );
                }
            };
            out.put(Message::response(
                status,
                compose::copied(bytes(body, body_len, "body")?)?,
            ));
            Ok(())
        })
    }
}

/// Adds one header. On a response any spelling is understood (HTTP_WECHATPAY_SERIAL too), and
/// repeated names keep their order. On a request, headers that the library writes are refused.
/// @param message  the message to change
/// @param name  an HTTP header name
/// @param value  its value
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads one at a time per message  @io none  @errors 100 101 102 103 105 115 206
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_add_header(
    message: *mut wxpay_message,
    name: *const c_char,
    name_len: usize,
    value: *const c_char,
    value_len: usize,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        guard(err, || {
            let message = get_mut(message, "message")?;
            let name = text(name, name_len, "name")?;
            let value = compose::header_text("value", bytes(value, value_len, "value")?)?;
            compose::add_header(message, name, &value)
        })
    }
}

/// Adds headers from a raw block: lines "Name: value" ended by CRLF or LF, as nginx, mod_php or a
/// socket hand them out. A status line at the start and an empty line at the end are passed over.
/// @param message  the message to change
/// @param raw  the block
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads one at a time per message  @io none  @errors 100 101 102 103 105 115 206
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_add_header_block(
    message: *mut wxpay_message,
    raw: *const c_char,
    raw_len: usize,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        guard(err, || {
            let message = get_mut(message, "message")?;
            let raw = compose::header_text("raw", bytes(raw, raw_len, "raw")?)?;
            compose::add_header_block(message, &raw)
        })
    }
}

/// Sets an option for this call only: "timeout_ms" (1 to 3600000), "idempotent" ("1": your promise
/// that repeating this request cannot act twice), "key_id" (WeChat Pay key that the answer is to
/// be signed with, as returned by wxpay_client_encrypt). Empty unsets.
/// @param message  a request
/// @param key  name of the option
/// @param value  its value
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads one at a time per message  @io none  @errors 100 101 102 103 115 117
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_set(
    message: *mut wxpay_message,
    key: *const c_char,
    key_len: usize,
    value: *const c_char,
    value_len: usize,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        guard(err, || {
            let message = get_mut(message, "message")?;
            compose::set_option(
                message,
                text(key, key_len, "key")?,
                text(value, value_len, "value")?,
            )
        })
    }
}

/// Asks the wxpay_client_send at work on this message, or the next one, to stop: it returns
/// CANCELLED with the true outcome. Sticky. Also works while another thread uses the message.
/// @param message  a request, or NULL
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_cancel(message: *const wxpay_message) {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(message, (), |message| message.cancel.cancel()) }
}

/// Method of a request; "" for a response.
/// @param message  a message, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_method(message: *const wxpay_message) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe {
        words(message, |message| {
            message.method_text().map_or(c"".as_ptr(), Text::as_c)
        })
    }
}

/// URL of a request, absolute once it is prepared; "" for a response.
/// @param message  a message, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_url(message: *const wxpay_message) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe {
        words(message, |message| {
            message.url_text().map_or(c"".as_ptr(), Text::as_c)
        })
    }
}

/// HTTP status of a response; 0 for a request.
/// @param message  a message, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_status(message: *const wxpay_message) -> i32 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(message, 0, |message| i32::from(message.status())) }
}

/// Number of headers.
/// @param message  a message, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_header_count(message: *const wxpay_message) -> usize {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(message, 0, |message| message.headers.len()) }
}

/// Name of the header at an index; NULL beyond the last.
/// @param message  a message, or NULL (gives NULL)
/// @param index  from 0
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_header_name(
    message: *const wxpay_message,
    index: usize,
) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe {
        look(message, std::ptr::null(), |message| {
            message
                .headers
                .at(index)
                .map_or(std::ptr::null(), |(name, _)| name.as_c())
        })
    }
}

/// Value of the header at an index; NULL beyond the last.
/// @param message  a message, or NULL (gives NULL)
/// @param index  from 0
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_header_value(
    message: *const wxpay_message,
    index: usize,
) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe {
        look(message, std::ptr::null(), |message| {
            message
                .headers
                .at(index)
                .map_or(std::ptr::null(), |(_, value)| value.as_c())
        })
    }
}

/// First value of a header by name, in any case and spelling; NULL when it is absent.
/// @param message  a message, or NULL (gives NULL)
/// @param name  the header's name
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_header(
    message: *const wxpay_message,
    name: *const c_char,
    name_len: usize,
) -> *const c_char {
    // SAFETY: every pointer as the header says.
    unsafe {
        look(message, std::ptr::null(), |message| {
            text(name, name_len, "name")
                .ok()
                .and_then(|name| message.headers.at(message.headers.place(name)?))
                .map_or(std::ptr::null(), |(_, value)| value.as_c())
        })
    }
}

/// The body's bytes; never NULL for a live message. No NUL follows.
/// @param message  a message, or NULL (gives NULL)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_body(message: *const wxpay_message) -> *const u8 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(message, std::ptr::null(), |message| start(&message.body)) }
}

/// Number of bytes of the body.
/// @param message  a message, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_body_len(message: *const wxpay_message) -> usize {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(message, 0, |message| message.body.len()) }
}

/// How far a response is authenticated, WXPAY_VERIFIED_…: 0 not checked, 1 signature verified, 2
/// not signed by design (closed table), 3 error answer.
/// @param message  a message, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_verified(message: *const wxpay_message) -> i32 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(message, 0, |message| message.verified as i32) }
}

/// Request-ID of a response; "" when there is none.
/// @param message  a message, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_request_id(message: *const wxpay_message) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(message, |message| message.request_id.as_c()) }
}

/// Id of the WeChat Pay key that verified a response, or that a prepared request asks for.
/// @param message  a message, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_key_id(message: *const wxpay_message) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(message, |message| message.key_id.as_c()) }
}

/// What happened on the network, JSON: milliseconds of dns, connect, tls, first byte and total,
/// addresses tried and used, whether the connection was reused, TLS. "" when nothing was sent.
/// @param message  a message, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_trace(message: *const wxpay_message) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(message, |message| message.trace.as_c()) }
}

/// Releases a message. One borrowed from an error is released with the error.
/// @param message  a message, or NULL
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_message_free(message: *mut wxpay_message) {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { free(message) };
}
