//! Foreign text on its way to people (safety.md S23): nothing in it is obeyed by a terminal or a browser.

pub use wxpay::http::headers::readable;

use serde_json::Value;

/// A sentence of the library or of this command, which may hold several foreign values.
const MOST_SENTENCE: usize = 4096;

/// Like `readable` for a whole sentence: it is longer than one foreign value, each of which was cut where it was put in.
pub fn sentence(text: &str) -> String {
    let mut out = String::new();
    let chars: Vec<char> = text.chars().take(MOST_SENTENCE + 1).collect();
    // `readable` cuts at 512, so it gets pieces that are shorter.
    for piece in chars[..chars.len().min(MOST_SENTENCE)].chunks(256) {
        out.push_str(&readable(&piece.iter().collect::<String>()));
    }
    if chars.len() > MOST_SENTENCE {
        out.push('…');
    }
    out
}

/// For the text of an element and for a quoted attribute. What is invisible was made visible before.
pub fn html(readable: &str) -> String {
    let mut out = String::with_capacity(readable.len() + 16);
    for one in readable.chars() {
        match one {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// JSON for a terminal: the same value, with every character that a terminal might obey written as `\uXXXX`. Such
/// characters stand only inside strings, where the escape means the same.
pub fn json(value: &Value) -> String {
    let mut out = text(&format!("{value:#}"));
    out.push('\n');
    out
}

/// Any text, with the same escapes; JSON that is written in one line or has line ends of its own stays as it is otherwise.
pub fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for one in raw.chars() {
        if matches!(one, '\n' | '\t') || readable(one.encode_utf8(&mut [0; 4])).chars().eq([one]) {
            out.push(one);
        } else {
            for unit in one.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_whole_up_to_4096_characters_and_shows_what_is_invisible() {
        let long = "支".repeat(4096);
        assert_eq!(sentence(&long), long);
        assert_eq!(sentence(&(long.clone() + "x")), long + "…");
        assert_eq!(
            sentence("a\u{202e}b\u{1b}]0;x\u{7}\u{9b}\u{200b}"),
            "a\\u{202e}b\\u{1b}]0;x\\u{7}\\u{9b}\\u{200b}"
        );
    }

    #[test]
    fn html_has_no_mark_left() {
        assert_eq!(
            html("</td><script>alert(1)</script>&'\""),
            "&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&#39;&quot;"
        );
    }

    #[test]
    fn json_is_the_same_value_without_a_character_that_a_terminal_obeys() {
        let value = serde_json::json!({"a\u{202e}": "x\u{9b}31m\u{200b}\u{e0041}\u{1b}\n支付"});
        let text = json(&value);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        for one in ['\u{202e}', '\u{9b}', '\u{200b}', '\u{e0041}', '\u{1b}'] {
            assert!(!text.contains(one), "{text}");
        }
        assert!(text.contains("支付") && text.contains("\\u202e"), "{text}");
    }
}
