//! The alerts of TLS (RFC 8446 §6.2) as the libraries write them. An alert is what the server says
//! about us: "unknown ca" is then about the client's certificate, not about the server's.

use super::rules::Rule;
use crate::error::Cause::{self, *};

pub struct Alert {
    pub number: u8,
    /// The first is the RFC's; then how Go and others word it.
    names: &'static [&'static str],
    pub causes: &'static [Cause],
}

const fn alert(number: u8, causes: &'static [Cause], names: &'static [&'static str]) -> Alert {
    Alert {
        number,
        names,
        causes,
    }
}

/// Longer names stand before those that begin them.
#[rustfmt::skip]
pub const ALERTS: &[Alert] = &[
    alert(40, &[NoCommonTls, ClientCertificateMissing, OldTls], &["handshake failure"]),
    alert(42, &[ClientCertificateRefused, ClientCertificateMissing], &["bad certificate"]),
    alert(43, &[ClientCertificateRefused], &["unsupported certificate"]),
    alert(44, &[ClientCertificateRefused], &["certificate revoked", "revoked certificate"]),
    alert(45, &[ClientCertificateRefused], &["certificate expired", "expired certificate"]),
    alert(48, &[ClientCertificateRefused], &["unknown ca", "unknown certificate authority"]),
    alert(46, &[ClientCertificateRefused], &["certificate unknown", "unknown certificate"]),
    alert(49, &[ClientCertificateRefused], &["access denied"]),
    alert(70, &[OldTls], &["protocol version"]),
    alert(71, &[NoCommonTls], &["insufficient security"]),
    alert(112, &[HostIpMismatch, WrongServer], &["unrecognized name", "unrecognised name"]),
    alert(116, &[ClientCertificateMissing], &["certificate required"]),
    alert(10, &[TlsRefused], &["unexpected message"]),
    alert(20, &[TlsRefused], &["bad record mac"]),
    alert(22, &[TlsRefused], &["record overflow"]),
    alert(47, &[TlsRefused], &["illegal parameter"]),
    alert(50, &[TlsRefused], &["decode error", "error decoding message"]),
    alert(51, &[TlsRefused], &["decrypt error", "error decrypting message"]),
    alert(80, &[TlsRefused], &["internal error"]),
    alert(86, &[TlsRefused, OldTls], &["inappropriate fallback"]),
    alert(90, &[TlsRefused], &["user canceled", "user cancelled"]),
    alert(109, &[TlsRefused], &["missing extension"]),
    alert(110, &[TlsRefused], &["unsupported extension"]),
    alert(120, &[TlsRefused], &["no application protocol"]),
];

/// As exact as a certificate's failure: the peer said it in so many words.
pub const LEVEL: u8 = 2;

impl Alert {
    /// OpenSSL `tlsv1 alert unknown ca … SSL alert number 48`, Java `fatal alert: unknown_ca`,
    /// Go `tls: …`, rustls `AlertReceived(UnknownCA)`, GnuTLS `received alert [48]`.
    pub fn needles(&self) -> Vec<String> {
        let mut out = vec![
            format!("alert number {}", self.number),
            format!("alert [{}]", self.number),
            format!("alert description: {}", self.number),
        ];
        for name in self.names {
            for before in [
                "alert ",
                "alert: ",
                "AlertReceived(",
                "remote error: tls: ",
                "tls: ",
                "tlsv1 ",
            ] {
                out.push(format!("{before}{name}"));
            }
        }
        out
    }
}

/// What is cut off by peers that do not speak our TLS but answer without an alert.
pub const DECRYPT: Rule = Rule {
    level: 3,
    needles: &[
        "DecryptError",
        "cannot decrypt peer's message",
        "decryption failed or bad record mac",
    ],
    causes: &[TlsRefused],
};
