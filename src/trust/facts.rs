//! One certificate as reports show it. All text is foreign: escaped and cut here, once (S23).

use rsa::pkcs1::RsaPublicKey;
use serde::Serialize;
use x509_cert::Certificate;
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, OctetString};
use x509_cert::der::{Decode, Encode, Tag, Tagged};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, SubjectAltName,
    SubjectKeyIdentifier,
};
use x509_cert::name::Name;

use crate::crypto::digest;
use crate::http::headers::readable;
use crate::time::rfc3339;

/// More names than this are not shown.
const MOST_NAMES: usize = 50;

#[derive(Clone, Debug, Serialize)]
pub struct Facts {
    /// RFC 4514, most specific name first.
    pub subject: String,
    pub issuer: String,
    /// Upper-case hex, as `openssl x509 -noout -serial` prints it.
    pub serial: String,
    /// RFC 3339.
    pub not_before: String,
    pub not_after: String,
    /// `DNS:` and `IP:` names of the subjectAltName.
    pub names: Vec<String>,
    /// Such as `RSA 2048` and `EC P-256`.
    pub key: String,
    /// The algorithm's name as openssl prints it, or its number.
    pub signature: String,
    /// Of the DER, lower-case hex.
    pub sha256: String,
    pub is_ca: bool,
    /// Issuer and subject are the same name.
    pub self_signed: bool,

    #[serde(skip)]
    pub valid: (i64, i64),
    #[serde(skip)]
    pub rsa_bits: Option<usize>,
    /// The common name, or what stands for it.
    #[serde(skip)]
    pub subject_cn: String,
    #[serde(skip)]
    pub issuer_cn: String,
    #[serde(skip)]
    pub issuer_organization: String,
    #[serde(skip)]
    subject_der: Vec<u8>,
    #[serde(skip)]
    issuer_der: Vec<u8>,
    #[serde(skip)]
    key_id: Option<Vec<u8>>,
    #[serde(skip)]
    issuer_key_id: Option<Vec<u8>>,
    /// It says where its issuer's certificate can be fetched, as public CAs' certificates do.
    #[serde(skip)]
    pub names_its_issuer: bool,
}

impl Facts {
    /// None when it is no X.509 certificate, or one that only a laxer reader takes.
    pub fn of(der: &[u8]) -> Option<Facts> {
        let parsed = Certificate::from_der(der).ok()?;
        let tbs = &parsed.tbs_certificate;
        let valid = (
            seconds(tbs.validity.not_before),
            seconds(tbs.validity.not_after),
        );
        let key = &tbs.subject_public_key_info;
        let rsa_bits = (key.algorithm.oid == RSA)
            .then(|| RsaPublicKey::from_der(key.subject_public_key.raw_bytes()).ok())
            .flatten()
            .map(|rsa| bits(rsa.modulus.as_bytes()));
        let octets = |id: &OctetString| id.as_bytes().to_vec();
        Some(Facts {
            subject: readable(&tbs.subject.to_string()),
            issuer: readable(&tbs.issuer.to_string()),
            serial: digest::hex_upper(match tbs.serial_number.as_bytes() {
                [0, rest @ ..] if !rest.is_empty() => rest,
                all => all,
            }),
            not_before: rfc3339(valid.0),
            not_after: rfc3339(valid.1),
            names: names(tbs.get::<SubjectAltName>().ok().flatten()),
            key: key_name(rsa_bits, key.algorithm.oid, || {
                key.algorithm.parameters.as_ref()?.decode_as().ok()
            }),
            signature: signature_name(parsed.signature_algorithm.oid),
            sha256: digest::hex(&digest::sha256(der)),
            is_ca: tbs
                .get::<BasicConstraints>()
                .ok()
                .flatten()
                .is_some_and(|(_, constraints)| constraints.ca),
            self_signed: tbs.subject == tbs.issuer,
            valid,
            rsa_bits,
            subject_cn: common_name(&tbs.subject),
            issuer_cn: common_name(&tbs.issuer),
            issuer_organization: attribute(&tbs.issuer, ORGANIZATION).unwrap_or_default(),
            subject_der: tbs.subject.to_der().ok()?,
            issuer_der: tbs.issuer.to_der().ok()?,
            key_id: tbs
                .get::<SubjectKeyIdentifier>()
                .ok()
                .flatten()
                .map(|(_, id)| octets(&id.0)),
            issuer_key_id: tbs
                .get::<AuthorityKeyIdentifier>()
                .ok()
                .flatten()
                .and_then(|(_, id)| id.key_identifier)
                .map(|id| octets(&id)),
            names_its_issuer: tbs
                .get::<AuthorityInfoAccessSyntax>()
                .ok()
                .flatten()
                .is_some_and(|(_, access)| {
                    access.0.iter().any(|one| one.access_method == CA_ISSUERS)
                }),
        })
    }

    /// By name, and by key identifier where both say one.
    pub fn was_issued_by(&self, issuer: &Facts) -> bool {
        self.issuer_der == issuer.subject_der
            && match (&self.issuer_key_id, &issuer.key_id) {
                (Some(wanted), Some(has)) => wanted == has,
                _ => true,
            }
    }

    pub fn issuer_der(&self) -> &[u8] {
        &self.issuer_der
    }

    /// Lower-case hex of the key identifier that its issuer should have.
    pub fn issuer_key_id(&self) -> Option<String> {
        self.issuer_key_id.as_deref().map(digest::hex)
    }

    pub fn is_valid_at(&self, now: i64) -> bool {
        (self.valid.0..=self.valid.1).contains(&now)
    }
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

fn seconds(time: x509_cert::time::Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
}

fn bits(modulus: &[u8]) -> usize {
    modulus.first().map_or(0, |first| {
        modulus.len() * 8 - first.leading_zeros() as usize
    })
}

fn attribute(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    let mut found = name.0.iter().flat_map(|set| set.0.iter());
    let value = &found.find(|one| one.oid == oid)?.value;
    let text = match value.tag() {
        Tag::BmpString => {
            let units: Vec<u16> = value
                .value()
                .chunks_exact(2)
                .map(|two| u16::from_be_bytes([two[0], two[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        _ => String::from_utf8_lossy(value.value()).into_owned(),
    };
    Some(readable(&text))
}

/// The common name; the organisation or the whole name where there is none.
fn common_name(name: &Name) -> String {
    attribute(name, COMMON_NAME)
        .or_else(|| attribute(name, ORGANIZATION))
        .unwrap_or_else(|| readable(&name.to_string()))
}

/// The name of a trust anchor, whose subject comes without tag and length.
pub fn anchor_name(subject: &[u8]) -> String {
    AnyRef::new(Tag::Sequence, subject)
        .and_then(|name| name.decode_as::<Name>())
        .map_or_else(|_| String::new(), |name| readable(&name.to_string()))
}

fn names(extension: Option<(bool, SubjectAltName)>) -> Vec<String> {
    let all = extension.map(|(_, names)| names.0).unwrap_or_default();
    all.iter()
        .take(MOST_NAMES)
        .map(|name| match name {
            GeneralName::DnsName(name) => format!("DNS:{}", readable(name.as_str())),
            GeneralName::IpAddress(bytes) => {
                let bytes = bytes.as_bytes();
                let address: Option<std::net::IpAddr> = match bytes.len() {
                    4 => <[u8; 4]>::try_from(bytes).ok().map(Into::into),
                    16 => <[u8; 16]>::try_from(bytes).ok().map(Into::into),
                    _ => None,
                };
                address.map_or_else(|| "IP:?".to_owned(), |address| format!("IP:{address}"))
            }
            _ => "other".to_owned(),
        })
        .collect()
}

fn key_name(
    rsa_bits: Option<usize>,
    oid: ObjectIdentifier,
    curve: impl FnOnce() -> Option<ObjectIdentifier>,
) -> String {
    if let Some(bits) = rsa_bits {
        return format!("RSA {bits}");
    }
    if oid != EC {
        return oid.to_string();
    }
    let Some(curve) = curve() else {
        return "EC".to_owned();
    };
    match curve.to_string().as_str() {
        "1.2.840.10045.3.1.7" => "EC P-256".to_owned(),
        "1.3.132.0.34" => "EC P-384".to_owned(),
        "1.3.132.0.35" => "EC P-521".to_owned(),
        "1.2.156.10197.1.301" => "EC SM2".to_owned(),
        other => format!("EC {other}"),
    }
}

fn signature_name(oid: ObjectIdentifier) -> String {
    let number = oid.to_string();
    match number.as_str() {
        "1.2.840.113549.1.1.4" => "md5WithRSAEncryption",
        "1.2.840.113549.1.1.5" => "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.10" => "rsassaPss",
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.2.840.10045.4.1" => "ecdsa-with-SHA1",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        "1.3.101.112" => "ED25519",
        _ => return number,
    }
    .to_owned()
}
