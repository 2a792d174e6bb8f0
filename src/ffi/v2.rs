//! API v2: XML, MD5 and HMAC-SHA256.

use std::ffi::c_char;

use super::buf::{Buffer, wxpay_buf};
use super::client::wxpay_client;
use super::error::wxpay_error;
use super::guard::guard;
use super::handle::{get, get_mut, get_or_null};
use super::input::text;
use super::message::wxpay_message;
use super::output::Out;
use super::wxpay_status;
use crate::v2;

/// Signature of a flat JSON object by the rules of API v2: sorted, joined, hashed, upper hex.
/// `sign`, null and empty values are left out. For parameters of front ends and of other channels;
/// requests are for wxpay_v2_prepare.
/// @param client  a client with api_v2_key
/// @param sign_type  MD5 or HMAC-SHA256; empty for api_v2_sign_type
/// @param json  an object of text and integers
/// @param[out] out  owned; 32 or 64 hex digits
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 105 110 212 420
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_v2_sign(
    client: *const wxpay_client,
    sign_type: *const c_char,
    sign_type_len: usize,
    json: *const c_char,
    json_len: usize,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            let sign_type = text(sign_type, sign_type_len, "sign_type")?;
            let sign = v2::sign(&client.merchant, sign_type, text(json, json_len, "json")?)?;
            out.put_bytes(sign.as_bytes())
        })
    }
}

/// Makes the exact message to send to an API v2 path: XML with mch_id, nonce_str, sign_type where
/// they are missing, and sign; for pages such as /papay/entrustweb a GET, whose URL is for the
/// buyer's browser. Send it with wxpay_v2_send, or with your own transport and then
/// wxpay_v2_check. Refunds and other paths need the client certificate.
/// @param client  a client with api_v2_key
/// @param path  such as /pay/unifiedorder, or an absolute URL of a known host
/// @param sign_type  MD5 or HMAC-SHA256; empty for api_v2_sign_type
/// @param json  an object of text and integers
/// @param[out] out  owned; the prepared message
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 105 106 110 212 420
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_v2_prepare(
    client: *const wxpay_client,
    path: *const c_char,
    path_len: usize,
    sign_type: *const c_char,
    sign_type_len: usize,
    json: *const c_char,
    json_len: usize,
    out: *mut *mut wxpay_message,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            out.put(v2::prepare(
                &client.merchant,
                text(path, path_len, "path")?,
                text(sign_type, sign_type_len, "sign_type")?,
                text(json, json_len, "json")?,
            )?);
            Ok(())
        })
    }
}

/// Checks an answer to a prepared message of API v2, or a notification, and gives its fields as they
/// came. For a bill that is {}: its bytes are the response's body. A notification may report a
/// failure: look at result_code. Confirm every v2 notification with an order query: the v2 signature is ambiguous, and does not
/// name the receiver.
/// @param client  a client with api_v2_key
/// @param request  the prepared message that was sent; NULL: a notification, which must be signed
/// @param response  the answer or notification; the verdict is written to it
/// @param[out] json  owned; the fields as a flat JSON object of text
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any; one at a time per response  @io none  @errors 100 101 103 110 201 212 400 401 402 422
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_v2_check(
    client: *const wxpay_client,
    request: *const wxpay_message,
    response: *mut wxpay_message,
    json: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let json = Out::new(json, "json");
        guard(err, || {
            json.required()?;
            let client = get(client, "client")?;
            if std::ptr::eq(request, response) {
                return crate::error::fail(
                    crate::error::Status::InvalidArgument,
                    "request and response are the same message.",
                );
            }
            let request = get_or_null(request, "request")?;
            let fields = client.v2_check(request, get_mut(response, "response")?)?;
            json.put_bytes(fields.as_bytes())
        })
    }
}

/// Sends a message from wxpay_v2_prepare and checks the answer. Never repeated by the library
/// after a byte of it was sent. On failure look at wxpay_error_outcome before anything is sent
/// again.
/// @param client  a client with api_v2_key
/// @param request  from wxpay_v2_prepare
/// @param[out] response  owned; the answer
/// @param[out] json  owned; its fields as a flat JSON object of text; NULL to ignore
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io network  @errors 100 101 103 105 106 110 201 212 300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315 316 317 400 401 402 422 501 503
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_v2_send(
    client: *const wxpay_client,
    request: *const wxpay_message,
    response: *mut *mut wxpay_message,
    json: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let response = Out::new(response, "response");
        let json = Out::new(json, "json");
        guard(err, || {
            response.required()?;
            let (answer, fields) = get(client, "client")?.v2_send(get(request, "request")?)?;
            let fields = Buffer::new(fields.as_bytes())?;
            response.put(answer);
            json.put(fields);
            Ok(())
        })
    }
}

/// Opens `req_info` of a v2 refund notification. Nothing in that notification is signed and the
/// cipher does not protect against changes: query the refund before you act on it.
/// @param client  a client with api_v2_key
/// @param req_info_base64  as it stands in the notification
/// @param[out] out  owned; {"authenticated":false,"refund":{…}}
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 110 210
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_v2_refund_open(
    client: *const wxpay_client,
    req_info_base64: *const c_char,
    req_info_base64_len: usize,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            let text = text(req_info_base64, req_info_base64_len, "req_info_base64")?;
            out.put_bytes(v2::refund_open(&client.merchant, text)?.as_bytes())
        })
    }
}

/// The answer that WeChat Pay wants to a v2 notification: 200 with SUCCESS or FAIL in XML. Store
/// what the notification says before you answer SUCCESS.
/// @param result  0 when it is handled; any other status: FAIL, and it is sent again
/// @param reason  a few words for WeChat Pay's log; empty for a standard text
/// @param[out] out  owned; a response with header Content-Type
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_v2_reply(
    result: wxpay_status,
    reason: *const c_char,
    reason_len: usize,
    out: *mut *mut wxpay_message,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            out.put(v2::reply(result, text(reason, reason_len, "reason")?)?);
            Ok(())
        })
    }
}
