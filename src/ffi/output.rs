//! What goes out: an owned handle at `*out`, NULL there on every failure.

use super::buf::{Buffer, wxpay_buf};
use super::handle::{Handle, give};
use crate::error::{Result, Status, fail};

/// A place for one handle; cleared when it is made, so that every way out but success leaves NULL.
pub struct Out<H> {
    place: *mut *mut H,
    name: &'static str,
}

impl<H: Handle> Out<H> {
    /// # Safety
    /// NULL, or points to a writable pointer.
    pub unsafe fn new(place: *mut *mut H, name: &'static str) -> Out<H> {
        if !place.is_null() {
            // SAFETY: as promised by the caller.
            unsafe { place.write(std::ptr::null_mut()) };
        }
        Out { place, name }
    }

    /// Called before any work, so that nothing is done whose result has no place.
    pub fn required(&self) -> Result<()> {
        if self.place.is_null() {
            return fail(
                Status::NullArgument,
                format!("{} is NULL; the result needs a place.", self.name),
            );
        }
        Ok(())
    }

    pub fn put(&self, value: H::Value) {
        self.put_if_wanted(|| value);
    }

    pub fn put_if_wanted(&self, value: impl FnOnce() -> H::Value) {
        if !self.place.is_null() {
            // SAFETY: not NULL, and writable as promised to `new`.
            unsafe { self.place.write(give(value())) };
        }
    }
}

impl Out<wxpay_buf> {
    /// For a function's only result. Of several, all are made before the first is put.
    pub fn put_bytes(&self, bytes: &[u8]) -> Result<()> {
        self.put(Buffer::new(bytes)?);
        Ok(())
    }
}
