//! Small lexers that know nothing but comments and strings: comments become spaces, line ends
//! stay, so that every offset and line number stays.

mod braces;
mod config;
mod php;
mod script;

use super::lang::{Dialect, Lang};

/// The text without comments, and the same without the contents of strings.
pub fn blank(raw: &str, lang: Lang, dialect: Dialect) -> (String, String) {
    let mut pen = Pen::new(raw);
    match lang {
        Lang::Php => php::lex(&mut pen),
        Lang::Java => braces::lex(&mut pen, &braces::java(dialect)),
        Lang::C => braces::lex(&mut pen, &braces::C),
        Lang::CSharp => braces::lex(&mut pen, &braces::CSHARP),
        Lang::Go => braces::lex(&mut pen, &braces::GO),
        Lang::Node => braces::lex(&mut pen, &braces::NODE),
        Lang::Python => script::python(&mut pen),
        Lang::Ruby => script::ruby(&mut pen),
        Lang::Shell | Lang::Docker | Lang::Yaml | Lang::Ini | Lang::Hosts => {
            config::lines(&mut pen, lang, dialect);
        }
        Lang::Xml => config::markup(&mut pen),
        Lang::Json | Lang::Other => {}
    }
    pen.finish()
}

/// Walks over the text and blanks what it is told to.
pub struct Pen<'a> {
    pub src: &'a [u8],
    pub at: usize,
    text: Vec<u8>,
    mask: Vec<u8>,
}

impl<'a> Pen<'a> {
    fn new(raw: &'a str) -> Self {
        Self {
            src: raw.as_bytes(),
            at: 0,
            text: raw.as_bytes().to_vec(),
            mask: raw.as_bytes().to_vec(),
        }
    }

    fn finish(self) -> (String, String) {
        // Ranges begin and end at ASCII bytes, so both are still UTF-8.
        (
            String::from_utf8_lossy(&self.text).into_owned(),
            String::from_utf8_lossy(&self.mask).into_owned(),
        )
    }

    pub fn done(&self) -> bool {
        self.at >= self.src.len()
    }

    pub fn byte(&self, ahead: usize) -> u8 {
        self.src.get(self.at + ahead).copied().unwrap_or(0)
    }

    pub fn sees(&self, what: &str) -> bool {
        self.src[self.at.min(self.src.len())..].starts_with(what.as_bytes())
    }

    /// Where `what` stands at or after `from`; the end of the text when it does not.
    pub fn find(&self, what: &str, from: usize) -> usize {
        let from = from.min(self.src.len());
        find(&self.src[from..], what.as_bytes()).map_or(self.src.len(), |at| from + at)
    }

    pub fn line_end(&self, from: usize) -> usize {
        self.find("\n", from)
    }

    /// The last byte before `at` that is not a blank; a line end counts as one when `lines`.
    pub fn before(&self, at: usize, lines: bool) -> u8 {
        self.src[..at]
            .iter()
            .rev()
            .copied()
            .find(|byte| !matches!(byte, b' ' | b'\t' | b'\r') && (lines || *byte != b'\n'))
            .unwrap_or(b'\n')
    }

    /// From here to `to` is a comment.
    pub fn comment(&mut self, to: usize) {
        let to = to.min(self.src.len());
        wipe(&mut self.text[self.at..to]);
        wipe(&mut self.mask[self.at..to]);
        self.at = to;
    }

    /// From here to `to` is a string; its delimiters are `open` and `close` bytes long.
    pub fn string(&mut self, to: usize, open: usize, close: usize) {
        let to = to.min(self.src.len());
        let (from, until) = ((self.at + open).min(to), to.saturating_sub(close));
        if from < until {
            wipe(&mut self.mask[from..until]);
        }
        self.at = to;
    }

    /// The end of a string that starts here with `quote`: after its closing quote, or at the line
    /// end when it may not span lines, or at the end of the text.
    pub fn quoted(&self, quote: u8, lines: bool, escapes: bool) -> (usize, usize) {
        let mut at = self.at + 1;
        while at < self.src.len() {
            match self.src[at] {
                b'\\' if escapes => at += 1,
                b'\n' if !lines => return (at, 0),
                byte if byte == quote => return (at + 1, 1),
                _ => {}
            }
            at += 1;
        }
        (self.src.len(), 0)
    }

    /// Takes a string that starts here with `quote`.
    pub fn take_quoted(&mut self, quote: u8, lines: bool, escapes: bool) {
        let (end, close) = self.quoted(quote, lines, escapes);
        self.string(end, 1, close);
    }
}

fn wipe(bytes: &mut [u8]) {
    for byte in bytes {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}

pub fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    if what.len() == 1 {
        return bytes.iter().position(|byte| *byte == what[0]);
    }
    bytes.windows(what.len()).position(|window| window == what)
}

pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
