//! Encrypted PKCS#8 (PBES2, RFC 8018 §6.2). The cost of deriving the key is written in the file,
//! by whoever made the file, so it is read and limited before anything is derived (safety.md S33).

use pkcs8::EncryptedPrivateKeyInfo;

use super::shape::{INTEGER, OCTET_STRING, OID, Shape, Tlv};
use crate::error::{Error, Result, Status};
use crate::secret::Zeroizing;

/// OpenSSL writes 2 048; RFC 8018 §4.2 calls this number appropriate for the most critical keys.
/// The fuzzer looks for hangs of a second, so under it less is run.
pub(super) const MAX_ITERATIONS: u64 = if cfg!(fuzzing) { 10_000 } else { 10_000_000 };

/// OpenSSL writes 16 MiB (N = 16384, r = 8).
const MAX_SCRYPT_MEMORY: u64 = 64 << 20;

/// scrypt does its work once for each lane one after another: memory alone does not limit time.
const MAX_SCRYPT_WORK: u64 = if cfg!(fuzzing) {
    MAX_SCRYPT_MEMORY / 4
} else {
    16 * MAX_SCRYPT_MEMORY
};

/// Contents of OBJECT IDENTIFIERs.
const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13];
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12];
const SCRYPT: &[u8] = &[0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 11];

const REWRITE: &str =
    "Write it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out apiclient_key.pem.";

/// The PKCS#8 DER inside `der`, an EncryptedPrivateKeyInfo. Every failure is KEY_ENCRYPTED.
pub(super) fn open(
    name: &str,
    der: &[u8],
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>> {
    let cost = Cost::of(der);
    cost.check(name)?;
    let passphrase = passphrase
        .filter(|passphrase| !passphrase.is_empty())
        .ok_or_else(|| {
            error(name, "is encrypted, and no passphrase is given.").hint(
                "Set private_key_passphrase, or remove the encryption: openssl pkcs8 -topk8 -nocrypt -in old.pem -out apiclient_key.pem.",
            )
        })?;
    let info = EncryptedPrivateKeyInfo::try_from(der).map_err(|_| unsupported(name))?;
    let mut buffer = Zeroizing::new(info.encrypted_data.to_vec());
    let len = info
        .encryption_algorithm
        .decrypt_in_place(passphrase, &mut buffer)
        .map_err(|reason| match reason {
            pkcs8::pkcs5::Error::EncryptFailed | pkcs8::pkcs5::Error::DecryptFailed => {
                wrong_passphrase(name)
            }
            _ => unsupported(name),
        })?
        .len();
    buffer.truncate(len);
    crate::panic::strike!("with a private key and its passphrase open");
    // One wrong passphrase in 256 leaves valid padding behind.
    match Shape::of(&buffer) {
        Shape::Pkcs8(_) => Ok(buffer),
        _ => Err(wrong_passphrase(name)),
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cost {
    Iterations(u64),
    /// N, r, p.
    Scrypt(u64, u64, u64),
    Unknown,
}

impl Cost {
    fn of(der: &[u8]) -> Cost {
        Cost::read(der).unwrap_or(Cost::Unknown)
    }

    fn read(der: &[u8]) -> Option<Cost> {
        let scheme = Tlv::first(Tlv::first(der)?.0.value)?.0;
        let (oid, params) = Tlv::first(scheme.value)?;
        let kdf = Tlv::first(Tlv::first(params)?.0.value)?.0;
        let (kdf_oid, kdf_params) = Tlv::first(kdf.value)?;
        if oid.tag != OID || oid.value != PBES2 {
            return None;
        }
        let fields = Tlv::all(Tlv::first(kdf_params)?.0.value);
        let number = |index: usize| {
            fields
                .get(index)
                .filter(|field| field.tag == INTEGER)
                .map(|field| unsigned(field.value))
        };
        if fields.first()?.tag != OCTET_STRING {
            return None;
        }
        match kdf_oid.value {
            PBKDF2 => Some(Cost::Iterations(number(1)?)),
            SCRYPT => Some(Cost::Scrypt(number(1)?, number(2)?, number(3)?)),
            _ => None,
        }
    }

    pub(super) fn check(&self, name: &str) -> Result<()> {
        match *self {
            Cost::Iterations(count) if count > MAX_ITERATIONS => Err(error(
                name,
                &format!(
                    "is encrypted with {} PBKDF2 iterations; at most {MAX_ITERATIONS} are run.",
                    spell(count)
                ),
            )
            .hint(REWRITE)),
            Cost::Scrypt(n, r, p) => {
                let memory = n.saturating_mul(r).saturating_mul(128);
                if memory > MAX_SCRYPT_MEMORY {
                    return Err(error(
                        name,
                        &format!(
                            "is encrypted with scrypt over {} bytes of memory; at most {MAX_SCRYPT_MEMORY} are used.",
                            spell(memory)
                        ),
                    )
                    .hint(REWRITE));
                }
                if memory.saturating_mul(p) > MAX_SCRYPT_WORK {
                    return Err(error(
                        name,
                        &format!(
                            "is encrypted with scrypt in {} lanes of {memory} bytes; at most {MAX_SCRYPT_WORK} bytes are worked through.",
                            spell(p)
                        ),
                    )
                    .hint(REWRITE));
                }
                Ok(())
            }
            Cost::Iterations(_) => Ok(()),
            Cost::Unknown => Err(unsupported(name)),
        }
    }
}

/// A DER INTEGER; more than 64 bits, or a minus sign, reads as the largest number.
fn unsigned(value: &[u8]) -> u64 {
    let significant = match value {
        [0, rest @ ..] => rest,
        [0x80..=0xff, ..] => return u64::MAX,
        all => all,
    };
    if significant.len() > 8 {
        return u64::MAX;
    }
    significant
        .iter()
        .fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

fn spell(number: u64) -> String {
    match number {
        u64::MAX => "more than 10^19".to_owned(),
        number => number.to_string(),
    }
}

fn wrong_passphrase(name: &str) -> Error {
    error(name, "does not open with the passphrase given.")
        .hint("Check private_key_passphrase: `openssl pkey -in apiclient_key.pem -noout` asks for it and says whether it fits.")
}

fn unsupported(name: &str) -> Error {
    error(
        name,
        "is encrypted in a way that is not supported; PBES2 with PBKDF2 or scrypt, and AES or 3DES, is.",
    )
    .hint(REWRITE)
}

fn error(name: &str, what: &str) -> Error {
    Error::new(Status::KeyEncrypted, format!("{name} {what}"))
}
