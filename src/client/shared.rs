//! Clients with an equal whole configuration share one core when `shared` is 1. Equality is over
//! every key, value and file, compared by a hash under a random key of this process, so that no
//! secret is kept for it and nobody can guess his way to another tenant's client (safety.md S5).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::Client;
use crate::error::Result;
use crate::sys::Stamped;

type Registry = Mutex<HashMap<[u8; 32], Weak<Client>>>;

/// Stamped: a forked child starts with none, because it might inherit the lock held.
static CLIENTS: Stamped<Registry> = Stamped::new();

pub fn find_or(
    identity: [u8; 32],
    make: impl FnOnce() -> Result<Arc<Client>>,
) -> Result<Arc<Client>> {
    let mut clients = CLIENTS
        .get_or_init(Registry::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(client) = clients.get(&identity).and_then(Weak::upgrade) {
        return Ok(client);
    }
    clients.retain(|_, client| client.strong_count() > 0);
    let client = make()?;
    clients.insert(identity, Arc::downgrade(&client));
    Ok(client)
}
