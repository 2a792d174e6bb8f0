//! One connection as ureq sees it: buffers, writes, reads, and whether it may be used again. It
//! keeps the deadline and the cancellation itself, so that ureq needs no timeouts, and tells an
//! answer that was cut off from one that ended (trust.md §1.2).

use std::io::{self, Read};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use super::buffers::WireBuffers;
use super::context::{self, Watch};
use super::errors::{self, Facts};
use super::stream::{Broken, Stream, patiently};
use crate::time::clock;

#[derive(Debug)]
pub(super) struct Wire {
    stream: Stream,
    peer: SocketAddr,
    /// Of the binding that led here (S32).
    expires_at: Option<i64>,
    buffers: WireBuffers,
    /// The request's head, kept back to go out in one record with the body.
    held: Vec<u8>,
    /// Where in the request this connection is.
    head_done: bool,
    body_left: usize,
    writes: usize,
    closed: bool,
    /// What the server last said about idle connections, and since when this one is idle.
    idle_limit: Option<Duration>,
    idle_since: Instant,
}

impl Wire {
    pub fn new(stream: Stream, peer: SocketAddr, expires_at: Option<i64>) -> Wire {
        Wire {
            stream,
            peer,
            expires_at,
            buffers: WireBuffers::new(),
            held: Vec::new(),
            head_done: false,
            body_left: 0,
            writes: 0,
            closed: false,
            idle_limit: None,
            idle_since: Instant::now(),
        }
    }

    fn transmit(&mut self, amount: usize, watch: &Watch) -> Result<(), Broken> {
        if !self.head_done {
            let part = &self.buffers.output()[..amount];
            if self.held.is_empty() && self.writes == 0 {
                self.body_left = context::with(|context| context.body).unwrap_or(0);
            }
            // ureq may hand the head out in parts, and its last two line ends apart.
            self.held.extend_from_slice(part);
            self.head_done = self.held.ends_with(b"\r\n\r\n");
            if !self.head_done || self.body_left > 0 {
                self.buffers.expect_body(self.body_left);
                return Ok(());
            }
            return self.write(0, watch);
        }
        self.body_left = self.body_left.saturating_sub(amount);
        self.write(amount, watch)
    }

    fn write(&mut self, amount: usize, watch: &Watch) -> Result<(), Broken> {
        if amount == 0 && self.held.is_empty() {
            return Ok(());
        }
        if self.writes > 0 {
            self.look_for_an_early_answer();
        }
        watch.check()?;
        crate::panic::strike!("before the first write");
        // Before the first byte can be anywhere but here (S1).
        context::with(|context| context.wrote = true);
        self.writes += 1;
        let part = &self.buffers.output()[..amount];
        if self.held.is_empty() {
            self.stream.send(part, watch)?;
        } else {
            self.held.extend_from_slice(part);
            self.stream.send(&self.held, watch)?;
            self.held.clear();
        }
        crate::panic::strike!("after the first write");
        // No look after the last write: a fast peer has rightly begun to answer by then.
        if self.head_done && self.body_left == 0 {
            context::with(|context| context.wrote_all = true);
        }
        Ok(())
    }

    /// An answer that begins before the request is complete does not answer the request (S2).
    fn look_for_an_early_answer(&mut self) {
        if self.stream.has_answer() {
            context::with(|context| {
                context.early = true;
                context.response_started = true;
            });
        }
    }

    fn receive(&mut self, watch: &Watch) -> Result<bool, Broken> {
        let into = self.buffers.input_append_buf();
        crate::panic::strike!("in a read from the network");
        let taken = patiently(watch, || self.stream.read(into))?;
        self.buffers.input_appended(taken);
        if taken == 0 {
            // A proper end: close_notify, or FIN on a plain connection.
            self.closed = true;
            return Ok(false);
        }
        context::with(|context| {
            if !context.response_started || context.attempt.first_byte.is_none() {
                context.response_started = true;
                context.attempt.first_byte = Some(context.attempt.elapsed());
            }
        });
        Ok(true)
    }

    /// Keeps the cause where the exchange finds it. ureq gets a kind of error that it does not
    /// take for a proper end of the body.
    fn broken(&mut self, mut broken: Broken, phase: &str) -> ureq::Error {
        self.closed = true;
        // The peer may have said why in an alert before it closed.
        if let (Broken::Io(_), Stream::Tls(tls)) = (&broken, &mut self.stream)
            && let Some(alert) = tls.last_words()
        {
            broken = Broken::Tls(alert);
        }
        let peer = self.peer.to_string();
        context::with(|context| {
            let error = errors::exchange(
                &broken,
                &Facts {
                    host: &context.origin.host,
                    peer: &peer,
                    phase,
                    asked: context.asked_for_client_certificate,
                    response_started: context.response_started,
                    elapsed: context.attempt.elapsed(),
                },
            );
            context.failure = Some(error);
        });
        ureq::Error::Io(io::Error::other("wire"))
    }

    /// Ready for the next request.
    fn reset(&mut self) {
        self.held = Vec::new();
        self.head_done = false;
        self.body_left = 0;
        self.writes = 0;
        self.buffers.shrink();
    }
}

impl Transport for Wire {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        self.transmit(amount, &context::watch())
            .map_err(|broken| self.broken(broken, "while the request was written"))
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        self.receive(&context::watch()).map_err(|broken| {
            let started = context::with(|context| context.response_started).unwrap_or(false);
            self.broken(
                broken,
                if started {
                    "while the response was read"
                } else {
                    "while the response was awaited"
                },
            )
        })
    }

    fn is_open(&mut self) -> bool {
        if self.closed || self.expires_at.is_some_and(|at| clock().seconds >= at) {
            return false;
        }
        self.reset();
        // On the way back to the pool what is already here is enough: the socket is looked at
        // when the connection is taken out again.
        let said = context::with(|context| (context.wrote, context.idle_limit));
        if let Some((true, limit)) = said {
            self.idle_limit = limit.or(self.idle_limit);
            self.idle_since = Instant::now();
            return self.stream.quiet();
        }
        if self
            .idle_limit
            .is_some_and(|limit| self.idle_since.elapsed() >= limit)
        {
            return false;
        }
        self.stream.is_clean()
    }

    fn is_tls(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }
}
