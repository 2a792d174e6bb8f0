//! The faults that are still to happen: asked for with `POST /_sim/faults` for the next requests, or with the header
//! `X-Sim-Fault` for this one. What each does is in `kind`.

use super::kind::{Kind, When};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

struct Fault {
    /// Beginning of the path; of no meaning before a request came.
    path: String,
    method: Option<String>,
    left: u64,
    kind: Kind,
    /// As it was asked for
    name: String,
}

impl Fault {
    fn read(wanted: &Value) -> Result<Self, String> {
        let name = wanted["kind"].as_str().ok_or("kind is missing")?;
        Ok(Self {
            path: wanted["path"].as_str().unwrap_or("/").to_owned(),
            method: wanted["method"].as_str().map(str::to_uppercase),
            left: wanted["count"].as_u64().unwrap_or(1),
            kind: Kind::parse(name).ok_or_else(|| format!("unknown kind {name:?}"))?,
            name: name.to_owned(),
        })
    }

    fn hits(&self, method: &str, path: &str) -> bool {
        path.starts_with(&self.path) && self.method.as_deref().is_none_or(|wanted| wanted == method)
    }
}

/// A fault that strikes now, under the name it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struck {
    pub kind: Kind,
    pub name: String,
}

/// Oldest first.
#[derive(Default)]
pub struct Faults(Mutex<VecDeque<Fault>>);

impl Faults {
    fn with<T>(&self, work: impl FnOnce(&mut VecDeque<Fault>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// `{"path", "method", "count", "kind"}` or an array of them: all or none. The kind `clear` alone removes all.
    pub fn add(&self, wanted: &Value) -> Result<(), String> {
        if wanted["kind"] == "clear" {
            self.clear();
            return Ok(());
        }
        let wanted = match wanted {
            Value::Array(many) => many.as_slice(),
            one => std::slice::from_ref(one),
        };
        let new: Vec<Fault> = wanted.iter().map(Fault::read).collect::<Result<_, _>>()?;
        self.with(|faults| faults.extend(new));
        Ok(())
    }

    pub fn clear(&self) {
        self.with(VecDeque::clear);
    }

    pub fn list(&self) -> Value {
        self.with(|faults| {
            faults
                .iter()
                .map(|fault| {
                    json!({"path": fault.path, "method": fault.method, "left": fault.left, "kind": fault.name})
                })
                .collect()
        })
    }

    /// The fault that strikes this request at that moment; it counts as one hit.
    pub fn take(&self, when: When, method: &str, path: &str) -> Option<Struck> {
        self.first(|fault| fault.kind.when() == when && fault.hits(method, path))
    }

    /// The fault that strikes a connection on which nothing was asked yet.
    pub fn take_unasked(&self, when: When) -> Option<Struck> {
        self.first(|fault| fault.kind.when() == when)
    }

    fn first(&self, strikes: impl Fn(&Fault) -> bool) -> Option<Struck> {
        self.with(|faults| {
            let at = faults.iter().position(strikes)?;
            let fault = faults.get_mut(at)?;
            let struck = Struck {
                kind: fault.kind.clone(),
                name: fault.name.clone(),
            };
            fault.left = fault.left.saturating_sub(1);
            if fault.left == 0 {
                faults.remove(at);
            }
            Some(struck)
        })
    }
}

/// The fault that the header names for this request alone, if it strikes at that moment.
pub fn of_header(header: &str, when: When) -> Result<Option<Struck>, String> {
    let name = header.trim();
    let kind = Kind::parse(name).ok_or_else(|| format!("X-Sim-Fault: unknown kind {name:?}"))?;
    if matches!(kind.when(), When::Accept | When::Handshake) {
        return Err(format!(
            "X-Sim-Fault: {name} strikes before a request is read; ask for it with POST /_sim/faults."
        ));
    }
    Ok((kind.when() == when).then(|| Struck {
        kind,
        name: name.to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::signer::Spoil;

    #[test]
    fn a_fault_hits_its_path_and_method_as_often_as_asked() {
        let faults = Faults::default();
        let take = |method: &str| {
            faults
                .take(When::Answer, method, "/v3/pay/x")
                .map(|struck| struck.kind)
        };
        let wanted =
            json!({"path": "/v3/pay/", "method": "post", "count": 2, "kind": "status:503"});
        assert_eq!(faults.add(&wanted), Ok(()));
        assert_eq!(
            faults.add(&json!([{"path": "/v3/", "kind": "skew:-301"}])),
            Ok(())
        );
        assert_eq!(take("POST"), Some(Kind::Status(503)));
        assert_eq!(take("GET"), Some(Kind::Spoilt(Spoil::Skew(-301))));
        assert_eq!(take("GET"), None);
        assert_eq!(faults.list()[0]["left"], 1);
        assert_eq!(take("POST"), Some(Kind::Status(503)));
        assert_eq!(take("POST"), None);
    }

    #[test]
    fn one_wrong_wish_among_several_adds_none() {
        let faults = Faults::default();
        let wanted = json!([{"kind": "html"}, {"kind": "other"}]);
        assert!(faults.add(&wanted).is_err());
        assert_eq!(faults.list(), json!([]));
    }

    #[test]
    fn a_fault_waits_for_its_moment() {
        let faults = Faults::default();
        assert_eq!(faults.add(&json!({"kind": "reset:accept"})), Ok(()));
        assert_eq!(faults.add(&json!({"kind": "hang:head"})), Ok(()));
        assert_eq!(faults.take(When::Answer, "GET", "/v3/x"), None);
        assert!(faults.take(When::Head, "GET", "/v3/x").is_some());
        assert!(faults.take_unasked(When::Accept).is_some());
        assert_eq!(faults.list(), json!([]));
        assert!(of_header("reset:accept", When::Accept).is_err());
        assert_eq!(of_header("hang:head", When::Answer), Ok(None));
    }
}
