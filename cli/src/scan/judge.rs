//! One file: from its bytes to its findings. Opens no file but those that a pin names.

use super::bundle::{self, Bundle, Class};
use super::lang::{self, Lang};
use super::lex::find;
use super::pin;
use super::rule::{Finding, Hit, Kind, Severity};
use super::rules::{self, data};
use super::source::Source;
use regex::bytes::Regex;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

/// A line longer than this was not written by a person.
const LONG_LINE: usize = 2000;

/// Keeps a finding from being reported, in a comment on its line or the line before.
pub const ALLOW: &str = "wxpay-scan: allow";

pub struct File<'a> {
    pub path: &'a Path,
    /// The folder that was given to scan; pins are resolved inside it.
    pub root: &'a Path,
    pub bytes: &'a [u8],
}

#[derive(Default)]
pub struct Verdict {
    pub findings: Vec<Finding>,
    pub minified: bool,
    /// Only the first places of a rule were judged.
    pub crowded: bool,
    pub allowed: usize,
}

pub fn judge(file: &File) -> Verdict {
    let mut verdict = Verdict::default();
    let name = file.path.file_name().unwrap_or_default().to_string_lossy();
    let (lang, dialect) = lang::of(&name, file.bytes);
    let armoured = find(file.bytes, b"-----BEGIN CERTIFICATE-----").is_some();
    if lang == Lang::Other {
        data_file(file, &name, &mut verdict);
        return verdict;
    }
    if !armoured && !trigger(lang).is_match(file.bytes) {
        // UTF-16 hides every word from the trigger.
        if !matches!(file.bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
            return verdict;
        }
    }
    let source = Source::new(lang, dialect, file.bytes);
    let wechat = is_wechat(file);
    if armoured {
        embedded(file, &source, wechat, &mut verdict);
    }
    // A source map in a comment is as long as the file.
    let long: usize = lines_over(&source.text).sum();
    if long * 2 > source.raw.len() {
        verdict.minified = true;
        return verdict;
    }
    let mut found = Vec::new();
    for ready in rules::of(lang) {
        let mut hits = Vec::new();
        verdict.crowded |= !ready.run(&source, &mut hits);
        found.extend(hits.into_iter().map(|(at, hit)| (at, hit, ready.rule)));
    }
    let mut seen = std::collections::BTreeSet::new();
    let named: Vec<usize> = found
        .iter()
        .filter(|(_, _, rule)| !rule.id.starts_with("hint."))
        .map(|(at, _, _)| source.position(*at).0)
        .collect();
    let off = found.iter().any(|(_, hit, _)| hit.kind == Kind::Off);
    let pins = found
        .iter()
        .any(|(_, hit, _)| matches!(hit.kind, Kind::Pin | Kind::Env));
    for (at, hit, rule) in found {
        let (line, column) = source.position(at);
        // Weak signs are shown where nothing stronger is, and only in WeChat Pay's code.
        let hint = rule.id.starts_with("hint.");
        let weak = rule.id == "python.warning-hidden" && (!wechat || off);
        if weak
            || source.line(line).len() > LONG_LINE
            || !seen.insert((line, rule.id))
            || hint && (!wechat || pins || named.contains(&line))
        {
            continue;
        }
        if is_allowed(&source, line) {
            verdict.allowed += 1;
            continue;
        }
        let (severity, note, bundle) = grade(file, &source, &hit, wechat);
        let means = match note.is_empty() {
            true => rule.means.to_owned(),
            false => format!("{} {note}", rule.means),
        };
        verdict.findings.push(Finding {
            path: file.path.to_owned(),
            line,
            column,
            rule: rule.id,
            kind: hit.kind,
            severity,
            wechat,
            snippet: source.line(line).to_owned(),
            means,
            fix: rule.fix.to_owned(),
            bundle,
        });
    }
    verdict
}

fn lines_over(text: &str) -> impl Iterator<Item = usize> {
    text.split('\n')
        .map(|line| line.trim_end().len())
        .filter(|length| *length > LONG_LINE)
}

fn is_allowed(source: &Source, line: usize) -> bool {
    source.line(line).contains(ALLOW) || line > 1 && source.line(line - 1).contains(ALLOW)
}

/// One search for every word that a rule of the language needs.
fn trigger(lang: Lang) -> &'static Regex {
    static TRIGGERS: LazyLock<HashMap<Lang, Regex>> = LazyLock::new(|| {
        use Lang::{
            C, CSharp, Docker, Go, Hosts, Ini, Java, Json, Node, Php, Python, Ruby, Shell, Xml,
            Yaml,
        };
        [
            Php, Java, C, CSharp, Python, Go, Ruby, Node, Shell, Docker, Yaml, Ini, Xml, Json,
            Hosts,
        ]
        .into_iter()
        .map(|lang| {
            let words: Vec<_> = rules::of(lang)
                .flat_map(|ready| ready.rule.needles)
                .map(|needle| regex::escape(needle))
                .collect();
            let regex = Regex::new(&format!("(?-u){}", words.join("|")));
            (lang, regex.expect("needles are plain words"))
        })
        .collect()
    });
    &TRIGGERS[&lang]
}

/// The path or the file speaks of WeChat Pay.
fn is_wechat(file: &File) -> bool {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| {
        // `ApiClient` alone is a class of many programs. The last two are the Chinese name of WeChat in UTF-8 and GBK.
        Regex::new(r"(?i-u)weixin|wechat|wxpay|wx_pay|tenpay|apiclient_(?:cert|key)|\xe5\xbe\xae\xe4\xbf\xa1|\xce\xa2\xd0\xc5")
            .expect("a constant")
    });
    let inside = file.path.strip_prefix(file.root).unwrap_or(file.path);
    let root = file.root.file_name().unwrap_or_default();
    WORDS.is_match(inside.as_os_str().as_encoded_bytes())
        || WORDS.is_match(root.as_encoded_bytes())
        || WORDS.is_match(file.bytes)
}

/// Severity, what to say after the rule's meaning, and what the pinned path holds.
fn grade(file: &File, source: &Source, hit: &Hit, wechat: bool) -> (Severity, String, Value) {
    let in_context = |severity: Severity| if wechat { severity } else { severity.lower() };
    let plain = in_context(hit.kind.severity());
    if let Some(severity) = hit.severity {
        return (
            severity,
            hit.note.unwrap_or_default().to_owned(),
            Value::Null,
        );
    }
    let (Some(value), Kind::Pin | Kind::Env) = (&hit.value, hit.kind) else {
        return (plain, String::new(), Value::Null);
    };
    let told = super::look::resolve(source, value).unwrap_or(value);
    if pin::is_system_path(told) {
        let note = "The path is the system's own store, so nothing is pinned.".to_owned();
        return (Severity::Info, note, Value::Null);
    }
    let (bundle, place) = match pin::inline(source, value) {
        Some(bundle) => (bundle, None),
        None => match pin::find(source, value, file.path, file.root) {
            Some(found) => (found.bundle, Some(found.path)),
            None => return (plain, String::new(), Value::Null),
        },
    };
    let mut shown = bundle.json();
    let name = match &place {
        Some(path) => {
            shown["path"] = json!(super::escape::path(path));
            format!("`{}`", super::escape::path(path))
        }
        None => "The bundle in the source".to_owned(),
    };
    let (severity, note) = match bundle.class() {
        Class::OldOnly => (
            Severity::Error,
            format!(
                "{name} holds {} but not DigiCert Global Root G2: exactly the case of the guideline.",
                bundle.names().join(", ")
            ),
        ),
        Class::Current => (
            Severity::Warning,
            format!(
                "{name} is a static bundle with DigiCert Global Root G2; the next break is 2029-04-15."
            ),
        ),
        Class::Foreign => (
            Severity::Warning,
            format!(
                "{name} holds {} certificates, and none is DigiCert Global Root G2.",
                bundle.certificates
            ),
        ),
        Class::Closed => (
            Severity::Warning,
            format!("{name} is encrypted, so it can't be looked into."),
        ),
    };
    // An old root is WeChat Pay's whatever the file around it speaks of.
    let severity = match severity {
        Severity::Error => severity,
        other => in_context(other),
    };
    (severity, note, shown)
}

fn data_finding(
    file: &File,
    rule: &'static str,
    severity: Severity,
    wechat: bool,
    bundle: &Bundle,
) -> Finding {
    let row = data::TABLE.iter().find(|row| row.0 == rule);
    let (_, _, means, fix) = row.copied().unwrap_or_default();
    let holds = match (bundle.closed, bundle.names().join(", ")) {
        (true, _) => String::new(),
        (false, names) => format!(
            " Certificates: {}; of those that matter: {names}.",
            bundle.certificates
        ),
    };
    Finding {
        path: file.path.to_owned(),
        line: 1,
        column: 1,
        rule,
        kind: if bundle.closed { Kind::Hint } else { Kind::Pin },
        // An old root is WeChat Pay's whatever the path speaks of.
        severity: if wechat || severity == Severity::Error {
            severity
        } else {
            severity.lower()
        },
        wechat,
        snippet: String::new(),
        means: format!("{means}{holds}"),
        fix: fix.to_owned(),
        bundle: bundle.json(),
    }
}

fn rule_of(bundle: &Bundle) -> Option<(&'static str, Severity)> {
    match bundle.class() {
        Class::OldOnly => Some((data::G1_ONLY, Severity::Error)),
        Class::Current => Some((data::STATIC, Severity::Warning)),
        Class::Closed => Some((data::CLOSED, Severity::Info)),
        Class::Foreign => None,
    }
}

/// A file that is no program: a bundle, a key store, or nothing.
fn data_file(file: &File, name: &str, verdict: &mut Verdict) {
    let Some(bundle) = bundle::read(file.bytes) else {
        return;
    };
    // A PKCS#12 is a merchant's own certificate unless its name says that it is trusted.
    let lower = name.to_ascii_lowercase();
    if bundle.closed
        && !["trust", "cacerts", "rootca", "root_ca"]
            .iter()
            .any(|word| lower.contains(word))
    {
        return;
    }
    if let Some((rule, severity)) = rule_of(&bundle) {
        let mut finding = data_finding(file, rule, severity, is_wechat(file), &bundle);
        let old = bundle::pem(&String::from_utf8_lossy(file.bytes));
        if let (Some((at, _)), [_]) = (old.first(), &old[..]) {
            let before = &String::from_utf8_lossy(file.bytes)[..*at];
            finding.line = before.matches('\n').count() + 1;
        }
        verdict.findings.push(finding);
    }
}

/// Certificates in the strings of a program.
fn embedded(file: &File, source: &Source, wechat: bool, verdict: &mut Verdict) {
    let blocks = bundle::pem(&source.text);
    let mut all = Bundle::default();
    let mut at = None;
    for (begin, der) in &blocks {
        let one = bundle::read(der).unwrap_or_default();
        if at.is_none() && one.class() != Class::Foreign {
            at = Some(*begin);
        }
        all.merge(&one);
    }
    let (Some(at), Some((rule, severity))) = (at, rule_of(&all)) else {
        return;
    };
    let (line, column) = source.position(at);
    if is_allowed(source, line) {
        verdict.allowed += 1;
        return;
    }
    let mut finding = data_finding(file, rule, severity, wechat, &all);
    finding.line = line;
    finding.column = column;
    finding.snippet = source.line(line).to_owned();
    verdict.findings.push(finding);
}
