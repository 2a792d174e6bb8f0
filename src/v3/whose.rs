//! Which merchant a decrypted notification is about (safety.md S27): a platform certificate signs
//! for many merchants, so a good signature does not say it. Looks at the top level only and builds
//! no tree of foreign bytes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::merchant::Merchant;
use crate::error::{Cause, Diagnosis, Error, Result, Status};
use crate::http::headers::shown;

const FIELDS: [&str; 4] = ["mchid", "sp_mchid", "combine_mchid", "brand_id"];

/// Name and value of each of `FIELDS`, as often as it is there.
pub type Named = Vec<(&'static str, String)>;

/// The receivers that `resource` names: one JSON object and nothing else.
pub fn named(resource: &str) -> serde_json::Result<Named> {
    let mut json = serde_json::Deserializer::from_str(resource);
    let named = json.deserialize_map(Fields)?;
    json.end()?;
    Ok(named)
}

/// Do they name this merchant? None: there is none, or nothing to compare it with. A notification
/// whose only such field names another is refused.
pub fn matches(merchant: &Merchant, named: &Named) -> Result<Option<bool>> {
    let configured = |field: &str| {
        let own = if field == "brand_id" {
            &merchant.brand_id
        } else {
            &merchant.mchid
        };
        Some(own.as_str()).filter(|own| !own.is_empty())
    };
    let mut all = None;
    for (field, value) in named {
        let Some(own) = configured(field) else {
            continue;
        };
        let same = own == value;
        if !same && named.len() == 1 {
            let text = format!(
                "{field} of the notification is \"{}\", and {own} is configured.",
                shown(value)
            );
            return Err(
                Error::new(Status::MalformedNotify, format!("MCH_MISMATCH: {text}"))
                    .hint(Cause::MchMismatch.row().cure)
                    .diagnosed(Diagnosis::new(Cause::MchMismatch, text)),
            );
        }
        all = Some(all.unwrap_or(true) && same);
    }
    Ok(all)
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Named;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(
        self,
        mut map: A,
    ) -> std::result::Result<Self::Value, A::Error> {
        let mut named = Vec::new();
        while let Some(name) = map.next_key::<Name<'de>>()? {
            let Some(field) = FIELDS.iter().find(|field| **field == name.0) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let raw: &RawValue = map.next_value()?;
            let value = serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().to_owned());
            if raw.get() != "null" && !value.is_empty() {
                named.push((*field, value));
            }
        }
        Ok(named)
    }
}

#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
