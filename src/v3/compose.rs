//! What a caller may put into a message: methods, headers, options of one call. Nothing that could
//! add a line or a second meaning to what is sent gets in (safety.md S4, S16).

use std::borrow::Cow;
use std::time::Duration;

use crate::error::{Result, Status, fail};
use crate::http::headers::shown;
use crate::http::{Body, Headers, Message};
use crate::key::serial;
use crate::memory;

const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Headers that only the library writes.
const RESERVED: &[&str] = &[
    "Authorization",
    "Host",
    "Content-Length",
    "Transfer-Encoding",
    "Connection",
    "TE",
    "Expect",
    "Accept-Encoding",
    "Keep-Alive",
    "Upgrade",
    "Trailer",
];

/// More than any server or proxy sends; ureq's own limit is 128.
const MOST_HEADERS: usize = 256;
const MOST_HEADER_BYTES: usize = 64 * 1024;
/// Of a block, and of all headers of a message.
const MOST_BLOCK_BYTES: usize = 1024 * 1024;
/// Bytes of a line of a header block, for a first guess at their number.
const USUAL_LINE: usize = 32;

pub fn check_method(method: &str) -> Result<()> {
    if METHODS.contains(&method) {
        return Ok(());
    }
    fail(
        Status::InvalidArgument,
        format!(
            "method must be one of {} in upper case, got \"{}\".",
            METHODS.join(", "),
            shown(method)
        ),
    )
}

/// A request as a caller wants it; its host is judged when it is prepared.
pub fn request(method: &str, url: &str, body: &[u8]) -> Result<Message> {
    check_method(method)?;
    crate::http::target(url)?;
    Ok(Message::request(method, url, copied(body)?))
}

/// The caller's bytes, copied once. Their size is the caller's, so the copy may fail.
pub fn copied(body: &[u8]) -> Result<Body> {
    memory::copied(body).map(Body::new)
}

/// A header's value or a block of headers as it came. A response may carry bytes that are not UTF-8;
/// signatures never depend on them.
pub fn header_text<'a>(what: &str, raw: &'a [u8]) -> Result<Cow<'a, str>> {
    if raw.len() > MOST_BLOCK_BYTES {
        return fail(
            Status::LimitExceeded,
            format!(
                "{what} has {} bytes; headers have at most {MOST_BLOCK_BYTES}.",
                raw.len()
            ),
        );
    }
    // Nearly always it is, for which this is the faster look.
    if let Ok(text) = std::str::from_utf8(raw) {
        return Ok(Cow::Borrowed(text));
    }
    // U+FFFD takes three bytes.
    memory::foresee(3 * raw.len())?;
    Ok(String::from_utf8_lossy(raw))
}

/// On a request the strict rules; on a response whatever came, in order.
pub fn add_header(message: &mut Message, name: &str, value: &str) -> Result<()> {
    if message.headers.len() >= MOST_HEADERS {
        return fail(
            Status::LimitExceeded,
            format!("A message has at most {MOST_HEADERS} headers."),
        );
    }
    if name.len() + value.len() > MOST_HEADER_BYTES {
        return fail(
            Status::LimitExceeded,
            format!(
                "The header has {} bytes; at most {MOST_HEADER_BYTES} are taken.",
                name.len() + value.len()
            ),
        );
    }
    let in_all = message.headers.bytes() + name.len() + value.len();
    if in_all > MOST_BLOCK_BYTES {
        return fail(
            Status::LimitExceeded,
            format!(
                "The headers of this message would have {in_all} bytes; at most {MOST_BLOCK_BYTES} are taken in all."
            ),
        );
    }
    check_name(name)?;
    if message.is_request() {
        if message.is_prepared() {
            return fail(
                Status::InvalidState,
                "This message is prepared; headers are added before.",
            );
        }
        if message.signed_part.is_some() && name.eq_ignore_ascii_case("Content-Type") {
            return fail(
                Status::InvalidArgument,
                "The Content-Type of an upload names the boundary of its parts; the library writes it.",
            );
        }
        check_for_request(&message.headers, name, value)?;
    }
    // Nothing that was one header may read as two, or as a part of what was signed.
    if value.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
        return fail(
            Status::InvalidArgument,
            format!("The value of header {name} contains a line end or NUL."),
        );
    }
    message.headers.push(name, value);
    Ok(())
}

/// Lines `Name: value`; a status line at the start and empty lines are passed over. On an error
/// nothing is added.
pub fn add_header_block(message: &mut Message, raw: &str) -> Result<()> {
    let before = message.headers.len();
    message.headers.reserve(
        (raw.len() / USUAL_LINE).min(MOST_HEADERS),
        raw.len().min(MOST_HEADER_BYTES),
    );
    for (index, line) in raw
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .enumerate()
    {
        if line.is_empty() || (index == 0 && line.starts_with("HTTP/")) {
            continue;
        }
        let added = match line.split_once(':') {
            Some((name, value)) => add_header(message, name, value.trim_matches([' ', '\t'])),
            None => fail(
                Status::InvalidArgument,
                format!(
                    "Line {} of the header block has no colon: \"{}\".",
                    index + 1,
                    shown(line)
                ),
            ),
        };
        if added.is_err() {
            message.headers.truncate(before);
            return added;
        }
    }
    Ok(())
}

fn check_name(name: &str) -> Result<()> {
    let token = |byte: u8| {
        byte.is_ascii_alphanumeric() || byte == b'-' || b"!#$%&'*+.^_`|~".contains(&byte)
    };
    if !name.is_empty() && name.len() <= 256 && name.bytes().all(token) {
        return Ok(());
    }
    fail(
        Status::InvalidArgument,
        format!("\"{}\" is not a header name.", shown(name)),
    )
}

fn check_for_request(headers: &Headers, name: &str, value: &str) -> Result<()> {
    if let Some(byte) = value
        .bytes()
        .find(|byte| !matches!(byte, 0x20..=0x7e | b'\t'))
    {
        return fail(
            Status::InvalidArgument,
            format!(
                "The value of header {name} contains the byte 0x{byte:02X}; allowed are 0x20 to 0x7E and tab."
            ),
        );
    }
    // Servers behind CGI or WSGI take `_` for `-`.
    let plain = name.replace('_', "-");
    let proxy = plain
        .get(..6)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("Proxy-"));
    if proxy
        || RESERVED
            .iter()
            .any(|reserved| reserved.eq_ignore_ascii_case(&plain))
    {
        return fail(
            Status::InvalidArgument,
            format!("The header {name} is written by the library; it cannot be added."),
        );
    }
    if plain.eq_ignore_ascii_case("Wechatpay-Serial") {
        if plain != name {
            return fail(
                Status::InvalidArgument,
                format!("The header is written Wechatpay-Serial; got {name}."),
            );
        }
        if headers.has_http(name) {
            return fail(
                Status::HeaderDuplicate,
                "Wechatpay-Serial is already there.",
            );
        }
        check_key_id("Wechatpay-Serial", value)?;
    }
    Ok(())
}

fn check_key_id(name: &str, id: &str) -> Result<()> {
    if serial::is_key_id(id) {
        return Ok(());
    }
    fail(
        Status::SerialFormat,
        format!(
            "{name} \"{}\" is not a key id: 1 to 64 of 0-9, A-Z, a-z, _ and -.",
            shown(id)
        ),
    )
}

/// `timeout_ms`, `idempotent`, `key_id`; an empty value unsets.
pub fn set_option(message: &mut Message, key: &str, value: &str) -> Result<()> {
    if !message.is_request() {
        return fail(
            Status::InvalidState,
            "This message is a response; options are for requests.",
        );
    }
    let prepared = message.is_prepared();
    let options = &mut message.options;
    match (key, value) {
        ("timeout_ms", "") => options.timeout = None,
        ("timeout_ms", value) => match value.parse::<u64>() {
            Ok(ms @ 1..=3_600_000) => options.timeout = Some(Duration::from_millis(ms)),
            _ => {
                return fail(
                    Status::InvalidArgument,
                    format!("timeout_ms must be 1 to 3600000, got \"{}\".", shown(value)),
                );
            }
        },
        ("idempotent", "" | "0") => options.idempotent = false,
        ("idempotent", "1") => options.idempotent = true,
        ("idempotent", value) => {
            return fail(
                Status::InvalidArgument,
                format!("idempotent must be 0 or 1, got \"{}\".", shown(value)),
            );
        }
        ("key_id", _) if prepared => {
            return fail(
                Status::InvalidState,
                "This message is prepared; key_id is set before.",
            );
        }
        ("key_id", id)
            if options.key_is_fixed
                && options.key_id.as_deref().map(serial::key) != Some(serial::key(id)) =>
        {
            return fail(
                Status::InvalidState,
                format!(
                    "Fields of this message are encrypted with the key {}; it cannot name another.",
                    options.key_id.as_deref().unwrap_or_default()
                ),
            );
        }
        ("key_id", "") => options.key_id = None,
        ("key_id", id) => {
            check_key_id("key_id", id)?;
            options.key_id = Some(id.to_owned());
        }
        (other, _) => {
            return fail(
                Status::ConfigUnknownKey,
                format!(
                    "There is no message option \"{}\"; there are timeout_ms, idempotent and key_id.",
                    shown(other)
                ),
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_headers_of_a_message_have_at_most_a_mebibyte() {
        let mut message = Message::response(200, Body::default());
        // With the two NULs of each, 64 KiB.
        let long = "v".repeat(MOST_HEADER_BYTES - 8);
        for _ in 0..16 {
            add_header(&mut message, "X-Long", &long).unwrap();
        }
        let error = add_header(&mut message, "X-Long", "v").unwrap_err();
        assert_eq!(error.status(), Status::LimitExceeded);
        assert!(error.to_string().contains("1048576"), "{error}");
        let block = format!("A: b\nX-Long: {long}\n").repeat(16);
        let mut message = Message::response(200, Body::default());
        assert!(add_header_block(&mut message, &block).is_err());
        assert_eq!(
            message.headers.len(),
            0,
            "a block is taken whole or not at all"
        );
    }
}
