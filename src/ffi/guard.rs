//! The boundary: every fallible export runs its body here. Clears `*err`, catches panics, turns an
//! error into a handle and a status. Nothing unwinds out.

use super::error::wxpay_error;
use super::output::Out;
use super::wxpay_status;
use crate::error::Result;
use crate::panic;

/// # Safety
/// `err` is NULL or points to a writable pointer.
pub unsafe fn guard(err: *mut *mut wxpay_error, body: impl FnOnce() -> Result<()>) -> wxpay_status {
    // SAFETY: as promised by the caller.
    let err = unsafe { Out::new(err, "err") };
    match panic::catch(body) {
        Ok(()) => 0,
        Err(error) => {
            let status = error.status().code();
            err.put_if_wanted(|| super::error::handle(error));
            status
        }
    }
}

/// For exports that return no status: a panic gives `otherwise`.
pub fn quiet<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    panic::catch(|| Ok(body())).unwrap_or(otherwise)
}
