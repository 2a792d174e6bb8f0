//! Header fields in the order they came, looked up in any spelling: case, `-` or `_`, and the
//! `HTTP_` prefix that CGI, WSGI and PHP put in front (requirements.md A3).

use crate::error::Result;
use crate::error::{Status, fail};
use crate::text::TextRef;

/// All names and values in one text, each ended by a NUL: a message has some 15 headers, and two
/// allocations for each would cost more than everything else that is done with them.
#[derive(Clone, Default)]
pub struct Headers {
    text: String,
    fields: Vec<Field>,
}

/// Where in the text; `name..value` and `value..end` include the NUL.
#[derive(Clone, Copy)]
struct Field {
    name: usize,
    value: usize,
    end: usize,
}

/// Names only: a value may be an Authorization (safety.md S24).
impl std::fmt::Debug for Headers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

impl Headers {
    /// Room for that many fields with that many bytes of names and values.
    pub fn with_capacity(fields: usize, bytes: usize) -> Headers {
        Headers {
            text: String::with_capacity(bytes + 2 * fields),
            fields: Vec::with_capacity(fields),
        }
    }

    /// Room for that many more, as `with_capacity`.
    pub fn reserve(&mut self, fields: usize, bytes: usize) {
        self.text.reserve(bytes + 2 * fields);
        self.fields.reserve(fields);
    }

    /// Of all names and values.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Keeps the first `len` fields.
    pub fn truncate(&mut self, len: usize) {
        self.fields.truncate(len);
        self.text
            .truncate(self.fields.last().map_or(0, |last| last.end));
    }

    /// A NUL becomes U+FFFD, so that C never sees a text cut.
    pub fn push(&mut self, name: &str, value: &str) {
        let start = self.text.len();
        self.append(name);
        let middle = self.text.len();
        self.append(value.trim_matches([' ', '\t']));
        self.fields.push(Field {
            name: start,
            value: middle,
            end: self.text.len(),
        });
    }

    fn append(&mut self, piece: &str) {
        if piece.contains('\0') {
            self.text.push_str(&piece.replace('\0', "\u{fffd}"));
        } else {
            self.text.push_str(piece);
        }
        self.text.push('\0');
    }

    /// Replaces every field of that HTTP name by one.
    pub fn set(&mut self, name: &str, value: &str) {
        if self.has_http(name) {
            let mut rest = Headers::with_capacity(self.len() + 1, self.text.len() + value.len());
            for (have, kept) in self.iter() {
                if !have.eq_ignore_ascii_case(name) {
                    rest.push(have, kept);
                }
            }
            *self = rest;
        }
        self.push(name, value);
    }

    pub fn len(&self) -> usize {
        self.fields.len()
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|field| {
            (
                &self.text[field.name..field.value - 1],
                &self.text[field.value..field.end - 1],
            )
        })
    }

    /// Name and value as C reads them.
    pub fn at(&self, index: usize) -> Option<(TextRef<'_>, TextRef<'_>)> {
        let field = self.fields.get(index)?;
        Some((
            TextRef::ended(&self.text[field.name..field.value])?,
            TextRef::ended(&self.text[field.value..field.end])?,
        ))
    }

    /// Where the first field of that name is, in any spelling.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.iter().position(|(have, _)| same_name(have, name))
    }

    /// First value of that name, in any spelling.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(have, _)| same_name(have, name))
            .map(|(_, value)| value)
    }

    /// Exact HTTP name match (case-insensitive only): for requests to be sent, where CGI
    /// spellings mean nothing.
    pub fn has_http(&self, name: &str) -> bool {
        self.http(name).is_some()
    }

    /// The value under exactly that HTTP name.
    pub fn http(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(have, _)| have.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The one value of that name; absent and empty are `None`, two different values an error.
    pub fn single(&self, name: &str) -> Result<Option<&str>> {
        let mut found: Option<&str> = None;
        for (have, value) in self.iter() {
            if !same_name(have, name) {
                continue;
            }
            match found {
                Some(first) if first != value => {
                    return fail(
                        Status::HeaderDuplicate,
                        format!(
                            "{name} is there twice with different values: \"{}\" and \"{}\".",
                            shown(first),
                            shown(value)
                        ),
                    );
                }
                _ => found = Some(value),
            }
        }
        Ok(found.filter(|value| !value.is_empty()))
    }
}

/// `Wechatpay-Serial`, `wechatpay_serial` and `HTTP_WECHATPAY_SERIAL` are one name, whichever of
/// them is there and whichever is asked for.
fn same_name(have: &str, want: &str) -> bool {
    // Nearly every name is told apart by its length.
    if !matches!(have.len().abs_diff(want.len()), 0 | 5) {
        return false;
    }
    have == want
        || spelled(have, want)
        || strip_cgi(have).is_some_and(|rest| spelled(rest, want))
        || strip_cgi(want).is_some_and(|rest| spelled(have, rest))
}

fn strip_cgi(name: &str) -> Option<&str> {
    let (prefix, rest) = name.split_at_checked(5)?;
    (prefix.eq_ignore_ascii_case("HTTP_") || prefix.eq_ignore_ascii_case("HTTP-")).then_some(rest)
}

fn spelled(have: &str, want: &str) -> bool {
    have.len() == want.len()
        && have.bytes().zip(want.bytes()).all(|(a, b)| {
            let fold = |byte: u8| {
                if byte == b'_' {
                    b'-'
                } else {
                    byte.to_ascii_lowercase()
                }
            };
            fold(a) == fold(b)
        })
}

/// A foreign value as it may stand in an error: control characters escaped, cut at 64.
pub fn shown(value: &str) -> String {
    let mut out: String = value
        .chars()
        .take(64)
        .flat_map(char::escape_default)
        .collect();
    if value.chars().count() > 64 {
        out.push('…');
    }
    out
}

/// Foreign text that people are to read, in any language: what a terminal or a page would obey
/// instead of show (control, direction and invisible characters) is escaped, and it is cut at 512
/// characters (safety.md S23).
pub fn readable(value: &str) -> String {
    const MOST: usize = 512;
    let mut out = String::new();
    for (count, one) in value.chars().enumerate() {
        if count == MOST {
            out.push('…');
            break;
        }
        if is_invisible(one) {
            out.extend(one.escape_unicode());
        } else {
            out.push(one);
        }
    }
    out
}

fn is_invisible(one: char) -> bool {
    one.is_control()
        || matches!(
            one,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "In any case and spelling" (wxpay_message_header): of the name asked for too.
    #[test]
    fn a_header_is_found_under_every_spelling_of_its_name_by_every_other() {
        let spellings = [
            "Wechatpay-Serial",
            "WECHATPAY_SERIAL",
            "HTTP_WECHATPAY_SERIAL",
            "http_wechatpay_serial",
        ];
        for have in spellings {
            let mut headers = Headers::default();
            headers.push(have, "5D1A");
            for want in spellings {
                assert_eq!(headers.get(want), Some("5D1A"), "{have} by {want}");
            }
            for other in [
                "Serial",
                "X-Wechatpay-Serial",
                "HTTPS_WECHATPAY_SERIAL",
                "HTTP_",
                "",
            ] {
                assert!(headers.get(other).is_none(), "{have} by {other}");
            }
        }
    }
}
