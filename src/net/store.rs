//! The trust store as this process holds it: read through rustls-native-certs, kept as an
//! immutable snapshot, looked at again when its files change (trust.md §2.2). One a process for
//! each set of roots, shared by all transports that ask for the same.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant, SystemTime};

use arc_swap::ArcSwapOption;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;

use super::stamp::Stamp;
use super::trust::TrustSettings;
use crate::crypto::digest::{hex, sha256};
use crate::error::{Cause, Diagnosis, Error, Outcome, Result, Status};
use crate::http::headers::readable;
use crate::sys::Stamped;
use crate::trust::anchor::{self, Verdict};

/// Where a system has no files to look at (Windows, macOS) or a change cannot be seen, a snapshot
/// older than this is read again on a certificate failure.
const FORCED_AFTER: Duration = Duration::from_secs(600);

/// The usable roots of one moment.
pub(super) struct Snapshot {
    /// Differs whenever the roots do.
    pub id: u64,
    pub roots: Arc<RootCertStore>,
    /// SHA-256 of each root's certificate, in the order of `roots`.
    pub fingerprints: Vec<[u8; 32]>,
    /// Name and reason of each certificate that may not be a root (S7).
    pub not_a_ca: Vec<String>,
    /// Certificates that cannot be read.
    pub ignored: usize,
    pub loaded_at: SystemTime,
    read: Instant,
    stamp: Stamp,
}

pub(super) struct Store {
    settings: TrustSettings,
    snapshot: ArcSwapOption<Snapshot>,
    check: Stamped<Mutex<Check>>,
    loads: AtomicU64,
    reloads: AtomicU64,
}

#[derive(Default)]
struct Check {
    at: Option<Instant>,
    forced: Option<Instant>,
    /// A changed store that was empty or unreadable: not read again until it changes again.
    refused: Option<Stamp>,
}

type Registry = Mutex<HashMap<TrustSettings, Weak<Store>>>;
static REGISTRY: Stamped<Registry> = Stamped::new();
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

impl Snapshot {
    pub fn has(&self, sha256: &str) -> bool {
        self.fingerprints.iter().any(|one| hex(one) == sha256)
    }
}

impl Store {
    /// Reads nothing yet.
    pub fn shared(settings: &TrustSettings) -> Arc<Store> {
        let mut key = settings.clone();
        // How often to look is each transport's own affair.
        key.reload = Duration::ZERO;
        // Nor do the roots depend on why the environment names none.
        key.env_ignored = false;
        let mut registry = lock(REGISTRY.get_or_init(Registry::default));
        if let Some(store) = registry.get(&key).and_then(Weak::upgrade) {
            return store;
        }
        registry.retain(|_, store| store.strong_count() > 0);
        let store = Arc::new(Store {
            settings: key.clone(),
            snapshot: ArcSwapOption::empty(),
            check: Stamped::new(),
            loads: AtomicU64::new(0),
            reloads: AtomicU64::new(0),
        });
        registry.insert(key, Arc::downgrade(&store));
        store
    }

    /// What is in use, without reading anything.
    pub fn present(&self) -> Option<Arc<Snapshot>> {
        self.snapshot.load_full()
    }

    pub fn loads(&self) -> u64 {
        self.loads.load(Ordering::Relaxed)
    }

    pub fn reloads(&self) -> u64 {
        self.reloads.load(Ordering::Relaxed)
    }

    /// The snapshot to use for a request: loaded at first use, its files looked at when the last
    /// look is older than `reload`. NO_TRUST_ROOTS when there never was a usable one.
    pub fn current(&self, reload: Duration) -> Result<Arc<Snapshot>> {
        if let Some(snapshot) = self.present() {
            // While one thread reads, the others go on with what there is.
            let Ok(mut check) = self.check().try_lock() else {
                return Ok(snapshot);
            };
            if check.at.is_some_and(|at| at.elapsed() < reload) {
                return Ok(snapshot);
            }
            check.at = Some(Instant::now());
            return Ok(self
                .reload_if_changed(&mut check, &snapshot)
                .unwrap_or(snapshot));
        }
        let mut check = lock(self.check());
        if let Some(snapshot) = self.present() {
            return Ok(snapshot);
        }
        check.at = Some(Instant::now());
        crate::panic::strike!("while the store is read");
        let snapshot = Arc::new(self.load()?);
        self.snapshot.store(Some(Arc::clone(&snapshot)));
        Ok(snapshot)
    }

    /// Looks at the files now, whatever the interval.
    pub fn refresh(&self) -> Result<Arc<Snapshot>> {
        self.current(Duration::ZERO)
    }

    /// After a certificate failure with the snapshot `used`: another one, if there is one.
    pub fn after_failure(&self, used: u64) -> Option<Arc<Snapshot>> {
        let mut check = lock(self.check());
        let present = self.present()?;
        if present.id != used {
            return Some(present);
        }
        check.at = Some(Instant::now());
        if let Some(reloaded) = self.reload_if_changed(&mut check, &present) {
            return Some(reloaded);
        }
        let old = |at: Instant| at.elapsed() >= FORCED_AFTER;
        if old(present.read) && check.forced.is_none_or(old) {
            check.forced = Some(Instant::now());
            return self.replace(&mut check, &present);
        }
        None
    }

    fn check(&self) -> &Mutex<Check> {
        self.check.get_or_init(Mutex::default)
    }

    fn reload_if_changed(&self, check: &mut Check, old: &Snapshot) -> Option<Arc<Snapshot>> {
        let stamp = Stamp::of(&self.settings);
        if stamp == old.stamp || check.refused.as_ref() == Some(&stamp) {
            return None;
        }
        self.replace(check, old)
    }

    /// Reads the store again; a broken or empty one leaves the old snapshot in use.
    fn replace(&self, check: &mut Check, old: &Snapshot) -> Option<Arc<Snapshot>> {
        let mut fresh = match self.load() {
            Ok(fresh) => fresh,
            Err(_) => {
                check.refused = Some(Stamp::of(&self.settings));
                return None;
            }
        };
        check.refused = None;
        let changed = fresh.fingerprints != old.fingerprints;
        if !changed {
            // The same roots in touched files: connections and sessions stay.
            fresh.id = old.id;
        } else {
            self.reloads.fetch_add(1, Ordering::Relaxed);
        }
        let fresh = Arc::new(fresh);
        self.snapshot.store(Some(Arc::clone(&fresh)));
        changed.then_some(fresh)
    }

    fn load(&self) -> Result<Snapshot> {
        self.loads.fetch_add(1, Ordering::Relaxed);
        // Before reading: a change in between is seen as one next time.
        let stamp = Stamp::of(&self.settings);
        let (mut certificates, errors) = read(&self.settings);
        certificates.extend(
            self.settings
                .extra_ca
                .iter()
                .map(|der| CertificateDer::from(der.clone())),
        );
        certificates.sort_unstable_by(|one, other| one.as_ref().cmp(other.as_ref()));
        certificates.dedup();
        let mut roots = RootCertStore::empty();
        let mut not_a_ca = Vec::new();
        let mut ignored = 0;
        let mut fingerprints = Vec::new();
        for certificate in certificates {
            match anchor::may_be_anchor(&certificate) {
                Verdict::Usable => {
                    let fingerprint = sha256(&certificate);
                    if roots.add(certificate).is_ok() {
                        fingerprints.push(fingerprint);
                    } else {
                        ignored += 1;
                    }
                }
                Verdict::NotACa { name, why } => not_a_ca.push(format!("{name}: {why}")),
                Verdict::Unreadable => ignored += 1,
            }
        }
        if roots.is_empty() {
            return Err(no_roots(&self.settings, &errors, &not_a_ca, ignored));
        }
        Ok(Snapshot {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            roots: Arc::new(roots),
            not_a_ca,
            ignored,
            loaded_at: SystemTime::now(),
            read: Instant::now(),
            fingerprints,
            stamp,
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Never `load_native_certs` where files can be named: it would read the environment again (S6).
pub(super) fn read(settings: &TrustSettings) -> (Vec<CertificateDer<'static>>, Vec<String>) {
    let places = settings.places();
    let mut certificates = Vec::new();
    let mut errors = Vec::new();
    // A FIFO or a device would be waited for, or never end.
    let odd = |path: &std::path::Path| std::fs::metadata(path).is_ok_and(|one| !one.is_file());
    if let Some(file) = places.file.as_deref().filter(|file| odd(file)) {
        let path = readable(&file.to_string_lossy());
        errors.push(format!("{path} is not a regular file"));
        return (certificates, errors);
    }
    let mut take = |result: rustls_native_certs::CertificateResult| {
        certificates.extend(result.certs);
        errors.extend(result.errors.iter().map(ToString::to_string));
    };
    if let Some(file) = &places.file {
        take(rustls_native_certs::load_certs_from_paths(Some(file), None));
    }
    for dir in &places.dirs {
        take(rustls_native_certs::load_certs_from_paths(None, Some(dir)));
    }
    #[cfg(any(windows, target_os = "macos"))]
    if !places.named {
        // The only way to the system's store here looks at the environment first. A variable
        // that this client did not see when it was made must not decide.
        let set = |name| std::env::var_os(name).is_some();
        if set("SSL_CERT_FILE") || set("SSL_CERT_DIR") {
            errors.push(
                "SSL_CERT_FILE or SSL_CERT_DIR is set but not trusted by this client; unset it"
                    .to_owned(),
            );
        } else {
            take(rustls_native_certs::load_native_certs());
        }
    }
    (certificates, errors)
}

fn no_roots(
    settings: &TrustSettings,
    errors: &[String],
    not_a_ca: &[String],
    ignored: usize,
) -> Error {
    let mut message = format!(
        "No trusted root certificate was found. Looked at: {}. {}.",
        settings.looked_at(),
        settings.environment()
    );
    if let Some(first) = not_a_ca.first() {
        message += &format!(
            " {} certificate(s) are there but may not be a root; the first: {first}.",
            not_a_ca.len()
        );
    }
    if ignored > 0 {
        message += &format!(" {ignored} certificate(s) cannot be read.");
    }
    if let Some(first) = errors.first() {
        message += &format!(" {} reading error(s); the first: {first}.", errors.len());
    }
    let install = settings.advice().install();
    let hint = if settings.places().named {
        format!(
            "SSL_CERT_FILE or SSL_CERT_DIR replaces the system's store in this process: unset it, or let it name a bundle of CA certificates. {install}"
        )
    } else {
        install
    };
    let mut error = Error::new(Status::NoTrustRoots, message)
        .hint(hint.clone())
        .outcome(Outcome::NotSent)
        .diagnosed(Diagnosis::new(Cause::NoTrustRoots, "the trust store is empty").cure(hint));
    error.fields_mut().retryable = true;
    error
}
