//! The languages with `//` and `/* */`: C, C#, Go, Java and its relatives, JavaScript.

use super::{Pen, is_word};
use crate::scan::lang::Dialect;

pub struct Syntax {
    /// `/* /* */ */` is one comment.
    nested: bool,
    /// `'` opens a character, so a lone one is code (`1'000`, lifetimes of generics).
    character: bool,
    triple: bool,
    /// Go's raw strings; with `template`, JavaScript's.
    backtick: bool,
    template: bool,
    /// C#: `@"…""…"`.
    verbatim: bool,
    /// C++: `R"x(…)x"`, and `#if 0`.
    c: bool,
    /// `<!-- -->` and `<%-- --%>`.
    markup: bool,
}

const NONE: Syntax = Syntax {
    nested: false,
    character: true,
    triple: false,
    backtick: false,
    template: false,
    verbatim: false,
    c: false,
    markup: false,
};
pub const C: Syntax = Syntax { c: true, ..NONE };
pub const GO: Syntax = Syntax {
    backtick: true,
    ..NONE
};
pub const CSHARP: Syntax = Syntax {
    triple: true,
    verbatim: true,
    markup: true,
    ..NONE
};
pub const NODE: Syntax = Syntax {
    character: false,
    backtick: true,
    template: true,
    markup: true,
    ..NONE
};

pub fn java(dialect: Dialect) -> Syntax {
    Syntax {
        triple: true,
        nested: dialect == Dialect::Kotlin,
        markup: dialect == Dialect::Jsp,
        ..NONE
    }
}

pub fn lex(pen: &mut Pen, syntax: &Syntax) {
    // Depth of braces in each open `${`, innermost last.
    let mut templates: Vec<usize> = Vec::new();
    while !pen.done() {
        match pen.byte(0) {
            b'/' if pen.byte(1) == b'/' => {
                let end = line_comment_end(pen, syntax);
                pen.comment(end);
            }
            b'/' if pen.byte(1) == b'*' => {
                let end = block_end(pen, syntax.nested);
                pen.comment(end);
            }
            b'/' if syntax.template && regex_may_start(pen) => regex(pen),
            b'<' if syntax.markup && pen.sees("<!--") => pen.comment(pen.find("-->", pen.at) + 3),
            b'<' if syntax.markup && pen.sees("<%--") => pen.comment(pen.find("--%>", pen.at) + 4),
            b'@' if syntax.verbatim && pen.sees("@*") => pen.comment(pen.find("*@", pen.at) + 2),
            b'#' if syntax.c && pen.before(pen.at, true) == b'\n' && is_if_zero(pen) => {
                let end = if_zero_end(pen);
                pen.comment(end);
            }
            b'"' if syntax.triple && pen.sees("\"\"\"") => {
                let end = pen.find("\"\"\"", pen.at + 3) + 3;
                pen.string(end, 3, 3);
            }
            b'"' if syntax.verbatim && is_verbatim(pen) => verbatim(pen),
            b'"' if syntax.c && is_raw(pen) => raw(pen),
            b'"' => pen.take_quoted(b'"', false, true),
            b'\'' if !syntax.character => pen.take_quoted(b'\'', false, true),
            b'\'' => character(pen),
            b'`' if syntax.template => template(pen, &mut templates),
            b'`' if syntax.backtick => pen.take_quoted(b'`', true, false),
            b'{' => {
                if let Some(depth) = templates.last_mut() {
                    *depth += 1;
                }
                pen.at += 1;
            }
            b'}' => match templates.last_mut() {
                Some(0) => {
                    templates.pop();
                    template(pen, &mut templates);
                }
                Some(depth) => {
                    *depth -= 1;
                    pen.at += 1;
                }
                None => pen.at += 1,
            },
            _ => pen.at += 1,
        }
    }
}

/// In C a backslash at the end of the line continues the comment.
fn line_comment_end(pen: &Pen, syntax: &Syntax) -> usize {
    let mut end = pen.line_end(pen.at);
    while syntax.c && end < pen.src.len() && pen.src[..end].trim_ascii_end().last() == Some(&b'\\')
    {
        end = pen.line_end(end + 1);
    }
    end
}

fn block_end(pen: &Pen, nested: bool) -> usize {
    let mut at = pen.at + 2;
    let mut depth = 1;
    while at < pen.src.len() {
        if pen.src[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 || !nested {
                return at;
            }
        } else if nested && pen.src[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else {
            at += 1;
        }
    }
    at
}

/// `'x'`, `'\n'`, `'\u0041'`; anything else is not a character.
fn character(pen: &mut Pen) {
    let (end, close) = pen.quoted(b'\'', false, true);
    if close == 1 && end - pen.at <= 12 {
        pen.string(end, 1, 1);
    } else {
        pen.at += 1;
    }
}

fn is_verbatim(pen: &Pen) -> bool {
    let before = &pen.src[..pen.at];
    before.ends_with(b"@") || before.ends_with(b"@$")
}

fn verbatim(pen: &mut Pen) {
    let mut at = pen.at + 1;
    while at < pen.src.len() {
        if pen.src[at] == b'"' {
            if pen.src.get(at + 1) == Some(&b'"') {
                at += 1;
            } else {
                return pen.string(at + 1, 1, 1);
            }
        }
        at += 1;
    }
    pen.string(at, 1, 0);
}

fn is_raw(pen: &Pen) -> bool {
    let before = &pen.src[..pen.at];
    before.ends_with(b"R") && !(before.len() > 1 && is_word(before[before.len() - 2]))
        || [&b"u8R"[..], b"LR", b"uR", b"UR"]
            .iter()
            .any(|prefix| before.ends_with(prefix))
}

fn raw(pen: &mut Pen) {
    let open = pen.find("(", pen.at);
    let delimiter = pen.src[pen.at + 1..open.min(pen.src.len())].to_vec();
    if open >= pen.src.len() || delimiter.len() > 16 {
        return pen.take_quoted(b'"', false, true);
    }
    let close = [&b")"[..], &delimiter, b"\""].concat();
    let end = super::find(&pen.src[open..], &close).map_or(pen.src.len(), |at| open + at);
    pen.string(end + close.len(), 1, 1);
}

/// From a backtick or from the brace that ends `${`, to the next `${` or the closing backtick.
fn template(pen: &mut Pen, templates: &mut Vec<usize>) {
    let mut at = pen.at + 1;
    while at < pen.src.len() {
        match pen.src[at] {
            b'\\' => at += 1,
            b'`' => return pen.string(at + 1, 1, 1),
            b'$' if pen.src.get(at + 1) == Some(&b'{') => {
                templates.push(0);
                return pen.string(at + 2, 1, 2);
            }
            _ => {}
        }
        at += 1;
    }
    pen.string(at, 1, 0);
}

/// A slash divides after a value and opens a pattern after an operator or a keyword.
fn regex_may_start(pen: &Pen) -> bool {
    let before = pen.before(pen.at, true);
    if b"(,=:[!&|?{};+-*%~^<>\n".contains(&before) {
        // `</tag>` in JSX and in templates
        return before != b'<';
    }
    let head = pen.src[..pen.at].trim_ascii_end();
    [&b"return"[..], b"typeof", b"case", b"in", b"of"]
        .iter()
        .any(|word| {
            head.ends_with(word)
                && !head[..head.len() - word.len()]
                    .last()
                    .is_some_and(|byte| is_word(*byte))
        })
}

fn regex(pen: &mut Pen) {
    let mut at = pen.at + 1;
    let mut class = false;
    while at < pen.src.len() {
        match pen.src[at] {
            b'\\' => at += 1,
            b'[' => class = true,
            b']' => class = false,
            b'/' if !class => return pen.string(at + 1, 1, 1),
            b'\n' => break,
            _ => {}
        }
        at += 1;
    }
    pen.at += 1;
}

fn is_if_zero(pen: &Pen) -> bool {
    let line = &pen.src[pen.at..pen.line_end(pen.at)];
    let words: Vec<_> = line[1..]
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .collect();
    words.starts_with(&[b"if", b"0"])
}

/// The line of the `#else`, `#elif` or `#endif` that belongs to this `#if 0`.
fn if_zero_end(pen: &Pen) -> usize {
    let mut depth = 0;
    let mut at = pen.at;
    while at < pen.src.len() {
        let end = pen.line_end(at);
        if let Some(directive) = pen.src[at..end].trim_ascii().strip_prefix(b"#") {
            let directive = directive.trim_ascii_start();
            if directive.starts_with(b"if") {
                depth += 1;
            } else if directive.starts_with(b"endif") {
                depth -= 1;
            } else if directive.starts_with(b"el") && depth == 1 {
                return at;
            }
            if depth == 0 {
                return at;
            }
        }
        at = end + 1;
    }
    pen.src.len()
}
