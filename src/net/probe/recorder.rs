//! The recording verifier: rustls' own verifier, with a note of what it was asked and what it
//! said. Its configuration is a type of its own that no pool takes, and this is the only place
//! where rustls lets a verifier be put in by hand (safety.md S29).

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
};

use super::super::tls::{self, ClientAuth, Resolver};
use crate::error::Result;
use crate::sys::fork_gate;

#[derive(Debug)]
struct Recorder {
    verifier: Arc<WebPkiServerVerifier>,
    seen: Mutex<Option<Seen>>,
}

#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// The server's own certificate first.
    pub chain: Vec<CertificateDer<'static>>,
    pub verdict: std::result::Result<(), TlsError>,
}

/// For one handshake.
pub(super) struct Recording {
    /// Seen by this module's parent alone.
    pub(super) config: Arc<ClientConfig>,
    recorder: Arc<Recorder>,
    resolver: Arc<Resolver>,
}

impl Recording {
    pub fn new(roots: &Arc<RootCertStore>, client_auth: Option<&ClientAuth>) -> Result<Recording> {
        let _inside = fork_gate::enter();
        let recorder = Arc::new(Recorder {
            verifier: tls::verifier(roots)?,
            seen: Mutex::new(None),
        });
        let verifier: Arc<dyn ServerCertVerifier> = Arc::clone(&recorder) as _;
        let resolver = tls::client_certificate(client_auth)?;
        let mut config = tls::builder()?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_client_cert_resolver(Arc::clone(&resolver) as _);
        // A resumed session would not show its chain to the verifier.
        config.resumption = Resumption::disabled();
        Ok(Recording {
            config: Arc::new(config),
            recorder,
            resolver,
        })
    }

    /// The server asked for a client certificate.
    pub fn asked(&self) -> bool {
        self.resolver.asked()
    }

    pub fn seen(&self) -> Option<Seen> {
        let seen = self.recorder.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, TlsError> {
        let verdict = self.verifier.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        let chain = std::iter::once(end_entity)
            .chain(intermediates)
            .map(|der| der.clone().into_owned())
            .collect();
        let seen = Seen {
            chain,
            verdict: verdict.as_ref().map(|_| ()).map_err(Clone::clone),
        };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        verdict
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
