//! One address: TCP, and the proxy on the way. What comes back is a stream to the peer itself, on
//! which TLS may begin.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;

use super::context::{self, Stop, Watch};
use super::core::{Core, Tls, count};
use super::stream::{Broken, Stream};
use super::{errors, tls_errors, tunnel};
use crate::error::{Cause, Diagnosis, Error, Status};
use crate::http::Origin;
use crate::sys::socket;

/// Why one address failed, and whether its certificate was the reason.
pub(super) struct Miss {
    pub error: Error,
    pub certificate: bool,
}

impl From<Error> for Miss {
    fn from(error: Error) -> Miss {
        Miss {
            error,
            certificate: false,
        }
    }
}

pub(super) struct Reached {
    pub stream: Stream,
    /// For people: the address, or the peer and the proxy.
    pub peer: String,
    /// How long TCP took.
    pub connected: Duration,
}

/// `tls` is None for plain http, which goes to loopback peers only (S18).
pub(super) fn reach(
    core: &Core,
    origin: &Origin,
    tls: Option<&Tls>,
    address: SocketAddr,
    watch: &Watch,
) -> Result<Reached, Miss> {
    let started = Instant::now();
    let plain = tls.is_none();
    if plain && !address.ip().is_loopback() {
        return Err(not_loopback(origin, address).into());
    }
    let socket = socket::connect::<Broken>(address, watch.deadline, || {
        watch.check().map_err(Broken::Stopped)
    })
    .map_err(|broken| tcp_error(broken, address, watch, started.elapsed()))?;
    count(&core.counters.connections);
    // The connected peer, not the address asked for (S18).
    if plain && !socket.peer_addr().is_ok_and(|peer| peer.ip().is_loopback()) {
        return Err(not_loopback(origin, address).into());
    }
    let connected = started.elapsed();
    let mut stream = Stream::Tcp(socket);
    let mut peer = address.to_string();
    let host = &origin.host;
    if let Some(tls) = tls
        && let Some(proxy) = core.proxy(host, origin.port)
    {
        if let Some(config) = tls.to_proxy.as_ref().filter(|_| proxy.https) {
            let through = format!("the proxy {proxy}");
            let secured = stream
                .handshake(config, server_name(&proxy.host)?, watch)
                .map_err(|broken| handshake_miss(broken, &proxy.host, &through))?;
            stream = Stream::Tls(Box::new(secured));
        }
        tunnel::open(
            &mut stream,
            proxy,
            host,
            origin.port,
            &core.settings.user_agent,
            watch,
        )?;
        peer = format!("{} (through the proxy {proxy})", origin.authority());
        context::with(|context| context.attempt.proxy = Some(proxy.to_string()));
    }
    Ok(Reached {
        stream,
        peer,
        connected,
    })
}

pub(super) fn server_name(host: &str) -> Result<ServerName<'static>, Error> {
    ServerName::try_from(host.to_owned()).map_err(|_| {
        Error::new(
            Status::InvalidArgument,
            format!("\"{host}\" is not a name that a certificate can have."),
        )
    })
}

fn not_loopback(origin: &Origin, address: SocketAddr) -> Error {
    Error::new(
        Status::Connect,
        format!("Plain http is for loopback peers only; {origin} leads to {address}."),
    )
    .hint("Use https, or 127.0.0.1 for a local test server.")
}

pub(super) fn handshake_miss(broken: Broken, host: &str, peer: &str) -> Miss {
    let asked = context::with(|context| context.asked_for_client_certificate).unwrap_or(false);
    Miss {
        certificate: tls_errors::is_certificate_failure(&broken),
        error: tls_errors::handshake(&broken, host, peer, asked),
    }
}

fn tcp_error(broken: Broken, address: SocketAddr, watch: &Watch, took: Duration) -> Error {
    let message = match broken {
        Broken::Stopped(Stop::Cancelled) => return errors::cancelled("while connecting"),
        Broken::Io(error) if watch.check().is_ok() => {
            format!("{address}: {}.", errors::io_text(&error))
        }
        _ => format!("{address}: no answer within {} ms.", took.as_millis()),
    };
    Error::new(Status::Connect, message).diagnosed(Diagnosis::new(
        Cause::ConnectFailed,
        format!("{address} cannot be connected to"),
    ))
}
