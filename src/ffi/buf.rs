//! `wxpay_buf`: bytes that the caller owns.

use super::handle::{free, handle, look};
use crate::error::Result;
use crate::memory;
use crate::secret::Zeroizing;

/// Bytes owned by you; a NUL follows the data.
#[allow(non_camel_case_types)]
pub struct wxpay_buf {
    _opaque: [u8; 0],
}
handle!(wxpay_buf, Buffer, b"wxpaybuf");

/// The data and one NUL.
pub struct Buffer(Zeroizing<Box<[u8]>>);

impl Buffer {
    /// A copy of the bytes.
    pub fn new(bytes: &[u8]) -> Result<Buffer> {
        // Exactly as much as is filled, so that making a box of it moves nothing.
        let mut owned = memory::room(bytes.len().saturating_add(1))?;
        owned.extend_from_slice(bytes);
        owned.push(0);
        Ok(Buffer(Zeroizing::new(owned.into_boxed_slice())))
    }

    fn len(&self) -> usize {
        self.0.len().saturating_sub(1)
    }
}

/// The bytes; a NUL follows them. Never NULL for a live buffer.
/// @param buf  a buffer, or NULL (gives NULL)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_buf_data(buf: *const wxpay_buf) -> *const u8 {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(buf, std::ptr::null(), |buffer| buffer.0.as_ptr()) }
}

/// Number of bytes, without the NUL.
/// @param buf  a buffer, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_buf_len(buf: *const wxpay_buf) -> usize {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { look(buf, 0, Buffer::len) }
}

/// Zeroises and releases a buffer.
/// @param buf  a buffer, or NULL
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_buf_free(buf: *mut wxpay_buf) {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { free(buf) };
}
