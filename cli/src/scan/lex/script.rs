//! Python and Ruby.

use super::{Pen, is_word};

pub fn python(pen: &mut Pen) {
    while !pen.done() {
        match pen.byte(0) {
            b'#' => pen.comment(pen.line_end(pen.at)),
            quote @ (b'"' | b'\'') => {
                let triple = if quote == b'"' { "\"\"\"" } else { "'''" };
                if !pen.sees(triple) {
                    pen.take_quoted(quote, false, true);
                } else if is_docstring(pen) {
                    pen.comment(triple_end(pen, triple));
                } else {
                    pen.string(triple_end(pen, triple), 3, 3);
                }
            }
            _ => pen.at += 1,
        }
    }
}

fn triple_end(pen: &Pen, triple: &str) -> usize {
    let mut at = pen.at + 3;
    while at < pen.src.len() {
        if pen.src[at] == b'\\' {
            at += 1;
        } else if pen.src[at..].starts_with(triple.as_bytes()) {
            return at + 3;
        }
        at += 1;
    }
    pen.src.len()
}

/// A string that is a statement of its own: it begins its line (after a prefix such as `r`), and
/// the line before does not wait for a value.
fn is_docstring(pen: &Pen) -> bool {
    let mut start = pen.at;
    while start > 0 && pen.src[start - 1].is_ascii_alphabetic() {
        start -= 1;
    }
    if pen.before(start, true) != b'\n' {
        return false;
    }
    !b"=(,[{+\\%".contains(&pen.before(start, false))
}

pub fn ruby(pen: &mut Pen) {
    // Names of heredocs that begin after this line.
    let mut pending: Vec<String> = Vec::new();
    while !pen.done() {
        match pen.byte(0) {
            b'\n' => {
                pen.at += 1;
                for name in std::mem::take(&mut pending) {
                    heredoc_body(pen, &name);
                }
                if pen.sees("=begin") {
                    let end = pen.line_end(pen.find("\n=end", pen.at) + 1);
                    pen.comment(end);
                } else if pen.sees("__END__") {
                    pen.comment(pen.src.len());
                }
            }
            b'=' if pen.at == 0 && pen.sees("=begin") => {
                let end = pen.line_end(pen.find("\n=end", pen.at) + 1);
                pen.comment(end);
            }
            b'#' => pen.comment(pen.line_end(pen.at)),
            // `$'` and `$"` are variables, `?"` a character.
            b'$' | b'?' if matches!(pen.byte(1), b'\'' | b'"' | b'`' | b'#') => pen.at += 2,
            quote @ (b'"' | b'\'' | b'`') => pen.take_quoted(quote, true, true),
            b'<' if pen.sees("<<") => {
                if let Some((name, length)) = heredoc_name(pen) {
                    pending.push(name);
                    pen.at += length;
                } else {
                    pen.at += 2;
                }
            }
            b'%' if percent_length(pen) > 0 => {
                let length = percent_length(pen);
                percent(pen, length);
            }
            b'/' if regex_may_start(pen) => {
                let (end, close) = pen.quoted(b'/', false, true);
                if close == 1 {
                    pen.string(end, 1, 1);
                } else {
                    pen.at += 1;
                }
            }
            _ => pen.at += 1,
        }
    }
}

fn heredoc_name(pen: &Pen) -> Option<(String, usize)> {
    let rest = &pen.src[pen.at + 2..pen.line_end(pen.at)];
    let sign = usize::from(matches!(rest.first(), Some(b'~' | b'-')));
    let quote = matches!(rest.get(sign), Some(b'\'' | b'"')) as usize;
    let name: Vec<u8> = rest[(sign + quote).min(rest.len())..]
        .iter()
        .copied()
        .take_while(|byte| is_word(*byte))
        .collect();
    if !name.first()?.is_ascii_uppercase() || (sign + quote == 0 && name.len() < 2) {
        return None;
    }
    let length = 2 + sign + 2 * quote + name.len();
    Some((String::from_utf8_lossy(&name).into_owned(), length))
}

fn heredoc_body(pen: &mut Pen, name: &str) {
    let mut at = pen.at;
    while at < pen.src.len() {
        let end = pen.line_end(at);
        if pen.src[at..end].trim_ascii() == name.as_bytes() {
            return pen.string(at, 0, 0);
        }
        at = end + 1;
    }
}

/// Length of `%q(`, `%w[`, `%(`; 0 when the percent sign is an operator.
fn percent_length(pen: &Pen) -> usize {
    let kind = usize::from(matches!(
        pen.byte(1),
        b'q' | b'Q' | b'w' | b'W' | b'i' | b'I' | b'r' | b'x' | b's'
    ));
    let opens = matches!(pen.byte(1 + kind), b'(' | b'[' | b'{' | b'<' | b'|' | b'!');
    let value_before = is_word(pen.before(pen.at, true)) || pen.before(pen.at, true) == b')';
    if opens && (kind == 1 || !value_before) {
        2 + kind
    } else {
        0
    }
}

fn percent(pen: &mut Pen, length: usize) {
    let open = pen.byte(length - 1);
    let close = match open {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        b'<' => b'>',
        other => other,
    };
    let mut depth = 1;
    let mut at = pen.at + length;
    while at < pen.src.len() {
        match pen.src[at] {
            b'\\' => at += 1,
            byte if byte == close => {
                depth -= 1;
                if depth == 0 {
                    return pen.string(at + 1, length, 1);
                }
            }
            byte if byte == open => depth += 1,
            _ => {}
        }
        at += 1;
    }
    pen.at += length;
}

fn regex_may_start(pen: &Pen) -> bool {
    let before = pen.before(pen.at, true);
    if b"(,=~[!&|?{;\n".contains(&before) {
        return true;
    }
    let head = pen.src[..pen.at].trim_ascii_end();
    [&b"when"[..], b"if", b"unless", b"and", b"or", b"match"]
        .iter()
        .any(|word| head.ends_with(word))
}
