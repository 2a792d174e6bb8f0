//! Where the values of a JSON text lie. No tree is built: foreign bytes can nest deeper than a
//! thread's stack is, and every byte that is not asked for has to stay as it is.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::IgnoredAny;

use crate::error::{Error, Result, Status, fail};
use crate::json_string;
use crate::memory;

/// Finds its way through a text that serde has found to be JSON.
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// MALFORMED_JSON, with what `name` stands for and the place, but never the text.
    pub fn new(name: &str, text: &'a [u8]) -> Result<Scanner<'a>> {
        let Ok(text) = std::str::from_utf8(text) else {
            return fail(Status::MalformedJson, format!("{name} is not UTF-8."));
        };
        match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => Ok(Scanner { text, at: 0 }),
            Err(error) => fail(
                Status::MalformedJson,
                format!("{name} of {} bytes is not JSON: {error}.", text.len()),
            ),
        }
    }

    /// The first byte of what comes next; 0 at the end.
    pub fn peek(&mut self) -> u8 {
        while matches!(self.byte(), b' ' | b'\t' | b'\r' | b'\n') {
            self.at += 1;
        }
        self.byte()
    }

    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Into the object or array that comes next.
    pub fn enter(&mut self) {
        self.peek();
        self.at += 1;
    }

    /// To the next member or element; false when there is none, and then behind the closing bracket.
    pub fn advance(&mut self) -> bool {
        match self.peek() {
            0 => false,
            b'}' | b']' => {
                self.at += 1;
                false
            }
            b',' => {
                self.at += 1;
                true
            }
            _ => true,
        }
    }

    /// The member's name, with its escapes undone; the value comes next.
    pub fn name(&mut self) -> Result<Cow<'a, str>> {
        let span = self.string();
        let name = self.unescaped(&span);
        if self.peek() == b':' {
            self.at += 1;
        }
        name
    }

    /// The string that comes next, with its quotes.
    pub fn string(&mut self) -> Range<usize> {
        self.peek();
        let start = self.at;
        self.at += 1;
        loop {
            match self.byte() {
                b'"' => break,
                b'\\' => self.at += 2,
                0 if self.at >= self.text.len() => break,
                _ => self.at += 1,
            }
        }
        self.at = (self.at + 1).min(self.text.len());
        start..self.at
    }

    /// Behind the value that comes next, however deep it nests.
    pub fn skip(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                0 => return,
                b'"' => {
                    self.string();
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                b',' | b':' => self.at += 1,
                _ => {
                    while matches!(self.byte(), b'0'..=b'9' | b'a'..=b'z' | b'E' | b'+' | b'-' | b'.')
                    {
                        self.at += 1;
                    }
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// What the string at `span` says; one without escapes is not copied.
    pub fn unescaped(&self, span: &Range<usize>) -> Result<Cow<'a, str>> {
        let inner = self
            .text
            .get(span.start + 1..span.end.saturating_sub(1))
            .unwrap_or_default();
        if !inner.contains('\\') {
            return Ok(Cow::Borrowed(inner));
        }
        memory::foresee(inner.len())?;
        let text = json_string::unescape(inner);
        text.map(|mut text| Cow::Owned(std::mem::take(&mut *text)))
            .ok_or_else(|| {
                Error::new(
                    Status::MalformedJson,
                    format!(
                        "The string at byte {} is not Unicode: half of a surrogate pair.",
                        span.start
                    ),
                )
            })
    }

    pub fn text(&self) -> &'a str {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_skipped_to_its_last_byte() {
        for value in [
            "null",
            "true",
            "-1.5E+400",
            "\"\"",
            "\"a\\\"]}\\\\\"",
            "[]",
            "{ }",
            "[1,[2,{\"a\":[\"]\"]}] , 3]",
            "{\"}\":{\"[\":\"\\u0022\"}}",
        ] {
            let text = format!(" [ {value} ,\t{value}\n]  ");
            let mut scanner = Scanner::new("it", text.as_bytes()).unwrap();
            scanner.enter();
            let mut ends = Vec::new();
            while scanner.advance() {
                scanner.peek();
                let start = scanner.at;
                scanner.skip();
                ends.push(&text[start..scanner.at]);
            }
            assert_eq!(ends, [value, value]);
            assert_eq!(scanner.peek(), 0, "{value}");
        }
    }

    #[test]
    fn a_million_brackets_need_no_stack() {
        let text = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        let mut scanner = Scanner::new("it", text.as_bytes()).unwrap();
        scanner.skip();
        assert_eq!(scanner.at, text.len());
    }

    #[test]
    fn names_are_told_with_their_escapes_undone() {
        let mut scanner = Scanner::new("it", br#"{"\u006eam\u0065" : 1}"#).unwrap();
        scanner.enter();
        assert!(scanner.advance());
        assert_eq!(scanner.name().unwrap(), "name");
        assert_eq!(scanner.peek(), b'1');
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place_and_not_repeated() {
        for text in [
            &b""[..],
            b"{",
            b"{\"secret\":01}",
            b"{} x",
            b"\xef\xbb\xbf{}",
            b"{\"secret\":\"\n\"}",
            b"\xff",
            b"[1,]",
        ] {
            let error = Scanner::new("The body", text).err().unwrap();
            assert_eq!(error.status(), Status::MalformedJson, "{text:?}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    /// serde reads the same strings.
    #[test]
    fn escapes_are_undone_as_serde_undoes_them() {
        let pieces = [
            "a",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b",
            "\\f",
            "\\n",
            "\\r",
            "\\t",
            "\\u0000",
            "\\u00e9",
            "\\uFFFF",
            "\\ud83d",
            "\\uDE00",
            "\\uD83D\\udE00",
            "中",
            "😀",
            "/",
            "u",
        ];
        let mut refused = 0;
        for one in pieces {
            for two in pieces {
                for three in pieces {
                    let text = format!("\"{one}{two}{three}\"");
                    let scanner = Scanner::new("it", text.as_bytes()).unwrap();
                    let ours = scanner.unescaped(&(0..text.len())).ok();
                    let theirs = serde_json::from_str::<String>(&text).ok();
                    assert_eq!(ours.as_deref(), theirs.as_deref(), "{text}");
                    refused += usize::from(ours.is_none());
                }
            }
        }
        assert!(refused > 500, "{refused}");
    }
}
