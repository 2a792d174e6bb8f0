//! What the value of a configuration key must look like, and how an error shows one that does not.

use crate::error::{Error, Result, Status, fail};
use crate::http::Origin;
use crate::http::headers::shown;
use crate::key::serial;

/// What a value must look like (safety.md S16, S33). Checked when it is set, without reading
/// files; how keys go together is checked when the client is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `[0-9A-Za-z]{1,32}`
    Id,
    /// Hex digits of a certificate's serial.
    Serial,
    KeyId,
    /// 0x20–0x7E, goes into a header.
    HeaderText,
    /// PEM, DER or bare base64; read when the client is built.
    KeyText,
    /// UTF-8 path.
    Path,
    /// Anything; never shown.
    Secret,
    /// One or more API keys of 32 bytes, one a line.
    ApiKeys,
    Flag,
    /// One of these words.
    OneOf(&'static [&'static str]),
    Number {
        min: u64,
        max: u64,
    },
    BaseUrl,
    ProxyUrl,
    /// `ip` or `ip:port`.
    Address,
}

/// PATH_MAX of Linux.
const MOST_PATH: usize = 4096;

/// Is the value in the form of its key? Secrets never appear in the error.
pub fn check(name: &str, form: Form, part: Option<&str>, value: &str) -> Result<()> {
    if let Some(part) = part {
        check_part(name, form, part)?;
    }
    match form {
        Form::Id => only(
            name,
            value,
            32,
            |byte| byte.is_ascii_alphanumeric(),
            "0-9, A-Z and a-z",
        ),
        // The value is not shown: it may be an API key in the wrong place.
        Form::Serial => serial::canonical(value).map(drop).map_err(|error| {
            Error::new(
                Status::SerialFormat,
                format!("{name}: {}", error.fields().message),
            )
        }),
        Form::KeyId => check_key_id(name, value),
        Form::HeaderText => only(
            name,
            value,
            512,
            |byte| (0x20..=0x7e).contains(&byte),
            "0x20 to 0x7E",
        ),
        Form::KeyText | Form::Secret => Ok(()),
        Form::Path => check_path(name, value),
        Form::ApiKeys => value
            .split('\n')
            .try_for_each(|one| check_api_key(name, one)),
        Form::Flag if matches!(value, "0" | "1") => Ok(()),
        Form::Flag => fail(
            Status::InvalidArgument,
            format!("{name} must be 0 or 1, got {}.", brief(value)),
        ),
        Form::OneOf(words) if words.contains(&value) => Ok(()),
        Form::OneOf(words) => fail(
            Status::InvalidArgument,
            format!(
                "{name} must be {}, got {}.",
                words.join(" or "),
                brief(value)
            ),
        ),
        Form::Number { min, max } => match value.parse::<u64>() {
            Ok(number) if (min..=max).contains(&number) => Ok(()),
            _ => fail(
                Status::InvalidArgument,
                format!(
                    "{name} must be a whole number from {min} to {max}, got {}.",
                    brief(value)
                ),
            ),
        },
        Form::BaseUrl if brief(value).starts_with('"') => Origin::parse(value).map(drop),
        Form::BaseUrl => fail(
            Status::UrlRefused,
            format!("{name} must be a URL without a path, got {}.", brief(value)),
        ),
        Form::ProxyUrl => only(
            name,
            value,
            4096,
            |byte| (0x21..=0x7e).contains(&byte),
            "0x21 to 0x7E; percent-encode others",
        )
        .and_then(|()| crate::net::parse_proxy(value).map(drop)),
        Form::Address => parse_address(name, value).map(drop),
    }
}

fn check_part(name: &str, form: Form, part: &str) -> Result<()> {
    match form {
        Form::Address => only(
            name,
            part,
            253,
            |byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte),
            "those of a host name",
        ),
        _ => check_key_id(name, part),
    }
}

/// The commonest misplacement is the content of a key where its path belongs; it must not come
/// back in an error or a report.
fn check_path(name: &str, value: &str) -> Result<()> {
    let is_content = value.contains("-----BEGIN")
        || value.chars().any(char::is_control)
        || (value.starts_with("MI") && value.len() > 255);
    if is_content {
        let content = name.replacen("_file", "", 1);
        return fail(
            Status::InvalidArgument,
            format!(
                "{name} must be a path, but its {} bytes are the content of a file.",
                value.len()
            ),
        )
        .map_err(|error| {
            error.hint(format!(
                "Set {content} to the content, or {name} to the path."
            ))
        });
    }
    if value.len() > MOST_PATH {
        return fail(
            Status::InvalidArgument,
            format!(
                "{name} has {} bytes; a path has at most {MOST_PATH}.",
                value.len()
            ),
        );
    }
    Ok(())
}

fn check_key_id(name: &str, value: &str) -> Result<()> {
    if serial::is_key_id(value) {
        return Ok(());
    }
    fail(
        Status::SerialFormat,
        format!(
            "{name}: a key id has 1 to 64 of 0-9, A-Z, a-z, _ and -; got {} characters.",
            value.chars().count()
        ),
    )
}

/// A value as an error may show it: nothing that could be a key pasted into the wrong place.
fn brief(value: &str) -> String {
    let is_url = value.len() <= 128 && value.contains("://");
    if value.len() < 32 || is_url {
        format!("\"{}\"", shown(value))
    } else {
        format!("{} bytes", value.len())
    }
}

/// `ip`, `ip:port` or `[ipv6]:port`.
pub fn parse_address(name: &str, value: &str) -> Result<(std::net::IpAddr, Option<u16>)> {
    if let Ok(ip) = value.parse() {
        return Ok((ip, None));
    }
    match value.parse::<std::net::SocketAddr>() {
        Ok(address) if address.port() != 0 => Ok((address.ip(), Some(address.port()))),
        _ => fail(
            Status::InvalidArgument,
            format!(
                "{name} must be an address such as 43.142.224.50 or 43.142.224.50:443, got {}.",
                brief(value)
            ),
        ),
    }
}

fn only(
    name: &str,
    value: &str,
    most: usize,
    allowed: impl Fn(u8) -> bool,
    set: &str,
) -> Result<()> {
    if value.len() > most {
        return fail(
            Status::InvalidArgument,
            format!("{name} has at most {most} bytes, got {}.", value.len()),
        );
    }
    match value.bytes().find(|byte| !allowed(*byte)) {
        None => Ok(()),
        Some(byte) => fail(
            Status::InvalidArgument,
            format!("{name} contains the byte 0x{byte:02X}; allowed are {set}."),
        ),
    }
}

/// The commonest mistakes are named without showing the key.
fn check_api_key(name: &str, key: &str) -> Result<()> {
    if key.len() == 32 {
        return Ok(());
    }
    let looks = if key.trim().len() == 32 {
        " (32 without the white space around it)"
    } else if key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        " that look like hex: use the text as it was set"
    } else if key.len() == 44 && key.ends_with('=') {
        " that look like base64: use the text as it was set"
    } else {
        ""
    };
    let other = if name == "api_v3_key" {
        "APIv2"
    } else {
        "APIv3"
    };
    fail(
        Status::ApiKeyLength,
        format!("{name} must be 32 bytes, got {}{looks}.", key.len()),
    )
    .map_err(|error| {
        error.hint(format!(
            "Copy it again from the merchant platform (API security); it is not the {other} key."
        ))
    })
}
