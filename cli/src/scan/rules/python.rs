//! Python (guideline: "Python", keyword verify).

use crate::scan::lang::Lang::{self, Python};
use crate::scan::look::{Site, is_conditional, is_name, is_nothing, is_true, resolve};
use crate::scan::pin;
use crate::scan::rule::{Hit, Kind, Rule, compile};
use regex::Regex;
use std::sync::LazyLock;

const ONLY: &[Lang] = &[Python];
const FIX_PATH: &str = "Delete the verify parameter (guideline, method 1). requests then trusts certifi's roots, \
which hold DigiCert Global Root G2 when certifi is current; the package truststore makes it use the system's store. \
If the file must stay, replace it by the current bundle of curl's site (method 2) and again before 2029-04-15.";
const FIX_OFF: &str = "Delete the parameter or set it to True: verification is the default. If requests fail then, \
update certifi and ca-certificates.";

pub const RULES: &[Rule] = &[
    Rule {
        id: "python.verify-off",
        langs: ONLY,
        kind: Kind::Off,
        needles: &[
            "verify",
            "validate_cert",
            "ssl=",
            "ssl =",
            "ssl'",
            "ssl\"",
            "_hostname",
            "use_ssl_verification",
            "disable_ssl_certificate_validation",
            "ssl_no_validate",
            "tls_insecure_set",
        ],
        pattern: r#"['"]?\b(verify|verify_ssl|ssl_verify|verify_certs?|verify_tls|tls_verify|validate_certs?|ssl_verify_peer|verify_peer|use_ssl_verification|assert_hostname|check_hostname|ssl|disable_ssl_certificate_validation|ssl_no_validate|tls_insecure_set|no_ssl_verify|insecure_skip_verify)\b['"]?(\s*\]\s*=|\s*=|\s*:|\s*,|\s*\()"#,
        in_strings: false,
        check: verify_off,
        means: "The HTTP client does not verify the server's certificate or its name.",
        fix: FIX_OFF,
    },
    Rule {
        id: "python.cert-none",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["CERT_NONE", "VERIFY_NONE"],
        pattern: r#"['"]?\b(?:cert_reqs|verify_mode|ssl_cert_reqs|verify_flags)\b['"]?\s*\]?\s*(?:=|:|,)\s*(?:\w+\.)*['"]?(?:CERT_NONE|VerifyMode\.CERT_NONE)\b|\bset_verify\s*\(\s*(?:\w+\.)*VERIFY_NONE\b|\bwrap_socket\s*\([^()]*\bCERT_NONE\b|\b(?:cert_reqs|verify_mode)\s*=\s*(?:'NONE'|"NONE"|0\b)"#,
        in_strings: false,
        check: cert_none,
        means: "The TLS context does not verify the server's certificate.",
        fix: "Use ssl.create_default_context() as it is: it verifies by the system's store.",
    },
    Rule {
        id: "python.unverified-context",
        langs: ONLY,
        kind: Kind::Off,
        needles: &[
            "_create_unverified_context",
            "_https_verify_certificates",
            "match_hostname",
        ],
        pattern: r"\b(?:_create_unverified_context\b|_https_verify_certificates\s*\(\s*(?:enable\s*=\s*)?(?:False|0)\b|match_hostname\s*=\s*lambda[^:\n]*:\s*(?:True|None)\b)",
        in_strings: false,
        check: unverified,
        means: "The TLS context does not verify the server's certificate.",
        fix: "Use ssl.create_default_context() as it is: it verifies by the system's store.",
    },
    Rule {
        id: "python.verify-path",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &["verify"],
        pattern: r#"['"]?\b(verify)\b['"]?(\s*\]\s*=|\s*=|\s*:)"#,
        in_strings: false,
        check: verify_path,
        means: "The HTTP client trusts the named file instead of its default store.",
        fix: FIX_PATH,
    },
    Rule {
        id: "python.ca-file",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &[
            "cafile",
            "capath",
            "cadata",
            "ca_certs",
            "load_verify_locations",
            "ca_cert_dir",
            "ca_cert_data",
        ],
        pattern: r#"['"]?\b(cafile|capath|cadata|ca_certs|ca_cert_dir|ca_cert_data)\b['"]?\s*\]?\s*(=|:)|\b(load_verify_locations)\s*\("#,
        in_strings: false,
        check: ca_file,
        means: "The TLS context trusts the named roots instead of the system's store.",
        fix: "Delete the parameter and use ssl.create_default_context(): it verifies by the system's store.",
    },
    Rule {
        id: "python.warning-hidden",
        langs: ONLY,
        kind: Kind::Hint,
        needles: &["disable_warnings", "InsecureRequestWarning"],
        pattern: r#"\bdisable_warnings\s*\(|\b(?:simplefilter|filterwarnings)\s*\([^()]*InsecureRequestWarning"#,
        in_strings: false,
        check: |site| {
            let before = site.line_before();
            (!before.contains("def ")).then(|| Hit::of(Kind::Hint))
        },
        means: "The warning about unverified requests is hidden, so some request probably is unverified.",
        fix: "Delete the line, and find the request that made it necessary.",
    },
];

fn is_equation(site: &Site) -> bool {
    let rest = site.rest();
    rest.starts_with('=') || site.group(2).trim().starts_with(',') && site.group(2).contains('=')
}

/// `verify` is a word of many programs; here it must be a request's: by the call around it, or by
/// what the file imports.
fn about_http(site: &Site) -> bool {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"(?i)(?:decode|decrypt|encrypt|jwt|jws|token|sign|unsign|load|dump|parse|image|copy|save|field|column|password|checksum|hash|argument|add_option|verify\w*|user|account|phone|email|code|captcha|\w*valid\w*|fake\w*|mock\w*|validator)$",
        )
    });
    static UPDATE: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"(?i)(?:kwargs?|opts|options|params|args|config|settings|defaults|session)\w*\.update$",
        )
    });
    static CALL: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"(?i)(?:^|[._])(?:get|post|put|delete|patch|head|request\w*|session|\w*client|fetch|urlopen|download|open|send\w*|call\w*|\w*api\w*|http\w*|dict|update|partial)$",
        )
    });
    static IMPORT: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"\b(?:requests|httpx|aiohttp|urllib3|treq|grequests|hvac|curl_cffi|niquests|pyhttpx|tls_client|boto3|botocore|[sS]ession|[cC]lient)\b",
        )
    });
    let callee = site.callee();
    let update = callee.ends_with("update") && !UPDATE.is_match(callee);
    !update && !OTHER.is_match(callee) && (CALL.is_match(callee) || IMPORT.is_match(&site.src.text))
}

fn verify_off(site: &Site) -> Option<Hit> {
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
        _ => matches!(value, "False" | "0"),
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
            if parameter || local {
                // Decided here only when it is passed on in this file.
                known && passed_on(text, "verify")
            } else {
                known
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
            return line.contains("def ");
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

fn cert_none(site: &Site) -> Option<Hit> {
    let line = site.rest().lines().next().unwrap_or("");
    let conditional =
        compile(r"^\s+if\b").is_match(line) || site.line_before().trim_start() == "self.";
    // `options.get("cert_reqs", CERT_NONE)` reads.
    let reads = site.group(0).contains(',') && !site.callee().contains("set");
    let within = site.callee().ends_with("_create_unverified_context");
    let conditional = conditional || reads || within;
    (!conditional && !is_definition(site)).then(|| Hit::of(Kind::Off))
}

fn unverified(site: &Site) -> Option<Hit> {
    let before = site.line_before();
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

fn verify_path(site: &Site) -> Option<Hit> {
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

fn ca_file(site: &Site) -> Option<Hit> {
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
    if is_nothing(told) || pin::is_default_store(told) {
        return None;
    }
    // A parameter handed on, or copied to a field, is decided by the caller.
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
