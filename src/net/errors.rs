//! From a broken connection or answer to what a person reads: status, the values seen, what to
//! do.

use std::io::ErrorKind;
use std::time::Duration;

use super::context::Stop;
use super::stream::Broken;
use super::tls_errors;
use crate::error::{Error, Status};
use crate::http::headers::shown;

pub(super) fn cancelled(phase: &str) -> Error {
    Error::new(
        Status::Cancelled,
        format!("Cancelled by the caller {phase}."),
    )
}

pub(super) fn timeout(phase: &str) -> Error {
    Error::new(Status::Timeout, format!("The deadline passed {phase}."))
}

/// While a request was written or its response was awaited or read.
pub(super) fn exchange(broken: &Broken, facts: &Facts<'_>) -> Error {
    let Facts {
        host,
        peer,
        phase,
        asked,
        response_started,
        elapsed,
    } = *facts;
    match broken {
        Broken::Stopped(Stop::Cancelled) => cancelled(phase),
        Broken::Stopped(Stop::Deadline) => timeout(&format!(
            "{phase} ({peer}, after {} ms)",
            elapsed.as_millis()
        )),
        Broken::Tls(error) => tls_errors::tls(error, host, peer, asked, false),
        Broken::Io(error) if response_started => Error::new(
            Status::BodyTruncated,
            format!(
                "{peer} closed the connection in the middle of its answer ({}).",
                io_text(error)
            ),
        ),
        Broken::Io(error) => Error::new(
            Status::Io,
            format!(
                "The connection to {peer} broke {phase} ({}).",
                io_text(error)
            ),
        ),
    }
}

#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub host: &'a str,
    pub peer: &'a str,
    /// "while the request was written".
    pub phase: &'a str,
    pub asked: bool,
    pub response_started: bool,
    /// Since the exchange began.
    pub elapsed: Duration,
}

pub(super) fn io_text(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::UnexpectedEof => "closed without a proper end".to_owned(),
        ErrorKind::ConnectionReset => "connection reset".to_owned(),
        ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        ErrorKind::BrokenPipe => "closed by the peer".to_owned(),
        ErrorKind::TimedOut => "no answer in time".to_owned(),
        _ => error.to_string(),
    }
}

/// ureq's own findings; what our connection found is in the context. `peer` is for people.
pub(super) fn translate(error: &ureq::Error, peer: &str, response_started: bool) -> Error {
    use ureq::Error as Ureq;
    let (status, message) = match error {
        Ureq::Protocol(what) => (
            Status::HttpProtocol,
            // Some of these texts repeat the peer's bytes.
            format!(
                "The answer of {peer} is not HTTP/1.1: {}.",
                shown(&what.to_string())
            ),
        ),
        Ureq::LargeResponseHeader(size, most) => (
            Status::HttpProtocol,
            format!(
                "The answer of {peer} has a header of {size} bytes or more; the limit is {most}."
            ),
        ),
        Ureq::Io(io) if io.kind() == ErrorKind::UnexpectedEof && response_started => (
            Status::BodyTruncated,
            format!(
                "The answer of {peer} ended before its end: fewer bytes came than its header says."
            ),
        ),
        Ureq::BodyStalled => (
            Status::BodyTruncated,
            format!("The answer of {peer} stopped before its end."),
        ),
        Ureq::Io(io) if io.kind() == ErrorKind::UnexpectedEof => (
            Status::Io,
            format!("{peer} closed the connection without an answer."),
        ),
        Ureq::Io(io) => (
            Status::Io,
            format!("The connection to {peer} broke ({}).", io_text(io)),
        ),
        Ureq::Http(what) => (
            Status::InvalidArgument,
            format!("The request cannot be sent: {what}."),
        ),
        Ureq::BadUri(what) => (
            Status::UrlRefused,
            format!("The URL cannot be sent: {}.", shown(what)),
        ),
        other => (
            Status::Internal,
            format!("The HTTP layer failed: {}.", shown(&other.to_string())),
        ),
    };
    Error::new(status, message)
}
