//! What the files of a store hold, file by file, for reports. Reads the same places as the store
//! itself, but keeps the path of everything: the loader's errors about PEM have none.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustls::pki_types::CertificateDer;
use rustls_native_certs::{ErrorKind, load_certs_from_paths};

use super::trust::{ADDED_BY_HAND, BUNDLES, DIRECTORIES, TrustSettings};
use crate::crypto::digest::sha256;
use crate::http::headers::readable;
use crate::trust::facts::Facts;

/// One place that was looked at.
pub struct Place {
    pub path: String,
    /// `file`, `directory`, `missing` or `unreadable`.
    pub kind: &'static str,
    /// It is part of the store; false for a bundle that another one came before.
    pub read: bool,
    /// In a directory: those that hold a certificate.
    pub files: usize,
    pub certificates: usize,
    pub size: u64,
    pub modified: Option<SystemTime>,
}

/// One certificate and the files it stands in.
pub struct Entry {
    pub der: Vec<u8>,
    pub sha256: [u8; 32],
    pub found_in: Vec<String>,
    pub in_bundle: bool,
    pub in_directory: bool,
    /// In a directory of certificates that were added on this machine.
    pub added_by_hand: bool,
}

/// Everything that was found.
#[derive(Default)]
pub struct Inventory {
    pub places: Vec<Place>,
    pub entries: Vec<Entry>,
    /// Path and what is wrong with it.
    pub errors: Vec<(String, String)>,
}

pub fn take(settings: &TrustSettings) -> Inventory {
    let mut inventory = Inventory::default();
    let mut known = HashMap::new();
    let places = settings.places();
    if let Some(file) = &places.file {
        inventory.file(file, true, &mut known);
    }
    for dir in &places.dirs {
        inventory.directory(dir, places.file.as_deref(), &mut known);
    }
    #[cfg(any(windows, target_os = "macos"))]
    if !places.named {
        inventory.without_files(settings, &mut known);
    }
    if !places.named {
        for path in BUNDLES.iter().chain(DIRECTORIES).map(Path::new) {
            let shown = readable(&path.to_string_lossy());
            if inventory.places.iter().all(|place| place.path != shown) {
                inventory.not_read(path, shown);
            }
        }
        inventory.mark_added(&known);
    }
    inventory
}

impl Inventory {
    fn file(&mut self, path: &Path, is_bundle: bool, known: &mut HashMap<[u8; 32], usize>) {
        let metadata = std::fs::metadata(path);
        // A FIFO would be waited for.
        let is_regular = metadata.as_ref().is_ok_and(std::fs::Metadata::is_file);
        let taken = if is_regular {
            self.certificates(path, is_bundle, known)
        } else {
            let what = match &metadata {
                Ok(_) => "is not a regular file".to_owned(),
                Err(error) => error.to_string(),
            };
            self.errors.push((readable(&path.to_string_lossy()), what));
            0
        };
        self.places.push(Place {
            path: readable(&path.to_string_lossy()),
            kind: match &metadata {
                Ok(_) if is_regular && std::fs::File::open(path).is_ok() => "file",
                Ok(_) => "unreadable",
                Err(_) => "missing",
            },
            read: true,
            files: usize::from(taken > 0),
            certificates: taken,
            size: metadata.as_ref().map_or(0, std::fs::Metadata::len),
            modified: metadata.ok().and_then(|metadata| metadata.modified().ok()),
        });
    }

    /// `bundle` often lies in the directory too and is not counted again.
    fn directory(
        &mut self,
        dir: &Path,
        bundle: Option<&Path>,
        known: &mut HashMap<[u8; 32], usize>,
    ) {
        let shown = readable(&dir.to_string_lossy());
        let metadata = std::fs::metadata(dir);
        let mut place = Place {
            path: shown,
            kind: "directory",
            read: true,
            files: 0,
            certificates: 0,
            size: 0,
            modified: metadata.as_ref().ok().and_then(|one| one.modified().ok()),
        };
        match std::fs::read_dir(dir) {
            Ok(entries) => {
                let mut paths: Vec<PathBuf> = entries.flatten().map(|one| one.path()).collect();
                paths.sort_unstable();
                for path in paths
                    .iter()
                    .filter(|path| path.is_file() && Some(path.as_path()) != bundle)
                {
                    let taken = self.certificates(path, false, known);
                    place.files += usize::from(taken > 0);
                    place.certificates += taken;
                    place.size += std::fs::metadata(path).map_or(0, |one| one.len());
                }
            }
            Err(error) => {
                place.kind = if metadata.is_err() {
                    "missing"
                } else {
                    "unreadable"
                };
                self.errors.push((place.path.clone(), error.to_string()));
            }
        }
        self.places.push(place);
    }

    /// How many certificates one file holds.
    fn certificates(
        &mut self,
        path: &Path,
        is_bundle: bool,
        known: &mut HashMap<[u8; 32], usize>,
    ) -> usize {
        let shown = readable(&path.to_string_lossy());
        let result = load_certs_from_paths(Some(path), None);
        for error in &result.errors {
            self.errors
                .push((shown.clone(), readable(&said(&error.kind))));
        }
        let taken = result.certs.len();
        if taken == 0 && result.errors.is_empty() && is_der(path) {
            self.errors.push((
                shown.clone(),
                "a certificate in DER, which is not used: it must be PEM".to_owned(),
            ));
        }
        self.add(&shown, is_bundle, result.certs, known);
        taken
    }

    fn add(
        &mut self,
        shown: &str,
        is_bundle: bool,
        ders: Vec<CertificateDer<'static>>,
        known: &mut HashMap<[u8; 32], usize>,
    ) {
        for der in ders {
            let fingerprint = sha256(&der);
            let at = *known.entry(fingerprint).or_insert_with(|| {
                self.entries.push(Entry {
                    der: der.to_vec(),
                    sha256: fingerprint,
                    found_in: Vec::new(),
                    in_bundle: false,
                    in_directory: false,
                    added_by_hand: false,
                });
                self.entries.len() - 1
            });
            let entry = &mut self.entries[at];
            entry.in_bundle |= is_bundle;
            entry.in_directory |= !is_bundle;
            if entry.found_in.len() < MOST_PATHS && entry.found_in.iter().all(|one| one != shown) {
                entry.found_in.push(shown.to_owned());
            }
        }
    }

    /// A system whose store is no file.
    #[cfg(any(windows, target_os = "macos"))]
    fn without_files(&mut self, settings: &TrustSettings, known: &mut HashMap<[u8; 32], usize>) {
        const PLACE: &str = "the system's certificate store";
        let (ders, errors) = super::store::read(settings);
        let count = ders.len();
        self.errors
            .extend(errors.into_iter().map(|error| (PLACE.to_owned(), error)));
        self.add(PLACE, true, ders, known);
        self.places.push(Place {
            path: PLACE.to_owned(),
            kind: "directory",
            read: true,
            files: 0,
            certificates: count,
            size: 0,
            modified: None,
        });
    }

    fn not_read(&mut self, path: &Path, shown: String) {
        let metadata = std::fs::metadata(path);
        self.places.push(Place {
            path: shown,
            kind: match &metadata {
                Ok(one) if one.is_dir() => "directory",
                Ok(_) => "file",
                Err(_) => "missing",
            },
            read: false,
            files: 0,
            certificates: 0,
            size: metadata.as_ref().map_or(0, std::fs::Metadata::len),
            modified: metadata.ok().and_then(|metadata| metadata.modified().ok()),
        });
    }

    /// Whoever adds a root to a system puts it into one of these directories first.
    fn mark_added(&mut self, known: &HashMap<[u8; 32], usize>) {
        for dir in ADDED_BY_HAND {
            for path in std::fs::read_dir(dir).into_iter().flatten().flatten() {
                let path = path.path();
                if !path.is_file() {
                    continue;
                }
                for der in load_certs_from_paths(Some(&path), None).certs {
                    if let Some(at) = known.get(&sha256(&der)) {
                        self.entries[*at].added_by_hand = true;
                    }
                }
            }
        }
    }
}

/// Debian's directory has each root twice, under its name and under its hash.
const MOST_PATHS: usize = 4;

/// The loader passes such a file over without a word.
fn is_der(path: &Path) -> bool {
    use std::io::Read;
    let mut start = Vec::new();
    let Ok(file) = std::fs::File::open(path) else {
        return false;
    };
    let read = file.take(MOST_DER).read_to_end(&mut start);
    read.is_ok() && start.starts_with(&[0x30]) && Facts::of(&start).is_some()
}

/// More than any certificate has.
const MOST_DER: u64 = 64 * 1024;

fn said(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::Io { inner, .. } => inner.to_string(),
        ErrorKind::Pem(error) => error.to_string(),
        ErrorKind::Os(error) => error.to_string(),
        _ => "cannot be read".to_owned(),
    }
}
