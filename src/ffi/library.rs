//! The library itself: versions, statuses, self-test.

use std::collections::HashMap;
use std::ffi::c_char;
use std::sync::OnceLock;

use super::error::wxpay_error;
use super::guard::{guard, quiet};
use super::wxpay_status;
use crate::error::{Status, TABLE};
use crate::sys::fork_gate;
use crate::text::Text;

/// major << 16 | minor of the ABI. Check it first: a binding works with the same major and at
/// least its own minor.
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub extern "C" fn wxpay_abi_version() -> u32 {
    crate::diag::ABI_VERSION
}

/// The library's version, such as "0.1.0". Static.
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub extern "C" fn wxpay_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// How the library was built, a JSON object: version, abi, target, tls, crypto. Static.
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub extern "C" fn wxpay_build_info() -> *const c_char {
    static INFO: OnceLock<Text> = OnceLock::new();
    quiet(c"{}".as_ptr(), || {
        fork_gate::once(&INFO, || Text::new(&crate::diag::build_info())).as_c()
    })
}

/// Known answers of every primitive, without network. INTERNAL names the one that is wrong.
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 901
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_selftest(err: *mut *mut wxpay_error) -> wxpay_status {
    // SAFETY: `err` as the header says.
    unsafe { guard(err, crate::diag::selftest) }
}

/// Name of a status, such as "SIGNATURE_INVALID"; "UNKNOWN" for a number this library has not.
/// Static.
/// @param status  a status
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub extern "C" fn wxpay_status_name(status: wxpay_status) -> *const c_char {
    static_text(status, 0)
}

/// What a status means, one phrase. Static.
/// @param status  a status
/// @param lang  WXPAY_LANG_EN or WXPAY_LANG_ZH; anything else is English
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub extern "C" fn wxpay_status_text(status: wxpay_status, lang: i32) -> *const c_char {
    static_text(status, if lang == 1 { 2 } else { 1 })
}

/// Name, English text and Chinese text of every status, NUL-terminated, made once.
fn static_text(status: wxpay_status, column: usize) -> *const c_char {
    static TEXTS: OnceLock<HashMap<Status, [Text; 3]>> = OnceLock::new();
    let all = || {
        TABLE
            .iter()
            .map(|row| (row.status, [row.name.into(), row.en.into(), row.zh.into()]))
            .collect()
    };
    let unknown = if column == 0 {
        c"UNKNOWN"
    } else {
        c"unknown status"
    };
    quiet(unknown.as_ptr(), || {
        Status::from_code(status)
            .and_then(|status| fork_gate::once(&TEXTS, all).get(&status))
            .and_then(|row| row.get(column))
            .map_or(unknown.as_ptr(), Text::as_c)
    })
}
