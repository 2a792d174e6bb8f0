//! The calls of the C ABI that the vectors need: handles that free themselves, and every error
//! with what the contract says of it. No type of the library's inside is used.

use std::ffi::{CStr, c_char};
use std::ptr;

use wxpay::ffi::bill::{wxpay_bill, wxpay_bill_free};
use wxpay::ffi::buf::{wxpay_buf, wxpay_buf_data, wxpay_buf_free, wxpay_buf_len};
use wxpay::ffi::client::{wxpay_client, wxpay_client_free};
use wxpay::ffi::config::{wxpay_config, wxpay_config_free};
use wxpay::ffi::error::{
    wxpay_error, wxpay_error_free, wxpay_error_hint, wxpay_error_json, wxpay_error_message,
    wxpay_error_outcome, wxpay_error_status,
};
use wxpay::ffi::key::{wxpay_key, wxpay_key_free};
use wxpay::ffi::message::{wxpay_message, wxpay_message_free};
use wxpay::ffi::notify::{wxpay_notify, wxpay_notify_free};

/// Why a case stops.
pub enum Stop {
    /// A call failed, which may be what is wanted.
    Failed {
        status: i32,
        outcome: i32,
        json: Vec<u8>,
    },
    /// Something is not as the vector or the contract says.
    Wrong(String),
}

pub fn wrong<T>(what: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Wrong(what.into()))
}

pub trait Freed {
    /// # Safety
    /// A handle that nobody else frees.
    unsafe fn free(this: *mut Self);
}

macro_rules! freed {
    ($($handle:ty => $free:ident),*) => {$(
        impl Freed for $handle {
            unsafe fn free(this: *mut Self) {
                // SAFETY: as promised by the caller.
                unsafe { $free(this) }
            }
        }
    )*};
}
freed!(wxpay_bill => wxpay_bill_free, wxpay_buf => wxpay_buf_free, wxpay_client => wxpay_client_free, wxpay_config => wxpay_config_free,
    wxpay_key => wxpay_key_free, wxpay_message => wxpay_message_free, wxpay_notify => wxpay_notify_free,
    wxpay_error => wxpay_error_free);

/// One owned handle; freed once.
pub struct Owned<T: Freed>(*mut T);

impl<T: Freed> Owned<T> {
    /// What a call left in an out parameter.
    pub fn new(handle: *mut T) -> Owned<T> {
        Owned(handle)
    }

    pub fn get(&self) -> *mut T {
        self.0
    }
}

impl<T: Freed> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: it came from the library and is freed here alone.
        unsafe { T::free(self.0) }
    }
}

impl Owned<wxpay_buf> {
    pub fn bytes(&self) -> Vec<u8> {
        // SAFETY: a live buffer's data has its length.
        unsafe {
            std::slice::from_raw_parts(wxpay_buf_data(self.0), wxpay_buf_len(self.0)).to_vec()
        }
    }
}

/// Pointer and length, as every text goes in.
pub fn raw(bytes: &[u8]) -> (*const c_char, usize) {
    (bytes.as_ptr().cast(), bytes.len())
}

/// A borrowed text; `None` for NULL.
pub fn text(pointer: *const c_char) -> Option<Vec<u8>> {
    // SAFETY: NULL or a text of the library that lives as long as its owner.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_bytes().to_vec())
}

/// Not NULL: an out parameter is overwritten unread.
fn poison<T>() -> *mut T {
    ptr::without_provenance_mut(1)
}

/// A call without a result but its status.
pub fn call(of: impl FnOnce(*mut *mut wxpay_error) -> i32) -> Result<(), Stop> {
    let mut error = poison();
    let status = of(&raw mut error);
    if status == 0 {
        return match error.is_null() {
            true => Ok(()),
            false => wrong("a call that succeeded left an error"),
        };
    }
    if error.is_null() || error == poison() {
        return wrong(format!("status {status} without an error"));
    }
    let error = Owned(error);
    // SAFETY: a live error.
    let (said, outcome, json, message, hint) = unsafe {
        (
            wxpay_error_status(error.0),
            wxpay_error_outcome(error.0),
            text(wxpay_error_json(error.0)).unwrap_or_default(),
            text(wxpay_error_message(error.0)).unwrap_or_default(),
            text(wxpay_error_hint(error.0)).unwrap_or_default(),
        )
    };
    if said != status || message.is_empty() || hint.is_empty() {
        return wrong(format!(
            "status {status}, but the error says {said}, with a message of {} and a hint of {} bytes",
            message.len(),
            hint.len()
        ));
    }
    Err(Stop::Failed {
        status,
        outcome,
        json,
    })
}

/// A call that makes one object.
pub fn made<T: Freed>(
    of: impl FnOnce(*mut *mut T, *mut *mut wxpay_error) -> i32,
) -> Result<Owned<T>, Stop> {
    let [made] = several(|outs: [*mut *mut T; 1], error| of(outs[0], error))?;
    Ok(made)
}

/// A call that makes several objects of one kind.
pub fn several<T: Freed, const N: usize>(
    of: impl FnOnce([*mut *mut T; N], *mut *mut wxpay_error) -> i32,
) -> Result<[Owned<T>; N], Stop> {
    let mut outs = [poison::<T>(); N];
    let first = outs.as_mut_ptr();
    // SAFETY: inside the array.
    let places = std::array::from_fn(|index| unsafe { first.add(index) });
    let result = call(|error| of(places, error));
    match result {
        Ok(()) if outs.iter().any(|out| out.is_null() || *out == poison()) => {
            wrong("a call that succeeded left an out parameter empty")
        }
        Ok(()) => Ok(outs.map(Owned)),
        Err(_) if outs.iter().any(|out| !out.is_null()) => {
            wrong("a call that failed left something in an out parameter")
        }
        Err(stop) => Err(stop),
    }
}
