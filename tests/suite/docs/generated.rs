//! docs/errors.md and docs/configuration.md, from the tables in the code.

use std::fmt::Write as _;
use std::path::Path;

use wxpay::config::forms::Form;
use wxpay::config::keys::{KEYS, Key};
use wxpay::error::TABLE;

use super::ROOT;

#[test]
fn docs_errors_md_is_the_table_of_statuses() {
    let mut out = String::from(ERRORS);
    let group = |code: i32| match code / 100 {
        0 => "Success",
        1 => "Arguments, configuration and keys",
        2 => "Signatures and encryption",
        3 => "Network and TLS",
        4 => "Answers of WeChat Pay, and content",
        5 => "Process",
        _ => "Defects of this library",
    };
    let mut last = -1;
    for row in TABLE {
        let code = row.status.code();
        if code / 100 != last {
            last = code / 100;
            let _ = write!(
                out,
                "\n## {}\n\n| number | name | meaning | 含义 | what to do |\n|---|---|---|---|---|\n",
                group(code)
            );
        }
        let _ = writeln!(
            out,
            "| {code} | `{}` | {} | {} | {} |",
            row.name,
            cell(row.en),
            cell(row.zh),
            cell(row.cure)
        );
    }
    compare("docs/errors.md", &out);
}

#[test]
fn docs_configuration_md_is_the_table_of_keys() {
    let mut out = String::from(CONFIGURATION);
    out += "\n## Keys\n\n| key | value | default | meaning |\n|---|---|---|---|\n";
    for key in KEYS {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            key.name,
            form_name(key),
            default(key),
            cell(key.about)
        );
    }
    out += "\n## What a value looks like\n\n| value | form |\n|---|---|\n";
    let mut seen = Vec::new();
    for key in KEYS {
        let name = form_name(key);
        let name = name.split(',').next().unwrap_or_default().to_owned();
        if !seen.contains(&name) {
            let _ = writeln!(out, "| {name} | {} |", form_words(key.form));
            seen.push(name);
        }
    }
    compare("docs/configuration.md", &out);
}

const ERRORS: &str = "# Statuses

Generated from `src/error/status.rs`; do not edit.

Every function that can fail returns one of these numbers, and 0 for success. In C they are `WXPAY_STATUS_<NAME>`.
`wxpay_status_name` and `wxpay_status_text` give name and meaning at run time. Numbers are only added, never reused. Treat
one that you do not know by its group, `status / 100`.

A status says what broke. It does not say whether money moved: **look at `wxpay_error_outcome` before anything is sent
again** ([outcomes.md](outcomes.md)). `wxpay_error_message` has the values seen; `wxpay_error_hint` starts as the last
column here and is more exact where the cause is known.
";

const CONFIGURATION: &str = "# Configuration keys

Generated from `src/config/keys.rs`; do not edit.

`wxpay_config_set(config, key, value)` sets one key. An empty value unsets it; a later value replaces an earlier one; the
order of keys never matters. A wrong form is refused at once, an unknown name is `CONFIG_UNKNOWN_KEY` and names the nearest.
Files are read, and how the keys go together is checked, in `wxpay_client_new`. `wxpay_config_check` makes a report on all of
it without a network.

`x` and `x_file` together are `CONFIG_CONFLICT`: give the content or the path, not both.

**From the environment**, only when you call `wxpay_config_load_env(config, \"WXPAY_\")`: the key in upper case behind the
prefix, `WXPAY_MCHID=1900000001`. A dot is written `__`; what follows it is taken as it stands:
`WXPAY_PUBLIC_KEY_FILE__PUB_KEY_ID_0123=/etc/wxpay/pub_key.pem`. Keys that are set already stay. A variable that is no key is an
error, so that a typing mistake is found; `WXPAY_LIBRARY` is left alone. In a set-user-id process nothing is read.

**From JSON** with `wxpay_config_load_json`: `{\"mchid\": \"1900000001\", \"private_key\": [\"-----BEGIN PRIVATE KEY-----\", \"…\"]}`.
All values are strings; the strings of an array become lines. Members that begin with `_` are ignored.

The least that works, for a merchant with a WeChat Pay public key: `mchid`, `private_key_file`, `merchant_certificate_file`
(or `merchant_serial`), `public_key_id`, `public_key_file`, and `api_v3_key` for notifications. Which file is which:
[keys.md](keys.md).
";

pub fn compare(name: &str, rendered: &str) {
    let path = Path::new(ROOT).join(name);
    if std::env::var_os("WXPAY_BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(&path, rendered).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == rendered,
        "{name} is not what the code says; run: WXPAY_BLESS=1 cargo test --features header --test suite docs"
    );
}

pub fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn default(key: &Key) -> String {
    match key.default {
        "" => String::new(),
        text if text.contains(' ') => text.to_owned(),
        value => format!("`{value}`"),
    }
}

fn form_name(key: &Key) -> String {
    match key.form {
        Form::Id => "id".to_owned(),
        Form::Serial => "serial".to_owned(),
        Form::KeyId => "key id".to_owned(),
        Form::HeaderText => "header text".to_owned(),
        Form::KeyText => "key text".to_owned(),
        Form::Path => "path".to_owned(),
        Form::Secret => "secret".to_owned(),
        Form::ApiKeys => "API keys".to_owned(),
        Form::Flag => "flag".to_owned(),
        Form::OneOf(words) => format!("word, {}", words.join(" or ")),
        Form::Number { min, max } => format!("number, {min} to {max}"),
        Form::BaseUrl => "base URL".to_owned(),
        Form::ProxyUrl => "proxy URL".to_owned(),
        Form::Address => "address".to_owned(),
    }
}

fn form_words(form: Form) -> &'static str {
    match form {
        Form::Id => "1 to 32 of `0-9`, `A-Z`, `a-z`",
        Form::Serial => {
            "1 to 40 hex digits, in upper or lower case; `:` and spaces between them are ignored"
        }
        Form::KeyId => {
            "1 to 64 of `0-9`, `A-Z`, `a-z`, `_`, `-`; that of a WeChat Pay public key starts with `PUB_KEY_ID_`; compared byte for byte"
        }
        Form::HeaderText => "up to 512 bytes of printable ASCII (0x20 to 0x7E)",
        Form::KeyText => {
            "the content of a key or certificate file as text: PEM, or its base64 without the BEGIN and END lines where no other form is named; `\\n` written as two characters is understood"
        }
        Form::Path => {
            "path in UTF-8 of a regular file of at most 1 MiB, relative to the working directory unless absolute; its content may also be DER where no other form is named"
        }
        Form::Secret => "any UTF-8 text; never shown in errors, reports or logs",
        Form::ApiKeys => {
            "exactly 32 bytes, as set on the merchant platform (not hex or base64 of it); several: one a line"
        }
        Form::Flag => "`0` or `1`",
        Form::OneOf(_) => "exactly one of the words named",
        Form::Number { .. } => "whole number in decimal digits, within the range named",
        Form::BaseUrl => {
            "`https://host` or `https://host:port`, no path; `http://` for `localhost`, `127.x.x.x` and `[::1]`"
        }
        Form::ProxyUrl => {
            "`http://host:port` or `https://host:port`, `user:password@` before the host; both percent-encoded; never shown in reports"
        }
        Form::Address => {
            "`ip`, `ip:port` or `[ipv6]:port`; the part of the key behind the dot is a host name"
        }
    }
}
