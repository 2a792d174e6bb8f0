//! Variables of the environment, set in images, pipelines, units, and by programs.

use crate::scan::lang::Lang::{
    self, CSharp, Docker, Go, Hosts, Ini, Java, Json, Node, Php, Python, Ruby, Shell, Xml, Yaml,
};
use crate::scan::look::{Site, is_nothing};
use crate::scan::pin;
use crate::scan::rule::{Hit, Kind, Rule, compile};
use regex::Regex;
use std::sync::LazyLock;

const FILES: &[Lang] = &[Shell, Docker, Yaml, Ini, Json, Xml];
const PROGRAMS: &[Lang] = &[Python, Node, Ruby, Go, Php, Java, CSharp, Lang::C];
static VARIABLE: LazyLock<Regex> = LazyLock::new(|| compile(r"[A-Z]+(?:_[A-Z]+)+"));
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
        pattern: r#"(^|[\s"';&\-,{\[>(=<]|(?i:\$env:))(REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|AWS_CA_BUNDLE|GIT_SSL_CAINFO|GIT_SSL_CAPATH|PIP_CERT)(["']?\s*,?\s*["']?[vV]alue["']?\s*[=:]|["']?\s*(?:::?|\?)?=|["']?\s*:|["']\s*,|>|[ \t]+)[ \t]*"#,
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
        pattern: r#"\benv\.(?:NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR)\s*(?:\?\?|\|\|)?=|['"](?:REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS)(?:['"]\s*\]?\s*(=>|(?:\?\?|\|\|)?=|,\s*['"]?[vV]alue['"]?\s*[:=]>?|,|:)|=)|\b(?:REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS)(:|\s*=)"#,
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
        pattern: r#"(^|[\s"';&\-,{\[>(=<]|(?i:\$env:))(NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY|GIT_SSL_NO_VERIFY|(?i:npm_config_strict_ssl))(["']?\s*,?\s*["']?[vV]alue["']?\s*[=:]|["']?\s*(?:::?|\?)?=|["']?\s*:|["']\s*,|>|[ \t]+)[ \t]*["']?([\w]*)"#,
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
        pattern: r#"(?:\.|['"]|\b)(NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY|GIT_SSL_NO_VERIFY)(?:['"]?\s*\]?\s*(?:,\s*['"]?[vV]alue['"]?\s*[:=]>?|=>|(?:\?\?|\|\|)?=|,|:)\s*|=)\(?['"`]?(\w+)"#,
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
    let powershell = site.group(1).len() > 2;
    if matches!(last, b'$') || before.ends_with(b"${") {
        return None;
    }
    let line = site.src.text[site.src.line_start(site.group_start(2))..site.group_start(2)].trim();
    // The command of several on the line that it belongs to.
    let line = match site.src.lang {
        Shell | Docker => {
            let start = [";", "&&", "||", "then ", "do "]
                .iter()
                .filter_map(|end| line.rfind(end).map(|at| at + end.len()))
                .max();
            &line[start.unwrap_or(0)..]
        }
        _ => line,
    };
    let words: Vec<_> = line.split_whitespace().collect();
    let operator = site.group(3);
    if operator.trim().is_empty() {
        // A blank sets it in a Dockerfile's ENV and in `fish`.
        let sets = words
            .last()
            .is_some_and(|word| matches!(*word, "ENV" | "setx" | "env"))
            || words.first() == Some(&"setenv")
            // fish: `set -gx NAME value`
            || words.first() == Some(&"set") && words.iter().any(|word| word.starts_with('-') && word.contains('x'));
        if !sets {
            return None;
        }
    }
    if operator.contains(':')
        && !operator.ends_with('=')
        && !operator.contains("alue")
        && matches!(site.src.lang, Shell | Docker | Ini)
    {
        return None;
    }
    if operator.trim_end().ends_with(',') && !line.contains("SetEnvironmentVariable") {
        return None;
    }
    if operator == ">" && (site.src.lang != Xml || !before.ends_with(b"<")) {
        return None;
    }
    // `echo "export NAME=value" >> ~/.profile` sets it for later.
    let whole = site.line();
    let kept = !powershell && (whole.contains(">>") || whole.contains("| tee"));
    if !kept
        && words
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

/// `putenv`, `os.Setenv`, `withEnv`, `append(cmd.Env, …)`.
fn sets(site: &Site) -> bool {
    let callee = site.callee();
    let named = [
        "set", "put", "Set", "Put", "withEnv", "with_env", "addEnv", "add_env",
    ]
    .iter()
    .any(|word| callee.contains(word))
        && !callee.contains("isset");
    named || callee == "append" && compile(r"(?i)env\b").is_match(site.line_before())
}

/// A value of the right kind: not a description, a type, or the same variable handed on.
fn names_roots(name: &str, value: &str) -> bool {
    let path = value.contains(['/', '\\']) || pin::looks_like_roots(value);
    if value.contains(name) && !path {
        return false;
    }
    let literal = value.starts_with(['"', '\'', '`']);
    let expression = compile(r"(?i)path|file|dir|bundle|cert|pem|\bca\b|join");
    !pin::only_declares(value) && (path || !literal && expression.is_match(value))
}

/// `NAME: value` in an object, `dict(NAME=value)`, `environment { NAME = 'value' }` of a pipeline.
fn bare_key(site: &Site) -> bool {
    let before = site.line_before().trim_end();
    let starts = before.is_empty() || before.ends_with(['{', ',', '(']);
    let bracket = site.bracket();
    if !starts || site.rest().starts_with('=') {
        return false;
    }
    match (site.src.lang, site.group(2)) {
        (Node | Ruby, ":") => matches!(bracket, b'{' | b'('),
        (Python, "=") => {
            bracket == b'(' && compile(r"(?i)(?:dict|update|env\w*)$").is_match(site.callee())
        }
        (Java, operator) if operator.ends_with('=') => {
            let open = crate::scan::look::enclosing(&site.src.mask, site.start);
            open.is_some_and(|open| site.src.mask[..open].trim_end().ends_with("environment"))
        }
        _ => false,
    }
}

fn in_code(site: &Site) -> Option<Hit> {
    let operator = site.group(1);
    let matched = site.group(0);
    let value = site.value();
    if site.rest().starts_with('=') || is_nothing(value) && !matches!(value, "''" | "\"\"") {
        return None;
    }
    let name = VARIABLE.find(matched)?.as_str();
    // certifi's roots are what Python's clients trust anyway; a test sets it for itself.
    let copies = value.contains("_CA_BUNDLE") || value.contains("SSL_CERT_");
    if pin::is_default_store(value)
        || site.callee().contains("monkeypatch")
        || copies && !value.contains(['/', '\\'])
    {
        return None;
    }
    if !site.group(2).is_empty() {
        return (bare_key(site) && names_roots(name, value)).then(|| Hit::env(value))?;
    }
    // `child[:env]["NAME"] = ENV["NAME"]` hands it on.
    let handed_on = value.contains(name) && !value.contains(['/', '\\']);
    match operator {
        _ if handed_on => None,
        "," => sets(site).then(|| Hit::env(value))?,
        ":" | "=>" => {
            let keyed = matches!(site.bracket(), b'{' | b'[' | b'(');
            (keyed && names_roots(name, value)).then(|| Hit::env(value))?
        }
        // A list of pairs: `{name: "NAME", value: "…"}`.
        pair if pair.starts_with(',') => Hit::env(value),
        "=" | "??=" | "||=" => Hit::env(value),
        _ if matched.starts_with("env.") => Hit::env(value),
        _ => {
            // `putenv('SSL_CERT_FILE=…')`.
            let value = site.rest().split(['"', '\'']).next()?;
            (sets(site) || site.callee().contains("env"))
                .then(|| Hit::env(format!("\"{value}\"")))?
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
    if matched.starts_with(['N', 'P', 'G']) {
        // A key in an object; a variable of that name is none.
        let before = site.line_before().trim_end();
        let starts = before.is_empty() || before.ends_with(['{', ',', '(']);
        let keyed = matched.contains(':') && site.bracket() == b'{'
            || matched.contains('=') && site.bracket() == b'(' && site.src.lang == Python;
        let attribute = site.src.text[..site.start].ends_with(['.', '"', '\'']);
        if !(attribute || starts && keyed) {
            return None;
        }
    }
    let pair = matched.contains("alue");
    if matched.contains(',') && !pair && !sets(site) {
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
