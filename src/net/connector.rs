//! The connect phase: addresses, TCP, proxy, TLS. Everything that fails here fails before a byte
//! of the request is sent, so it is tried again on the next address, and a certificate failure on
//! a new connection and with a reloaded store (trust.md §2.2; requirements.md B7).

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout};

use super::context::{self, Context, Stop, Watch};
use super::core::{Core, Tls, count};
use super::reach::{self, Miss};
use super::resolver::{self, Unresolved};
use super::stream::Stream;
use super::wire::Wire;
use super::{errors, probe, summary, tls_errors};
use crate::error::{Cause, Diagnosis, Error, Status};
use crate::http::Origin;

/// Connections for one exchange when certificates fail: while WeChat Pay changes certificates,
/// old and new ones are served side by side.
const MOST_ATTEMPTS: usize = 3;

/// For the one handshake more that shows why certificates were refused.
const EXPLAINING: Duration = Duration::from_secs(2);

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
        let (host, port) = entry(&self.core, &self.origin);
        let started = Instant::now();
        let addresses = self.addresses(&host, port)?;
        let resolved = started.elapsed();
        context::with(|context| context.attempt.dns = Some(resolved));

        let mut queue: VecDeque<SocketAddr> = addresses.into();
        let mut misses: Vec<(SocketAddr, Error)> = Vec::new();
        let mut attempts = 0;
        let mut refused_by = None;
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
                refused_by = Some(address);
            }
        }
        let mut error = summary::of(&peer(&self.core, &self.origin), misses);
        if let Some(address) = refused_by {
            self.explain(&mut error, address);
        }
        Err(error)
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
            Err(Unresolved::Failed(why)) => Err(no_address(
                host,
                format!("The name {host} cannot be resolved: {why}."),
            )),
            Err(Unresolved::Stopped(Stop::Cancelled)) => {
                Err(errors::cancelled("while the name was resolved"))
            }
            Err(Unresolved::Stopped(Stop::Deadline)) => {
                self.go_on()?;
                Err(no_address(
                    host,
                    format!(
                        "The resolver did not answer for {host} within {} ms.",
                        self.core.settings.connect_timeout.as_millis()
                    ),
                ))
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
        let reached = reach::reach(
            &self.core,
            &self.origin,
            self.tls.as_deref(),
            address,
            watch,
        )?;
        let Some(tls) = &self.tls else {
            note(address, reached.connected, None);
            return Ok(Wire::new(reached.stream, address, None));
        };
        let host = &self.origin.host;
        let before = Instant::now();
        let secured = reached
            .stream
            .handshake(&tls.config, reach::server_name(host)?, watch)
            .map_err(|broken| reach::handshake_miss(broken, host, &reached.peer))?;
        note(address, reached.connected, Some(before.elapsed()));
        note_tls(&secured.connection);
        let expires = self.core.bind(host).and_then(|bind| bind.expires_at);
        Ok(Wire::new(Stream::Tls(Box::new(secured)), address, expires))
    }

    /// Puts into `error` what one recorded handshake with `address` shows of the chain that was
    /// refused. Without one (no time left, another chain now) the error stays as it is.
    fn explain(&self, error: &mut Error, address: SocketAddr) {
        let Some(tls) = &self.tls else { return };
        let Some(snapshot) = self.core.store.present().filter(|one| one.id == tls.id) else {
            return;
        };
        let watch = self.watch.until(Instant::now() + EXPLAINING);
        let Ok(reached) = reach::reach(&self.core, &self.origin, Some(tls), address, &watch) else {
            return;
        };
        let host = &self.origin.host;
        let Ok(recorded) = probe::handshake(reached.stream, &snapshot.roots, None, host, &watch)
        else {
            return;
        };
        let Some(refusal) = recorded.refusal() else {
            return;
        };
        // While WeChat Pay changes certificates the next connection may show another chain.
        if tls_errors::tls(refusal, host, &reached.peer, false, true).status() != error.status() {
            return;
        }
        probe::explain(error, &recorded, host, &snapshot, &self.core.settings.trust);
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
        attempt.tls_version = connection.protocol_version().map(super::trace::version);
        attempt.suite = connection
            .negotiated_cipher_suite()
            .map(|suite| format!("{:?}", suite.suite()));
        attempt.resumed = connection
            .handshake_kind()
            .map(|kind| kind == rustls::HandshakeKind::Resumed);
    });
}

pub(super) fn no_address(host: &str, message: String) -> Error {
    Error::new(Status::Dns, message).diagnosed(Diagnosis::new(
        Cause::DnsFailed,
        format!("{host} has no address"),
    ))
}

/// For people: the host, and the proxy on the way to it.
pub(super) fn peer(core: &Core, origin: &Origin) -> String {
    let authority = origin.authority();
    match core.proxy(&origin.host, origin.port) {
        Some(proxy) => format!("{authority} through the proxy {proxy}"),
        None => authority,
    }
}

/// Host and port to connect to: the proxy's, or the peer's.
pub(super) fn entry(core: &Core, origin: &Origin) -> (String, u16) {
    match core.proxy(&origin.host, origin.port) {
        Some(proxy) => (proxy.host.clone(), proxy.port),
        None => (origin.host.clone(), origin.port),
    }
}
