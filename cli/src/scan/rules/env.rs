//! Variables of the environment, set in images, pipelines, units, and by programs.

use crate::scan::lang::Lang::{
    self, CSharp, Docker, Go, Hosts, Ini, Java, Json, Node, Php, Python, Ruby, Shell, Xml, Yaml,
};
use crate::scan::look::{Site, is_nothing};
use crate::scan::rule::{Hit, Kind, Rule};

const FILES: &[Lang] = &[Shell, Docker, Yaml, Ini, Json, Xml];
const PROGRAMS: &[Lang] = &[Python, Node, Ruby, Go, Php, Java, CSharp, Lang::C];
const FIX: &str = "Unset the variable: the runtime then uses its own store or the system's. If a private root is \
needed, add it to the system's store (update-ca-certificates).";

pub const RULES: &[Rule] = &[
    Rule {
        id: "env.ca-bundle",
        langs: FILES,
        kind: Kind::Env,
        needles: &[
            "_CA_BUNDLE",
            "SSL_CERT_",
            "NODE_EXTRA_CA_CERTS",
            "GIT_SSL_CA",
            "PIP_CERT",
            "CURL_CA",
        ],
        pattern: r#"(^|[\s"';&\-,{\[>(=])(REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|AWS_CA_BUNDLE|GIT_SSL_CAINFO|GIT_SSL_CAPATH|PIP_CERT)(["']?\s*[=:]|[ \t]+|["']?\s*\r?\n\s*value:)[ \t]*"#,
        in_strings: true,
        check: ca_bundle,
        means: "The environment names the roots that programs trust.",
        fix: FIX,
    },
    Rule {
        id: "env.ca-bundle-in-code",
        langs: PROGRAMS,
        kind: Kind::Env,
        needles: &["_CA_BUNDLE", "SSL_CERT_", "NODE_EXTRA_CA_CERTS"],
        pattern: r#"\benv\.(?:NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)\s*=|['"](?:REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS)(?:['"]\s*\]?\s*(=>|=|,|:)|=)"#,
        in_strings: false,
        check: in_code,
        means: "The program sets the variable that names the trusted roots.",
        fix: FIX,
    },
    Rule {
        id: "env.verify-off",
        langs: FILES,
        kind: Kind::Off,
        needles: &[
            "NODE_TLS_REJECT_UNAUTHORIZED",
            "PYTHONHTTPSVERIFY",
            "GIT_SSL_NO_VERIFY",
            "npm_config_strict_ssl",
            "NPM_CONFIG_STRICT_SSL",
        ],
        pattern: r#"(^|[\s"';&\-,{\[>(=])(NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY|GIT_SSL_NO_VERIFY|(?i:npm_config_strict_ssl))(["']?\s*[=:]|[ \t]+|["']?\s*\r?\n\s*value:)[ \t]*["']?([\w]*)"#,
        in_strings: true,
        check: verify_off,
        means: "The environment turns verification of servers off.",
        fix: "Unset the variable. If requests fail then, update the runtime or ca-certificates.",
    },
    Rule {
        id: "env.verify-off-in-code",
        langs: PROGRAMS,
        kind: Kind::Off,
        needles: &[
            "NODE_TLS_REJECT_UNAUTHORIZED",
            "PYTHONHTTPSVERIFY",
            "GIT_SSL_NO_VERIFY",
        ],
        pattern: r#"(?:\.|['"])(NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY|GIT_SSL_NO_VERIFY)(?:['"]?\s*\]?\s*(?:=>|(?:\?\?|\|\|)?=|,|:)\s*|=)['"`]?(\w+)"#,
        in_strings: false,
        check: off_in_code,
        means: "The program turns verification off for its whole process.",
        fix: "Delete the line. If requests fail then, update the runtime or ca-certificates.",
    },
    Rule {
        id: "hosts.binding",
        langs: &[Hosts, Shell, Docker, Yaml, Ini, Php, Python, Node, Java, Go],
        kind: Kind::Env,
        needles: &["mch.weixin", "tenpay.com"],
        pattern: r#"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}[ \t]+(?:[\w.-]+[ \t]+)*[\w-]*\.?(?:mch\.weixin\.qq\.com|mch\.tenpay\.com|mch\.weixinbridge\.com)|\b[\w-]+\.mch\.weixin\.qq\.com[:=]\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|\bhostnames:(?:\s*-\s*["']?[\w.-]+["']?)*?\s*\[?\s*-?\s*["']?[\w-]+\.mch\.weixin\.qq\.com"#,
        in_strings: true,
        check: binding,
        means: "A host of WeChat Pay is bound to an address. Such bindings were for tests; WeChat Pay shuts the addresses down.",
        fix: "Delete the line: let DNS give the address (guideline, section 3, note 2).",
    },
];

fn set_in_file(site: &Site) -> Option<usize> {
    let before = &site.src.text.as_bytes()[..site.group_start(2)];
    let last = before.last().copied().unwrap_or(b'\n');
    // `${SSL_CERT_FILE:-…}` and `"$SSL_CERT_FILE"` read it.
    if matches!(last, b'$') || before.ends_with(b"${") {
        return None;
    }
    let line = site.src.text[site.src.line_start(site.group_start(2))..site.group_start(2)].trim();
    let words: Vec<_> = line.split_whitespace().collect();
    let operator = site.group(3);
    if operator.trim().is_empty() {
        // A blank sets it in a Dockerfile's ENV and in `fish`.
        let sets = words
            .last()
            .is_some_and(|word| matches!(*word, "ENV" | "setx" | "env"))
            || words.first() == Some(&"setenv");
        if !sets {
            return None;
        }
    }
    if operator.contains(':') && matches!(site.src.lang, Shell | Docker | Ini) {
        return None;
    }
    if words
        .iter()
        .any(|word| matches!(*word, "unset" | "echo" | "printf" | "test" | "[" | "[["))
    {
        return None;
    }
    Some(site.group_start(2))
}

fn ca_bundle(site: &Site) -> Option<Hit> {
    let at = set_in_file(site)?;
    let rest = site.rest().split(['\n', '<']).next().unwrap_or("");
    let rest = rest.trim_start();
    let value = match rest.bytes().next() {
        Some(quote @ (b'"' | b'\'')) => rest[1..].split(quote as char).next().unwrap_or(""),
        _ => rest
            .split([' ', '\t', ';', '"', '\'', ',', '\r', '}', ')', '&'])
            .next()
            .unwrap_or(""),
    };
    if value.is_empty() || matches!(value, "null" | "~" | "|" | ">" | "false") {
        return None;
    }
    let mut hit = Hit::env(format!("\"{value}\""))?;
    hit.at = Some(at);
    Some(hit)
}

fn in_code(site: &Site) -> Option<Hit> {
    let operator = site.group(1);
    let callee = site.callee();
    let value = site.value();
    if site.rest().starts_with('=') || is_nothing(value) && !matches!(value, "''" | "\"\"") {
        return None;
    }
    // certifi's roots are what Python's clients trust anyway; a test sets it for itself.
    if crate::scan::pin::is_default_store(value)
        || callee.contains("monkeypatch")
        || value.contains("_CA_BUNDLE")
        || value.contains("SSL_CERT_")
    {
        return None;
    }
    match operator {
        "," => {
            let sets = ["set", "put", "Set", "Put"]
                .iter()
                .any(|word| callee.contains(word))
                && !callee.contains("isset");
            sets.then(|| Hit::env(value))?
        }
        ":" | "=>" => {
            (site.bracket() == b'{' || site.bracket() == b'[').then(|| Hit::env(value))?
        }
        "=" => Hit::env(value),
        _ => {
            // `putenv('SSL_CERT_FILE=…')`, or `env.X =`.
            let sets = callee.contains("put")
                || callee.contains("set")
                || callee.contains("Set")
                || site.group(0).starts_with("env.");
            if !sets {
                return None;
            }
            let value = if site.group(0).starts_with("env.") {
                value.to_owned()
            } else {
                site.rest()
                    .split(['"', '\''])
                    .next()
                    .map(|v| format!("\"{v}\""))?
            };
            Hit::env(value)
        }
    }
}

/// 0 turns it off, but for git's variable, which 1 sets.
fn is_off_for(name: &str, value: &str) -> bool {
    if name == "GIT_SSL_NO_VERIFY" {
        return matches!(value, "1" | "true" | "yes" | "on");
    }
    matches!(value, "0" | "false")
}

fn verify_off(site: &Site) -> Option<Hit> {
    let at = set_in_file(site)?;
    let off = is_off_for(site.group(2), site.group(4));
    off.then(|| {
        let mut hit = Hit::of(Kind::Off);
        hit.at = Some(at);
        hit
    })
}

fn off_in_code(site: &Site) -> Option<Hit> {
    let matched = site.group(0);
    if matched.contains("==") || !is_off_for(site.group(1), site.group(2)) {
        return None;
    }
    let callee = site.callee();
    let operator_is_comma = matched.contains(',');
    if operator_is_comma
        && !["set", "put", "Set", "Put"]
            .iter()
            .any(|word| callee.contains(word))
    {
        return None;
    }
    // `'X=0'` in a string is set by putenv only.
    let glued =
        matched.starts_with(['"', '\'']) && matched.contains(&format!("{}=", site.group(1)));
    if glued
        && !["env", "Env", "spawn", "exec"]
            .iter()
            .any(|word| callee.contains(word))
    {
        return None;
    }
    Hit::off()
}

fn binding(site: &Site) -> Option<Hit> {
    let code = !matches!(site.src.lang, Hosts | Shell | Docker | Yaml | Ini);
    if code
        && !site.src.text[site.src.line_start(site.start)..site.src.line_end(site.start)]
            .contains("hosts")
    {
        return None;
    }
    let before = site.line_before();
    if before.contains("--resolve") || before.contains("nslookup") {
        return None;
    }
    let at = site.src.text[site.start..site.end]
        .rfind("weixin")
        .filter(|_| site.group(0).starts_with("hostnames"));
    let mut hit = Hit::of(Kind::Env);
    hit.at = at.map(|at| site.src.line_start(site.start + at) + leading(site, site.start + at));
    Some(hit)
}

fn leading(site: &Site, at: usize) -> usize {
    let start = site.src.line_start(at);
    let line = &site.src.text[start..at];
    line.len() - line.trim_start().len()
}
