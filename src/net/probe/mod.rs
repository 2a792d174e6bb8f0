//! One handshake that is looked at: the chain the server presented, what rustls said of it, and
//! why. The decision is the one every request gets; no byte of a request is ever sent on it.

mod recorder;
mod visit;

use std::time::{Duration, Instant};

use rustls::pki_types::CertificateDer;
use rustls::{Error as TlsError, RootCertStore};
use std::sync::Arc;

use super::context::Watch;
use super::reach::server_name;
use super::store::Snapshot;
use super::stream::{Broken, Stream};
use super::tls::{self, ClientAuth};
use super::trust::TrustSettings;
use crate::error::{Error, Result, Status};
use crate::sys::fork_gate;
use crate::time::clock;
use crate::trust::chain::Chain;
use crate::trust::refusal::{self, Against};
use recorder::Recording;

pub use visit::{Anchor, Attempted, Handshake, Http, Visit, Visiting};

/// A handshake and how it ended.
pub(super) struct Recorded {
    /// The server's own certificate first; empty when it did not come to that.
    pub chain: Vec<CertificateDer<'static>>,
    /// What rustls said of the chain and the name.
    pub verdict: Option<std::result::Result<(), TlsError>>,
    /// Why the handshake did not end well.
    pub broken: Option<Broken>,
    pub version: Option<&'static str>,
    pub suite: Option<String>,
    pub took: Duration,
    /// The server asked for a client certificate.
    pub asked: bool,
}

impl Recorded {
    /// rustls' reason when it refused a certificate or a signature made with one.
    pub fn refusal(&self) -> Option<&TlsError> {
        match (&self.verdict, &self.broken) {
            (Some(Err(error)), _) => Some(error),
            (_, Some(Broken::Tls(error @ TlsError::InvalidCertificate(_)))) => Some(error),
            _ => None,
        }
    }
}

/// The handshake with `host` over `stream`. An error only where there could be none at all.
pub(super) fn handshake(
    stream: Stream,
    roots: &Arc<RootCertStore>,
    client_auth: Option<&ClientAuth>,
    host: &str,
    watch: &Watch,
) -> Result<Recorded> {
    let recording = Recording::new(roots, client_auth)?;
    let started = Instant::now();
    let mut stream = stream
        .begin(&recording.config, server_name(host)?)
        .map_err(|_| Error::new(Status::Internal, "TLS set-up for a probe."))?;
    let broken = stream.finish(watch).err();
    let connection = &stream.connection;
    let seen = recording.seen();
    Ok(Recorded {
        verdict: seen.as_ref().map(|seen| seen.verdict.clone()),
        chain: seen.map(|seen| seen.chain).unwrap_or_default(),
        broken,
        version: connection.protocol_version().map(super::trace::version),
        suite: connection
            .negotiated_cipher_suite()
            .map(|suite| format!("{:?}", suite.suite())),
        took: started.elapsed(),
        asked: recording.asked(),
    })
}

/// Puts into `error` why the chain of `recorded` was refused under the roots of `snapshot`.
pub(super) fn explain(
    error: &mut Error,
    recorded: &Recorded,
    host: &str,
    snapshot: &Snapshot,
    trust: &TrustSettings,
) {
    let Some(refusal) = recorded.refusal() else {
        return;
    };
    let provider = tls::provider();
    let causes = {
        let _inside = fork_gate::enter();
        refusal::causes(
            &Chain::of(&recorded.chain),
            host,
            refusal,
            &Against {
                roots: &snapshot.roots,
                fingerprints: &|sha256| snapshot.has(sha256),
                algorithms: &provider.signature_verification_algorithms,
                advice: &trust.advice(),
                now: clock().seconds,
            },
        )
    };
    if let Some(first) = causes.first() {
        let fields = error.fields_mut();
        fields.message = format!("{} Cause: {}.", fields.message, first.text);
        fields.hint.clone_from(&first.cure);
        fields.diagnosis = causes;
    }
}
