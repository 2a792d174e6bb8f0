//! A download at work. One thread reads at a time and no lock is waited for; every thread may ask
//! how far it is, or cancel. A child leaves its parent's alone (design.md §8).

use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

use super::content::Content;
use super::input::Line;
use crate::error::{Error, Outcome, Result, Status, fail};
use crate::http::{Message, Verified};
use crate::memory;
use crate::secret::Zeroizing;
use crate::sys::{IN_MEMORY, Spool, process};

const PIECE: usize = 64 * 1024;

/// For errors and for who asks; fixed when the download began.
pub struct Facts {
    pub request: Arc<Message>,
    pub request_id: String,
    pub trace: String,
    pub total: Option<u64>,
    /// Signature, tag or digest: at its end the content was proved.
    pub proved: bool,
}

pub struct Download {
    /// None after a fork, when it was left to the parent.
    state: Option<Box<Mutex<State>>>,
    generation: u64,
    line: Line,
    facts: Facts,
    verified: AtomicI32,
}

struct State {
    content: Content,
    /// Some byte was asked for.
    begun: bool,
    /// `spool` has its bytes: who read on would take the rest, or nothing, for the whole file.
    spooled: bool,
    /// How it ended; the same again for who reads on.
    end: Option<Result<()>>,
}

impl Download {
    pub(super) fn new(content: Content, line: Line, facts: Facts) -> Download {
        Download {
            state: Some(Box::new(Mutex::new(State {
                content,
                begun: false,
                spooled: false,
                end: None,
            }))),
            generation: process::generation(),
            line,
            facts,
            verified: AtomicI32::new(Verified::NotChecked as i32),
        }
    }

    /// Up to `into.len()` bytes, at least one. 0 is the end: only then length, digest and tag were
    /// right. After an error the same error again.
    pub fn read(&self, into: &mut [u8]) -> Result<usize> {
        let mut state = self.alone()?;
        if state.spooled && !matches!(state.end, Some(Err(_))) {
            return fail(
                Status::InvalidState,
                "wxpay_bill_open_download has taken this file; nothing of it can be read here.",
            )
            .map_err(|error| error.hint("Begin a download anew."));
        }
        self.step(&mut state, into)
    }

    /// To the end, for a reader that needs all of it first: nothing may have been read.
    pub fn spool(&self) -> Result<Spool> {
        let mut state = self.unread()?;
        state.spooled = true;
        let mut spool = Spool::new(IN_MEMORY);
        let mut piece = Zeroizing::new(vec![0; PIECE]);
        loop {
            let taken = self.step(&mut state, &mut piece)?;
            if taken == 0 {
                return Ok(spool);
            }
            if let Err(error) = spool.push(&piece[..taken]) {
                let error = self.about(error);
                state.end = Some(Err(error.clone()));
                return Err(error);
            }
        }
    }

    /// To the end, in memory; the limits were set when it began.
    pub(super) fn whole(&self) -> Result<Zeroizing<Vec<u8>>> {
        let mut state = self.unread()?;
        let mut whole = Zeroizing::new(Vec::new());
        let mut piece = Zeroizing::new(vec![0; PIECE]);
        loop {
            let taken = self.step(&mut state, &mut piece)?;
            if taken == 0 {
                return Ok(whole);
            }
            if whole.try_reserve(taken).is_err() {
                return Err(self.about(memory::none(whole.len() + taken)));
            }
            whole.extend_from_slice(&piece[..taken]);
        }
    }

    pub fn received(&self) -> i64 {
        self.line.received.load(Ordering::Relaxed)
    }

    pub fn total(&self) -> i64 {
        self.facts
            .total
            .and_then(|total| i64::try_from(total).ok())
            .unwrap_or(-1)
    }

    pub fn verified(&self) -> i32 {
        self.verified.load(Ordering::Relaxed)
    }

    pub fn cancel(&self) {
        self.line.cancel.cancel();
    }

    fn step(&self, state: &mut State, into: &mut [u8]) -> Result<usize> {
        state.begun = true;
        match &state.end {
            Some(Ok(())) => return Ok(0),
            Some(Err(error)) => return Err(error.clone()),
            None => {}
        }
        crate::panic::strike!("in a read of a download");
        match state.content.read(into) {
            Ok(0) => {
                let verified = if self.facts.proved {
                    Verified::Signature
                } else {
                    Verified::NotSignedByDesign
                };
                self.verified.store(verified as i32, Ordering::Relaxed);
                state.end = Some(Ok(()));
                Ok(0)
            }
            Ok(taken) => Ok(taken),
            Err(error) => {
                let error = self.about(error);
                state.end = Some(Err(error.clone()));
                Err(error)
            }
        }
    }

    fn unread(&self) -> Result<MutexGuard<'_, State>> {
        let state = self.alone()?;
        if state.begun {
            return fail(
                Status::InvalidState,
                "Something of this download was read already.",
            )
            .map_err(|error| {
                error.hint("Begin a download anew, and read nothing from it yourself.")
            });
        }
        Ok(state)
    }

    fn alone(&self) -> Result<MutexGuard<'_, State>> {
        let ours = self.generation == process::generation();
        let Some(state) = self.state.as_ref().filter(|_| ours) else {
            return fail(
                Status::Forked,
                "This download was begun before the fork, in the parent process.",
            );
        };
        match state.try_lock() {
            Ok(state) => Ok(state),
            Err(TryLockError::WouldBlock) => fail(
                Status::InvalidState,
                "Another thread reads from this download now.",
            )
            .map_err(|error| error.hint("One thread reads at a time.")),
            Err(TryLockError::Poisoned(_)) => fail(
                Status::Internal,
                "This download was broken by an earlier panic.",
            ),
        }
    }

    /// What the error is about. The request was sent and answered, so it is never NOT_SENT.
    fn about(&self, error: Error) -> Error {
        let mut error = advised(error);
        let fields = error.fields_mut();
        fields.outcome = Outcome::Unknown;
        fields.http_status = 200;
        fields.request_id.clone_from(&self.facts.request_id);
        fields.trace.clone_from(&self.facts.trace);
        fields.request = Some(Arc::clone(&self.facts.request));
        fields.retryable = !matches!(
            fields.status,
            Status::BodyTooLarge | Status::DecryptFailed | Status::FileUnreadable
        );
        error
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        if self.generation != process::generation() {
            // It may be locked by a thread that does not exist here, and its socket is the parent's.
            std::mem::forget(self.state.take());
        }
    }
}

/// The table's cures are for orders. A file moves no money: it is fetched again.
pub(super) fn advised(mut error: Error) -> Error {
    let fields = error.fields_mut();
    let is_tables = fields.hint == fields.status.row().cure;
    if is_tables
        && matches!(
            fields.status,
            Status::Timeout
                | Status::Io
                | Status::BodyTruncated
                | Status::HttpProtocol
                | Status::Cancelled
                | Status::OutOfMemory
        )
    {
        "Throw away what came and begin the download anew; when the download_url is older than five minutes, ask for a new one first.".clone_into(&mut fields.hint);
    }
    error
}
