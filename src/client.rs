//! A client: one merchant and the transport its requests go through. Performs what the protocol
//! modules decide; the rules on repeating (safety.md S3) and on refreshing keys (S11, S14) live
//! in `send` and `refresh`.

mod download;
mod failover;
mod info;
mod refresh;
mod send;
mod shared;
#[cfg(test)]
mod tests;
mod v2;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use crate::config::{Config, Plan, build, identity_now};
use crate::error::Result;
use crate::http::Message;
use crate::net::{Transport, TrustView};
use crate::time::Now;
use crate::v3::api_error::Sending;
use crate::v3::check;
use crate::v3::merchant::Merchant;

pub use download::Download;
#[cfg(fuzzing)]
pub use download::unpacked;

pub struct Client {
    pub merchant: Merchant,
    transport: Arc<Transport>,
    timeout: Duration,
    max_response_bytes: usize,
    auto_certificates: bool,
    certificates: refresh::State,
    counters: Counters,
}

/// Of this client; the transport counts its connections itself.
#[derive(Default)]
struct Counters {
    requests: AtomicU64,
    repeats: AtomicU64,
    failovers: AtomicU64,
}

impl Client {
    /// Reads the files that the configuration names, nothing else: no socket, no store, no thread.
    pub fn new(config: &Config) -> Result<Arc<Client>> {
        // One that is there already costs no parsing of keys: PHP makes its client at every request.
        // What is wrong with the files is said by `build`, in its own order.
        if let Ok(Some(identity)) = identity_now(config)
            && let Some(client) = shared::find(identity)
        {
            return Ok(client);
        }
        let plan = build(config)?;
        match plan.identity {
            Some(identity) => shared::find_or(identity, || Client::from_plan(plan)),
            None => Client::from_plan(plan),
        }
    }

    fn from_plan(plan: Plan) -> Result<Arc<Client>> {
        crate::panic::strike!("with every key read");
        Ok(Arc::new(Client {
            merchant: plan.merchant,
            transport: Transport::shared(plan.transport)?,
            timeout: plan.timeout,
            max_response_bytes: plan.max_response_bytes,
            auto_certificates: plan.auto_certificates,
            certificates: refresh::State::default(),
            counters: Counters::default(),
        }))
    }

    /// Loads or reloads the store now, so that an empty one shows at start-up.
    pub fn warm(&self) -> Result<()> {
        self.transport.warm()
    }

    pub fn transport(&self) -> Arc<Transport> {
        Arc::clone(&self.transport)
    }

    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    pub fn trust_view(&self) -> TrustView {
        self.transport.trust_view()
    }

    /// For callers with a transport of their own: records the verdict on `response`. Never I/O; an
    /// unknown serial makes certificates due (S14).
    pub fn check(&self, request: &Message, response: &mut Message, now: Now) -> Result<()> {
        let outcome = check::check(
            &self.merchant,
            request,
            response,
            now,
            Sending {
                written_completely: !response.undecided,
            },
        );
        outcome.map_err(|error| {
            self.certificates.note(&error);
            attach(error, request, response, now)
        })
    }

    /// Verifies, then decrypts. Never I/O.
    pub fn open_notification(
        &self,
        message: &Message,
        now: Now,
    ) -> Result<crate::v3::notify::Notification> {
        crate::v3::notify::open(&self.merchant, message, now).map_err(|mut error| {
            self.certificates.note(&error);
            error.fields_mut().clock_is_callers = now.from_caller;
            error
        })
    }
}

/// Gives an error what it is about. An answer that failed verification keeps status, headers and
/// length only: an unverified success is never handed out.
fn attach(
    mut error: crate::error::Error,
    request: &Message,
    response: &Message,
    now: Now,
) -> crate::error::Error {
    let answer = if response.verified == crate::http::Verified::ErrorAnswer {
        response.clone()
    } else {
        Message {
            body: crate::http::Body::default(),
            ..response.clone()
        }
    };
    let fields = error.fields_mut();
    fields.clock_is_callers = now.from_caller;
    fields.http_status = response.status();
    fields.request = Some(kept(request));
    fields.response = Some(Arc::new(answer));
    fields.response_bytes = response.body.len();
    error
}

/// A request as an error keeps it: without its signature, which would be good for five minutes, of
/// API v2 for ever.
fn kept(request: &Message) -> Arc<Message> {
    if request.v2.is_some() {
        return Arc::new(crate::v2::redacted(request));
    }
    let mut request = request.clone();
    if request.headers.has_http("Authorization") {
        request.headers.set("Authorization", "<redacted>");
    }
    Arc::new(request)
}
