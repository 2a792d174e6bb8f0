//! `cacerts` of every JDK that can be found. A JDK reads jssecacerts instead when it has one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Runtime, Store, tool};

/// Of distributions, without a JDK around them.
const SHARED: &[&str] = &[
    "/etc/ssl/certs/java/cacerts",
    "/etc/pki/java/cacerts",
    "/etc/pki/ca-trust/extracted/java/cacerts",
    "/etc/ssl/java/cacerts",
];

const HOMES: &[&str] = &[
    "/usr/lib/jvm",
    "/usr/lib64/jvm",
    "/usr/java",
    "/opt",
    "/opt/java",
    "/opt/jdk",
];

pub fn stores() -> Vec<Runtime> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut seen_homes = BTreeSet::new();
    for home in homes() {
        // Distributions link one JDK under several names.
        let real = home.canonicalize().unwrap_or_else(|_| home.clone());
        let Some(path) = cacerts(&home).filter(|_| seen_homes.insert(real)) else {
            continue;
        };
        if seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())) {
            found.push(runtime(name(&home), &path));
        }
    }
    for path in SHARED.iter().map(Path::new) {
        if let Ok(real) = path.canonicalize()
            && seen.insert(real)
        {
            found.push(runtime("Java".to_owned(), path));
        }
    }
    found
}

fn runtime(name: String, path: &Path) -> Runtime {
    Runtime {
        runtime: "java",
        name,
        used_by: "every program of this JDK (cacerts)",
        pinned_by: None,
        store: Store::file(path),
    }
}

/// $JAVA_HOME first, then the JDK of `java` on PATH, then what is installed.
fn homes() -> Vec<PathBuf> {
    let mut homes: Vec<PathBuf> = std::env::var_os("JAVA_HOME")
        .filter(|home| !home.is_empty())
        .map(PathBuf::from)
        .into_iter()
        .collect();
    for java in tool::on_path("java") {
        if let Some(home) = java
            .canonicalize()
            .ok()
            .as_deref()
            .and_then(|java| java.parent()?.parent())
        {
            homes.push(home.to_path_buf());
        }
    }
    for parent in HOMES.iter().map(Path::new) {
        homes.extend(tool::directories(parent, ""));
    }
    homes
}

fn cacerts(home: &Path) -> Option<PathBuf> {
    ["lib/security", "jre/lib/security"]
        .iter()
        .flat_map(|dir| ["jssecacerts", "cacerts"].map(|file| home.join(dir).join(file)))
        // A link that leads nowhere counts: that JDK trusts nobody.
        .find(|path| path.symlink_metadata().is_ok())
}

/// The version stands in the file `release` of a JDK.
fn name(home: &Path) -> String {
    let release = super::store::read(&home.join("release")).unwrap_or_default();
    let version = String::from_utf8_lossy(&release)
        .lines()
        .find_map(|line| line.strip_prefix("JAVA_VERSION="))
        .map(|version| version.trim_matches('"').to_owned());
    match version {
        Some(version) => format!("Java {version}"),
        None => "Java".to_owned(),
    }
}
