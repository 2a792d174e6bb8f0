//! What comes in: pointer and length. Only read, and only during the call.

use std::ffi::c_char;

use crate::error::{Error, Result, Status, fail};

/// NULL with 0 is empty.
///
/// # Safety
/// NULL, or `len` readable bytes that stay as they are during the call.
pub unsafe fn bytes<'a>(pointer: *const c_char, len: usize, name: &str) -> Result<&'a [u8]> {
    if len == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return fail(
            Status::NullArgument,
            format!("{name} is NULL with a length of {len}."),
        );
    }
    if isize::try_from(len).is_err() {
        return fail(
            Status::InvalidArgument,
            format!(
                "{name} has a length of {len}, which no object has; is it a negative number or an uninitialised variable?"
            ),
        );
    }
    // SAFETY: not NULL, a possible length, and as promised by the caller.
    Ok(unsafe { std::slice::from_raw_parts(pointer.cast(), len) })
}

/// # Safety
/// As for `bytes`.
pub unsafe fn text<'a>(pointer: *const c_char, len: usize, name: &str) -> Result<&'a str> {
    // SAFETY: as promised by the caller.
    let bytes = unsafe { bytes(pointer, len, name) }?;
    std::str::from_utf8(bytes).map_err(|error| {
        Error::new(
            Status::InvalidUtf8,
            format!("{name} is not UTF-8 from byte {} on.", error.valid_up_to()),
        )
    })
}
