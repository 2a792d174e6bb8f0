//! The client's own certificate and key in TLS: two PEM texts, or WeChat Pay's apiclient_cert.p12.

use super::Config;
use super::build::{not_here, pem_certificates};
use super::roles::{self, Material, material};
use crate::crypto::base64;
use crate::error::{Error, Result, Status, fail};
use crate::http::Origin;
use crate::key::{self, PrivateKey};
use crate::net::ClientAuth;
use crate::secret::{Secret, Zeroizing};

pub(super) fn read(
    config: &Config,
    base: &Origin,
    backup: Option<&Origin>,
) -> Result<Option<ClientAuth>> {
    let certificate = material(config, "client_certificate", "")?;
    let private = material(config, "client_key", "")?;
    let p12 = material(config, "client_p12", "")?;
    match (certificate, private, p12) {
        (None, None, None) => match config.get("client_p12_password") {
            None => Ok(None),
            Some(_) => fail(
                Status::ConfigIncomplete,
                "client_p12_password is set, but neither client_p12 nor client_p12_file.",
            ),
        },
        (Some(certificate), Some(private), None) => {
            let chain = pem_certificates(&certificate)?;
            let private = key::read_private(&private.name, &private.bytes, None)?;
            authority("client_key", chain, &private, base, backup)
        }
        (None, None, Some(p12)) => {
            let (chain, private) = opened(config, &p12)?;
            authority("client_p12", chain, &private, base, backup).map_err(|mut error| {
                let fields = error.fields_mut();
                fields.message = format!("{}: {}", p12.name, fields.message);
                error
            })
        }
        (_, _, None) => fail(
            Status::ConfigIncomplete,
            "client_certificate and client_key go together; one of them is not set.",
        ),
        (_, _, Some(p12)) => fail(
            Status::ConfigConflict,
            format!(
                "{} and client_certificate or client_key are both set.",
                p12.name
            ),
        )
        .map_err(|error| error.hint("Keep one of them: the .p12 holds both.")),
    }
}

fn authority(
    name: &str,
    chain: Vec<Vec<u8>>,
    private: &PrivateKey,
    base: &Origin,
    backup: Option<&Origin>,
) -> Result<Option<ClientAuth>> {
    let mut origins = [Some(base), backup].into_iter().flatten();
    if private.public().is_published()
        && let Some(outside) = origins.find(|origin| !origin.is_loopback())
    {
        return Err(not_here(&roles::published(name), outside));
    }
    ClientAuth::new(chain, Secret::new(private.pkcs8_der())).map(Some)
}

/// Its password is the mchid unless it was changed.
fn opened(config: &Config, p12: &Material) -> Result<(Vec<Vec<u8>>, PrivateKey)> {
    let password = config
        .get("client_p12_password")
        .or_else(|| config.get("mchid"))
        .unwrap_or("");
    if config.get("client_p12").is_none() {
        return key::read_p12(&p12.name, &p12.bytes, password);
    }
    // As `base64 apiclient_cert.p12` writes it, in lines.
    let text: Zeroizing<String> = Zeroizing::new(
        p12.bytes
            .iter()
            .filter(|byte| !byte.is_ascii_whitespace())
            .map(|byte| char::from(*byte))
            .collect(),
    );
    let Some(der) = base64::decode(&text).map(Zeroizing::new) else {
        return Err(Error::new(
            Status::KeyFormat,
            format!("{} is not base64.", p12.name),
        )
        .hint("Set client_p12 to the output of `base64 apiclient_cert.p12`, or client_p12_file to its path."));
    };
    key::read_p12(&p12.name, &der, password)
}
