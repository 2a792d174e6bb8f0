//! The sentences for a file that is not what was asked for: what it is, and where that belongs.

use super::algorithm::Algorithm;
use super::reading::{Item, Kind, Wanted};
use super::shape::Shape;
use crate::error::{Error, Status};

const PRIVATE_KEY: &str =
    "The private key is apiclient_key.pem, from the ZIP of the API certificate.";
const PUBLIC_KEY: &str =
    "WeChat Pay's public key is pub_key.pem, from the merchant platform (API security).";
const CERTIFICATE: &str = "The merchant certificate is apiclient_cert.pem; a platform certificate is downloaded with the APIv3 key.";

/// For a file in which nothing of the wanted role was found.
pub(super) fn role_or_format(name: &str, item: &Item, wanted: Wanted) -> Error {
    if item.is_certificate() {
        return certificate_instead(name, wanted);
    }
    if item.is_public() {
        return public_instead(name, wanted);
    }
    if item.is_private() {
        return private_instead(name, wanted);
    }
    unreadable(name, item.kind, wanted)
}

fn certificate_instead(name: &str, wanted: Wanted) -> Error {
    match wanted {
        Wanted::PublicKey => role(
            name,
            "is a certificate, not a public key.",
            "A platform certificate belongs in platform_certificate. WeChat Pay's public key is pub_key.pem, from the merchant platform (API security).",
        ),
        _ => role(
            name,
            "is a certificate: the private key is apiclient_key.pem.",
            "The certificate belongs in merchant_certificate; apiclient_key.pem lies beside it in the ZIP.",
        ),
    }
}

fn public_instead(name: &str, wanted: Wanted) -> Error {
    match wanted {
        Wanted::Certificate => role(
            name,
            "is a public key, not a certificate.",
            "WeChat Pay's public key belongs in public_key, with its id in public_key_id.",
        ),
        _ => role(
            name,
            "is a public key: the private key is apiclient_key.pem.",
            "WeChat Pay's public key belongs in public_key, with its id in public_key_id; nothing can be signed with it.",
        ),
    }
}

fn private_instead(name: &str, wanted: Wanted) -> Error {
    match wanted {
        Wanted::Certificate => role(
            name,
            "is a private key, not a certificate.",
            "The private key belongs in private_key. The merchant certificate is apiclient_cert.pem; platform certificates come from WeChat Pay.",
        ),
        _ => role(
            name,
            "is a private key, not a public key.",
            "The private key belongs in private_key and stays secret. WeChat Pay's public key is pub_key.pem, from the merchant platform (API security).",
        ),
    }
}

/// A private key that is not one to sign with.
pub(super) fn private_format(name: &str, kind: Kind) -> Error {
    match kind {
        Kind::LegacyEncrypted => format(
            name,
            "is encrypted in the old PEM way (Proc-Type: 4,ENCRYPTED with DEK-Info), which is not read.",
            "Convert it: openssl pkcs8 -topk8 -in old.pem -out apiclient_key.pem asks for both passphrases.",
        ),
        Kind::Der(Shape::EcPrivate) => other_algorithm(name, Algorithm::Ec, PRIVATE_KEY),
        Kind::Der(Shape::Pkcs8(algorithm)) => other_algorithm(name, algorithm, PRIVATE_KEY),
        kind => unreadable(name, kind, Wanted::PrivateKey),
    }
}

/// A public key that is not one to verify with.
pub(super) fn public_format(name: &str, kind: Kind) -> Error {
    match kind {
        Kind::Der(Shape::Spki(algorithm)) => other_algorithm(name, algorithm, PUBLIC_KEY),
        kind => unreadable(name, kind, Wanted::PublicKey),
    }
}

fn other_algorithm(name: &str, algorithm: Algorithm, cure: &str) -> Error {
    let what = match algorithm {
        Algorithm::Sm2 => "is an SM2 key; only RSA is supported.".to_owned(),
        Algorithm::RsaPss => {
            "is an RSA-PSS key; WeChat Pay's signatures need a plain RSA key.".to_owned()
        }
        algorithm => format!("is {algorithm}, not an RSA key."),
    };
    format(name, &what, cure)
}

fn unreadable(name: &str, kind: Kind, wanted: Wanted) -> Error {
    match kind {
        Kind::Ssh => format(
            name,
            "is an OpenSSH key, which WeChat Pay does not know.",
            belongs(wanted),
        ),
        Kind::Der(Shape::Request) => format(
            name,
            "is a certificate request (CSR), neither a key nor a certificate.",
            "It is what was sent to get the certificate: apiclient_key.pem was written beside it, apiclient_cert.pem came back.",
        ),
        Kind::Der(Shape::Pkcs12) => format(
            name,
            "is a PKCS#12 file (.p12, .pfx), which is not read here.",
            match wanted {
                Wanted::Certificate => {
                    "Take the certificate out: openssl pkcs12 -in apiclient_cert.p12 -clcerts -nokeys -out apiclient_cert.pem (password: the mchid; OpenSSL 3 may need -legacy)."
                }
                _ => {
                    "Take the key out: openssl pkcs12 -in apiclient_cert.p12 -nocerts -nodes -out apiclient_key.pem (password: the mchid; OpenSSL 3 may need -legacy)."
                }
            },
        ),
        Kind::Der(Shape::Pkcs7) => format(
            name,
            "is a PKCS#7 file (.p7b), which is not read here.",
            "Take the certificates out: openssl pkcs7 -print_certs -in file.p7b -out certificates.pem (-inform DER if it is binary).",
        ),
        _ => format(
            name,
            "is well-formed, but neither a key nor a certificate.",
            belongs(wanted),
        ),
    }
}

fn belongs(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::PublicKey => PUBLIC_KEY,
        Wanted::Certificate => CERTIFICATE,
        Wanted::Any | Wanted::PrivateKey => PRIVATE_KEY,
    }
}

fn role(name: &str, what: &str, cure: &str) -> Error {
    Error::new(Status::WrongKeyRole, format!("{name} {what}")).hint(cure)
}

fn format(name: &str, what: &str, cure: &str) -> Error {
    Error::new(Status::KeyFormat, format!("{name} {what}")).hint(cure)
}
