//! Everything that distinguishes one transport from another (safety.md S5): two clients with
//! equal settings share connections, with any difference they share none.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use super::no_proxy::NoProxy;
use super::proxy::Proxy;
use super::tls::ClientAuth;
use super::trust::TrustSettings;
use crate::http::Origin;
use crate::time::clock;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    pub trust: TrustSettings,
    pub client_auth: Option<ClientAuth>,
    pub proxy: Option<Proxy>,
    pub no_proxy: NoProxy,
    /// Lower-case host to address: the guideline's test without touching the hosts file.
    pub bind: BTreeMap<String, Bind>,
    /// Part of the identity only; requests carry their own URL.
    pub base_origin: Origin,
    /// The same.
    pub backup_origin: Option<Origin>,
    /// DNS, TCP, proxy and TLS together.
    pub connect_timeout: Duration,
    /// An idle connection older than this is not used again. WeChat Pay closes at 8 s.
    pub idle_timeout: Duration,
    /// In all and for one host.
    pub max_idle_connections: usize,
    /// For CONNECT only; requests carry their own.
    pub user_agent: String,
}

/// Where a host is reached instead of what DNS says, until it expires (S32).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bind {
    pub ip: IpAddr,
    pub port: Option<u16>,
    /// Unix seconds; from then on normal DNS is used again, on open connections too.
    pub expires_at: Option<i64>,
}

impl Bind {
    pub fn is_over(&self, now: i64) -> bool {
        self.expires_at.is_some_and(|at| now >= at)
    }
}

/// `ip` or `ip:port`.
impl std::fmt::Display for Bind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}", std::net::SocketAddr::new(self.ip, port)),
            None => write!(f, "{}", self.ip),
        }
    }
}

impl Settings {
    /// The defaults of design.md §5 for this origin: the system's store, no proxy.
    pub fn new(base_origin: Origin) -> Settings {
        Settings {
            trust: TrustSettings::default(),
            client_auth: None,
            proxy: None,
            no_proxy: NoProxy::default(),
            bind: BTreeMap::new(),
            base_origin,
            backup_origin: None,
            connect_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(5),
            max_idle_connections: 64,
            user_agent: String::new(),
        }
    }

    /// The bindings that have not ended, for reports: every one of them says so (S32).
    pub fn bindings(&self) -> impl Iterator<Item = (&str, &Bind)> {
        let now = clock().seconds;
        self.bind
            .iter()
            .filter(move |(_, bind)| !bind.is_over(now))
            .map(|(host, bind)| (host.as_str(), bind))
    }
}
