//! Sending over the system's trust store (trust.md §0–§2). Owns connections, TLS, proxies, names
//! and the store; knows nothing of signatures, and never repeats a request (safety.md S3).
//!
//! ureq does the HTTP/1.1 framing and keeps the pool; everything of the connect phase is ours,
//! because only so can certificates be retried, stores reloaded, calls cancelled, and the first
//! byte of a request be told from everything before it.

#![forbid(unsafe_code)]

mod anchor;
mod buffers;
mod connector;
mod context;
mod core;
mod errors;
mod proxy;
mod resolver;
mod settings;
mod store;
mod stream;
mod tls;
mod trace;
mod transport;
mod trust;
mod tunnel;
mod wire;

#[cfg(all(test, unix))]
mod tests;

pub use proxy::{NoProxy, Proxy, parse_proxy, proxy_from_env};
pub use settings::{Bind, Settings};
pub use tls::ClientAuth;
pub use trace::Trace;
pub use transport::{Call, DEFAULT_TIMEOUT, Failure, Incoming, Info, Outgoing, Transport};
pub use trust::{RELOAD, TrustSettings, check_extra_ca};
