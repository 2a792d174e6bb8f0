//! What an expression says: off, on, nothing, or something that a condition decides.

use super::rule::compile;
use super::source::Source;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// `false`, `0`, `null` and their spellings; also what a cast stands before.
pub fn is_off(value: &str) -> bool {
    static OFF: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r#"^[(\s]*(?:\(\s*[\w\s]+\*?\s*\)\s*)?(?i:\\?false|\\?null|nullptr|0[lLuU]*|!1|!true|no|'0'|"0"|'false'|"false"|''|""|curl_false|GL_FALSE)[)\s]*$"#,
        )
    });
    OFF.is_match(value.trim())
}

pub fn is_true(value: &str) -> bool {
    static ON: LazyLock<Regex> = LazyLock::new(|| {
        compile(r#"^[(\s]*(?i:\\?true|1[lLuU]*|!0|yes|'1'|"1"|"true"|'true')[)\s]*$"#)
    });
    ON.is_match(value.trim())
}

/// No root is named: null and its spellings, an empty string or list.
pub fn is_nothing(value: &str) -> bool {
    static NOTHING: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r#"^[(\s]*(?:\(\s*[\w\s.:]+\*?\s*\)\s*)?(?i:\\?null|nullptr|nil|none|undefined|\\?false|\\?true|0[lL]?|''|""|\[\s*\]|\{\s*\}|array\(\s*\)|void 0|default)[)\s]*(?:as\s+[\w.]+(?:<[\w.?, *]*>)?\??)?[)\s]*$"#,
        )
    });
    let value = value.trim();
    value.is_empty() || NOTHING.is_match(value)
}

/// Whether the value is decided by a condition.
pub fn is_conditional(src: &Source, range: Range<usize>) -> bool {
    static CONDITION: LazyLock<Regex> = LazyLock::new(|| compile(r"\?[^.>]|\bif\b.*\belse\b|\?\?"));
    CONDITION.is_match(&src.mask[range])
}
