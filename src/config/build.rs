//! From what was set to everything a client is made of. Reads the files that are named and the
//! environment where a key asks for it; opens no socket and loads no store.

use std::collections::BTreeMap;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::forms::{self, Form};
use super::roles::{self, Material, Own, material};
use super::{Config, client_auth, keys};
use crate::crypto::keyed::Keyed;
use crate::error::{Error, Result, Status, fail};
use crate::http::{Origin, V2SignType};
use crate::key;
use crate::net::{self, Bind, NoProxy, Settings, TrustSettings};
use crate::secret::Secret;
use crate::time;
use crate::v3::merchant::{Merchant, is_simulators};

/// What `Client::new` puts together.
pub struct Plan {
    pub merchant: Merchant,
    pub transport: Settings,
    pub timeout: Duration,
    pub max_response_bytes: usize,
    pub auto_certificates: bool,
    /// Only for `shared`: equal when the whole configuration is (S5).
    pub identity: Option<[u8; 32]>,
}

/// What `proxy_from_env` reads: part of the identity of a client that does.
const PROXY_VARIABLES: &[&str] = &[
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
];

pub fn build(config: &Config) -> Result<Plan> {
    let mchid = config.get("mchid").unwrap_or("");
    let brand_id = config.get("brand_id").unwrap_or("");
    if mchid.is_empty() && brand_id.is_empty() {
        return fail(
            Status::ConfigIncomplete,
            "Neither mchid nor brand_id is set.",
        );
    }
    let own = roles::own(config)?;
    let base = Origin::parse(
        config
            .get("base_url")
            .unwrap_or("https://api.mch.weixin.qq.com"),
    )?;
    let backup = backup(config, &base)?;
    // What must not leave this machine must not leave it by the backup either.
    let is_local = |origin: &Origin| origin.is_loopback();
    let outside = [Some(&base), backup.as_ref()]
        .into_iter()
        .flatten()
        .find(|origin| !is_local(origin));
    refuse_simulator(config, &own, outside)?;
    let ring = roles::ring(config, &own, outside.is_none())?;
    let api_v3_keys = api_keys(config, "api_v3_key");
    let auto_certificates =
        auto_certificates(config, ring.keys().keys.is_empty(), !api_v3_keys.is_empty())?;
    if ring.keys().keys.is_empty() && !auto_certificates {
        return fail(Status::ConfigIncomplete, "No key of WeChat Pay is configured, so no answer could be verified.")
            .map_err(|error| error.hint("Set public_key_id and public_key_file (pub_key.pem from the merchant platform), or platform_certificate, or api_v3_key for automatic certificates."));
    }
    let user_agent = config
        .get("user_agent")
        .map_or_else(default_user_agent, str::to_owned);
    let transport = transport(config, &base, backup.as_ref(), &user_agent)?;
    let identity = identity(config, &transport.trust)?;
    let Own {
        private_key,
        certificate,
        serial,
    } = own;
    Ok(Plan {
        merchant: Merchant {
            mchid: mchid.to_owned(),
            brand_id: brand_id.to_owned(),
            serial,
            private_key,
            certificate,
            api_v3_keys,
            api_v2_keys: api_keys(config, "api_v2_key"),
            api_v2_sign_type: V2SignType::parse(
                config.get("api_v2_sign_type").unwrap_or("HMAC-SHA256"),
            )?,
            ring,
            clock_tolerance_s: i64::try_from(config.number("clock_tolerance_s")).unwrap_or(300),
            user_agent,
            accept_language: config.get("accept_language").unwrap_or("").to_owned(),
            base,
            backup,
        },
        transport,
        timeout: Duration::from_millis(config.number("timeout_ms")),
        max_response_bytes: usize::try_from(config.number("max_response_bytes"))
            .unwrap_or(usize::MAX),
        auto_certificates,
        identity,
    })
}

/// What a client of this configuration made now would be known by, before any key is parsed; None
/// without `shared`.
pub fn identity_now(config: &Config) -> Result<Option<[u8; 32]>> {
    identity(
        config,
        &TrustSettings::from_env(config.flag("trust_env", true)),
    )
}

/// A digest of every name and value, files and the environment's share included.
fn identity(config: &Config, trust: &TrustSettings) -> Result<Option<[u8; 32]>> {
    if !config.flag("shared", false) {
        return Ok(None);
    }
    let mut digest = Keyed::new()?;
    for (name, value) in config.iter() {
        digest.part(name.as_bytes());
        digest.part(value.as_bytes());
        let (row, _) = keys::find(name)?;
        if row.form == Form::Path {
            digest.part(&key::read_file(name, value)?);
        }
    }
    for value in [&trust.cert_file, &trust.cert_dir] {
        digest.part(
            value
                .as_ref()
                .map_or(&[][..], |value| value.as_encoded_bytes()),
        );
        digest.part(&[u8::from(value.is_some())]);
    }
    if config.flag("proxy_from_env", false) {
        for name in PROXY_VARIABLES {
            let value = std::env::var_os(name).unwrap_or_default();
            digest.part(value.as_encoded_bytes());
        }
    }
    Ok(Some(digest.finish()))
}

fn api_keys(config: &Config, name: &str) -> Vec<Secret> {
    config.get(name).map_or_else(Vec::new, |lines| {
        lines
            .split('\n')
            .map(|line| Secret::new(line.as_bytes()))
            .collect()
    })
}

fn auto_certificates(config: &Config, ring_is_empty: bool, has_api_key: bool) -> Result<bool> {
    if config.is_set("brand_id") {
        return match config.get("auto_certificates") {
            Some("1") => fail(
                Status::ConfigConflict,
                "auto_certificates is 1 and brand_id is set; brands have no platform certificates.",
            ),
            _ => Ok(false),
        };
    }
    let wanted = config.flag("auto_certificates", ring_is_empty && has_api_key);
    if wanted && !has_api_key {
        return fail(
            Status::ConfigIncomplete,
            "auto_certificates needs api_v3_key: platform certificates are encrypted with it.",
        );
    }
    Ok(wanted)
}

/// The simulator's identities and the keys of the conformance vectors are worthless as secrets:
/// anybody may have them (S13).
fn refuse_simulator(config: &Config, own: &Own, outside: Option<&Origin>) -> Result<()> {
    let Some(outside) = outside else {
        return Ok(());
    };
    match simulator_identity(config, Some(own)) {
        Some(what) => Err(not_here(&what, outside)),
        None => Ok(()),
    }
}

pub(super) fn not_here(what: &str, outside: &Origin) -> Error {
    Error::new(
        Status::ConfigIncomplete,
        format!("SIMULATOR_IDENTITY: {what}, but requests may go to {outside}."),
    )
    .hint("Use the values of your merchant platform, or set base_url (and backup_url) to the simulator's address.")
}

/// Another origin than the base's, or none.
fn backup(config: &Config, base: &Origin) -> Result<Option<Origin>> {
    let Some(backup) = config.get("backup_url").map(Origin::parse).transpose()? else {
        return Ok(None);
    };
    if backup == *base {
        return fail(
            Status::ConfigConflict,
            format!("backup_url and base_url are both {base}."),
        )
        .map_err(|error| error.hint("Set backup_url to another host, or remove it."));
    }
    Ok(Some(backup))
}

/// What of the merchant's own, and which id, must not leave this machine; a clause.
pub fn simulator_identity(config: &Config, own: Option<&Own>) -> Option<String> {
    for name in ["mchid", "brand_id"] {
        if config
            .get(name)
            .is_some_and(|value| value.starts_with("SIM"))
        {
            return Some(format!("{name} is of the local simulator"));
        }
    }
    let ids = config
        .get("public_key_id")
        .into_iter()
        .chain(config.below("public_key").map(|(id, _)| id))
        .chain(config.below("public_key_file").map(|(id, _)| id));
    for id in ids {
        if id.starts_with("PUB_KEY_ID_SIM") {
            return Some(format!("the public key {id} is of the local simulator"));
        }
    }
    let own = own?;
    if let Some(certificate) = &own.certificate {
        if is_simulators(&certificate.subject) {
            return Some(format!(
                "the certificate of {} is of the local simulator",
                certificate.subject
            ));
        }
        if certificate.public.is_published() {
            return Some(roles::published("merchant_certificate"));
        }
    }
    own.private_key
        .as_ref()
        .filter(|key| key.public().is_published())
        .map(|_| roles::published("private_key"))
}

fn transport(
    config: &Config,
    base: &Origin,
    backup: Option<&Origin>,
    user_agent: &str,
) -> Result<Settings> {
    let mut trust = TrustSettings::from_env(config.flag("trust_env", true));
    trust.reload = Duration::from_secs(config.number("trust_reload_s"));
    if let Some(material) = material(config, "extra_ca", "")? {
        for der in pem_certificates(&material)? {
            net::check_extra_ca(&der)?;
            trust.extra_ca.push(der);
        }
    }
    let (proxy, no_proxy) = proxy(config)?;
    Ok(Settings {
        trust,
        client_auth: client_auth::read(config, base, backup)?,
        proxy,
        no_proxy,
        bind: bindings(config)?,
        base_origin: base.clone(),
        backup_origin: backup.cloned(),
        connect_timeout: Duration::from_millis(config.number("connect_timeout_ms")),
        idle_timeout: Duration::from_millis(config.number("idle_timeout_ms")),
        max_idle_connections: usize::try_from(config.number("max_idle_connections")).unwrap_or(64),
        user_agent: user_agent.to_owned(),
    })
}

fn proxy(config: &Config) -> Result<(Option<net::Proxy>, NoProxy)> {
    let from_env = config.flag("proxy_from_env", false);
    match config.get("proxy") {
        Some(_) if from_env => fail(
            Status::ConfigConflict,
            "proxy and proxy_from_env are both set.",
        ),
        Some(value) => Ok((Some(net::parse_proxy(value)?), NoProxy::default())),
        // Nothing of a set-user-id process's environment is believed.
        None if from_env && crate::sys::secure_mode() => Ok((None, NoProxy::default())),
        None if from_env => net::proxy_from_env(|name| std::env::var(name).ok()),
        None => Ok((None, NoProxy::default())),
    }
}

fn bindings(config: &Config) -> Result<BTreeMap<String, Bind>> {
    let ttl = i64::try_from(config.number("bind_host_ttl_s")).unwrap_or(86_400);
    let expires_at = Some(time::clock().seconds + ttl);
    config
        .below("bind_host")
        .map(|(host, value)| {
            let (ip, port) = forms::parse_address("bind_host", value)?;
            Ok((
                host.to_ascii_lowercase(),
                Bind {
                    ip,
                    port,
                    expires_at,
                },
            ))
        })
        .collect()
}

/// DER of every CERTIFICATE block. TLS certificates may have keys of any kind, unlike WeChat
/// Pay's own.
pub(super) fn pem_certificates(material: &Material) -> Result<Vec<Vec<u8>>> {
    let blocks: std::result::Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(&material.bytes).collect();
    match blocks {
        Ok(blocks) if !blocks.is_empty() => {
            Ok(blocks.into_iter().map(|der| der.to_vec()).collect())
        }
        _ => fail(
            Status::KeyFormat,
            format!(
                "{} holds no certificate in PEM, or one that is cut.",
                material.name
            ),
        ),
    }
}

fn default_user_agent() -> String {
    format!(
        "libwxpay/{} ({})",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS
    )
}
