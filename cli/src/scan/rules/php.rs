//! PHP's HTTP libraries and stream contexts.

use crate::scan::lang::Lang::Php;
use crate::scan::look::{Site, is_conditional, is_nothing, is_off, is_true, resolve};
use crate::scan::pin;
use crate::scan::rule::{Hit, Kind, Rule, compile};
use regex::Regex;
use std::sync::LazyLock;

const FIX_PATH: &str = "Delete the option: PHP then verifies by the system's store (guideline, solution 1). \
If the file must stay, replace it by the current bundle of curl's site (solution 2) and again before 2029-04-15.";
const FIX_OFF: &str = "Delete the option: verification is the default. If requests fail then, update ca-certificates of the system.";

pub const RULES: &[Rule] = &[
    Rule {
        id: "php.verify-off",
        langs: &[Php],
        kind: Kind::Off,
        needles: &["verify", "VERIFY"],
        pattern: r#"(?:['"](verify|verifyname|verify_peer|verify_peer_name|verify_host|sslverify|ssl_verify|verify_ssl|ssl_verify_peer|ssl_verify_host|sslverifypeer|sslverifyhost|sslVerifyPeer|sslVerifyPeerName|sslVerifyHost|ssl\.verify_peer|http_verify|verifypeer|verify_certificate)['"]|\bRequestOptions::VERIFY\b)\s*(?:\]\s*(?:\?\?)?=|=>|,)"#,
        in_strings: false,
        check: verify_off,
        means: "The HTTP client does not verify the server's certificate or its name.",
        fix: FIX_OFF,
    },
    Rule {
        id: "php.verify-path",
        langs: &[Php],
        kind: Kind::Pin,
        needles: &["verify", "VERIFY"],
        pattern: r#"(?:['"](verify)['"]|\bRequestOptions::VERIFY\b)\s*(?:\]\s*(?:\?\?)?=|=>|,)"#,
        in_strings: false,
        check: verify_path,
        means: "The HTTP client trusts the named file instead of the system's store.",
        fix: FIX_PATH,
    },
    Rule {
        id: "php.verify-method",
        langs: &[Php],
        kind: Kind::Off,
        needles: &[
            "withoutVerifying",
            "StrictS",
            "erifyPeer",
            "erifyHost",
            "verifySSL",
            "https_ssl_verify",
            "VerifySSL",
            "sslverify",
            "disable_ssl",
            "certificate_authority",
        ],
        pattern: r#"(?:->|::)\s*(withoutVerifying|withoutStrictSsl|withoutStrictSSL)\s*\(|(?:->|::)\s*(?:set)?(?:[vV]erifyPeer|[vV]erifyHost|[vV]erifySSL|[sS]trictSSL|[vV]erifyPeerName|setSslVerification)\s*\(\s*(?:(?i:false)|0)\s*[,)]|['"]https_ssl_verify['"]\s*,\s*['"]__return_false['"]|['"]ssl\.certificate_authority['"]\s*=>\s*(?i:false)\b"#,
        in_strings: false,
        check: |_| Hit::off(),
        means: "The HTTP client is told not to verify the server's certificate.",
        fix: "Delete the call: verification is the default.",
    },
    Rule {
        id: "php.self-signed",
        langs: &[Php],
        kind: Kind::Off,
        needles: &["allow_self_signed"],
        pattern: r#"['"]allow_self_signed['"]\s*(?:\]\s*(?:\?\?)?=|=>|,)"#,
        in_strings: false,
        check: |site| {
            let on = is_true(site.resolved()) && !is_conditional(site.src, site.value_range());
            on.then(|| Hit::of(Kind::Off))
        },
        means: "The stream accepts a certificate that its owner signed.",
        fix: "Delete 'allow_self_signed'.",
    },
    Rule {
        id: "php.stream-ca",
        langs: &[Php],
        kind: Kind::Pin,
        needles: &[
            "cafile",
            "capath",
            "certificate_authority",
            "sslcertificates",
            "SslCaFile",
            "sslCafile",
            "sslCaFile",
        ],
        pattern: r#"['"](?:ssl_?)?(?:cafile|capath|CaFile|Cafile|sslcertificates|ssl\.certificate_authority)['"]\s*(?:\]\s*(?:\?\?)?=|=>|,)"#,
        in_strings: false,
        check: stream_ca,
        means: "The stream trusts the named roots instead of the system's store.",
        fix: FIX_PATH,
    },
    Rule {
        id: "php.ini-set-ca",
        langs: &[Php],
        kind: Kind::Pin,
        needles: &["openssl.ca", "curl.cainfo"],
        pattern: r#"['"](?:openssl\.cafile|openssl\.capath|curl\.cainfo)['"]\s*,"#,
        in_strings: false,
        check: |site| {
            let set = site.callee().ends_with("ini_set") && !is_nothing(site.value());
            set.then(|| Hit::pin(site.value()))?
        },
        means: "The program sets which roots every request of this PHP process trusts.",
        fix: "Delete the ini_set: PHP then verifies by the system's store (guideline, solution 1).",
    },
];

/// `verify` alone is a word of many programs: an e-mail to verify, a rule of a form.
fn is_http(site: &Site) -> bool {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        compile(r"(?i)(?:routes|validate\w*|validator::make|rules|\btrans|permissions?|define)$")
    });
    !OTHER.is_match(site.callee())
}

fn is_setter(site: &Site) -> bool {
    let after_comma = site.src.text[..site.end].ends_with(',');
    if !after_comma {
        return true;
    }
    let name = site.callee().to_ascii_lowercase();
    site.bracket() == b'('
        && (name.contains("set")
            || name.contains("option")
            || name.contains("config")
            || name.contains("with"))
        && !name.contains("isset")
}

/// An option of a server is about its clients.
fn is_server(site: &Site) -> bool {
    let callee = site.callee();
    callee.ends_with("Server")
        || callee == "stream_socket_server"
        || callee.ends_with("$server->set")
}

fn verify_off(site: &Site) -> Option<Hit> {
    let range = site.value_range();
    let off = is_off(site.resolved()) && !is_conditional(site.src, range);
    // null and '' are the default of a client's own option list.
    let value = site.resolved().trim().to_ascii_lowercase();
    let plain = !matches!(value.as_str(), "null" | "''" | "\"\"");
    (off && plain && is_setter(site) && is_http(site) && !is_server(site))
        .then(|| Hit::of(Kind::Off))
}

fn verify_path(site: &Site) -> Option<Hit> {
    let value = site.value();
    if is_off(value) || is_true(value) || !is_setter(site) || !is_http(site) {
        return None;
    }
    let told = resolve(site.src, value).unwrap_or(value);
    let names_a_file = pin::looks_like_roots(told) || pin::is_roots_name(value);
    (names_a_file && !pin::is_default_store(told)).then(|| Hit::pin(value))?
}

fn stream_ca(site: &Site) -> Option<Hit> {
    let value = site.value();
    let told = resolve(site.src, value).unwrap_or(value);
    if hands_on(value)
        || is_nothing(told)
        || !is_setter(site)
        || pin::is_default_store(told)
        || told.starts_with(':')
        || pin::only_declares(value)
        || is_server(site)
    {
        return None;
    }
    Hit::pin(value)
}

/// An option of the same name, a table of options, a list that describes the option.
fn hands_on(value: &str) -> bool {
    static SAME: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"(?i)^\\?CURLOPT_|^\[|^(?:array|function|fn|static)\b|(?:['\x22]|->|\$)_?(?:ssl_?)?ca_?(?:file|path)['\x22]?[\])]*$|get\w*Ca\w*\(\)$",
        )
    });
    SAME.is_match(value)
}
