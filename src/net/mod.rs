//! Sending over the system's trust store (trust.md §0–§2). Owns connections, TLS, proxies, names
//! and the store; knows nothing of signatures, and never repeats a request (safety.md S3).
//!
//! ureq does the HTTP/1.1 framing and keeps the pool; everything of the connect phase is ours,
//! because only so can certificates be retried, stores reloaded, calls cancelled, and the first
//! byte of a request be told from everything before it.

#![forbid(unsafe_code)]

mod body;
mod buffers;
mod connector;
mod context;
mod core;
mod errors;
mod http1;
mod inventory;
mod no_proxy;
mod probe;
mod proxy;
mod reach;
mod registry;
mod request;
mod resolver;
mod settings;
mod stamp;
mod store;
mod stream;
mod streaming;
mod summary;
mod tls;
mod tls_errors;
mod trace;
mod transport;
mod trust;
mod tunnel;
mod view;
mod wire;

#[cfg(all(test, unix))]
mod tests;

pub use inventory::{Entry, Inventory, Place};
pub use no_proxy::NoProxy;
pub use probe::{Anchor, Attempted, Handshake, Http, Visit, Visiting};
pub use proxy::{Proxy, parse_proxy, proxy_from_env};
pub use request::{Call, Failure, Incoming, Info, Outgoing};
pub use settings::{Bind, Settings};
pub use streaming::Streaming;
pub use tls::ClientAuth;
pub use trace::Trace;
pub use transport::Transport;
pub use trust::{RELOAD, TrustSettings, check_extra_ca};
pub use view::{TrustView, trust_view};
