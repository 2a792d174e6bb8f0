//! The text of one file: decoded, its comments blanked, lines counted. Offsets are the same in all
//! three texts.

use super::lang::{Dialect, Lang};
use super::lex;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

pub struct Source {
    pub lang: Lang,
    /// As it was read, decoded.
    pub raw: String,
    /// Comments blanked, strings kept.
    pub text: String,
    /// The contents of strings blanked too; the quotes are kept.
    pub mask: String,
    starts: Vec<usize>,
    /// What `look::resolve` found for a name: a file that uses one name a thousand times is
    /// searched for it once.
    pub resolved: RefCell<HashMap<String, Option<Range<usize>>>>,
}

impl Source {
    pub fn new(lang: Lang, dialect: Dialect, bytes: &[u8]) -> Self {
        let raw = decode(bytes);
        let (text, mask) = lex::blank(&raw, lang, dialect);
        let starts = std::iter::once(0)
            .chain(raw.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            lang,
            raw,
            text,
            mask,
            starts,
            resolved: RefCell::default(),
        }
    }

    /// Line and column of an offset, both from 1; the column counts characters.
    pub fn position(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts[line - 1];
        (line, self.raw[start..at].chars().count() + 1)
    }

    /// A line without its end; lines count from 1.
    pub fn line(&self, line: usize) -> &str {
        let start = self.starts[line - 1];
        let end = self.starts.get(line).copied().unwrap_or(self.raw.len());
        self.raw[start..end].trim_end_matches(['\n', '\r'])
    }

    /// Where the line of an offset starts.
    pub fn line_start(&self, at: usize) -> usize {
        self.starts[self.starts.partition_point(|start| *start <= at) - 1]
    }

    /// Where the line of an offset ends, its line end not counted.
    pub fn line_end(&self, at: usize) -> usize {
        self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |length| at + length)
    }

    /// Whether an offset is code rather than the inside of a string.
    pub fn is_code(&self, at: usize) -> bool {
        self.mask.as_bytes().get(at) == self.text.as_bytes().get(at)
    }
}

/// UTF-8, UTF-16 with a byte order mark, or anything else with two-byte characters taken as one
/// unknown character: the second byte of a GBK character can be a backslash or a brace, and would
/// end strings that it is only part of.
pub fn decode(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return utf16(rest, u16::from_be_bytes);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let second = bytes.get(at + 1).copied().unwrap_or(0);
        if byte < 0x80 {
            text.push(byte as char);
            at += 1;
        } else {
            text.push(char::REPLACEMENT_CHARACTER);
            at += if (0x81..=0xfe).contains(&byte) && second >= 0x40 && second != 0x7f {
                2
            } else {
                1
            };
        }
    }
    text
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units)
        .map(|one| one.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_byte_of_a_gbk_character_never_ends_a_string() {
        // U+8AA0 is D5 5C in GBK: the second byte is a backslash. (GBK table, Python's codec.)
        let text = decode(b"$a = '\xd5\x5c'; curl($b);");
        assert_eq!(text, "$a = '\u{fffd}'; curl($b);");
    }

    #[test]
    fn utf_16_with_a_mark_is_read() {
        assert_eq!(decode(b"\xff\xfea\0b\0"), "ab");
        assert_eq!(decode(b"\xfe\xff\0a\0b"), "ab");
    }
}
