//! The boundary: every export that can do anything runs its body here. Clears `*err`, catches
//! panics, turns an error into a handle and a status. Nothing unwinds out.

use super::error::wxpay_error;
use super::output::Out;
use super::wxpay_status;
use crate::error::Result;
use crate::panic::{self, strike};

/// # Safety
/// `err` is NULL or points to a writable pointer.
pub unsafe fn guard(err: *mut *mut wxpay_error, body: impl FnOnce() -> Result<()>) -> wxpay_status {
    // SAFETY: as promised by the caller.
    let err = unsafe { Out::new(err, "err") };
    let outcome = panic::catch(|| {
        strike!("at an export");
        body()
    });
    match outcome {
        Ok(()) => 0,
        Err(error) => {
            let status = error.status().code();
            // A panic even here leaves the status, and no error to ask.
            quiet((), || {
                strike!("while an error is handed over");
                err.put_if_wanted(|| super::error::handle(error));
            });
            status
        }
    }
}

/// For exports that return no status: a panic gives `otherwise`.
pub fn quiet<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    panic::catch(|| {
        strike!("at an export");
        Ok(body())
    })
    .unwrap_or(otherwise)
}
