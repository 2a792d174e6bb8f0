//! Where the bytes of a file come from: the network, a body that had to be here first, or an
//! encrypted file that was put aside and whose tag was right.

use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use super::Limits;
use crate::crypto::aead::TAG_LEN;
use crate::crypto::gcm::Opening;
use crate::error::{Error, Result, Status, fail};
use crate::http::{Body, Cancel};
use crate::net::Streaming;
use crate::secret::Zeroizing;
use crate::sys::Spool;
use crate::v3::download::Sealed;

const PIECE: usize = 64 * 1024;

/// What other threads may see and ask while one reads.
#[derive(Clone)]
pub struct Line {
    pub cancel: Cancel,
    /// Bytes that came over the network.
    pub received: Arc<AtomicI64>,
    /// For each read.
    timeout: Duration,
}

impl Line {
    pub fn new(cancel: Cancel, timeout: Duration) -> Line {
        Line {
            cancel,
            received: Arc::default(),
            timeout,
        }
    }

    fn check(&self) -> Result<()> {
        if self.cancel.is_cancelled() {
            return fail(Status::Cancelled, "Cancelled while the file was read.");
        }
        Ok(())
    }
}

pub enum Input {
    Network(Box<Streaming>),
    Here {
        body: Body,
        at: usize,
    },
    /// Not one byte of it was read yet.
    Sealed {
        from: Box<Input>,
        sealed: Sealed,
        limits: Limits,
    },
    Opened(Box<Opened>),
}

/// A ciphertext whose tag was right, decrypted while it is read the second time.
pub struct Opened {
    spool: Spool,
    at: u64,
    end: u64,
    opening: Opening,
}

impl Input {
    /// 0 at the end.
    fn read(&mut self, into: &mut [u8], line: &Line) -> Result<usize> {
        line.check()?;
        match self {
            Input::Network(answer) => {
                let taken = answer.read(into, Instant::now() + line.timeout)?;
                line.received.fetch_add(signed(taken), Ordering::Relaxed);
                Ok(taken)
            }
            Input::Here { body, at } => {
                let taken = into.len().min(body.len() - *at);
                into[..taken].copy_from_slice(&body[*at..*at + taken]);
                *at += taken;
                line.received.fetch_add(signed(taken), Ordering::Relaxed);
                Ok(taken)
            }
            Input::Sealed {
                from,
                sealed,
                limits,
            } => {
                *self = open(from, sealed, *limits, line)?;
                self.read(into, line)
            }
            Input::Opened(opened) => opened.read(into),
        }
    }
}

impl Opened {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let room = into.len().min(left);
        let taken = self.spool.read_at(self.at, &mut into[..room])?;
        if taken == 0 && room > 0 {
            return Err(shrunk());
        }
        self.opening.decrypt(&mut into[..taken]);
        self.at += taken as u64;
        Ok(taken)
    }
}

/// The whole ciphertext is put aside, then gone through for its tag. Plaintext is there after that
/// and not before (S15).
fn open(from: &mut Input, sealed: &Sealed, limits: Limits, line: &Line) -> Result<Input> {
    let mut spool = Spool::new(limits.in_memory);
    let mut piece = vec![0; PIECE];
    loop {
        let taken = from.read(&mut piece, line)?;
        if taken == 0 {
            break;
        }
        limits.check((spool.size() + taken as u64).saturating_sub(TAG_LEN as u64))?;
        spool.push(&piece[..taken])?;
    }
    let Some(end) = spool.size().checked_sub(TAG_LEN as u64) else {
        return fail(
            Status::DecryptFailed,
            format!(
                "An encrypted file has {TAG_LEN} bytes at least, this has {}.",
                spool.size()
            ),
        )
        .map_err(|error| error.hint("Ask for the bill again; this is no encrypted file."));
    };
    let mut checking = sealed.checking()?;
    let mut at = 0;
    while at < end {
        line.check()?;
        let room = usize::try_from(end - at).unwrap_or(PIECE).min(PIECE);
        let taken = spool.read_at(at, &mut piece[..room])?;
        if taken == 0 {
            return Err(shrunk());
        }
        checking.update(&piece[..taken]);
        at += taken as u64;
    }
    let mut tag = [0; TAG_LEN];
    let mut have = 0;
    while have < TAG_LEN {
        match spool.read_at(end + have as u64, &mut tag[have..])? {
            0 => return Err(shrunk()),
            taken => have += taken,
        }
    }
    Ok(Input::Opened(Box::new(Opened {
        spool,
        at: 0,
        end,
        opening: checking.finish(&tag)?,
    })))
}

fn shrunk() -> Error {
    Error::new(
        Status::FileUnreadable,
        "The temporary file has become shorter than what was written to it.",
    )
}

fn signed(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// The input with a buffer, as `flate2` wants it. Our own error waits in `failure`, because an
/// `io::Error` cannot carry its fields.
pub struct Raw {
    input: Input,
    line: Line,
    limits: Limits,
    /// What was encrypted is in clear here.
    buffer: Zeroizing<Vec<u8>>,
    start: usize,
    end: usize,
    /// Bytes that were used.
    pub consumed: u64,
    pub failure: Option<Error>,
}

impl Raw {
    pub fn new(input: Input, line: Line, limits: Limits) -> Raw {
        Raw {
            input,
            line,
            limits,
            buffer: Zeroizing::default(),
            start: 0,
            end: 0,
            consumed: 0,
            failure: None,
        }
    }

    /// Looks at the first bytes without using them.
    pub fn starts_with(&mut self, magic: &[u8]) -> Result<bool> {
        while self.end - self.start < magic.len() {
            if self.more()? == 0 {
                return Ok(false);
            }
        }
        Ok(self.buffer[self.start..self.end].starts_with(magic))
    }

    /// Past the buffer when that is empty.
    pub fn take(&mut self, into: &mut [u8]) -> Result<usize> {
        let taken = if self.start < self.end {
            let taken = into.len().min(self.end - self.start);
            into[..taken].copy_from_slice(&self.buffer[self.start..self.start + taken]);
            self.start += taken;
            taken
        } else {
            self.input.read(into, &self.line)?
        };
        self.consumed += taken as u64;
        Ok(taken)
    }

    pub fn is_at_end(&mut self) -> Result<bool> {
        Ok(self.start == self.end && self.more()? == 0)
    }

    fn more(&mut self) -> Result<usize> {
        if self.buffer.is_empty() {
            self.buffer = Zeroizing::new(vec![0; PIECE]);
        }
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
        }
        let taken = self.input.read(&mut self.buffer[self.end..], &self.line)?;
        self.end += taken;
        self.limits.check_sent(self.consumed + taken as u64)?;
        Ok(taken)
    }
}

impl BufRead for Raw {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end
            && let Err(error) = self.more()
        {
            self.failure = Some(error);
            return Err(io::Error::other("input"));
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, amount: usize) {
        self.start += amount;
        self.consumed += amount as u64;
    }
}

impl Read for Raw {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(into)?;
        self.consume(taken);
        Ok(taken)
    }
}
