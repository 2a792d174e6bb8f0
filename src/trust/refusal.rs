//! From a refused chain to its causes and cures (trust.md §4.2). The first cause is the one behind
//! rustls' error; further ones are what the other checks find.

use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::{CertificateError, Error as TlsError, RootCertStore};

use super::advice::Advice;
use super::chain::{Chain, variant};
use super::facts::Facts;
use super::known::{self, KnownRoot};
use crate::error::{Cause, Diagnosis};
use crate::http::headers::readable;
use crate::time::rfc3339;

/// 2026-01-01: this library is younger, so a clock before it is wrong.
pub const EARLIEST: i64 = 1_767_225_600;
/// No public server presents a certificate that ended ten years ago: then it is the clock.
const YEARS_OFF: i64 = 10 * 365 * 86_400;

/// The store that refused it.
pub struct Against<'a> {
    pub roots: &'a RootCertStore,
    /// SHA-256 of each root's certificate, lower-case hex.
    pub fingerprints: &'a dyn Fn(&str) -> bool,
    pub algorithms: &'a WebPkiSupportedAlgorithms,
    pub advice: &'a Advice,
    pub now: i64,
}

/// Why `error`, which rustls gave for `chain` and the name `host`. Empty when the chain cannot be
/// read or the error is none of its.
pub fn causes(
    chain: &Chain<'_>,
    host: &str,
    error: &TlsError,
    against: &Against<'_>,
) -> Vec<Diagnosis> {
    let TlsError::InvalidCertificate(reason) = error else {
        return Vec::new();
    };
    let Some(leaf) = chain.leaf() else {
        return Vec::new();
    };
    let mut found = vec![first(chain, leaf, host, reason, against)];
    // Of a certificate that comes alone it cannot be told whether its unknown CA is a private root
    // or an intermediate that was not sent.
    if found[0].cause == Cause::TlsInspection
        && chain.top().is_some_and(|top| top.sha256 == leaf.sha256)
    {
        found.push(missing_intermediate(leaf));
    }
    let mut also = |one: Diagnosis| {
        if found.iter().all(|have| have.cause != one.cause) {
            found.push(one);
        }
    };
    let issuer = chain.issuer_error(against.roots, against.algorithms, against.now);
    if let Some(TlsError::InvalidCertificate(reason)) = &issuer
        && !matches!(
            reason,
            CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. }
        )
    {
        also(first(chain, leaf, host, reason, against));
    }
    if !leaf.is_valid_at(against.now) {
        also(time(chain, leaf, against.now));
    }
    if let Some(TlsError::InvalidCertificate(reason)) = chain.name_error(host)
        && !leaf.is_ca
    {
        also(first(chain, leaf, host, &reason, against));
    }
    found
}

fn first(
    chain: &Chain<'_>,
    leaf: &Facts,
    host: &str,
    reason: &CertificateError,
    against: &Against<'_>,
) -> Diagnosis {
    use CertificateError as Reason;
    match reason {
        Reason::UnknownIssuer => unknown_issuer(chain, leaf, against),
        Reason::Expired
        | Reason::ExpiredContext { .. }
        | Reason::NotValidYet
        | Reason::NotValidYetContext { .. } => time(chain, leaf, against.now),
        Reason::NotValidForName | Reason::NotValidForNameContext { .. } => name(leaf, host),
        Reason::BadSignature => bad_signature(chain, leaf, against),
        Reason::Other(inner) if inner.0.to_string().contains("CaUsedAsEndEntity") => {
            Diagnosis::new(
                Cause::CaAsServer,
                format!("the server's certificate \"{}\" is a CA's", leaf.subject_cn),
            )
        }
        Reason::Other(inner) if inner.0.to_string().contains("EndEntityUsedAsCa") => {
            Diagnosis::new(
                Cause::SelfSigned,
                format!(
                    "\"{}\", a server certificate and no CA, issued the chain",
                    chain.top().map_or("", |top| &top.subject_cn)
                ),
            )
            .cure("Make a small CA, issue the server's certificate from it and put the CA into the store.")
        }
        _ => bad_chain(chain, reason),
    }
}

fn missing_intermediate(leaf: &Facts) -> Diagnosis {
    Diagnosis::new(
        Cause::MissingIntermediate,
        format!(
            "the server sends no certificate of \"{}\", which issued its own; an intermediate certificate is missing",
            leaf.issuer_cn
        ),
    )
}

fn bad_chain(chain: &Chain<'_>, reason: &CertificateError) -> Diagnosis {
    let old = chain
        .facts
        .iter()
        .find(|one| !one.self_signed && one.signature.to_ascii_lowercase().contains("sha1"));
    let text = match (reason, old) {
        (
            CertificateError::UnsupportedSignatureAlgorithmContext { .. }
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. },
            Some(old),
        ) => format!("\"{}\" is signed with SHA-1", old.subject_cn),
        (CertificateError::Other(inner), _) => readable(&inner.0.to_string()),
        (CertificateError::InvalidPurposeContext { .. } | CertificateError::InvalidPurpose, _) => {
            "the certificate is not for servers (extended key usage)".to_owned()
        }
        _ => format!("the chain breaks a rule of X.509: {}", variant(reason)),
    };
    Diagnosis::new(Cause::BadServerChain, text)
}

/// A root of the table that an issuer's name asks for, DigiCert's and Baltimore's only.
fn known_issuer(one: &Facts) -> Option<&'static KnownRoot> {
    let organization = &one.issuer_organization;
    known::by_name(&one.issuer_cn)
        .filter(|_| organization.starts_with("DigiCert") || organization.starts_with("Baltimore"))
}

fn unknown_issuer(chain: &Chain<'_>, leaf: &Facts, against: &Against<'_>) -> Diagnosis {
    let top = chain.top().unwrap_or(leaf);
    if leaf.self_signed {
        return Diagnosis::new(
            Cause::SelfSigned,
            format!(
                "the server's certificate \"{}\" is signed by itself",
                leaf.subject_cn
            ),
        );
    }
    if let Some(root) = known_issuer(top) {
        if top.self_signed && top.sha256 != root.sha256 {
            return Diagnosis::new(
                Cause::FakeRoot,
                format!(
                    "the server sends a certificate named {} that is not DigiCert's (SHA-256 {})",
                    root.name, top.sha256
                ),
            );
        }
        if !(against.fingerprints)(root.sha256) {
            return root_not_in_store(root, top, against);
        }
        return Diagnosis::new(
            Cause::FakeRoot,
            format!(
                "the chain says that {} issued it; that root is in the store and did not",
                root.name
            ),
        );
    }
    let is_public = top.issuer_organization.starts_with("DigiCert");
    if top.self_signed {
        return inspection(top, against);
    }
    // Nothing that was sent issued the server's certificate, and public CAs say where it can be had.
    if top.sha256 == leaf.sha256 && (leaf.names_its_issuer || is_public) {
        return missing_intermediate(leaf);
    }
    if is_public || top.names_its_issuer {
        return Diagnosis::new(
            Cause::RootNotInStore,
            format!("{} is not in this store", top.issuer_cn),
        )
        .cure(against.advice.root_missing());
    }
    inspection(top, against)
}

fn root_not_in_store(root: &KnownRoot, top: &Facts, against: &Against<'_>) -> Diagnosis {
    let mut text = format!("{} is not in this store", root.name);
    if !top.self_signed && top.issuer_key_id().is_some_and(|id| id != root.key_id) {
        text += "; but the chain names another key than that root's: it may be forged by an inspecting appliance";
    }
    if root.id == known::G2
        && (against.fingerprints)(known::by_id(known::G1).map_or("", |g1| g1.sha256))
    {
        text += "; it has G1 only: the case of WeChat Pay's server certificate guideline";
    }
    Diagnosis::new(Cause::RootNotInStore, text).cure(against.advice.root_missing())
}

fn inspection(top: &Facts, against: &Against<'_>) -> Diagnosis {
    let (ca, organization) = if top.self_signed {
        (&top.subject_cn, &top.issuer_organization)
    } else {
        (&top.issuer_cn, &top.issuer_organization)
    };
    let of = if organization.is_empty() || organization == ca {
        String::new()
    } else {
        format!(" of {organization}")
    };
    Diagnosis::new(
        Cause::TlsInspection,
        format!(
            "the chain ends in the private CA \"{ca}\"{of}, which is not in the store: a proxy or appliance opens TLS, or it is a test server"
        ),
    )
    .cure(against.advice.private_ca())
}

/// The certificate's fault, or the clock's.
fn time(chain: &Chain<'_>, leaf: &Facts, now: i64) -> Diagnosis {
    let bad: Vec<&Facts> = chain
        .facts
        .iter()
        .filter(|one| !one.is_valid_at(now))
        .collect();
    let one = bad.first().copied().unwrap_or(leaf);
    let expired = now > one.valid.1;
    let window = format!(
        "\"{}\" is valid from {} to {}; this machine's clock says {}, {}",
        one.subject_cn,
        one.not_before,
        one.not_after,
        rfc3339(now),
        if expired {
            days(now - one.valid.1) + " after it"
        } else {
            days(one.valid.0 - now) + " before it"
        }
    );
    let all_alike = chain.facts.len() > 1
        && bad.len() == chain.facts.len()
        && bad.iter().all(|one| (now > one.valid.1) == expired);
    let years_off = (now - one.valid.1).max(one.valid.0 - now) > YEARS_OFF;
    let cause = if now < EARLIEST || all_alike || years_off {
        Cause::ClockWrong
    } else if expired {
        Cause::ServerCertExpired
    } else {
        Cause::ServerCertNotYetValid
    };
    Diagnosis::new(cause, window)
}

fn days(seconds: i64) -> String {
    match seconds / 86_400 {
        0 => format!("{} minutes", seconds / 60),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// Whose hosts belong to WeChat Pay, as far as a certificate's names show it.
const OURS: &[&str] = &["weixin.qq.com", "wechatpay.cn", "tenpay.com", "wechat.com"];

fn name(leaf: &Facts, host: &str) -> Diagnosis {
    if host.parse::<std::net::IpAddr>().is_ok() {
        return Diagnosis::new(
            Cause::UrlByIp,
            format!(
                "the URL names the address {host}; the certificate is for {}",
                all(leaf)
            ),
        );
    }
    if leaf.names.is_empty() {
        return Diagnosis::new(
            Cause::NoNameInCert,
            format!(
                "the certificate has the common name \"{}\" and no subjectAltName",
                leaf.subject_cn
            ),
        );
    }
    let is_ours = |name: &str| OURS.iter().any(|ours| name.ends_with(ours));
    if leaf.names.iter().any(|name| is_ours(name)) {
        return Diagnosis::new(
            Cause::HostIpMismatch,
            format!(
                "this is a server of WeChat Pay, for {}, but not for {host}",
                all(leaf)
            ),
        );
    }
    Diagnosis::new(
        Cause::WrongServer,
        format!("the certificate is for {}, not for {host}", all(leaf)),
    )
}

fn all(leaf: &Facts) -> String {
    let mut names: Vec<&str> = leaf.names.iter().take(8).map(String::as_str).collect();
    if leaf.names.len() > 8 {
        names.push("…");
    }
    names.join(", ")
}

/// The chain's own signatures were right when its issuer is found: then it was the handshake's.
fn bad_signature(chain: &Chain<'_>, leaf: &Facts, against: &Against<'_>) -> Diagnosis {
    if let Some(bits) = leaf.rsa_bits.filter(|bits| *bits < 2048) {
        return Diagnosis::new(
            Cause::WeakKey,
            format!("the server's RSA key is too weak: {bits} bits; 2048 are the least"),
        );
    }
    let top = chain.top().unwrap_or(leaf);
    let is_named_in_store = against
        .roots
        .roots
        .iter()
        // An anchor's subject is the content of the name, without its tag and length.
        .any(|root| top.issuer_der().ends_with(&root.subject) && !root.subject.is_empty());
    let changed = chain.issuer_of_leaf_error(against.algorithms, against.now)
        == Some(TlsError::InvalidCertificate(CertificateError::BadSignature));
    let refused = chain.issuer_error(against.roots, against.algorithms, against.now);
    if is_named_in_store && refused.is_some() && !changed {
        return Diagnosis::new(
            Cause::FakeRoot,
            format!(
                "the chain names the root \"{}\" of the store, but another key signed it, or the certificate was changed",
                top.issuer_cn
            ),
        );
    }
    Diagnosis::new(
        Cause::BadChainSignature,
        format!("a signature of \"{}\" is wrong", leaf.subject_cn),
    )
}
