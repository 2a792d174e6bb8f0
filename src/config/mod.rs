//! Configuration by name. Holds what was set, checked for form; `build` turns it into a client.

#![forbid(unsafe_code)]

mod build;
mod client_auth;
pub mod forms;
mod json;
pub mod keys;
mod report;
mod roles;

use std::collections::BTreeMap;

pub use build::{Plan, build, identity_now};
pub use report::report;

use crate::error::{Error, Result, Status, fail};
use crate::http::headers::shown;
use crate::memory;
use crate::secret::Zeroizing;

/// More than any real value; a key file may have 1 MiB.
const MOST_BYTES: usize = 1024 * 1024;
/// All of them, as JSON.
const MOST_JSON: usize = 4 * MOST_BYTES;

/// What was set, every value treated as a secret.
#[derive(Clone, Default)]
pub struct Config {
    values: BTreeMap<String, Zeroizing<String>>,
    /// `load_env` was called under AT_SECURE and did nothing.
    pub env_ignored: bool,
}

impl Config {
    /// Replaces the value; empty unsets it. Order never matters.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let (row, part) = keys::find(name)?;
        if value.len() > MOST_BYTES {
            return fail(
                Status::LimitExceeded,
                format!(
                    "{name} has {} bytes; at most {MOST_BYTES} are taken.",
                    value.len()
                ),
            );
        }
        if value.is_empty() {
            self.values.remove(name);
            return Ok(());
        }
        forms::check(name, row.form, part, value)?;
        self.values
            .insert(name.to_owned(), Zeroizing::new(value.to_owned()));
        Ok(())
    }

    /// Fills keys that are unset from `PREFIX<KEY>`; `.` is written `__`. The part before the
    /// first `__` is a key's name in upper case, what follows is taken as it stands.
    pub fn load_env(&mut self, prefix: &str) -> Result<()> {
        check_prefix(prefix)?;
        if crate::sys::secure_mode() {
            self.env_ignored = true;
            return Ok(());
        }
        for (variable, value) in std::env::vars_os() {
            let Some(rest) = variable.to_str().and_then(|name| name.strip_prefix(prefix)) else {
                continue;
            };
            // Where the bindings find the library: not a key.
            if rest == "LIBRARY" || rest.is_empty() {
                continue;
            }
            let name = match rest.split_once("__") {
                Some((key, part)) => {
                    format!("{}.{}", key.to_ascii_lowercase(), part.replace("__", "."))
                }
                None => rest.to_ascii_lowercase(),
            };
            let Some(value) = value.to_str() else {
                return fail(
                    Status::InvalidUtf8,
                    format!("The environment variable {prefix}{rest} is not UTF-8."),
                );
            };
            if !self.values.contains_key(&name) {
                self.set(&name, value)
                    .map_err(|error| in_variable(error, prefix, rest))?;
            }
        }
        Ok(())
    }

    /// `{"key": "value" | ["…", …]}`; the strings of an array become lines. Members that begin
    /// with `_` are ignored. On an error nothing is changed.
    pub fn load_json(&mut self, json: &str) -> Result<()> {
        if json.len() > MOST_JSON {
            return fail(
                Status::LimitExceeded,
                format!(
                    "The configuration has {} bytes; at most {MOST_JSON} are read.",
                    json.len()
                ),
            );
        }
        // The parser's list of an array's elements takes 16 bytes for one of two.
        memory::foresee(8 * json.len())?;
        let members: json::Members<'_> = serde_json::from_str(json).map_err(|error| {
            Error::new(
                Status::MalformedJson,
                format!(
                    "The configuration is not a JSON object: line {}, column {}.",
                    error.line(),
                    error.column()
                ),
            )
        })?;
        let mut next = self.clone();
        for (name, value) in &members {
            if name.starts_with('_') {
                continue;
            }
            match json::text(value) {
                Some(text) => next.set(name, &text)?,
                None => return not_text(name),
            }
        }
        *self = next;
        Ok(())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|value| value.as_str())
    }

    pub fn is_set(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Names and values in order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The dotted keys under a prefix: their second part and value.
    fn below(&self, prefix: &str) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter_map(move |(name, value)| {
            name.strip_prefix(prefix)?
                .strip_prefix('.')
                .map(|part| (part, value))
        })
    }

    fn flag(&self, name: &str, default: bool) -> bool {
        self.get(name).map_or(default, |value| value == "1")
    }

    /// Form and range were checked by `set`.
    fn number(&self, name: &str) -> u64 {
        let default = keys::KEYS
            .iter()
            .find(|row| row.name == name)
            .map_or("", |row| row.default);
        self.get(name)
            .unwrap_or(default)
            .parse()
            .unwrap_or_default()
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

/// `[A-Z][A-Z0-9_]*_`, and not `HTTP_…`: CGI turns request headers into such variables (S33).
pub fn check_prefix(prefix: &str) -> Result<()> {
    let form = prefix.ends_with('_')
        && prefix.starts_with(|first: char| first.is_ascii_uppercase())
        && prefix
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if form && !prefix.starts_with("HTTP_") {
        return Ok(());
    }
    fail(
        Status::InvalidArgument,
        format!(
            "prefix must be upper case, end with _ and not start with HTTP_; got \"{}\".",
            shown(prefix)
        ),
    )
    .map_err(|error| error.hint("Use WXPAY_ or a prefix of your own such as MYAPP_WXPAY_."))
}

fn in_variable(mut error: Error, prefix: &str, rest: &str) -> Error {
    let fields = error.fields_mut();
    fields.message = format!(
        "Environment variable {prefix}{}: {}",
        shown(rest),
        fields.message
    );
    error
}

fn not_text<T>(name: &str) -> Result<T> {
    fail(
        Status::MalformedJson,
        format!(
            "The value of \"{}\" must be a string or an array of strings.",
            shown(name)
        ),
    )
}
