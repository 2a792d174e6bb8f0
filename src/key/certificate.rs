//! An X.509 certificate, as much of it as WeChat Pay's rules need. No chain is verified here: a
//! certificate is trusted because it was configured, or came decrypted with the APIv3 key.

use der::Decode;
use pkcs8::der;
use x509_cert::time::Time;

use super::algorithm::Algorithm;
use super::{PublicKey, reading};
use crate::crypto::digest;
use crate::error::{Error, Result, Status};
use crate::http::headers::readable;

#[derive(Clone, Debug)]
pub struct Certificate {
    /// Upper-case hex of the serial's bytes without the sign byte, as
    /// `openssl x509 -noout -serial` prints it: this is what is sent.
    pub serial: String,
    /// Unix seconds.
    pub not_before: i64,
    /// Unix seconds.
    pub not_after: i64,
    /// RFC 4514, most specific name first; what a terminal would obey is escaped (S23).
    pub subject: String,
    pub issuer: String,
    pub public: PublicKey,
    pub der: Vec<u8>,
}

impl Certificate {
    pub(super) fn from_der(name: &str, der: &[u8]) -> Result<Certificate> {
        let parsed = x509_cert::Certificate::from_der(der).map_err(|_| malformed(name))?;
        let tbs = &parsed.tbs_certificate;
        let spki =
            der::Encode::to_der(&tbs.subject_public_key_info).map_err(|_| malformed(name))?;
        let algorithm = Algorithm::of_spki(&spki);
        if algorithm != Algorithm::Rsa {
            return Err(Error::new(
                Status::KeyFormat,
                format!("{name} is a certificate with {algorithm}; WeChat Pay's have RSA keys."),
            )
            .hint("Pass the certificate as WeChat Pay gave it; SM2 is not supported."));
        }
        Ok(Certificate {
            serial: serial(tbs.serial_number.as_bytes()),
            not_before: seconds(tbs.validity.not_before),
            not_after: seconds(tbs.validity.not_after),
            subject: readable(&tbs.subject.to_string()),
            issuer: readable(&tbs.issuer.to_string()),
            public: reading::public_from_spki(name, &spki)?,
            der: der.to_vec(),
        })
    }
}

/// A DER INTEGER has a zero byte in front when its first bit would read as a minus sign.
fn serial(bytes: &[u8]) -> String {
    digest::hex_upper(match bytes {
        [0, rest @ ..] if !rest.is_empty() => rest,
        all => all,
    })
}

fn seconds(time: Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
}

fn malformed(name: &str) -> Error {
    Error::new(
        Status::KeyFormat,
        format!("{name} looks like a certificate, but it cannot be read."),
    )
    .hint("The file is damaged: `openssl x509 -noout -text` shows where. Copy it again.")
}
