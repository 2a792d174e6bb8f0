//! The surroundings of a match: the value that follows, the call around it, what a name stands for
//! in the same file.

use super::lang::Lang;
use super::rule::compile;
use super::source::Source;
pub use super::value::{is_conditional, is_nothing, is_off, is_true};
use regex::{Captures, Regex};
use std::ops::Range;
use std::sync::LazyLock;

pub struct Site<'a> {
    pub src: &'a Source,
    pub start: usize,
    pub end: usize,
    groups: Vec<Option<Range<usize>>>,
}

impl<'a> Site<'a> {
    pub fn new(src: &'a Source, caps: &Captures) -> Self {
        let groups: Vec<_> = caps.iter().map(|group| group.map(|g| g.range())).collect();
        let all = groups[0].clone().unwrap_or(0..0);
        Self {
            src,
            start: all.start,
            end: all.end,
            groups,
        }
    }

    pub fn group(&self, index: usize) -> &'a str {
        match self.groups.get(index) {
            Some(Some(range)) => &self.src.text[range.clone()],
            _ => "",
        }
    }

    pub fn group_start(&self, index: usize) -> usize {
        match self.groups.get(index) {
            Some(Some(range)) => range.start,
            _ => self.start,
        }
    }

    /// What follows the match, comments blanked.
    pub fn rest(&self) -> &'a str {
        &self.src.text[self.end..]
    }

    /// The expression that follows the match.
    pub fn value(&self) -> &'a str {
        self.src.text[self.value_range()].trim()
    }

    pub fn value_range(&self) -> Range<usize> {
        expression(self.src, self.end)
    }

    /// The line of the match up to it.
    pub fn line_before(&self) -> &'a str {
        &self.src.text[self.src.line_start(self.start)..self.start]
    }

    /// The whole line of the match.
    pub fn line(&self) -> &'a str {
        &self.src.text[self.src.line_start(self.start)..self.src.line_end(self.start)]
    }

    /// The lines around, `lines` before and after.
    pub fn around(&self, lines: usize) -> &'a str {
        let (line, _) = self.src.position(self.start);
        let first = line.saturating_sub(lines).max(1);
        let mut from = self.start;
        for _ in first..=line {
            from = self.src.line_start(from.saturating_sub(1).min(from));
        }
        let mut to = self.end;
        for _ in 0..=lines {
            to = self.src.line_end(to);
            if to < self.src.text.len() {
                to += 1;
            }
        }
        &self.src.text[from..to.min(self.src.text.len())]
    }

    /// The name before the parenthesis that encloses the match: `requests.get`, `$this->post`.
    pub fn callee(&self) -> &'a str {
        callee_of(self.src, self.start)
    }

    /// Every enclosing callee, innermost first, and the key before an enclosing bracket.
    pub fn callees(&self) -> Vec<&'a str> {
        let mut names = Vec::new();
        let mut at = self.start;
        while let Some(open) = enclosing(&self.src.mask, at) {
            names.push(name_before(self.src, open));
            at = open;
            if names.len() > 8 {
                break;
            }
        }
        names
    }

    /// The innermost bracket around the match.
    pub fn bracket(&self) -> u8 {
        enclosing(&self.src.mask, self.start).map_or(0, |at| self.src.mask.as_bytes()[at])
    }

    /// The value, or what the same file assigns to the name that it is, when that is one thing.
    pub fn resolved(&self) -> &'a str {
        let value = self.value();
        resolve(self.src, value).unwrap_or(value)
    }

    pub fn file_mentions(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.src.text.contains(word))
    }
}

/// The only thing the file assigns to the name `value`; none when it is no name or is assigned
/// different things.
pub fn resolve<'a>(src: &'a Source, value: &str) -> Option<&'a str> {
    if !is_name(value) {
        return None;
    }
    if let Some(known) = src.resolved.borrow().get(value) {
        return known.clone().map(|range| &src.text[range]);
    }
    let all = assigned(src, value);
    let first = all
        .first()
        .filter(|first| {
            all.iter()
                .all(|one| src.text[one.clone()] == src.text[(*first).clone()])
        })
        .cloned();
    src.resolved
        .borrow_mut()
        .insert(value.to_owned(), first.clone());
    first.map(|range| &src.text[range])
}

/// `name`, `$name`, `self.name`, `$this->name`, `self::NAME`.
pub fn is_name(value: &str) -> bool {
    static NAME: LazyLock<Regex> =
        LazyLock::new(|| compile(r"^[$@&*]?\w+(?:(?:\.|->|::)[$]?\w+){0,3}$"));
    let literal = matches!(
        value.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "nil" | "none" | "undefined" | "nullptr" | "yes" | "no"
    );
    !literal && NAME.is_match(value) && !value.as_bytes()[0].is_ascii_digit()
}

fn assigned(src: &Source, name: &str) -> Vec<Range<usize>> {
    let last = name
        .rsplit(['.', '>', ':'])
        .next()
        .unwrap_or(name)
        .trim_start_matches(['$', '@', '&', '*']);
    if last.is_empty() {
        return Vec::new();
    }
    let mut values = Vec::new();
    let bytes = src.text.as_bytes();
    for (at, _) in src.text.match_indices(last) {
        let word =
            |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        // `$verify` is a variable; a key of that name is something else.
        if name.starts_with('$') && !name.contains(['-', ':']) && !src.text[..at].ends_with('$') {
            continue;
        }
        let end = at + last.len();
        if (at > 0 && word(bytes.get(at - 1))) || word(bytes.get(end)) {
            continue;
        }
        if let Some(from) = assignment(&src.text[end..]) {
            if !src.is_code(at) && !src.text[..at].ends_with(['\'', '"']) {
                continue;
            }
            let range = trimmed(src, expression(src, end + from));
            if !range.is_empty() {
                values.push(range);
            }
        }
        if values.len() > 8 {
            break;
        }
    }
    values
}

fn trimmed(src: &Source, range: Range<usize>) -> Range<usize> {
    let text = &src.text[range.clone()];
    let start = range.start + text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

/// Length of `=`, `:=`, `: type =`, `', ` of define, `[] =` after a name.
fn assignment(rest: &str) -> Option<usize> {
    static OPERATOR: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r#"^(?:\[\]|\[\d*\])?(?:\s*:\s*[\w.<>?\[\]]+)?[ \t]*(?:, ?\w+)?[ \t]*(?::=|=>|=)|^['"]\s*(?:,|=>|:)|^['"]\]\s*="#,
        )
    });
    let found = OPERATOR.find(rest)?;
    (!rest[found.end()..].starts_with(['=', '>', '~'])).then_some(found.end())
}

/// From `from` to the comma, closing bracket or end of statement that ends an expression.
pub fn expression(src: &Source, from: usize) -> Range<usize> {
    let mask = src.mask.as_bytes();
    let line_ends = matches!(
        src.lang,
        Lang::Python | Lang::Ruby | Lang::Node | Lang::Go | Lang::Java | Lang::Shell
    );
    let always = matches!(
        src.lang,
        Lang::Docker | Lang::Yaml | Lang::Ini | Lang::Hosts
    );
    let mut start = from;
    while start < mask.len()
        && mask[start].is_ascii_whitespace()
        && !(always && mask[start] == b'\n')
    {
        start += 1;
    }
    let mut depth = 0;
    let mut at = start;
    let mut quote = 0;
    while at < mask.len() {
        let byte = mask[at];
        if quote != 0 {
            // The mask blanks what is inside, so the next one closes it.
            if byte == quote {
                quote = 0;
            }
            at += 1;
            continue;
        }
        match byte {
            b'"' | b'\'' | b'`' => quote = byte,
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => break,
            b')' | b']' | b'}' => depth -= 1,
            b',' | b';' if depth == 0 => break,
            b'\n' if always => break,
            b'\n' if line_ends && depth == 0 => {
                let before = src.text[start..at].trim_end().as_bytes().last().copied();
                let next = src.text[at..].trim_start();
                let goes_on = before.is_none_or(|b| b"=+.(,\\|&:?>".contains(&b))
                    || next.starts_with(['.', '+', '?'])
                    || next.starts_with("||")
                    || next.starts_with("&&");
                if !goes_on {
                    break;
                }
            }
            _ => {}
        }
        at += 1;
        if at - start > 4000 {
            break;
        }
    }
    while !src.text.is_char_boundary(at) {
        at -= 1;
    }
    start..at.max(start)
}

/// Where the bracket that encloses `at` opens.
pub fn enclosing(mask: &str, at: usize) -> Option<usize> {
    let bytes = mask.as_bytes();
    let mut depth = 0;
    let lowest = at.saturating_sub(6000);
    for index in (lowest..at.min(bytes.len())).rev() {
        match bytes[index] {
            b')' | b']' | b'}' => depth += 1,
            b'(' | b'[' | b'{' if depth == 0 => return Some(index),
            b'(' | b'[' | b'{' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The bracket that closes the one at `open`.
pub fn closing(mask: &str, open: usize) -> Option<usize> {
    let mut depth = 0;
    for (index, byte) in mask.as_bytes()[open..].iter().enumerate().take(20_000) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(open + index);
                }
            }
            _ => {}
        }
    }
    None
}

fn callee_of(src: &Source, at: usize) -> &str {
    let mut at = at;
    while let Some(open) = enclosing(&src.mask, at) {
        if src.mask.as_bytes()[open] == b'(' {
            let name = name_before(src, open);
            if !matches!(name, "array" | "") {
                return name;
            }
        }
        at = open;
    }
    ""
}

/// The dotted name that ends just before `open`, or the key of an enclosing bracket.
pub fn name_before(src: &Source, open: usize) -> &str {
    let text = &src.text;
    let bytes = text.as_bytes();
    let mut end = open;
    while end > 0
        && matches!(
            bytes[end - 1],
            b' ' | b'\t' | b'\n' | b'\r' | b'=' | b':' | b'>'
        )
    {
        end -= 1;
        // `->` belongs to a name, `=>` does not
        if bytes[end] == b'>' && end > 0 && bytes[end - 1] == b'-' {
            end += 1;
            break;
        }
    }
    let mut start = end;
    while start > 0 {
        let byte = bytes[start - 1];
        let part = byte.is_ascii_alphanumeric() || b"_.$>-:\\@!?'\"".contains(&byte);
        if !part || (byte == b'>' && !(start > 1 && bytes[start - 2] == b'-')) {
            break;
        }
        start -= 1;
    }
    &text[start..end]
}
