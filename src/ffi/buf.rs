//! `wxpay_buf`: bytes that the caller owns.

use crate::secret::Zeroizing;

use super::handle::{free, handle, peek};

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
    pub fn new(bytes: &[u8]) -> Buffer {
        let mut owned = vec![0; bytes.len() + 1].into_boxed_slice();
        if let Some(data) = owned.get_mut(..bytes.len()) {
            data.copy_from_slice(bytes);
        }
        Buffer(Zeroizing::new(owned))
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
    unsafe { peek(buf) }.map_or(std::ptr::null(), |buffer| buffer.0.as_ptr())
}

/// Number of bytes, without the NUL.
/// @param buf  a buffer, or NULL (gives 0)
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_buf_len(buf: *const wxpay_buf) -> usize {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { peek(buf) }.map_or(0, Buffer::len)
}

/// Zeroises and releases a buffer.
/// @param buf  a buffer, or NULL
/// @since 0.1  @threads any  @io none  @errors none
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_buf_free(buf: *mut wxpay_buf) {
    // SAFETY: NULL or a live handle, by the contract of the header.
    unsafe { free(buf) };
}
