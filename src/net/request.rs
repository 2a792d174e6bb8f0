//! What goes into an exchange and what comes out of it.

use std::time::{Instant, SystemTime};

use super::trace::Trace;
use crate::error::Error;
use crate::http::{Cancel, Headers, Url};

/// One HTTP request, ready to go.
#[derive(Clone, Copy)]
pub struct Outgoing<'a> {
    pub method: &'a str,
    pub url: &'a Url,
    /// Every header except Host and Content-Length.
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a [u8],
    pub max_response_bytes: usize,
    /// Not over a pooled connection: the repeat of S3.
    pub fresh_connection: bool,
}

/// One send of the caller, over all its attempts.
pub struct Call {
    pub deadline: Instant,
    pub cancel: Cancel,
    pub trace: Trace,
    pub(super) wrote: bool,
}

impl Call {
    pub fn new(deadline: Instant, cancel: Cancel) -> Call {
        Call {
            deadline,
            cancel,
            trace: Trace::default(),
            wrote: false,
        }
    }

    /// A byte of a request was handed to TLS on any connection. Never false again (S1).
    pub fn wrote(&self) -> bool {
        self.wrote
    }
}

/// A complete response.
#[derive(Debug)]
pub struct Incoming {
    pub status: u16,
    pub headers: Headers,
    pub body: Vec<u8>,
    /// It began before the request was completely written (S2).
    pub early: bool,
    pub reused: bool,
}

/// Why there is no complete response, and what was sent until then.
#[derive(Debug)]
pub struct Failure {
    pub error: Error,
    /// At least one byte of this request was handed to TLS.
    pub wrote: bool,
    pub wrote_all: bool,
    pub response_started: bool,
    /// Over a pooled connection.
    pub reused: bool,
}

/// Counters and the state of the trust store, for `client_info`.
#[derive(Clone, Debug, Default)]
pub struct Info {
    pub requests: u64,
    /// TCP connections opened.
    pub connections: u64,
    /// Requests over a connection that had been used before.
    pub reused: u64,
    /// Connects that followed a failed one within one exchange.
    pub connect_retries: u64,
    pub store_loads: u64,
    /// Loads that changed the roots in use.
    pub store_reloads: u64,
    /// Usable roots; 0 before the first load.
    pub roots: usize,
    /// Certificates in the store that cannot be read.
    pub ignored: usize,
    /// Certificates in the store that may not be a root, each with the reason (S7).
    pub not_a_ca: Vec<String>,
    pub loaded_at: Option<SystemTime>,
    pub plain_http: bool,
}
