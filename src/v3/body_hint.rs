//! What a body that did not verify looks like it went through (requirements.md A2). Hints for
//! people; nothing is ever repaired and accepted.

use crate::error::Cause;

/// The checks go from the surest sign to the weakest.
pub fn body_hint(body: &[u8]) -> Cause {
    if body.is_empty() {
        return Cause::BodyEmpty;
    }
    if body.starts_with(&[0x1f, 0x8b]) {
        return Cause::BodyGzip;
    }
    if body.starts_with(&[0xef, 0xbb, 0xbf]) {
        return Cause::BodyBom;
    }
    if body.contains(&0) {
        return Cause::BodyNul;
    }
    let Ok(text) = std::str::from_utf8(body) else {
        return Cause::BodyNotUtf8;
    };
    if text.contains('\u{fffd}') {
        return Cause::BodyReplaced;
    }
    if text.starts_with("{'") || text.contains("': ") {
        return Cause::BodyRepr;
    }
    if text.contains('\r') {
        return Cause::BodyCrlf;
    }
    if is_spaced(text) {
        return Cause::BodyPretty;
    }
    if text.ends_with('\n') {
        return Cause::BodyTrailingNewline;
    }
    if text.contains("\\/") {
        return Cause::BodyEscapedSlash;
    }
    if text.contains("\\u") {
        return Cause::BodyEscapedUnicode;
    }
    if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_err() {
        return Cause::BodyTruncated;
    }
    Cause::BodyReorderedOrWrongKey
}

/// White space outside strings; a single line feed at the end is a sign of its own.
fn is_spaced(text: &str) -> bool {
    let mut in_string = false;
    let mut escaped = false;
    let inner = text.strip_suffix('\n').unwrap_or(text);
    for byte in inner.bytes() {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b' ' | b'\n' | b'\t') => return true,
            _ => {}
        }
    }
    false
}
