//! When platform certificates are downloaded, and when not (safety.md S11, S14): only inside
//! `send`, `call` and `refresh_certificates`, at most once in 60 seconds, not within 5 minutes of
//! a failure unless asked for. Whatever comes in from outside never causes traffic.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::Client;
use crate::error::{Error, Result, Status};
use crate::http::{Body, Cancel, Message};
use crate::net::Call;
use crate::sys::{fork_gate, process};
use crate::time::{Now, clock};
use crate::v3::certificates;
use crate::v3::prepare::{CERTIFICATES_PATH, prepare};

const PAUSE_S: i64 = 60;
const PAUSE_AFTER_FAILURE_S: i64 = 300;
/// Official guidance: refresh at intervals under 12 hours.
const OLD_S: i64 = 12 * 3600;
/// A time that never was.
const NEVER: i64 = i64::MIN / 2;

/// Atomics only: a forked child must never meet a lock that another thread held.
pub struct State {
    /// Seconds on the monotonic clock.
    succeeded: AtomicI64,
    failed: AtomicI64,
    /// Unix seconds of the set in use.
    loaded_at: AtomicI64,
    /// A message named a serial that is not in the ring.
    wanted: AtomicBool,
    /// Process generation of the download at work, 0 when there is none: a child does not wait
    /// for a download that its parent began.
    running: AtomicU64,
}

impl Default for State {
    fn default() -> State {
        State {
            succeeded: AtomicI64::new(NEVER),
            failed: AtomicI64::new(NEVER),
            loaded_at: AtomicI64::new(NEVER),
            wanted: AtomicBool::new(false),
            running: AtomicU64::new(0),
        }
    }
}

impl State {
    /// Remembers that a serial was unknown; the next `send` may refresh.
    pub fn note(&self, error: &Error) {
        if error.status() == Status::SerialUnknown {
            self.wanted.store(true, Ordering::Relaxed);
        }
    }

    fn loaded(&self, now: Now) {
        self.succeeded.store(monotonic(), Ordering::Relaxed);
        self.failed.store(NEVER, Ordering::Relaxed);
        self.loaded_at.store(now.seconds, Ordering::Relaxed);
        self.wanted.store(false, Ordering::Relaxed);
    }

    pub fn loaded_at(&self) -> Option<i64> {
        Some(self.loaded_at.load(Ordering::Relaxed)).filter(|at| *at != NEVER)
    }

    /// Seconds until an automatic refresh may happen.
    fn wait(&self) -> i64 {
        let since = |at: &AtomicI64| monotonic().saturating_sub(at.load(Ordering::Relaxed));
        (PAUSE_S - since(&self.succeeded))
            .max(PAUSE_AFTER_FAILURE_S - since(&self.failed))
            .max(0)
    }
}

fn monotonic() -> i64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = fork_gate::once(&START, Instant::now);
    i64::try_from(start.elapsed().as_secs()).unwrap_or(i64::MAX)
}

impl Client {
    /// 0 no, 1 older than 12 hours, 2 now: no key is valid, or a message named an unknown one.
    /// 0 while the rate limit says wait.
    pub fn certificates_due(&self, now: Now) -> i32 {
        if self.merchant.may_have_certificates().is_err() || self.certificates.wait() > 0 {
            return 0;
        }
        if self.certificates.wanted.load(Ordering::Relaxed) || self.ring_is_useless(now) {
            return 2;
        }
        let age = now.seconds - self.certificates.loaded_at().unwrap_or(now.seconds);
        i32::from(age > OLD_S)
    }

    fn ring_is_useless(&self, now: Now) -> bool {
        self.merchant
            .ring
            .keys()
            .preferred("", now.seconds)
            .is_err()
    }

    /// For `prepare`, `prepare_unsigned` or `send`.
    pub fn certificates_request() -> Message {
        Message::request("GET", CERTIFICATES_PATH, Body::default())
    }

    /// Instead of `check`, for callers with a transport of their own. All or nothing.
    pub fn load_certificates(&self, response: &Message, now: Now) -> Result<()> {
        let mut response = response.clone();
        certificates::load(&self.merchant, &mut response, now).map_err(|error| {
            super::attach(error, &Client::certificates_request(), &response, now)
        })?;
        self.certificates.loaded(now);
        Ok(())
    }

    /// OK without I/O within 60 seconds of a success, RATE_LIMITED within 60 seconds of a failure.
    pub fn refresh_certificates(&self) -> Result<()> {
        self.merchant.may_have_certificates()?;
        let since = |at: &AtomicI64| monotonic().saturating_sub(at.load(Ordering::Relaxed));
        if since(&self.certificates.succeeded) < PAUSE_S {
            return Ok(());
        }
        let left = PAUSE_S - since(&self.certificates.failed);
        if left > 0 {
            let mut error = Error::new(
                Status::RateLimited,
                format!(
                    "The last download of platform certificates failed {} seconds ago.",
                    PAUSE_S - left
                ),
            )
            .outcome(crate::error::Outcome::NotSent);
            error.fields_mut().retry_after_s = u32::try_from(left).ok();
            return Err(error);
        }
        let deadline = Instant::now() + self.timeout;
        match self.single_flight(deadline, &Cancel::default()) {
            Flight::Mine(outcome) => outcome,
            Flight::Others => self.refresh_outcome_of_others(),
        }
    }

    fn refresh_outcome_of_others(&self) -> Result<()> {
        if monotonic().saturating_sub(self.certificates.succeeded.load(Ordering::Relaxed)) < PAUSE_S
        {
            return Ok(());
        }
        Err(Error::new(
            Status::CertificatesUnavailable,
            "Another thread's download of platform certificates failed.",
        ))
    }

    /// Before a request: downloads when something is due. An error counts only when no key is
    /// left to verify the answer with.
    pub(super) fn refresh_if_due(&self, call: &Call, now: Now) -> Result<()> {
        if !self.auto_certificates {
            return Ok(());
        }
        let due = self.certificates_due(now);
        if due == 0 {
            return Ok(());
        }
        let outcome = match self.single_flight(call.deadline, &call.cancel) {
            Flight::Mine(outcome) => outcome,
            Flight::Others => Ok(()),
        };
        if self.ring_is_useless(now) {
            outcome
        } else {
            Ok(())
        }
    }

    /// After an answer that named an unknown serial. What came of it shows in the ring.
    pub(super) fn refresh_for_unknown_serial(&self, call: &Call) {
        if self.auto_certificates && self.certificates.wait() == 0 {
            let _ = self.single_flight(call.deadline, &call.cancel);
        }
    }

    /// One download at a time; who comes second waits for it, within the deadline.
    fn single_flight(&self, deadline: Instant, cancel: &Cancel) -> Flight {
        let me = process::generation();
        let running = &self.certificates.running;
        loop {
            let seen = running.load(Ordering::Acquire);
            if seen == me {
                break;
            }
            if running
                .compare_exchange(seen, me, Ordering::AcqRel, Ordering::Acquire)
                .is_ok()
            {
                let outcome = crate::panic::catch(|| self.download(deadline, cancel));
                match &outcome {
                    Ok(()) => {}
                    Err(_) => self
                        .certificates
                        .failed
                        .store(monotonic(), Ordering::Relaxed),
                }
                running.store(0, Ordering::Release);
                return Flight::Mine(outcome);
            }
        }
        while running.load(Ordering::Acquire) == me
            && Instant::now() < deadline
            && !cancel.is_cancelled()
        {
            std::thread::sleep(Duration::from_millis(5));
        }
        Flight::Others
    }

    fn download(&self, deadline: Instant, cancel: &Cancel) -> Result<()> {
        let now = clock();
        let mut call = Call::new(deadline, cancel.clone());
        let request = prepare(&self.merchant, &Client::certificates_request(), now)?;
        let incoming = self
            .exchange_once(&request, &mut call, false)
            .map_err(|failure| failure.error)?;
        let mut response = super::send::response(incoming);
        certificates::load(&self.merchant, &mut response, clock())
            .map_err(|error| super::attach(error, &request, &response, now))?;
        self.certificates.loaded(now);
        Ok(())
    }
}

enum Flight {
    Mine(Result<()>),
    Others,
}
