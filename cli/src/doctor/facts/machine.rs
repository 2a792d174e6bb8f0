//! Which system this is.

use std::path::Path;

#[derive(Clone, Debug)]
pub struct Machine {
    /// PRETTY_NAME of /etc/os-release.
    pub system: String,
    /// The text of /etc/os-release, for cures.
    pub os_release: String,
    pub architecture: &'static str,
    /// `docker`, `podman` or `kubernetes`.
    pub container: Option<&'static str>,
}

pub fn look() -> Machine {
    let os_release = ["/etc/os-release", "/usr/lib/os-release"]
        .iter()
        .find_map(|path| super::store::read(Path::new(path)).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default();
    let system = os_release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .map_or(std::env::consts::OS, |name| name.trim_matches(['"', '\'']))
        .to_owned();
    Machine {
        system,
        os_release,
        architecture: std::env::consts::ARCH,
        container: container(),
    }
}

fn container() -> Option<&'static str> {
    if std::env::var_os("KUBERNETES_SERVICE_HOST").is_some() {
        Some("kubernetes")
    } else if Path::new("/.dockerenv").exists() {
        Some("docker")
    } else if Path::new("/run/.containerenv").exists() {
        Some("podman")
    } else {
        None
    }
}
