//! `wxpay_trust_report`: where the roots came from, which of those that matter are among them,
//! what is odd about the rest, and what to do. Decides by trust.md §3, with the time given.

use std::collections::HashSet;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::json;

use super::{bound, worst};
use crate::client::Client;
use crate::crypto::digest::hex;
use crate::error::{Cause, Diagnosis, Severity, Status};
use crate::net::{self, Entry, TrustSettings, TrustView};
use crate::time::{Now, clock, rfc3339};
use crate::trust::facts::Facts;
use crate::trust::known::{self, ROOTS};
use crate::trust::{anchor, verdict};

/// Of each kind of anomaly so many are listed; the counts are complete.
const MOST_LISTED: usize = 20;

/// Something about one certificate of the store.
#[derive(Serialize)]
struct Anomaly {
    /// `not_a_ca`, `weak`, `unreadable`, `expired`, `local` or `directory_only`.
    kind: &'static str,
    name: String,
    sha256: String,
    path: String,
    text: String,
}

/// Without a client: the store of a client that is made now with the defaults.
pub fn trust_report(client: Option<&Client>, now: Now) -> String {
    match client {
        Some(client) => report_of(
            &client.trust_view(),
            bound(client.transport().settings()),
            now,
        ),
        None => report_of(
            &net::trust_view(&TrustSettings::from_env(true)),
            Vec::new(),
            now,
        ),
    }
}

/// The report about what was seen; `more` is what else was found.
pub fn report_of(view: &TrustView, more: Vec<Diagnosis>, now: Now) -> String {
    let usable: HashSet<[u8; 32]> = view.in_use.iter().copied().collect();
    let anomalies = anomalies(view, &usable, now.seconds);
    let mut diagnosis = more;
    match &view.failure {
        Some(error) => diagnosis.extend(error.fields().diagnosis.iter().cloned()),
        None => {
            let has = |id: &str| {
                known::by_id(id)
                    .is_some_and(|root| view.in_use.iter().any(|one| hex(one) == root.sha256))
            };
            diagnosis.extend(verdict::of_roots(has, now.seconds, &view.advice));
        }
    }
    diagnosis.extend(about_the_source(view, &usable));
    diagnosis.extend(about_anomalies(&anomalies));
    // The worst first; among equals in the order found.
    diagnosis.sort_by_key(|one| std::cmp::Reverse(one.severity));
    let count = |kind: &str| anomalies.iter().filter(|one| one.kind == kind).count();
    let named = view.ssl_cert_file.is_some() || view.ssl_cert_dir.is_some();
    let at = |time: Option<SystemTime>| time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let seconds = |time: Option<SystemTime>| {
        at(time).map(|since| i64::try_from(since.as_secs()).unwrap_or_default())
    };
    json!({
        "schema": 1,
        "status": view.failure.as_ref().map_or(Status::Ok, crate::error::Error::status).code(),
        "clock": now.clock(),
        "time": rfc3339(now.seconds),
        "verdict": worst(&diagnosis),
        "diagnosis": diagnosis,
        "source": {
            "kind": if named { "environment" } else { "system" },
            "ssl_cert_file": view.ssl_cert_file,
            "ssl_cert_dir": view.ssl_cert_dir,
            "env_ignored": view.env_ignored,
            "private": view.is_private,
            "distribution": view.advice.distribution,
            "paths": view.inventory.places.iter().map(|place| json!({
                "path": place.path,
                "kind": place.kind,
                "read": place.read,
                "files": place.files,
                "certificates": place.certificates,
                "size": place.size,
                "modified": seconds(place.modified).map(rfc3339),
            })).collect::<Vec<_>>(),
            "errors": view.inventory.errors.iter()
                .map(|(path, text)| json!({"path": path, "text": text})).collect::<Vec<_>>(),
        },
        "counts": {
            "certificates": view.inventory.entries.len(),
            "usable": view.in_use.len(),
            "not_a_ca": count("not_a_ca") + count("weak"),
            "unreadable": count("unreadable"),
            "expired": count("expired"),
            "local": count("local"),
            "extra_ca": view.extra_ca.len(),
        },
        "roots": ROOTS.iter().map(|root| {
            let entry = view.inventory.entries.iter().find(|entry| hex(&entry.sha256) == root.sha256);
            json!({
                "id": root.id,
                "name": root.name,
                "sha256": root.sha256,
                "present": view.in_use.iter().any(|one| hex(one) == root.sha256),
                "found_in": entry.map(|entry| entry.found_in.clone()).unwrap_or_default(),
                "not_before": rfc3339(root.not_before),
                "not_after": rfc3339(root.not_after),
                "expired": now.seconds > root.not_after,
                "mozilla_distrust": verdict::day(root.mozilla_distrust),
                "distrusted_by_mozilla": now.seconds >= root.mozilla_distrust,
            })
        }).collect::<Vec<_>>(),
        "anomalies": listed(anomalies),
        "store": {
            "loads": view.loads,
            "reloads": view.reloads,
            "roots": view.in_use.len(),
            "loaded_at": seconds(view.loaded_at).map(rfc3339),
            "age_s": seconds(view.loaded_at).map(|at| (clock().seconds - at).max(0)),
        },
    })
    .to_string()
}

fn anomalies(view: &TrustView, usable: &HashSet<[u8; 32]>, now: i64) -> Vec<Anomaly> {
    let has_bundle = view.inventory.entries.iter().any(|entry| entry.in_bundle);
    let mut found = Vec::new();
    for entry in &view.inventory.entries {
        let facts = Facts::of(&entry.der);
        let mut add = |kind, text: String| {
            found.push(Anomaly {
                kind,
                name: facts
                    .as_ref()
                    .map_or_else(String::new, |one| one.subject.clone()),
                sha256: hex(&entry.sha256),
                path: path(entry),
                text,
            });
        };
        match anchor::may_be_anchor(&entry.der) {
            anchor::Verdict::Usable if usable.contains(&entry.sha256) => {}
            anchor::Verdict::Usable => add("unreadable", "rustls cannot read it".to_owned()),
            anchor::Verdict::NotACa { why, .. } if why.contains("2048") => {
                add("weak", why.to_owned());
            }
            anchor::Verdict::NotACa { why, .. } => add("not_a_ca", why.to_owned()),
            anchor::Verdict::Unreadable => {
                add("unreadable", "it is no X.509 certificate".to_owned())
            }
        }
        if !usable.contains(&entry.sha256) {
            continue;
        }
        if let Some(facts) = facts.as_ref().filter(|one| now > one.valid.1) {
            add("expired", format!("expired on {}", facts.not_after));
        }
        if entry.added_by_hand {
            add("local", "added on this machine".to_owned());
        } else if has_bundle && entry.in_directory && !entry.in_bundle && !view.is_private {
            add(
                "directory_only",
                "in the directory, but not in the bundle: put there by hand or by a package"
                    .to_owned(),
            );
        }
    }
    found
}

fn path(entry: &Entry) -> String {
    entry.found_in.first().cloned().unwrap_or_default()
}

fn listed(anomalies: Vec<Anomaly>) -> Vec<Anomaly> {
    let mut seen = std::collections::HashMap::new();
    anomalies
        .into_iter()
        .filter(|one| {
            let count = seen.entry(one.kind).or_insert(0);
            *count += 1;
            *count <= MOST_LISTED
        })
        .collect()
}

fn about_the_source(view: &TrustView, usable: &HashSet<[u8; 32]>) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    if view.is_private {
        let named = view.advice.named_by.clone().unwrap_or_default();
        found.push(
            Diagnosis::new(
                Cause::PrivateBundle,
                format!("{named} replaces the system's store by a private bundle, which nobody updates with the system."),
            ),
        );
    }
    if view.env_ignored {
        found.push(Diagnosis::new(
            Cause::EnvIgnored,
            "SSL_CERT_FILE and SSL_CERT_DIR are not looked at: trust_env is 0, or this process runs set-user-id.",
        ));
    }
    // What the files hold now and what is in use differ only when the last change was refused.
    let on_disk =
        |entry: &&Entry| matches!(anchor::may_be_anchor(&entry.der), anchor::Verdict::Usable);
    let extra: HashSet<[u8; 32]> = view
        .extra_ca
        .iter()
        .map(|der| crate::crypto::digest::sha256(der))
        .collect();
    let files: HashSet<[u8; 32]> = view
        .inventory
        .entries
        .iter()
        .filter(on_disk)
        .map(|entry| entry.sha256)
        .collect();
    let gone = usable
        .iter()
        .any(|one| !files.contains(one) && !extra.contains(one));
    if view.failure.is_none() && gone {
        found.push(Diagnosis::new(
            Cause::StoreNotReloaded,
            "The store's files no longer hold the roots that are in use; the new content is empty or cannot be read, so the old roots stay in use.",
        ));
    }
    if let Some((path, text)) = view.inventory.errors.first() {
        let more = match view.inventory.errors.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        found.push(Diagnosis::new(
            Cause::UnreadableInStore,
            format!("{path}: {text}{more}."),
        ));
    }
    found
}

fn about_anomalies(anomalies: &[Anomaly]) -> Vec<Diagnosis> {
    let of = |kinds: &[&str]| -> Vec<&Anomaly> {
        anomalies
            .iter()
            .filter(|one| kinds.contains(&one.kind))
            .collect()
    };
    let mut found = Vec::new();
    let mut say = |cause, kinds: &[&str], what: &str, severity: Option<Severity>| {
        let some = of(kinds);
        let Some(first) = some.first() else { return };
        let one = Diagnosis::new(
            cause,
            format!(
                "{} certificate(s) {what}; the first: {} ({}).",
                some.len(),
                first.name,
                first.path
            ),
        );
        found.push(match severity {
            Some(severity) => one.severity(severity),
            None => one,
        });
    };
    say(
        Cause::LocalRoot,
        &["local"],
        "were added on this machine and may belong to an inspecting proxy",
        None,
    );
    // Packages such as ssl-cert and mod_ssl leave certificates there.
    say(
        Cause::LocalRoot,
        &["directory_only"],
        "are roots only because they lie in the store's directory",
        Some(Severity::Info),
    );
    say(
        Cause::NotACa,
        &["not_a_ca", "weak"],
        "may not be a root and are not used as one",
        None,
    );
    say(
        Cause::UnreadableInStore,
        &["unreadable"],
        "cannot be read",
        None,
    );
    say(Cause::ExpiredRoot, &["expired"], "have expired", None);
    found
}
