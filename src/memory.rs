//! Room for what comes from outside. Its size is somebody else's choice, so a failure is a status
//! and not an abort, which is what a plain `Vec` would make of it.

use crate::error::{Error, Result, Status};

/// A vector with room for exactly so many.
pub fn room<T>(len: usize) -> Result<Vec<T>> {
    let mut room = Vec::new();
    match room.try_reserve_exact(len) {
        Ok(()) => Ok(room),
        Err(_) => Err(none(len.saturating_mul(size_of::<T>()))),
    }
}

/// As `room`, for text.
pub fn text_room(len: usize) -> Result<String> {
    let mut room = String::new();
    match room.try_reserve_exact(len) {
        Ok(()) => Ok(room),
        Err(_) => Err(none(len)),
    }
}

pub fn copied(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut copy = room(bytes.len())?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}

/// So many zeros.
pub fn zeros(len: usize) -> Result<Vec<u8>> {
    let mut zeros = room(len)?;
    zeros.resize(len, 0);
    Ok(zeros)
}

/// Before a parser or a writer of another crate gets input of a size that somebody else chose: it
/// allocates as it likes, and that much at most. A small amount is not asked for.
pub fn foresee(len: usize) -> Result<()> {
    if len <= SMALL {
        return Ok(());
    }
    room::<u8>(len).map(drop)
}

/// What is asked for without care: nothing works in a process that has not even that.
const SMALL: usize = 1024 * 1024;

pub fn none(len: usize) -> Error {
    Error::new(
        Status::OutOfMemory,
        format!("There is no memory for {len} bytes."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_had_is_a_status() {
        // No address space is so large.
        let len = isize::MAX as usize - 64;
        for status in [
            room::<u8>(len).unwrap_err().status(),
            text_room(len).unwrap_err().status(),
            zeros(len).unwrap_err().status(),
            room::<u64>(usize::MAX).unwrap_err().status(),
        ] {
            assert_eq!(status, Status::OutOfMemory);
        }
        assert_eq!(copied(b"abc").unwrap(), b"abc");
        assert_eq!(zeros(3).unwrap(), [0; 3]);
    }
}
