//! Findings about the stores of other runtimes. Programs of this machine that do not use the library fail or work by them,
//! so that the worst is a warning: "fails for somebody else".

use wxpay::error::{Cause, Diagnosis};
use wxpay::trust::advice::Advice;
use wxpay::trust::known::{self, G1, G2, G2_ENDS_SOON, G5};

use super::Case;
use crate::doctor::facts::{Effect, Format, Runtime, Store, Variable};
use crate::output::escape::readable;

/// What a store means for connections to WeChat Pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Good,
    /// Good now, but G2 ends soon and its successor is missing.
    EndsSoon,
    OnlyOldRoot,
    RootMissing,
    Empty,
    /// Not there or not readable.
    Unreadable,
    /// Nothing can be said: encrypted, or decided by the system's store.
    Unknown,
}

pub fn standing(store: &Store, now: i64) -> Standing {
    if store.opaque || store.format == Format::System {
        return Standing::Unknown;
    }
    if !store.was_read() || store.error.is_some() {
        return Standing::Unreadable;
    }
    let ends = known::by_id(G2).map_or(i64::MAX, |root| root.mozilla_distrust);
    let has_successor = G5.iter().any(|id| store.has(id));
    if store.certificates == 0 {
        Standing::Empty
    } else if store.has(G2) && (now < G2_ENDS_SOON || has_successor) || has_successor && now >= ends
    {
        Standing::Good
    } else if store.has(G2) && now < ends {
        Standing::EndsSoon
    } else if store.has(G1) && !store.has(G2) {
        Standing::OnlyOldRoot
    } else {
        Standing::RootMissing
    }
}

/// What follows, in words.
pub fn consequence(store: &Store, now: i64) -> String {
    match standing(store, now) {
        Standing::Good => "trusts WeChat Pay's servers".to_owned(),
        Standing::EndsSoon => "trusts WeChat Pay's servers until 2029-04-15, when DigiCert G2 ends; no successor is there".to_owned(),
        Standing::OnlyOldRoot => "has DigiCert G1 but not G2: refuses WeChat Pay's servers".to_owned(),
        Standing::RootMissing => "has no root of WeChat Pay's servers: refuses them".to_owned(),
        Standing::Empty => "holds no certificate: refuses every server".to_owned(),
        Standing::Unreadable => format!(
            "cannot be used: {}",
            store.error.as_deref().unwrap_or("it is in no format that is known")
        ),
        Standing::Unknown if store.opaque => "cannot look inside: its certificates are encrypted".to_owned(),
        Standing::Unknown => "takes the system's store".to_owned(),
    }
}

pub fn findings(case: &Case<'_>) -> Vec<Diagnosis> {
    let release = &case.facts.machine.os_release;
    let advice = Advice::from_os_release(release, None);
    let mut found: Vec<Diagnosis> = case
        .facts
        .runtimes
        .iter()
        .filter_map(|runtime| about(runtime, case.now, &advice))
        .collect();
    let is_ignored = case.trust["source"]["env_ignored"] == true;
    for variable in &case.facts.variables {
        // The trust report judges what the library itself reads.
        if is_ignored || !variable.name.starts_with("SSL_CERT_") {
            found.extend(about_variable(variable, case.now));
        }
    }
    found
}

/// As each language says it (trust.md §4.1).
fn words(runtime: &str) -> &'static str {
    match runtime {
        "java" => "PKIX path building failed",
        "python" => "CERTIFICATE_VERIFY_FAILED",
        "node" => "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
        _ => "cURL error 60",
    }
}

fn about(runtime: &Runtime, now: i64, advice: &Advice) -> Option<Diagnosis> {
    let store = &runtime.store;
    let path = readable(&store.path);
    let mut whose = format!("{}, {}", readable(&runtime.name), runtime.used_by);
    if let Some(pinned) = &runtime.pinned_by {
        whose = format!("{whose}: {}", readable(pinned));
    }
    let state = standing(store, now);
    let follows = consequence(store, now);
    Some(match state {
        Standing::Good | Standing::EndsSoon if runtime.pinned_by.is_some() && !store.is_system => Diagnosis::new(
            Cause::RuntimePinned,
            format!("{whose} names {path}, which nobody updates with the system."),
        )
        .cure(format!("Delete {}, so that the system's store decides.", setting(runtime))),
        Standing::Good | Standing::EndsSoon => return None,
        Standing::Unknown if store.opaque => Diagnosis::new(
            Cause::RuntimeStoreOpaque,
            format!("{whose}: {path}: {follows}."),
        )
        .cure(format!(
            "`keytool -list -keystore {path}` shows the fingerprints; DigiCert Global Root G2 is CB:3C:CB:B7:60:31…"
        )),
        Standing::Unknown => return None,
        Standing::Unreadable => Diagnosis::new(
            Cause::RuntimeStoreUnreadable,
            format!("{whose}: {path} {follows}. Its connections fail."),
        )
        .cure(cure(runtime, advice)),
        Standing::OnlyOldRoot | Standing::RootMissing | Standing::Empty => Diagnosis::new(
            Cause::RuntimeStoreOld,
            format!("{whose}: {path} {follows} ({}).", words(runtime.runtime)),
        )
        .cure(cure(runtime, advice)),
    })
}

fn setting(runtime: &Runtime) -> String {
    runtime
        .pinned_by
        .as_deref()
        .map_or_else(|| "the setting".to_owned(), readable)
}

fn cure(runtime: &Runtime, advice: &Advice) -> String {
    let store = &runtime.store;
    let is_absent = store.certificates == 0;
    if runtime.pinned_by.is_some() {
        return format!(
            "Delete {}, so that the system's store decides.",
            setting(runtime)
        );
    }
    if runtime.runtime == "java" && is_absent {
        return "Install its certificates again: `apt-get install --reinstall ca-certificates-java` on Debian and Ubuntu, else the JDK anew.".to_owned();
    }
    if store.is_system && is_absent {
        return advice.install();
    }
    if store.is_system {
        return advice.root_missing();
    }
    match runtime.runtime {
        "java" => format!(
            "Update the JDK; or fetch DigiCertGlobalRootG2.crt from DigiCert, compare its SHA-256 fingerprint (CB:3C:CB:B7:60:31…), and `keytool -importcert -alias digicertglobalrootg2 -file DigiCertGlobalRootG2.crt -keystore {}`.",
            readable(&store.path)
        ),
        "python" if runtime.used_by.contains("certifi") => {
            "Run `python3 -m pip install --upgrade certifi` with that Python.".to_owned()
        }
        "python" => format!("This Python looks for roots where there are none: set SSL_CERT_FILE to the system's bundle for it, or use the distribution's Python. {}", advice.install()),
        "node" => "Update Node.js; or set NODE_OPTIONS=--use-openssl-ca, so that the system's store decides.".to_owned(),
        _ => advice.root_missing(),
    }
}

fn about_variable(variable: &Variable, now: i64) -> Option<Diagnosis> {
    let store = variable.store.as_ref()?;
    let named = format!("{}={}", variable.name, readable(&variable.value));
    let follows = consequence(store, now);
    let readers = variable.readers;
    let is_broken = matches!(standing(store, now), Standing::Unreadable | Standing::Empty);
    let one = if variable.effect == Effect::Adds {
        if !is_broken {
            return None;
        }
        Diagnosis::new(
            Cause::RuntimeStoreUnreadable,
            format!("{named} ({readers}) {follows}."),
        )
    } else if is_broken {
        Diagnosis::new(
            Cause::RuntimeStoreUnreadable,
            format!("{named} ({readers}) {follows}. Their connections fail."),
        )
    } else if matches!(
        standing(store, now),
        Standing::OnlyOldRoot | Standing::RootMissing
    ) {
        Diagnosis::new(
            Cause::RuntimeStoreOld,
            format!("{named} ({readers}) {follows}."),
        )
    } else if store.is_system {
        return None;
    } else {
        Diagnosis::new(
            Cause::RuntimePinned,
            format!(
                "{named} replaces the store of {readers} by a file of its own, which nobody updates with the system."
            ),
        )
    };
    Some(one.cure(format!(
        "Unset {}, so that the system's store decides.",
        variable.name
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(known: &[&'static str]) -> Store {
        Store {
            path: "/x".to_owned(),
            format: Format::Pem,
            certificates: 3,
            known: known.to_vec(),
            opaque: false,
            is_system: false,
            error: None,
        }
    }

    /// The dated rules of trust.md §3. Days: `date -ud DATE +%s`.
    #[test]
    fn what_a_store_means_depends_on_the_day() {
        const NOW: i64 = 1_795_737_600; // 2026-11-26
        const LATE: i64 = 1_860_000_000; // 2028-12-09
        const AFTER: i64 = 1_871_000_000; // 2029-04-16
        let rows: &[(&[&'static str], i64, Standing)] = &[
            (&[G1, G2], NOW, Standing::Good),
            (&[G2], NOW, Standing::Good),
            (&[G1], NOW, Standing::OnlyOldRoot),
            (&[], NOW, Standing::RootMissing),
            (&[G5[0]], NOW, Standing::RootMissing),
            (&[G2], LATE, Standing::EndsSoon),
            (&[G2, G5[1]], LATE, Standing::Good),
            (&[G2], AFTER, Standing::RootMissing),
            (&[G5[0]], AFTER, Standing::Good),
        ];
        for (known, now, want) in rows {
            assert_eq!(standing(&store(known), *now), *want, "{known:?} at {now}");
        }
        let empty = Store {
            certificates: 0,
            ..store(&[])
        };
        assert_eq!(standing(&empty, NOW), Standing::Empty);
        let opaque = Store {
            opaque: true,
            ..store(&[])
        };
        assert_eq!(standing(&opaque, NOW), Standing::Unknown);
    }
}
