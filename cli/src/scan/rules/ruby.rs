//! Ruby (guideline: "Ruby", keywords ssl_ca_file and cert_store).

use crate::scan::lang::Lang::{self, Ruby};
use crate::scan::look::{Site, is_conditional, is_nothing, resolve};
use crate::scan::pin;
use crate::scan::rule::{Hit, Kind, Rule, compile};
use regex::Regex;

const ONLY: &[Lang] = &[Ruby];
const FIX_CA: &str = "Delete ssl_ca_file and cert_store: Ruby then verifies by the system's store (guideline, method \
1). If the file must stay, replace it by the current bundle of curl's site (method 2) and again before 2029-04-15.";
const FIX_OFF: &str = "Delete the option or set OpenSSL::SSL::VERIFY_PEER. If requests fail then, update ca-certificates.";

pub const RULES: &[Rule] = &[
    Rule {
        id: "ruby.verify-none",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["VERIFY_NONE", "verify_mode"],
        pattern: r#"(?:OpenSSL::)?(?:SSL::)?\bVERIFY_NONE\b|['"]?\b(?:ssl_)?verify_mode['"]?\]?\s*(?:\|\|)?(?:=>|[=:])\s*\(?(?:0\b|:none\b|['"]none['"])"#,
        in_strings: false,
        check: verify_none,
        means: "OpenSSL does not verify the server's certificate.",
        fix: FIX_OFF,
    },
    Rule {
        id: "ruby.verify-off",
        langs: ONLY,
        kind: Kind::Off,
        needles: &["verify"],
        pattern: r#":?['"]?\b(verify|verify_ssl|ssl_verify|ssl_verify_peer|verify_peer|ssl_verifypeer|ssl_verifyhost|ssl_verify_host|verify_hostname|verify_host|disable_ssl_verification)\b['"]?\]?\s*((?:\|\|)?=>?|:)\s*\(?\s*(false\b|0\b|true\b)"#,
        in_strings: false,
        check: verify_off,
        means: "The HTTP client does not verify the server's certificate or its name.",
        fix: FIX_OFF,
    },
    Rule {
        id: "ruby.ca-file",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &["ca_file", "ca_path", "cainfo", "capath"],
        pattern: r#":?['"]?\b(ssl_ca_file|ssl_ca_path|ca_file|ca_path|cainfo|capath)\b['"]?\s*\]?\s*(=>|:|(?:\|\|)?=|\s[$@'"A-Z\w])"#,
        in_strings: false,
        check: ca_file,
        means: "The HTTP client trusts the named roots instead of the system's store.",
        fix: FIX_CA,
    },
    Rule {
        id: "ruby.cert-store",
        langs: ONLY,
        kind: Kind::Pin,
        needles: &["cert_store", "add_file", "add_path", "_trust_ca"],
        pattern: r#"\b(?:ssl_)?(cert_store)\b['"]?\]?\s*(?:=>|:|=)|\b\w*store\w*\s*\.\s*(add_file|add_path|add_cert)\b|\.(?:set|add)_trust_ca\b\s*\("#,
        in_strings: false,
        check: cert_store,
        means: "The HTTP client trusts a store of the program instead of the system's.",
        fix: FIX_CA,
    },
];

fn verify_none(site: &Site) -> Option<Hit> {
    let before = site.line_before();
    if before.trim_end().ends_with("==") || before.trim_end().ends_with("!=") || is_server(site) {
        return None;
    }
    if compile(r"(?i)verify_?client['\x22]?\]?\s*(?:=>|=|:|,)\s*\(?(?:::)?$").is_match(before) {
        return None;
    }
    // `x ? VERIFY_PEER : VERIFY_NONE`, `when :none then …`: decided elsewhere.
    let chosen = compile(r"\?|\bthen\b|\belse\b|\bwhen\b|\breturn\b|&&|\|\|(?:[^=]|$)")
        .is_match(before)
        || site.line().contains(" ? ")
        || compile(r"^\s*(?:if|else|elsif)\b").is_match(before);
    if chosen || site.group(0).contains("verify_mode") && site.rest().starts_with('=') {
        return None;
    }
    if site.group(0).contains("verify_mode") {
        return Hit::off();
    }
    let set = compile(
        r"(?i)(?:verify(?:_\w*|mode|ssl)?['\x22]?\]?\s*(?:\|\|)?(?:=>|=|:)|(?:[^:]:|['\x22])@?verify\w*=?['\x22]?\s*,|VERIFY_PEER\s*=|const_set\(:VERIFY_PEER,|\bset_params\(.*)\s*\(?(?:::)?$",
    );
    // The last or only argument of a method that begins TLS or sets its mode.
    let argument = compile(
        r"(?i)(?:enable_(?:ssl|tls|starttls\w*)|start_?(?:tls|ssl)|use_ssl|set_?verify\w*|verify_mode|ssl_verify\w*)\s*[( ](?:[^()]*,)?\s*(?:::)?$",
    );
    let set = set.is_match(before) || argument.is_match(before);
    let lone = matches!(before.trim(), "" | "::" | "(") && alone(site, &set_above());
    (set || lone).then(|| Hit::of(Kind::Off))
}

/// What ends a line whose value stands on the next: an assignment, a key, an open call, the branch
/// of an `if` that is assigned.
fn set_above() -> Regex {
    compile(
        r"(?i)(?:verify\w*['\x22]?\]?\s*(?:\|\|)?(?:=>|=|:)\s*[(\\]?|(?:[^:]:|['\x22])@?verify\w*=?['\x22]?\s*,|verify\w*['\x22]?\]?\s*(?:\|\|)?(?:=>|=|:)\s*(?:if|unless)\b[^\n]*|(?:enable_(?:ssl|tls|starttls\w*)|start_?(?:tls|ssl)|set_?verify\w*|verify_mode)\s*\((?:[^()]*,)?)\s*$",
    )
}

/// The value stands on a line of its own: whether the lines above set it.
fn alone(site: &Site, above: &Regex) -> bool {
    let mut end = site.src.line_start(site.start);
    // `else` belongs to the `if` two lines above it.
    for _ in 0..4 {
        let text = site.src.text[..end].trim_end();
        let line = &text[text.rfind('\n').map_or(0, |at| at + 1)..];
        if above.is_match(line) {
            return true;
        }
        let branch = line.trim() == "else" || line.trim().starts_with("elsif ");
        let other = compile(r"\bVERIFY_\w+$|\bnil$|\bstore$").is_match(line);
        if !branch && !other {
            return false;
        }
        end = text.len() - line.len();
    }
    false
}

/// An option of a server is about its clients.
fn is_server(site: &Site) -> bool {
    compile(
        r"(?:ssl_bind|Server(?:\.(?:new|run|start))?|WEBrick\S*|WebSocket\.(?:start|run)|\bserve)$",
    )
    .is_match(site.callee())
}

fn verify_off(site: &Site) -> Option<Hit> {
    let name = site.group(1);
    let value = site.group(3);
    // `easy.ssl_verify_peer = …` is judged with libcurl's options.
    if name.starts_with("ssl_verify_")
        && site.group(2) == "="
        && site.src.text[..site.start].ends_with('.')
    {
        return None;
    }
    let inverted = name == "disable_ssl_verification";
    if (value == "true") != inverted && value != "0" {
        return None;
    }
    if inverted && value != "true" {
        return None;
    }
    let rest = site.rest();
    if rest.trim_start().starts_with('?') || site.line_before().contains("def ") && name == "verify"
    {
        return None;
    }
    let context = || {
        let around = site.around(4).to_ascii_lowercase();
        ["ssl", "http", "faraday", "rest_client", "restclient", "request", "connection", "typhoeus", "excon"]
            .iter()
            .any(|word| around.contains(word))
            && !compile(r"(?i)(?:decode|jwt|(?:^|[^s])\.update|create|attributes?|render|token|\bcolumn|add_column|validates?)").is_match(&site.callees().join(" "))
    };
    let plain_local = name == "verify"
        && site.group(2) == "="
        && !site.src.text[..site.start].ends_with(['.', '[', '@']);
    // `user.verify = false` is about a user.
    let object = compile(r"(?i)(?:ssl|http|conn\w*|client|options|agent|session|faraday)\.$");
    let other = name == "verify"
        && site.src.text[..site.start].ends_with('.')
        && !object.is_match(site.line_before());
    if other {
        return None;
    }
    let fits = name != "verify" && name != "verify_host" || context();
    (fits && !plain_local && !is_server(site)).then(|| Hit::of(Kind::Off))
}

fn ca_file(site: &Site) -> Option<Hit> {
    let operator = site.group(2);
    let before = site.line_before();
    let trimmed = before.trim_start();
    if trimmed.starts_with("attr_") || trimmed.starts_with("def ") {
        return None;
    }
    let word = !matches!(operator, "=>" | ":" | "=" | "||=");
    if word {
        // `ssl_ca_file "path"` of HTTParty; anything else after a blank is not a setting.
        let class_level = trimmed.is_empty()
            && operator.trim().starts_with(['"', '\'', 'F', 'R'])
            && site.group(1).starts_with("ssl_");
        if !class_level {
            return None;
        }
        let from = site.end - 1;
        let value = site.src.text[crate::scan::look::expression(site.src, from)].trim();
        return Hit::pin(value);
    }
    let rest = site.rest();
    if operator == ":" && (rest.starts_with(':') || site.group(0).starts_with(':'))
        || rest.starts_with(['=', '~', '>'])
    {
        return None;
    }
    let value = site.value();
    let value = value.split(" if ").next().unwrap_or(value);
    let value = value.split(" unless ").next().unwrap_or(value);
    let told = resolve(site.src, value).unwrap_or(value);
    if is_nothing(told) || pin::is_default_store(told) {
        return None;
    }
    if operator != "=" && operator != "||=" && pin::only_declares(value) {
        return None;
    }
    let name = site.group(1);
    let local = operator.ends_with('=')
        && !site.src.text[..site.start].ends_with(['.', '@', ':', '['])
        && !before.trim_end().ends_with('[');
    let field = operator.ends_with('=') && before.trim_end().ends_with('@');
    // Handed on from options of the same name.
    let handed = compile(
        r"(?i)\[\s*:?['\x22]?\w*ca_?(?:file|path|cert\w*|certificate\w*)['\x22]?\s*\]|SSLCACert",
    );
    let passes_on = value.ends_with(name) || handed.is_match(value);
    if local || field || passes_on && !pin::looks_like_roots(told) {
        return None;
    }
    Hit::pin(value)
}

fn cert_store(site: &Site) -> Option<Hit> {
    let text = &site.src.text;
    let before = site.line_before();
    if before.trim_start().starts_with("attr_") || before.trim_start().starts_with("def ") {
        return None;
    }
    if site.group(0).contains("_trust_ca") {
        return Hit::pin(site.value());
    }
    if !site.group(2).is_empty() {
        // The store is judged where it is given to a client; on a client's own store, here.
        let direct = site.group(0).contains("cert_store");
        let mut value = site.value();
        if let Some(inner) = value.strip_prefix('(') {
            value = inner.trim_end_matches(')');
        }
        let elsewhere =
            !direct && !compile(r"\bcert_store\b['\x22]?\]?\s*(?:=|:|=>)").is_match(text);
        let verifies_chains = text.contains(".verify(");
        return (direct || elsewhere && !verifies_chains && text.contains("Net::HTTP"))
            .then(|| Hit::pin(value))?;
    }
    if site.rest().starts_with(['=', '~', ':']) {
        return None;
    }
    let value = site.value();
    if is_nothing(value) || is_conditional(site.src, site.value_range()) && value.contains("nil") {
        return None;
    }
    let assigns = !site.group(0).contains("=>") && site.group(0).trim_end().ends_with('=');
    let member = before.ends_with(['.', '[', ':', '\'', '"']);
    if assigns && !member {
        return None;
    }
    // A setter that hands its argument on.
    if value == "cert_store" && !text.contains("Store.new") {
        return None;
    }
    let local = before.trim_end().is_empty() || before.trim_end().ends_with('@');
    if local && site.group(0).contains('=') && !site.group(0).contains("=>") {
        // A variable; judged where it is used.
        return None;
    }
    if value.ends_with("cert_store") && resolve(site.src, value).is_none()
        || value.contains("cert_store]")
    {
        return None;
    }
    let name = value.rsplit(['.', '@']).next().unwrap_or(value);
    let added =
        text.contains(".add_file") || text.contains(".add_path") || text.contains(".add_cert");
    if text.contains("set_default_paths") {
        let hit = Hit::pin(first_added(site, name).unwrap_or(value))?;
        return if added {
            hit.info("The roots are added to the system's own, which stay trusted.")
        } else {
            None
        };
    }
    Hit::pin(first_added(site, name).unwrap_or(value))
}

/// What is added to the store of that name.
fn first_added<'a>(site: &Site<'a>, name: &str) -> Option<&'a str> {
    let pattern = compile(&format!(
        r"\b{}\s*\.\s*add_(?:file|path|cert)\b[( ]",
        regex::escape(name)
    ));
    let end = pattern.find(&site.src.text)?.end();
    Some(site.src.text[crate::scan::look::expression(site.src, end)].trim())
}
