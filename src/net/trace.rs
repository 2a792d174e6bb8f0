//! Where the time of a send went and which addresses were tried, for people and for support.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::http::Origin;

/// Over all attempts of one send.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    attempts: Vec<Attempt>,
}

/// One exchange.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    started: Instant,
    /// As in the header Host.
    host: String,
    pub dns: Option<Duration>,
    pub connect: Option<Duration>,
    pub tls: Option<Duration>,
    pub first_byte: Option<Duration>,
    total: Option<Duration>,
    /// Address and what was wrong with it.
    pub failed: Vec<(SocketAddr, String)>,
    pub used: Option<SocketAddr>,
    pub reused: bool,
    pub proxy: Option<String>,
    pub tls_version: Option<&'static str>,
    pub suite: Option<String>,
    pub resumed: Option<bool>,
    pub status: Option<u16>,
    pub error: Option<&'static str>,
}

impl Attempt {
    pub fn start(origin: &Origin) -> Attempt {
        Attempt {
            started: Instant::now(),
            host: origin.authority(),
            dns: None,
            connect: None,
            tls: None,
            first_byte: None,
            total: None,
            failed: Vec::new(),
            used: None,
            reused: false,
            proxy: None,
            tls_version: None,
            suite: None,
            resumed: None,
            status: None,
            error: None,
        }
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    pub fn finish(mut self) -> Attempt {
        self.total = Some(self.started.elapsed());
        self
    }

    fn shown(&self) -> ShownAttempt<'_> {
        ShownAttempt {
            host: &self.host,
            dns_ms: self.dns.map(ms),
            connect_ms: self.connect.map(ms),
            tls_ms: self.tls.map(ms),
            first_byte_ms: self.first_byte.map(ms),
            total_ms: self.total.map(ms),
            tried: self
                .failed
                .iter()
                .map(|(address, error)| Tried {
                    address: *address,
                    error,
                })
                .collect(),
            used: self.used,
            reused: self.reused,
            proxy: self.proxy.as_deref(),
            tls: self.tls_version,
            suite: self.suite.as_deref(),
            resumed: self.resumed,
            status: self.status,
            error: self.error,
        }
    }
}

pub(super) fn version(version: rustls::ProtocolVersion) -> &'static str {
    match version {
        rustls::ProtocolVersion::TLSv1_3 => "1.3",
        _ => "1.2",
    }
}

/// To a tenth.
pub(super) fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

/// The trace as it is printed. Serialised as it stands: every send makes one, and a tree of values
/// would cost as much as the whole head of a response.
#[derive(Serialize)]
struct ShownTrace<'a> {
    total_ms: f64,
    attempts: Vec<ShownAttempt<'a>>,
}

#[derive(Serialize)]
struct ShownAttempt<'a> {
    host: &'a str,
    dns_ms: Option<f64>,
    connect_ms: Option<f64>,
    tls_ms: Option<f64>,
    first_byte_ms: Option<f64>,
    total_ms: Option<f64>,
    tried: Vec<Tried<'a>>,
    used: Option<SocketAddr>,
    reused: bool,
    proxy: Option<&'a str>,
    tls: Option<&'static str>,
    suite: Option<&'a str>,
    resumed: Option<bool>,
    status: Option<u16>,
    error: Option<&'static str>,
}

#[derive(Serialize)]
struct Tried<'a> {
    address: SocketAddr,
    error: &'a str,
}

impl Trace {
    pub(super) fn add(&mut self, attempt: Attempt) {
        self.attempts.push(attempt);
    }

    /// Exchanges so far.
    pub fn attempts(&self) -> usize {
        self.attempts.len()
    }

    /// `{"total_ms": …, "attempts": [{…}]}`; times in ms, null for what did not happen.
    pub fn to_json(&self) -> String {
        let total: Duration = self.attempts.iter().filter_map(|one| one.total).sum();
        let shown = ShownTrace {
            total_ms: ms(total),
            attempts: self.attempts.iter().map(Attempt::shown).collect(),
        };
        // Numbers, texts and lists have no way to fail.
        serde_json::to_string(&shown).unwrap_or_default()
    }
}
