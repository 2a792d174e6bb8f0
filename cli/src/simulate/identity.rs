//! Who the merchant and WeChat Pay are in DIR: ids, API keys and RSA keys, made at the first start and kept after it.
//! Every id begins with `SIM`, so that none of it can be mistaken for production (safety.md S13).

use super::{files, pkcs12, pki, random};
use rsa::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _};
use rsa::{RsaPrivateKey, RsaPublicKey};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};

/// A platform certificate and the key it vouches for.
pub struct Platform {
    pub serial: String,
    pub certificate_pem: String,
    pub not_before: OffsetDateTime,
    pub key: Arc<RsaPrivateKey>,
}

impl Platform {
    pub fn new(not_before: OffsetDateTime) -> Result<Self, String> {
        Self::from_made(&make_platform(not_before)?, not_before)
    }

    fn from_made(made: &pki::Made, not_before: OffsetDateTime) -> Result<Self, String> {
        Ok(Self {
            serial: made.serial.clone(),
            certificate_pem: made.certificate_pem.clone(),
            not_before,
            key: Arc::new(private_key(&made.key_pem)?),
        })
    }

    pub fn not_after(&self) -> OffsetDateTime {
        self.not_before + Duration::days(5 * 365)
    }
}

pub struct Identity {
    pub mchid: String,
    pub brand_id: String,
    pub appid: String,
    pub merchant_serial: String,
    pub merchant_key: RsaPublicKey,
    /// DER
    pub merchant_certificate: Vec<u8>,
    /// A brand has an API certificate of its own.
    pub brand_serial: String,
    pub brand_key: RsaPublicKey,
    pub api_v3_key: [u8; 32],
    pub api_v2_key: String,
    pub public_key_id: String,
    pub wechatpay_key: Arc<RsaPrivateKey>,
    pub platform: Arc<Platform>,
}

impl Identity {
    /// Reads what an earlier start left in `dir`, or makes it.
    pub fn load_or_make(dir: &Path) -> Result<Self, String> {
        files::directory(dir)?;
        files::directory(&private(dir, ""))?;
        // Written last: where it is, everything else is too.
        if !private(dir, "identity.json").exists() {
            make(dir)?;
        }
        load(dir)
    }

    /// Writes `merchant.json` and `brand.json`, which change with every start because the port does.
    pub fn write_configurations(&self, dir: &Path, base_url: &str) -> Result<(), String> {
        let dir = dir
            .canonicalize()
            .map_err(|error| format!("cannot resolve {}: {error}", dir.display()))?;
        let file = |name: &str| dir.join(name).to_string_lossy().into_owned();
        let merchant = json!({
            "_about": "A merchant of the local simulator (wxpay simulate); no real WeChat Pay knows it.",
            "mchid": self.mchid,
            "merchant_serial": self.merchant_serial,
            "private_key_file": file("apiclient_key.pem"),
            "api_v3_key": String::from_utf8_lossy(&self.api_v3_key),
            "api_v2_key": self.api_v2_key,
            "public_key_id": self.public_key_id,
            "public_key_file": file("wechatpay_public_key.pem"),
            "base_url": base_url,
            "_appid": self.appid,
            "_brand_id": self.brand_id,
            "_brand_file": file("brand.json"),
            "_ca_file": file("ca.pem"),
            "_merchant_certificate_file": file("apiclient_cert.pem"),
            "_merchant_p12_file": file("apiclient_cert.p12"),
            "_merchant_p12_aes_file": file("apiclient_cert_aes.p12"),
            "_platform_certificate_file": file("wechatpay_certificate.pem"),
            "_platform_serial": self.platform.serial,
        });
        let text = serde_json::to_string_pretty(&merchant).map_err(|error| error.to_string())?;
        files::write(&dir.join("merchant.json"), files::SECRET, &(text + "\n"))?;
        let brand = json!({
            "_about": "A brand of the local simulator (wxpay simulate): for paths under /brand/.",
            "brand_id": self.brand_id,
            "merchant_serial": self.brand_serial,
            "private_key_file": file("brand_key.pem"),
            "api_v3_key": String::from_utf8_lossy(&self.api_v3_key),
            "public_key_id": self.public_key_id,
            "public_key_file": file("wechatpay_public_key.pem"),
            "base_url": base_url,
            "_ca_file": file("ca.pem"),
            "_certificate_file": file("brand_cert.pem"),
        });
        let text = serde_json::to_string_pretty(&brand).map_err(|error| error.to_string())?;
        files::write(&dir.join("brand.json"), files::SECRET, &(text + "\n"))
    }
}

/// What the merchant never gets: WeChat Pay's private halves.
fn private(dir: &Path, name: &str) -> PathBuf {
    dir.join("_sim").join(name)
}

fn make_platform(not_before: OffsetDateTime) -> Result<pki::Made, String> {
    pki::make(
        "libwxpay simulator platform",
        "libwxpay simulator platform CA",
        not_before,
    )
}

fn make(dir: &Path) -> Result<(), String> {
    // A day old, so that a clock a few hours slow does not find it not yet valid.
    let not_before = OffsetDateTime::now_utc() - Duration::days(1);
    let merchant = pki::make(
        "libwxpay simulator merchant",
        "libwxpay simulator merchant CA",
        not_before,
    )?;
    let brand = pki::make(
        "libwxpay simulator brand",
        "libwxpay simulator merchant CA",
        not_before,
    )?;
    let platform = make_platform(not_before)?;
    let (wechatpay, wechatpay_public) = pki::rsa_key()?;
    let mchid = format!("SIM19{}", random::digits(8));

    files::write(
        &dir.join("apiclient_key.pem"),
        files::SECRET,
        &merchant.key_pem,
    )?;
    files::write(
        &dir.join("apiclient_cert.pem"),
        files::PUBLIC,
        &merchant.certificate_pem,
    )?;
    for (name, form) in [
        ("apiclient_cert.p12", pkcs12::Form::Old),
        ("apiclient_cert_aes.p12", pkcs12::Form::New),
    ] {
        let store = pkcs12::make(&merchant, form, &mchid)?;
        files::write(&dir.join(name), files::SECRET, store)?;
    }
    files::write(&dir.join("brand_key.pem"), files::SECRET, &brand.key_pem)?;
    files::write(
        &dir.join("brand_cert.pem"),
        files::PUBLIC,
        &brand.certificate_pem,
    )?;
    files::write(
        &private(dir, "brand_public_key.pem"),
        files::PUBLIC,
        &brand.public_key_pem,
    )?;
    files::write(
        &dir.join("wechatpay_public_key.pem"),
        files::PUBLIC,
        &wechatpay_public,
    )?;
    files::write(
        &dir.join("wechatpay_certificate.pem"),
        files::PUBLIC,
        &platform.certificate_pem,
    )?;
    files::write(
        &private(dir, "merchant_public_key.pem"),
        files::PUBLIC,
        &merchant.public_key_pem,
    )?;
    files::write(
        &private(dir, "wechatpay_key.pem"),
        files::SECRET,
        &wechatpay,
    )?;
    files::write(
        &private(dir, "platform_key.pem"),
        files::SECRET,
        &platform.key_pem,
    )?;
    let identity = json!({
        "mchid": mchid,
        "brand_id": format!("SIM{}", random::digits(5)),
        "appid": format!("wxSIM{}", random::digits(13)),
        "merchant_serial": merchant.serial,
        "brand_serial": brand.serial,
        "api_v3_key": random::alphanumeric(32),
        "api_v2_key": random::alphanumeric(32),
        "public_key_id": format!("PUB_KEY_ID_SIM{}", random::digits(24)),
        "platform_serial": platform.serial,
        "platform_not_before": not_before.unix_timestamp(),
    });
    files::write(
        &private(dir, "identity.json"),
        files::SECRET,
        identity.to_string(),
    )
}

fn load(dir: &Path) -> Result<Identity, String> {
    let path = private(dir, "identity.json");
    let damaged = |what: &str| {
        format!(
            "{}: {what}. Remove the directory and start again.",
            path.display()
        )
    };
    let saved: Value =
        serde_json::from_str(&files::read(&path)?).map_err(|error| damaged(&error.to_string()))?;
    let field = |name: &str| {
        saved[name]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| damaged(&format!("{name} is missing")))
    };
    let not_before = saved["platform_not_before"]
        .as_i64()
        .and_then(|timestamp| OffsetDateTime::from_unix_timestamp(timestamp).ok())
        .ok_or_else(|| damaged("platform_not_before is missing"))?;
    let public = |name: &str| {
        RsaPublicKey::from_public_key_pem(&files::read(&private(dir, name))?)
            .map_err(|error| damaged(&format!("{name}: {error}")))
    };
    Ok(Identity {
        mchid: field("mchid")?,
        brand_id: field("brand_id")?,
        appid: field("appid")?,
        merchant_serial: field("merchant_serial")?,
        merchant_certificate: CertificateDer::from_pem_file(dir.join("apiclient_cert.pem"))
            .map_err(|error| format!("cannot read apiclient_cert.pem: {error}"))?
            .to_vec(),
        merchant_key: public("merchant_public_key.pem")?,
        brand_serial: field("brand_serial")?,
        brand_key: public("brand_public_key.pem")?,
        api_v3_key: field("api_v3_key")?
            .into_bytes()
            .try_into()
            .map_err(|_| damaged("api_v3_key is not 32 bytes"))?,
        api_v2_key: field("api_v2_key")?,
        public_key_id: field("public_key_id")?,
        wechatpay_key: Arc::new(private_key(&files::read(&private(
            dir,
            "wechatpay_key.pem",
        ))?)?),
        platform: Arc::new(Platform {
            serial: field("platform_serial")?,
            certificate_pem: files::read(&dir.join("wechatpay_certificate.pem"))?,
            not_before,
            key: Arc::new(private_key(&files::read(&private(
                dir,
                "platform_key.pem",
            ))?)?),
        }),
    })
}

fn private_key(pem: &str) -> Result<RsaPrivateKey, String> {
    RsaPrivateKey::from_pkcs8_pem(pem)
        .map_err(|error| format!("cannot read a private key: {error}"))
}
