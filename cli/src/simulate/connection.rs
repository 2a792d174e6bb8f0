//! One accepted connection: TLS, HTTP/1.1 with keep-alive, the 8 idle seconds of the real servers, and the script that a
//! fault can put in place of all that.

use super::Sim;
use super::kind::{How, Kind, When};
use super::wire::{self, Script};
use axum::{Extension, Router};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use std::future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

const HANDSHAKE: Duration = Duration::from_secs(10);
/// The real servers close a connection that was idle this long.
const IDLE: Duration = Duration::from_secs(8);

pub struct Connection {
    /// What the peer proved to hold the key of, DER
    pub client_certificate: Option<Vec<u8>>,
    /// Requests at work and the time the last one ended
    activity: Mutex<(usize, Instant)>,
    script: Mutex<Option<Script>>,
    taken_over: Notify,
    /// In the order in which they were accepted, from 1
    pub number: u64,
}

/// Counts a request as at work until it is dropped.
pub struct Busy<'a>(&'a Connection);

impl Connection {
    pub fn busy(&self) -> Busy<'_> {
        self.activity
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .0 += 1;
        Busy(self)
    }

    /// Gives the connection to a script; never returns, because hyper is to answer no more.
    pub async fn play<T>(&self, script: Script) -> T {
        *self.script.lock().unwrap_or_else(PoisonError::into_inner) = Some(script);
        self.taken_over.notify_one();
        future::pending().await
    }

    /// When the connection has been idle long enough, if no request comes.
    fn idle_at(&self) -> Instant {
        let (busy, since) = *self.activity.lock().unwrap_or_else(PoisonError::into_inner);
        if busy == 0 {
            since + IDLE
        } else {
            Instant::now() + IDLE
        }
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut activity = self
            .0
            .activity
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *activity = (activity.0.saturating_sub(1), Instant::now());
    }
}

/// The end that a fault gives to a connection before anything was asked on it.
fn unasked(sim: &Sim, when: When, number: u64) -> Option<How> {
    let struck = sim.faults.take_unasked(when)?;
    sim.log.line(|| format!("#{number} fault {}", struck.name));
    match struck.kind {
        Kind::End(how, _) => Some(how),
        _ => None,
    }
}

/// Serves `stream` until either side ends it.
pub async fn serve(sim: Arc<Sim>, acceptor: TlsAcceptor, router: Router, stream: TcpStream) {
    let number = sim.stats.connection();
    let _ = stream.set_nodelay(true);
    if let Some(how) = unasked(&sim, When::Accept, number) {
        return wire::end_bare(how, stream).await;
    }
    // A second handle on the socket: the first disappears into TLS, and a reset needs one.
    let Ok((stream, socket)) = stream.into_std().and_then(|stream| {
        let socket = TcpStream::from_std(stream.try_clone()?)?;
        Ok((TcpStream::from_std(stream)?, socket))
    }) else {
        return;
    };
    let stream = match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            sim.stats.tls_failure();
            sim.log
                .detail(|| format!("#{number} TLS handshake failed: {error}"));
            return;
        }
        Err(_) => return sim.stats.tls_failure(),
    };
    let client_certificate = stream.get_ref().1.peer_certificates();
    if let Some(how) = unasked(&sim, When::Handshake, number) {
        return Script::end(how).play(stream, socket).await;
    }
    let connection = Arc::new(Connection {
        client_certificate: client_certificate.and_then(|chain| Some(chain.first()?.to_vec())),
        activity: Mutex::new((0, Instant::now())),
        script: Mutex::new(None),
        taken_over: Notify::new(),
        number,
    });
    let service = TowerToHyperService::new(router.layer(Extension(connection.clone())));
    let mut http = hyper::server::conn::http1::Builder::new()
        // As the real servers write them; the parser here keeps lower case only.
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service);
    loop {
        let idle_at = connection.idle_at();
        tokio::select! {
            ended = &mut http => {
                if let Err(error) = ended {
                    sim.log.detail(|| format!("#{number} ended: {error}"));
                }
                return;
            }
            () = connection.taken_over.notified() => {
                let script = connection.script.lock().unwrap_or_else(PoisonError::into_inner).take();
                let stream = http.into_parts().io.into_inner();
                return script.unwrap_or_else(|| Script::end(How::Reset)).play(stream, socket).await;
            }
            () = tokio::time::sleep_until(idle_at) => {
                if connection.idle_at() <= Instant::now() {
                    std::pin::Pin::new(&mut http).graceful_shutdown();
                    // Nothing is at work, so this ends at once; a peer that does not read must not keep it.
                    let _ = tokio::time::timeout(Duration::from_secs(1), &mut http).await;
                    return;
                }
            }
        }
    }
}
