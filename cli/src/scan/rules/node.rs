//! JavaScript and TypeScript (guideline: "NodeJs", keywords ca and rootca).

use super::curl::body;
use crate::scan::lang::Lang::{self, Json, Node, Yaml};
use crate::scan::look::{
    Site, enclosing, is_conditional, is_name, is_nothing, is_off, name_before, resolve,
};
use crate::scan::pin;
use crate::scan::rule::{Hit, Kind, Rule, compile};
use regex::Regex;
use std::sync::LazyLock;

const ONLY: &[Lang] = &[Node];
const FIX_CA: &str = "Delete the ca option: Node then trusts its built-in roots, or with --use-system-ca the system's \
(guideline, method 1). If the file must stay, replace it by the current bundle of curl's site (method 2) and again \
before 2029-04-15.";
const FIX_OFF: &str =
    "Delete the option: verification is the default. If requests fail then, update Node.";

pub const RULES: &[Rule] = &[
    Rule {
        id: "node.verify-off",
        langs: &[Node, Json, Yaml],
        kind: Kind::Off,
        needles: &[
            "rejectUnauthorized",
            "strictSSL",
            "strictSsl",
            "reject_unauthorized",
        ],
        pattern: r#"['"]?\b(rejectUnauthorized|strictSSL|strictSsl|requestCertRejectUnauthorized)\b['"]?\s*\]?\s*(:|(?:\?\?|\|\|)?=)"#,
        in_strings: false,
        check: verify_off,
        means: "The client does not verify the server's certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "node.verify-off-method",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["disableTLSCerts", "strictSSL", "rejectUnauthorized"],
        pattern: r#"\.\s*(?:disableTLSCerts\s*\(\s*\)|(?:strictSSL|rejectUnauthorized)\s*\(\s*false\s*\))"#,
        in_strings: false,
        check: |_| Hit::off(),
        means: "The client is told not to verify the server's certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "node.ca",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &[
            "ca:",
            "caCerts",
            "ca :",
            "ca':",
            "ca\":",
            ".ca",
            "'ca'",
            "\"ca\"",
            "certificateAuthority",
        ],
        pattern: r#"(?:(?:^|[{,\s(\[])['"]?(?:ca|caCerts|certificateAuthority)['"]?\s*:|\.ca\s*(?:\?\?|\|\|)?=|\['ca'\]\s*(?:\?\?|\|\|)?=|\["ca"\]\s*(?:\?\?|\|\|)?=|\.ca\s*\()"#,
        in_strings: false,
        check: ca,
        means: "The client trusts the named roots instead of Node's own.",
        fix: FIX_CA,
    },
    Rule {
        id: "node.ca-shorthand",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &["{ca", ",ca", " ca,", " ca }"],
        pattern: r"[{,]\s*(ca)\s*[,}]",
        in_strings: false,
        check: ca_shorthand,
        means: "The client trusts the named roots instead of Node's own.",
        fix: FIX_CA,
    },
    Rule {
        id: "node.server-identity",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["checkServerIdentity"],
        pattern: r#"\bcheckServerIdentity\b['"]?\s*(?::|=|\()"#,
        in_strings: false,
        check: server_identity,
        means: "The server's name is not compared with its certificate's.",
        fix: "Delete checkServerIdentity: Node compares the name itself.",
    },
];

fn verify_off(site: &Site) -> Option<Hit> {
    let rest = site.rest();
    if rest.starts_with('=') || rest.starts_with('>') {
        return None;
    }
    let value = site.resolved();
    let off = is_off(value) && !matches!(value, "null" | "''" | "\"\"");
    // Types: `rejectUnauthorized: false | undefined`.
    (off && !is_server(site) && !is_conditional(site.src, site.value_range())).then(|| {
        let mut hit = Hit::of(Kind::Off);
        hit.at = Some(site.group_start(1));
        hit
    })
}

/// An option of a server is about its clients, and `ca` is its own chain. What stands in a function
/// that is given to a server is not its option.
fn is_server(site: &Site) -> bool {
    static SERVER: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"(?:[cC]reate\w*Server|(?:^|[\w.]\.?)Server|SecureContextServer|\blisten|\bserve|fastify)$",
        )
    });
    let mask = &site.src.mask;
    let mut at = site.start;
    while let Some(open) = enclosing(mask, at) {
        let head = mask[..open].trim_end();
        if mask.as_bytes()[open] == b'{' && (head.ends_with(')') || head.ends_with("=>")) {
            break;
        }
        let name = name_before(site.src, open);
        if SERVER.is_match(name) && mask.as_bytes()[open] == b'(' {
            return true;
        }
        // `const options = { key, cert, ca }; https.createServer(options, app)`
        let name = name.rsplit('.').next().unwrap_or(name);
        if !name.is_empty() && is_name(name) && is_given_to_server(&site.src.text, name) {
            return true;
        }
        at = open;
    }
    false
}

fn is_given_to_server(text: &str, name: &str) -> bool {
    (text.contains("createServer") || text.contains("createSecureServer"))
        && compile(&format!(
            r"(?i)create\w*Server\s*\([^)]*\b{}\b",
            regex::escape(name)
        ))
        .is_match(text)
}

/// The chain that an authority gives a server.
fn is_chain(site: &Site) -> bool {
    let text = &site.src.text;
    (text.contains("createServer") || text.contains("createSecureServer"))
        && compile(r"chain\.pem|ca[-_]bundle|\.ca-bundle|letsencrypt|\bchain\b")
            .is_match(site.value())
}

fn ca(site: &Site) -> Option<Hit> {
    let matched = site.group(0);
    let name = matched
        .find("ca")
        .or_else(|| matched.find("certificateAuthority"))?;
    let call = matched.ends_with('(');
    let rest = site.rest();
    if rest.starts_with('=') || rest.starts_with('>') {
        return None;
    }
    let value = site.value();
    let told = resolve(site.src, value).unwrap_or(value);
    if is_nothing(value) || is_nothing(told) || is_server(site) || is_chain(site) {
        return None;
    }
    if call
        && !compile(r"(?i)request|agent|superagent|\.(?:get|post|put)\(").is_match(site.around(3))
    {
        return None;
    }
    if !names_roots(value, told) || pin::is_default_store(told) {
        return None;
    }
    let mut hit = Hit::pin(value)?;
    hit.at = Some(site.start + name);
    Some(hit)
}

/// `ca` is also a language, a country and a key of translations.
fn names_roots(value: &str, told: &str) -> bool {
    let script = told.trim_end_matches(['"', '\'', ')']);
    if [".js", ".ts", ".json", ".vue"]
        .iter()
        .any(|end| script.ends_with(end))
    {
        return false;
    }
    // `ca: new Option('ca', { … })` declares an option.
    if value.starts_with("new ") && !value.contains("readFile") {
        return false;
    }
    if pin::looks_like_roots(told) || told.contains("readFile") || told.contains("Buffer.from") {
        return true;
    }
    let plain_string = told.starts_with(['"', '\'', '`']);
    if plain_string
        || told.starts_with("require(")
        || told.starts_with("function")
        || told.contains("=>")
    {
        return false;
    }
    // A name counts when it speaks of roots; `options.ca` hands on what others decided.
    let base = base_of(value);
    if base.contains('{') {
        return false;
    }
    base.trim_matches(['[', ']', '(', ')'])
        .split(',')
        .any(|one| {
            let one = base_of(one.trim().trim_start_matches("..."));
            let last = one
                .trim_end_matches(['!', ']', ')', ' ', '\'', '"'])
                .rsplit(['.', '[', '(', '\'', '"'])
                .next()
                .unwrap_or(one);
            is_name(one.trim_end_matches('!'))
                && last.trim_start_matches('_') != "ca"
                && pin::is_roots_name(last)
        })
}

/// `x` of `x.toString('utf8').trim()`, of `Buffer.from(x, 'base64')` and of `x as string`: what
/// is named, without what is done to it.
fn base_of(value: &str) -> &str {
    static CHAIN: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"\s*\??\.\s*(?:toString|trim|split|concat|replace|replaceAll|filter|flat|join|slice|buffer|from|map|export)\s*\(",
        )
    });
    let value = value.trim().trim_start_matches("await ");
    let value = value.split(" as ").next().unwrap_or(value);
    let inner = value
        .strip_prefix("Buffer.from(")
        .or_else(|| value.strip_prefix("String("))
        .or_else(|| value.strip_prefix("Array.from("));
    if let Some(inner) = inner {
        return base_of(inner.split([',', ')']).next().unwrap_or(inner));
    }
    match CHAIN.find(value) {
        Some(found) if found.start() > 0 => &value[..found.start()],
        _ => value,
    }
}

fn ca_shorthand(site: &Site) -> Option<Hit> {
    let callees = site.callees().join(" ");
    if !compile(r"(?i)(?:Agent|\brequest|Dispatcher|axios|\.get|\.post|connect)\b")
        .is_match(&callees)
        || is_server(site)
    {
        return None;
    }
    let told = resolve(site.src, "ca")?;
    if is_nothing(told)
        || !(pin::looks_like_roots(told)
            || told.contains("readFile")
            || told.contains("Buffer.from"))
    {
        return None;
    }
    let mut hit = Hit::pin("ca")?;
    hit.at = Some(site.group_start(1));
    Some(hit)
}

fn server_identity(site: &Site) -> Option<Hit> {
    let matched = site.group(0);
    let mask = &site.src.mask;
    let (value, from) = if matched.ends_with('(') {
        // A method of an object literal: `checkServerIdentity(host, cert) { … }`.
        let close = crate::scan::look::closing(mask, site.end - 1)?;
        let rest = &mask[close + 1..];
        let before = site.line_before().trim_end();
        if before.ends_with('.')
            || before.ends_with("function")
            || !rest.trim_start().starts_with('{')
        {
            return None;
        }
        let to = crate::scan::look::closing(mask, close + 1 + rest.find('{')?)?;
        (&site.src.text[close + 1..=to], close + 1)
    } else {
        // `a ? tls.checkServerIdentity : b` has a colon too.
        let colon = matched.ends_with(':') && site.line_before().trim_end().ends_with('.');
        if site.rest().starts_with('=') || colon {
            return None;
        }
        (site.value(), site.value_range().start)
    };
    let arrow = compile(
        r"=>\s*(?:undefined|null|true|void 0|\{\s*\}|\(\s*\{\s*\}\s*\)|\(?\s*undefined\s*\)?)\s*,?$",
    );
    if value.split("=>").next().unwrap_or(value).contains('?') {
        return None;
    }
    if arrow.is_match(value) {
        return Hit::off();
    }
    let method = matched.ends_with('(');
    let head = value.split("=>").next().unwrap_or(value);
    let function =
        value.contains("=>") || value.starts_with("function") || value.starts_with("async");
    if value == "false" {
        return Hit::off();
    }
    if !method && head.contains('?') || value.contains("checkServerIdentity") {
        return None;
    }
    let block = method || function;
    if block {
        let open = mask[from..].find('{').map(|at| from + at);
        let statements = open.and_then(|open| body(site, open)).unwrap_or("");
        let decides =
            compile(r"\b(?:throw|if|Error|checkServerIdentity|verify)\b").is_match(statements);
        return if open.is_some() && !decides {
            Hit::off()
        } else {
            Hit::of(Kind::Hint).info("It is replaced by code of the program.")
        };
    }
    None
}
