//! Faults that a test asks for with `POST /_sim/fault`: which requests they hit, how often, and what they do.
//!
//! A fault before the action (4xx statuses, the `certificates_…` answers) leaves orders as they are; every other fault
//! happens after the order was placed, closed or refunded, so that "was it done?" has the worse answer: yes.

use super::signer::Spoil;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A wrong signature on the answer
    Spoilt(Spoil),
    /// The answer with another status; below 200 or from 400 an error body
    Status(u16),
    /// 200 with a web page, as proxies and captive portals send
    Html,
    /// Half of the body, then the end of the connection
    Truncate,
    /// The connection is reset without an answer
    Reset,
    /// The answer comes late
    Delay(u64),
    /// 404 RESOURCE_NOT_EXISTS, 404 NOT_FOUND, 500 SYSTEM_ERROR: what merchants without platform certificates report
    /// of `/v3/certificates` (protocol.md §1.7)
    Certificates404,
    CertificatesNotFound,
    Certificates500,
    /// A new platform certificate signs from this answer on
    Rotate,
}

impl Kind {
    fn parse(kind: &str) -> Option<Self> {
        Some(match kind {
            "html" => Self::Html,
            "truncate" => Self::Truncate,
            "reset" => Self::Reset,
            "certificates_404" => Self::Certificates404,
            "certificates_not_found" => Self::CertificatesNotFound,
            "certificates_500" => Self::Certificates500,
            "rotate" => Self::Rotate,
            _ => match kind.split_once(':') {
                Some(("status", status)) => Self::Status(
                    status
                        .parse()
                        .ok()
                        .filter(|status| (200..=599).contains(status))?,
                ),
                Some(("delay_ms", ms)) => Self::Delay(ms.parse().ok()?),
                _ => Self::Spoilt(Spoil::parse(kind)?),
            },
        })
    }
}

struct Fault {
    /// Beginning of the path
    path: String,
    method: Option<String>,
    left: u64,
    kind: Kind,
}

/// The faults that are still to happen, oldest first.
#[derive(Default)]
pub struct Faults(Mutex<VecDeque<Fault>>);

impl Faults {
    /// Adds what `{"path", "method", "count", "kind"}` describes, or removes all for the kind `clear`.
    pub fn add(&self, wanted: &Value) -> Result<(), String> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kind = wanted["kind"].as_str().ok_or("kind is missing")?;
        if kind == "clear" {
            faults.clear();
            return Ok(());
        }
        faults.push_back(Fault {
            path: wanted["path"].as_str().ok_or("path is missing")?.to_owned(),
            method: wanted["method"].as_str().map(str::to_uppercase),
            left: wanted["count"].as_u64().unwrap_or(1),
            kind: Kind::parse(kind).ok_or_else(|| format!("unknown kind {kind:?}"))?,
        });
        Ok(())
    }

    /// The fault for this request, which counts as one hit.
    pub fn take(&self, method: &str, path: &str) -> Option<Kind> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = faults.iter().position(|fault| {
            path.starts_with(&fault.path)
                && fault
                    .method
                    .as_deref()
                    .is_none_or(|wanted| wanted == method)
        })?;
        let fault = faults.get_mut(at)?;
        let kind = fault.kind;
        fault.left = fault.left.saturating_sub(1);
        if fault.left == 0 {
            faults.remove(at);
        }
        Some(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_fault_hits_its_path_and_method_as_often_as_asked() {
        let faults = Faults::default();
        let wanted =
            json!({"path": "/v3/pay/", "method": "post", "count": 2, "kind": "status:503"});
        assert_eq!(faults.add(&wanted), Ok(()));
        assert_eq!(
            faults.add(&json!({"path": "/v3/", "kind": "skew:-301"})),
            Ok(())
        );
        assert_eq!(faults.take("POST", "/v3/pay/x"), Some(Kind::Status(503)));
        assert_eq!(
            faults.take("GET", "/v3/pay/x"),
            Some(Kind::Spoilt(Spoil::Skew(-301)))
        );
        assert_eq!(faults.take("GET", "/v3/pay/x"), None);
        assert_eq!(faults.take("POST", "/v3/pay/x"), Some(Kind::Status(503)));
        assert_eq!(faults.take("POST", "/v3/pay/x"), None);
        for kind in ["", "status:99", "status:x", "delay_ms:", "skew:", "other"] {
            assert!(
                faults.add(&json!({"path": "/", "kind": kind})).is_err(),
                "{kind:?}"
            );
        }
    }
}
