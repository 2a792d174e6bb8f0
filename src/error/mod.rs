//! What every fallible function returns: a status, a sentence on what is wrong with the values
//! seen, a hint on what to do, and the outcome, which is the field that matters for money
//! (safety.md S1, S2).

mod diagnosis;
mod json;
mod status;

use std::fmt;
use std::sync::Arc;

pub use diagnosis::{CAUSES, Cause, CauseRow, Diagnosis, Severity};
pub use status::{Row, Status, TABLE};

use crate::http::Message;

pub type Result<T> = std::result::Result<T, Error>;

/// What is known about the request at WeChat Pay. `Unknown` is zero on purpose: everything that
/// nobody decided reads as "query before retrying".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(i32)]
pub enum Outcome {
    #[default]
    Unknown = 0,
    /// No byte of the request was handed to any connection.
    NotSent = 1,
    /// WeChat Pay refused the request with a complete, documented error.
    Rejected = 2,
    /// A complete 2xx arrived over verified TLS, but its signature did not verify.
    DoneUnverified = 3,
}

/// An error with all its fields; boxed so that `Result` stays small.
#[derive(Clone, Debug)]
pub struct Error(Box<Fields>);

#[derive(Clone, Debug)]
pub struct Fields {
    pub status: Status,
    pub message: String,
    pub hint: String,
    pub outcome: Outcome,
    /// The same call with the same business numbers may be repeated now, never with new ones.
    pub retryable: bool,
    pub retry_after_s: Option<u32>,
    pub http_status: u16,
    pub api_code: String,
    pub api_message: String,
    pub request_id: String,
    /// The number at the end of Request-ID.
    pub internal_code: Option<u32>,
    pub request: Option<Arc<Message>>,
    /// Not authenticated.
    pub response: Option<Arc<Message>>,
    /// Length of the body as it came; `response` lacks the body when it failed verification.
    pub response_bytes: usize,
    /// JSON; empty when nothing was sent.
    pub trace: String,
    pub diagnosis: Vec<Diagnosis>,
    /// The caller gave the time (`now` ≠ 0), so a wrong clock is the caller's.
    pub clock_is_callers: bool,
}

impl Error {
    /// The hint starts as the cure in the table of statuses; outcome starts as UNKNOWN.
    pub fn new(status: Status, message: impl Into<String>) -> Error {
        Error(Box::new(Fields {
            status,
            message: message.into(),
            hint: status.row().cure.to_owned(),
            outcome: Outcome::Unknown,
            retryable: false,
            retry_after_s: None,
            http_status: 0,
            api_code: String::new(),
            api_message: String::new(),
            request_id: String::new(),
            internal_code: None,
            request: None,
            response: None,
            response_bytes: 0,
            trace: String::new(),
            diagnosis: Vec::new(),
            clock_is_callers: false,
        }))
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.0.hint = hint.into();
        self
    }

    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Error {
        self.0.outcome = outcome;
        self
    }

    #[must_use]
    pub fn diagnosed(mut self, diagnosis: Diagnosis) -> Error {
        self.0.diagnosis.push(diagnosis);
        self
    }

    pub fn status(&self) -> Status {
        self.0.status
    }

    pub fn fields(&self) -> &Fields {
        &self.0
    }

    pub fn fields_mut(&mut self) -> &mut Fields {
        &mut self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.status.row().name, self.0.message)?;
        if !self.0.hint.is_empty() {
            write!(f, " {}", self.0.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// `Err(Error::new(...))` in one word; most errors are made where they are returned.
pub fn fail<T>(status: Status, message: impl Into<String>) -> Result<T> {
    Err(Error::new(status, message))
}
