//! Which stores PHP's settings name, for every server API that is installed. Without a setting curl and OpenSSL use the
//! system's store, and nothing is reported.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::php_ini::{self, Setting};
use super::{Runtime, Store, tool};

/// `ffi.enable` that lets every script read memory.
#[derive(Clone, Debug)]
pub struct FfiSetting {
    /// `/etc/php/8.2/fpm/php.ini:7`
    pub place: String,
    /// `PHP 8.2 fpm`
    pub name: String,
    /// The command line only, where it is how FFI is meant to be switched on.
    pub cli_only: bool,
}

/// One PHP as it runs: where its settings lie, later ones above earlier ones.
struct Installation {
    name: String,
    cli_only: bool,
    files: Vec<PathBuf>,
}

pub fn settings() -> (Vec<Runtime>, Vec<FfiSetting>) {
    let mut runtimes = Vec::new();
    let mut ffi: Vec<FfiSetting> = Vec::new();
    let mut seen = BTreeSet::new();
    for one in installations() {
        for setting in effective(&one.files)
            .into_values()
            .filter(|set| !set.value.is_empty())
        {
            let place = format!("{}:{}", setting.path, setting.line);
            // `php --ini` names what was found in /etc already.
            if !seen.insert((place.clone(), setting.name)) {
                continue;
            }
            if setting.name == "ffi.enable" {
                if ["1", "on", "true", "yes"].contains(&setting.value.to_ascii_lowercase().as_str())
                {
                    ffi.push(FfiSetting {
                        place,
                        name: one.name.clone(),
                        cli_only: one.cli_only,
                    });
                }
                continue;
            }
            let path = Path::new(&setting.value);
            runtimes.push(Runtime {
                runtime: "php",
                name: one.name.clone(),
                used_by: match setting.name {
                    "curl.cainfo" => "curl, Guzzle and SDKs on them",
                    _ => "file_get_contents and streams",
                },
                pinned_by: Some(format!("{} in {place}", setting.name)),
                store: if path.is_dir() {
                    Store::directory(path)
                } else {
                    Store::file(path)
                },
            });
        }
    }
    (runtimes, ffi)
}

/// The last one of each name counts; pools are read after the ini files and stand above them.
fn effective(files: &[PathBuf]) -> BTreeMap<&'static str, Setting> {
    let mut found = BTreeMap::new();
    for path in files {
        if let Ok(bytes) = super::store::read(path) {
            for setting in php_ini::settings(path, &String::from_utf8_lossy(&bytes)) {
                found.insert(setting.name, setting);
            }
        }
    }
    found
}

fn installations() -> Vec<Installation> {
    let mut found = Vec::new();
    // Debian: /etc/php/8.2/fpm.
    for version in tool::directories(Path::new("/etc/php"), "") {
        for api in tool::directories(&version, "") {
            let part = |path: &Path| {
                path.file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned()
            };
            let mut files = vec![api.join("php.ini")];
            files.extend(listed(&api.join("conf.d"), "ini"));
            files.extend(listed(&api.join("pool.d"), "conf"));
            found.push(Installation {
                name: format!("PHP {} {}", part(&version), part(&api)),
                cli_only: part(&api) == "cli",
                files,
            });
        }
    }
    // RHEL, Alpine and the images of Docker: one directory for all server APIs.
    for (ini, scanned, pools) in [
        ("/etc/php.ini", "/etc/php.d", "/etc/php-fpm.d"),
        (
            "/usr/local/etc/php/php.ini",
            "/usr/local/etc/php/conf.d",
            "/usr/local/etc/php-fpm.d",
        ),
    ] {
        found.extend(shared(ini, scanned, pools));
    }
    for dir in tool::directories(Path::new("/etc"), "php") {
        let at = |name: &str| dir.join(name).to_string_lossy().into_owned();
        found.extend(shared(&at("php.ini"), &at("conf.d"), &at("php-fpm.d")));
    }
    found.extend(tool::on_path("php").iter().filter_map(|php| asked(php)));
    found
}

fn shared(ini: &str, scanned: &str, pools: &str) -> Option<Installation> {
    let mut files = vec![PathBuf::from(ini)];
    files.extend(listed(Path::new(scanned), "ini"));
    files.extend(listed(Path::new(pools), "conf"));
    files
        .iter()
        .any(|path| path.exists())
        .then(|| Installation {
            name: "PHP".to_owned(),
            cli_only: false,
            files,
        })
}

/// `php --ini`: what the command line really reads, wherever it was built to look.
fn asked(php: &Path) -> Option<Installation> {
    let answer = tool::ask(php, &["--ini"], &[])?;
    let field = |name: &str| {
        answer
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
            .filter(|value| !value.starts_with('('))
    };
    let mut files: Vec<PathBuf> = field("Loaded Configuration File:")
        .map(PathBuf::from)
        .into_iter()
        .collect();
    if let Some(dir) = field("Scan for additional .ini files in:") {
        files.extend(listed(Path::new(dir), "ini"));
    }
    Some(Installation {
        name: format!("PHP ({})", php.display()),
        cli_only: true,
        files,
    })
}

/// In the order in which PHP reads them.
fn listed(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|have| have == extension))
        .collect();
    files.sort();
    files
}
