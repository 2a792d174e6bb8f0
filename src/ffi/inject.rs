//! Two exports that no header declares and no release has: where the next panic is to be.

use std::ffi::{CStr, c_char};

use crate::panic::injected;

/// `place` names a `strike!` of the sources; NULL for none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_inject_panic(place: *const c_char) {
    let place = if place.is_null() {
        c""
    } else {
        // SAFETY: the test passes a string that ends with NUL.
        unsafe { CStr::from_ptr(place) }
    };
    injected::at(place.to_str().unwrap_or_default());
}

/// Panics that were asked for and came.
#[unsafe(no_mangle)]
pub extern "C" fn wxpay_injected_panics() -> u64 {
    injected::struck()
}
