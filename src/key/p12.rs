//! PKCS#12 (RFC 7292), as WeChat Pay hands out apiclient_cert.p12: a certificate and its key under
//! one password. Old files use RC2-40 and 3DES, which OpenSSL 3 no longer reads by itself; new ones
//! PBES2. Every cost is read and limited before it is paid (safety.md S33), also of what is inside
//! what was decrypted; and the chain is taken as it stands, never followed by names, which can
//! form a circle.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockDecryptMut, KeyIvInit};
use cms::content_info::ContentInfo;
use cms::encrypted_data::EncryptedData;
use des::TdesEde3;
use hmac::{Hmac, Mac};
use pkcs8::der::asn1::{ContextSpecific, ObjectIdentifier, OctetString};
use pkcs8::der::{self, Decode, Encode};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::Kdf;
use pkcs12::cert_type::CertBag;
use pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use pkcs12::mac_data::MacData;
use pkcs12::pbe_params::{EncryptedPrivateKeyInfo, Pkcs12PbeParams};
use pkcs12::pfx::Pfx;
use pkcs12::safe_bag::SafeContents;
use rc2::Rc2;
use sha1::Sha1;
use sha2::Sha256;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::encrypted::{Cost, MAX_ITERATIONS};
use super::{Certificate, PrivateKey, reading};
use crate::error::{Error, Result, Status};
use crate::secret::Zeroizing;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERT_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
const PBE_3DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const PBE_RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");
const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

const REWRITE: &str = "Take both out: openssl pkcs12 -in apiclient_cert.p12 -nodes -out both.pem (OpenSSL 3 may need -legacy), and set client_certificate and client_key to them.";

/// The chain in DER, the certificate of the key first, and the key. `name` is the configuration key
/// shown in errors. KEY_FORMAT, KEY_ENCRYPTED, KEY_CERT_MISMATCH.
pub fn read_p12(name: &str, der: &[u8], password: &str) -> Result<(Vec<Vec<u8>>, PrivateKey)> {
    let file = File { name, password };
    let pfx = Pfx::from_der(der).map_err(|_| file.malformed())?;
    if pfx.auth_safe.content_type != DATA {
        return Err(file.malformed());
    }
    let safes = octets(&pfx.auth_safe).ok_or_else(|| file.malformed())?;
    if let Some(mac) = &pfx.mac_data {
        file.check_mac(mac, &safes)?;
    }
    let mut bags = Bags::default();
    let safes = Vec::<ContentInfo>::from_der(&safes).map_err(|_| file.malformed())?;
    if safes.len() > MOST_SAFES {
        return Err(file.error(
            Status::KeyFormat,
            &format!(
                "has {} parts; at most {MOST_SAFES} are opened.",
                safes.len()
            ),
        ));
    }
    for safe in &safes {
        let contents = file.open_safe(safe)?;
        file.sort(&contents, &mut bags)?;
    }
    crate::panic::strike!("with a .p12 and its password open");
    file.put_together(bags)
}

/// A file has two: certificates and key. Each costs what it says that it costs.
const MOST_SAFES: usize = 8;

/// What was found, in order.
#[derive(Default)]
struct Bags {
    keys: Vec<Key>,
    certificates: Vec<Vec<u8>>,
}

enum Key {
    Plain(Zeroizing<Vec<u8>>),
    Shrouded(EncryptedPrivateKeyInfo),
}

struct File<'a> {
    name: &'a str,
    password: &'a str,
}

impl File<'_> {
    /// A wrong password shows here first.
    fn check_mac(&self, mac: &MacData, content: &[u8]) -> Result<()> {
        let rounds = self.rounds(mac.iterations)?;
        let salt = mac.mac_salt.as_bytes();
        let digest = mac.mac.digest.as_bytes();
        let oid = mac.mac.algorithm.oid;
        let good = if oid == SHA_1 {
            let key = derive_key_utf8::<Sha1>(self.password, salt, Pkcs12KeyType::Mac, rounds, 20);
            let key = Zeroizing::new(key.map_err(|_| self.wrong_password())?);
            Hmac::<Sha1>::new_from_slice(&key)
                .is_ok_and(|mac| mac.chain_update(content).verify_slice(digest).is_ok())
        } else if oid == SHA_256 {
            let key =
                derive_key_utf8::<Sha256>(self.password, salt, Pkcs12KeyType::Mac, rounds, 32);
            let key = Zeroizing::new(key.map_err(|_| self.wrong_password())?);
            Hmac::<Sha256>::new_from_slice(&key)
                .is_ok_and(|mac| mac.chain_update(content).verify_slice(digest).is_ok())
        } else {
            return Err(self.unsupported());
        };
        if good {
            Ok(())
        } else {
            Err(self.wrong_password())
        }
    }

    fn rounds(&self, iterations: i32) -> Result<i32> {
        match u64::try_from(iterations) {
            Ok(1..=MAX_ITERATIONS) => Ok(iterations),
            Ok(count) if count > MAX_ITERATIONS => Err(self
                .error(
                    Status::KeyEncrypted,
                    &format!(
                        "is encrypted with {count} iterations; at most {MAX_ITERATIONS} are run."
                    ),
                )
                .hint(REWRITE)),
            _ => Err(self.malformed()),
        }
    }

    fn open_safe(&self, safe: &ContentInfo) -> Result<Zeroizing<Vec<u8>>> {
        if safe.content_type == DATA {
            return octets(safe)
                .map(Zeroizing::new)
                .ok_or_else(|| self.malformed());
        }
        if safe.content_type != ENCRYPTED_DATA {
            return Err(self.unsupported());
        }
        let encrypted: EncryptedData = safe
            .content
            .to_der()
            .and_then(|der| EncryptedData::from_der(&der))
            .map_err(|_| self.malformed())?;
        let info = &encrypted.enc_content_info;
        match &info.encrypted_content {
            Some(content) => self.decrypt(&info.content_enc_alg, content.as_bytes()),
            None => Err(self.malformed()),
        }
    }

    fn sort(&self, contents: &[u8], bags: &mut Bags) -> Result<()> {
        // A wrong password that left valid padding behind.
        let safe = SafeContents::from_der(contents).map_err(|_| self.malformed())?;
        for bag in safe {
            if bag.bag_id == CERT_BAG {
                let bag: ContextSpecific<CertBag> =
                    Decode::from_der(&bag.bag_value).map_err(|_| self.malformed())?;
                if bag.value.cert_id == X509 {
                    bags.certificates.push(bag.value.cert_value.into_bytes());
                }
            } else if bag.bag_id == SHROUDED_KEY_BAG {
                let bag: ContextSpecific<EncryptedPrivateKeyInfo> =
                    Decode::from_der(&bag.bag_value).map_err(|_| self.malformed())?;
                bags.keys.push(Key::Shrouded(bag.value));
            } else if bag.bag_id == KEY_BAG {
                let bag: ContextSpecific<der::Any> =
                    Decode::from_der(&bag.bag_value).map_err(|_| self.malformed())?;
                let key = bag.value.to_der().map_err(|_| self.malformed())?;
                bags.keys.push(Key::Plain(Zeroizing::new(key)));
            }
        }
        Ok(())
    }

    fn decrypt(
        &self,
        algorithm: &AlgorithmIdentifierOwned,
        data: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let parameters = algorithm
            .parameters
            .as_ref()
            .and_then(|parameters| parameters.to_der().ok())
            .ok_or_else(|| self.malformed())?;
        let oid = algorithm.oid;
        if oid == PBES2 {
            return self.pbes2(algorithm, data);
        }
        if oid != PBE_3DES && oid != PBE_RC2_40 {
            return Err(self.unsupported());
        }
        let parameters = Pkcs12PbeParams::from_der(&parameters).map_err(|_| self.malformed())?;
        let rounds = self.rounds(parameters.iterations)?;
        let derived = |id, len| {
            derive_key_utf8::<Sha1>(self.password, parameters.salt.as_bytes(), id, rounds, len)
                .map(Zeroizing::new)
                .map_err(|_| self.wrong_password())
        };
        let iv = derived(Pkcs12KeyType::Iv, 8)?;
        let mut buffer = Zeroizing::new(data.to_vec());
        let opened = if oid == PBE_3DES {
            let key = derived(Pkcs12KeyType::EncryptionKey, 24)?;
            cbc::Decryptor::<TdesEde3>::new_from_slices(&key, &iv)
                .ok()
                .and_then(|cipher| {
                    Some(cipher.decrypt_padded_mut::<Pkcs7>(&mut buffer).ok()?.len())
                })
        } else {
            let key = derived(Pkcs12KeyType::EncryptionKey, 5)?;
            cbc::Decryptor::<Rc2>::new_from_slices(&key, &iv)
                .ok()
                .and_then(|cipher| {
                    Some(cipher.decrypt_padded_mut::<Pkcs7>(&mut buffer).ok()?.len())
                })
        };
        let len = opened.ok_or_else(|| self.wrong_password())?;
        buffer.truncate(len);
        Ok(buffer)
    }

    fn pbes2(
        &self,
        algorithm: &AlgorithmIdentifierOwned,
        data: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let der = algorithm.to_der().map_err(|_| self.malformed())?;
        let scheme = EncryptionScheme::try_from(der.as_slice()).map_err(|_| self.unsupported())?;
        let cost = match scheme.pbes2().map(|parameters| &parameters.kdf) {
            Some(Kdf::Pbkdf2(kdf)) => Cost::Iterations(kdf.iteration_count.into()),
            Some(Kdf::Scrypt(kdf)) => Cost::Scrypt(
                kdf.cost_parameter,
                kdf.block_size.into(),
                kdf.parallelization.into(),
            ),
            _ => return Err(self.unsupported()),
        };
        cost.check(self.name).map_err(|error| error.hint(REWRITE))?;
        let mut buffer = Zeroizing::new(data.to_vec());
        let len = scheme
            .decrypt_in_place(self.password, &mut buffer)
            .map_err(|_| self.wrong_password())?
            .len();
        buffer.truncate(len);
        Ok(buffer)
    }

    /// The certificate of the key comes first, whatever order they stand in.
    fn put_together(&self, bags: Bags) -> Result<(Vec<Vec<u8>>, PrivateKey)> {
        let key = match bags.keys.as_slice() {
            [Key::Plain(key)] => reading::read_private(self.name, key, None)?,
            [Key::Shrouded(key)] => {
                let key = self.decrypt(&key.encryption_algorithm, key.encrypted_data.as_bytes())?;
                reading::read_private(self.name, &key, None)?
            }
            keys => {
                return Err(self.error(
                    Status::KeyFormat,
                    &format!("holds {} private keys; one is needed.", keys.len()),
                ));
            }
        };
        let mut chain = bags.certificates;
        let own = chain.iter().position(|der| {
            Certificate::from_der(self.name, der)
                .is_ok_and(|certificate| certificate.public.same_key(key.public()))
        });
        match own {
            Some(own) => {
                let own = chain.remove(own);
                chain.insert(0, own);
                Ok((chain, key))
            }
            None => Err(self.error(
                Status::KeyCertMismatch,
                &format!(
                    "holds {} certificates, and none of them belongs to its key.",
                    chain.len()
                ),
            )),
        }
    }

    fn wrong_password(&self) -> Error {
        self.error(
            Status::KeyEncrypted,
            "does not open with its password (client_p12_password; by default the mchid).",
        )
        .hint("WeChat Pay encrypts apiclient_cert.p12 with the merchant number. `openssl pkcs12 -in apiclient_cert.p12 -noout` asks for the password and says whether it fits.")
    }

    fn unsupported(&self) -> Error {
        self.error(
            Status::KeyEncrypted,
            "is encrypted in a way that is not supported; RC2-40, 3DES and PBES2 are.",
        )
        .hint(REWRITE)
    }

    fn malformed(&self) -> Error {
        self.error(
            Status::KeyFormat,
            "is not PKCS#12 in DER, or it is damaged.",
        )
        .hint(REWRITE)
    }

    fn error(&self, status: Status, what: &str) -> Error {
        Error::new(status, format!("{} {what}", self.name))
    }
}

/// The content of a `data`.
fn octets(info: &ContentInfo) -> Option<Vec<u8>> {
    let der = info.content.to_der().ok()?;
    Some(OctetString::from_der(&der).ok()?.into_bytes())
}

const _: () = assert!(
    MAX_ITERATIONS <= i32::MAX as u64,
    "rounds are i32 in RFC 7292"
);
