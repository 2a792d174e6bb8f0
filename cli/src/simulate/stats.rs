//! What the simulator has seen, for `GET /_sim/stats`: tests ask it how often something really happened.

use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};

#[derive(Default)]
struct Counts {
    connections: u64,
    tls_failures: u64,
    requests: u64,
    hits: BTreeMap<String, u64>,
    actions: BTreeMap<String, u64>,
    nonces: HashSet<String>,
    duplicate_nonces: u64,
    missing_accept: u64,
    missing_user_agent: u64,
    sign_errors: u64,
    forbidden: u64,
}

#[derive(Default)]
pub struct Stats(Mutex<Counts>);

impl Stats {
    fn with(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The number of the connection.
    pub fn connection(&self) -> u64 {
        let mut number = 0;
        self.with(|counts| {
            counts.connections += 1;
            number = counts.connections;
        });
        number
    }

    pub fn tls_failure(&self) {
        self.with(|counts| counts.tls_failures += 1);
    }

    /// A request for the API; those to `/_sim/` are not counted.
    pub fn request(&self, method: &str, path: &str) {
        self.with(|counts| {
            counts.requests += 1;
            *counts.hits.entry(format!("{method} {path}")).or_default() += 1;
        });
    }

    /// A request that was let in and carried out, whatever became of its answer.
    pub fn action(&self, method: &str, path: &str) {
        self.with(|counts| {
            *counts
                .actions
                .entry(format!("{method} {path}"))
                .or_default() += 1
        });
    }

    pub fn forbidden(&self) {
        self.with(|counts| counts.forbidden += 1);
    }

    pub fn basic_rules(&self, accept: bool, user_agent: bool) {
        self.with(|counts| {
            counts.missing_accept += u64::from(!accept);
            counts.missing_user_agent += u64::from(!user_agent);
        });
    }

    pub fn sign_error(&self) {
        self.with(|counts| counts.sign_errors += 1);
    }

    /// WeChat Pay does not refuse a nonce it has seen; a client should still never send one twice.
    pub fn nonce(&self, nonce: String) {
        self.with(|counts| counts.duplicate_nonces += u64::from(!counts.nonces.insert(nonce)));
    }

    pub fn report(&self) -> Value {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        json!({
            "connections": counts.connections,
            "tls_failures": counts.tls_failures,
            "requests": counts.requests,
            "hits": counts.hits,
            "actions": counts.actions,
            "nonces": counts.nonces.len(),
            "duplicate_nonces": counts.duplicate_nonces,
            "missing_accept": counts.missing_accept,
            "missing_user_agent": counts.missing_user_agent,
            "sign_errors": counts.sign_errors,
            "forbidden": counts.forbidden,
        })
    }
}
