//! libcurl's options, as PHP, C, C++ and Python write them (guideline: "C++", "PHP").

use crate::scan::lang::Lang::{C, Php, Python, Ruby};
use crate::scan::look::{
    Site, closing, is_conditional, is_name, is_nothing, is_off, is_true, resolve,
};
use crate::scan::pin;
use crate::scan::rule::{Hit, Kind, Rule, compile};

const FIX_CA: &str = "Delete the line that sets CURLOPT_CAINFO or CURLOPT_CAPATH: libcurl then uses the system's \
store, which holds DigiCert Global Root G2 (guideline, solution 1). If the file must stay, replace it by the current \
bundle of curl's site (solution 2); it has to be replaced again before 2029-04-15.";
const FIX_OFF: &str = "Set CURLOPT_SSL_VERIFYPEER to true and CURLOPT_SSL_VERIFYHOST to 2, or delete both lines: \
that is libcurl's default. If requests fail then, the system's store is too old: update ca-certificates.";

pub const RULES: &[Rule] = &[
    Rule {
        id: "curl.ca",
        langs: &[Php, C],
        kind: Kind::Pin,
        needles: &["CURLOPT_"],
        pattern: r#"['"]?(?:curl\.)?\bCURLOPT_(?:PROXY_)?(?:CAINFO|CAPATH|ISSUERCERT)(?:_BLOB)?\b['"]?"#,
        in_strings: false,
        check: ca,
        means: "libcurl trusts the named roots instead of the system's store.",
        fix: FIX_CA,
    },
    Rule {
        id: "curl.verify-off",
        langs: &[Php, C],
        kind: Kind::Off,
        needles: &["CURLOPT_"],
        pattern: r#"['"]?(?:curl\.)?\bCURLOPT_(?:PROXY_|DOH_)?SSL_VERIFY(PEER|HOST|STATUS)\b['"]?"#,
        in_strings: false,
        check: verify,
        means: "libcurl does not verify the server's certificate or its name: anybody on the way can answer as WeChat Pay.",
        fix: FIX_OFF,
    },
    Rule {
        id: "curl.by-number",
        langs: &[Php, C],
        kind: Kind::Off,
        needles: &["setopt"],
        pattern: r"\bcurl_(?:easy_)?setopt\s*\(\s*[^,()]+(?:\([^()]*\))?\s*,\s*(64|81|10065|10097)\s*,",
        in_strings: false,
        check: by_number,
        means: "A libcurl option written as a number: 64 and 81 are SSL_VERIFYPEER and SSL_VERIFYHOST, 10065 and 10097 CAINFO and CAPATH.",
        fix: FIX_OFF,
    },
    Rule {
        id: "curl.pinned-key",
        langs: &[Php, C],
        kind: Kind::Pin,
        needles: &["PINNEDPUBLICKEY"],
        pattern: r#"['"]?\bCURLOPT_(?:PROXY_)?PINNEDPUBLICKEY\b['"]?"#,
        in_strings: false,
        check: ca,
        means: "libcurl accepts one public key only; the next server certificate has another.",
        fix: "Delete the line that sets CURLOPT_PINNEDPUBLICKEY: WeChat Pay changes its server certificates without notice.",
    },
    Rule {
        id: "curl.object-ca",
        langs: &[Python, Ruby],
        kind: Kind::Pin,
        needles: &["CAINFO", "CAPATH", "cacert"],
        pattern: r"\bsetopt\s*\(\s*(?:\w+\.)*(?:PROXY_)?(?:CAINFO|CAPATH)\s*,|\b(?:curl|easy|c)\.cacert\s*=",
        in_strings: false,
        check: object_ca,
        means: "libcurl trusts the named roots instead of the system's store.",
        fix: FIX_CA,
    },
    Rule {
        id: "curl.object-verify-off",
        langs: &[Python, Ruby],
        kind: Kind::Off,
        needles: &["SSL_VERIFY", "ssl_verify_"],
        pattern: r"\bsetopt\s*\(\s*(?:\w+\.)*(?:PROXY_)?SSL_VERIFY(PEER|HOST)\s*,|\.ssl_verify_(peer|host)\s*=",
        in_strings: false,
        check: object_verify,
        means: "libcurl does not verify the server's certificate or its name: anybody on the way can answer as WeChat Pay.",
        fix: FIX_OFF,
    },
];

/// The value that an option is set to: after a comma in a call, after `=>` in a list, after `] =`.
/// None when the option is only read, compared or listed.
fn set_to<'a>(site: &Site<'a>) -> Option<&'a str> {
    Some(site.src.text[set_range(site)?].trim())
}

fn set_range(site: &Site) -> Option<std::ops::Range<usize>> {
    let rest = site.rest();
    let trimmed = rest.trim_start();
    let skipped = rest.len() - trimmed.len();
    let after = |length: usize| {
        Some(crate::scan::look::expression(
            site.src,
            site.end + skipped + length,
        ))
    };
    if trimmed.starts_with("=>") {
        return after(2);
    }
    if let Some(inner) = trimmed.strip_prefix(']') {
        let value = inner.trim_start();
        let operator = if value.starts_with("??=") { 3 } else { 1 };
        let is_set = operator == 3
            || value.starts_with('=') && !value.starts_with("==") && !value.starts_with("=>");
        return if is_set {
            after(1 + inner.len() - value.len() + operator)
        } else {
            None
        };
    }
    if trimmed.starts_with(',') {
        // In a list without a call the next item is no value.
        let next = site.src.text[site.end + skipped + 1..].trim_start();
        let call = site.bracket() == b'(' || site.src.lang == C && next.starts_with('"');
        let name = site.callee().to_ascii_lowercase();
        let reads = [
            "array",
            "isset",
            "key_exists",
            "define",
            "unset",
            "diff",
            "constant",
            "case",
        ]
        .iter()
        .any(|word| name.contains(word) && !name.contains("setopt"));
        let range = after(1)?;
        let next = site.src.text[range.clone()].trim_start();
        // curl.h declares its options so, and the curl command names them for --libcurl.
        let declares = matches!(
            name.as_str(),
            "curlopt" | "curloptdeprecated" | "nv" | "nv1"
        );
        if !call || reads || declares || next.starts_with("CURLOPT") {
            return None;
        }
        return Some(range);
    }
    None
}

fn ca(site: &Site) -> Option<Hit> {
    let value = set_to(site)?;
    // A table that gives the option's name in another library.
    let name = compile(r"(?i)^['\x22](?:ca_?(?:file|path|info)|\w*fingerprint)['\x22]$");
    let listed = site.rest().trim_start().starts_with("=>") && pin::only_declares(value);
    if listed || name.is_match(value) {
        return None;
    }
    if is_nothing(value) || resolve(site.src, value).is_some_and(is_nothing) {
        return None;
    }
    Hit::pin(value)
}

fn verify(site: &Site) -> Option<Hit> {
    let range = set_range(site)?;
    let value = site.src.text[range.clone()].trim();
    let value = resolve(site.src, value).unwrap_or(value);
    // libcurl's VERIFYHOST wants 2; 1 once meant "any name".
    let wrong = is_off(value) || (site.group(1) == "HOST" && is_true(value));
    (wrong && !is_conditional(site.src, range)).then(|| Hit::of(Kind::Off))
}

fn by_number(site: &Site) -> Option<Hit> {
    let value = site.resolved();
    match site.group(1) {
        "64" | "81" => is_off(value).then(|| Hit::of(Kind::Off)),
        _ if is_nothing(value) => None,
        _ => Hit::pin(value),
    }
}

fn object_ca(site: &Site) -> Option<Hit> {
    let value = site.value();
    (!is_nothing(value) && !pin::is_default_store(value)).then(|| Hit::pin(value))?
}

fn object_verify(site: &Site) -> Option<Hit> {
    let value = site.value();
    let value = if is_name(value) {
        site.resolved()
    } else {
        value
    };
    let host = site.group(1) == "HOST" || site.group(2) == "host";
    let wrong = is_off(value) || (host && is_true(value));
    (wrong && !is_conditional(site.src, site.value_range())).then(|| Hit::of(Kind::Off))
}

/// The bodies of callbacks that accept everything are alike in every language with braces: one
/// `return` of what accepts, and no decision.
pub fn body<'a>(site: &Site<'a>, open: usize) -> Option<&'a str> {
    let end = closing(&site.src.mask, open)?;
    Some(&site.src.text[open + 1..end])
}
