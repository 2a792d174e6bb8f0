//! What the transport promises, against servers that try to break it (trust.md §5). Certificates
//! come from the openssl command, and where it matters the servers do too.

mod pki;
mod server;

mod basics;
mod bodies;
mod certificates;
mod environment;
mod forks;
mod pooling;
mod roots;
mod routes;
mod streaming;
mod waiting;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pki::{HOST, Scratch, TWO, pki};
use server::{Peer, Server};

use super::{Call, Failure, Incoming, Outgoing, Settings, Transport, TrustSettings};
use crate::error::{Outcome, Status};
use crate::http::{Cancel, Origin, Url};

/// Any thread, any time.
const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Transport>();
    shared::<Settings>();
};

/// How a test's server leaves a connection.
type End = fn(&mut Peer);

fn origin(host: &str, port: u16) -> Origin {
    Origin {
        https: true,
        host: host.to_owned(),
        port,
    }
}

/// Trusts the certificates in this file and nothing else.
fn trusting(file: &Path) -> TrustSettings {
    TrustSettings {
        cert_file: Some(file.into()),
        ..TrustSettings::default()
    }
}

fn settings(roots: &Path, port: u16) -> Settings {
    let mut settings = Settings::new(origin(HOST, port));
    settings.trust = trusting(roots);
    settings.connect_timeout = Duration::from_secs(3);
    settings
}

/// A client of a server on this port that trusts G1.
fn client(port: u16) -> Arc<Transport> {
    client_of(&pki().crt("g1"), port)
}

fn client_of(roots: &Path, port: u16) -> Arc<Transport> {
    Transport::shared(settings(roots, port)).unwrap()
}

fn call(ms: u64) -> Call {
    Call::new(
        Instant::now() + Duration::from_millis(ms),
        Cancel::default(),
    )
}

fn url(host: &str, port: u16) -> Url {
    Url {
        origin: origin(host, port),
        target: "/v3/test?a=%2F".to_owned(),
    }
}

struct Sent {
    result: Result<Incoming, Failure>,
    call: Call,
    took: Duration,
}

impl Sent {
    fn ok(self) -> Incoming {
        match self.result {
            Ok(incoming) => incoming,
            Err(failure) => panic!("{}\n{}", failure.error, self.call.trace.to_json()),
        }
    }

    fn failure(self) -> Failure {
        match self.result {
            Ok(incoming) => panic!("unexpected answer {incoming:?}"),
            Err(failure) => failure,
        }
    }
}

fn send(transport: &Transport, port: u16, method: &str, body: &[u8]) -> Sent {
    send_to(transport, &url(HOST, port), method, body, call(5000))
}

fn send_to(transport: &Transport, url: &Url, method: &str, body: &[u8], mut call: Call) -> Sent {
    let start = Instant::now();
    let result = transport.exchange(
        &Outgoing {
            method,
            url,
            headers: &[("User-Agent", "test"), ("Accept", "application/json")],
            body,
            max_response_bytes: 10 * 1024 * 1024,
            fresh_connection: false,
        },
        &mut call,
    );
    Sent {
        result,
        call,
        took: start.elapsed(),
    }
}

/// Status, and that the outcome is what the flag proves (S1).
fn failed_with(sent: Sent, status: Status, outcome: Outcome) -> Failure {
    let wrote = sent.call.wrote();
    let failure = sent.failure();
    assert_eq!(failure.error.status(), status, "{}", failure.error);
    assert_eq!(failure.error.fields().outcome, outcome, "{}", failure.error);
    assert_eq!(
        failure.wrote,
        outcome != Outcome::NotSent,
        "{}",
        failure.error
    );
    assert!(wrote || !failure.wrote);
    failure
}
