//! Go (guideline: "go", keyword RootCAs).

use crate::scan::lang::Lang::{self, Go};
use crate::scan::look::{Site, is_name, is_nothing, is_true};
use crate::scan::rule::{Hit, Kind, Rule, compile};

const ONLY: &[Lang] = &[Go];
const FIX_CA: &str = "Delete RootCAs: Go then verifies by the system's store (guideline, method 1). If the roots must \
stay, replace them by the current bundle of curl's site (method 2) and again before 2029-04-15.";
const FIX_OFF: &str = "Delete InsecureSkipVerify. If requests fail then, update ca-certificates of the system or image.";

pub const RULES: &[Rule] = &[
    Rule {
        id: "go.skip-verify",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["InsecureSkipVerify", "VerifyNone"],
        pattern: r"\bInsecureSkipVerify\s*(?::|=)|\b(EnableInsecureSkipVerify|WithInsecureSkipVerify)\s*\(|\b(SetVerify(?:Mode)?)\s*\(\s*(?:\w+\.)?VerifyNone\b",
        in_strings: false,
        check: skip_verify,
        means: "The client does not verify the server's certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "go.root-cas",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &["RootCAs"],
        pattern: r"\bRootCAs\s*(?::|=)",
        in_strings: false,
        check: root_cas,
        means: "The client trusts a pool of the program instead of the system's store.",
        fix: FIX_CA,
    },
    Rule {
        id: "go.pool",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &["AppendCertsFromPEM", "NewCertPool"],
        pattern: r"\.AppendCertsFromPEM\s*\(",
        in_strings: false,
        check: pool,
        means: "A pool of roots is filled by the program, and used elsewhere.",
        fix: FIX_CA,
    },
    Rule {
        id: "go.root-certificate",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &["SetRoot", "SetClientRoot"],
        pattern: r"\.\s*(?:SetRootCertificates?|SetRootCertificateFromString|SetRootCertsFromFile|SetRootCertFromString|SetRootCertificateWatcher)\s*\(",
        in_strings: false,
        check: |site| (!is_nothing(site.value())).then(|| Hit::pin(site.value()))?,
        means: "The client trusts the named roots instead of the system's store.",
        fix: "Delete the call: Go then verifies by the system's store (guideline, method 1).",
    },
    Rule {
        id: "go.verify-callback",
        langs: ONLY,
        kind: Kind::Hint,
        needles: &["VerifyPeerCertificate"],
        pattern: r"\bVerifyPeerCertificate\s*(?::|=)",
        in_strings: false,
        check: |site| {
            let value = site.value();
            let passes_on = value.ends_with(".VerifyPeerCertificate");
            let compared = site.rest().starts_with('=');
            (!compared && !is_nothing(value) && !passes_on).then(|| Hit::of(Kind::Hint))
        },
        means: "The program verifies certificates by code of its own, beside or instead of Go's.",
        fix: "Look whether InsecureSkipVerify stands beside it; Go's own verification needs no callback.",
    },
];

fn skip_verify(site: &Site) -> Option<Hit> {
    if !site.group(2).is_empty() {
        return Hit::off();
    }
    if !site.group(1).is_empty() {
        let called = site.line_before().ends_with('.');
        return called.then(|| Hit::of(Kind::Off));
    }
    if site.rest().starts_with('=') {
        return None;
    }
    // There it is about the Origin header, not about TLS.
    if site
        .callees()
        .iter()
        .any(|name| name.ends_with("AcceptOptions"))
    {
        return None;
    }
    is_true(site.resolved()).then(|| Hit::of(Kind::Off))
}

fn root_cas(site: &Site) -> Option<Hit> {
    if site.rest().starts_with('=') {
        return None;
    }
    let value = site.value();
    // Handed on from another configuration: decided there.
    if is_nothing(value) || value.ends_with(".RootCAs") || value.starts_with("nil") {
        return None;
    }
    let (system, added) = pool_of(site, value);
    if system {
        return if added {
            Hit::pin(value)?.info("The roots are added to the system's own, which stay trusted.")
        } else {
            None
        };
    }
    let appended = appended_to(site, value);
    Hit::pin(appended.unwrap_or(value))
}

/// Whether the pool begins as the system's, and whether something is added to it.
fn pool_of(site: &Site, value: &str) -> (bool, bool) {
    if value.contains("SystemCertPool") {
        return (true, false);
    }
    if !is_name(value) {
        return (false, false);
    }
    let last = value.rsplit('.').next().unwrap_or(value);
    let pattern = compile(&format!(
        r"\b{last}\b[^\n=]*:?=\s*(?:\w+\.)?SystemCertPool\s*\("
    ));
    let added =
        appended_to(site, value).is_some() || site.src.text.contains(&format!("{last}.AddCert("));
    (pattern.is_match(&site.src.text), added)
}

/// What is appended to the pool of that name.
fn appended_to<'a>(site: &Site<'a>, value: &str) -> Option<&'a str> {
    let last = value.rsplit('.').next().unwrap_or(value);
    let call = format!("{last}.AppendCertsFromPEM(");
    let at = site.src.text.find(&call)? + call.len();
    Some(site.src.text[crate::scan::look::expression(site.src, at)].trim())
}

/// When the file sets RootCAs or ClientCAs, that line is the site.
fn pool(site: &Site) -> Option<Hit> {
    let text = &site.src.text;
    let decided = [
        "RootCAs",
        "ClientCAs",
        "SystemCertPool",
        "VerifyOptions",
        "Roots:",
    ]
    .iter()
    .any(|word| text.contains(word));
    (!decided).then(|| Hit::pin(site.value()))?
}
