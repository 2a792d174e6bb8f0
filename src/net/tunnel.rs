//! The CONNECT step of an HTTP proxy (RFC 9110 §9.3.6): any 2xx opens the tunnel, 407 has its own
//! status, everything else is reported with the proxy's own words. ureq's step accepts 200 only
//! and loses the answer.

use super::context::{Stop, Watch};
use super::errors;
use super::proxy::{Proxy, authority};
use super::stream::{Broken, Stream, patiently};
use super::tls_errors;
use crate::error::{Cause, Diagnosis, Error, Status};
use crate::http::headers::shown;
use crate::secret::Zeroizing;
use std::io::Read;

/// More than this is no answer to a CONNECT.
const MOST_HEADER: usize = 16 * 1024;

/// Asks `proxy`, to which `stream` leads, for a tunnel to `host:port`.
pub(super) fn open(
    stream: &mut Stream,
    proxy: &Proxy,
    host: &str,
    port: u16,
    user_agent: &str,
    watch: &Watch,
) -> Result<(), Error> {
    let target = authority(host, port);
    let mut request = Zeroizing::new(String::with_capacity(1024));
    request.push_str(&format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"));
    if !user_agent.is_empty() && user_agent.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
        request.push_str(&format!("User-Agent: {user_agent}\r\n"));
    }
    if let Some(authorization) = proxy.authorization() {
        request.push_str("Proxy-Authorization: ");
        request.push_str(&authorization);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    let broke = |broken: Broken| match broken {
        Broken::Stopped(Stop::Cancelled) => errors::cancelled("while the proxy was asked"),
        Broken::Stopped(Stop::Deadline) => Error::new(
            Status::Timeout,
            format!("The proxy {proxy} did not answer CONNECT {target} in time."),
        ),
        Broken::Tls(error) => tls_errors::tls(&error, &proxy.host, &proxy.to_string(), false, true),
        Broken::Io(error) => refused(
            proxy,
            format!(
                "The proxy {proxy} closed the connection instead of answering CONNECT {target} ({}).",
                errors::io_text(&error)
            ),
        ),
    };
    crate::panic::strike!("with the proxy's password at hand");
    stream.send(request.as_bytes(), watch).map_err(broke)?;
    let mut answer = Vec::with_capacity(1024);
    let head = loop {
        if let Some(end) = find_end(&answer) {
            break end;
        }
        if answer.len() > MOST_HEADER {
            return Err(refused(
                proxy,
                format!("The proxy {proxy} answers CONNECT {target} with an endless header."),
            ));
        }
        let mut chunk = [0; 2048];
        let taken = patiently(watch, || stream.read(&mut chunk)).map_err(broke)?;
        if taken == 0 {
            return Err(broke(Broken::Io(std::io::ErrorKind::UnexpectedEof.into())));
        }
        answer.extend_from_slice(&chunk[..taken]);
    };
    let line = answer.split(|byte| *byte == b'\n').next().unwrap_or(&[]);
    let line = String::from_utf8_lossy(line);
    let line = shown(line.trim_end());
    let code = status(&line);
    match code {
        // A server does not speak before the client in TLS: bytes here are not the server's.
        Some(200..=299) if answer.len() == head => Ok(()),
        Some(200..=299) => Err(refused(
            proxy,
            format!("The proxy {proxy} sends bytes of its own into the tunnel to {target}."),
        )),
        Some(407) => Err(Error::new(
            Status::ProxyAuth,
            if proxy.has_credentials() {
                format!("The proxy {proxy} refuses the user and password it was given: {line}.")
            } else {
                format!("The proxy {proxy} wants a user and password: {line}.")
            },
        )
        .diagnosed(Diagnosis::new(
            Cause::ProxyAuth,
            format!("the proxy {proxy} answers 407"),
        ))),
        _ => Err(refused(
            proxy,
            format!("The proxy {proxy} refuses CONNECT {target}: {line}."),
        )),
    }
}

fn refused(proxy: &Proxy, message: String) -> Error {
    Error::new(Status::Proxy, message).diagnosed(Diagnosis::new(
        Cause::ProxyRefused,
        format!("the proxy {proxy} does not open the tunnel"),
    ))
}

fn find_end(bytes: &[u8]) -> Option<usize> {
    let crlf = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let lf = bytes.windows(2).position(|two| two == b"\n\n");
    match (crlf, lf) {
        (Some(crlf), Some(lf)) if lf < crlf => Some(lf + 2),
        (Some(crlf), _) => Some(crlf + 4),
        (None, lf) => lf.map(|at| at + 2),
    }
}

fn status(line: &str) -> Option<u16> {
    let rest = line.strip_prefix("HTTP/1.")?;
    let digits = rest.split(' ').nth(1)?;
    (digits.len() == 3).then(|| digits.parse().ok()).flatten()
}
