//! What a body that did not verify looks like it went through (requirements.md A2). Hints for
//! people; nothing is ever repaired and accepted.

/// A stable id and one sentence with the cure. The checks go from the surest sign to the weakest.
pub fn body_hint(body: &[u8]) -> (&'static str, &'static str) {
    if body.is_empty() {
        return (
            "BODY_EMPTY",
            "The body is empty: the framework has already read it; read the raw body first.",
        );
    }
    if body.starts_with(&[0x1f, 0x8b]) {
        return (
            "BODY_GZIP",
            "The body is still compressed (gzip): pass the bytes after HTTP content decoding.",
        );
    }
    if body.starts_with(&[0xef, 0xbb, 0xbf]) {
        return (
            "BODY_BOM",
            "The body starts with a byte order mark that WeChat Pay did not send.",
        );
    }
    if body.contains(&0) {
        return (
            "BODY_NUL",
            "The body contains a NUL byte: it was copied with a wrong length or decoded as UTF-16.",
        );
    }
    let Ok(text) = std::str::from_utf8(body) else {
        return (
            "BODY_NOT_UTF8",
            "The body is not UTF-8: it was converted to another encoding (GBK?); pass the bytes as received.",
        );
    };
    if text.contains('\u{fffd}') {
        return (
            "BODY_REPLACED",
            "The body contains U+FFFD: it was decoded with a wrong character set and lost bytes.",
        );
    }
    if text.starts_with("{'") || text.contains("': ") {
        return (
            "BODY_REPR",
            "The body is the printed form of a dictionary, not JSON: pass the raw body, not the parsed object.",
        );
    }
    if text.contains('\r') {
        return (
            "BODY_CRLF",
            "The body contains carriage returns: something changed its line ends.",
        );
    }
    if is_spaced(text) {
        return (
            "BODY_PRETTY",
            "The body has white space between its members: it was parsed and serialised again.",
        );
    }
    if text.ends_with('\n') {
        return (
            "BODY_TRAILING_NEWLINE",
            "The body ends with a line feed that was added on the way.",
        );
    }
    if text.contains("\\/") {
        return (
            "BODY_ESCAPED_SLASH",
            "The body has escaped slashes (\\/): it was serialised again, as PHP's json_encode does.",
        );
    }
    if text.contains("\\u") {
        return (
            "BODY_ESCAPED_UNICODE",
            "The body has \\uXXXX escapes: it was serialised again with ASCII output.",
        );
    }
    if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_err() {
        return (
            "BODY_TRUNCATED",
            "The body is not complete JSON: it was cut, or it is a form; pass all bytes as received.",
        );
    }
    (
        "BODY_REORDERED_OR_WRONG_KEY",
        "The body is compact JSON: either it was parsed and serialised again with its members in another order, or the key of this id is not the one WeChat Pay signs with.",
    )
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
