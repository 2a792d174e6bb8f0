//! One `send`: prepare, exchange, check, and at most one repeat by the rules of safety.md S3.
//! Decides the outcome of everything that fails on the way (S1).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::failover::both;
use super::{Client, attach};
use crate::error::{Error, Outcome, Result, Status, fail};
use crate::http::{Body, Message, Url};
use crate::net::{Call, Failure, Incoming, Outgoing, Transport};
use crate::panic;
use crate::text::Text;
use crate::time::clock;
use crate::v3::api_error::Sending;
use crate::v3::check::check;
use crate::v3::prepare::{CERTIFICATES_PATH, is_signed_by, of_v2, prepare, sign_again};

/// A message signed outside is repeated only while WeChat Pay still accepts its timestamp.
const EXTERNAL_SIGNATURE_LASTS_S: i64 = 240;

impl Client {
    pub fn call(&self, method: &str, url: &str, body: &[u8]) -> Result<Message> {
        let request = crate::v3::compose::request(method, url, body)
            // There was no connection yet that could have taken a byte.
            .map_err(|error| error.outcome(Outcome::NotSent))?;
        self.send(&request)
    }

    /// A prepared message goes out byte for byte; any other is prepared first.
    pub fn send(&self, message: &Message) -> Result<Message> {
        let timeout = message.options.timeout.unwrap_or(self.timeout);
        let mut call = Call::new(Instant::now() + timeout, message.cancel.clone());
        // A panic must not hide whether something was sent.
        let outcome = panic::catch(|| self.send_within(message, &mut call));
        outcome.map_err(|error| finished(error, message, &call))
    }

    fn send_within(&self, message: &Message, call: &mut Call) -> Result<Message> {
        if call.cancel.is_cancelled() {
            return fail(Status::Cancelled, "Cancelled before anything was sent.");
        }
        let mut request = self.ready(message, call)?;
        // One thing more is tried in a call: a repeat, or the backup.
        let mut repeated = false;
        let mut unreached: Option<Error> = None;
        // The first of two attempts may have acted, whatever the second is told.
        let mut may_have_acted = false;
        loop {
            let first = !repeated && unreached.is_none();
            let problem = match self.exchange_once(&request, call, repeated) {
                Ok(incoming) => match self.judge(&request, incoming, call) {
                    Ok(response) => return Ok(response),
                    Err(error) => Problem {
                        may_repeat: is_probed_get(&error, &request),
                        error,
                    },
                },
                Err(failure) if first && self.fail_over(&mut request, call, &failure) => {
                    unreached = Some(failure.error);
                    continue;
                }
                Err(failure) => Problem {
                    may_repeat: may_repeat(&request, &failure),
                    error: match &unreached {
                        Some(first) => both(failure.error, first),
                        None => failure.error,
                    },
                },
            };
            if !first || !problem.may_repeat || !self.renew(&mut request)? {
                return Err(undecided_if(may_have_acted, problem.error));
            }
            repeated = true;
            may_have_acted = call.wrote() && request.method() != "GET";
            self.counters.repeats.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The message as it goes out. Certificates that are due come first (S14).
    pub(super) fn ready(&self, message: &Message, call: &Call) -> Result<Message> {
        if !message.is_request() {
            return fail(
                Status::InvalidState,
                "This message is a response; send takes a request.",
            );
        }
        if message.v2.is_some() {
            return Err(of_v2());
        }
        match message.signed() {
            Some(signed) if signed.pending.is_none() => {
                // The host was judged when it was prepared, but by which client?
                self.merchant.url(message.url())?;
                Ok(message.clone())
            }
            Some(_) => fail(Status::InvalidState, "This message has no signature yet.")
                .map_err(|error| error.hint("Call wxpay_message_attach_signature first.")),
            None => {
                if !message.url().starts_with(CERTIFICATES_PATH) {
                    self.refresh_if_due(call, clock())?;
                }
                prepare(&self.merchant, message, clock())
            }
        }
    }

    pub(super) fn exchange_once(
        &self,
        request: &Message,
        call: &mut Call,
        fresh: bool,
    ) -> std::result::Result<Incoming, Failure> {
        self.exchange_with(request, fresh, |transport, outgoing| {
            transport.exchange(outgoing, call)
        })
    }

    pub(super) fn exchange_with<T>(
        &self,
        request: &Message,
        fresh: bool,
        run: impl FnOnce(&Arc<Transport>, &Outgoing<'_>) -> std::result::Result<T, Failure>,
    ) -> std::result::Result<T, Failure> {
        let url = match Url::parse(request.url()) {
            Ok(url) => url,
            Err(error) => {
                return Err(Failure {
                    error,
                    wrote: false,
                    wrote_all: false,
                    response_started: false,
                    reused: false,
                });
            }
        };
        let headers: Vec<(&str, &str)> = request.headers.iter().collect();
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        run(
            &self.transport,
            &Outgoing {
                method: request.method(),
                url: &url,
                headers: &headers,
                body: &request.body,
                max_response_bytes: self.max_response_bytes,
                fresh_connection: fresh,
            },
        )
    }

    /// An answer under an unknown serial is checked again after a refresh.
    pub(super) fn judge(
        &self,
        request: &Message,
        incoming: Incoming,
        call: &Call,
    ) -> Result<Message> {
        let sending = Sending {
            written_completely: !incoming.early,
        };
        let mut response = response(incoming);
        response.trace = Text::new(&call.trace.to_json());
        let mut verdict = check(&self.merchant, request, &mut response, clock(), sending);
        if let Err(error) = &verdict
            && error.status() == Status::SerialUnknown
        {
            self.certificates.note(error);
            self.refresh_for_unknown_serial(call);
            // Also when another thread has just brought the key that was missing.
            verdict = check(&self.merchant, request, &mut response, clock(), sending);
        }
        match verdict {
            Ok(()) => Ok(response),
            Err(error) => Err(attach(error, request, &response, clock())),
        }
    }

    /// Makes the request fit to go out once more; false when it cannot.
    pub(super) fn renew(&self, request: &mut Message) -> Result<bool> {
        let Some(signed) = request.signed() else {
            return Ok(false);
        };
        if signed.external {
            return Ok(clock().seconds - signed.timestamp < EXTERNAL_SIGNATURE_LASTS_S);
        }
        // Another client's message is not signed in this merchant's name.
        if !is_signed_by(&self.merchant, request) {
            return Ok(false);
        }
        sign_again(&self.merchant, request, clock())?;
        Ok(true)
    }
}

struct Problem {
    error: Error,
    may_repeat: bool,
}

/// GET cannot act twice; anything else only if the caller promised so.
fn is_idempotent(request: &Message) -> bool {
    request.method() == "GET" || request.options.idempotent
}

/// S3: a reused connection that died before any byte of the answer, for what cannot act twice.
/// What failed before any byte of the request was tried again by the transport itself.
pub(super) fn may_repeat(request: &Message, failure: &Failure) -> bool {
    failure.reused
        && failure.error.status() == Status::Io
        && !failure.response_started
        && is_idempotent(request)
}

/// A refusal of the repeat ("already refunded") does not prove that the first attempt did
/// nothing.
fn undecided_if(may_have_acted: bool, mut error: Error) -> Error {
    let fields = error.fields_mut();
    if may_have_acted && fields.outcome == Outcome::Rejected {
        fields.outcome = Outcome::Unknown;
        fields.retryable = false;
        if let Some(response) = &mut fields.response {
            Arc::make_mut(response).undecided = true;
        }
    }
    error
}

/// A probe on the answer of a GET: asking again brings the real one. Never for other methods.
pub(super) fn is_probed_get(error: &Error, request: &Message) -> bool {
    error.status() == Status::SignatureProbe && request.method() == "GET"
}

pub(super) fn response(incoming: Incoming) -> Message {
    let mut response = Message::response(incoming.status, Body::new(incoming.body));
    response.undecided = incoming.early;
    response.headers = incoming.headers;
    response
}

/// What the caller learns: NOT_SENT is proved by the flag of this call and by nothing else.
pub(super) fn finished(mut error: Error, message: &Message, call: &Call) -> Error {
    let wrote = call.wrote();
    let fields = error.fields_mut();
    if !wrote {
        fields.outcome = Outcome::NotSent;
    } else if fields.outcome == Outcome::NotSent {
        // An inner exchange (a refresh) sent nothing; this call did.
        fields.outcome = Outcome::Unknown;
    }
    if fields.outcome == Outcome::Unknown && wrote {
        fields.retryable = is_idempotent(message);
    }
    if fields.request.is_none() {
        fields.request = Some(super::kept(message));
    }
    fields.trace = call.trace.to_json();
    error
}
