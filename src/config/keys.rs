//! The one table of configuration keys: name, form, default, meaning. `config_set` checks forms
//! by it and `docs/configuration.md` is generated from it.

use super::forms::Form;
use crate::error::{Result, Status, fail};
use crate::http::headers::shown;

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
        "APIv2 key: signs and verifies everything of API v2, opens its refund notifications, and signs the parameters of PayScore. During a rotation set the new and the old one, one a line: the first signs, each verifies.",
    ),
    key(
        "api_v2_sign_type",
        Form::OneOf(&["HMAC-SHA256", "MD5"]),
        "HMAC-SHA256",
        "Algorithm of API v2 where a call does not say, and of notifications: what is signed with the other one is refused.",
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
        "backup_url",
        Form::BaseUrl,
        "",
        "Scheme, host and port to send to when no connection to base_url comes up (DNS, TCP, a handshake that is cut), such as `https://api2.mch.weixin.qq.com`. Never after a byte of the request was sent, and never for a certificate that is refused.",
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
        "Milliseconds for one whole send: DNS, retries and certificate refresh included. For a download: until its headers have come, then for each read.",
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
        "client_p12",
        Form::KeyText,
        "",
        "Certificate and key for TLS client authentication in one: apiclient_cert.p12 in base64. Instead of client_certificate and client_key.",
    ),
    key(
        "client_p12_file",
        Form::Path,
        "",
        "Path of apiclient_cert.p12 as it was downloaded.",
    ),
    key(
        "client_p12_password",
        Form::Secret,
        "mchid",
        "Password of client_p12.",
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
