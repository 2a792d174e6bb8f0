//! Reports about trust: the table of roots against openssl, stores of every kind, servers of every
//! kind. Certificates come from the openssl command and from this system's own store.

mod known;
mod probe;
mod report;
mod schemas;
mod snakeoil;

use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

/// What openssl prints.
fn openssl(arguments: &[&str], input: &[u8]) -> String {
    String::from_utf8(crate::safety::openssl::openssl(arguments, input)).unwrap()
}

/// Every certificate of this system's bundle, as PEM.
fn system_store() -> Vec<String> {
    let bundle = std::fs::read_to_string("/etc/ssl/certs/ca-certificates.crt").unwrap();
    const END: &str = "-----END CERTIFICATE-----\n";
    bundle
        .split_inclusive(END)
        .filter_map(|one| one.find("-----BEGIN").map(|at| one[at..].to_owned()))
        .collect()
}

/// The system's store by fingerprint (lower-case hex), read by openssl once.
fn by_fingerprint() -> &'static HashMap<String, String> {
    static STORE: OnceLock<HashMap<String, String>> = OnceLock::new();
    STORE.get_or_init(|| {
        let all = system_store();
        all.into_iter()
            .map(|pem| (fingerprint(&pem), pem))
            .collect()
    })
}

/// The root of this fingerprint as PEM, out of the system's store.
pub fn system_root(sha256: &str) -> String {
    let root = by_fingerprint().get(sha256);
    root.unwrap_or_else(|| panic!("the system's store has no {sha256}"))
        .clone()
}

fn fingerprint(pem: &str) -> String {
    let text = openssl(
        &["x509", "-noout", "-fingerprint", "-sha256"],
        pem.as_bytes(),
    );
    let (_, hex) = text.trim().split_once('=').unwrap();
    hex.replace(':', "").to_ascii_lowercase()
}

/// A self-signed certificate and its key in `dir`, made with these extensions.
fn self_signed(dir: &Path, name: &str, subject: &str, extensions: &[&str]) -> String {
    let path = |end: &str| {
        dir.join(format!("{name}.{end}"))
            .to_str()
            .unwrap()
            .to_owned()
    };
    let (key, certificate) = (path("key"), path("pem"));
    let mut arguments = vec![
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "30",
        "-utf8",
        "-subj",
        subject,
        "-keyout",
        &key,
        "-out",
        &certificate,
    ];
    for extension in extensions {
        arguments.extend(["-addext", extension]);
    }
    openssl(&arguments, b"");
    certificate
}
