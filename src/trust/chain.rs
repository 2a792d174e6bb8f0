//! Why a chain is not trusted (trust.md §4.2). rustls stops at the first thing that is wrong: time
//! before issuer, name last. Here each check is made on its own, so that all of it is seen. What is
//! found explains a refusal; nothing here can turn one into an acceptance.

use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error as TlsError, RootCertStore};
use serde::Serialize;

use super::facts::Facts;

/// What a server presented, its own certificate first.
pub struct Chain<'a> {
    pub ders: &'a [CertificateDer<'static>],
    /// In the same order; a certificate that cannot be read is left out.
    pub facts: Vec<Facts>,
}

/// One check that failed.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// `name`, `time`, `issuer`, `key` or `purpose`.
    pub check: &'static str,
    pub text: String,
}

impl<'a> Chain<'a> {
    pub fn of(ders: &'a [CertificateDer<'static>]) -> Chain<'a> {
        Chain {
            ders,
            facts: ders.iter().filter_map(|der| Facts::of(der)).collect(),
        }
    }

    /// The server's own certificate.
    pub fn leaf(&self) -> Option<&Facts> {
        // Without it the first of `facts` would be another one.
        self.facts
            .first()
            .filter(|_| self.facts.len() == self.ders.len())
    }

    /// The last certificate on the way from the server's own up through those that were sent.
    pub fn top(&self) -> Option<&Facts> {
        let mut at = self.leaf()?;
        // Each step must be a certificate not met before; a circle ends here.
        for _ in &self.facts {
            if at.self_signed {
                break;
            }
            let next = self
                .facts
                .iter()
                .skip(1)
                .find(|one| at.was_issued_by(one) && one.sha256 != at.sha256);
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        Some(at)
    }

    /// Whether it leads to one of `roots` at a time when all its certificates are valid.
    pub fn issuer_error(
        &self,
        roots: &RootCertStore,
        algorithms: &WebPkiSupportedAlgorithms,
        now: i64,
    ) -> Option<TlsError> {
        let first = self.ders.first()?;
        let leaf = match ParsedCertificate::try_from(first) {
            Ok(leaf) => leaf,
            Err(error) => return Some(error),
        };
        verify_server_cert_signed_by_trust_anchor(
            &leaf,
            roots,
            &self.ders[1..],
            unix(self.valid_moment(now)),
            algorithms.all,
        )
        .err()
    }

    /// Whether the server's own certificate is from the one that was sent as its issuer; None also
    /// where none was sent.
    pub fn issuer_of_leaf_error(
        &self,
        algorithms: &WebPkiSupportedAlgorithms,
        now: i64,
    ) -> Option<TlsError> {
        let leaf = self.leaf()?;
        let mut sent = self.facts.iter().skip(1);
        let at = sent.position(|one| leaf.was_issued_by(one))?;
        let mut alone = RootCertStore::empty();
        alone.add(self.ders.get(at + 1)?.clone()).ok()?;
        let parsed = ParsedCertificate::try_from(self.ders.first()?).ok()?;
        let moment = unix(self.valid_moment(now));
        verify_server_cert_signed_by_trust_anchor(&parsed, &alone, &[], moment, algorithms.all)
            .err()
    }

    /// The root among `roots` that the chain ends in; each is tried alone, because rustls does not
    /// say which one it was.
    pub fn anchor(
        &self,
        roots: &RootCertStore,
        algorithms: &WebPkiSupportedAlgorithms,
        now: i64,
    ) -> Option<usize> {
        let first = self.ders.first()?;
        let leaf = ParsedCertificate::try_from(first).ok()?;
        let at = unix(self.valid_moment(now));
        roots.roots.iter().position(|root| {
            let alone = RootCertStore {
                roots: vec![root.clone()],
            };
            verify_server_cert_signed_by_trust_anchor(
                &leaf,
                &alone,
                &self.ders[1..],
                at,
                algorithms.all,
            )
            .is_ok()
        })
    }

    /// `now` if every certificate is valid then, else a moment at which all are, if there is one.
    fn valid_moment(&self, now: i64) -> i64 {
        if self.facts.iter().all(|one| one.is_valid_at(now)) {
            return now;
        }
        let from = self.facts.iter().map(|one| one.valid.0).max();
        let to = self.facts.iter().map(|one| one.valid.1).min();
        match (from, to) {
            (Some(from), Some(to)) if from <= to => now.clamp(from, to),
            _ => now,
        }
    }

    pub fn name_error(&self, host: &str) -> Option<TlsError> {
        let first = self.ders.first()?;
        let name = ServerName::try_from(host.to_owned()).ok()?;
        let leaf = match ParsedCertificate::try_from(first) {
            Ok(leaf) => leaf,
            Err(error) => return Some(error),
        };
        verify_server_name(&leaf, &name).err()
    }

    /// Every check that fails, in the order of what to mend first.
    pub fn problems(
        &self,
        host: &str,
        roots: &RootCertStore,
        algorithms: &WebPkiSupportedAlgorithms,
        now: i64,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut add = |check, text: String| problems.push(Problem { check, text });
        match self.issuer_error(roots, algorithms, now) {
            None => {}
            Some(TlsError::InvalidCertificate(CertificateError::UnknownIssuer)) => {
                let top = self.top().map_or("", |top| &top.issuer);
                add("issuer", format!("no root of the store issued it: {top}"));
            }
            Some(other) => {
                let check = if is_about_purpose(&other) {
                    "purpose"
                } else {
                    "issuer"
                };
                add(check, short(&other));
            }
        }
        for one in self.facts.iter().filter(|one| !one.is_valid_at(now)) {
            add(
                "time",
                format!(
                    "{} is valid from {} to {}",
                    one.subject_cn, one.not_before, one.not_after
                ),
            );
        }
        if self.name_error(host).is_some() {
            let names = self.leaf().map(|leaf| leaf.names.join(", "));
            add(
                "name",
                match names.filter(|names| !names.is_empty()) {
                    Some(names) => format!("it is for {names}, not for {host}"),
                    None => format!("it has no subjectAltName, so it is not for {host}"),
                },
            );
        }
        if let Some(bits) = self
            .leaf()
            .and_then(|leaf| leaf.rsa_bits)
            .filter(|bits| *bits < 2048)
        {
            add("key", format!("RSA of {bits} bits; 2048 are the least"));
        }
        problems
    }
}

fn is_about_purpose(error: &TlsError) -> bool {
    matches!(
        error,
        TlsError::InvalidCertificate(
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. }
        )
    )
}

/// Without the dumps of DER that some of rustls' texts hold.
fn short(error: &TlsError) -> String {
    match error {
        TlsError::InvalidCertificate(CertificateError::Other(inner)) => inner.0.to_string(),
        TlsError::InvalidCertificate(reason) => variant(reason),
        other => other.to_string().chars().take(160).collect(),
    }
}

/// The name of the reason alone.
pub fn variant(reason: &CertificateError) -> String {
    format!("{reason:?}")
        .chars()
        .take_while(|one| one.is_ascii_alphanumeric())
        .collect()
}

fn unix(seconds: i64) -> UnixTime {
    UnixTime::since_unix_epoch(std::time::Duration::from_secs(
        u64::try_from(seconds).unwrap_or(0),
    ))
}
