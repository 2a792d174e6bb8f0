//! Foreign text as reports may show it (safety.md S23), by the command's own escape: what only the
//! scanner has is lines of source, and paths that are no UTF-8.

use crate::output::escape::{readable, sentence};
use std::fmt::Write as _;
use std::path::Path;

/// A line of source is cut earlier than other text.
const LONGEST_LINE: usize = 200;

/// What is invisible as `\u{…}`; cut at 512 characters.
pub fn shown(text: &str) -> String {
    readable(&text.replace('\t', " "))
}

/// A line of source: shorter, and without its indentation.
pub fn snippet(line: &str) -> String {
    let line = line.trim();
    match line.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => shown(&line[..end]) + "…",
        None => shown(line),
    }
}

/// A path, whole; bytes that are no UTF-8 as `\xNN`.
pub fn path(path: &Path) -> String {
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        out.push_str(&sentence(chunk.valid()));
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// A path as the path of a URI: every byte stays.
pub fn uri(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let bytes = bytes.strip_prefix(b"./").unwrap_or(bytes);
    let mut out = String::new();
    if path.is_absolute() {
        out.push_str("file://");
    }
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            out.push(*byte as char);
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStrExt as _;

    #[test]
    fn nothing_in_a_snippet_moves_the_cursor_or_reorders_text() {
        assert_eq!(shown("a\u{1b}]0;x\u{7}b"), "a\\u{1b}]0;x\\u{7}b");
        assert_eq!(
            shown("\u{202e}x\u{200b}\u{9b}"),
            "\\u{202e}x\\u{200b}\\u{9b}"
        );
        assert_eq!(shown(&"x".repeat(600)).chars().count(), 513);
    }

    #[test]
    fn a_path_that_is_no_utf_8_keeps_its_bytes() {
        let name = Path::new(std::ffi::OsStr::from_bytes(b"a/\xff\x1b.php"));
        assert_eq!(path(name), "a/\\xff\\u{1b}.php");
        assert_eq!(uri(name), "a/%FF%1B.php");
    }
}
