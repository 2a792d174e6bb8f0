//! `wxpay_error`: everything known about a failure. Its pointers live as long as it does.

use std::ffi::c_char;
use std::sync::OnceLock;

use super::handle::{free, give, handle, look};
use super::message::wxpay_message;
use super::wxpay_status;
use crate::error::Error;
use crate::sys::fork_gate;
use crate::text::Text;

/// Why a function failed, what to do, and what is known about the request.
#[allow(non_camel_case_types)]
pub struct wxpay_error {
    _opaque: [u8; 0],
}
handle!(wxpay_error, ErrorValue, b"wxpayerr");

/// The error with its texts as C reads them.
pub struct ErrorValue {
    error: Error,
    message: Text,
    hint: Text,
    api_code: Text,
    api_message: Text,
    request_id: Text,
    json: OnceLock<Text>,
    request: Borrowed,
    response: Borrowed,
}

/// A message that belongs to the error.
struct Borrowed(*mut wxpay_message);

// SAFETY: the message behind it is only read, and freed once, with the error.
unsafe impl Send for Borrowed {}
// SAFETY: as above.
unsafe impl Sync for Borrowed {}

impl Drop for Borrowed {
    fn drop(&mut self) {
        // SAFETY: made by `give` below or NULL, and owned by this value alone.
        unsafe { free(self.0) };
    }
}

/// The error with its texts as C reads them.
pub fn handle(error: Error) -> ErrorValue {
    let borrowed = |message: &Option<std::sync::Arc<crate::http::Message>>| {
        Borrowed(message.as_ref().map_or(std::ptr::null_mut(), |message| {
            give::<wxpay_message>((**message).clone())
        }))
    };
    let fields = error.fields();
    ErrorValue {
        message: Text::new(&fields.message),
        hint: Text::new(&fields.hint),
        api_code: Text::new(&fields.api_code),
        api_message: Text::new(&fields.api_message),
        request_id: Text::new(&fields.request_id),
        json: OnceLock::new(),
        request: borrowed(&fields.request),
        response: borrowed(&fields.response),
        error,
    }
}

/// # Safety
/// NULL or a live handle.
unsafe fn number(
    error: *const wxpay_error,
    otherwise: i32,
    of: impl FnOnce(&ErrorValue) -> i32,
) -> i32 {
    // SAFETY: as promised by the caller.
    unsafe { look(error, otherwise, of) }
}

/// # Safety
/// NULL or a live handle.
unsafe fn words<'a>(
    error: *const wxpay_error,
    of: impl FnOnce(&'a ErrorValue) -> &'a Text,
) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { look(error, c"".as_ptr(), |value| of(value).as_c()) }
}

/// The status, WXPAY_STATUS_…, as the failed function returned it.
/// @param error  an error, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_status(error: *const wxpay_error) -> wxpay_status {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { number(error, 0, |value| value.error.status().code()) }
}

/// What is known about the request at WeChat Pay, WXPAY_OUTCOME_…: the field that matters for
/// money. UNKNOWN (0): query the order before anything is sent again. NOT_SENT (1): no byte left
/// this process. REJECTED (2): WeChat Pay refused it. DONE_UNVERIFIED (3): an answer came but its
/// signature did not verify; query, do not deliver.
/// @param error  an error, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_outcome(error: *const wxpay_error) -> i32 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { number(error, 0, |value| value.error.fields().outcome as i32) }
}

/// 1: the same request with the same business numbers may be sent again now; never with new ones.
/// @param error  an error, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_retryable(error: *const wxpay_error) -> i32 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { number(error, 0, |value| i32::from(value.error.fields().retryable)) }
}

/// Seconds to wait before sending again; -1 when nobody said.
/// @param error  an error, or NULL (gives -1)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_retry_after_s(error: *const wxpay_error) -> i32 {
    let seconds = |value: &ErrorValue| {
        value
            .error
            .fields()
            .retry_after_s
            .and_then(|s| i32::try_from(s).ok())
            .unwrap_or(-1)
    };
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { number(error, -1, seconds) }
}

/// HTTP status of the answer; 0 when there was none.
/// @param error  an error, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_http_status(error: *const wxpay_error) -> i32 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe {
        number(error, 0, |value| {
            i32::from(value.error.fields().http_status)
        })
    }
}

/// What is wrong with the values seen, one sentence, no secrets.
/// @param error  an error, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_message(error: *const wxpay_error) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(error, |value| &value.message) }
}

/// What a person should do next.
/// @param error  an error, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_hint(error: *const wxpay_error) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(error, |value| &value.hint) }
}

/// WeChat Pay's own code, such as "PARAM_ERROR"; not authenticated. The vocabulary is open.
/// @param error  an error, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_api_code(error: *const wxpay_error) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(error, |value| &value.api_code) }
}

/// WeChat Pay's own message; not authenticated.
/// @param error  an error, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_api_message(error: *const wxpay_error) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(error, |value| &value.api_message) }
}

/// Request-ID of the answer: give it to WeChat Pay's support.
/// @param error  an error, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_request_id(error: *const wxpay_error) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(error, |value| &value.request_id) }
}

/// Everything in one JSON object: status, message, hint, outcome, the answer's headers and detail,
/// a trace. Members are only added.
/// @param error  an error, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_json(error: *const wxpay_error) -> *const c_char {
    let json = |value: &'_ ErrorValue| -> *const c_char {
        let text = fork_gate::once(&value.json, || {
            Text::new(&super::guard::quiet(String::new(), || {
                value.error.to_json()
            }))
        });
        text.as_c()
    };
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(error, c"".as_ptr(), json) }
}

/// The request that failed; borrowed from the error. NULL if there is none.
/// @param error  an error, or NULL (gives NULL)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_request(error: *const wxpay_error) -> *const wxpay_message {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe {
        look(error, std::ptr::null(), |value| {
            value.request.0.cast_const()
        })
    }
}

/// The answer, not authenticated; borrowed from the error. NULL if there is none. After a failed
/// verification it has status and headers only.
/// @param error  an error, or NULL (gives NULL)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_response(error: *const wxpay_error) -> *const wxpay_message {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe {
        look(error, std::ptr::null(), |value| {
            value.response.0.cast_const()
        })
    }
}

/// Releases an error and everything borrowed from it.
/// @param error  an error, or NULL
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_error_free(error: *mut wxpay_error) {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { free(error) };
}
