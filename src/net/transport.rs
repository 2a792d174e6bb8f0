//! One exchange over a pool of connections. Never repeats anything after the first byte of a
//! request: who may repeat is decided by the caller (safety.md S3), from what a `Failure` says.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwapOption;
use ureq::Agent;

use super::body::{self, Unfinished};
use super::context::{Context, Entered, Stop, Watch};
use super::core::{Core, count};
use super::http1::{Answer, agent, build, run};
use super::request::{Call, Failure, Incoming, Info, Outgoing};
use super::settings::Settings;
use super::streaming::Streaming;
use super::trace::Attempt;
use super::{errors, registry};
use crate::error::{Cause, Diagnosis, Error, Outcome, Result, Status, fail};
use crate::http::Origin;
use crate::sys::Stamped;

/// Connections to the hosts of equal settings. `Send` and `Sync`; every call may come from any
/// thread, also of a forked child, which begins without connections.
pub struct Transport {
    core: Arc<Core>,
    pool: Stamped<ArcSwapOption<Pool>>,
}

/// ureq's agent over one TLS configuration: new roots mean a new pool, so that no connection
/// outlives the roots that it was accepted by.
struct Pool {
    /// Of the trust snapshot; 0 for plain http.
    id: u64,
    agent: Agent,
}

impl Transport {
    /// The transport of these settings, one a process: no socket, no store, no thread. A
    /// ClientAuth was checked when it was made, so nothing can fail at present.
    pub fn shared(settings: Settings) -> Result<Arc<Transport>> {
        Ok(registry::shared(settings, |settings| Transport {
            core: Arc::new(Core::new(settings)),
            pool: Stamped::new(),
        }))
    }

    pub fn settings(&self) -> &Settings {
        &self.core.settings
    }

    pub fn has_proxy(&self, origin: &Origin) -> bool {
        self.core.proxy(&origin.host, origin.port).is_some()
    }

    pub fn is_bound(&self, origin: &Origin) -> bool {
        self.core.bind(&origin.host).is_some()
    }

    pub(super) fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Loads the store, or looks whether it has changed. NO_TRUST_ROOTS.
    pub fn warm(&self) -> Result<()> {
        self.core.store.refresh()?;
        self.core.tls().map(drop)
    }

    pub fn info(&self) -> Info {
        let counters = &self.core.counters;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let snapshot = self.core.store.present();
        Info {
            requests: read(&counters.requests),
            connections: read(&counters.connections),
            reused: read(&counters.reused),
            connect_retries: read(&counters.connect_retries),
            store_loads: self.core.store.loads(),
            store_reloads: self.core.store.reloads(),
            roots: snapshot.as_ref().map_or(0, |snapshot| snapshot.roots.len()),
            ignored: snapshot.as_ref().map_or(0, |snapshot| snapshot.ignored),
            not_a_ca: snapshot
                .as_ref()
                .map(|snapshot| snapshot.not_a_ca.clone())
                .unwrap_or_default(),
            loaded_at: snapshot.map(|snapshot| snapshot.loaded_at),
            plain_http: !self.core.settings.base_origin.https,
        }
    }

    /// One attempt at the HTTP level. Whatever fails before the first byte of the request is
    /// tried again inside, within the deadline; after it, nothing is.
    pub fn exchange(
        &self,
        request: &Outgoing<'_>,
        call: &mut Call,
    ) -> std::result::Result<Incoming, Failure> {
        let limit = request.max_response_bytes;
        let (answer, body, attempted) = self.attempt(request, call, |answer| {
            body::read(&mut answer.reader, answer.length, limit)
        })?;
        Ok(Incoming {
            status: answer.status,
            headers: answer.headers,
            body,
            early: attempted.early,
            reused: attempted.reused,
        })
    }

    /// The same up to the end of the answer's headers; its body is read from what comes back.
    pub fn open(
        self: &Arc<Transport>,
        request: &Outgoing<'_>,
        call: &mut Call,
    ) -> std::result::Result<Streaming, Failure> {
        let (answer, (), attempted) = self.attempt(request, call, |_| Ok(()))?;
        Ok(Streaming::new(
            Arc::clone(self),
            answer,
            attempted,
            request.url.origin.authority(),
        ))
    }

    fn attempt<T>(
        &self,
        request: &Outgoing<'_>,
        call: &mut Call,
        then: impl FnOnce(&mut Answer) -> std::result::Result<T, Unfinished>,
    ) -> std::result::Result<(Answer, T, Attempted), Failure> {
        count(&self.core.counters.requests);
        let context = match self.prepare(request, call) {
            Ok(context) => context,
            Err(error) => return Err(unsent(error, call, Attempt::start(&request.url.origin))),
        };
        let built = match build(request) {
            Ok(built) => built,
            Err(error) => return Err(unsent(error, call, context.attempt)),
        };
        let id = context.tls.as_ref().map_or(0, |tls| tls.id);
        let pool = self.pool(id);
        let discard = DiscardOnPanic(self);
        let entered = Entered::new(context, &mut call.wrote);
        let result = run(&pool.agent, built, request).and_then(|mut answer| {
            let done = then(&mut answer)?;
            Ok((answer, done))
        });
        let Some(mut context) = entered.leave() else {
            let error = Error::new(Status::Internal, "The exchange lost its context.");
            return Err(unsent(error, call, Attempt::start(&request.url.origin)));
        };
        std::mem::forget(discard);

        let reused = !context.fresh && context.wrote;
        if reused {
            count(&self.core.counters.reused);
        }
        let next = Attempt::start(&context.origin);
        let mut attempt = std::mem::replace(&mut context.attempt, next).finish();
        attempt.reused = reused;
        let error = match result {
            Ok((answer, done)) => {
                attempt.status = Some(answer.status);
                call.trace.add(attempt);
                return Ok((
                    answer,
                    done,
                    Attempted {
                        // Without proof that the whole request went out first, an answer proves
                        // nothing (S2).
                        early: context.early || !context.wrote_all,
                        reused,
                        context,
                    },
                ));
            }
            Err(unfinished) => error_of(unfinished, &mut context, &request.url.origin.authority()),
        };
        attempt.error = Some(error.status().row().name);
        call.trace.add(attempt);
        Err(Failure {
            error: settled(error, call),
            wrote: context.wrote,
            wrote_all: context.wrote_all,
            response_started: context.response_started,
            reused,
        })
    }

    /// The checks that need no network, and the TLS configuration.
    fn prepare(&self, request: &Outgoing<'_>, call: &Call) -> Result<Context> {
        let origin = &request.url.origin;
        let watch = Watch {
            cancel: call.cancel.clone(),
            deadline: call.deadline,
        };
        watch.check().map_err(|stop| match stop {
            Stop::Cancelled => errors::cancelled("before anything was sent"),
            Stop::Deadline => errors::timeout("before anything was sent"),
        })?;
        let proxy = self.core.proxy(&origin.host, origin.port);
        let bound = self.core.bind(&origin.host).is_some();
        if !origin.https && (!origin.is_loopback() || proxy.is_some() || bound) {
            return fail(
                Status::InvalidArgument,
                format!(
                    "Plain http is for 127.0.0.0/8, [::1] and localhost only, without proxy and bind_host; this is {origin}."
                ),
            );
        }
        self.refuse_bound_through_proxy(origin)?;
        let tls = origin.https.then(|| self.core.tls()).transpose()?;
        Ok(Context {
            core: Arc::clone(&self.core),
            tls,
            origin: origin.clone(),
            watch,
            body: request.body.len(),
            wrote: false,
            wrote_all: false,
            response_started: false,
            early: false,
            fresh: false,
            asked_for_client_certificate: false,
            idle_limit: None,
            failure: None,
            attempt: Attempt::start(origin),
        })
    }

    /// The proxy would connect to the host by its name, and the binding would mean nothing.
    pub(super) fn refuse_bound_through_proxy(&self, origin: &Origin) -> Result<()> {
        let bound = self.core.bind(&origin.host).is_some();
        match self.core.proxy(&origin.host, origin.port) {
            Some(proxy) if bound => Err(Error::new(
                Status::BindWithProxy,
                format!(
                    "bind_host.{} is set, but {proxy} would connect to the host by its name.",
                    origin.host
                ),
            )
            .diagnosed(Diagnosis::new(
                Cause::BindWithProxy,
                format!(
                    "{} is bound and goes through the proxy {proxy}",
                    origin.host
                ),
            ))),
            _ => Ok(()),
        }
    }

    fn pool(&self, id: u64) -> Arc<Pool> {
        let slot = self.pool.get_or_init(ArcSwapOption::empty);
        if let Some(pool) = slot.load_full().filter(|pool| pool.id == id || id == 0) {
            return pool;
        }
        let pool = Arc::new(Pool {
            id,
            agent: agent(&self.core.settings),
        });
        // Two threads may both make one: the later wins, the other's connection is lost once.
        slot.store(Some(Arc::clone(&pool)));
        pool
    }
}

/// What an attempt that brought an answer leaves behind.
pub(super) struct Attempted {
    pub early: bool,
    pub reused: bool,
    pub context: Context,
}

/// The cause that our connection kept, or ureq's own finding.
pub(super) fn error_of(unfinished: Unfinished, context: &mut Context, peer: &str) -> Error {
    match unfinished {
        Unfinished::Ours(error) => error,
        Unfinished::Ureq(error) => context
            .failure
            .take()
            .unwrap_or_else(|| errors::translate(&error, peer, context.response_started)),
    }
}

/// A panic may have left ureq's pool locked for ever: the next request gets a new one.
pub(super) struct DiscardOnPanic<'a>(pub &'a Transport);

impl Drop for DiscardOnPanic<'_> {
    fn drop(&mut self) {
        if let Some(slot) = self.0.pool.get() {
            slot.store(None);
        }
    }
}

/// NOT_SENT is set here and nowhere else, and only by proof (S1).
fn settled(mut error: Error, call: &Call) -> Error {
    let fields = error.fields_mut();
    if call.wrote {
        fields.outcome = Outcome::Unknown;
        fields.retryable = false;
    } else {
        fields.outcome = Outcome::NotSent;
        // The table's cures are for requests that may have arrived.
        if matches!(
            fields.status,
            Status::Timeout | Status::Io | Status::Cancelled
        ) && fields.hint == fields.status.row().cure
        {
            "Nothing was sent; the same request may be sent again.".clone_into(&mut fields.hint);
        }
        fields.retryable = matches!(
            fields.status,
            Status::Dns
                | Status::Connect
                | Status::Timeout
                | Status::Io
                | Status::Proxy
                | Status::NoTrustRoots
                | Status::TlsUnknownIssuer
                | Status::TlsExpired
                | Status::TlsNotYetValid
                | Status::TlsNameMismatch
                | Status::TlsHandshake
                | Status::TlsBadChain
        );
    }
    fields.trace = call.trace.to_json();
    error
}

fn unsent(error: Error, call: &mut Call, attempt: Attempt) -> Failure {
    let mut attempt = attempt.finish();
    attempt.error = Some(error.status().row().name);
    call.trace.add(attempt);
    Failure {
        error: settled(error, call),
        wrote: false,
        wrote_all: false,
        response_started: false,
        reused: false,
    }
}
