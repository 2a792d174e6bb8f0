//! Which roots a client asks for: the values of SSL_CERT_FILE and SSL_CERT_DIR, read once
//! (safety.md S6), extra CAs, and where this system keeps its store. Reads no certificate.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Result, Status, fail};
use crate::http::headers::readable;
use crate::sys::secure_mode;
use crate::trust::advice::Advice;
use crate::trust::anchor;

/// How long a snapshot of the store is used before its files are looked at again.
pub const RELOAD: Duration = Duration::from_secs(60);

/// Part of the identity of a transport (S5).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TrustSettings {
    /// Value of SSL_CERT_FILE.
    pub cert_file: Option<OsString>,
    /// Value of SSL_CERT_DIR: directories separated as in PATH.
    pub cert_dir: Option<OsString>,
    /// DER; added to the system's roots. Each passed `check_extra_ca`.
    pub extra_ca: Vec<Vec<u8>>,
    pub reload: Duration,
    /// The variables were not read: `trust_env` is 0, or the environment is somebody else's.
    pub env_ignored: bool,
}

impl Default for TrustSettings {
    /// The system's store; nothing from the environment.
    fn default() -> TrustSettings {
        TrustSettings {
            cert_file: None,
            cert_dir: None,
            extra_ca: Vec::new(),
            reload: RELOAD,
            env_ignored: false,
        }
    }
}

impl TrustSettings {
    /// Reads both variables now and never again. They are ignored without `trust_env`, and when
    /// the environment belongs to someone with fewer rights than this process.
    pub fn from_env(trust_env: bool) -> TrustSettings {
        if !trust_env || secure_mode() {
            return TrustSettings {
                env_ignored: true,
                ..TrustSettings::default()
            };
        }
        TrustSettings {
            cert_file: std::env::var_os("SSL_CERT_FILE"),
            cert_dir: std::env::var_os("SSL_CERT_DIR"),
            ..TrustSettings::default()
        }
    }

    /// What is read: the places the environment named, or else the system's.
    pub(super) fn places(&self) -> Places {
        let dirs: Vec<PathBuf> = self
            .cert_dir
            .iter()
            .flat_map(std::env::split_paths)
            .filter(|path| !path.as_os_str().is_empty())
            .collect();
        if self.cert_file.is_some() || !dirs.is_empty() {
            return Places {
                file: self.cert_file.as_ref().map(PathBuf::from),
                dirs,
                named: true,
            };
        }
        Places {
            file: BUNDLES.iter().map(PathBuf::from).find(|path| path.exists()),
            dirs: DIRECTORIES
                .iter()
                .map(PathBuf::from)
                .filter(|path| path.exists())
                .collect(),
            named: false,
        }
    }

    /// The paths of an error about an empty store.
    pub(super) fn looked_at(&self) -> String {
        let places = self.places();
        if places.named {
            let named = places.file.iter().chain(&places.dirs);
            return join(named.map(|path| path.to_string_lossy().escape_debug().to_string()));
        }
        if BUNDLES.is_empty() {
            return "the certificate store of this system".to_owned();
        }
        join(
            BUNDLES
                .iter()
                .chain(DIRECTORIES)
                .map(|path| (*path).to_owned()),
        )
    }

    /// What cures depend on; reads /etc/os-release, so only where something has failed.
    pub(super) fn advice(&self) -> Advice {
        let release = ["/etc/os-release", "/usr/lib/os-release"]
            .iter()
            .find_map(|path| std::fs::read_to_string(path).ok())
            .unwrap_or_default();
        Advice::from_os_release(&release, self.named_by())
    }

    /// The variables that name the store, as `NAME=value`; None when the system's is used.
    pub(super) fn named_by(&self) -> Option<String> {
        if !self.places().named {
            return None;
        }
        let one = |name: &str, value: &Option<OsString>| {
            value
                .as_ref()
                .map(|value| format!("{name}={}", readable(&value.to_string_lossy())))
        };
        let named = [
            one("SSL_CERT_FILE", &self.cert_file),
            one("SSL_CERT_DIR", &self.cert_dir),
        ];
        Some(named.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    /// `SSL_CERT_FILE=…, SSL_CERT_DIR=…` as this client saw them.
    pub(super) fn environment(&self) -> String {
        let shown = |value: &Option<OsString>| match value {
            Some(value) => format!("\"{}\"", OsStr::to_string_lossy(value).escape_debug()),
            None => "(not set or ignored)".to_owned(),
        };
        format!(
            "SSL_CERT_FILE={}, SSL_CERT_DIR={}",
            shown(&self.cert_file),
            shown(&self.cert_dir)
        )
    }
}

fn join(paths: impl Iterator<Item = String>) -> String {
    paths.collect::<Vec<_>>().join(", ")
}

pub(super) struct Places {
    pub file: Option<PathBuf>,
    pub dirs: Vec<PathBuf>,
    /// By the environment, so that the system's own places are not read at all.
    pub named: bool,
}

/// An extra CA must be one certificate that may be a CA; its digest is not looked at.
/// INVALID_ARGUMENT otherwise (S7).
pub fn check_extra_ca(der: &[u8]) -> Result<()> {
    match anchor::may_be_anchor(der) {
        anchor::Verdict::Usable => Ok(()),
        anchor::Verdict::NotACa { name, why } => fail(
            Status::InvalidArgument,
            format!(
                "extra_ca: \"{name}\" cannot be a trust root: {why}. Pass the certificate of the CA that issued the server's certificate, not the server's own."
            ),
        ),
        anchor::Verdict::Unreadable => fail(
            Status::InvalidArgument,
            format!(
                "extra_ca: {} bytes that are not an X.509 certificate. Pass PEM or DER of one CA certificate.",
                der.len()
            ),
        ),
    }
}

// Where systems keep their store: the tables of openssl-probe 0.2.2, which rustls-native-certs
// uses; not the crate itself, because its probe reads the environment again (S6). The first
// bundle that exists is read, and every directory.

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) const BUNDLES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/ssl/cert.pem",
    "/opt/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/certs/cacert.pem",
    "/data/data/com.termux/files/usr/etc/tls/cert.pem",
];
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) const DIRECTORIES: &[&str] = &[
    "/etc/ssl/certs",
    "/etc/pki/tls/certs",
    "/etc/security/certificates",
];

#[cfg(all(
    unix,
    not(any(target_os = "linux", target_os = "android", target_os = "macos"))
))]
pub(super) const BUNDLES: &[&str] = &[
    "/usr/local/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/etc/openssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
    "/etc/ssl/cacert.pem",
    "/etc/certs/ca-certificates.crt",
    "/etc/ssl/certs/ca-certificates.crt",
];
#[cfg(all(
    unix,
    not(any(target_os = "linux", target_os = "android", target_os = "macos"))
))]
pub(super) const DIRECTORIES: &[&str] = &[
    "/etc/ssl/certs",
    "/usr/local/share/certs",
    "/etc/certs/CA",
    "/etc/openssl/certs",
];

#[cfg(any(windows, target_os = "macos"))]
pub(super) const BUNDLES: &[&str] = &[];
#[cfg(any(windows, target_os = "macos"))]
pub(super) const DIRECTORIES: &[&str] = &[];

/// Where certificates are put that an administrator adds to the system's store, read with
/// `update-ca-certificates` or `update-ca-trust`.
pub(super) const ADDED_BY_HAND: &[&str] = &[
    "/usr/local/share/ca-certificates",
    "/etc/pki/ca-trust/source/anchors",
    "/usr/share/pki/ca-trust-source/anchors",
    "/etc/pki/trust/anchors",
    "/etc/ca-certificates/trust-source/anchors",
];
