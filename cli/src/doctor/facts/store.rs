//! A file or directory of roots, as some runtime reads it: how many, and which of those that matter are among them, by
//! fingerprint (a name can be given to any certificate). Never an anchor here.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};
use wxpay::trust::known;

use super::{jks, pkcs12};

/// Far more than any bundle; a text with all details of Mozilla's has 1 MB.
const MOST_BYTES: u64 = 16 << 20;
/// Files of one directory.
const MOST_FILES: usize = 4096;

/// The system's own stores: a setting that names one of them pins nothing.
const SYSTEMS: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/certs",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/tls/certs",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/ssl/cert.pem",
    "/etc/ssl/certs/java/cacerts",
    "/etc/pki/java/cacerts",
    "/etc/pki/ca-trust/extracted/java/cacerts",
];

/// What a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Pem,
    Jks,
    Pkcs12,
    Directory,
    /// Inside a program.
    BuiltIn,
    /// The runtime takes the system's, wherever that is.
    System,
    /// Of no format that is known.
    Unknown,
    Missing,
    Unreadable,
}

impl Format {
    pub fn name(self) -> &'static str {
        match self {
            Format::Pem => "pem",
            Format::Jks => "jks",
            Format::Pkcs12 => "pkcs12",
            Format::Directory => "directory",
            Format::BuiltIn => "built-in",
            Format::System => "system",
            Format::Unknown => "unknown",
            Format::Missing => "missing",
            Format::Unreadable => "unreadable",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Store {
    pub path: String,
    pub format: Format,
    pub certificates: usize,
    /// Ids of `wxpay::trust::known`.
    pub known: Vec<&'static str>,
    /// Its certificates are encrypted, so nothing is known about it.
    pub opaque: bool,
    /// It is the system's own, by whatever path.
    pub is_system: bool,
    pub error: Option<String>,
}

impl Store {
    fn new(path: &Path, format: Format) -> Store {
        Store {
            path: path.to_string_lossy().into_owned(),
            format,
            certificates: 0,
            known: Vec::new(),
            opaque: false,
            is_system: is_system(path),
            error: None,
        }
    }

    pub fn has(&self, id: &str) -> bool {
        self.known.contains(&id)
    }

    /// Whether what it holds could be seen.
    pub fn was_read(&self) -> bool {
        !self.opaque
            && !matches!(
                self.format,
                Format::System | Format::Unknown | Format::Missing | Format::Unreadable
            )
    }

    /// PEM, JKS or PKCS#12, told apart by the first bytes.
    pub fn file(path: &Path) -> Store {
        match read(path) {
            Ok(bytes) => Store::of_bytes(path, &bytes),
            Err((format, error)) => Store {
                error: Some(error),
                ..Store::new(path, format)
            },
        }
    }

    /// Every regular file in it, as OpenSSL's directories are read (links with hashed names lead to the same files).
    pub fn directory(path: &Path) -> Store {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => {
                return Store {
                    error: Some(error.to_string()),
                    ..Store::new(path, absent(&error))
                };
            }
        };
        let mut store = Store::new(path, Format::Directory);
        let mut seen = std::collections::BTreeSet::new();
        for entry in entries.flatten().take(MOST_FILES) {
            if let Ok(bytes) = read(&entry.path()) {
                seen.extend(pem(&bytes));
            }
        }
        store.take(&seen.into_iter().collect::<Vec<_>>());
        store
    }

    /// PEM blocks that a runtime handed over.
    pub fn built_in(name: &str, text: &str) -> Store {
        let mut store = Store::new(Path::new(name), Format::BuiltIn);
        store.is_system = false;
        store.take(&pem(text.as_bytes()));
        store
    }

    /// Taken from the system by the runtime itself.
    pub fn systems(name: &str) -> Store {
        Store {
            is_system: true,
            ..Store::new(Path::new(name), Format::System)
        }
    }

    /// Adds what another store holds, for runtimes that read both.
    pub fn join(&mut self, other: &Store) {
        self.certificates += other.certificates;
        for id in &other.known {
            if !self.has(id) {
                self.known.push(id);
            }
        }
    }

    fn of_bytes(path: &Path, bytes: &[u8]) -> Store {
        let (format, certificates) = if jks::is_jks(bytes) {
            (Format::Jks, jks::certificates(bytes))
        } else if bytes.starts_with(&[0x30]) {
            (Format::Pkcs12, pkcs12::certificates(bytes))
        } else {
            (Format::Pem, Some(pem(bytes)))
        };
        let mut store = Store::new(path, format);
        match certificates {
            Some(found) if format == Format::Pkcs12 && found.is_empty() => store.opaque = true,
            Some(found) => {
                store.take(&found);
                let says_pem = bytes.windows(11).any(|part| part == b"-----BEGIN ");
                if format == Format::Pem && found.is_empty() && !bytes.is_empty() && !says_pem {
                    store.format = Format::Unknown;
                }
            }
            None => store.error = Some("it is cut or damaged".to_owned()),
        }
        store
    }

    fn take(&mut self, certificates: &[Vec<u8>]) {
        self.certificates = certificates.len();
        for der in certificates {
            let digest = Sha256::digest(der);
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            if let Some(root) = known::by_sha256(&hex)
                && !self.has(root.id)
            {
                self.known.push(root.id);
            }
        }
    }
}

/// Broken blocks are passed over, as most runtimes do.
fn pem(bytes: &[u8]) -> Vec<Vec<u8>> {
    CertificateDer::pem_slice_iter(bytes)
        .flatten()
        .map(|der| der.to_vec())
        .collect()
}

fn absent(error: &std::io::Error) -> Format {
    if error.kind() == std::io::ErrorKind::NotFound {
        Format::Missing
    } else {
        Format::Unreadable
    }
}

/// Regular files only: opening a pipe would wait for its writer.
pub fn read(path: &Path) -> Result<Vec<u8>, (Format, String)> {
    let failed = |error: std::io::Error| (absent(&error), error.to_string());
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err((Format::Unreadable, "it is not a regular file".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err((
            Format::Unreadable,
            format!("it has more than {} MiB", MOST_BYTES >> 20),
        ));
    }
    Ok(bytes)
}

fn is_system(path: &Path) -> bool {
    let Ok(real) = path.canonicalize() else {
        return false;
    };
    SYSTEMS.iter().any(|one| {
        PathBuf::from(one)
            .canonicalize()
            .is_ok_and(|system| system == real)
    })
}
