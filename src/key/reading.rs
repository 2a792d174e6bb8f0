//! What a file holds, and what it is not: the roles that are mistaken for each other
//! (requirements.md A1, A9). A merchant has four files that all load as PEM, so "cannot read" is
//! never the answer when it can be said which of them this is.

use rsa::{BigUint, RsaPublicKey, pkcs1};

use super::algorithm::Algorithm;
use super::armor::{self, Block};
use super::file::MAX_LEN;
use super::public::{self, check_bits};
use super::shape::{BIT_STRING, OCTET_STRING, Shape, Tlv};
use super::{Certificate, MAX_BITS, PrivateKey, PublicKey, encrypted, wrong};
use crate::error::{Error, Result, Status, fail};
use crate::secret::Zeroizing;

#[derive(Clone, Debug)]
pub enum Material {
    Private(PrivateKey),
    Public(PublicKey),
    Certificate(Box<Certificate>),
}

/// What the caller asked for; decides which of several blocks counts and what the error advises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Any,
    PrivateKey,
    PublicKey,
    Certificate,
}

/// A private key, public key or certificate as PEM, DER or bare base64. `name` is the
/// configuration key or file shown in errors. Of several blocks a private key counts before
/// certificates (the first, the leaf of a chain), and these before a public key.
/// KEY_FORMAT, KEY_ENCRYPTED.
pub fn read(name: &str, bytes: &[u8], passphrase: Option<&[u8]>) -> Result<Material> {
    let file = Contents::of(name, bytes, Wanted::Any)?;
    if let Some(key) = file.only(Item::is_private, "private keys")? {
        return Ok(Material::Private(private_key(name, key, passphrase)?));
    }
    if let Some(item) = file.first(Item::is_certificate) {
        let certificate = Certificate::from_der(name, &item.der)?;
        return Ok(Material::Certificate(Box::new(certificate)));
    }
    match file.only(Item::is_public, "public keys")? {
        Some(key) => Ok(Material::Public(public_key(name, key)?)),
        None => Err(file.foreign()),
    }
}

/// WRONG_KEY_ROLE for a certificate or public key, KEY_FORMAT, KEY_ENCRYPTED. Certificates beside
/// the key are left alone.
pub fn read_private(name: &str, bytes: &[u8], passphrase: Option<&[u8]>) -> Result<PrivateKey> {
    let file = Contents::of(name, bytes, Wanted::PrivateKey)?;
    match file.only(Item::is_private, "private keys")? {
        Some(key) => private_key(name, key, passphrase),
        None => Err(file.foreign()),
    }
}

/// SubjectPublicKeyInfo or PKCS#1. WRONG_KEY_ROLE when there is a certificate or private key in
/// the file, even beside a public key; KEY_FORMAT.
pub fn read_public(name: &str, bytes: &[u8]) -> Result<PublicKey> {
    let file = Contents::of(name, bytes, Wanted::PublicKey)?;
    if let Some(other) = file.first(|item| item.is_private() || item.is_certificate()) {
        return Err(wrong::role_or_format(name, other, file.wanted));
    }
    match file.only(Item::is_public, "public keys")? {
        Some(key) => public_key(name, key),
        None => Err(file.foreign()),
    }
}

/// Every certificate of the file, in order, at least one. WRONG_KEY_ROLE when there are only keys,
/// KEY_FORMAT when one of the certificates cannot be read or its key is not RSA.
pub fn read_certificates(name: &str, bytes: &[u8]) -> Result<Vec<Certificate>> {
    let file = Contents::of(name, bytes, Wanted::Certificate)?;
    let certificates = file
        .items
        .iter()
        .filter(|item| item.is_certificate())
        .map(|item| Certificate::from_der(name, &item.der))
        .collect::<Result<Vec<_>>>()?;
    if certificates.is_empty() {
        return Err(file.foreign());
    }
    Ok(certificates)
}

/// One block, and what it turned out to be.
pub(super) struct Item {
    pub(super) kind: Kind,
    der: Zeroizing<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Der(Shape),
    LegacyEncrypted,
    Ssh,
}

impl Item {
    pub(super) fn is_private(&self) -> bool {
        matches!(
            self.kind,
            Kind::LegacyEncrypted
                | Kind::Der(
                    Shape::Pkcs8(_) | Shape::Pkcs1Private | Shape::Encrypted | Shape::EcPrivate
                )
        )
    }

    pub(super) fn is_public(&self) -> bool {
        matches!(self.kind, Kind::Der(Shape::Spki(_) | Shape::Pkcs1Public))
    }

    pub(super) fn is_certificate(&self) -> bool {
        self.kind == Kind::Der(Shape::Certificate)
    }
}

struct Contents<'a> {
    name: &'a str,
    wanted: Wanted,
    /// At least one.
    items: Vec<Item>,
}

impl Contents<'_> {
    fn of<'a>(name: &'a str, bytes: &[u8], wanted: Wanted) -> Result<Contents<'a>> {
        // As long as a key file may be; anything longer is something else.
        if bytes.len() as u64 > MAX_LEN {
            return fail(
                Status::KeyFormat,
                format!(
                    "{name} has {} bytes; a key or certificate has at most {MAX_LEN}.",
                    bytes.len()
                ),
            );
        }
        let mut items = Vec::new();
        for block in armor::open(name, bytes)? {
            items.push(match block {
                Block::Der(der) => Item {
                    kind: Kind::Der(Shape::of(&der)),
                    der,
                },
                Block::LegacyEncrypted => Item::without_der(Kind::LegacyEncrypted),
                Block::Ssh => Item::without_der(Kind::Ssh),
                Block::Parameters => continue,
            });
        }
        if items.is_empty() {
            items.push(Item::without_der(Kind::Der(Shape::Unknown)));
        }
        Ok(Contents {
            name,
            wanted,
            items,
        })
    }

    fn first(&self, matches: impl Fn(&Item) -> bool) -> Option<&Item> {
        self.items.iter().find(|item| matches(item))
    }

    /// The one item that matches; two would leave it to chance which is used.
    fn only(&self, matches: impl Fn(&Item) -> bool, plural: &str) -> Result<Option<&Item>> {
        let mut found = self.items.iter().filter(|item| matches(item));
        let first = found.next();
        match found.count() {
            0 => Ok(first),
            more => Err(Error::new(
                Status::KeyFormat,
                format!("{} holds {} {plural}.", self.name, more + 1),
            )
            .hint("Keep the one that is meant, and remove the others.")),
        }
    }

    /// Why none of the items is what was wanted, told by the one that says most.
    fn foreign(&self) -> Error {
        let telling = self
            .first(|item| item.is_private() || item.is_certificate() || item.is_public())
            .unwrap_or(&self.items[0]);
        wrong::role_or_format(self.name, telling, self.wanted)
    }
}

impl Item {
    fn without_der(kind: Kind) -> Item {
        Item {
            kind,
            der: Zeroizing::default(),
        }
    }
}

fn private_key(name: &str, item: &Item, passphrase: Option<&[u8]>) -> Result<PrivateKey> {
    match item.kind {
        Kind::Der(Shape::Pkcs1Private) => PrivateKey::from_pkcs1(name, &item.der),
        Kind::Der(Shape::Pkcs8(Algorithm::Rsa)) => from_pkcs8(name, &item.der),
        Kind::Der(Shape::Encrypted) => {
            let der = encrypted::open(name, &item.der, passphrase)?;
            match Shape::of(&der) {
                Shape::Pkcs8(Algorithm::Rsa) => from_pkcs8(name, &der),
                shape => Err(wrong::private_format(name, Kind::Der(shape))),
            }
        }
        kind => Err(wrong::private_format(name, kind)),
    }
}

/// The RSAPrivateKey inside a PrivateKeyInfo.
fn from_pkcs8(name: &str, der: &[u8]) -> Result<PrivateKey> {
    let inner = Tlv::first(der)
        .map(|(outer, _)| Tlv::all(outer.value))
        .and_then(|elements| {
            elements
                .into_iter()
                .find(|element| element.tag == OCTET_STRING)
        })
        .map_or(&[][..], |octets| octets.value);
    PrivateKey::from_pkcs1(name, inner)
}

fn public_key(name: &str, item: &Item) -> Result<PublicKey> {
    match item.kind {
        Kind::Der(Shape::Pkcs1Public) => public_from_pkcs1(name, &item.der),
        Kind::Der(Shape::Spki(Algorithm::Rsa)) => public_from_spki(name, &item.der),
        kind => Err(wrong::public_format(name, kind)),
    }
}

/// The RSAPublicKey in a SubjectPublicKeyInfo, whose BIT STRING begins with the number of unused
/// bits, always 0 here.
pub(super) fn public_from_spki(name: &str, spki: &[u8]) -> Result<PublicKey> {
    let inner = Tlv::first(spki)
        .map(|(outer, _)| Tlv::all(outer.value))
        .and_then(|elements| {
            elements
                .into_iter()
                .find(|element| element.tag == BIT_STRING)
        })
        .and_then(|bits| bits.value.strip_prefix(&[0]))
        .ok_or_else(|| public::unusable(name))?;
    public_from_pkcs1(name, inner)
}

fn public_from_pkcs1(name: &str, der: &[u8]) -> Result<PublicKey> {
    let numbers = pkcs1::RsaPublicKey::try_from(der).map_err(|_| public::unusable(name))?;
    let modulus = BigUint::from_bytes_be(numbers.modulus.as_bytes());
    check_bits(name, modulus.bits())?;
    let exponent = BigUint::from_bytes_be(numbers.public_exponent.as_bytes());
    let key = RsaPublicKey::new_with_max_size(modulus, exponent, MAX_BITS)
        .map_err(|_| public::unusable(name))?;
    PublicKey::new(name, &key)
}
