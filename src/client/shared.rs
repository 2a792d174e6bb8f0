//! Clients with an equal whole configuration share one core when `shared` is 1. Equality is over
//! every key, value and file, compared by a hash under a random key of this process, so that no
//! secret is kept for it and nobody can guess his way to another tenant's client (safety.md S5).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

fn registry() -> MutexGuard<'static, Registry> {
    CLIENTS
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

impl Registry {
    fn find(&mut self, identity: &[u8; 32]) -> Option<Arc<Client>> {
        self.uses += 1;
        let kept = self.clients.get_mut(identity)?;
        kept.last_use = self.uses;
        Some(Arc::clone(&kept.client))
    }
}

pub fn find(identity: [u8; 32]) -> Option<Arc<Client>> {
    registry().find(&identity)
}

pub fn find_or(
    identity: [u8; 32],
    make: impl FnOnce() -> Result<Arc<Client>>,
) -> Result<Arc<Client>> {
    let mut registry = registry();
    if let Some(client) = registry.find(&identity) {
        return Ok(client);
    }
    crate::panic::strike!("with the shared clients locked");
    let client = make()?;
    let last_use = registry.uses;
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
