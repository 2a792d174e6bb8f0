//! The fields of one message: names and values as text, in the order they came. Comes from a flat
//! JSON object or from XML, and goes out as either.

use std::borrow::Cow;
use std::fmt;

use crate::secret::{Wipe, Zeroizing};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::{Error, Result, Status, fail};
use crate::http::headers::shown;

/// More than any message has; and as much XML is read.
pub(super) const MOST_BYTES: usize = 1024 * 1024;
/// The longest documented message (a bill of coupons) has some 200.
pub(super) const MOST_FIELDS: usize = 512;

/// Names are unique.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, String)>);

impl Drop for Fields {
    fn drop(&mut self) {
        for (_, value) in &mut self.0 {
            value.wipe();
        }
    }
}

/// Values may be personal data.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

impl Fields {
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(have, _)| *have == name)
            .map(|(_, value)| value)
    }

    /// The caller has made sure that there is no such name yet.
    pub fn push(&mut self, name: &str, value: &str) {
        self.push_owned(name.to_owned(), value.to_owned());
    }

    pub fn push_owned(&mut self, name: String, value: String) {
        self.0.push((name, value));
    }

    /// An object of text and integers; null and empty values are left out, as they are from the
    /// signature.
    pub fn from_json(json: &str) -> Result<Fields> {
        if json.len() > MOST_BYTES {
            return fail(
                Status::LimitExceeded,
                format!(
                    "json has {} bytes; at most {MOST_BYTES} are taken.",
                    json.len()
                ),
            );
        }
        let members: Members<'_> = serde_json::from_str(json).map_err(|error| {
            Error::new(
                Status::MalformedJson,
                format!(
                    "json is not a JSON object: line {}, column {}.",
                    error.line(),
                    error.column()
                ),
            )
            .hint("Pass an object such as {\"out_trade_no\":\"A1\",\"total_fee\":1}.")
        })?;
        if members.0.len() > MOST_FIELDS {
            return fail(
                Status::LimitExceeded,
                format!(
                    "json has {} fields; at most {MOST_FIELDS} are taken.",
                    members.0.len()
                ),
            );
        }
        let mut fields = Fields::default();
        let mut seen = std::collections::HashSet::new();
        for (name, raw) in &members.0 {
            if !is_name(name) {
                return fail(
                    Status::InvalidArgument,
                    format!(
                        "\"{}\" is not the name of a field: 1 to 64 of A-Z, a-z, 0-9 and _.",
                        shown(name)
                    ),
                );
            }
            if !seen.insert(&**name) {
                return fail(Status::MalformedJson, format!("json has \"{name}\" twice.")).map_err(
                    |error| error.hint("Keep one of them: nobody knows which would count."),
                );
            }
            let value = text(name, raw.get())?;
            if !value.is_empty() {
                fields.push_owned(name.to_string(), value);
            }
        }
        Ok(fields)
    }

    /// As they came. Names need no escapes; of a value each byte may, by one more: nothing is
    /// copied while the text grows.
    pub fn to_json(&self) -> Zeroizing<String> {
        let most = self
            .iter()
            .map(|(name, value)| name.len() + 2 * value.len() + 6)
            .sum::<usize>();
        let mut json = Zeroizing::new(Vec::with_capacity(most + 2));
        json.push(b'{');
        for (index, (name, value)) in self.iter().enumerate() {
            if index > 0 {
                json.push(b',');
            }
            json.push(b'"');
            json.extend_from_slice(name.as_bytes());
            json.extend_from_slice(b"\":");
            // Into memory, and of text: neither fails.
            let _ = serde_json::to_writer(&mut *json, value);
        }
        json.push(b'}');
        Zeroizing::new(String::from_utf8(std::mem::take(&mut *json)).unwrap_or_default())
    }
}

/// `[A-Za-z0-9_]{1,64}`, and `$` for the index forms of the documents (S8).
pub(super) fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(is_name_byte)
}

pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')
}

/// Text, an integer as it is written, or nothing.
fn text(name: &str, raw: &str) -> Result<String> {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    let value = match raw.as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<String>(raw) {
            Ok(value) => value,
            // Half of a surrogate pair: JSON by its grammar, but no text.
            Err(_) => {
                return fail(
                    Status::MalformedJson,
                    format!("The value of {name} is not text."),
                );
            }
        },
        Some(b'n') => String::new(),
        _ if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            raw.to_owned()
        }
        other => {
            let (what, cure) = match other {
                Some(b'{') | Some(b'[') => (
                    "an object or array; API v2 has flat fields",
                    format!(
                        "Pass {name} as a string that holds the JSON, for instance \"{name}\":\"{{\\\"id\\\":\\\"1\\\"}}\"."
                    ),
                ),
                Some(b't') | Some(b'f') => (
                    "true or false; API v2 has no such value",
                    "Pass the text that the document of this path names, such as \"Y\" or \"1\"."
                        .to_owned(),
                ),
                _ => (
                    "not an integer",
                    "Amounts are integers in fen. Pass any other number as a string.".to_owned(),
                ),
            };
            return Err(Error::new(
                Status::InvalidArgument,
                format!("The value of {name} is {what}."),
            )
            .hint(cure));
        }
    };
    match value.chars().find(|one| !super::xml::is_plain(*one)) {
        None => Ok(value),
        Some(control) => Err(Error::new(
            Status::InvalidArgument,
            format!(
                "The value of {name} has the character U+{:04X}; control characters are not sent.",
                u32::from(control)
            ),
        )
        .hint("Write text and JSON on one line.")),
    }
}

/// Members in order, repeated names included, each value still as it stands in the text: a tree of
/// foreign JSON could nest deeper than a thread's stack is.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// Borrowed where the text has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> std::result::Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> std::result::Result<Self::Value, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}
