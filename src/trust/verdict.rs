//! Whether a store is fit for WeChat Pay's servers on a given day (trust.md §3). Pure: what is in
//! the store and what day it is come in.

use super::advice::Advice;
use super::known::{self, G1, G2, G2_ENDS_SOON, G5};
use crate::error::{Cause, Diagnosis, Severity};
use crate::time::rfc3339;

/// `has` answers by the id of a known root.
pub fn of_roots(has: impl Fn(&str) -> bool, now: i64, advice: &Advice) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    let (g1, g2) = (root(G1), root(G2));
    let has_successor = G5.iter().any(|id| has(id));
    let g2_counts = now < g2.mozilla_distrust;
    if !has(G2) && g2_counts {
        let (cause, text) = if has(G1) {
            (
                Cause::OnlyOldRoot,
                format!(
                    "{} (G1) is in the store and {} is not in this store: exactly the case of WeChat Pay's server certificate guideline.",
                    g1.name, g2.name
                ),
            )
        } else {
            (
                Cause::RootNotInStore,
                format!(
                    "{} is not in this store: WeChat Pay's servers are under it since 2024.",
                    g2.name
                ),
            )
        };
        found.push(Diagnosis::new(cause, text).cure(advice.root_missing()));
    }
    if !g2_counts && !has_successor {
        found.push(
            Diagnosis::new(
                Cause::RootNotInStore,
                format!(
                    "Neither {} nor {} is in this store, and {} has left Mozilla's trust.",
                    root(G5[0]).name,
                    root(G5[1]).name,
                    g2.name
                ),
            )
            .cure(advice.root_missing()),
        );
    }
    if has(G2) && g2_counts && now > G2_ENDS_SOON {
        found.push(Diagnosis::new(
            Cause::RootLeavesMozilla,
            format!(
                "{} leaves Mozilla's trust on {}; {}.",
                g2.name,
                day(g2.mozilla_distrust),
                if has_successor {
                    "a successor of DigiCert is in the store"
                } else {
                    "no successor of DigiCert is in the store"
                }
            ),
        ));
    }
    if g2_counts && !has_successor {
        let severity = if now > G2_ENDS_SOON {
            Severity::Warning
        } else {
            Severity::Info
        };
        found.push(
            Diagnosis::new(
                Cause::SuccessorRootMissing,
                format!(
                    "Neither {} nor {} is in the store.",
                    root(G5[0]).name,
                    root(G5[1]).name
                ),
            )
            .severity(severity),
        );
    }
    if !has(G1) {
        let early = now < g1.mozilla_distrust;
        let one = Diagnosis::new(
            Cause::OldRootMissing,
            format!("{} (G1) is not in the store.", g1.name),
        );
        found.push(if early {
            one.severity(Severity::Warning).cure(
                "Keep G1 beside G2 until 2026-04-15: WeChat Pay serves both while it changes.",
            )
        } else {
            one
        });
    }
    found
}

fn root(id: &str) -> &'static known::KnownRoot {
    known::by_id(id).unwrap_or(&known::ROOTS[0])
}

/// The date alone.
pub fn day(seconds: i64) -> String {
    rfc3339(seconds).chars().take(10).collect()
}
