//! `captured.jsonl`: what the runtimes printed, in November 2026, when they called local servers
//! that fail on purpose (`openssl s_server`, a raw socket that resets, closes, hangs, answers in
//! clear or sends one alert; proxies that refuse). Frames of the caller's own program are left out.
//! What is expected is what the server did.

use super::{explained, ids};
use crate::error::Cause::{self, *};

#[derive(Debug, serde::Deserialize)]
struct Captured {
    runtime: String,
    language: String,
    case: String,
    text: String,
}

fn captured() -> Vec<Captured> {
    include_str!("../captured.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What was wrong with the server of each case, and the status of this library for it.
fn truth(case: &str) -> (Cause, i64) {
    match case {
        "root" => (RootNotInStore, 310),
        "intermediate" => (MissingIntermediate, 310),
        "self" => (SelfSigned, 310),
        "inspection" => (TlsInspection, 310),
        "expired" => (ServerCertExpired, 311),
        "future" => (ServerCertNotYetValid, 312),
        "host" => (WrongServer, 313),
        "ip" => (UrlByIp, 313),
        "cn" => (NoNameInCert, 313),
        "weak" => (WeakKey, 316),
        "sha1" | "purpose" => (BadServerChain, 316),
        "oldtls" | "alert70" => (OldTls, 314),
        "nocommon" | "alert40" | "alert71" => (NoCommonTls, 314),
        "mtls12" | "mtls13" | "alert116" => (ClientCertificateMissing, 317),
        "alert42" | "alert43" | "alert46" | "alert48" | "alert49" => {
            (ClientCertificateRefused, 317)
        }
        "alert80" | "alert86" => (TlsRefused, 314),
        "alert112" => (HostIpMismatch, 313),
        "plain" => (PlaintextOnTlsPort, 314),
        "rst" | "eof" => (HandshakeCut, 314),
        "hang" => (HandshakeTimeout, 302),
        "refused" => (ConnectFailed, 301),
        "dns" => (DnsFailed, 300),
        "empty" | "garbage" | "missing" => (BundleUnreadable, 118),
        "proxy407" => (ProxyAuth, 309),
        "proxy403" | "proxy502" | "proxycut" | "proxydown" | "proxydns" => (ProxyRefused, 306),
        other => panic!("{other}"),
    }
}

/// Runtimes whose text is the same for several causes, and what stands first there. The truth must
/// be among the others.
const CANNOT_TELL: &[(&str, Cause, &[&str])] = &[
    // One text for every certificate that is not verified.
    (
        "intermediate self inspection expired future host ip weak sha1 purpose",
        RootNotInStore,
        &["Mono", "PHP 8.2.36, file_get"],
    ),
    (
        "intermediate self inspection",
        RootNotInStore,
        &["OpenJDK", "Go", "GNU Wget"],
    ),
    (
        "intermediate",
        RootNotInStore,
        &["curl", "PHP", "Python", "Ruby", "OpenSSL", ".NET"],
    ),
    ("self inspection", RootNotInStore, &[".NET"]),
    ("root", CallbackRefused, &[".NET 8.0.4, callback"]),
    ("future", ServerCertExpired, &[".NET"]),
    ("cn", WrongServer, &["Python 3.11, requests"]),
    ("ip", WrongServer, &[".NET", "Ruby"]),
    // The server's alert says no more.
    ("mtls12", NoCommonTls, &[""]),
    ("mtls13", NoCommonTls, &["Mono"]),
    (
        "mtls13",
        ConnectionCut,
        &["Node 20.20.2, fetch", "PHP 8.2.36, file_get", "GNU Wget"],
    ),
    ("oldtls", NoCommonTls, &[".NET"]),
    ("proxy407", ProxyRefused, &["PHP 8.2.36, file_get"]),
    // No phase is named.
    ("hang", AnswerTimeout, &[""]),
    (
        "hang",
        ConnectFailed,
        &[
            "curl",
            "PHP 8.2.36, curl",
            "OpenJDK 17.0.15, HttpClient",
            "Ruby",
        ],
    ),
    (
        "hang eof",
        TlsRefused,
        &["GNU Wget", "PHP 8.2.36, file_get"],
    ),
];

/// Where nothing in the text points to the case: another cause is true of the text.
const OTHERWISE: &[(&str, Cause, &[&str])] = &[
    // A bundle without certificates is an empty store.
    ("empty garbage", RootNotInStore, &["Go", "Node"]),
    (
        "empty garbage missing",
        RootNotInStore,
        &["OpenJDK", ".NET", "Mono"],
    ),
    ("proxydown", ConnectFailed, &[""]),
    ("proxydns", DnsFailed, &[""]),
    ("proxycut", ConnectionCut, &[""]),
    ("proxycut", HandshakeCut, &["Go", "Python 3.11, requests"]),
];

/// Texts that could be any language's.
const NAMELESS: &[&str] = &["TimeoutError", "open rootca.pem: no such file or directory"];

fn listed(table: &[(&str, Cause, &[&str])], row: &Captured, first: &str) -> bool {
    table.iter().any(|(cases, cause, runtimes)| {
        cases.split(' ').any(|case| case == row.case)
            && cause.name() == first
            && runtimes
                .iter()
                .any(|runtime| row.runtime.starts_with(runtime))
    })
}

#[test]
fn what_the_runtimes_print_names_what_the_server_did() {
    let rows = captured();
    let mut wrong = Vec::new();
    for row in &rows {
        let report = explained(&row.text);
        let found = ids(&report);
        let (cause, status) = truth(&row.case);
        let exact = found[0] == cause.name() && report["status"] == status;
        let among = found.iter().any(|id| id == cause.name());
        let fine = exact
            || (among && listed(CANNOT_TELL, row, &found[0]))
            || listed(OTHERWISE, row, &found[0]);
        let named = report["language"] == row.language || NAMELESS.contains(&row.text.as_str());
        if !fine || !named {
            wrong.push(format!(
                "{} {} {}: {found:?}\n{}",
                row.runtime, row.case, report["language"], row.text
            ));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(rows.len() >= 500, "{}", rows.len());
}

#[test]
fn every_runtime_of_the_guideline_was_captured() {
    let rows = captured();
    // PHP's and C++'s libcurl print the same.
    for language in [
        "java", "php", "csharp", "python", "go", "ruby", "node", "curl",
    ] {
        let cases = rows.iter().filter(|row| row.language == language).count();
        assert!(cases >= 15, "{language}: {cases}");
    }
}
