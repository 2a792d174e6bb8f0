//! Strings of a JSON configuration, without a copy that nobody zeroises: a parser's own buffers
//! would keep the keys that stand in the text (safety.md S34).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::json_string;
use crate::secret::Zeroizing;

/// The members of an object, each still as it stands in the text.
pub type Members<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

/// A string, or the lines of an array of strings; `None` for anything else.
pub fn text(value: &RawValue) -> Option<Zeroizing<String>> {
    if value.get().starts_with('"') {
        return string(value.get());
    }
    let lines: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
    let mut joined = Zeroizing::new(String::with_capacity(value.get().len()));
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            joined.push('\n');
        }
        joined.push_str(&string(line.get())?);
    }
    Some(joined)
}

/// A literal with its quotes.
fn string(literal: &str) -> Option<Zeroizing<String>> {
    json_string::unescape(literal.strip_prefix('"')?.strip_suffix('"')?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::error::Status;

    /// Expected values: serde_json.
    #[test]
    fn strings_read_as_the_json_parser_reads_them() {
        for literal in [
            r#""""#,
            r#""plain 支付""#,
            r#""a\nb\r\t\b\f\"\\\/""#,
            r#""\u0041\u652f\u4ed8\ud83d\ude00x""#,
            r#""\\n""#,
            r#""\u0000""#,
        ] {
            let want: String = serde_json::from_str(literal).unwrap();
            assert_eq!(string(literal).as_deref(), Some(&want), "{literal}");
        }
        for literal in [
            r#""\ud83d""#,
            r#""\ud83d\n""#,
            r#""\ude00\ud83d""#,
            r#""\x""#,
            r#""\u12""#,
            r#"x"#,
            r#"""#,
        ] {
            assert!(string(literal).is_none(), "{literal}");
        }
    }

    #[test]
    fn strings_and_arrays_of_strings_are_taken_and_nothing_else() {
        let mut config = Config::default();
        config
            .load_json(r#"{"mchid":"1900000109","api_v3_key":["0123456789abcdef0123456789abcde1","0123456789abcdef0123456789abcde2"],"_note":{"any":[1,null]}}"#)
            .unwrap();
        assert_eq!(config.get("mchid"), Some("1900000109"));
        assert_eq!(config.get("api_v3_key").map(str::len), Some(65));
        for wrong in [
            r#"{"mchid":1}"#,
            r#"{"mchid":null}"#,
            r#"{"mchid":["1",2]}"#,
            r#"{"mchid":{}}"#,
            "[]",
            r#"{"mchid":"1""#,
            "",
        ] {
            let error = config.load_json(wrong).unwrap_err();
            assert_eq!(error.status(), Status::MalformedJson, "{wrong}");
        }
        // Nothing was changed by a failure, not even by the members before it.
        let error = config
            .load_json(r#"{"mchid":"2","brand":"x"}"#)
            .unwrap_err();
        assert_eq!(error.status(), Status::ConfigUnknownKey);
        assert!(error.fields().message.contains("brand_id"), "{error}");
        assert_eq!(config.get("mchid"), Some("1900000109"));
    }
}
