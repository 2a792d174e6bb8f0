//! Values of a configuration in JSON, taken into zeroised memory as they are read: a JSON tree
//! would leave copies of secrets behind (safety.md S34).

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

pub enum JsonValue {
    /// A string, or the strings of an array as lines.
    Text(Zeroizing<String>),
    /// Anything that is not text.
    Other,
}

impl<'de> Deserialize<'de> for JsonValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<JsonValue, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = JsonValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an array of strings")
    }

    fn visit_str<E>(self, text: &str) -> Result<JsonValue, E> {
        Ok(JsonValue::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<JsonValue, A::Error> {
        let mut lines: Vec<Zeroizing<String>> = Vec::new();
        let mut all_text = true;
        while let Some(item) = items.next_element::<JsonValue>()? {
            match item {
                JsonValue::Text(line) => lines.push(line),
                JsonValue::Other => all_text = false,
            }
        }
        if !all_text {
            return Ok(JsonValue::Other);
        }
        // At its final size at once: growing would leave copies.
        let mut text = String::with_capacity(lines.iter().map(|line| line.len() + 1).sum());
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                text.push('\n');
            }
            text.push_str(line);
        }
        Ok(JsonValue::Text(Zeroizing::new(text)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<JsonValue, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(JsonValue::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<JsonValue, E> {
        Ok(JsonValue::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<JsonValue, E> {
        Ok(JsonValue::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<JsonValue, E> {
        Ok(JsonValue::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<JsonValue, E> {
        Ok(JsonValue::Other)
    }

    fn visit_unit<E>(self) -> Result<JsonValue, E> {
        Ok(JsonValue::Other)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::error::Status;

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
