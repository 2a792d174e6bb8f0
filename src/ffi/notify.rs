//! `wxpay_notify`: a notification that was verified, then decrypted.

use std::ffi::c_char;

use super::client::wxpay_client;
use super::error::wxpay_error;
use super::guard::guard;
use super::handle::{free, get, handle, look};
use super::input::text;
use super::message::wxpay_message;
use super::output::Out;
use super::wxpay_status;
use crate::text::Text;
use crate::time;
use crate::v3::notify::{Notification, reply};

/// A verified and decrypted notification.
#[allow(non_camel_case_types)]
pub struct wxpay_notify {
    _opaque: [u8; 0],
}
handle!(wxpay_notify, Notification, b"wxpaynot");

/// Opens a notification: headers, window, key, signature, and only then JSON and AES-GCM. No
/// network. Compare mchid, out_trade_no and amount with your order, and expect the same
/// notification up to 16 times.
/// @param client  a client with api_v3_key
/// @param message  headers in any spelling (HTTP_WECHATPAY_SERIAL too) and the raw body
/// @param now  Unix seconds, 0 = the system clock; never take it from the message
/// @param[out] out  owned; release with wxpay_notify_free
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 105 110 201 202 203 204 205 206 210 212 421
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_open(
    client: *const wxpay_client,
    message: *const wxpay_message,
    now: i64,
    out: *mut *mut wxpay_notify,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            out.put(client.open_notification(get(message, "message")?, time::now(now)?)?);
            Ok(())
        })
    }
}

/// # Safety
/// NULL or a live handle.
unsafe fn words<'a>(
    notify: *const wxpay_notify,
    of: impl FnOnce(&'a Notification) -> &'a Text,
) -> *const c_char {
    // SAFETY: as promised by the caller.
    unsafe { look(notify, c"".as_ptr(), |notify| of(notify).as_c()) }
}

/// Id of the notification.
/// @param notify  a notification, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_id(notify: *const wxpay_notify) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(notify, |notify| &notify.id) }
}

/// Such as "TRANSACTION.SUCCESS" or "REFUND.SUCCESS".
/// @param notify  a notification, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_event_type(notify: *const wxpay_notify) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(notify, |notify| &notify.event_type) }
}

/// "encrypt-resource".
/// @param notify  a notification, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_resource_type(notify: *const wxpay_notify) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(notify, |notify| &notify.resource_type) }
}

/// Type of the object before encryption, such as "transaction" or "refund".
/// @param notify  a notification, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_original_type(notify: *const wxpay_notify) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(notify, |notify| &notify.original_type) }
}

/// RFC 3339, as WeChat Pay wrote it.
/// @param notify  a notification, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_create_time(notify: *const wxpay_notify) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(notify, |notify| &notify.create_time) }
}

/// A sentence for people.
/// @param notify  a notification, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_summary(notify: *const wxpay_notify) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(notify, |notify| &notify.summary) }
}

/// Id of the WeChat Pay key that verified it.
/// @param notify  a notification, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_serial(notify: *const wxpay_notify) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(notify, |notify| &notify.serial) }
}

/// The envelope with `resource` replaced by the decrypted object, JSON; all else byte for byte.
/// One member is added, at the end, where the notification names several receivers and one of them
/// is not this client's merchant: "mchid_matches":false.
/// @param notify  a notification, or NULL (gives "")
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_json(notify: *const wxpay_notify) -> *const c_char {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { words(notify, |notify| &notify.json) }
}

/// When WeChat Pay signed it, Unix seconds.
/// @param notify  a notification, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_timestamp(notify: *const wxpay_notify) -> i64 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(notify, 0, |notify| notify.timestamp) }
}

/// The decrypted resource, byte for byte. No NUL follows.
/// @param notify  a notification, or NULL (gives NULL)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_plaintext(notify: *const wxpay_notify) -> *const u8 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(notify, std::ptr::null(), |notify| notify.plaintext.as_ptr()) }
}

/// Number of bytes of the decrypted resource.
/// @param notify  a notification, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_plaintext_len(notify: *const wxpay_notify) -> usize {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(notify, 0, |notify| notify.plaintext.len()) }
}

/// Releases a notification.
/// @param notify  a notification, or NULL
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_free(notify: *mut wxpay_notify) {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { free(notify) };
}

/// The answer that WeChat Pay wants to its notification: status, Content-Type and body. Store
/// what the notification says before you answer 204.
/// @param result  0 when it is handled: 204. A status of wxpay_notify_open between 200 and 299:
///   401. Anything else: 500, and it is sent again
/// @param reason  a few words for WeChat Pay's log; empty for a standard text
/// @param[out] out  owned; a response with header Content-Type where it has a body
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_notify_reply(
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
            out.put(reply(result, text(reason, reason_len, "reason")?)?);
            Ok(())
        })
    }
}
