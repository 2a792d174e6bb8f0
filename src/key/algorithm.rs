//! What kind of key a DER structure says it holds, so that an error can name it.

use std::fmt;

use super::shape::{OID, SEQUENCE, Tlv};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    Rsa,
    RsaPss,
    Ec,
    Sm2,
    Ed25519,
    X25519,
    Dsa,
    Other,
}

/// Contents of OBJECT IDENTIFIERs.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
/// 1.2.156.10197.1.301, the curve of GM/T 0003.
const SM2: &[u8] = &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 1, 0x82, 0x2d];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const X25519: &[u8] = &[0x2b, 0x65, 0x6e];
const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];

impl Algorithm {
    /// From the contents of an AlgorithmIdentifier.
    pub(super) fn of_identifier(contents: &[u8]) -> Algorithm {
        let Some((oid, rest)) = Tlv::first(contents).filter(|(oid, _)| oid.tag == OID) else {
            return Algorithm::Other;
        };
        match oid.value {
            RSA => Algorithm::Rsa,
            RSA_PSS => Algorithm::RsaPss,
            EC if Tlv::first(rest).is_some_and(|(curve, _)| curve.value == SM2) => Algorithm::Sm2,
            EC => Algorithm::Ec,
            SM2 => Algorithm::Sm2,
            ED25519 => Algorithm::Ed25519,
            X25519 => Algorithm::X25519,
            DSA => Algorithm::Dsa,
            _ => Algorithm::Other,
        }
    }

    /// From a whole SubjectPublicKeyInfo.
    pub(super) fn of_spki(der: &[u8]) -> Algorithm {
        Tlv::first(der)
            .and_then(|(outer, _)| Tlv::first(outer.value))
            .filter(|(identifier, _)| identifier.tag == SEQUENCE)
            .map_or(Algorithm::Other, |(identifier, _)| {
                Algorithm::of_identifier(identifier.value)
            })
    }
}

impl fmt::Display for Algorithm {
    /// "is …", "a certificate with …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Algorithm::Rsa => "an RSA key",
            Algorithm::RsaPss => "an RSA-PSS key",
            Algorithm::Ec => "an EC key",
            Algorithm::Sm2 => "an SM2 key",
            Algorithm::Ed25519 => "an Ed25519 key",
            Algorithm::X25519 => "an X25519 key",
            Algorithm::Dsa => "a DSA key",
            Algorithm::Other => "a key of an unknown algorithm",
        })
    }
}
