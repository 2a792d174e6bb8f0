//! The one JSON object that text and HTML are made of too, so that no two of them can say different things.

use serde_json::{Map, Value, json};
use wxpay::error::Severity;
use wxpay::time::{Now, rfc3339};
use wxpay::trust::known::{G1, G2, G5};
use wxpay::trust::refusal::EARLIEST;

use super::facts::{self, Facts, Store};
use super::judge::{self, Standing};
use crate::merchant::Merchant;
use crate::output::worst;

pub struct Parts<'a> {
    pub merchant: &'a Merchant,
    pub offline: bool,
    pub facts: &'a Facts,
    pub diagnosis: Vec<Value>,
    pub config: Option<Value>,
    pub trust: Value,
    pub probe: Option<Value>,
    pub now: Now,
}

pub fn assemble(parts: Parts<'_>) -> Value {
    let Parts {
        merchant,
        offline,
        facts,
        diagnosis,
        config,
        trust,
        probe,
        now,
    } = parts;
    let verdict = match worst(&diagnosis) {
        Severity::Info => "ok",
        severity => severity.name(),
    };
    json!({
        "schema": 1,
        "verdict": verdict,
        "time": rfc3339(now.seconds),
        "version": env!("CARGO_PKG_VERSION"),
        "machine": {
            "system": facts.machine.system,
            "architecture": facts.machine.architecture,
            "container": facts.machine.container,
        },
        "diagnosis": diagnosis,
        "config": config.map(|config| with_source(config, merchant)),
        "trust": trust,
        "runtimes": runtimes(facts, now.seconds),
        "hosts": facts.hosts.iter().map(|one| json!({
            "path": one.path, "line": one.line, "address": one.address, "hosts": one.hosts,
        })).collect::<Vec<_>>(),
        "proxies": proxies(facts, merchant, probe.as_ref()),
        "environment": environment(facts, now.seconds),
        "php_ffi": facts.ffi.iter().map(|one| json!({
            "name": one.name, "place": one.place, "cli_only": one.cli_only,
        })).collect::<Vec<_>>(),
        "clock": {
            "time": rfc3339(now.seconds),
            "plausible": now.seconds >= EARLIEST,
            "skew_s": probe.as_ref().map_or(Value::Null, |probe| probe["http"]["skew_s"].clone()),
        },
        "dns": {
            "resolv_conf": {
                "path": facts.resolver.path,
                "exists": facts.resolver.exists,
                "nameservers": facts.resolver.nameservers,
                "search": facts.resolver.search,
                "options": facts.resolver.options,
            },
            "host": probe.as_ref().map_or(Value::Null, |probe| probe["host"].clone()),
            "addresses": probe.as_ref().map_or(Value::Null, |probe| probe["dns"]["addresses"].clone()),
            "error": probe.as_ref().map_or(Value::Null, |probe| probe["dns"]["error"].clone()),
        },
        "offline": offline,
        "probe": probe,
    })
}

fn with_source(report: Value, merchant: &Merchant) -> Value {
    let mut out = Map::new();
    out.insert("source".to_owned(), json!(merchant.source));
    out.insert("problem".to_owned(), json!(merchant.problem));
    if let Value::Object(members) = report {
        out.extend(members);
    }
    Value::Object(out)
}

fn store(store: &Store, now: i64) -> Map<String, Value> {
    let has = |ids: &[&str]| store.was_read().then(|| ids.iter().any(|id| store.has(id)));
    let standing = match judge::standing(store, now) {
        Standing::Good => "ok",
        Standing::EndsSoon => "ends_soon",
        Standing::OnlyOldRoot => "only_old_root",
        Standing::RootMissing => "root_missing",
        Standing::Empty => "empty",
        Standing::Unreadable => "unreadable",
        Standing::Unknown => "unknown",
    };
    let members = json!({
        "path": store.path,
        "format": store.format.name(),
        "is_system": store.is_system,
        "certificates": store.was_read().then_some(store.certificates),
        "g1": has(&[G1]),
        "g2": has(&[G2]),
        "g5": has(&G5),
        "roots": store.known,
        "error": store.error,
        "standing": standing,
        "consequence": judge::consequence(store, now),
    });
    match members {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn runtimes(facts: &Facts, now: i64) -> Vec<Value> {
    let one = |one: &facts::Runtime| {
        let mut out = Map::new();
        out.insert("runtime".to_owned(), json!(one.runtime));
        out.insert("name".to_owned(), json!(one.name));
        out.insert("used_by".to_owned(), json!(one.used_by));
        out.insert("pinned_by".to_owned(), json!(one.pinned_by));
        out.extend(store(&one.store, now));
        Value::Object(out)
    };
    facts.runtimes.iter().map(one).collect()
}

fn proxies(facts: &Facts, merchant: &Merchant, probe: Option<&Value>) -> Value {
    let named = |all: &[(&str, String)]| {
        all.iter()
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect::<Vec<_>>()
    };
    json!({
        "configured": merchant.config.get("proxy").map(facts::redact),
        "from_env": merchant.config.get("proxy_from_env") == Some("1"),
        "environment": named(&facts.proxies.named),
        "ignored": named(&facts.proxies.ignored),
        "no_proxy": facts.proxies.no_proxy.as_ref().map(|(name, value)| json!({"name": name, "value": value})),
        "error": facts.proxies.error,
        "in_use": probe.map_or(Value::Null, |probe| probe["proxy"].clone()),
    })
}

fn environment(facts: &Facts, now: i64) -> Vec<Value> {
    let one = |one: &facts::Variable| {
        json!({
            "name": one.name,
            "value": one.value,
            "effect": one.effect.name(),
            "readers": one.readers,
            "store": one.store.as_ref().map(|found| store(found, now)),
        })
    };
    facts.variables.iter().map(one).collect()
}
