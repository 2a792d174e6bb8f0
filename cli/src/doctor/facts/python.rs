//! What Python programs trust: `requests`, `httpx` and `aiohttp` ask certifi, which has a list of its own; `urllib` and the
//! `ssl` module ask OpenSSL, whose paths were fixed when that Python was built.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Format, Runtime, Store, tool};

/// Names of files only; the current directory is not searched for modules.
const ASK: &str = "import sys, json\n\
    sys.path = [p for p in sys.path if p]\n\
    r = {'version': sys.version.split()[0], 'executable': sys.executable}\n\
    try:\n import ssl\n p = ssl.get_default_verify_paths()\n r['cafile'] = p.openssl_cafile\n r['capath'] = p.openssl_capath\n\
    except Exception: pass\n\
    try:\n import certifi\n r['certifi'] = certifi.where()\n\
    except Exception: pass\n\
    print(json.dumps(r))";

const CERTIFI: &str = "requests and httpx (certifi)";
const SSL: &str = "urllib and the ssl module";

pub fn stores() -> Vec<Runtime> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for python in tool::on_path("python3") {
        // The variables are judged for themselves; here it is about what is built in.
        let Some(answer) = tool::ask(&python, &["-c", ASK], &["SSL_CERT_FILE", "SSL_CERT_DIR"])
        else {
            continue;
        };
        let Ok(answer) = serde_json::from_str::<Value>(&answer) else {
            continue;
        };
        let text = |name: &str| answer[name].as_str().map(PathBuf::from);
        if !seen.insert(text("executable").unwrap_or_else(|| python.clone())) {
            continue;
        }
        let name = format!("Python {}", answer["version"].as_str().unwrap_or("3"));
        if let Some(path) = text("certifi") {
            seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone()));
            found.push(runtime(name.clone(), CERTIFI, Store::file(&path)));
        }
        if let (Some(file), Some(dir)) = (text("cafile"), text("capath")) {
            found.push(runtime(name, SSL, openssl(&file, &dir)));
        }
    }
    for (packages, name) in site_packages() {
        let path = packages.join("certifi/cacert.pem");
        if let Ok(real) = path.canonicalize()
            && seen.insert(real)
        {
            found.push(runtime(name, CERTIFI, Store::file(&path)));
        }
    }
    found
}

fn runtime(name: String, used_by: &'static str, store: Store) -> Runtime {
    Runtime {
        runtime: "python",
        name,
        used_by,
        pinned_by: None,
        store,
    }
}

/// OpenSSL reads the file and looks into the directory.
fn openssl(file: &Path, dir: &Path) -> Store {
    let mut store = Store::file(file);
    if !store.is_system && dir.is_dir() {
        let directory = Store::directory(dir);
        if store.format == Format::Missing {
            return directory;
        }
        store.join(&directory);
    }
    store
}

/// Where packages lie, of Pythons that are not on PATH too.
fn site_packages() -> Vec<(PathBuf, String)> {
    let mut bases: Vec<PathBuf> = ["VIRTUAL_ENV", "CONDA_PREFIX"]
        .iter()
        .filter_map(std::env::var_os)
        .map(PathBuf::from)
        .collect();
    if let Some(home) = std::env::var_os("HOME").filter(|home| !home.is_empty()) {
        bases.push(Path::new(&home).join(".local"));
    }
    bases.extend(["/usr", "/usr/local", "/app", "/venv"].map(PathBuf::from));
    for parent in ["/opt", "/srv", "/app"] {
        bases.extend(tool::directories(Path::new(parent), ""));
    }
    let mut found = Vec::new();
    for base in bases {
        for within in ["", "venv", ".venv"] {
            for lib in ["lib", "lib64"] {
                for python in tool::directories(&base.join(within).join(lib), "python3") {
                    let version = python
                        .file_name()
                        .map(|name| name.to_string_lossy().replace("python", "Python "))
                        .unwrap_or_default();
                    for packages in ["site-packages", "dist-packages"] {
                        found.push((python.join(packages), version.clone()));
                    }
                }
            }
        }
    }
    found
}
