//! Where the time of a send went and which addresses were tried, for people and for support.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Over all attempts of one send.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    attempts: Vec<Attempt>,
}

/// One exchange.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    started: Instant,
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
    pub fn start() -> Attempt {
        Attempt {
            started: Instant::now(),
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

    fn to_value(&self) -> Value {
        let ms = |time: Option<Duration>| {
            time.map(|time| (time.as_secs_f64() * 10_000.0).round() / 10.0)
        };
        let tried: Vec<Value> = self
            .failed
            .iter()
            .map(|(address, error)| json!({"address": address.to_string(), "error": error}))
            .collect();
        json!({
            "dns_ms": ms(self.dns),
            "connect_ms": ms(self.connect),
            "tls_ms": ms(self.tls),
            "first_byte_ms": ms(self.first_byte),
            "total_ms": ms(self.total),
            "tried": tried,
            "used": self.used.map(|address| address.to_string()),
            "reused": self.reused,
            "proxy": self.proxy,
            "tls": self.tls_version,
            "suite": self.suite,
            "resumed": self.resumed,
            "status": self.status,
            "error": self.error,
        })
    }
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
        let attempts: Vec<Value> = self.attempts.iter().map(Attempt::to_value).collect();
        json!({
            "total_ms": (total.as_secs_f64() * 10_000.0).round() / 10.0,
            "attempts": attempts,
        })
        .to_string()
    }
}
