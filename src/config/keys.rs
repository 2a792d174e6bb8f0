//! The one table of configuration keys: name, form, default, meaning. `config_set` checks forms
//! by it and `docs/configuration.md` is generated from it.

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

pub struct Key {
    /// `<id>` and `<host>` stand for the caller's part of a dotted name.
    pub name: &'static str,
    pub form: Form,
    pub default: &'static str,
    pub about: &'static str,
}

const fn key(name: &'static str, form: Form, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        form,
        default,
        about,
    }
}

pub const KEYS: &[Key] = &[
    key(
        "mchid",
        Form::Id,
        "",
        "Merchant number. Requests are signed in its name, except those to paths under `/brand/`.",
    ),
    key(
        "brand_id",
        Form::Id,
        "",
        "Brand number. Requests to paths under `/brand/` are signed in its name (WECHATPAY-BRAND-SHA256-RSA2048).",
    ),
    key(
        "merchant_serial",
        Form::Serial,
        "from merchant_certificate",
        "Serial of the merchant API certificate: `openssl x509 -noout -serial -in apiclient_cert.pem`.",
    ),
    key(
        "private_key",
        Form::KeyText,
        "",
        "Merchant private key: the content of apiclient_key.pem. PKCS#8, encrypted PKCS#8 or PKCS#1.",
    ),
    key(
        "private_key_file",
        Form::Path,
        "",
        "Path of the merchant private key, apiclient_key.pem.",
    ),
    key(
        "private_key_passphrase",
        Form::Secret,
        "",
        "Passphrase of an encrypted private key.",
    ),
    key(
        "external_signer",
        Form::Flag,
        "0",
        "1: the private key is in a KMS or HSM; sign with `wxpay_client_prepare_unsigned` and `wxpay_message_attach_signature`.",
    ),
    key(
        "merchant_certificate",
        Form::KeyText,
        "",
        "Merchant API certificate: the content of apiclient_cert.pem. Optional; it supplies merchant_serial, and the private key is compared with it.",
    ),
    key(
        "merchant_certificate_file",
        Form::Path,
        "",
        "Path of the merchant API certificate, apiclient_cert.pem.",
    ),
    key(
        "api_v3_key",
        Form::ApiKeys,
        "",
        "APIv3 key: opens notifications and downloaded platform certificates. During a rotation set the new and the old one, one a line; they are tried in order.",
    ),
    key(
        "api_v2_key",
        Form::ApiKeys,
        "",
        "APIv2 key. Reserved: its length is checked, but this release has no API v2.",
    ),
    key(
        "public_key_id",
        Form::KeyId,
        "",
        "Id of `public_key`: `PUB_KEY_ID_…`, as the merchant platform shows it.",
    ),
    key(
        "public_key",
        Form::KeyText,
        "",
        "WeChat Pay public key: the content of pub_key.pem.",
    ),
    key(
        "public_key_file",
        Form::Path,
        "",
        "Path of the WeChat Pay public key, pub_key.pem.",
    ),
    key(
        "public_key.<id>",
        Form::KeyText,
        "",
        "A further WeChat Pay public key under its id, such as `public_key.PUB_KEY_ID_0123`: for the time when WeChat Pay changes keys.",
    ),
    key(
        "public_key_file.<id>",
        Form::Path,
        "",
        "Path of a further WeChat Pay public key.",
    ),
    key(
        "platform_certificate",
        Form::KeyText,
        "",
        "Platform certificates, one or more PEM blocks. Their serials are their ids.",
    ),
    key(
        "platform_certificate_file",
        Form::Path,
        "",
        "Path of platform certificates.",
    ),
    key(
        "auto_certificates",
        Form::Flag,
        "1 if no public_key and no platform_certificate is set, else 0",
        "1: `wxpay_client_send`, `_call` and `_refresh_certificates` download the platform certificates. Needs api_v3_key. Always 0 with brand_id.",
    ),
    key(
        "base_url",
        Form::BaseUrl,
        "https://api.mch.weixin.qq.com",
        "Scheme, host and port that paths are joined to. Plain http is for loopback addresses only.",
    ),
    key(
        "bind_host.<host>",
        Form::Address,
        "",
        "Address to connect to for this host, instead of asking DNS; such as `bind_host.api.mch.weixin.qq.com`. Name, SNI and certificate check stay as they are. For a test of a new server certificate; ends after bind_host_ttl_s.",
    ),
    key(
        "bind_host_ttl_s",
        Form::Number {
            min: 1,
            max: 604_800,
        },
        "86400",
        "Seconds after `wxpay_client_new` at which every bind_host ends and DNS is used again.",
    ),
    key(
        "user_agent",
        Form::HeaderText,
        "libwxpay/VERSION (OS)",
        "User-Agent of every request.",
    ),
    key(
        "accept_language",
        Form::HeaderText,
        "",
        "Accept-Language of every request: the language of WeChat Pay's error messages, such as `zh-CN` or `en`.",
    ),
    key(
        "proxy",
        Form::ProxyUrl,
        "",
        "HTTP proxy to tunnel through. Not together with proxy_from_env.",
    ),
    key(
        "proxy_from_env",
        Form::Flag,
        "0",
        "1: take https_proxy or all_proxy, and no_proxy, from the environment (or the same in upper case). HTTP_PROXY is never read.",
    ),
    key(
        "connect_timeout_ms",
        Form::Number {
            min: 1,
            max: 600_000,
        },
        "5000",
        "Milliseconds for DNS, TCP, proxy and TLS of one connection.",
    ),
    key(
        "timeout_ms",
        Form::Number {
            min: 1,
            max: 3_600_000,
        },
        "30000",
        "Milliseconds for one whole send: DNS, retries and certificate refresh included.",
    ),
    key(
        "clock_tolerance_s",
        Form::Number { min: 1, max: 300 },
        "300",
        "Seconds that a signed message may be older or newer than the clock.",
    ),
    key(
        "extra_ca",
        Form::KeyText,
        "",
        "CA certificates, PEM, trusted in addition to the system's store: for an inspecting proxy or a test server.",
    ),
    key(
        "extra_ca_file",
        Form::Path,
        "",
        "Path of additional CA certificates.",
    ),
    key(
        "trust_env",
        Form::Flag,
        "1",
        "0: ignore SSL_CERT_FILE and SSL_CERT_DIR. Set 0 on shared hosting, where other people's code can set them.",
    ),
    key(
        "trust_reload_s",
        Form::Number {
            min: 1,
            max: 86_400,
        },
        "60",
        "Seconds between two looks at whether the store has changed.",
    ),
    key(
        "client_certificate",
        Form::KeyText,
        "",
        "Certificate chain for TLS client authentication, PEM: where the server asks for one. Needs client_key.",
    ),
    key(
        "client_certificate_file",
        Form::Path,
        "",
        "Path of the TLS client certificate chain.",
    ),
    key(
        "client_key",
        Form::KeyText,
        "",
        "Private key of client_certificate.",
    ),
    key(
        "client_key_file",
        Form::Path,
        "",
        "Path of the private key of client_certificate.",
    ),
    key(
        "max_response_bytes",
        Form::Number {
            min: 1024,
            max: 1_073_741_824,
        },
        "10485760",
        "Bytes of the largest response body that is read; a larger one is BODY_TOO_LARGE.",
    ),
    key(
        "max_idle_connections",
        Form::Number {
            min: 0,
            max: 10_000,
        },
        "64",
        "Idle connections kept open for the next request; 0 keeps none.",
    ),
    key(
        "idle_timeout_ms",
        Form::Number {
            min: 1,
            max: 60_000,
        },
        "5000",
        "Milliseconds after which an idle connection is not used again (WeChat Pay closes at 8 s).",
    ),
    key(
        "shared",
        Form::Flag,
        "0",
        "1: clients of this process whose whole configuration is equal, secrets included, share one core: keys, connections and counters. It stays when they are freed, for the next one: set it in PHP.",
    ),
];

/// The row of a name as it is set, and the caller's part of a dotted one.
pub fn find(name: &str) -> Result<(&'static Key, Option<&str>)> {
    if let Some(row) = KEYS.iter().find(|row| row.name == name) {
        return Ok((row, None));
    }
    for row in KEYS {
        if let Some((prefix, _)) = row.name.split_once('<')
            && let Some(part) = name.strip_prefix(prefix)
            && !part.is_empty()
        {
            return Ok((row, Some(part)));
        }
    }
    let nearest = KEYS.iter().min_by_key(|row| {
        strsim::damerau_levenshtein(row.name, &name.chars().take(64).collect::<String>())
    });
    fail(
        Status::ConfigUnknownKey,
        format!(
            "There is no configuration key \"{}\"; the nearest is {}.",
            shown(name),
            nearest.map_or("", |row| row.name)
        ),
    )
}

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
