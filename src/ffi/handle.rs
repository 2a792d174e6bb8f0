//! The objects that C holds: a type tag, then the value. A live handle of another type is found
//! out by its tag; a freed one is undefined behaviour, as the header says.

use crate::error::{Result, Status, fail};

/// A type that C sees only as a pointer.
pub trait Handle {
    /// Handles go from thread to thread, so what stands behind them must.
    type Value: Send + Sync;
    /// Never reused between types.
    const TAG: u64;
    const NAME: &'static str;
}

/// `repr(C)`: the tag stands first in every handle, whatever its type.
#[repr(C)]
struct Tagged<V> {
    tag: u64,
    value: V,
}

/// What stands behind an opaque type, and its tag. The type itself is written out beside the use
/// of this macro, because the header's generator does not expand macros.
macro_rules! handle {
    ($name:ident, $value:ty, $tag:literal) => {
        impl $crate::ffi::handle::Handle for $name {
            type Value = $value;
            const TAG: u64 = u64::from_le_bytes(*$tag);
            const NAME: &'static str = stringify!($name);
        }
    };
}
pub(super) use handle;

/// Moves a value to where C can hold it.
pub fn give<H: Handle>(value: H::Value) -> *mut H {
    Box::into_raw(Box::new(Tagged { tag: H::TAG, value })).cast()
}

/// # Safety
/// NULL, or a live handle of this library.
pub unsafe fn peek<'a, H: Handle>(handle: *const H) -> Option<&'a H::Value> {
    if handle.is_null() || !handle.cast::<u64>().is_aligned() {
        return None;
    }
    // SAFETY: every live handle starts with its tag.
    if unsafe { handle.cast::<u64>().read() } != H::TAG {
        return None;
    }
    // SAFETY: the tag says that it was made by `give::<H>`.
    Some(unsafe { &(*handle.cast::<Tagged<H::Value>>()).value })
}

/// Where bytes begin. An empty `Vec` points to no memory, and a C program may look at the first byte of what is not NULL.
pub fn start(bytes: &[u8]) -> *const u8 {
    match bytes {
        [] => c"".as_ptr().cast(),
        _ => bytes.as_ptr(),
    }
}

/// What an accessor gives: `otherwise` for NULL and for a handle of another type, and when `of`
/// panics.
///
/// # Safety
/// NULL, or a live handle of this library.
pub unsafe fn look<'a, H: Handle, T: Copy>(
    handle: *const H,
    otherwise: T,
    of: impl FnOnce(&'a H::Value) -> T,
) -> T
where
    H::Value: 'a,
{
    super::guard::quiet(otherwise, || {
        // SAFETY: as promised by the caller.
        unsafe { peek(handle) }.map_or(otherwise, of)
    })
}

/// # Safety
/// NULL, or a live handle of this library.
pub unsafe fn get<'a, H: Handle>(handle: *const H, name: &str) -> Result<&'a H::Value> {
    // SAFETY: as promised by the caller.
    match unsafe { peek(handle) } {
        Some(value) => Ok(value),
        None => wrong::<H, _>(handle.is_null(), name),
    }
}

/// NULL is None; a handle of another type is refused all the same.
///
/// # Safety
/// NULL, or a live handle of this library.
pub unsafe fn get_or_null<'a, H: Handle>(
    handle: *const H,
    name: &str,
) -> Result<Option<&'a H::Value>> {
    if handle.is_null() {
        return Ok(None);
    }
    // SAFETY: as promised by the caller.
    unsafe { get(handle, name) }.map(Some)
}

/// # Safety
/// NULL, or a live handle of this library that no other thread uses now.
pub unsafe fn get_mut<'a, H: Handle>(handle: *mut H, name: &str) -> Result<&'a mut H::Value> {
    // SAFETY: as promised by the caller.
    if unsafe { peek::<H>(handle) }.is_none() {
        return wrong::<H, _>(handle.is_null(), name);
    }
    // SAFETY: the tag was right, and the caller is alone.
    Ok(unsafe { &mut (*handle.cast::<Tagged<H::Value>>()).value })
}

fn wrong<H: Handle, T>(is_null: bool, name: &str) -> Result<T> {
    if is_null {
        return fail(
            Status::NullArgument,
            format!("{name} is NULL; it must be a {}.", H::NAME),
        );
    }
    fail(
        Status::InvalidArgument,
        format!(
            "{name} is not a {}: it is a handle of another type.",
            H::NAME
        ),
    )
}

/// NULL and handles of another type are left alone: freeing those would be worse than a leak. What
/// cannot be dropped without a panic leaks too.
///
/// # Safety
/// NULL, or a live handle of this library that no other thread uses now.
pub unsafe fn free<H: Handle>(handle: *mut H) {
    super::guard::quiet((), || {
        // SAFETY: as promised by the caller.
        if unsafe { peek::<H>(handle) }.is_none() {
            return;
        }
        // SAFETY: the tag says that it came from `give::<H>`; the caller gives it up.
        let mut owned = unsafe { Box::from_raw(handle.cast::<Tagged<H::Value>>()) };
        owned.tag = 0;
        crate::panic::strike!("while a handle is dropped");
        drop(owned);
    });
}
