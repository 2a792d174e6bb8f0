//! From a TLS failure to what a person reads. One rustls error is not a diagnosis (trust.md §4.2);
//! the ids given here are those that follow from the error alone.

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error as TlsError};

use super::context::Stop;
use super::errors::{cancelled, io_text};
use super::stream::Broken;
use crate::error::{Cause, Diagnosis, Error, Status};
use crate::http::headers::shown;
use crate::time::{clock, rfc3339};
use crate::trust::chain::variant;
use crate::trust::refusal::EARLIEST;

/// In the middle of a TLS handshake with `peer` (for people) for the name `host`.
pub(super) fn handshake(broken: &Broken, host: &str, peer: &str, asked: bool) -> Error {
    match broken {
        Broken::Stopped(Stop::Cancelled) => cancelled("in the TLS handshake"),
        Broken::Stopped(Stop::Deadline) => Error::new(
            Status::Timeout,
            format!("{peer} did not finish the TLS handshake in time."),
        )
        .hint("Something between may filter TLS (firewall, inspection by server name), or the server is overloaded.")
        .diagnosed(Diagnosis::new(
            Cause::HandshakeTimeout,
            format!("{peer} holds the TLS handshake back"),
        )),
        Broken::Tls(error) => tls(error, host, peer, asked, true),
        Broken::Io(error) => Error::new(
            Status::TlsHandshake,
            format!("{peer} closed the connection during the TLS handshake ({}).", io_text(error)),
        )
        .hint("A firewall or filter by server name may cut it, or the server is being replaced; trying again later often helps.")
        .diagnosed(Diagnosis::new(
            Cause::HandshakeCut,
            format!("{peer} cut the connection during the TLS handshake"),
        )),
    }
}

/// Only these may be cured by another connection or a reloaded store.
pub(super) fn is_certificate_failure(broken: &Broken) -> bool {
    matches!(broken, Broken::Tls(TlsError::InvalidCertificate(_)))
}

/// `before_request`: in the handshake; else an alert or record that came after it.
pub(super) fn tls(
    error: &TlsError,
    host: &str,
    peer: &str,
    asked: bool,
    before_request: bool,
) -> Error {
    use AlertDescription as Alert;
    match error {
        TlsError::InvalidCertificate(reason) => certificate(reason, host, peer),
        TlsError::AlertReceived(
            alert @ (Alert::CertificateRequired
            | Alert::UnknownCA
            | Alert::UnsupportedCertificate
            | Alert::BadCertificate
            | Alert::CertificateUnknown
            | Alert::CertificateExpired
            | Alert::CertificateRevoked
            | Alert::AccessDenied),
        ) => client_certificate(alert, peer),
        TlsError::AlertReceived(alert @ Alert::HandshakeFailure) if asked => {
            client_certificate(alert, peer)
        }
        TlsError::AlertReceived(Alert::ProtocolVersion) => Error::new(
            Status::TlsHandshake,
            format!("{peer} refuses TLS 1.2 and 1.3; it may speak only TLS 1.1 or older."),
        )
        .hint("TLS 1.2 or 1.3 is needed. WeChat Pay has both: look for an old proxy or appliance in between.")
        .diagnosed(Diagnosis::new(
            Cause::OldTls,
            format!("{peer} refuses TLS 1.2 and 1.3"),
        )),
        TlsError::AlertReceived(Alert::HandshakeFailure | Alert::InsufficientSecurity) => {
            Error::new(
                Status::TlsHandshake,
                format!("{peer} found no TLS parameters in common (handshake_failure)."),
            )
            .hint("Needed: TLS 1.3, or TLS 1.2 with ECDHE and AES-GCM or ChaCha20, on X25519, P-256 or P-384. Look for an old proxy in between; a server of API v2 answers so when it wants a client certificate.")
            .diagnosed(Diagnosis::new(
                Cause::NoCommonTls,
                format!("{peer} found no TLS parameters in common"),
            ))
        }
        TlsError::AlertReceived(Alert::UnrecognisedName) => Error::new(
            Status::TlsNameMismatch,
            format!("{peer} does not serve the name {host}."),
        )
        .diagnosed(Diagnosis::new(Cause::HostIpMismatch, format!("{peer} is not a server of {host}")).cure("Remove a leftover hosts-file or bind_host entry; check DNS.")),
        TlsError::InvalidMessage(_) => Error::new(
            Status::TlsHandshake,
            format!("{peer} does not speak TLS on this port."),
        )
        .hint("A wrong port, or a proxy that answered in plain text.")
        .diagnosed(Diagnosis::new(Cause::PlaintextOnTlsPort, format!("the first bytes from {peer} are not TLS")).cure("Check the port and whether a proxy or captive portal answers.")),
        other if before_request => Error::new(
            Status::TlsHandshake,
            format!("The TLS handshake with {peer} failed: {}.", short(other)),
        )
        .diagnosed(Diagnosis::new(
            Cause::TlsRefused,
            format!("{peer} broke off the TLS handshake: {}", short(other)),
        )),
        other => Error::new(
            Status::Io,
            format!("The TLS connection to {peer} broke: {}.", short(other)),
        ),
    }
}

fn client_certificate(alert: &AlertDescription, peer: &str) -> Error {
    Error::new(
        Status::TlsClientCertificate,
        format!("{peer} wants a client certificate, or refused the one it got ({alert:?})."),
    )
    .hint("Set client_p12_file (apiclient_cert.p12 of this merchant), or client_certificate and client_key; check that they have not expired.")
    .diagnosed(match alert {
        AlertDescription::CertificateRequired | AlertDescription::HandshakeFailure => {
            Diagnosis::new(
                Cause::ClientCertificateMissing,
                format!("{peer} wants a client certificate"),
            )
        }
        _ => Diagnosis::new(
            Cause::ClientCertificateRefused,
            format!("{peer} refused the client certificate ({alert:?})"),
        ),
    })
}

fn certificate(reason: &CertificateError, host: &str, peer: &str) -> Error {
    use CertificateError as Reason;
    let other = match reason {
        Reason::Other(inner) => inner.0.to_string(),
        _ => String::new(),
    };
    let error = match reason {
        // What issued it is there, but is no CA: nobody in the store issued it either (S7).
        Reason::Other(_) if other.contains("EndEntityUsedAsCa") => Error::new(
            Status::TlsUnknownIssuer,
            format!("The certificate that {peer} sent for {host} was issued by a certificate that is not a CA."),
        )
        .diagnosed(Diagnosis::new(Cause::SelfSigned, "a server certificate, not a CA, issued the chain").cure("Make a small CA, issue the server's certificate from it and put the CA into the store.")),
        Reason::UnknownIssuer => Error::new(
            Status::TlsUnknownIssuer,
            format!("The certificate that {peer} sent for {host} was issued by nobody in the trust store."),
        )
        .hint("Update the system's store (`apt-get install --only-upgrade ca-certificates`, `yum update ca-certificates`, then `update-ca-trust`). If SSL_CERT_FILE or SSL_CERT_DIR names a private bundle, unset it. A self-signed server certificate cannot be trusted by itself: make a small CA. Behind an inspecting proxy, put its CA into the system's store.")
        .diagnosed(Diagnosis::new(Cause::RootNotInStore, format!("no root in the store issued the chain of {peer}; an intermediate may also be missing, or TLS is inspected")).cure("Update ca-certificates, or add the inspecting proxy's CA to the system's store.")),
        Reason::Expired => expired(format!("The certificate of {peer} has expired.")),
        Reason::ExpiredContext { time, not_after } => expired(format!(
            "The certificate of {peer} was valid until {}; this machine's clock says {}.",
            utc(*not_after),
            utc(*time)
        )),
        Reason::NotValidYet => not_yet(format!("The certificate of {peer} is not valid yet.")),
        Reason::NotValidYetContext { time, not_before } => not_yet(format!(
            "The certificate of {peer} is valid from {} on; this machine's clock says {}.",
            utc(*not_before),
            utc(*time)
        )),
        Reason::NotValidForName => name_mismatch(host, peer, &[]),
        Reason::NotValidForNameContext { presented, .. } => name_mismatch(host, peer, presented),
        Reason::BadSignature => Error::new(
            Status::TlsBadChain,
            format!("A signature in the handshake or chain of {peer} is wrong."),
        )
        .diagnosed(Diagnosis::new(Cause::WeakKey, "the server's key is too weak (RSA below 2048 bits), or a root of the same name has another key").cure("Almost always an inspecting appliance; ask its owner.")),
        Reason::Other(_) if other.contains("CaUsedAsEndEntity") => Error::new(
            Status::TlsBadChain,
            format!("{peer} uses the certificate of a CA as its own."),
        )
        .diagnosed(Diagnosis::new(Cause::SelfSigned, "the server's certificate is a self-signed CA").cure("Issue a server certificate from that CA; putting the CA itself into the store does not help.")),
        // Debug and Display of some variants dump every algorithm's DER.
        _ => Error::new(
            Status::TlsBadChain,
            format!(
                "The certificate chain of {peer} breaks a rule: {}.",
                if other.is_empty() { variant(reason) } else { shown(&other) }
            ),
        ),
    };
    if clock().seconds < EARLIEST {
        return error.diagnosed(
            Diagnosis::new(
                Cause::ClockWrong,
                "this machine's clock is before the release of this library",
            )
            .cure("Set the clock (NTP)."),
        );
    }
    error
}

fn expired(message: String) -> Error {
    Error::new(Status::TlsExpired, message).diagnosed(Diagnosis::new(Cause::ServerCertExpired, "the server's certificate has expired by this machine's clock").cure("Compare the clock with the real time; then it is the server's, or an inspecting proxy's, certificate."))
}

fn not_yet(message: String) -> Error {
    Error::new(Status::TlsNotYetValid, message).diagnosed(
        Diagnosis::new(
            Cause::ClockWrong,
            "the server's certificate is not valid yet by this machine's clock",
        )
        .cure("Set the clock (NTP)."),
    )
}

fn name_mismatch(host: &str, peer: &str, presented: &[String]) -> Error {
    let names = if presented.is_empty() {
        "no name at all".to_owned()
    } else {
        let mut names: Vec<String> = presented.iter().take(8).map(|name| shown(name)).collect();
        if presented.len() > 8 {
            names.push(format!("and {} more", presented.len() - 8));
        }
        names.join(", ")
    };
    let error = Error::new(
        Status::TlsNameMismatch,
        format!("The certificate of {peer} is for {names}, not for {host}."),
    );
    let ours = |name: &String| {
        ["weixin", "tenpay", "wechatpay"]
            .iter()
            .any(|part| name.contains(part))
    };
    if presented.iter().any(ours) {
        return error.diagnosed(
            Diagnosis::new(
                Cause::HostIpMismatch,
                format!("{peer} is a WeChat Pay server, but not of {host}"),
            )
            .cure("Remove the leftover hosts-file or bind_host entry."),
        );
    }
    error.diagnosed(
        Diagnosis::new(
            Cause::WrongServer,
            format!("{peer} is not a server of {host}"),
        )
        .cure("A captive portal, a wrong DNS answer or a leftover hosts-file entry."),
    )
}

/// Short, without the dumps of DER that some of rustls' texts hold.
fn short(error: &TlsError) -> String {
    error.to_string().chars().take(160).collect()
}

fn utc(time: UnixTime) -> String {
    rfc3339(i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}
