//! When platform certificates are downloaded, and when not (safety.md S11, S14): only inside
//! `send`, `call` and `refresh_certificates`, at most once in 60 seconds, not within 5 minutes of
//! a failure unless asked for. Whatever comes in from outside never causes traffic.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;

use super::Client;
use super::failover::both;
use crate::error::{Error, Outcome, Result, Status, fail};
use crate::http::{Body, Cancel, Message};
use crate::net::Call;
use crate::sys::{fork_gate, process};
use crate::time::{Now, clock};
use crate::v3::certificates;
use crate::v3::prepare::{CERTIFICATES_PATH, prepare};
use crate::v3::sign_error;

const PAUSE_S: i64 = 60;
const PAUSE_AFTER_FAILURE_S: i64 = 300;
/// Official guidance: refresh at intervals under 12 hours.
const OLD_S: i64 = 12 * 3600;
/// The most that a request spends on a download it does not depend on.
const OPPORTUNITY: Duration = Duration::from_secs(5);
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
    /// When a download last began.
    tried: AtomicI64,
    /// Why the last one failed, for those who have to wait.
    last_error: ArcSwapOption<Error>,
}

impl Default for State {
    fn default() -> State {
        State {
            succeeded: AtomicI64::new(NEVER),
            failed: AtomicI64::new(NEVER),
            loaded_at: AtomicI64::new(NEVER),
            wanted: AtomicBool::new(false),
            running: AtomicU64::new(0),
            tried: AtomicI64::new(NEVER),
            last_error: ArcSwapOption::empty(),
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

    /// A failure of WeChat Pay's or the network's pauses the next download. One caller's
    /// cancellation, short time or missing key does not stop the others.
    fn failure(&self, error: &Error, had_time: bool) {
        let is_callers = match error.status() {
            Status::Cancelled | Status::ConfigIncomplete => true,
            Status::Timeout | Status::Connect | Status::Dns => !had_time,
            _ => false,
        };
        if !is_callers {
            self.failed.store(monotonic(), Ordering::Relaxed);
            self.last_error.store(Some(Arc::new(error.clone())));
        }
    }

    /// What a caller is told who may not download yet: why the last one failed, and how long.
    fn paused(&self, status: Status, left: i64) -> Error {
        let last = self.last_error.load_full();
        let why = last
            .as_ref()
            .map_or("Another thread's download failed.", |error| {
                &error.fields().message
            });
        let mut error = Error::new(
            status,
            format!("Platform certificates are not downloaded again for {left} seconds. {why}"),
        )
        .outcome(Outcome::NotSent);
        if let Some(last) = &last {
            error
                .fields_mut()
                .diagnosis
                .clone_from(&last.fields().diagnosis);
            error.fields_mut().hint.clone_from(&last.fields().hint);
        }
        error.fields_mut().retry_after_s = u32::try_from(left).ok();
        error
    }

    pub fn loaded_at(&self) -> Option<i64> {
        Some(self.loaded_at.load(Ordering::Relaxed)).filter(|at| *at != NEVER)
    }

    /// Seconds until an automatic refresh may happen.
    fn wait(&self) -> i64 {
        (PAUSE_S - since(&self.succeeded))
            .max(PAUSE_AFTER_FAILURE_S - since(&self.failed))
            .max(0)
    }
}

/// Seconds since a time on the monotonic clock.
fn since(at: &AtomicI64) -> i64 {
    monotonic().saturating_sub(at.load(Ordering::Relaxed))
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
            self.certificates.failure(&error, true);
            super::attach(error, &Client::certificates_request(), &response, now)
        })?;
        self.certificates.loaded(now);
        Ok(())
    }

    /// OK without I/O within 60 seconds of a success, RATE_LIMITED within 60 seconds of a failure.
    pub fn refresh_certificates(&self) -> Result<()> {
        self.merchant.may_have_certificates()?;
        let state = &self.certificates;
        let left = PAUSE_S - since(&state.failed);
        if since(&state.succeeded) >= PAUSE_S && left > 0 {
            return Err(state.paused(Status::RateLimited, left));
        }
        let deadline = Instant::now() + self.timeout;
        self.single_flight(deadline, &Cancel::default())
    }

    /// Before a request. While the keys at hand can verify an answer, a download is worth little:
    /// it gets a part of the time, and nobody waits for another's.
    pub(super) fn refresh_if_due(&self, call: &Call, now: Now) -> Result<()> {
        if !self.auto_certificates || self.merchant.may_have_certificates().is_err() {
            return Ok(());
        }
        if self.ring_is_useless(now) {
            let left = self.certificates.wait();
            if left > 0 {
                return Err(self
                    .certificates
                    .paused(Status::CertificatesUnavailable, left));
            }
            return self.single_flight(call.deadline, &call.cancel);
        }
        let state = &self.certificates;
        if self.certificates_due(now) > 0
            && since(&state.tried) >= PAUSE_S
            && state.running.load(Ordering::Acquire) != process::generation()
        {
            let left = call.deadline.saturating_duration_since(Instant::now());
            let deadline = Instant::now() + (left / 3).min(OPPORTUNITY);
            let _ = self.single_flight(deadline, &call.cancel);
        }
        Ok(())
    }

    /// After an answer that named an unknown serial. What came of it shows in the ring.
    pub(super) fn refresh_for_unknown_serial(&self, call: &Call) {
        if self.auto_certificates && self.certificates.wait() == 0 {
            let _ = self.single_flight(call.deadline, &call.cancel);
        }
    }

    /// One download at a time; who comes second waits for it, within the deadline, and downloads
    /// himself when it ended for a reason that was its caller's alone.
    fn single_flight(&self, deadline: Instant, cancel: &Cancel) -> Result<()> {
        let state = &self.certificates;
        let me = process::generation();
        loop {
            let seen = state.running.load(Ordering::Acquire);
            if seen == me {
                self.wait_for_others(deadline, cancel)?;
                if since(&state.succeeded) < PAUSE_S {
                    return Ok(());
                }
                let left = state.wait();
                if left > 0 {
                    return Err(state.paused(Status::CertificatesUnavailable, left));
                }
                continue;
            }
            let won = state
                .running
                .compare_exchange(seen, me, Ordering::AcqRel, Ordering::Acquire);
            if won.is_ok() {
                break;
            }
        }
        // Another may have finished between the caller's look and now.
        let outcome = if since(&state.succeeded) < PAUSE_S {
            Ok(())
        } else {
            state.tried.store(monotonic(), Ordering::Relaxed);
            let had = deadline.saturating_duration_since(Instant::now());
            let outcome = crate::panic::catch(|| self.download_certificates(deadline, cancel));
            if let Err(error) = &outcome {
                state.failure(error, had >= self.timeout.min(OPPORTUNITY));
            }
            outcome
        };
        state.running.store(0, Ordering::Release);
        outcome
    }

    /// Until no download of this process is at work.
    fn wait_for_others(&self, deadline: Instant, cancel: &Cancel) -> Result<()> {
        let me = process::generation();
        while self.certificates.running.load(Ordering::Acquire) == me {
            if cancel.is_cancelled() {
                return fail(
                    Status::Cancelled,
                    "Cancelled while certificates were downloaded.",
                );
            }
            if Instant::now() >= deadline {
                return fail(
                    Status::Timeout,
                    "The deadline passed while another thread downloaded the platform certificates.",
                );
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    fn download_certificates(&self, deadline: Instant, cancel: &Cancel) -> Result<()> {
        let now = clock();
        let mut call = Call::new(deadline, cancel.clone());
        let mut request = prepare(&self.merchant, &Client::certificates_request(), now)?;
        let incoming = match self.exchange_once(&request, &mut call, false) {
            Err(failure) if self.fail_over(&mut request, &call, &failure) => self
                .exchange_once(&request, &mut call, false)
                .map_err(|second| both(second.error, &failure.error)),
            result => result.map_err(|failure| failure.error),
        }?;
        let mut response = super::send::response(incoming);
        certificates::load(&self.merchant, &mut response, clock()).map_err(|mut error| {
            if response.status() >= 300 {
                sign_error::diagnose(&mut error, &self.merchant, &request, &response, now);
            }
            super::attach(error, &request, &response, now)
        })?;
        self.certificates.loaded(now);
        Ok(())
    }
}
