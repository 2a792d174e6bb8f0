//! What a JSON string says. Not by a parser, whose own buffers would keep a copy of a key or of a
//! person's name that nobody overwrites (safety.md S34).

use crate::secret::Zeroizing;

/// `inner` stands between the quotes; None where it is no JSON (RFC 8259 §7). An escape is never
/// shorter than what it stands for, so that the buffer does not grow.
pub fn unescape(inner: &str) -> Option<Zeroizing<String>> {
    let mut out = Zeroizing::new(String::with_capacity(inner.len()));
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        let (before, escaped) = rest.split_at(at);
        let (one, len) = escape(escaped)?;
        out.push_str(before);
        out.push(one);
        rest = escaped.get(len..)?;
    }
    out.push_str(rest);
    Some(out)
}

/// The character that `text` begins with, and the bytes its escape takes.
fn escape(text: &str) -> Option<(char, usize)> {
    let one = match text.as_bytes().get(1)? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        plain @ (b'"' | b'\\' | b'/') => char::from(*plain),
        b'u' => return unicode(text),
        _ => return None,
    };
    Some((one, 2))
}

/// `\uXXXX`, or two of them for a character beyond U+FFFF.
fn unicode(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| u32::from_str_radix(text.get(at..at + 4)?, 16).ok();
    let first = unit(2)?;
    if let Some(one) = char::from_u32(first) {
        return Some((one, 6));
    }
    let second = unit(8).filter(|_| text.get(6..8) == Some("\\u"))?;
    if !(0xd800..0xdc00).contains(&first) || !(0xdc00..0xe000).contains(&second) {
        return None;
    }
    let one = char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))?;
    Some((one, 12))
}
