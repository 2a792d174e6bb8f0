//! The trust store as a report sees it: what the files hold, and what this process has in use.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::inventory::{self, Inventory};
use super::store::Store;
use super::transport::Transport;
use super::trust::{BUNDLES, DIRECTORIES, TrustSettings};
use crate::error::Error;
use crate::http::headers::readable;
use crate::trust::advice::Advice;

/// Reads the store, as a request would if it were due.
pub struct TrustView {
    /// Values of the environment as the client saw them; foreign text, escaped.
    pub ssl_cert_file: Option<String>,
    pub ssl_cert_dir: Option<String>,
    pub env_ignored: bool,
    /// The environment names something that is not the system's own store.
    pub is_private: bool,
    pub advice: Advice,
    pub inventory: Inventory,
    pub extra_ca: Vec<Vec<u8>>,
    /// SHA-256 of the roots in use.
    pub in_use: Vec<[u8; 32]>,
    pub loads: u64,
    pub reloads: u64,
    pub loaded_at: Option<SystemTime>,
    /// NO_TRUST_ROOTS: there never was a usable root.
    pub failure: Option<Error>,
}

impl Transport {
    pub fn trust_view(&self) -> TrustView {
        of_store(&self.core().store, &self.settings().trust)
    }
}

/// Without a client: what one that is made now would trust.
pub fn trust_view(settings: &TrustSettings) -> TrustView {
    of_store(&Store::shared(settings), settings)
}

fn of_store(store: &Arc<Store>, settings: &TrustSettings) -> TrustView {
    let current = store.current(Duration::ZERO);
    let shown = |value: &Option<std::ffi::OsString>| {
        value
            .as_ref()
            .map(|value| readable(&value.to_string_lossy()))
    };
    let (failure, snapshot) = match current {
        Ok(snapshot) => (None, Some(snapshot)),
        Err(error) => (Some(error), None),
    };
    TrustView {
        ssl_cert_file: shown(&settings.cert_file),
        ssl_cert_dir: shown(&settings.cert_dir),
        env_ignored: settings.env_ignored,
        is_private: is_private(settings),
        advice: settings.advice(),
        inventory: inventory::take(settings),
        extra_ca: settings.extra_ca.clone(),
        in_use: snapshot
            .as_ref()
            .map(|snapshot| snapshot.fingerprints.clone())
            .unwrap_or_default(),
        loads: store.loads(),
        reloads: store.reloads(),
        loaded_at: snapshot.map(|snapshot| snapshot.loaded_at),
        failure,
    }
}

/// Many images set the variables to the system's own bundle: that pins nothing.
fn is_private(settings: &TrustSettings) -> bool {
    let places = settings.places();
    if !places.named {
        return false;
    }
    let real = |path: &Path| path.canonicalize().ok();
    let systems: Vec<_> = BUNDLES
        .iter()
        .chain(DIRECTORIES)
        .filter_map(|path| real(Path::new(path)))
        .collect();
    places
        .file
        .iter()
        .chain(&places.dirs)
        .any(|path| real(path).is_none_or(|path| !systems.contains(&path)))
}
