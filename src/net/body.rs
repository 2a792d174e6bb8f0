//! Reads a response's body within its limit. Memory grows with what arrives, never with what a
//! header promises.

use std::io::Read;

use crate::error::{Error, Status};

/// Why an exchange has no complete response: our own finding, or ureq's.
pub(super) enum Unfinished {
    Ours(Error),
    Ureq(ureq::Error),
}

impl From<ureq::Error> for Unfinished {
    fn from(error: ureq::Error) -> Unfinished {
        Unfinished::Ureq(error)
    }
}

const FIRST: usize = 1024;
const MOST_AT_ONCE: usize = 1024 * 1024;

/// To its end, which also hands the connection back to the pool.
pub(super) fn read(
    mut reader: impl Read,
    length: Option<u64>,
    limit: usize,
) -> Result<Vec<u8>, Unfinished> {
    if length.is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    let mut body = Vec::new();
    // One more than promised, so that the read that finds the end needs no more room.
    let promised = length.map_or(0, |length| length.min(64 * 1024) as usize + 1);
    let mut room = promised.max(FIRST);
    let mut filled = 0;
    loop {
        if filled == body.len() {
            if body.try_reserve_exact(room).is_err() {
                return Err(Unfinished::Ours(Error::new(
                    Status::OutOfMemory,
                    format!("There is no memory for a response of more than {filled} bytes."),
                )));
            }
            room = body.capacity().min(MOST_AT_ONCE);
            body.resize(body.capacity(), 0);
        }
        let taken = read_some(&mut reader, &mut body[filled..])?;
        filled += taken;
        if filled > limit {
            return Err(too_large(limit));
        }
        if taken == 0 {
            body.truncate(filled);
            return Ok(body);
        }
    }
}

pub(super) fn read_some(reader: &mut impl Read, into: &mut [u8]) -> Result<usize, Unfinished> {
    loop {
        match reader.read(into) {
            Ok(taken) => return Ok(taken),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(ureq::Error::from(error).into()),
        }
    }
}

fn too_large(limit: usize) -> Unfinished {
    Unfinished::Ours(Error::new(
        Status::BodyTooLarge,
        format!("The response body is larger than max_response_bytes ({limit} bytes)."),
    ))
}
