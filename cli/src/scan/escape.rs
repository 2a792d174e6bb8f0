//! Foreign text as reports may show it (safety.md S23): nothing that moves the cursor, hides or
//! reorders text, and not without end.

use std::fmt::Write as _;
use std::path::Path;

/// Longer text is cut.
const LONGEST: usize = 512;

/// Control, bidirectional and zero-width characters as `\u{…}`; cut at 512 characters.
pub fn shown(text: &str) -> String {
    cut(text, LONGEST)
}

/// A line of source: shorter, and without its indentation.
pub fn snippet(line: &str) -> String {
    cut(line.trim(), 200)
}

fn cut(text: &str, longest: usize) -> String {
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == longest {
            out.push('…');
            break;
        }
        if c == '\t' {
            out.push(' ');
        } else if is_hidden(c) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0xad | 0x61c | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfe00..=0xfe0f
            | 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe0fff)
}

/// A path; bytes that are no UTF-8 as `\xNN`.
pub fn path(path: &Path) -> String {
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            if is_hidden(c) {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            } else {
                out.push(c);
            }
        }
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
