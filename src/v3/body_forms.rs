//! The forms that one JSON text takes when it is serialised again, and the ways back: by them a
//! body that differs, or does not verify, is traced to what was done to it. Only to name a cause;
//! nothing is ever accepted in another form.

use std::borrow::Cow;

use crate::error::Cause;

/// What was done to the body on its way from the signature to the wire.
pub struct Guess {
    pub cause: Cause,
    pub text: &'static str,
}

/// Larger bodies are not written in other forms.
pub const MOST_BYTES: usize = 64 * 1024;

/// `signed` went out as something that begins with `shown` and is `length` bytes long.
pub fn guess(signed: &[u8], shown: &[u8], length: Option<usize>) -> Option<Guess> {
    let body = |text| {
        Some(Guess {
            cause: Cause::SignBodyDiffers,
            text,
        })
    };
    let coded = |text| {
        Some(Guess {
            cause: Cause::SignEncoding,
            text,
        })
    };
    let length = length.or((!shown.is_empty()).then_some(shown.len()));
    if signed.is_empty() {
        return body("An empty body was signed and another one was sent ({} for nothing?).");
    }
    if length == Some(0) {
        return body(
            "A body was signed and none was sent (a GET has none; an empty object is \"{}\", two bytes).",
        );
    }
    let Ok(text) = std::str::from_utf8(signed) else {
        return coded("What was signed is not UTF-8 (GBK?).");
    };
    if shown.starts_with(b"\xef\xbb\xbf") && !signed.starts_with(b"\xef\xbb\xbf") {
        return coded("The body was sent with a byte order mark in front.");
    }
    if signed.starts_with(b"\xef\xbb\xbf") && !shown.starts_with(b"\xef\xbb\xbf") {
        return coded("The body was signed with a byte order mark in front.");
    }
    if signed.len() > MOST_BYTES {
        return None;
    }
    let is = |form: &str| {
        form.as_bytes().starts_with(shown) && length.is_some_and(|length| length == form.len())
    };
    if is(&format!("{text}\n")) || text.strip_suffix('\n').is_some_and(is) {
        return body("The two differ by one line feed at the end of the body.");
    }
    if is(&text.replace("\r\n", "\n")) || is(&text.replace("\r\n", "\n").replace('\n', "\r\n")) {
        return coded("The two differ in the line ends inside the body (CR LF and LF).");
    }
    let compact = compact(text);
    if is(&spaced(&compact)) || is(&compact) {
        return body("It is the same JSON, serialised twice: with and without white space.");
    }
    let plain = unescaped(text);
    if is(&plain.replace('/', "\\/")) || is(&text.replace("\\/", "/")) {
        return body("It is the same JSON, serialised twice: once with slashes escaped (\\/).");
    }
    if is(&escaped(text)) || is(&plain) {
        return body(
            "It is the same JSON, serialised twice: once with \\uXXXX in place of the characters.",
        );
    }
    let marks = text.bytes().filter(|byte| *byte == b'?').count();
    if marks > 0 && length == Some(signed.len() + 2 * marks) {
        return coded("The length is that of a text with a ? in place of each Chinese character.");
    }
    let wide = text
        .chars()
        .filter(|one| matches!(one, '\u{2000}'..='\u{ffff}'))
        .count();
    if wide > 0 && length == Some(signed.len() - wide) {
        return coded("The length is that of the same text in GBK.");
    }
    if twice(text).iter().any(|form| is(form)) {
        return body(
            "It seems to be the same JSON, serialised twice: white space, escaped slashes (\\/), \\uXXXX or \\u0026 for & differ.",
        );
    }
    if length == Some(signed.len()) {
        return body(
            "The two are equally long: the members may stand in another order, or the text was serialised again.",
        );
    }
    let squeezed = |bytes: &[u8]| -> Vec<u8> {
        bytes
            .iter()
            .copied()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect()
    };
    if !shown.is_empty()
        && !signed.starts_with(shown)
        && squeezed(signed).starts_with(&squeezed(shown))
    {
        return body("It may be the same JSON, serialised twice: the white space differs.");
    }
    None
}

/// The text as the serialisers of Python, PHP, Go and Java write it: each of their habits with each
/// other.
fn twice(text: &str) -> Vec<String> {
    let mut plain = unescaped(&compact(text)).replace("\\/", "/");
    for (one, escape) in HTML {
        plain = plain.replace(escape, one);
    }
    let html = HTML.iter().fold(plain.clone(), |text, (one, escape)| {
        text.replace(one, escape)
    });
    let mut forms = Vec::new();
    for form in [plain, html] {
        for form in [form.replace('/', "\\/"), form] {
            for form in [escaped(&form), form] {
                for form in [spaced(&form), form] {
                    // Go's encoder ends with one.
                    forms.push(format!("{form}\n"));
                    forms.push(form);
                }
            }
        }
    }
    forms
}

/// Go and Gson escape these for HTML.
const HTML: [(&str, &str); 3] = [("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")];

/// Without white space between the members.
pub fn compact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    outside_strings(text, |one, outside| {
        if !(outside && one.is_ascii_whitespace()) {
            out.push(one);
        }
    });
    out
}

/// `{"a": 1, "b": 2}`, as Python writes it.
fn spaced(compact: &str) -> String {
    let mut out = String::with_capacity(compact.len() + 16);
    outside_strings(compact, |one, outside| {
        out.push(one);
        if outside && matches!(one, ',' | ':') {
            out.push(' ');
        }
    });
    out
}

fn outside_strings(text: &str, mut each: impl FnMut(char, bool)) {
    let (mut inside, mut escaped) = (false, false);
    for one in text.chars() {
        let outside = !inside;
        match one {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
        each(one, outside && one != '"');
    }
}

/// `\uXXXX` for everything beyond ASCII.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for one in text.chars() {
        if one.is_ascii() {
            out.push(one);
        } else {
            for unit in one.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// The characters that `\uXXXX` stands for, but for ASCII: JSON must escape some of that. Anybody can
/// send a body of nothing but escapes, so each is looked at once.
pub fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        let first = unit(escape);
        let low = first
            .filter(|first| (0xd800..0xdc00).contains(first))
            .and_then(|_| unit(escape.get(6..)?));
        let units = [first.unwrap_or_default(), low.unwrap_or_default()];
        let length = 1 + usize::from(low.is_some());
        let decoded = char::decode_utf16(units.into_iter().take(length)).next();
        let taken = match decoded {
            Some(Ok(one)) if !one.is_ascii() => {
                out.push(one);
                6 * length
            }
            // The backslash and what it escapes, as they are.
            _ => {
                let two = escape.chars().take(2).map(char::len_utf8).sum();
                out.push_str(escape.get(..two).unwrap_or_default());
                two
            }
        };
        rest = escape.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// What `\uXXXX` at the beginning stands for.
fn unit(text: &str) -> Option<u16> {
    let hex = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(hex, 16).ok()
}

/// The bodies that `body` may have been before what `cause` names was done to it, at most two.
pub fn before(body: &[u8], cause: Cause) -> Vec<Cow<'_, [u8]>> {
    if body.len() > MOST_BYTES {
        return Vec::new();
    }
    let text = || String::from_utf8_lossy(body);
    let own = |text: String| Cow::Owned(text.into_bytes());
    match cause {
        Cause::BodyBom => body
            .strip_prefix(b"\xef\xbb\xbf")
            .map(Cow::Borrowed)
            .into_iter()
            .collect(),
        Cause::BodyNul => vec![Cow::Owned(
            body.iter().copied().filter(|byte| *byte != 0).collect(),
        )],
        Cause::BodyCrlf => {
            let lines = text().replace("\r\n", "\n");
            let compact = compact(&lines);
            vec![own(lines), own(compact)]
        }
        // Python's default has both.
        Cause::BodyPretty => {
            let compact = compact(&text());
            let both = unescaped(&compact);
            vec![own(compact), own(both)]
        }
        Cause::BodyTrailingNewline => vec![Cow::Borrowed(body.trim_ascii_end())],
        Cause::BodyEscapedSlash => {
            let slashes = text().replace("\\/", "/");
            let both = unescaped(&slashes);
            vec![own(slashes), own(both)]
        }
        Cause::BodyEscapedUnicode => vec![own(unescaped(&text()))],
        Cause::BodyRepr => vec![own(compact(&text().replace('\'', "\"")))],
        // A line feed that was taken away, or slashes that were escaped when it was signed.
        Cause::BodyReorderedOrWrongKey => vec![
            Cow::Owned([body, b"\n"].concat()),
            own(text().replace('/', "\\/")),
        ],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn escapes_beyond_ascii_are_undone_one_by_one() {
        for (text, want) in [
            (r"\u5f20\u4e09", "张三"),
            (r"\u0041\u5f20\u000a", r"\u0041张\u000a"),
            (r"\ud83d\ude00x", "😀x"),
            (r"\ud83d\u5f20\ude00", r"\ud83d张\ude00"),
            (r"\\u5f20\", r"\\u5f20\"),
            (r"\u5f2", r"\u5f2"),
            (r"\张\u5f20", r"\张张"),
        ] {
            assert_eq!(unescaped(text), want, "{text}");
        }
    }

    /// A forged notification may hold nothing else. Were each escape looked at from each before it,
    /// this would not end today.
    #[test]
    fn a_million_escapes_are_read_once() {
        for unit in [r"\u0041", r"\ud83d", "\\u5f20\\u0041"] {
            let text = unit.repeat(1_000_000);
            assert_eq!(unescaped(&text), text.replace(r"\u5f20", "张"));
        }
    }
}
