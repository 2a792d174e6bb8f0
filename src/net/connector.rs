//! The connect phase: addresses, TCP, proxy, TLS. Everything that fails here fails before a byte
//! of the request is sent, so it is tried again on the next address, and a certificate failure on
//! a new connection and with a reloaded store (trust.md §2.2; requirements.md B7).

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout};

use super::context::{self, Context, Stop, Watch};
use super::core::{Core, Tls, count};
use super::resolver::{self, Unresolved};
use super::stream::{Broken, Stream};
use super::wire::Wire;
use super::{errors, summary, tls_errors, tunnel};
use crate::error::{Error, Status, fail};
use crate::http::Origin;
use crate::sys::socket;

/// Connections for one exchange when certificates fail: while WeChat Pay changes certificates,
/// old and new ones are served side by side.
const MOST_ATTEMPTS: usize = 3;

/// Addresses belong to the connector: ureq asks a resolver before it looks into its pool.
#[derive(Debug)]
pub(super) struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(
        &self,
        _: &ureq::http::Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

#[derive(Debug)]
pub(super) struct OurConnector;

impl Connector for OurConnector {
    type Out = Wire;

    fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> Result<Option<Wire>, ureq::Error> {
        let Some(job) = context::with(Job::of) else {
            return Err(ureq::Error::ConnectionFailed);
        };
        match job.run() {
            Ok(wire) => Ok(Some(wire)),
            Err(error) => {
                context::with(|context| context.failure = Some(error));
                Err(ureq::Error::ConnectionFailed)
            }
        }
    }
}

/// One connect phase.
struct Job {
    core: Arc<Core>,
    tls: Option<Arc<Tls>>,
    origin: Origin,
    watch: Watch,
}

/// Why one address failed, and whether its certificate was the reason.
struct Miss {
    error: Error,
    certificate: bool,
}

impl From<Error> for Miss {
    fn from(error: Error) -> Miss {
        Miss {
            error,
            certificate: false,
        }
    }
}

impl Job {
    fn of(context: &mut Context) -> Job {
        context.fresh = true;
        let end = Instant::now() + context.core.settings.connect_timeout;
        Job {
            core: Arc::clone(&context.core),
            tls: context.tls.clone(),
            origin: context.origin.clone(),
            watch: context.watch.until(end),
        }
    }

    fn run(mut self) -> Result<Wire, Error> {
        let (host, port) = self.entry();
        let started = Instant::now();
        let addresses = self.addresses(&host, port)?;
        let resolved = started.elapsed();
        context::with(|context| context.attempt.dns = Some(resolved));

        let mut queue: VecDeque<SocketAddr> = addresses.into();
        let mut misses: Vec<(SocketAddr, Error)> = Vec::new();
        let mut attempts = 0;
        while let Some(address) = queue.pop_front() {
            attempts += 1;
            if attempts > 1 {
                count(&self.core.counters.connect_retries);
            }
            // The time left is shared among the addresses left, so that one that hangs cannot
            // use up the others' time.
            let left = self
                .watch
                .deadline
                .saturating_duration_since(Instant::now());
            let share = left / (queue.len() as u32 + 1);
            let watch = self.watch.until(Instant::now() + share);
            let miss = match self.try_address(address, &watch) {
                Ok(wire) => return Ok(wire),
                Err(miss) => miss,
            };
            resolver::forget(&host);
            let text = miss.error.fields().message.clone();
            context::with(|context| context.attempt.failed.push((address, text)));
            misses.push((address, miss.error));
            self.go_on()?;
            if miss.certificate {
                // New roots deserve a try, however many there were.
                let new_roots = self.take_new_roots();
                if new_roots || attempts + queue.len() < MOST_ATTEMPTS {
                    queue.push_back(address);
                }
            }
        }
        let authority = self.origin.authority();
        let peer = match self.core.proxy(&self.origin.host, self.origin.port) {
            Some(proxy) => format!("{authority} through the proxy {proxy}"),
            None => authority,
        };
        Err(summary::of(&peer, misses))
    }

    /// Cancelled, or the time of the whole call is over; the end of `connect_timeout` alone is
    /// left to the attempt that ran into it.
    fn go_on(&self) -> Result<(), Error> {
        match context::watch().check() {
            Ok(()) => Ok(()),
            Err(Stop::Cancelled) => Err(errors::cancelled("while connecting")),
            Err(Stop::Deadline) => Err(self.total_timeout("while connecting")),
        }
    }

    fn total_timeout(&self, phase: &str) -> Error {
        let tried = context::with(|context| {
            let tried: Vec<&str> = context
                .attempt
                .failed
                .iter()
                .map(|(_, text)| text.as_str())
                .collect();
            tried.join(" ")
        });
        let mut error = errors::timeout(&format!("{phase} to {}", self.origin.authority()));
        if let Some(tried) = tried.filter(|tried| !tried.is_empty()) {
            let fields = error.fields_mut();
            fields.message = format!("{} {tried}", fields.message);
        }
        error.hint("Nothing was sent. Check network, DNS and timeout_ms.")
    }

    /// Host and port to connect to: the proxy's, or the peer's.
    fn entry(&self) -> (String, u16) {
        match self.core.proxy(&self.origin.host, self.origin.port) {
            Some(proxy) => (proxy.host.clone(), proxy.port),
            None => (self.origin.host.clone(), self.origin.port),
        }
    }

    fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Error> {
        let direct = self
            .core
            .proxy(&self.origin.host, self.origin.port)
            .is_none();
        if let Some(bind) = self.core.bind(host).filter(|_| direct) {
            return Ok(vec![SocketAddr::new(bind.ip, bind.port.unwrap_or(port))]);
        }
        match resolver::resolve(host, port, &self.watch) {
            Ok(addresses) => Ok(addresses),
            Err(Unresolved::Failed(why)) => fail(
                Status::Dns,
                format!("The name {host} cannot be resolved: {why}."),
            ),
            Err(Unresolved::Stopped(Stop::Cancelled)) => {
                Err(errors::cancelled("while the name was resolved"))
            }
            Err(Unresolved::Stopped(Stop::Deadline)) => {
                self.go_on()?;
                fail(
                    Status::Dns,
                    format!(
                        "The resolver did not answer for {host} within {} ms.",
                        self.core.settings.connect_timeout.as_millis()
                    ),
                )
            }
        }
    }

    /// A store that has changed since is used from the next connection on.
    fn take_new_roots(&mut self) -> bool {
        let used = self.tls.as_ref().map(|tls| tls.id);
        let Some(tls) = used.and_then(|used| self.core.tls_after_failure(used)) else {
            return false;
        };
        self.tls = Some(tls);
        true
    }

    fn try_address(&self, address: SocketAddr, watch: &Watch) -> Result<Wire, Miss> {
        let started = Instant::now();
        let plain = self.tls.is_none();
        if plain && !address.ip().is_loopback() {
            return Err(not_loopback(&self.origin, address).into());
        }
        let socket = socket::connect::<Broken>(address, watch.deadline, || {
            watch.check().map_err(Broken::Stopped)
        })
        .map_err(|broken| tcp_error(broken, address, watch, started.elapsed()))?;
        count(&self.core.counters.connections);
        // The connected peer, not the address asked for (S18).
        if plain && !socket.peer_addr().is_ok_and(|peer| peer.ip().is_loopback()) {
            return Err(not_loopback(&self.origin, address).into());
        }
        let connected = started.elapsed();
        let mut stream = Stream::Tcp(socket);
        let Some(tls) = &self.tls else {
            note(address, connected, None);
            return Ok(Wire::new(stream, address, None));
        };
        let host = &self.origin.host;
        let mut peer = address.to_string();
        if let Some(proxy) = self.core.proxy(host, self.origin.port) {
            if let Some(config) = tls.to_proxy.as_ref().filter(|_| proxy.https) {
                let through = format!("the proxy {proxy}");
                let secured = stream
                    .handshake(config, server_name(&proxy.host)?, watch)
                    .map_err(|broken| handshake_miss(broken, &proxy.host, &through))?;
                stream = Stream::Tls(Box::new(secured));
            }
            tunnel::open(
                &mut stream,
                proxy,
                host,
                self.origin.port,
                &self.core.settings.user_agent,
                watch,
            )?;
            peer = format!("{} (through the proxy {proxy})", self.origin.authority());
            context::with(|context| context.attempt.proxy = Some(proxy.to_string()));
        }
        let before = Instant::now();
        let secured = stream
            .handshake(&tls.config, server_name(host)?, watch)
            .map_err(|broken| handshake_miss(broken, host, &peer))?;
        note(address, connected, Some(before.elapsed()));
        note_tls(&secured.connection);
        let expires = self.core.bind(host).and_then(|bind| bind.expires_at);
        Ok(Wire::new(Stream::Tls(Box::new(secured)), address, expires))
    }
}

fn note(address: SocketAddr, connected: Duration, tls: Option<Duration>) {
    context::with(|context| {
        context.attempt.connect = Some(connected);
        context.attempt.tls = tls;
        context.attempt.used = Some(address);
    });
}

fn note_tls(connection: &rustls::ClientConnection) {
    context::with(|context| {
        let attempt = &mut context.attempt;
        attempt.tls_version = connection.protocol_version().map(|version| match version {
            rustls::ProtocolVersion::TLSv1_3 => "1.3",
            _ => "1.2",
        });
        attempt.suite = connection
            .negotiated_cipher_suite()
            .map(|suite| format!("{:?}", suite.suite()));
        attempt.resumed = connection
            .handshake_kind()
            .map(|kind| kind == rustls::HandshakeKind::Resumed);
    });
}

fn server_name(host: &str) -> Result<ServerName<'static>, Error> {
    ServerName::try_from(host.to_owned()).map_err(|_| {
        Error::new(
            Status::InvalidArgument,
            format!("\"{host}\" is not a name that a certificate can have."),
        )
    })
}

fn not_loopback(origin: &Origin, address: SocketAddr) -> Error {
    Error::new(
        Status::Connect,
        format!("Plain http is for loopback peers only; {origin} leads to {address}."),
    )
    .hint("Use https, or 127.0.0.1 for a local test server.")
}

fn handshake_miss(broken: Broken, host: &str, peer: &str) -> Miss {
    let asked = context::with(|context| context.asked_for_client_certificate).unwrap_or(false);
    Miss {
        certificate: tls_errors::is_certificate_failure(&broken),
        error: tls_errors::handshake(broken, host, peer, asked),
    }
}

fn tcp_error(broken: Broken, address: SocketAddr, watch: &Watch, took: Duration) -> Error {
    match broken {
        Broken::Stopped(Stop::Cancelled) => errors::cancelled("while connecting"),
        Broken::Io(error) if watch.check().is_ok() => Error::new(
            Status::Connect,
            format!("{address}: {}.", errors::io_text(&error)),
        ),
        _ => Error::new(
            Status::Connect,
            format!("{address}: no answer within {} ms.", took.as_millis()),
        ),
    }
}
