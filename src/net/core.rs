//! What the connections of one transport share: settings, trust store, TLS configuration and
//! counters. Holds no connection.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;
use rustls::ClientConfig;

use super::settings::{Bind, Settings};
use super::store::{Snapshot, Store};
use super::tls;
use crate::error::Result;
use crate::sys::Stamped;
use crate::time::clock;

pub(super) struct Core {
    pub settings: Settings,
    pub store: Arc<Store>,
    pub counters: Counters,
    /// A ClientConfig holds a session cache and, with a client certificate, an AWS-LC key: both
    /// lock, so a child makes its own (design.md §8). The roots it is made of are kept.
    tls: Stamped<Live>,
}

#[derive(Default)]
struct Live {
    present: ArcSwapOption<Tls>,
    making: Mutex<()>,
}

/// The TLS configuration over one snapshot.
pub(super) struct Tls {
    /// The snapshot's.
    pub id: u64,
    pub config: Arc<ClientConfig>,
    /// For an https proxy: the same roots, never the merchant's client certificate.
    pub to_proxy: Option<Arc<ClientConfig>>,
}

#[derive(Default)]
pub(super) struct Counters {
    pub requests: AtomicU64,
    pub connections: AtomicU64,
    pub reused: AtomicU64,
    pub connect_retries: AtomicU64,
}

pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Core {
    pub fn new(settings: Settings) -> Core {
        Core {
            store: Store::shared(&settings.trust),
            settings,
            counters: Counters::default(),
            tls: Stamped::new(),
        }
    }

    /// The configuration to use for a request now; NO_TRUST_ROOTS.
    pub fn tls(&self) -> Result<Arc<Tls>> {
        let snapshot = self.store.current(self.settings.trust.reload)?;
        self.tls_over(&snapshot)
    }

    /// After a certificate failure with `used`: another configuration, when the store has changed.
    pub fn tls_after_failure(&self, used: u64) -> Option<Arc<Tls>> {
        let snapshot = self.store.after_failure(used)?;
        self.tls_over(&snapshot).ok()
    }

    fn tls_over(&self, snapshot: &Snapshot) -> Result<Arc<Tls>> {
        let live = self.tls.get_or_init(Live::default);
        if let Some(present) = live.present.load_full().filter(|tls| tls.id == snapshot.id) {
            return Ok(present);
        }
        // One thread makes it; the others would only waste the work.
        let _one = live.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(present) = live.present.load_full().filter(|tls| tls.id == snapshot.id) {
            return Ok(present);
        }
        crate::panic::strike!("while the TLS configuration is made");
        let config = tls::client_config(&snapshot.roots, self.settings.client_auth.as_ref())?;
        let to_proxy = match &self.settings.proxy {
            Some(proxy) if proxy.https => {
                Some(Arc::new(tls::client_config(&snapshot.roots, None)?))
            }
            _ => None,
        };
        let tls = Arc::new(Tls {
            id: snapshot.id,
            config: Arc::new(config),
            to_proxy,
        });
        live.present.store(Some(Arc::clone(&tls)));
        Ok(tls)
    }

    /// The binding of `host` that has not expired (S32).
    pub fn bind(&self, host: &str) -> Option<&Bind> {
        let bind = self.settings.bind.get(host)?;
        (!bind.is_over(clock().seconds)).then_some(bind)
    }

    /// The proxy for `host`, unless no_proxy excludes it.
    pub fn proxy(&self, host: &str, port: u16) -> Option<&super::proxy::Proxy> {
        self.settings
            .proxy
            .as_ref()
            .filter(|_| !self.settings.no_proxy.matches(host, port))
    }
}
