//! The one place where a TLS configuration is made: versions, suites, groups, resumption, client
//! certificate. Every certificate decision is rustls' own WebPkiServerVerifier over the roots
//! given; nothing here can loosen it (safety.md S29).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::client::{ResolvesClientCert, Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, RootCertStore, SignatureScheme};

use super::context;
use crate::error::{Error, Result, Status, fail};
use crate::secret::Secret;
use crate::sys::fork_gate;

/// Client certificate and key of API v2's refunds and red packets (mutual TLS).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAuth {
    chain: Arc<Vec<Vec<u8>>>,
    key: Secret,
}

impl std::hash::Hash for ClientAuth {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.chain.hash(state);
        self.key.bytes().hash(state);
    }
}

impl ClientAuth {
    /// `chain`: DER, the client's certificate first. `key`: DER of PKCS#8, PKCS#1 or SEC1.
    /// KEY_FORMAT when one cannot be read, KEY_CERT_MISMATCH when they do not belong together.
    pub fn new(chain: Vec<Vec<u8>>, key: Secret) -> Result<ClientAuth> {
        let auth = ClientAuth {
            chain: Arc::new(chain),
            key,
        };
        auth.certified()?;
        Ok(auth)
    }

    fn certified(&self) -> Result<CertifiedKey> {
        if self.chain.is_empty() {
            return fail(
                Status::KeyFormat,
                "client_certificate holds no certificate.",
            );
        }
        let chain = self
            .chain
            .iter()
            .map(|der| CertificateDer::from(der.clone()))
            .collect();
        let Ok(key) = PrivateKeyDer::try_from(self.key.bytes()) else {
            return fail(
                Status::KeyFormat,
                "client_key is neither PKCS#8, PKCS#1 nor SEC1.",
            );
        };
        let _inside = fork_gate::enter();
        CertifiedKey::from_der(chain, key.clone_key(), &provider()).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => Error::new(
                Status::KeyCertMismatch,
                "client_key is not the key of client_certificate.",
            ),
            other => Error::new(
                Status::KeyFormat,
                format!("client_certificate or client_key cannot be used: {other}."),
            ),
        })
    }
}

const VERSIONS: &[&rustls::SupportedProtocolVersion] =
    &[&rustls::version::TLS13, &rustls::version::TLS12];

/// A configuration with its own session cache over these roots.
pub(super) fn client_config(
    roots: &Arc<RootCertStore>,
    client_auth: Option<&ClientAuth>,
) -> Result<ClientConfig> {
    let _inside = fork_gate::enter();
    let verifier = verifier(roots)?;
    let mut config = builder()?
        .with_webpki_verifier(verifier)
        .with_client_cert_resolver(client_certificate(client_auth)?);
    // One or two hosts are all that a transport talks to; eight tickets for each of eight hosts.
    config.resumption = Resumption::in_memory_sessions(64);
    Ok(config)
}

/// Everything before the verifier.
pub(super) fn builder() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>> {
    ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_protocol_versions(VERSIONS)
        .map_err(|error| set_up(&error))
}

/// What decides about every certificate.
pub(super) fn verifier(roots: &Arc<RootCertStore>) -> Result<Arc<WebPkiServerVerifier>> {
    WebPkiServerVerifier::builder_with_provider(Arc::clone(roots), Arc::new(provider()))
        .build()
        .map_err(|error| set_up(&error))
}

pub(super) fn client_certificate(client_auth: Option<&ClientAuth>) -> Result<Arc<Resolver>> {
    let certified = client_auth.map(ClientAuth::certified).transpose()?;
    Ok(Arc::new(Resolver {
        certified: certified.map(Arc::new),
        asked: AtomicBool::new(false),
    }))
}

fn set_up(what: &dyn std::fmt::Display) -> Error {
    Error::new(Status::Internal, format!("TLS set-up: {what}."))
}

/// aws-lc-rs, passed explicitly and never installed for the process. The hybrid group stays out:
/// a ClientHello of one segment passes old inspection proxies.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: vec![
            aws_lc_rs::cipher_suite::TLS13_AES_256_GCM_SHA384,
            aws_lc_rs::cipher_suite::TLS13_AES_128_GCM_SHA256,
            aws_lc_rs::cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
            aws_lc_rs::cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            aws_lc_rs::cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            aws_lc_rs::cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            aws_lc_rs::cipher_suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            aws_lc_rs::cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            aws_lc_rs::cipher_suite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ],
        kx_groups: vec![
            aws_lc_rs::kx_group::X25519,
            aws_lc_rs::kx_group::SECP256R1,
            aws_lc_rs::kx_group::SECP384R1,
        ],
        ..aws_lc_rs::default_provider()
    }
}

/// Answers a server that asks for a client certificate, and notes that it asked: that is what
/// tells "no certificate" from any other refusal.
#[derive(Debug)]
pub(super) struct Resolver {
    certified: Option<Arc<CertifiedKey>>,
    /// For a handshake outside of an exchange.
    asked: AtomicBool,
}

impl Resolver {
    pub fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Resolver {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        context::with(|context| context.asked_for_client_certificate = true);
        self.asked.store(true, Ordering::Relaxed);
        self.certified.clone()
    }

    fn has_certs(&self) -> bool {
        self.certified.is_some()
    }
}

/// Every setting that matters, as text: a test compares it with what was decided, so that an
/// upgrade of rustls cannot change it unseen.
#[cfg(test)]
pub(super) fn described(config: &ClientConfig) -> String {
    let provider = config.crypto_provider();
    let mut text = String::new();
    let mut line = |name: &str, value: String| text.push_str(&format!("{name}: {value}\n"));
    line(
        "versions",
        VERSIONS
            .iter()
            .map(|version| format!("{:?} ", version.version))
            .collect(),
    );
    for suite in &provider.cipher_suites {
        line("suite", format!("{:?}", suite.suite()));
    }
    for group in &provider.kx_groups {
        line("group", format!("{:?}", group.name()));
    }
    line("alpn", format!("{:?}", config.alpn_protocols));
    line("sni", format!("{}", config.enable_sni));
    line("early data", format!("{}", config.enable_early_data));
    line("key log", format!("{:?}", config.key_log));
    line(
        "secret extraction",
        format!("{}", config.enable_secret_extraction),
    );
    line(
        "certificate decompressors",
        format!("{}", config.cert_decompressors.len()),
    );
    line(
        "certificate compressors",
        format!("{}", config.cert_compressors.len()),
    );
    line(
        "client certificate",
        format!("{}", config.client_auth_cert_resolver.has_certs()),
    );
    line("fragment size", format!("{:?}", config.max_fragment_size));
    text
}
