//! Whether a certificate may be a trust root (safety.md S7). webpki does not ask this of
//! anchors: without it the key of any self-signed server certificate in the store could issue for
//! every host.

use rsa::pkcs1::RsaPublicKey;
use x509_cert::Certificate;
use x509_cert::certificate::Version;
use x509_cert::der::Decode;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

use crate::http::headers::readable;

pub enum Verdict {
    Usable,
    /// The name as it may be shown.
    NotACa {
        name: String,
        why: &'static str,
    },
    Unreadable,
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// basicConstraints CA:TRUE or X.509 v1; keyUsage absent or with keyCertSign; RSA of 2048 bits or
/// more, or EC.
pub fn may_be_anchor(der: &[u8]) -> Verdict {
    let Ok(certificate) = Certificate::from_der(der) else {
        return Verdict::Unreadable;
    };
    let why = match objection(&certificate) {
        None => return Verdict::Usable,
        Some(why) => why,
    };
    let name = certificate.tbs_certificate.subject.to_string();
    let cut: String = name.chars().take(200).collect();
    Verdict::NotACa {
        name: readable(&cut),
        why,
    }
}

fn objection(certificate: &Certificate) -> Option<&'static str> {
    let tbs = &certificate.tbs_certificate;
    match tbs.get::<BasicConstraints>() {
        Ok(Some((_, constraints))) if constraints.ca => {}
        Ok(Some(_)) => return Some("its basic constraints say CA:FALSE"),
        Ok(None) if tbs.version == Version::V1 => {}
        Ok(None) => return Some("it has no basic constraints"),
        Err(_) => return Some("its basic constraints cannot be read"),
    }
    match tbs.get::<KeyUsage>() {
        Ok(None) => {}
        Ok(Some((_, usage))) if usage.key_cert_sign() => {}
        Ok(Some(_)) => return Some("its key usage does not allow signing certificates"),
        Err(_) => return Some("its key usage cannot be read"),
    }
    let key = &tbs.subject_public_key_info;
    if key.algorithm.oid == EC {
        return None;
    }
    if key.algorithm.oid != RSA {
        return Some("its key is neither RSA nor EC");
    }
    match RsaPublicKey::from_der(key.subject_public_key.raw_bytes()) {
        Ok(rsa) if rsa.modulus.as_bytes().len() >= 256 => None,
        Ok(_) => Some("its RSA key has fewer than 2048 bits"),
        Err(_) => Some("its RSA key cannot be read"),
    }
}
