//! The body of an answer that is read in pieces, over several calls and from whatever thread asks.
//! Between two reads nothing is at work: each read enters the exchange's context anew. Dropped
//! before its end it closes the connection; only a body read to its end gives it back to the pool.

use std::sync::Arc;
use std::time::Instant;

use ureq::BodyReader;

use super::body::{self, Unfinished, read_some};
use super::context::{Context, Entered};
use super::http1::Answer;
use super::trace::Attempt;
use super::transport::{Attempted, DiscardOnPanic, Transport, error_of};
use crate::error::{Error, Result, Status};
use crate::http::Headers;

pub struct Streaming {
    pub status: u16,
    pub headers: Headers,
    /// Of the body, when the headers say it.
    pub length: Option<u64>,
    /// It began before the request was completely written (S2).
    pub early: bool,
    pub reused: bool,
    reader: BodyReader<'static>,
    /// None when a panic has taken it.
    context: Option<Context>,
    transport: Arc<Transport>,
    peer: String,
}

impl Streaming {
    pub(super) fn new(
        transport: Arc<Transport>,
        answer: Answer,
        attempted: Attempted,
        peer: String,
    ) -> Streaming {
        Streaming {
            status: answer.status,
            headers: answer.headers,
            length: answer.length,
            early: attempted.early,
            reused: attempted.reused,
            reader: answer.reader,
            context: Some(attempted.context),
            transport,
            peer,
        }
    }

    /// Waits until `deadline` for at least one byte; 0 is the end, and it came as the headers said.
    pub fn read(&mut self, into: &mut [u8], deadline: Instant) -> Result<usize> {
        self.within(deadline, |reader| read_some(reader, into))
    }

    /// All that is left, within `limit` bytes and until `deadline`.
    pub fn rest(&mut self, limit: usize, deadline: Instant) -> Result<Vec<u8>> {
        let length = self.length;
        self.within(deadline, |reader| body::read(reader, length, limit))
    }

    fn within<T>(
        &mut self,
        deadline: Instant,
        run: impl FnOnce(&mut BodyReader<'static>) -> std::result::Result<T, Unfinished>,
    ) -> Result<T> {
        let Some(mut context) = self.context.take() else {
            return Err(Error::new(
                Status::Internal,
                "This download was broken by an earlier panic.",
            ));
        };
        context.watch.deadline = deadline;
        context.attempt = Attempt::start(&context.origin);
        let discard = DiscardOnPanic(&self.transport);
        let mut wrote = true;
        let entered = Entered::new(context, &mut wrote);
        let result = run(&mut self.reader);
        let left = entered.leave();
        std::mem::forget(discard);
        let Some(mut context) = left else {
            return Err(Error::new(
                Status::Internal,
                "The exchange lost its context.",
            ));
        };
        let result = result.map_err(|unfinished| error_of(unfinished, &mut context, &self.peer));
        self.context = Some(context);
        result
    }
}
