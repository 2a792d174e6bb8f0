//! What Node.js trusts: a list inside the program, unless flags or the build say that it takes OpenSSL's or the system's.

use serde_json::Value;

use super::{Runtime, Store, tool};

/// Since 22.15 it tells what it really uses; the list inside is there since 12.3.
const ASK: &str = "const t = require('tls'), d = process.config.target_defaults; \
    JSON.stringify({version: process.version, roots: t.rootCertificates.join('\\n'), \
    effective: t.getCACertificates ? t.getCACertificates('default').join('\\n') : null, \
    openssl: !!d && (d.defines || []).includes('NODE_OPENSSL_CERT_STORE')})";

pub fn stores() -> Vec<Runtime> {
    let programs = ["node", "nodejs"].map(tool::on_path).concat();
    let mut found: Vec<Runtime> = Vec::new();
    for program in programs {
        let Some(answer) = tool::ask(&program, &["-p", ASK], &[]) else {
            continue;
        };
        let Ok(answer) = serde_json::from_str::<Value>(&answer) else {
            continue;
        };
        let name = format!("Node.js {}", answer["version"].as_str().unwrap_or_default());
        if found.iter().any(|have| have.name == name) {
            continue;
        }
        let flags = std::env::var("NODE_OPTIONS").unwrap_or_default();
        found.push(runtime(name, &program.to_string_lossy(), &answer, &flags));
    }
    found
}

fn runtime(name: String, program: &str, answer: &Value, flags: &str) -> Runtime {
    let has = |flag: &str| flags.split_whitespace().any(|one| one == flag);
    let from_openssl =
        has("--use-openssl-ca") || answer["openssl"] == true && !has("--use-bundled-ca");
    let store = match answer["effective"].as_str() {
        Some(effective) => Store::built_in(program, effective),
        None if from_openssl => Store::systems(program),
        None => {
            let mut store = Store::built_in(program, answer["roots"].as_str().unwrap_or_default());
            if let Some(extra) =
                std::env::var_os("NODE_EXTRA_CA_CERTS").filter(|path| !path.is_empty())
            {
                store.join(&Store::file(extra.as_ref()));
            }
            store
        }
    };
    Runtime {
        runtime: "node",
        name,
        used_by: if from_openssl {
            "every program of this Node.js (OpenSSL's store)"
        } else {
            "every program of this Node.js (built in)"
        },
        pinned_by: None,
        store,
    }
}
