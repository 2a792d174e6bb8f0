//! Variables that change whom the programs of this machine trust. Only what is about trust is kept of a value: options
//! of Java and Node.js may hold passwords.

use std::path::{Path, PathBuf};

use super::Store;

/// A variable that is set, and what it does.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: &'static str,
    /// The path or flag, nothing else.
    pub value: String,
    pub effect: Effect,
    /// Whom it concerns.
    pub readers: &'static str,
    /// What the path leads to.
    pub store: Option<Store>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Its store is used instead of the runtime's.
    Replaces,
    /// Its store is used beside the runtime's.
    Adds,
    /// Certificates are not checked at all.
    SwitchesOff,
    /// Another source of roots is chosen.
    Chooses,
}

impl Effect {
    pub fn name(self) -> &'static str {
        match self {
            Effect::Replaces => "replaces",
            Effect::Adds => "adds",
            Effect::SwitchesOff => "switches_off",
            Effect::Chooses => "chooses",
        }
    }
}

const STORES: &[(&str, Effect, &str)] = &[
    (
        "SSL_CERT_FILE",
        Effect::Replaces,
        "OpenSSL, Go, Ruby, Python's ssl and httpx, and libwxpay",
    ),
    (
        "SSL_CERT_DIR",
        Effect::Replaces,
        "OpenSSL, Go, Ruby, Python's ssl, and libwxpay",
    ),
    (
        "CURL_CA_BUNDLE",
        Effect::Replaces,
        "the curl command and Python's requests",
    ),
    ("REQUESTS_CA_BUNDLE", Effect::Replaces, "Python's requests"),
    ("NODE_EXTRA_CA_CERTS", Effect::Adds, "Node.js"),
];

const JAVA: &[&str] = &[
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "_JAVA_OPTIONS",
    "JAVA_OPTS",
    "CATALINA_OPTS",
    "MAVEN_OPTS",
];

const TRUST_STORE: &str = "-Djavax.net.ssl.trustStore=";

pub fn variables() -> Vec<Variable> {
    let mut found = Vec::new();
    for (name, effect, readers) in STORES {
        if let Some(value) = get(name) {
            found.push(Variable {
                name,
                store: Some(store(name, &value)),
                value,
                effect: *effect,
                readers,
            });
        }
    }
    for name in JAVA {
        let options = get(name).unwrap_or_default();
        for word in options.split_whitespace() {
            let word = word.trim_matches(['"', '\'']);
            if let Some(path) = word.strip_prefix(TRUST_STORE) {
                found.push(Variable {
                    name,
                    value: format!("{TRUST_STORE}{path}"),
                    effect: Effect::Replaces,
                    readers: "every Java program started with it",
                    store: Some(Store::file(Path::new(path.trim_matches(['"', '\''])))),
                });
            }
        }
    }
    if let Some(value) = get("NODE_TLS_REJECT_UNAUTHORIZED").filter(|value| value == "0") {
        found.push(flag(
            "NODE_TLS_REJECT_UNAUTHORIZED",
            value,
            Effect::SwitchesOff,
        ));
    }
    let options = get("NODE_OPTIONS").unwrap_or_default();
    for word in options.split_whitespace() {
        if ["--use-openssl-ca", "--use-system-ca", "--use-bundled-ca"].contains(&word) {
            found.push(flag("NODE_OPTIONS", word.to_owned(), Effect::Chooses));
        }
    }
    found
}

fn flag(name: &'static str, value: String, effect: Effect) -> Variable {
    Variable {
        name,
        value,
        effect,
        readers: "Node.js",
        store: None,
    }
}

fn get(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?.to_string_lossy().into_owned();
    (!value.is_empty()).then_some(value)
}

/// SSL_CERT_DIR is a list as in PATH; some programs take a directory in the others too.
fn store(name: &str, value: &str) -> Store {
    if name == "SSL_CERT_DIR" {
        let dirs: Vec<PathBuf> = std::env::split_paths(value)
            .filter(|dir| !dir.as_os_str().is_empty())
            .collect();
        let mut stores = dirs.iter().map(|dir| Store::directory(dir));
        let mut first = stores
            .next()
            .unwrap_or_else(|| Store::directory(Path::new(value)));
        for other in stores {
            first.join(&other);
            first.is_system |= other.is_system;
        }
        value.clone_into(&mut first.path);
        return first;
    }
    let path = Path::new(value);
    if path.is_dir() {
        Store::directory(path)
    } else {
        Store::file(path)
    }
}
