//! What the rules of Python look at around a match: the call, the signature, what is handed on.

use crate::scan::look::{Site, is_conditional, is_name, is_nothing, is_true, resolve};
use crate::scan::pin;
use crate::scan::rule::{Hit, Kind, compile};
use regex::Regex;
use std::sync::LazyLock;

fn is_equation(site: &Site) -> bool {
    let rest = site.rest();
    rest.starts_with('=') || site.group(2).trim().starts_with(',') && site.group(2).contains('=')
}

/// `verify` is a word of many programs; here it must be a request's: by the call around it, or by
/// what the file imports.
fn about_http(site: &Site) -> bool {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"(?i)(?:decode|decrypt|encrypt|jwt|jws|token|sign|unsign|load|dump|parse|image|copy|save|field|column|password|checksum|hash|argument|add_option|(?:^|\.)verify\w*|user|account|phone|email|code|captcha|\w*valid\w*|fake\w*|mock\w*|validator)$",
        )
    });
    static UPDATE: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"(?i)(?:kw|kwargs?|opts|options|params|args|config|settings|defaults|session)\w*\.update$",
        )
    });
    static CALL: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"(?i)(?:^|[._])(?:get|post|put|delete|patch|head|request\w*|session|\w*client|fetch|urlopen|download|open|send\w*|call\w*|\w*api\w*|http\w*|dict|update|partial)$",
        )
    });
    static IMPORT: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"\b(?:requests|httpx|aiohttp|urllib3|treq|grequests|hvac|curl_cffi|niquests|pyhttpx|tls_client)\b",
        )
    });
    // `kwargs['verify'] = …`
    static SUBSCRIPT: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"(?i)(?:kwargs|kw|req\w*|http\w*|session\w*|client\w*|opts|options|params|args|config)\s*\[$",
        )
    });
    let subscript = site.bracket() == b'[' && SUBSCRIPT.is_match(site.line_before());
    if subscript && compile(r"(?i)https?\b|url|ssl|\bcert").is_match(&site.src.text) {
        return true;
    }
    static OBJECT: LazyLock<Regex> =
        LazyLock::new(|| compile(r"(?i)(?:session|client|http|conn\w*|\bs|\breq\w*|api)\.$"));
    let callee = site.callee();
    let update = callee.ends_with("update") && !UPDATE.is_match(callee);
    let fits = CALL.is_match(callee)
        || OBJECT.is_match(site.line_before())
        || IMPORT.is_match(&site.src.text);
    !update && !OTHER.is_match(callee) && fits
}

pub fn verify_off(site: &Site) -> Option<Hit> {
    let name = site.group(1);
    let operator = site.group(2).trim();
    if is_equation(site) {
        return None;
    }
    let value = site.value();
    let keyword = site.bracket() == b'(' && operator == "=";
    // A colon that ends a statement's head.
    let head = compile(r"^\s*(?:if|elif|while|for|with|else|try|class|async for|async with)\b");
    if operator == ":" && !quoted_key(site) && head.is_match(site.line_before()) {
        return None;
    }
    // An annotation: `verify: bool = False` in a signature.
    let (annotated, value) = match (operator, value.split_once('=')) {
        (":", Some((_, default))) => (true, default.trim()),
        _ => (false, value),
    };
    let wrong = match name {
        "disable_ssl_certificate_validation"
        | "no_ssl_verify"
        | "ssl_no_validate"
        | "insecure_skip_verify" => is_true(value),
        "tls_insecure_set" => operator == "(" && is_true(value),
        _ if operator == "(" => false,
        "check_hostname" | "assert_hostname" | "ssl" => value == "False",
        _ => matches!(value, "False" | "0") || is_switch_off(site, value),
    };
    if !wrong || operator == "," && !site.callee().contains("set") {
        return None;
    }
    if is_conditional(site.src, site.value_range()) {
        return None;
    }
    let text = &site.src.text;
    let fits = match name {
        "verify" => {
            let known = about_http(site);
            let quoted = byte_before(site);
            let attribute = quoted == b'.';
            let parameter = keyword && is_definition(site) || annotated;
            let local = operator == "=" && !keyword && !attribute;
            let about_tls = text.contains("ssl") || text.contains("http");
            if parameter || local {
                // Decided here only when it is passed on in this file.
                (known || about_tls && site.callee().is_empty() || parameter && about_tls)
                    && passed_on(text, "verify")
            } else {
                known || quoted_key(site) && site.callee().is_empty() && about_tls
            }
        }
        "ssl" => {
            site.file_mentions(&["aiohttp"])
                && (keyword || quoted_key(site))
                && !is_definition(site)
                && compile(r"(?i)(?:connector|get|post|put|delete|patch|head|request|fetch|ws_connect|session|dict|kwargs|call)$|^$")
                    .is_match(site.callee())
        }
        // A class that is a context itself sets the default of its field.
        "check_hostname" | "assert_hostname" => {
            !is_definition(site) && !site.line_before().trim_start().eq("self.") && !site.line_before().contains("mock")
        }
        "validate_cert" | "validate_certs" | "verify_cert" | "verify_certs" => {
            let plain = operator == "=" && !keyword && byte_before(site) != b'.';
            !(is_definition(site) || plain) || passed_on(text, name)
        }
        _ => {
            let plain = operator == "=" && !keyword && byte_before(site) != b'.';
            !(is_definition(site) || plain || annotated) || passed_on(text, name) || passed_on(text, "verify")
        }
    };
    fits.then(|| Hit::of(Kind::Off))
}

/// `verify=VERIFY_SSL`, where the file says `VERIFY_SSL = False`. Names that this rule knows are judged
/// where they are set.
fn is_switch_off(site: &Site, value: &str) -> bool {
    let last = value.rsplit('.').next().unwrap_or(value);
    let known = last.trim_start_matches('_').starts_with("verify")
        || last.starts_with("ssl")
        || last.contains("valid");
    !known && !is_definition(site) && resolve(site.src, value) == Some("False")
}

fn quoted_key(site: &Site) -> bool {
    matches!(byte_before(site), b'"' | b'\'')
}

/// The byte before the name.
fn byte_before(site: &Site) -> u8 {
    let name = site.group_start(1);
    if name == 0 {
        b'\n'
    } else {
        site.src.text.as_bytes()[name - 1]
    }
}

/// A parameter of a `def`.
fn is_definition(site: &Site) -> bool {
    let mut at = site.start;
    while let Some(open) = crate::scan::look::enclosing(&site.src.mask, at) {
        let line = &site.src.mask[site.src.line_start(open)..open];
        if site.src.mask.as_bytes()[open] == b'(' {
            return compile(r"\bdef\s+\w+\s*(?:\[.*\])?$").is_match(line);
        }
        at = open;
    }
    false
}

/// `verify=verify`, `verify=self.verify`, `"verify": verify`.
fn passed_on(text: &str, name: &str) -> bool {
    let pattern = compile(&format!(
        r#"\b(?:verify|verify_ssl|ssl|verify_certs|validate_certs?)['"]?\]?\s*[=:]\s*(?:self\.)?_?{name}\b"#
    ));
    pattern.is_match(text)
}

pub fn cert_none(site: &Site) -> Option<Hit> {
    let line = site.rest().lines().next().unwrap_or("");
    let conditional =
        compile(r"^\s+if\b").is_match(line) || site.line_before().trim_start() == "self.";
    // `options.get("cert_reqs", CERT_NONE)` reads.
    let reads = site.group(0).contains(',') && !site.callee().contains("set");
    let within = site.callee().ends_with("_create_unverified_context");
    let conditional = conditional || reads || within;
    (!conditional && !is_definition(site)).then(|| Hit::of(Kind::Off))
}

pub fn unverified(site: &Site) -> Option<Hit> {
    let before = site.line_before();
    if site.group(0).trim_end().ends_with('=') {
        // By another name: `unverified = ssl._create_unverified_context`.
        let value = site.value();
        let told = resolve(site.src, value).unwrap_or(value);
        let off = told.contains("_create_unverified") || value.contains("unverified");
        return (off && !site.rest().starts_with('=')).then(|| Hit::of(Kind::Off));
    }
    // `from ssl import _create_unverified_context as context`: the first use is the site.
    if before.trim_start().starts_with("from ") {
        let alias = compile(r"^\s+as\s+(\w+)").captures(site.rest())?;
        let from = site.end + alias.get(0)?.end();
        let used = compile(&format!(r"\b{}\b", &alias[1])).find(&site.src.mask[from..])?;
        let mut hit = Hit::of(Kind::Off);
        hit.at = Some(from + used.start());
        return Some(hit);
    }
    let before_else = before.contains(" if ") && before.trim_end().ends_with("ssl.");
    if before_else && before.contains(" else ") {
        return None;
    }
    let mentioned = before.trim_end().ends_with("def")
        || before.contains("hasattr")
        || before.contains("getattr")
        || before.trim_start().starts_with("import")
        || before.trim_start().starts_with("from ")
        || before.contains(" is ")
        || before.contains("==");
    // `x = ssl._create_unverified_context` saves a name only when the target is no hook.
    (!mentioned).then(|| Hit::of(Kind::Off))
}

pub fn verify_path(site: &Site) -> Option<Hit> {
    if is_equation(site) || !about_http(site) {
        return None;
    }
    let mut value = site.value();
    let operator = site.group(2).trim();
    if operator == ":" {
        if let Some((_, default)) = value.split_once('=') {
            value = default.trim();
        } else if !quoted_key(site) {
            return None;
        }
    }
    if is_nothing(value) || value.starts_with('=') {
        return None;
    }
    let told = resolve(site.src, value).unwrap_or(value);
    if pin::is_default_store(told) || is_nothing(told) || is_environment(told) {
        return None;
    }
    let named = pin::is_roots_name(value) && !is_type(value);
    if pin::looks_like_roots(told) || named {
        // `verify = …` alone is a variable unless it is passed on.
        let keyword = site.bracket() == b'(';
        let attribute = byte_before(site) == b'.';
        if keyword || attribute || quoted_key(site) || passed_on(&site.src.text, "verify") {
            return pinned(value, told);
        }
    }
    None
}

/// The environment decides, or an option that a caller gave.
fn is_environment(value: &str) -> bool {
    ["environ", "getenv", ".get(", ".pop("]
        .iter()
        .any(|word| value.contains(word))
}

/// A name that this file does not resolve is decided by a caller.
fn pinned(value: &str, told: &str) -> Option<Hit> {
    let hit = Hit::pin(value)?;
    if is_name(value) && told == value {
        return hit.info("The file is named elsewhere.");
    }
    Some(hit)
}

fn is_type(value: &str) -> bool {
    value.starts_with("Union[") || value.starts_with("Optional[") || value.contains("isinstance")
}

pub fn ca_file(site: &Site) -> Option<Hit> {
    let before = site.line_before();
    if site.group(3) == "load_verify_locations" {
        let value = site.value();
        if before.contains("def ") || is_nothing(value) || pin::is_default_store(value) {
            return None;
        }
        let value = value
            .split_once('=')
            .map_or(value, |(_, value)| value.trim());
        let told = resolve(site.src, value).unwrap_or(value);
        let decided = is_parameter(site, value) || is_environment(told) || hands_on(value);
        return if pin::is_default_store(told) || is_nothing(value) || decided {
            None
        } else {
            pinned(value, told)
        };
    }
    if site.rest().starts_with('=')
        || is_definition(site)
        || site.callee().ends_with("load_verify_locations")
    {
        return None;
    }
    let keyed = quoted_key(site);
    if site.group(2) == ":" && !keyed {
        return None;
    }
    let value = site.value();
    let keyword = site.bracket() == b'(';
    let attribute = byte_before(site) == b'.';
    let told = resolve(site.src, value).unwrap_or(value);
    if is_nothing(told) || pin::is_default_store(told) || keyed && pin::only_declares(value) {
        return None;
    }
    // A parameter handed on, or copied to a field, is decided by the caller.
    // The table of a program's own options.
    if value.starts_with("dict(type=") {
        return None;
    }
    if is_environment(told) || is_parameter(site, value) || hands_on(value) {
        return None;
    }
    if !keyword && !keyed && !attribute {
        // A variable of that name: the call that uses it is the site.
        return None;
    }
    if attribute && is_name(value) && told == value {
        return None;
    }
    pinned(value, told)
}

/// The value is a parameter of a function of this file: the caller decides.
fn is_parameter(site: &Site, value: &str) -> bool {
    if !is_name(value) || value.contains('.') {
        return false;
    }
    let pattern = compile(&format!(r"\bdef\s+\w+\s*\([^()]*\b{value}\b"));
    pattern.is_match(&site.src.mask)
}

/// `ca_certs=self.ca_certs`, `ca_certs and expanduser(ca_certs)`, `options["ca_certs"]`.
fn hands_on(value: &str) -> bool {
    static SAME: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r#"\b_?(?:cafile|capath|cadata|ca_certs?|ca_cert_(?:dir|data|file|path)|ssl_ca_cert|ca_bundle)\b['"]?\]?\s*(?:$|and\b|or\b|if\b|\))"#,
        )
    });
    SAME.is_match(value)
}
