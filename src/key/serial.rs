//! Serial numbers of certificates and the ids of WeChat Pay public keys (protocol.md §3.2,
//! safety.md S20). A serial is *sent* as upper-case hex with its leading zeros kept by byte, and
//! *compared* without regard to case, colons and leading zeros. Every other id is opaque and
//! compared byte for byte: `PUB_KEY_ID_00012` is not `PUB_KEY_ID_12`.

use crate::error::{Error, Result, Status};

/// A serial has at most 20 bytes (RFC 5280 §4.1.2.2).
const MAX_DIGITS: usize = 40;

/// The form for looking an id up: equal for two ids that name the same key. Serials lose case,
/// `:`, spaces and leading zeros; all other ids stay as they are.
pub fn key(id: &str) -> String {
    match digits(id) {
        Some(digits) => {
            let significant = digits.trim_start_matches('0');
            if significant.is_empty() {
                "0"
            } else {
                significant
            }
            .to_owned()
        }
        None => id.to_owned(),
    }
}

/// The form that is sent: upper case, two digits a byte, zeros kept. SERIAL_FORMAT for anything
/// that is not 1 to 40 hex digits after `:` and spaces are removed. The value is not repeated in
/// the error: an API key pasted into the wrong field would be shown with it.
pub fn canonical(id: &str) -> Result<String> {
    let digits = digits(id).ok_or_else(|| malformed(id))?;
    Ok(if digits.len() % 2 == 1 {
        format!("0{digits}")
    } else {
        digits
    })
}

/// `[0-9A-Za-z_-]{1,64}` (safety.md S16).
pub fn is_key_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// Upper case, without `:` and spaces; `None` when that is not 1 to 40 hex digits.
fn digits(id: &str) -> Option<String> {
    let digits: String = id.chars().filter(|c| !is_filler(*c)).collect();
    let fits = (1..=MAX_DIGITS).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| digits.to_ascii_uppercase())
}

fn is_filler(c: char) -> bool {
    c == ':' || c == ' '
}

fn malformed(id: &str) -> Error {
    let found = id
        .chars()
        .enumerate()
        .find(|(_, c)| !is_filler(*c) && !c.is_ascii_hexdigit());
    let what = match found {
        Some((place, c)) => format!("character {} ({c:?}) is not a hex digit", place + 1),
        None => format!(
            "it has {} hex digits, not 1 to {MAX_DIGITS}",
            id.chars().filter(|c| !is_filler(*c)).count()
        ),
    };
    Error::new(
        Status::SerialFormat,
        format!("this is not the serial number of a certificate: {what}."),
    )
}
