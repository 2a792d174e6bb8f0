//! The library against servers, proxies and stores that fail in every way known: OpenSSL's
//! s_server, Python's ssl, nginx, tinyproxy and squid, with certificates of the openssl command.
//! A row is a server, a store and what must come of it; what must come of it is the published
//! behaviour of the statuses and diagnoses, never what a run of the library printed.
//!
//! The same rows are run with curl and Python. Where these differ, docs/trust.md says so.

mod answers;
mod chains;
mod clocks;
mod daemons;
mod drive;
pub mod guideline;
mod handshakes;
mod judge;
mod namespace;
mod others;
mod probe;
mod proxies;
mod reuse;
mod routes;
mod row;
mod servers;
pub mod stage;
mod stores;
mod strangers;
mod system;

/// Every row of every table.
fn all() -> Vec<row::Row> {
    [
        chains::rows(),
        strangers::rows(),
        handshakes::rows(),
        answers::rows(),
        proxies::rows(),
        clocks::rows(),
        routes::rows(),
    ]
    .concat()
}
