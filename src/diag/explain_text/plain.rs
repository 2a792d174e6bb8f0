//! The text as it is matched: what terminals, log files and mail programs change does not count.

/// Lower case; no white space, no hyphens, underscores, quotes or backslashes; no colour codes.
/// So a wrapped line, `self signed` and `self-signed`, `BAD_CERTIFICATE`, `bad certificate` and
/// `BadCertificate` are the same.
pub struct Plain(String);

impl Plain {
    pub fn new(text: &str) -> Plain {
        let mut out = String::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        let mut line_start = true;
        let mut gap = false;
        while let Some(c) = chars.next() {
            match c {
                '\u{1b}' => skip_escape(&mut chars),
                '\n' | '\r' => (line_start, gap) = (true, true),
                // Mail quotes, boxes of test runners and notebooks at the beginning of a line.
                '>' | '|' | '│' | '┃' if line_start => gap = true,
                '\\' if matches!(chars.peek(), Some('n' | 'r' | 't')) => {
                    chars.next();
                    gap = true;
                }
                '-' | '_' | '\'' | '"' | '`' | '´' | '‘' | '’' | '“' | '”' | '\\' => {}
                _ if c.is_whitespace() => gap = true,
                _ if c.is_control() => {}
                _ => {
                    // Two numbers stay two.
                    let between = gap && c.is_ascii_digit();
                    if between && out.ends_with(|last: char| last.is_ascii_digit()) {
                        out.push(' ');
                    }
                    out.push(c.to_ascii_lowercase());
                    (line_start, gap) = (false, false);
                }
            }
        }
        Plain(out)
    }

    /// Whether the needle is there. `a & b`: both are.
    pub fn has(&self, needle: &str) -> bool {
        needle
            .split(" & ")
            .all(|part| self.find(&Plain::new(part).0, 0).is_some())
    }

    /// `has`, and takes the text of the needle's first part away.
    pub fn take(&mut self, needle: &str) -> bool {
        if !self.has(needle) {
            return false;
        }
        let first = Plain::new(needle.split(" & ").next().unwrap_or_default()).0;
        let mut out = String::with_capacity(self.0.len());
        let mut from = 0;
        while let Some(at) = self.find(&first, from) {
            out.push_str(&self.0[from..at]);
            out.push('\u{1}');
            from = at + first.len();
        }
        out.push_str(&self.0[from..]);
        self.0 = out;
        true
    }

    /// What stands behind the needle, at most `length` characters.
    pub fn behind(&self, needle: &str, length: usize) -> Option<String> {
        let needle = Plain::new(needle).0;
        let at = self.find(&needle, 0)?;
        Some(self.0[at + needle.len()..].chars().take(length).collect())
    }

    /// A number in the needle is whole in the text: 6 is not found in 60.
    fn find(&self, needle: &str, from: usize) -> Option<usize> {
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let (text, part) = (self.0.as_bytes(), needle.as_bytes());
        let mut from = from;
        while let Some(offset) = self.0[from..].find(needle) {
            let (start, end) = (from + offset, from + offset + needle.len());
            let cut_before = digit(part.first()) && start > 0 && digit(text.get(start - 1));
            let cut_behind = digit(part.last()) && digit(text.get(end));
            if !cut_before && !cut_behind {
                return Some(start);
            }
            from = end;
        }
        None
    }
}

/// ESC [ … letter (colours) or ESC ] … BEL (links).
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.next() {
        Some('[') => {
            for c in chars.by_ref() {
                if ('@'..='~').contains(&c) {
                    return;
                }
            }
        }
        Some(']') => {
            while let Some(c) = chars.next() {
                if c == '\u{7}' || (c == '\u{1b}' && chars.next().is_some()) {
                    return;
                }
            }
        }
        _ => {}
    }
}
