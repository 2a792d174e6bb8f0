//! Clients with an equal whole configuration share one core when `shared` is 1. Equality is over
//! every key, value and file, compared by a hash under a random key of this process, so that no
//! secret is kept for it and nobody can guess his way to another tenant's client (safety.md S5).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Client;
use crate::error::Result;
use crate::sys::Stamped;

/// A worker serves a handful of merchants; beyond this the one unused for longest goes.
const MOST: usize = 128;

/// Held strongly: a PHP worker frees its client at the end of each request, and keys, store and
/// warm connections are there for the next one.
#[derive(Default)]
struct Registry {
    clients: HashMap<[u8; 32], Kept>,
    uses: u64,
}

struct Kept {
    client: Arc<Client>,
    last_use: u64,
}

/// Stamped: a forked child starts with none, because it might inherit the lock held.
static CLIENTS: Stamped<Mutex<Registry>> = Stamped::new();

pub fn find_or(
    identity: [u8; 32],
    make: impl FnOnce() -> Result<Arc<Client>>,
) -> Result<Arc<Client>> {
    let mut registry = CLIENTS
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    registry.uses += 1;
    let last_use = registry.uses;
    if let Some(kept) = registry.clients.get_mut(&identity) {
        kept.last_use = last_use;
        return Ok(Arc::clone(&kept.client));
    }
    let client = make()?;
    if registry.clients.len() >= MOST {
        let oldest = registry
            .clients
            .iter()
            .min_by_key(|(_, kept)| kept.last_use)
            .map(|(id, _)| *id);
        oldest.and_then(|id| registry.clients.remove(&id));
    }
    let kept = Kept {
        client: Arc::clone(&client),
        last_use,
    };
    registry.clients.insert(identity, kept);
    Ok(client)
}
