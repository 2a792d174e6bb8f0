//! A visit to a server as a request would make it: the same addresses, proxy, roots and client
//! certificate. First one handshake that is looked at, then, where it went well, one request
//! without Authorization over the very transport that requests use.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use super::super::context::Watch;
use super::super::core::{Core, Tls};
use super::super::reach;
use super::super::request::{Call, Outgoing};
use super::super::resolver::{self, Unresolved};
use super::super::settings::{Bind, Settings};
use super::super::store::Snapshot;
use super::super::transport::Transport;
use super::super::{connector, summary, tls, tls_errors};
use super::{Recorded, explain, handshake};
use crate::crypto::digest::hex;
use crate::error::{Error, Result};
use crate::http::{Cancel, Headers, Origin, Url};
use crate::sys::fork_gate;
use crate::time::clock;
use crate::trust::chain::{Chain, Problem};
use crate::trust::facts::Facts;

/// What to visit.
pub struct Visiting<'a> {
    /// Lower case.
    pub host: &'a str,
    pub port: u16,
    /// Instead of what DNS and the configuration say.
    pub bind: Option<(IpAddr, Option<u16>)>,
    /// The request that follows the handshake; None for none.
    pub request: Option<&'a str>,
    pub timeout: Duration,
}

/// What was seen.
#[derive(Default)]
pub struct Visit {
    pub proxy: Option<String>,
    pub dns: Option<Duration>,
    pub addresses: Vec<IpAddr>,
    pub attempts: Vec<Attempted>,
    pub handshake: Option<Handshake>,
    pub http: Option<Http>,
    /// Addresses that failed before one that did not.
    pub misses: Vec<(SocketAddr, Error)>,
    /// What a request would fail with.
    pub error: Option<Error>,
}

/// What every address of one visit has in common.
struct Road<'a> {
    core: &'a Core,
    origin: &'a Origin,
    tls: &'a Tls,
    snapshot: &'a Snapshot,
}

pub struct Attempted {
    pub address: SocketAddr,
    pub connected: Option<Duration>,
    pub error: Option<String>,
}

pub struct Handshake {
    pub took: Duration,
    pub version: Option<&'static str>,
    pub suite: Option<String>,
    /// rustls accepted chain, name and signature.
    pub trusted: bool,
    pub chain: Vec<Facts>,
    pub anchor: Option<Anchor>,
    pub problems: Vec<Problem>,
}

/// The root of the store that the chain ended in.
pub struct Anchor {
    pub subject: String,
    /// Lower-case hex.
    pub sha256: String,
}

pub struct Http {
    pub took: Duration,
    pub status: u16,
    pub headers: Headers,
    /// This machine's clock when the answer had come.
    pub at: i64,
}

impl Transport {
    /// Never fails: what goes wrong is what was to be found out.
    pub fn visit(&self, visiting: &Visiting<'_>) -> Visit {
        let mut settings = self.settings().clone();
        if let Some((ip, port)) = visiting.bind {
            let bind = Bind {
                ip,
                port,
                expires_at: None,
            };
            settings.bind.insert(visiting.host.to_owned(), bind);
        }
        let mut visit = Visit::default();
        if let Err(error) = visit.run(settings, visiting) {
            visit.error = Some(error);
        }
        visit
    }
}

impl Visit {
    fn run(&mut self, settings: Settings, visiting: &Visiting<'_>) -> Result<()> {
        let end = Instant::now() + visiting.timeout;
        let watch = Watch {
            cancel: Cancel::default(),
            deadline: end.min(Instant::now() + settings.connect_timeout),
        };
        let transport = Transport::shared(settings)?;
        let core = transport.core();
        let origin = Origin {
            https: true,
            host: visiting.host.to_owned(),
            port: visiting.port,
        };
        self.proxy = core
            .proxy(&origin.host, origin.port)
            .map(|proxy| proxy.to_string());
        transport.refuse_bound_through_proxy(&origin)?;
        let tls = core.tls()?;
        let snapshot = core.store.current(core.settings.trust.reload)?;
        let addresses = self.resolve(core, &origin, &watch)?;
        let road = Road {
            core,
            origin: &origin,
            tls: &tls,
            snapshot: &snapshot,
        };
        self.connect(&road, addresses, &watch)?;
        match visiting.request {
            Some(target) => self.ask(&transport, origin, target, end),
            None => Ok(()),
        }
    }

    fn resolve(&mut self, core: &Core, origin: &Origin, watch: &Watch) -> Result<Vec<SocketAddr>> {
        let (host, port) = connector::entry(core, origin);
        let started = Instant::now();
        let bound = core.bind(&host).filter(|_| self.proxy.is_none());
        let addresses = match bound {
            Some(bind) => vec![SocketAddr::new(bind.ip, bind.port.unwrap_or(port))],
            None => resolver::resolve(&host, port, watch).map_err(|why| {
                let why = match why {
                    Unresolved::Failed(why) => why,
                    Unresolved::Stopped(_) => "the resolver did not answer in time".to_owned(),
                };
                connector::no_address(&host, format!("The name {host} cannot be resolved: {why}."))
            })?,
        };
        self.dns = bound.is_none().then(|| started.elapsed());
        self.addresses = addresses.iter().map(SocketAddr::ip).collect();
        Ok(addresses)
    }

    /// One address after the other, as a request does it, until one can be used.
    fn connect(&mut self, road: &Road, addresses: Vec<SocketAddr>, watch: &Watch) -> Result<()> {
        let count = addresses.len();
        for (at, address) in addresses.into_iter().enumerate() {
            let left = watch.deadline.saturating_duration_since(Instant::now());
            let share = left / u32::try_from(count - at).unwrap_or(1);
            let watch = watch.until(Instant::now() + share);
            let mut attempted = Attempted {
                address,
                connected: None,
                error: None,
            };
            let result = self.shake_hands(road, &mut attempted, &watch);
            attempted.error = result
                .as_ref()
                .err()
                .map(|error| error.fields().message.clone());
            self.attempts.push(attempted);
            match result {
                Ok(()) => return Ok(()),
                Err(error) => self.misses.push((address, error)),
            }
        }
        let misses = std::mem::take(&mut self.misses);
        Err(summary::of(
            &connector::peer(road.core, road.origin),
            misses,
        ))
    }

    fn shake_hands(&mut self, road: &Road, attempted: &mut Attempted, watch: &Watch) -> Result<()> {
        let Road {
            core,
            origin,
            tls,
            snapshot,
        } = *road;
        let reached = reach::reach(core, origin, Some(tls), attempted.address, watch)
            .map_err(|miss| miss.error)?;
        attempted.connected = Some(reached.connected);
        let recorded = handshake(
            reached.stream,
            &snapshot.roots,
            core.settings.client_auth.as_ref(),
            &origin.host,
            watch,
        )?;
        let Some(broken) = recorded.broken.as_ref() else {
            self.handshake = Some(look_at(&recorded, &origin.host, snapshot));
            return Ok(());
        };
        // Of several that fail the first is shown.
        if self.handshake.is_none() {
            self.handshake = Some(look_at(&recorded, &origin.host, snapshot));
        }
        let host = &origin.host;
        let mut error = tls_errors::handshake(broken, host, &reached.peer, recorded.asked);
        explain(&mut error, &recorded, host, snapshot, &core.settings.trust);
        Err(error)
    }

    fn ask(
        &mut self,
        transport: &Transport,
        origin: Origin,
        target: &str,
        end: Instant,
    ) -> Result<()> {
        let url = Url {
            origin,
            target: target.to_owned(),
        };
        let user_agent = &transport.settings().user_agent;
        let headers = [
            ("Accept", "application/json"),
            (
                "User-Agent",
                if user_agent.is_empty() {
                    "libwxpay"
                } else {
                    user_agent
                },
            ),
        ];
        let started = Instant::now();
        let mut call = Call::new(end, Cancel::default());
        let answer = transport.exchange(
            &Outgoing {
                method: "GET",
                url: &url,
                headers: &headers,
                body: b"",
                max_response_bytes: MOST_ANSWER,
                fresh_connection: true,
            },
            &mut call,
        );
        match answer {
            Ok(incoming) => {
                self.http = Some(Http {
                    took: started.elapsed(),
                    status: incoming.status,
                    headers: incoming.headers,
                    at: clock().seconds,
                });
                Ok(())
            }
            Err(failure) => Err(failure.error),
        }
    }
}

/// An error of the API has some hundred bytes.
const MOST_ANSWER: usize = 1024 * 1024;

fn look_at(recorded: &Recorded, host: &str, snapshot: &Snapshot) -> Handshake {
    let provider = tls::provider();
    let algorithms = &provider.signature_verification_algorithms;
    let chain = Chain::of(&recorded.chain);
    let now = clock().seconds;
    let _inside = fork_gate::enter();
    let anchor = chain
        .anchor(&snapshot.roots, algorithms, now)
        .map(|at| Anchor {
            subject: crate::trust::facts::anchor_name(&snapshot.roots.roots[at].subject),
            sha256: snapshot
                .fingerprints
                .get(at)
                .map(|one| hex(one))
                .unwrap_or_default(),
        });
    let problems = if recorded.chain.is_empty() {
        Vec::new()
    } else {
        chain.problems(host, &snapshot.roots, algorithms, now)
    };
    Handshake {
        took: recorded.took,
        version: recorded.version,
        suite: recorded.suite.clone(),
        trusted: matches!(recorded.verdict, Some(Ok(()))) && recorded.refusal().is_none(),
        chain: chain.facts,
        anchor,
        problems,
    }
}
