//! What the rules of Java look at around a match: the bodies of methods and lambdas.

use crate::scan::lang::Lang::{Ini, Json, Xml, Yaml};
use crate::scan::look::{Site, closing, is_nothing};
use crate::scan::pin;
use crate::scan::rule::{Hit, Kind, compile};
use crate::scan::rules::curl::body;
use regex::Regex;
use std::sync::LazyLock;

pub fn trust_store(site: &Site) -> Option<Hit> {
    let before = site.src.text[..site.start].trim_end();
    let setter = match site.group(1) {
        "," => {
            let callee = site.callee();
            [
                "setProperty",
                "put",
                "set",
                "systemProperty",
                "property",
                "setIfAbsent",
                "putIfAbsent",
                "setSystemProperty",
            ]
            .iter()
            .any(|name| callee.ends_with(name))
        }
        _ => before.ends_with(['[', '(']) || site.bracket() == b'{' || site.bracket() == b'(',
    };
    let value = site.value();
    // `getProperty("…") == null` compares.
    let compared = site.group(1).ends_with('=') && site.rest().starts_with('=');
    let listed = site.callee().ends_with("put") && pin::only_declares(value);
    (setter && !compared && !listed && !is_nothing(value)).then(|| Hit::pin(value))?
}

pub fn trust_store_option(site: &Site) -> Option<Hit> {
    let prefix = site.group(1);
    let text = &site.src.text;
    let name = text[site.start..]
        .find("javax")
        .map_or(site.start, |at| site.start + at);
    let lang = site.src.lang;
    let option = prefix == "-D" || prefix == "systemProp.";
    // A bare name is a setting in configuration files only.
    if !option && !matches!(lang, Yaml | Ini | Xml | Json) {
        return None;
    }
    if lang == Ini && !option && text[site.src.line_start(name)..name].trim() != "" {
        return None;
    }
    let value: &str = site.rest();
    let value = value.split(['\n', '<']).next().unwrap_or("").trim();
    let value = if option {
        let quoted = value.strip_prefix(['"', '\'']);
        let end = |c: char| match quoted {
            Some(_) => c == '"' || c == '\'',
            None => c.is_whitespace() || c == '"' || c == '\'' || c == ',',
        };
        quoted.unwrap_or(value).split(end).next().unwrap_or("")
    } else {
        value.trim_matches(['"', '\'', ','])
    };
    if option && value.is_empty() && !site.rest().starts_with(['"', '\'']) {
        return None;
    }
    if !option && value.is_empty() {
        return None;
    }
    // No store at all, or the property handed on.
    if matches!(value, "NUL" | "NONE" | "/dev/null") || value.contains("{javax.net.ssl.trustStore}")
    {
        return None;
    }
    let mut hit = Hit::pin(format!("\"{value}\""))?;
    hit.at = Some(name);
    Some(hit)
}

/// Whether statements only log or return: nothing that could refuse. Where every `return` accepts, no
/// condition refuses.
pub fn accepts(statements: &str, accepted: &str) -> bool {
    static REFUSES: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"\b(?:throw|throws|if|when|switch|catch|for|while|checkServerTrusted|checkValidity|verify|validate|equals|contains|isTrusted|evaluate|delegate|endsWith|startsWith|require|check)\b|==|!=|&&|\?\s*true|\?\s*false",
        )
    });
    static RETURN: LazyLock<Regex> = LazyLock::new(|| compile(r"\breturn\b\s*([^;}\n]*)"));
    static FAILS: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"\b(?:throw\w*|check\w*|verify\w*|validate\w*|require\w*|assert\w*|fail\w*)\b|\?\s*true|\?\s*false",
        )
    });
    let refuses = if accepted.is_empty() {
        &REFUSES
    } else {
        &FAILS
    };
    if refuses.is_match(statements) {
        return false;
    }
    let mut returns = RETURN.captures_iter(statements).peekable();
    returns.peek().is_some()
        && returns.all(|caps| {
            caps[1]
                .trim_matches([' ', '(', ')', '\t', '\r'])
                .trim_start_matches("Boolean.")
                .eq_ignore_ascii_case(accepted)
        })
}

/// Statements that could not refuse: none, or nothing but messages, assignments and `return`.
fn does_nothing(statements: &str) -> bool {
    static IDLE: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"(?i)^(?:(?:[\w.]*\blog\w*|system\.(?:out|err)|timber|print\w*)\b[\w.]*\s*\(.*\)|[\w.]+\s*=\s*[\w.\[\]]+|return|unit|\(\)|\{\}|//.*)$",
        )
    });
    statements
        .split([';', '\n'])
        .map(str::trim)
        .all(|statement| statement.is_empty() || IDLE.is_match(statement))
}

/// The same without what stands in strings, which may hold braces.
fn masked_body<'a>(site: &Site<'a>, open: usize) -> Option<&'a str> {
    let mask = &site.src.mask;
    let close = closing(mask, open)?;
    let open = close + 1 + mask[close + 1..].find('{')?;
    Some(&mask[open + 1..closing(mask, open)?])
}

/// The body after a parameter list that opens at `open`: its statements, or the expression of
/// `= …`. None for a declaration without body and for a call.
fn method_body<'a>(site: &Site<'a>, open: usize) -> Option<&'a str> {
    static HEAD: LazyLock<Regex> =
        LazyLock::new(|| compile(r"^\s*(?:throws\s+[\w.,\s]+?)?(?::\s*[\w.?]+)?\s*(=\s*\{?|\{)"));
    let close = closing(&site.src.mask, open)?;
    let caps = HEAD.captures(&site.src.mask[close + 1..])?;
    let end = close + 1 + caps.get(0)?.end();
    if caps[1].ends_with('{') {
        return body(site, end - 1);
    }
    let line = site.src.line_end(end);
    Some(site.src.text[end..line].trim())
}

/// `loadTrustMaterial(null, (chain, type) -> true)`, and Kotlin's `loadTrustMaterial(null) { _, _ -> true }`.
fn accepts_by_lambda(site: &Site) -> bool {
    static LAMBDA: LazyLock<Regex> =
        LazyLock::new(|| compile(r"(?:->|=>)\s*(?:\{\s*(?:return\s+)?)?true\b\s*(?:[;,)}]|$)"));
    static TRAILING: LazyLock<Regex> = LazyLock::new(|| compile(r"^\s*\{[^{}]*->\s*true\s*\}"));
    let open = site.end - 1;
    closing(&site.src.mask, open).is_some_and(|close| {
        LAMBDA.is_match(&site.src.text[open + 1..close])
            || TRAILING.is_match(&site.src.text[close + 1..])
    })
}

/// `try { … } catch (…) { }` and nothing else that could refuse: what the delegate says is lost.
fn swallows(statements: &str) -> bool {
    static TRY: LazyLock<Regex> = LazyLock::new(|| compile(r"\btry\s*\{"));
    static CATCH: LazyLock<Regex> =
        LazyLock::new(|| compile(r"^\s*(?:catch\s*\([^()]*\)|finally)\s*\{"));
    let Some(first) = TRY.find(statements) else {
        return false;
    };
    let Some(mut end) = closing(statements, first.end() - 1).map(|at| at + 1) else {
        return false;
    };
    let mut catches = 0;
    while let Some(head) = CATCH.find(&statements[end..]) {
        let open = end + head.end() - 1;
        let Some(close) = closing(statements, open) else {
            return false;
        };
        if !does_nothing(&statements[open + 1..close]) {
            return false;
        }
        catches += usize::from(head.as_str().contains("catch"));
        end = close + 1;
    }
    catches > 0 && does_nothing(&statements[..first.start()]) && does_nothing(&statements[end..])
}

pub fn trust_all(site: &Site) -> Option<Hit> {
    if !site.group(0).ends_with('(') {
        return lambda_accepts(site).then(|| Hit::of(Kind::Off));
    }
    if site.group(1) == "loadTrustMaterial" {
        return accepts_by_lambda(site).then(|| Hit::of(Kind::Off));
    }
    let open = site.end - 1;
    let before = site.line_before();
    if before.trim_end().ends_with('.') {
        return None;
    }
    let statements = method_body(site, open)?;
    let mask = &site.src.mask;
    let parameters = &mask[open..closing(mask, open)?];
    let all = match site.group(1) {
        "isTrusted" => {
            let certificate = parameters.contains("X509Certificate");
            certificate && (accepts(statements, "true") || statements.trim() == "true")
        }
        _ => {
            // The extended trust manager has two more of these; one finding is enough.
            let extended = parameters.matches(',').count() > 1 + parameters.matches('<').count();
            let plain = "checkServerTrusted";
            if extended && site.src.text.matches(plain).count() > 1 && has_plain(site) {
                return None;
            }
            does_nothing(statements) || masked_body(site, open).is_some_and(swallows)
        }
    };
    all.then(|| Hit::of(Kind::Off))
}

/// Whether the file has the two-parameter form as well.
fn has_plain(site: &Site) -> bool {
    let mask = &site.src.mask;
    mask.match_indices("checkServerTrusted").any(|(at, name)| {
        let open = at + name.len();
        mask[open..].starts_with('(')
            && closing(mask, open).is_some_and(|end| mask[open..end].matches(',').count() == 1)
    })
}

/// The file that defines the class is judged by its body.
pub fn named(site: &Site) -> Option<Hit> {
    let name = site.group(1);
    let line = site.line().trim_start();
    if ["import ", "package "]
        .iter()
        .any(|word| line.starts_with(word))
    {
        return None;
    }
    let before = site.line_before();
    let defined = site.src.text.contains(&format!("class {name}"))
        || site.src.text.contains(&format!("object {name}"));
    if defined || before.trim_end().ends_with("class") || before.trim_end().ends_with("extends") {
        return None;
    }
    let used = before.trim_end().ends_with("new")
        || before.contains("new ") && before.trim_end().ends_with('.')
        || name.starts_with("ALLOW_ALL")
        || site.rest().trim_start().starts_with(['.', '('])
        || site.rest().starts_with("()");
    // `NoopHostnameVerifier x;` declares; `NoopHostnameVerifier.INSTANCE` uses.
    let uses_class_object = site.rest().starts_with(".class") || site.rest().starts_with("::class");
    if !used || uses_class_object {
        return None;
    }
    // A declaration `X x = new X()` names it twice.
    let first = site.src.text[site.src.line_start(site.start)..site.start].contains(name);
    let declared_first = before.trim().is_empty() && site.rest().starts_with(' ');
    (!first || !declared_first).then(|| Hit::of(Kind::Off))
}

pub fn switch(site: &Site) -> Option<Hit> {
    let matched = site.group(0);
    if matched.contains("disableHostnameVerification") {
        return None;
    }
    let before = site.line_before();
    let declares = ["void", "fun", "def", "static", "boolean", "class"]
        .iter()
        .any(|word| before.split_whitespace().any(|part| part == *word));
    (!declares).then(|| Hit::of(Kind::Off))
}

pub fn any_hostname(site: &Site) -> Option<Hit> {
    let matched = site.group(0);
    if matched.ends_with('(') {
        let open = site.end - 1;
        let mask = &site.src.mask;
        let parameters = &mask[open..closing(mask, open)?];
        let verifier = parameters.contains("SSLSession") || parameters.contains("X509Certificate");
        if !verifier {
            return None;
        }
        let statements = method_body(site, open)?;
        let all = accepts(statements, "true") || statements.trim() == "true";
        return all.then(|| Hit::of(Kind::Off));
    }
    lambda_accepts(site).then(|| Hit::of(Kind::Off))
}

/// `true`, or a block that only returns true; Kotlin's block ends in `true`.
fn lambda_accepts(site: &Site) -> bool {
    static TRUE: LazyLock<Regex> = LazyLock::new(|| compile(r"^\s*true\s*(?:[;,)}\n]|$)"));
    let rest = site.rest();
    if TRUE.is_match(rest) {
        return true;
    }
    let trimmed = rest.trim_start();
    if !trimmed.starts_with('{') {
        return false;
    }
    let open = site.end + rest.len() - trimmed.len();
    body(site, open).is_some_and(|statements| accepts(statements, "true"))
}

pub fn private_anchors(site: &Site) -> Option<Hit> {
    if site.group(3) == "trustManager" {
        // Netty and gRPC; a server's are for its clients.
        let from = site.src.mask[..site.start]
            .rfind([';', '{', '}'])
            .unwrap_or(0);
        let server = compile(r"(?i)forServer|server").is_match(&site.src.mask[from..site.start]);
        return (!server).then(|| Hit::pin(site.value()))?;
    }
    let value = site.value();
    if site.group(2) == "loadTrustMaterial" {
        let open = site.end - 1;
        let mask = &site.src.mask;
        let close = closing(mask, open)?;
        let arguments = &site.src.text[open + 1..close];
        let before = site.line_before();
        if before
            .split_whitespace()
            .any(|w| matches!(w, "public" | "void" | "fun" | "def"))
        {
            return None;
        }
        // Reported by the rule that knows these names.
        let judged = ["TrustSelfSigned", "TrustAll", "isTrusted", "TrustAny", "->"]
            .iter()
            .any(|name| arguments.contains(name));
        return if judged || is_nothing(value) {
            None
        } else {
            Hit::pin(value)
        };
    }
    if is_nothing(value) {
        return None;
    }
    let name = site.group(1);
    let used = site
        .src
        .text
        .matches(&format!("{name}.getTrustManagers"))
        .count()
        + site
            .src
            .text
            .matches(&format!("{name}.trustManagers"))
            .count();
    if used == 0 || value.contains("ManagerFactoryParameters") {
        return None;
    }
    // `KeyManagerFactory kmf` does not match, a store that was never loaded is the default.
    Hit::pin(value)
}

pub fn web_view(site: &Site) -> Option<Hit> {
    let statements = method_body(site, site.end - 1)?;
    let goes_on = statements.contains(".proceed()")
        && !statements.contains(".cancel()")
        && !statements.contains("if ");
    goes_on.then(|| Hit::of(Kind::Off))
}
