//! PHP: what stands outside `<?php … ?>` is no code, but the scripts in it may be.

use super::{Pen, is_word};

pub fn lex(pen: &mut Pen) {
    // A file without any tag is a fragment, and all of it is code.
    let mut code = !contains_tag(pen.src);
    while !pen.done() {
        if !code {
            let open = pen.find("<?", pen.at);
            pen.comment(open);
            pen.at = (open + 2).min(pen.src.len());
            if pen.sees("xml ") {
                continue;
            }
            code = true;
            continue;
        }
        match pen.byte(0) {
            b'?' if pen.byte(1) == b'>' => {
                pen.at += 2;
                code = false;
            }
            b'/' if pen.byte(1) == b'/' => line_comment(pen),
            b'#' if pen.byte(1) != b'[' => line_comment(pen),
            b'/' if pen.byte(1) == b'*' => pen.comment(pen.find("*/", pen.at + 2) + 2),
            b'<' if pen.sees("<<<") => heredoc(pen),
            quote @ (b'\'' | b'"' | b'`') => pen.take_quoted(quote, true, true),
            _ => pen.at += 1,
        }
    }
}

fn contains_tag(src: &[u8]) -> bool {
    super::find(src, b"<?").is_some()
}

/// `?>` ends a line comment and the code.
fn line_comment(pen: &mut Pen) {
    let end = pen.line_end(pen.at).min(pen.find("?>", pen.at));
    pen.comment(end);
}

fn heredoc(pen: &mut Pen) {
    let line_end = pen.line_end(pen.at);
    let head = String::from_utf8_lossy(&pen.src[pen.at + 3..line_end]).into_owned();
    let name = head.trim().trim_matches(['\'', '"']);
    if name.is_empty() || !name.bytes().all(is_word) {
        pen.at += 3;
        return;
    }
    let mut at = line_end + 1;
    while at < pen.src.len() {
        let end = pen.line_end(at);
        let line = &pen.src[at..end];
        let indent = line.len() - line.trim_ascii_start().len();
        let rest = &line[indent..];
        if rest.starts_with(name.as_bytes()) && !rest.get(name.len()).is_some_and(|b| is_word(*b)) {
            pen.at = line_end;
            return pen.string(at + indent + name.len(), 0, name.len());
        }
        at = end + 1;
    }
    pen.at = line_end;
    pen.string(pen.src.len(), 0, 0);
}
