//! C# (guideline: "C#", RemoteCertificateValidationCallback).

use super::curl::body;
use super::java::accepts;
use crate::scan::lang::Lang::{self, CSharp, Shell};
use crate::scan::look::{Site, closing, is_nothing};
use crate::scan::rule::{Hit, Kind, Rule, compile};
use regex::Regex;
use std::sync::LazyLock;

const ONLY: &[Lang] = &[CSharp];
const FIX_OFF: &str = "Delete the callback: .NET then verifies by the system's store. If requests fail then, install \
the missing root into the system (guideline: \"Install the new root certificate\").";

pub const RULES: &[Rule] = &[
    Rule {
        id: "csharp.accept-any",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["Callback", "DangerousAcceptAny"],
        pattern: r"\b(\w*Certificate(?:Custom)?ValidationCallback|\w*CertificateValidator)\s*(?:\w+\s*)?(?:\+|\?\?)?=(?:[^=>]|$)|\bnew\s+(?:[\w.]+\.)?RemoteCertificateValidationCallback\s*\(|\bDangerousAcceptAnyServerCertificateValidator\b|\bRemoteCertificateValidationCallback\s+\w+\s*=>|\bnew\s+SslStream\s*\(",
        in_strings: false,
        check: callback,
        means: "The callback accepts every certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "csharp.accept-any-method",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["SslPolicyErrors", "CheckValidationResult"],
        pattern: r"\b(?:bool|Boolean)\s+\w+\s*\(",
        in_strings: false,
        check: method,
        means: "The method accepts every certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "csharp.accept-any-policy",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["CertificatePolicy"],
        pattern: r"\bCertificatePolicy\s*=\s*new\s+\w*(?i:trust|accept|any|all)\w*",
        in_strings: false,
        check: |_| Hit::off(),
        means: "The certificate policy accepts every certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "csharp.custom-roots",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &["CustomTrustStore", "CustomRootTrust"],
        pattern: r"\bCustomTrustStore\s*\.\s*(?:Add|AddRange|Import\w*)\s*\(|\bX509ChainTrustMode\.CustomRootTrust\b|\bCustomTrustStore\s*=[^=]|\bCustomTrustStore\s*=\s*\{",
        in_strings: false,
        check: custom_roots,
        means: "The chain is verified against roots of the program instead of the system's store.",
        fix: "Delete CustomTrustStore and CustomRootTrust: .NET then verifies by the system's store.",
    },
    Rule {
        id: "csharp.no-validation",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["X509CertificateValidat", "IgnoreSsl"],
        pattern: r"=\s*X509CertificateValidationMode\.None\b|X509CertificateValidator\.None\b",
        in_strings: false,
        check: |_| Hit::off(),
        means: "The service client does not verify the certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "csharp.powershell",
        langs: &[Shell],
        kind: Kind::Off,
        needles: &[
            "ServerCertificateValidationCallback",
            "SkipCertificateCheck",
        ],
        pattern: r"ServerCertificateValidationCallback\s*=\s*\{\s*(?:return\s+)?\$true\s*\}|\s-SkipCertificateCheck\b(?:\s*[^:\s]|\s*$|:\$true)",
        in_strings: true,
        check: |site| {
            let start = site.group(0).len() - site.group(0).trim_start().len();
            let mut hit = Hit::of(Kind::Off);
            hit.at = Some(site.start + start);
            Some(hit)
        },
        means: "PowerShell does not verify the server's certificate.",
        fix: FIX_OFF,
    },
];

fn callback(site: &Site) -> Option<Hit> {
    let matched = site.group(0);
    let mask = &site.src.mask;
    let statement = statement_before(site);
    if matched.starts_with("DangerousAcceptAny") {
        // Said at the assignment when there is one.
        let assigned = statement.contains("ValidationCallback");
        return (!assigned).then(|| Hit::of(Kind::Off));
    }
    if matched.contains("SslStream") {
        let close = closing(mask, site.end - 1)?;
        let arguments = &site.src.text[site.end..close];
        if arguments.contains("RemoteCertificateValidationCallback") {
            return None;
        }
        return lambda_accepts(site, arguments, site.end).then(|| Hit::of(Kind::Off));
    }
    if matched.trim_end().ends_with('(') {
        if statement.contains("ValidationCallback") {
            return None;
        }
        let close = closing(mask, site.end - 1)?;
        return judge(site, &site.src.text[site.end..close], site.end);
    }
    // `= X` matched one character of the value.
    let equals = site.start + matched.rfind('=')? + 1;
    if matched.ends_with("=>") {
        return None;
    }
    let range = crate::scan::look::expression(site.src, equals);
    let value = &site.src.text[range.clone()];
    judge(site, value, range.start)
}

/// The text of the statement before the match.
fn statement_before<'a>(site: &Site<'a>) -> &'a str {
    let mask = &site.src.mask[..site.start];
    let from = mask.rfind([';', '{', '}']).map_or(0, |at| at + 1);
    &site.src.text[from..site.start]
}

/// A lambda, a delegate, a method of this file, or one that is elsewhere.
fn judge(site: &Site, value: &str, from: usize) -> Option<Hit> {
    static METHOD: LazyLock<Regex> =
        LazyLock::new(|| compile(r"^\s*(?:new\s+[\w.]+\s*\()?\s*(?:this\.|\w+\.)*(\w+)\s*\)?\s*$"));
    let value = value.trim_end();
    if is_nothing(value) {
        return None;
    }
    if value.contains("DangerousAcceptAny") {
        return Hit::off();
    }
    if value.contains("=>") || value.contains("delegate") {
        return lambda_accepts(site, value, from).then(|| Hit::of(Kind::Off));
    }
    let caps = METHOD.captures(value)?;
    let name = &caps[1];
    match local_method(site, name) {
        Some(true) => Hit::off(),
        Some(false) => None,
        // A setter that passes its own value on decides nothing.
        None if matches!(name, "value" | "callback") || name.ends_with("Callback") => None,
        None => Hit::of(Kind::Hint)
            .info("The method stands elsewhere; look whether it returns true for everything."),
    }
}

fn lambda_accepts(site: &Site, value: &str, from: usize) -> bool {
    static EXPRESSION: LazyLock<Regex> =
        LazyLock::new(|| compile(r"=>\s*true\s*[,);}]*\s*(?:,.*)?$|=>\s*true\s*[,)]"));
    static BLOCK: LazyLock<Regex> =
        LazyLock::new(|| compile(r"(?:=>|delegate\s*(?:\([^)]*\))?)\s*\{"));
    if EXPRESSION.is_match(value) {
        return true;
    }
    let Some(block) = BLOCK.find(value) else {
        return false;
    };
    let start = from + block.end() - 1;
    let open = site.src.mask[start.min(site.src.mask.len())..]
        .find('{')
        .map(|at| start + at);
    open.and_then(|open| body(site, open))
        .is_some_and(|statements| accepts(statements, "true"))
}

/// Whether a method or local function of this file accepts everything; none when there is none.
fn local_method(site: &Site, name: &str) -> Option<bool> {
    let mask = &site.src.mask;
    let pattern = compile(&format!(r"\b(?:bool|Boolean)\s+{name}\s*\("));
    let found = pattern.find(mask)?;
    Some(method_accepts(site, found.end() - 1).unwrap_or(false))
}

fn method_accepts(site: &Site, open: usize) -> Option<bool> {
    let close = closing(&site.src.mask, open)?;
    let rest = &site.src.mask[close + 1..];
    let trimmed = rest.trim_start();
    let at = close + 1 + rest.len() - trimmed.len();
    if trimmed.starts_with('{') {
        return Some(accepts(body(site, at)?, "true"));
    }
    let value = trimmed.strip_prefix("=>")?.trim_start();
    Some(value.starts_with("true"))
}

fn method(site: &Site) -> Option<Hit> {
    let open = site.end - 1;
    let close = closing(&site.src.mask, open)?;
    let parameters = &site.src.mask[open..close];
    let verifies = parameters.contains("SslPolicyErrors")
        || (parameters.contains("ServicePoint") && parameters.contains("X509Certificate"));
    (verifies && method_accepts(site, open)?).then(|| Hit::of(Kind::Off))
}

fn custom_roots(site: &Site) -> Option<Hit> {
    let mode = site.group(0).contains("CustomRootTrust");
    if mode {
        let before = site.line_before();
        let set = before.contains('=') && !before.contains("==") && !before.contains("!=");
        let added = compile(r"CustomTrustStore\s*\.\s*(?:Add|Import)").is_match(&site.src.text);
        return (set && !added).then(|| Hit::of(Kind::Pin));
    }
    Hit::pin(site.value())
}
