//! Keys and certificates in their roles. Every wrong placement of {merchant certificate, merchant
//! key, platform certificate, WeChat Pay public key} is refused here, each with its own message
//! (requirements.md A1, R2; safety.md S20).

use std::sync::Arc;

use super::Config;
use crate::error::{Error, Result, Status, fail};
use crate::key::{self, Certificate, PrivateKey};
use crate::secret::Zeroizing;
use crate::v3::keyring::{Origin, Ring, WeChatKey};
use crate::v3::merchant::is_simulators;

/// Content of a `x` / `x_file` pair, with the name that errors use for it.
pub struct Material {
    pub name: String,
    pub bytes: Zeroizing<Vec<u8>>,
}

/// The merchant's own identity.
pub struct Own {
    pub private_key: Option<PrivateKey>,
    pub certificate: Option<Certificate>,
    pub serial: String,
}

/// `part` is the second part of a dotted key, or "".
pub fn material(config: &Config, name: &str, part: &str) -> Result<Option<Material>> {
    let dotted = |name: &str| {
        if part.is_empty() {
            name.to_owned()
        } else {
            format!("{name}.{part}")
        }
    };
    let inline = dotted(name);
    let file = dotted(&format!("{name}_file"));
    match (config.get(&inline), config.get(&file)) {
        (Some(_), Some(_)) => fail(
            Status::ConfigConflict,
            format!("{inline} and {file} are both set."),
        )
        .map_err(|error| error.hint("Keep one of them.")),
        (Some(text), None) => Ok(Some(Material {
            name: inline,
            bytes: Zeroizing::new(text.as_bytes().to_vec()),
        })),
        (None, Some(path)) => Ok(Some(Material {
            name: format!("{file} ({path})"),
            bytes: key::read_file(&file, path)?,
        })),
        (None, None) => Ok(None),
    }
}

pub fn own(config: &Config) -> Result<Own> {
    let private = material(config, "private_key", "")?;
    let external = config.flag("external_signer", false);
    let private_key = match private {
        Some(_) if external => {
            return fail(
                Status::ConfigConflict,
                "external_signer is 1 and a private key is set.",
            )
            .map_err(|error| error.hint("Keep one of them."));
        }
        Some(material) => {
            let passphrase = config.get("private_key_passphrase").map(str::as_bytes);
            Some(key::read_private(
                &material.name,
                &material.bytes,
                passphrase,
            )?)
        }
        None if external => None,
        None => {
            return fail(Status::ConfigIncomplete, "Neither private_key nor private_key_file is set.")
                .map_err(|error| error.hint("Set private_key_file to apiclient_key.pem from the merchant platform, or external_signer to 1."));
        }
    };
    let certificate = match material(config, "merchant_certificate", "")? {
        Some(material) => Some(merchant_certificate(&material, private_key.as_ref())?),
        None => None,
    };
    let serial = serial(config, certificate.as_ref())?;
    Ok(Own {
        private_key,
        certificate,
        serial,
    })
}

fn merchant_certificate(
    material: &Material,
    private_key: Option<&PrivateKey>,
) -> Result<Certificate> {
    let mut found = key::read_certificates(&material.name, &material.bytes)?;
    let certificate = match found.len() {
        1 => found.remove(0),
        several => {
            return fail(
                Status::InvalidArgument,
                format!(
                    "{} holds {several} certificates; the merchant has one.",
                    material.name
                ),
            );
        }
    };
    if let Some(private_key) = private_key
        && !private_key.public().same_key(&certificate.public)
    {
        return fail(
            Status::KeyCertMismatch,
            format!(
                "{} (serial {}, {}) does not belong to the private key.",
                material.name,
                certificate.serial,
                certificate.subject
            ),
        )
        .map_err(|error| error.hint("The merchant certificate is apiclient_cert.pem from the same download as apiclient_key.pem; a platform certificate belongs into platform_certificate. Compare `openssl rsa -noout -modulus` and `openssl x509 -noout -modulus`."));
    }
    Ok(certificate)
}

fn serial(config: &Config, certificate: Option<&Certificate>) -> Result<String> {
    match (config.get("merchant_serial"), certificate) {
        (Some(serial), Some(certificate))
            if key::serial::key(serial) != key::serial::key(&certificate.serial) =>
        {
            fail(
                Status::ConfigConflict,
                format!(
                    "merchant_serial is {serial}, but the merchant certificate has the serial {}.",
                    certificate.serial
                ),
            )
            .map_err(|error| {
                error.hint("Remove merchant_serial: it is taken from the certificate.")
            })
        }
        (_, Some(certificate)) => Ok(certificate.serial.clone()),
        (Some(serial), None) => key::serial::canonical(serial),
        (None, None) => fail(
            Status::ConfigIncomplete,
            "Neither merchant_serial nor merchant_certificate is set.",
        )
        .map_err(|error| {
            error.hint("`openssl x509 -noout -serial -in apiclient_cert.pem` prints the serial.")
        }),
    }
}

/// WeChat Pay's keys; none of them may be the merchant's.
pub fn ring(config: &Config, own: &Own, simulator_allowed: bool) -> Result<Ring> {
    let mut keys = public_keys(config, own)?;
    if let Some(material) = material(config, "platform_certificate", "")? {
        if config.is_set("brand_id") {
            return fail(Status::ConfigConflict, "platform_certificate is set, but brands are answered with the WeChat Pay public key only.")
                .map_err(|error| error.hint("Set public_key_id and public_key."));
        }
        for certificate in key::read_certificates(&material.name, &material.bytes)? {
            refuse_own(
                own,
                &certificate.public,
                &material.name,
                "a platform certificate",
            )?;
            if !simulator_allowed && is_simulators(&certificate.subject) {
                return fail(
                    Status::ConfigIncomplete,
                    format!(
                        "SIMULATOR_IDENTITY: {} is of the local simulator, but base_url is not.",
                        material.name
                    ),
                )
                .map_err(|error| {
                    error.hint("Use the platform certificate of your merchant platform.")
                });
            }
            keys.push(WeChatKey::certificate(&certificate, Origin::Configured));
        }
    }
    let ring = Ring::new(keys)?;
    match published_key(&ring.keys().keys) {
        Some(what) if !simulator_allowed => fail(
            Status::ConfigIncomplete,
            format!("SIMULATOR_IDENTITY: {what}, but base_url is not on this machine."),
        )
        .map_err(|error| error.hint("Use the public key of your merchant platform.")),
        _ => Ok(ring),
    }
}

/// The first key of WeChat Pay that anybody can sign with; a clause.
pub fn published_key(keys: &[Arc<WeChatKey>]) -> Option<String> {
    keys.iter()
        .find(|key| key.key.is_published())
        .map(|key| published(&key.id))
}

pub fn published(what: &str) -> String {
    format!("the key of {what} is published with libwxpay's conformance vectors")
}

fn public_keys(config: &Config, own: &Own) -> Result<Vec<WeChatKey>> {
    let mut keys = Vec::new();
    match (
        config.get("public_key_id"),
        material(config, "public_key", "")?,
    ) {
        (Some(id), Some(material)) => keys.push(public_key(id, &material, own)?),
        (None, None) => {}
        (Some(_), None) => {
            return fail(
                Status::ConfigIncomplete,
                "public_key_id is set, but neither public_key nor public_key_file.",
            );
        }
        (None, Some(_)) => {
            return fail(Status::ConfigIncomplete, "public_key is set, but not public_key_id.")
                .map_err(|error| error.hint("The merchant platform shows the id (PUB_KEY_ID_…) beside the download of the key."));
        }
    }
    // An id under both names is told apart by `material`: CONFIG_CONFLICT.
    let ids = config
        .below("public_key")
        .chain(config.below("public_key_file"))
        .map(|(id, _)| id);
    for id in ids {
        if let Some(material) = material(config, "public_key", id)? {
            keys.push(public_key(id, &material, own)?);
        }
    }
    Ok(keys)
}

fn public_key(id: &str, material: &Material, own: &Own) -> Result<WeChatKey> {
    if !own.serial.is_empty() && key::serial::key(id) == key::serial::key(&own.serial) {
        return fail(
            Status::WrongKeyRole,
            format!("{id} is the serial of the merchant's certificate, not the id of a WeChat Pay public key."),
        )
        .map_err(|error| error.hint("Use the id (PUB_KEY_ID_…) that the merchant platform shows beside the public key."));
    }
    if !id.starts_with("PUB_KEY_ID_") {
        return fail(Status::SerialFormat, format!("The id of a WeChat Pay public key starts with PUB_KEY_ID_; this one has {} other characters.", id.len()))
            .map_err(|error| error.hint("A key of a platform certificate is set as platform_certificate, with its id taken from the certificate."));
    }
    let key = key::read_public(&material.name, &material.bytes)?;
    refuse_own(own, &key, &material.name, "a WeChat Pay public key")?;
    Ok(WeChatKey::public_key(id, key))
}

fn refuse_own(own: &Own, key: &key::PublicKey, name: &str, role: &str) -> Result<()> {
    let holder = if own
        .certificate
        .as_ref()
        .is_some_and(|certificate| certificate.public.same_key(key))
    {
        "merchant_certificate"
    } else if own
        .private_key
        .as_ref()
        .is_some_and(|private| private.public().same_key(key))
    {
        "private_key"
    } else {
        return Ok(());
    };
    Err(Error::new(
        Status::WrongKeyRole,
        format!("{name} has the key of {holder}: it is the merchant's own, not {role}."),
    )
    .hint("WeChat Pay's key is pub_key.pem from the merchant platform (API security), not apiclient_cert.pem."))
}
