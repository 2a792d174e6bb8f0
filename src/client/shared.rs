//! Clients with an equal whole configuration share one core when `shared` is 1. Equality is over
//! every key, value and file, compared by a hash under a random key of this process, so that no
//! secret is kept for it and nobody can guess his way to another tenant's client (safety.md S5).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use aws_lc_rs::hmac;

use super::Client;
use crate::error::{Result, Status, fail};
use crate::sys::{Stamped, fork_gate};

type Registry = Mutex<HashMap<Vec<u8>, Weak<Client>>>;

/// Stamped: a forked child starts with none, because it might inherit the lock held.
static CLIENTS: Stamped<Registry> = Stamped::new();

pub fn find_or(identity: &[u8], make: impl FnOnce() -> Result<Arc<Client>>) -> Result<Arc<Client>> {
    let digest = digest(identity)?;
    let mut clients = CLIENTS
        .get_or_init(Registry::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(client) = clients.get(&digest).and_then(Weak::upgrade) {
        return Ok(client);
    }
    clients.retain(|_, client| client.strong_count() > 0);
    let client = make()?;
    clients.insert(digest, Arc::downgrade(&client));
    Ok(client)
}

fn digest(identity: &[u8]) -> Result<Vec<u8>> {
    static KEY: OnceLock<Option<hmac::Key>> = OnceLock::new();
    let _inside = fork_gate::enter();
    let key = fork_gate::once(&KEY, || {
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).ok()?;
        Some(hmac::Key::new(hmac::HMAC_SHA256, &random))
    });
    match key {
        Some(key) => Ok(hmac::sign(key, identity).as_ref().to_vec()),
        None => fail(
            Status::SignFailed,
            "The operating system gave no random bytes.",
        ),
    }
}
