//! Why the issuer of a chain is not accepted: the root is not in the store, a certificate between is
//! missing, the root is private, or somebody uses a root's name.

use super::chain::Chain;
use super::facts::Facts;
use super::known::{self, KnownRoot};
use super::refusal::Against;
use crate::error::{Cause, Diagnosis};

/// A root of the table that an issuer's name asks for, DigiCert's and Baltimore's only.
fn known_issuer(one: &Facts) -> Option<&'static KnownRoot> {
    let organization = &one.issuer_organization;
    known::by_name(&one.issuer_cn)
        .filter(|_| organization.starts_with("DigiCert") || organization.starts_with("Baltimore"))
}

pub fn unknown(chain: &Chain<'_>, leaf: &Facts, against: &Against<'_>) -> Diagnosis {
    let top = chain.top().unwrap_or(leaf);
    if leaf.self_signed {
        return Diagnosis::new(
            Cause::SelfSigned,
            format!(
                "the server's certificate \"{}\" is signed by itself",
                leaf.subject_cn
            ),
        );
    }
    if let Some(root) = known_issuer(top) {
        if top.self_signed && top.sha256 != root.sha256 {
            return Diagnosis::new(
                Cause::FakeRoot,
                format!(
                    "the server sends a certificate named {} that is not DigiCert's (SHA-256 {})",
                    root.name, top.sha256
                ),
            );
        }
        if !(against.fingerprints)(root.sha256) {
            return root_not_in_store(root, top, against);
        }
        return Diagnosis::new(
            Cause::FakeRoot,
            format!(
                "the chain says that {} issued it; that root is in the store and did not",
                root.name
            ),
        );
    }
    let is_public = top.issuer_organization.starts_with("DigiCert");
    if top.self_signed {
        return inspection(top, against);
    }
    // Nothing that was sent issued the server's certificate, and public CAs say where it can be had.
    if top.sha256 == leaf.sha256 && (leaf.names_its_issuer || is_public) {
        return missing_intermediate(leaf);
    }
    if is_public || top.names_its_issuer {
        return Diagnosis::new(
            Cause::RootNotInStore,
            format!("{} is not in this store", top.issuer_cn),
        )
        .cure(against.advice.root_missing());
    }
    inspection(top, against)
}

fn root_not_in_store(root: &KnownRoot, top: &Facts, against: &Against<'_>) -> Diagnosis {
    let mut text = format!("{} is not in this store", root.name);
    if !top.self_signed && top.issuer_key_id().is_some_and(|id| id != root.key_id) {
        text += "; but the chain names another key than that root's: it may be forged by an inspecting appliance";
    }
    if root.id == known::G2
        && (against.fingerprints)(known::by_id(known::G1).map_or("", |g1| g1.sha256))
    {
        text += "; it has G1 only: the case of WeChat Pay's server certificate guideline";
    }
    Diagnosis::new(Cause::RootNotInStore, text).cure(against.advice.root_missing())
}

fn inspection(top: &Facts, against: &Against<'_>) -> Diagnosis {
    let (ca, organization) = if top.self_signed {
        (&top.subject_cn, &top.issuer_organization)
    } else {
        (&top.issuer_cn, &top.issuer_organization)
    };
    let of = if organization.is_empty() || organization == ca {
        String::new()
    } else {
        format!(" of {organization}")
    };
    Diagnosis::new(
        Cause::TlsInspection,
        if top.self_signed {
            format!(
                "the chain ends in the private CA \"{ca}\"{of}, which is not in the store: a proxy or appliance opens TLS, or it is a test server"
            )
        } else {
            format!(
                "\"{ca}\"{of} issued the chain and is not in the store: a private CA (a proxy or appliance that opens TLS, a test server), or a root that the store lacks"
            )
        },
    )
    .cure(against.advice.private_ca())
}

pub fn missing_intermediate(leaf: &Facts) -> Diagnosis {
    Diagnosis::new(
        Cause::MissingIntermediate,
        format!(
            "the server sends no certificate of \"{}\", which issued its own; an intermediate certificate is missing",
            leaf.issuer_cn
        ),
    )
}

/// The chain's own signatures were right when its issuer is found: then it was the handshake's.
pub fn bad_signature(chain: &Chain<'_>, leaf: &Facts, against: &Against<'_>) -> Diagnosis {
    if let Some(bits) = leaf.rsa_bits.filter(|bits| *bits < 2048) {
        return Diagnosis::new(
            Cause::WeakKey,
            format!("the server's RSA key is too weak: {bits} bits; 2048 are the least"),
        );
    }
    if is_forged(chain, leaf, against) {
        return fake_root(chain.top().unwrap_or(leaf));
    }
    Diagnosis::new(
        Cause::BadChainSignature,
        format!("a signature of \"{}\" is wrong", leaf.subject_cn),
    )
}

/// The chain claims a root of the store, and that root's key did not make it. Where the fault lies
/// below, between certificates that were sent, it is no forgery but damage.
pub fn is_forged(chain: &Chain<'_>, leaf: &Facts, against: &Against<'_>) -> bool {
    let top = chain.top().unwrap_or(leaf);
    let is_named_in_store = against
        .roots
        .roots
        .iter()
        // An anchor's subject is the content of the name, without its tag and length.
        .any(|root| top.issuer_der().ends_with(&root.subject) && !root.subject.is_empty());
    let refused = chain.issuer_error(against.roots, against.algorithms, against.now);
    is_named_in_store
        && refused.is_some()
        && chain.issuer_of_leaf_error(against.algorithms, against.now) != refused
}

pub fn fake_root(top: &Facts) -> Diagnosis {
    Diagnosis::new(
        Cause::FakeRoot,
        format!(
            "the chain names the root \"{}\" of the store, but another key signed it, or the certificate was changed",
            top.issuer_cn
        ),
    )
}
