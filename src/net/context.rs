//! What one exchange knows about itself while ureq runs it. ureq gives a connector nothing but a
//! URL, and runs everything on the calling thread: so the facts travel in a thread-local that is
//! set for the length of the exchange and cleared on every way out.

use std::cell::RefCell;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::core::{Core, Tls};
use super::trace::Attempt;
use crate::error::Error;
use crate::http::{Cancel, Origin};

/// Why a wait was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Cancelled,
    /// The time of this wait is over.
    Deadline,
}

/// Asked at least every 100 ms while waiting.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    pub cancel: Cancel,
    pub deadline: Instant,
}

impl Watch {
    pub fn check(&self) -> Result<(), Stop> {
        if self.cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        if Instant::now() >= self.deadline {
            return Err(Stop::Deadline);
        }
        Ok(())
    }

    /// The same with an earlier end.
    pub fn until(&self, end: Instant) -> Watch {
        Watch {
            cancel: self.cancel.clone(),
            deadline: self.deadline.min(end),
        }
    }
}

/// A read or write that only ran out of its 100 ms slice: look at the watch and go on.
pub(super) fn slice_over(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}

pub(super) struct Context {
    pub core: Arc<Core>,
    /// None for plain http.
    pub tls: Option<Arc<Tls>>,
    pub origin: Origin,
    pub watch: Watch,
    /// Length of the request's body, to know when it is completely written.
    pub body: usize,

    /// The first byte was handed to TLS (or to TCP for plain http). Set before it is (S1).
    pub wrote: bool,
    pub wrote_all: bool,
    pub response_started: bool,
    pub early: bool,
    /// A connection was made for this exchange; false when a pooled one is used.
    pub fresh: bool,
    pub asked_for_client_certificate: bool,
    /// How long the server keeps an idle connection, less a margin, when it said so.
    pub idle_limit: Option<Duration>,
    /// The cause, kept here because ureq's errors cannot carry it.
    pub failure: Option<Error>,
    pub attempt: Attempt,
}

thread_local! {
    static CURRENT: RefCell<Option<Context>> = const { RefCell::new(None) };
}

/// Takes the context away again, on unwind too, and never without keeping whether a byte of the
/// request was written: a panic after that must not read as "nothing was sent" (S1).
pub(super) struct Entered<'a> {
    wrote: &'a mut bool,
}

impl<'a> Entered<'a> {
    pub fn new(context: Context, wrote: &'a mut bool) -> Entered<'a> {
        CURRENT.with_borrow_mut(|current| *current = Some(context));
        Entered { wrote }
    }

    pub fn leave(self) -> Option<Context> {
        let context = CURRENT.with_borrow_mut(Option::take);
        *self.wrote |= context.as_ref().is_none_or(|context| context.wrote);
        context
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        // Taken out of the cell first: dropping it may run code that looks at the cell.
        if let Some(gone) = CURRENT.with_borrow_mut(Option::take) {
            *self.wrote |= gone.wrote;
        }
    }
}

/// Runs with the present exchange; None outside of one.
pub(super) fn with<T>(run: impl FnOnce(&mut Context) -> T) -> Option<T> {
    CURRENT.with_borrow_mut(|current| current.as_mut().map(run))
}

/// The watch of the present exchange; outside of one, one that has ended.
pub(super) fn watch() -> Watch {
    with(|context| context.watch.clone()).unwrap_or_else(|| Watch {
        cancel: Cancel::default(),
        deadline: Instant::now(),
    })
}
