//! Commands, wherever they are written: scripts, images, pipelines, strings that a program runs.

use crate::scan::lang::Lang::{
    self, C, CSharp, Docker, Go, Ini, Java, Json, Node, Php, Python, Ruby, Shell, Yaml,
};
use crate::scan::look::{Site, is_off};
use crate::scan::rule::{Hit, Kind, Rule, compile};
use regex::Regex;
use std::sync::LazyLock;

const SCRIPTS: &[Lang] = &[Shell, Docker, Yaml, Ini, Json];
const ALL: &[Lang] = &[
    Shell, Docker, Yaml, Ini, Json, Php, Python, Java, Node, Ruby, Go, CSharp, C,
];
const FIX_OFF: &str =
    "Delete the option. If the command fails then, update ca-certificates of the system or image.";
const FIX_CA: &str =
    "Delete the option: the command then verifies by the system's store (guideline, solution 1).";

pub const RULES: &[Rule] = &[
    Rule {
        id: "shell.curl-insecure",
        langs: ALL,
        kind: Kind::Off,
        needles: &["curl", "CURL"],
        pattern: r#"(?:\bcurl(?:\.exe)?|\$\{?CURL\}?)['"]?(?:[ \t]|,[ \t]|\\\r?\n)"#,
        in_strings: true,
        check: curl_insecure,
        means: "curl does not verify the server's certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "shell.curl-cacert",
        langs: ALL,
        kind: Kind::Pin,
        needles: &["curl", "CURL"],
        pattern: r#"(?:\bcurl(?:\.exe)?|\$\{?CURL\}?)['"]?(?:[ \t]|,[ \t]|\\\r?\n)"#,
        in_strings: true,
        check: curl_cacert,
        means: "curl trusts the named roots instead of the system's store.",
        fix: FIX_CA,
    },
    Rule {
        id: "shell.curl-options",
        langs: &[Shell, Docker, Yaml],
        kind: Kind::Off,
        needles: &["curl", "CURL"],
        pattern: r#"(?i)\bcurl_?(?:opts?|options?|flags|args|extra_args)\s*\+?=\s*\(?["']?[^"'\n]*"#,
        in_strings: true,
        check: |site| {
            let words: Vec<_> = site
                .group(0)
                .split(['=', '"', '\'', '('])
                .skip(1)
                .flat_map(str::split_whitespace)
                .collect();
            words
                .iter()
                .any(|word| is_insecure(word))
                .then(|| Hit::of(Kind::Off))
        },
        means: "curl does not verify the server's certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "shell.wget-insecure",
        langs: ALL,
        kind: Kind::Off,
        needles: &["--no-check-certificate"],
        pattern: r"--no-check-certificate\b",
        in_strings: true,
        check: |site| {
            (is_near(site, "wget") && is_run(site, site.start)).then(|| Hit::of(Kind::Off))
        },
        means: "wget does not verify the server's certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "shell.wget-ca",
        langs: ALL,
        kind: Kind::Pin,
        needles: &["--ca-certificate", "--ca-directory"],
        pattern: r#"--ca-(?:certificate|directory)[= ]+([^\s"';|&]+)"#,
        in_strings: true,
        check: |site| {
            (is_near(site, "wget") && is_run(site, site.start))
                .then(|| Hit::pin(format!("\"{}\"", site.group(1))))?
        },
        means: "wget trusts the named roots instead of the system's store.",
        fix: FIX_CA,
    },
    Rule {
        id: "shell.git-insecure",
        langs: ALL,
        kind: Kind::Off,
        needles: &["sslVerify", "sslverify"],
        pattern: r#"http\.(?:["']?[^\s"'=]+["']?\.)?ssl[vV]erify['"]?(?:\s*=\s*|\s*,\s*['"]?|\s+)['"]?(?:false|0|no|off)\b|^\s*ssl[vV]erify\s*=\s*(?:false|0|no|off)\b"#,
        in_strings: true,
        check: |site| is_run(site, site.start).then(|| Hit::of(Kind::Off)),
        means: "git does not verify the server's certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "shell.npm-insecure",
        langs: ALL,
        kind: Kind::Off,
        needles: &["strict-ssl", "strictSsl", "enableStrictSsl"],
        pattern: r#"\b(?:npm|yarn|pnpm|cnpm)\s+(?:config\s+)?(?:set\s+)?(?:-g\s+)?["']?(?:enableStrictSsl|strict-ssl)["']?[= ]+["']?false\b|--strict-ssl[= ]false\b|--no-strict-ssl\b|^\s*["']?(?:strict-ssl|enableStrictSsl)["']?\s*[=: ]\s*["']?false\b"#,
        in_strings: true,
        check: |site| is_run(site, site.start).then(|| Hit::of(Kind::Off)),
        means: "npm or yarn does not verify the registry's certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "shell.trusted-host",
        langs: ALL,
        kind: Kind::Hint,
        needles: &["trusted-host", "TRUSTED_HOST"],
        pattern: r"--trusted-host\b|^\s*trusted-host\s*=|\bPIP_TRUSTED_HOST\s*[=:]|\bglobal\.trusted-host\b",
        in_strings: true,
        check: |site| {
            (is_near(site, "pip") && is_run(site, site.start)).then(|| Hit::of(Kind::Hint))
        },
        means: "pip does not verify that host's certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "shell.composer-insecure",
        langs: ALL,
        kind: Kind::Off,
        needles: &["disable-tls"],
        pattern: r#"\bcomposer\s+[^\n;|&]*disable-tls\s+(?:true|1)\b|"disable-tls"\s*:\s*true"#,
        in_strings: true,
        check: |site| is_run(site, site.start).then(|| Hit::of(Kind::Off)),
        means: "Composer does not use TLS.",
        fix: FIX_OFF,
    },
    Rule {
        id: "shell.tool-insecure",
        langs: ALL,
        kind: Kind::Off,
        needles: &["tls-verify", "no-verify-ssl", "ssl-no-verify", "ssl-verify"],
        pattern: r"--(?:(?:src-|dest-)?tls-verify=(?:false|0|False)|insecure-skip-tls-verify(?:=true)?|no-verify-ssl|ssl-no-verify|skip-tls-verify|no-ssl-verify)\b",
        in_strings: true,
        check: |site| {
            let command = compile(
                r"\b(?:kubectl|helm|oc|podman|buildah|skopeo|aws|docker|kaniko|executor|curl|az|vault|terraform)\b",
            );
            let near = command
                .is_match(&site.src.text[site.src.line_start(site.start)..site.start])
                || site.callee().contains("append");
            (near && is_run(site, site.start)).then(|| Hit::of(Kind::Off))
        },
        means: "The tool does not verify the server's certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "shell.maven-insecure",
        langs: SCRIPTS,
        kind: Kind::Off,
        needles: &["wagon.http.ssl", "disableHostnameVerification"],
        pattern: r"-Dmaven\.wagon\.http\.ssl\.(?:insecure|allowall)=true\b|-Djdk\.internal\.httpclient\.disableHostnameVerification\b(?:=true)?",
        in_strings: true,
        check: |site| is_run(site, site.start).then(|| Hit::of(Kind::Off)),
        means: "The JVM does not verify the server's certificate or its name.",
        fix: FIX_OFF,
    },
];

/// `-k` alone or in a cluster such as `-fsSLk`; a letter that takes a value ends the cluster.
fn is_insecure(word: &str) -> bool {
    let word = word.trim_matches(['"', '\'', ',', '[', ']', ')', '(']);
    if matches!(word, "--insecure" | "--proxy-insecure" | "--ssl-insecure") {
        return true;
    }
    let Some(letters) = word.strip_prefix('-') else {
        return false;
    };
    for letter in letters.chars() {
        match letter {
            'k' => return true,
            'A' | 'b' | 'c' | 'C' | 'd' | 'D' | 'e' | 'E' | 'F' | 'h' | 'H' | 'K' | 'm' | 'o'
            | 'P' | 'Q' | 'r' | 't' | 'T' | 'u' | 'U' | 'w' | 'x' | 'X' | 'y' | 'Y' | 'z' => {
                return false;
            }
            other if !other.is_ascii_alphanumeric() && other != '#' => return false,
            _ => {}
        }
    }
    false
}

/// The words of the command after `from`, up to what ends it, each with its offset.
fn words(site: &Site) -> Vec<(usize, String)> {
    let text = site.src.text.as_bytes();
    let script = SCRIPTS.contains(&site.src.lang);
    let mut words = Vec::new();
    let mut word = String::new();
    let mut begun = site.end;
    let mut quote = 0;
    let mut at = site.end;
    while at < text.len() && words.len() < 60 {
        let byte = text[at];
        if quote != 0 {
            if byte == quote {
                quote = 0;
            } else if byte == b'\n' && !script {
                break;
            }
            word.push(if byte.is_ascii() { byte as char } else { '?' });
            at += 1;
            continue;
        }
        match byte {
            b'\\' if matches!(text.get(at + 1), Some(b'\n')) => at += 1,
            b'\\' if text[at..].starts_with(b"\\\r\n") => at += 2,
            b'\\' if !matches!(text.get(at + 1), Some(b'"' | b'\'')) => word.push('\\'),
            b'\n' | b';' | b'|' | b'`' => break,
            b'&' if !word.starts_with("http") => break,
            b')' if script => break,
            b'"' | b'\'' => {
                // In a program's string the closing quote ends the command, unless the words
                // are a list.
                let list = text[at + 1..].trim_ascii_start().starts_with(b",")
                    || text[..at].trim_ascii_end().ends_with(b",");
                if !script && !list && word.is_empty() && !text[..at].ends_with(b"\\") {
                    break;
                }
                if script || list {
                    quote = if script { byte } else { 0 };
                }
                word.push('\'');
            }
            b' ' | b'\t' | b'\r' | b',' => {
                if !word.is_empty() {
                    words.push((begun, std::mem::take(&mut word)));
                }
                begun = at + 1;
            }
            _ => word.push(if byte.is_ascii() { byte as char } else { '?' }),
        }
        at += 1;
        if word.is_empty() {
            begun = at;
        }
    }
    if !word.is_empty() {
        words.push((begun, word));
    }
    words
}

fn curl_insecure(site: &Site) -> Option<Hit> {
    if !is_run(site, site.start) {
        return None;
    }
    // A word in quotes of its own is a value: `-d '-k'`; in a list every word is.
    let list = site.group(0).contains(['"', '\'']);
    let mut after_value = false;
    for (at, word) in words(site) {
        let value = after_value;
        let bare = if list {
            word.trim_matches('\'')
        } else {
            word.as_str()
        };
        after_value = takes_value(bare);
        if !value && is_insecure(bare) && (list || !word.starts_with('\'')) {
            let mut hit = Hit::of(Kind::Off);
            hit.at = Some(at);
            return Some(hit);
        }
    }
    None
}

/// `-d VALUE`, `-H VALUE`, `-sSo FILE`: the next word is no option.
fn takes_value(word: &str) -> bool {
    let Some(letters) = word.strip_prefix('-') else {
        return false;
    };
    letters.len() <= 5
        && !letters.starts_with('-')
        && letters.ends_with([
            'A', 'b', 'c', 'C', 'd', 'D', 'e', 'E', 'F', 'H', 'K', 'm', 'o', 'T', 'u', 'w', 'x',
            'X',
        ])
        || matches!(
            letters,
            "-data" | "-header" | "-data-binary" | "-data-raw" | "-user" | "-output" | "-request"
        )
}

fn curl_cacert(site: &Site) -> Option<Hit> {
    if !is_run(site, site.start) {
        return None;
    }
    let words = words(site);
    let at = words.iter().position(|(_, word)| {
        let word = word.trim_matches('\'');
        word == "--cacert"
            || word == "--capath"
            || word.starts_with("--cacert=")
            || word.starts_with("--capath=")
    })?;
    let word = words[at].1.trim_matches('\'');
    let value = match word.split_once('=') {
        Some((_, value)) => value,
        None => words.get(at + 1)?.1.as_str(),
    };
    let value = value.trim_matches(['\'', '"']);
    let mut hit = Hit::pin(format!("\"{value}\""))?;
    hit.at = Some(words[at].0);
    Some(hit)
}

/// Whether a command is run here, or a setting made: not a message about it.
pub fn is_run(site: &Site, at: usize) -> bool {
    let src = site.src;
    let before = &src.text[src.line_start(at)..at];
    if SCRIPTS.contains(&src.lang) {
        return is_command(before);
    }
    // In a program: the command begins a string, and the string is not a message.
    static STARTS: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r#"(?:["'`(]|&&|;|\||\$\()\s*(?:(?:sudo|exec|git|wget|pip3?|npm|yarn|composer|install|config|--?\w[\w-]*|\w+=\S*|http\S*|\S*\{\S*\}|['"],|,|\[)\s*['"]?,?\s*['"]?)*$"#,
        )
    });
    if src.is_code(at) && !before.trim_end().ends_with(['"', '\'', '`']) {
        return false;
    }
    let callee = site.callee();
    let message = compile(
        r"(?i)(?:log\w*|\bprint\w*|\bfprintf|echo|warn\w*|info|error|debug|exception|raise|throw|puts|write\w*|help|usage|description|trans|fail\w*|assert\w*|expect\w*|it|describe|test)$",
    );
    STARTS.is_match(before) && !message.is_match(callee)
}

fn is_command(before: &str) -> bool {
    static MESSAGE: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r#"(?i)(?:^|[;|&({:-]|\b(?:then|do|else|run))\s*@?(?:echo|printf|log\w*|info|warn\w*|error\w*|msg\w*|say|die|fail\w*|usage|print\w*|write-\w+|console\.\w+|color\w*|success|debug|title|description|summary|help|note|example\w*|comment|message)\b\s*:?[^;|&]*$"#,
        )
    });
    // `$(…)` inside a message is run.
    if let Some(open) = before.rfind("$(")
        && !before[open..].contains(')')
    {
        return !MESSAGE.is_match(&before[open + 2..]);
    }
    !MESSAGE.is_match(before)
}

/// For settings of tools in files of their own.
pub fn is_setting_off(value: &str) -> bool {
    is_off(value)
        || matches!(
            value.trim().trim_matches(['"', '\'']),
            "off" | "Off" | "OFF" | "no"
        )
}

/// Other programs have options of that name, and define them.
fn is_near(site: &Site, program: &str) -> bool {
    // Its own configuration file says it without the program's name.
    if site.src.lang == Ini {
        return true;
    }
    let mut from = site.start.saturating_sub(300);
    while !site.src.text.is_char_boundary(from) {
        from -= 1;
    }
    let to = site.src.line_end(site.start);
    site.src.text[from..to]
        .to_ascii_lowercase()
        .contains(program)
}
