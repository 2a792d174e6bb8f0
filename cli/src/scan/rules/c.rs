//! C and C++ beyond libcurl: OpenSSL and its relatives, and the HTTP clients.

use crate::scan::lang::Lang::{self, C};
use crate::scan::look::{Site, closing, expression, is_nothing};
use crate::scan::rule::{Hit, Kind, Rule, compile};
use regex::Regex;
use std::sync::LazyLock;

const ONLY: &[Lang] = &[C];
const FIX_CA: &str = "Delete the call and use the system's store instead, for OpenSSL with \
SSL_CTX_set_default_verify_paths (guideline, solution 1). If the file must stay, replace it by the current bundle of \
curl's site (solution 2) and again before 2029-04-15.";
const FIX_OFF: &str = "Delete the call or set the mode that verifies the peer (SSL_VERIFY_PEER), with the system's \
store as anchors.";

pub const RULES: &[Rule] = &[
    Rule {
        id: "c.load-roots",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &[
            "load_verify",
            "load_ca",
            "ca_cert",
            "add_verify_path",
            "add_certificate_authority",
            "ca_chain",
            "x509_trust",
            "aCertificates",
            "CaInfo",
            "CaPath",
            "setCACert",
            "SSL_CTX_set_cert_store",
            "set_ca_path",
            "caCertificate",
        ],
        pattern: r"\b(?:\w*SSL_CTX_load_verify_(?:locations|file|dir|store|buffer|chain_buffer_format)|SSL_CTX_set1?_cert_store|mbedtls_ssl_conf_ca_chain|gnutls_certificate_set_x509_trust_(?:file|dir|mem)|(?:[.>:]\s*)?(?:load_verify_file|add_verify_path|add_certificate_authority|set_ca_cert_path|set_ca_cert_store|load_ca_cert_store|setCaCertificates|addCaCertificates|setDefaultCaCertificates|addDefaultCaCertificates|setCACert))\s*\(|\bcpr::(?:ssl::)?Ca(?:Info|Path)\s*[({]|\boptions::Ca(?:Info|Path)\s*>?\s*\(",
        in_strings: false,
        check: load_roots,
        means: "The program loads its own roots instead of the system's store.",
        fix: FIX_CA,
    },
    Rule {
        id: "c.verify-none",
        langs: ONLY,
        kind: Kind::Off,
        needles: &[
            "VERIFY_NONE",
            "verify_none",
            "VerifyNone",
            "QueryPeer",
            "NO_VERIFY",
            "set_verify",
            "set_custom_verify",
        ],
        pattern: r"\b(?:\w*SSL_(?:CTX_)?set_(?:custom_)?verify\w*\s*\(\s*[^,;?]+,\s*\(?\s*(?:\w*SSL_VERIFY_NONE|0)\b|\w*(?:[sS]et_?\w*[vV]erif\w*|set_\w*authmode|conf_authmode)\s*\(\s*[^;{}?]*?\b\w*(?:SSL_VERIFY_NONE|VerifyNone|verify_none|NO_VERIFY)\b|mbedtls_ssl_conf_authmode\s*\(\s*[^,;]+,\s*MBEDTLS_SSL_VERIFY_NONE|setPeerVerifyMode\s*\(\s*(?:QSslSocket\s*::\s*)?(?:VerifyNone|QueryPeer)\b|set_verify_mode\s*\(\s*[\w:]*verify_none\b|Context\s*::\s*VERIFY_NONE\b)",
        in_strings: false,
        check: |site| {
            let before = site.line_before().trim();
            let compared = before.ends_with("==") || before.starts_with("#define");
            (!compared).then(|| Hit::of(Kind::Off))
        },
        means: "The TLS library does not verify the server.",
        fix: FIX_OFF,
    },
    Rule {
        id: "c.verify-off",
        langs: ONLY,
        kind: Kind::Off,
        needles: &[
            "set_validate_certificates",
            "ignoreSslErrors",
            "enable_server",
            "cpr::",
            "SslVerify",
            "set_verify_callback",
            "setInsecure",
            "SECURITY_FLAG_IGNORE",
            "allowInvalidCertificates",
            "validatesDomainName",
            "AllowsAnyHTTPSCertificate",
            "AcceptCertificateHandler",
        ],
        pattern: r"\bset_validate_certificates\s*\(\s*false|(?:->|\.|&QNetworkReply::|SLOT\()\s*ignoreSslErrors\b|\benable_server_(?:certificate|hostname)_verification\s*\(\s*(?:false|0)|\bcpr::(?:ssl::)?Verify(?:Ssl|Peer|Host)\s*[({]\s*(?:false|0)|\bSslVerify(?:Peer|Host)\s*>?\s*\(\s*(?:false|0)|\.setInsecure\s*\(\s*\)|\ballowInvalidCertificates\s*=\s*(?:YES|true)|setAllowInvalidCertificates:\s*YES|\bvalidatesDomainName\s*=\s*(?:NO|false)|setAllowsAnyHTTPSCertificate:\s*YES|\bset_verify_callback\s*\(\s*\[[^\]]*\]\s*\([^)]*\)\s*(?:->\s*bool\s*)?\{\s*return\s+true\s*;\s*\}",
        in_strings: false,
        check: verify_off,
        means: "The HTTP client does not verify the server's certificate.",
        fix: "Delete the call: verification is the default.",
    },
    Rule {
        id: "c.windows-ignore",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["SECURITY_FLAG_IGNORE"],
        pattern: r"\bSECURITY_FLAG_IGNORE_(?:UNKNOWN_CA|CERT_CN_INVALID|CERT_DATE_INVALID|CERT_WRONG_USAGE|ALL_CERT_ERRORS)\b",
        in_strings: false,
        check: windows,
        means: "WinHTTP or WinINet ignores certificate errors.",
        fix: "Delete the SECURITY_FLAG_IGNORE_… flags.",
    },
];

/// A declaration or a table of functions is no call.
fn is_declared(site: &Site) -> bool {
    static TYPED: LazyLock<Regex> =
        LazyLock::new(|| compile(r"\b(?:int|long|void|bool|char|DWORD|CURLcode)\s*\**\s*$"));
    if TYPED.is_match(site.line_before()) {
        return true;
    }
    let before = site.line_before().trim_start();
    let typed = [
        "int ", "long ", "void ", "bool ", "extern ", "static ", "#define", "typedef", "inline ",
        "virtual ", "OSSL_", "__owur", "WOLFSSL_", "template",
    ]
    .iter()
    .any(|word| before.starts_with(word));
    let assigned = before.contains('=') || before.contains("return");
    // `bool Client::set_ca_cert_path(…) {` defines.
    let end = site.group(0).trim_end();
    let defines = end.ends_with('(')
        && closing(&site.src.mask, site.end - 1).is_some_and(|close| {
            let rest = site.src.mask[close + 1..].trim_start();
            rest.starts_with('{') || rest.starts_with("const")
        })
        && !before.contains("if")
        && !before.contains("while")
        && !before.contains("switch");
    (typed && !assigned) || (defines && !before.trim_end().ends_with(['.', '>', '=', '!']))
}

fn load_roots(site: &Site) -> Option<Hit> {
    if is_declared(site) || site.line_before().contains("dlsym") {
        return None;
    }
    let name = site.group(0);
    // For C functions the roots are the second argument, or the third.
    let takes_context =
        name.contains("SSL_CTX") || name.contains("mbedtls") || name.contains("gnutls");
    let first = expression(site.src, site.end);
    let mut value = site.src.text[first.clone()].trim();
    if takes_context {
        let second = expression(site.src, first.end + 1);
        value = site.src.text[second.clone()].trim();
        if is_nothing(value) && site.src.mask[second.end..].starts_with(',') {
            value = site.src.text[expression(site.src, second.end + 1)].trim();
        }
    }
    if is_nothing(value) {
        return None;
    }
    Hit::pin(value)
}

fn verify_off(site: &Site) -> Option<Hit> {
    let before = site.line_before();
    let declared = before.contains("void ") || before.contains("#define");
    (!declared).then(|| Hit::of(Kind::Off))
}

/// Several flags in one expression are one finding; a definition is none.
fn windows(site: &Site) -> Option<Hit> {
    let before = site.line_before();
    let statement = site.src.mask[..site.start]
        .rfind([';', '{', '}'])
        .map_or(0, |at| at + 1);
    let first = !site.src.text[statement..site.start].contains("SECURITY_FLAG_IGNORE");
    (first
        && !before.contains("#define")
        && !before.contains("#ifndef")
        && !before.contains("#ifdef")
        && !before.contains("case "))
    .then(|| Hit::of(Kind::Off))
}
