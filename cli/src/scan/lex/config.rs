//! Shell, Dockerfile, YAML, ini and their relatives, XML. What stands in their strings counts as
//! code: `sh -c "…"` is a command, `"value"` a value.

use super::Pen;
use crate::scan::lang::{Dialect, Lang};

pub fn lines(pen: &mut Pen, lang: Lang, dialect: Dialect) {
    // The quote of a shell string that is open over several lines.
    let mut open: Option<u8> = None;
    while !pen.done() {
        let end = pen.line_end(pen.at);
        if dialect == Dialect::PowerShell && pen.src[pen.at..end].trim_ascii().starts_with(b"<#") {
            pen.comment(pen.find("#>", pen.at) + 2);
            continue;
        }
        let comment = match lang {
            Lang::Shell => shell(&pen.src[pen.at..end], dialect, &mut open),
            Lang::Yaml | Lang::Hosts => hash(&pen.src[pen.at..end]),
            Lang::Docker => whole(&pen.src[pen.at..end], b"#"),
            _ if dialect == Dialect::Properties => whole(&pen.src[pen.at..end], b"#!"),
            _ => ini(&pen.src[pen.at..end]),
        };
        if let Some(from) = comment {
            pen.at += from;
            pen.comment(end);
        }
        pen.at = end + 1;
    }
}

fn whole(line: &[u8], marks: &[u8]) -> Option<usize> {
    let indent = line.len() - line.trim_ascii_start().len();
    marks.contains(line.get(indent)?).then_some(indent)
}

/// At the start of the line, or after a blank.
fn ini(line: &[u8]) -> Option<usize> {
    whole(line, b"#;").or_else(|| {
        let at = |mark: &[u8]| super::find(line, mark).map(|at| at + 1);
        at(b" # ").or_else(|| at(b" ; "))
    })
}

/// `#` after a blank and outside quotes, where a quote opens only at the start of a word: an
/// apostrophe in `don't` is a letter.
fn hash(line: &[u8]) -> Option<usize> {
    let mut quote = 0;
    let mut before = b' ';
    for (at, byte) in line.iter().copied().enumerate() {
        let starts = matches!(
            before,
            b' ' | b'\t' | b'[' | b'{' | b',' | b':' | b'-' | b'=' | b'('
        );
        if quote != 0 {
            if byte == quote {
                quote = 0;
            }
        } else if matches!(byte, b'"' | b'\'') && starts {
            quote = byte;
        } else if byte == b'#' && matches!(before, b' ' | b'\t') {
            return Some(at);
        }
        before = byte;
    }
    // A quote that never closes was an apostrophe.
    if quote != 0 { whole(line, b"#") } else { None }
}

fn shell(line: &[u8], dialect: Dialect, open: &mut Option<u8>) -> Option<usize> {
    if dialect == Dialect::Batch {
        let word = line.trim_ascii().to_ascii_lowercase();
        let rem = word.starts_with(b"rem ") || word == b"rem" || word.starts_with(b"@rem ");
        return (rem || word.starts_with(b"::")).then_some(0);
    }
    // A line that begins with `#` is a comment whatever quote seems open: an apostrophe in a here
    // document would otherwise hide every comment after it.
    if let Some(at) = whole(line, b"#") {
        return Some(at);
    }
    let mut before = b' ';
    let mut at = 0;
    while at < line.len() {
        let byte = line[at];
        match *open {
            Some(quote) => {
                if byte == b'\\' && quote == b'"' {
                    at += 1;
                } else if byte == quote {
                    *open = None;
                }
            }
            None if byte == b'\\' => at += 1,
            None if matches!(byte, b'"' | b'\'') => *open = Some(byte),
            None if byte == b'#' && matches!(before, b' ' | b'\t' | b';' | b'(' | b'&' | b'|') => {
                return Some(at);
            }
            None => {}
        }
        before = byte;
        at += 1;
    }
    None
}

pub fn markup(pen: &mut Pen) {
    while !pen.done() {
        let start = pen.find("<!--", pen.at);
        pen.at = start;
        if start < pen.src.len() {
            pen.comment(pen.find("-->", start) + 3);
        }
    }
}
