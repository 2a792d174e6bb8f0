//! The transports of this process by their settings (safety.md S5). Holds none of them alive; a
//! child does not find its parent's here and makes its own.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::settings::Settings;
use super::transport::Transport;
use crate::sys::Stamped;

#[derive(Default)]
struct Shared {
    /// Keyed: a hash over secrets must mean nothing outside this process.
    hasher: RandomState,
    transports: HashMap<u64, Vec<Weak<Transport>>>,
    sweep_at: usize,
}

static REGISTRY: Stamped<Mutex<Shared>> = Stamped::new();

/// The transport of exactly these settings, made by `make` when there is none.
pub(super) fn shared(
    settings: Settings,
    make: impl FnOnce(Settings) -> Transport,
) -> Arc<Transport> {
    let registry = REGISTRY.get_or_init(Mutex::default);
    let mut shared = registry.lock().unwrap_or_else(PoisonError::into_inner);
    crate::panic::strike!("with the transports locked");
    let key = shared.hasher.hash_one(&settings);
    let known = shared
        .transports
        .get(&key)
        .into_iter()
        .flatten()
        .filter_map(Weak::upgrade)
        // The hash only finds candidates.
        .find(|transport| *transport.settings() == settings);
    if let Some(transport) = known {
        return transport;
    }
    if shared.transports.len() >= shared.sweep_at {
        shared.transports.retain(|_, same| {
            same.retain(|transport| transport.strong_count() > 0);
            !same.is_empty()
        });
        shared.sweep_at = shared.transports.len() * 2 + 16;
    }
    let transport = Arc::new(make(settings));
    let same = shared.transports.entry(key).or_default();
    // A host that makes and frees one client after the other would leave one here each time.
    same.retain(|transport| transport.strong_count() > 0);
    same.push(Arc::downgrade(&transport));
    transport
}

#[cfg(test)]
pub(super) fn known(settings: &Settings) -> usize {
    let registry = REGISTRY.get_or_init(Mutex::default);
    let shared = registry.lock().unwrap_or_else(PoisonError::into_inner);
    let key = shared.hasher.hash_one(settings);
    shared.transports.get(&key).map_or(0, Vec::len)
}
