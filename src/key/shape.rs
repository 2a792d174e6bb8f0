//! What a piece of DER is, told by its structure and not by the label above it: keys are pasted
//! under the wrong label (one SDK glues a PKCS#8 header onto whatever it is given), and a role
//! must never depend on a label.

use super::algorithm::Algorithm;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const CONTEXT_0: u8 = 0xa0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// RSAPrivateKey, RFC 8017 A.1.2.
    Pkcs1Private,
    /// PrivateKeyInfo, RFC 5958.
    Pkcs8(Algorithm),
    /// EncryptedPrivateKeyInfo, RFC 5958 §3.
    Encrypted,
    /// ECPrivateKey, RFC 5915.
    EcPrivate,
    /// RSAPublicKey, RFC 8017 A.1.1.
    Pkcs1Public,
    /// SubjectPublicKeyInfo, RFC 5280 §4.1.
    Spki(Algorithm),
    Certificate,
    /// CertificationRequest, RFC 2986.
    Request,
    Pkcs12,
    Pkcs7,
    Unknown,
}

/// One tag, its value, in definite-length DER.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tlv<'a> {
    pub(super) tag: u8,
    pub(super) value: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// The first element and what follows it; `None` when it is not complete.
    pub(super) fn first(bytes: &'a [u8]) -> Option<(Tlv<'a>, &'a [u8])> {
        let (&tag, rest) = bytes.split_first()?;
        let (header, len) = length(rest)?;
        let rest = rest.get(header..)?;
        Some((
            Tlv {
                tag,
                value: rest.get(..len)?,
            },
            rest.get(len..)?,
        ))
    }

    /// Every element of `bytes`, until one is not complete.
    pub(super) fn all(mut bytes: &'a [u8]) -> Vec<Tlv<'a>> {
        let mut found = Vec::new();
        // No structure told apart here needs more than its first ten elements.
        while found.len() < 10 {
            let Some((element, rest)) = Tlv::first(bytes) else {
                break;
            };
            found.push(element);
            bytes = rest;
        }
        found
    }
}

/// The whole length, header included, that a piece of DER claims for its first element.
pub(super) fn claimed_len(bytes: &[u8]) -> Option<usize> {
    let (header, len) = length(bytes.get(1..)?)?;
    len.checked_add(1 + header)
}

/// Bytes of the length field, and the length in it. Four length bytes are enough for a file of
/// 1 MiB; the indefinite form (0x80) is BER and not read.
fn length(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = *bytes.first()?;
    if first < 0x80 {
        return Some((1, usize::from(first)));
    }
    let count = usize::from(first & 0x7f);
    if !(1..=4).contains(&count) {
        return None;
    }
    let len = bytes
        .get(1..=count)?
        .iter()
        .fold(0_usize, |len, byte| (len << 8) | usize::from(*byte));
    Some((1 + count, len))
}

impl Shape {
    pub(super) fn of(der: &[u8]) -> Shape {
        let Some((outer, _)) = Tlv::first(der).filter(|(outer, _)| outer.tag == SEQUENCE) else {
            return Shape::Unknown;
        };
        let elements = Tlv::all(outer.value);
        let tags: Vec<u8> = elements.iter().map(|element| element.tag).collect();
        let value = |index: usize| elements.get(index).map_or(&[][..], |element| element.value);
        match tags.as_slice() {
            [INTEGER, SEQUENCE, OCTET_STRING, ..] => {
                Shape::Pkcs8(Algorithm::of_identifier(value(1)))
            }
            [INTEGER, SEQUENCE, ..] if value(0) == [3] => Shape::Pkcs12,
            [INTEGER, OCTET_STRING, ..] => Shape::EcPrivate,
            [INTEGER, INTEGER, INTEGER, ..] => Shape::Pkcs1Private,
            [INTEGER, INTEGER] => Shape::Pkcs1Public,
            [SEQUENCE, OCTET_STRING] => Shape::Encrypted,
            [SEQUENCE, BIT_STRING] => Shape::Spki(Algorithm::of_identifier(value(0))),
            [SEQUENCE, SEQUENCE, BIT_STRING] if is_request(value(0)) => Shape::Request,
            [SEQUENCE, SEQUENCE, BIT_STRING] => Shape::Certificate,
            [OID, CONTEXT_0] => Shape::Pkcs7,
            _ => Shape::Unknown,
        }
    }
}

/// A request has the subject's name where a version 1 certificate has the signature algorithm; a
/// name is a sequence of sets, an algorithm begins with an OID.
fn is_request(info: &[u8]) -> bool {
    match Tlv::all(info).as_slice() {
        [version, name, ..] if version.tag == INTEGER && name.tag == SEQUENCE => {
            Tlv::first(name.value).is_none_or(|(first, _)| first.tag == SET)
        }
        _ => false,
    }
}
