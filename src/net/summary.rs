//! One error for a connect phase in which every address failed.

use std::net::SocketAddr;

use crate::error::{Error, Status};

/// The one that says most, with every address's failure in its text.
/// `peer` is the host, or the host and the proxy on the way to it.
pub(super) fn of(peer: &str, misses: Vec<(SocketAddr, Error)>) -> Error {
    let weight = |status: Status| match status {
        Status::Cancelled => 9,
        Status::TlsUnknownIssuer
        | Status::TlsExpired
        | Status::TlsNotYetValid
        | Status::TlsNameMismatch
        | Status::TlsBadChain => 8,
        Status::TlsClientCertificate => 7,
        Status::ProxyAuth => 6,
        Status::Proxy => 5,
        Status::TlsHandshake => 4,
        Status::Timeout => 3,
        _ => 2,
    };
    let all: Vec<String> = misses
        .iter()
        .map(|(_, error)| error.fields().message.clone())
        .collect();
    let mut best: Option<Error> = None;
    for (_, error) in misses {
        if best
            .as_ref()
            .is_none_or(|best| weight(error.status()) > weight(best.status()))
        {
            best = Some(error);
        }
    }
    let Some(mut best) = best else {
        return Error::new(
            Status::Connect,
            format!("{peer} has no address to connect to."),
        );
    };
    if best.status() == Status::Connect || all.len() > 1 {
        let mut seen: Vec<String> = Vec::new();
        for one in all {
            if !seen.contains(&one) {
                seen.push(one);
            }
        }
        best.fields_mut().message = format!("No connection to {peer}. Tried: {}", seen.join(" "));
    }
    best
}
