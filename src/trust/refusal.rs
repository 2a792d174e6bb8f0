//! From a refused chain to its causes and cures (trust.md §4.2). The first cause is the one behind
//! rustls' error; further ones are what the other checks find.

use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::{CertificateError, Error as TlsError, RootCertStore};

use super::advice::Advice;
use super::chain::{Chain, variant};
use super::facts::Facts;
use super::issuer;
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
        found.push(issuer::missing_intermediate(leaf));
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
        Reason::UnknownIssuer => issuer::unknown(chain, leaf, against),
        Reason::Expired
        | Reason::ExpiredContext { .. }
        | Reason::NotValidYet
        | Reason::NotValidYetContext { .. } => time(chain, leaf, against.now),
        Reason::NotValidForName | Reason::NotValidForNameContext { .. } => name(leaf, host),
        Reason::BadSignature => issuer::bad_signature(chain, leaf, against),
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
        // A signature of a kind that the issuer's key cannot make: it is another key.
        Reason::UnsupportedSignatureAlgorithmForPublicKeyContext { .. }
            if issuer::is_forged(chain, leaf, against) =>
        {
            issuer::fake_root(chain.top().unwrap_or(leaf))
        }
        _ => bad_chain(chain, reason),
    }
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
