//! The strings WeChat Pay signs. Owns nothing but their layout (protocol.md §1.1, §1.5, §1.13).

use crate::error::Result;
use crate::memory;

/// `METHOD\ntarget\ntimestamp\nnonce\nbody\n`: five lines, each ended by `\n`, the last one too.
/// `target` is path and query exactly as sent; `body` the exact bytes sent.
/// OUT_OF_MEMORY: the body's size is the caller's.
pub fn request(
    method: &str,
    target: &str,
    timestamp: &str,
    nonce: &str,
    body: &[u8],
) -> Result<Vec<u8>> {
    join_lines([
        method.as_bytes(),
        target.as_bytes(),
        timestamp.as_bytes(),
        nonce.as_bytes(),
        body,
    ])
}

/// `timestamp\nnonce\nbody\n`, for responses and notifications; `body` as received, may be empty.
/// OUT_OF_MEMORY: the body's size is somebody else's.
pub fn response(timestamp: &str, nonce: &str, body: &[u8]) -> Result<Vec<u8>> {
    join_lines([timestamp.as_bytes(), nonce.as_bytes(), body])
}

/// The same without a copy of the body, which may be large.
pub fn response_pieces<'a>(timestamp: &'a str, nonce: &'a str, body: &'a [u8]) -> [&'a [u8]; 6] {
    const END: &[u8] = b"\n";
    [timestamp.as_bytes(), END, nonce.as_bytes(), END, body, END]
}

/// `appid\ntimestamp\nnonce\nprepay\n` for the parameters a front end calls WeChat with: `prepay`
/// is `prepay_id=…` for JSAPI and mini programs, the bare id for apps.
pub fn pay(appid: &str, timestamp: &str, nonce: &str, prepay: &str) -> Result<Vec<u8>> {
    join_lines([
        appid.as_bytes(),
        timestamp.as_bytes(),
        nonce.as_bytes(),
        prepay.as_bytes(),
    ])
}

fn join_lines<const N: usize>(lines: [&[u8]; N]) -> Result<Vec<u8>> {
    let mut joined = memory::room(lines.iter().map(|line| line.len() + 1).sum())?;
    for line in lines {
        joined.extend_from_slice(line);
        joined.push(b'\n');
    }
    Ok(joined)
}
