//! The documents keep their promises: what is generated is what the code says, the C examples
//! compile, link and run, links lead somewhere, tests that are named exist. `WXPAY_BLESS=1 cargo
//! test --features header --test suite docs` rewrites the generated ones.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::config::forms::Form;
use wxpay::config::keys::{KEYS, Key};
use wxpay::error::TABLE;

use crate::simulator::{Simulator, fresh_dir, target_dir};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

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

#[test]
fn every_c_example_of_the_documents_compiles_and_links() {
    let mut count = 0;
    for path in documents() {
        for (index, code) in c_blocks(&path).iter().enumerate() {
            let library = !code.contains("int main(");
            let name = path.file_stem().unwrap().to_string_lossy().to_lowercase();
            compile(&format!("{name}-{index}"), code, library);
            count += 1;
        }
    }
    assert!(count >= 3, "{count} examples were found");
}

#[test]
fn the_readmes_first_example_places_an_order_and_says_what_went_wrong() {
    let simulator = Simulator::start();
    let program = compile(
        "order-run",
        &c_blocks(&Path::new(ROOT).join("README.md"))[0],
        false,
    );
    let run = |order: &Value| -> Output {
        let mut command = Command::new(&program);
        command.arg(order.to_string());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("WXPAY_") || text.starts_with("SSL_CERT_") {
                command.env_remove(&name);
            }
        }
        for (name, value) in simulator.merchant().as_object().unwrap() {
            if name.starts_with('_') {
                continue;
            }
            let variable = format!("WXPAY_{}", name.to_uppercase().replace('.', "__"));
            command.env(variable, lines(value));
        }
        command.env("WXPAY_EXTRA_CA_FILE", simulator.file("ca.pem"));
        command.output().unwrap()
    };
    let order = simulator.order("readme-0001", 100);
    let output = run(&order);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("\"code_url\":\"weixin://"),
        "{output:?}"
    );
    let mut wrong = order;
    wrong["amount"]["total"] = json!("1");
    let output = run(&wrong);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{output:?}");
    assert!(
        said.contains("PARAM_ERROR") && said.contains("outcome 2"),
        "{said}"
    );
}

/// A notification of the simulator, handed as it came from the socket to the README's function.
#[test]
fn the_readmes_notification_example_answers_204_only_to_what_is_genuine() {
    let simulator = Simulator::start();
    let blocks = c_blocks(&Path::new(ROOT).join("README.md"));
    let code = format!("{}\n{NOTIFICATION_MAIN}", blocks[1]);
    let program = compile("notification-run", &code, false);
    let dir = fresh_dir("notification");
    for (kind, expected) in [("good", "204"), ("bad_signature", "401")] {
        let (headers, body) = received(&simulator, kind);
        std::fs::write(dir.join("headers"), headers).unwrap();
        std::fs::write(dir.join("body"), body).unwrap();
        std::fs::write(dir.join("merchant.json"), simulator.merchant().to_string()).unwrap();
        let output = Command::new(&program).current_dir(&dir).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.trim_end().ends_with(expected),
            "{kind}: {output:?}"
        );
        assert_eq!(
            said.contains("TRANSACTION.SUCCESS"),
            kind == "good",
            "{said}"
        );
    }
}

/// The table of docs/keys.md, cell by cell: each file of a merchant in each place, the other
/// places filled rightly.
#[test]
fn each_file_in_each_place_is_told_as_keys_md_says() {
    const PLACES: [&str; 4] = [
        "private_key_file",
        "merchant_certificate_file",
        "public_key_file",
        "platform_certificate_file",
    ];
    const FILES: [&str; 4] = [
        "apiclient_key.pem",
        "apiclient_cert.pem",
        "wechatpay_public_key.pem",
        "wechatpay_certificate.pem",
    ];
    let simulator = Simulator::start();
    let merchant = simulator.merchant();
    let text = std::fs::read_to_string(Path::new(ROOT).join("docs/keys.md")).unwrap();
    let mut cells = 0;
    for place in PLACES {
        let start = format!("| `{place}` | ");
        let row = text
            .lines()
            .find(|line| line.starts_with(&start) && line.contains("right"))
            .unwrap();
        for (file, said) in FILES.iter().zip(row.split('|').skip(2)) {
            let mut config = Config::default();
            config
                .set("mchid", merchant["mchid"].as_str().unwrap())
                .unwrap();
            config.set("base_url", &simulator.url).unwrap();
            let id = merchant["public_key_id"].as_str().unwrap();
            config.set("public_key_id", id).unwrap();
            for (usual, right) in PLACES.iter().zip(FILES) {
                let file = if *usual == place { file } else { right };
                config
                    .set(usual, simulator.file(file).to_str().unwrap())
                    .unwrap();
            }
            let found = match Client::new(&config) {
                Ok(_) => "right".to_owned(),
                Err(error) => {
                    let fields = error.fields();
                    format!("`{}`: {}", fields.status.row().name, fields.message)
                }
            };
            let (status, words) = said.trim().split_once(": ").unwrap_or((said.trim(), ""));
            assert!(
                found.starts_with(status) && found.contains(words),
                "{file} as {place}: the table says {said}, the library {found}"
            );
            cells += 1;
        }
    }
    assert_eq!(cells, 16);
}

#[test]
fn every_relative_link_leads_to_a_file_and_a_heading() {
    let mut wrong = Vec::new();
    for path in documents() {
        let text = std::fs::read_to_string(&path).unwrap();
        for link in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() {
                path.clone()
            } else {
                path.parent().unwrap().join(file)
            };
            let found = target.exists()
                && (anchor.is_empty()
                    || std::fs::read_to_string(&target)
                        .is_ok_and(|text| anchors(&text).iter().any(|one| one == anchor)));
            if !found {
                wrong.push(format!("{}: {link}", shown(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A rule of docs/security.md is worth what its test is worth.
#[test]
fn every_test_that_security_md_names_exists() {
    let text = std::fs::read_to_string(Path::new(ROOT).join("docs/security.md")).unwrap();
    let mut sources = String::new();
    for path in files(Path::new(ROOT)) {
        if path.extension().is_some_and(|kind| kind == "rs") {
            sources += &std::fs::read_to_string(&path).unwrap();
        }
    }
    let rows: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("| S"))
        .collect();
    assert_eq!(rows.len(), 35, "one row a rule");
    let mut named = 0;
    for row in rows {
        let tests = row.split('|').nth(3).unwrap();
        let names = tests.split('`').skip(1).step_by(2);
        for test in names.filter(|name| name.contains('_')) {
            assert!(
                sources.contains(&format!("fn {test}(")),
                "no test {test}: {row}"
            );
            named += 1;
        }
    }
    assert!(named >= 20, "{named} tests are named");
}

#[test]
fn contributing_md_says_what_each_dependency_saves() {
    let text = std::fs::read_to_string(Path::new(ROOT).join("CONTRIBUTING.md")).unwrap();
    for manifest in ["Cargo.toml", "cli/Cargo.toml", "bindings/gen/Cargo.toml"] {
        let toml = std::fs::read_to_string(Path::new(ROOT).join(manifest)).unwrap();
        for section in toml.split("\n[").filter(|one| {
            one.starts_with("dependencies]") || one.starts_with("build-dependencies]")
        }) {
            for line in section.lines().skip(1) {
                let Some((name, _)) = line.split_once(" = ") else {
                    continue;
                };
                assert!(
                    text.contains(&format!("| `{name}` |")),
                    "{name} of {manifest} has no row"
                );
            }
        }
    }
}

#[test]
fn no_file_names_a_place_on_the_machine_it_was_written_on() {
    // In two parts, so that this file passes its own test.
    let forbidden = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/home", "/"),
        concat!("/tmp/", "bash"),
    ];
    let mut wrong = Vec::new();
    for path in files(Path::new(ROOT)) {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            if forbidden.iter().any(|phrase| line.contains(phrase)) {
                wrong.push(format!("{}:{}: {line}", shown(&path), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
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

/// Reads what the test wrote, calls the README's function, prints the status of the answer.
const NOTIFICATION_MAIN: &str = r#"
#include <stdlib.h>

static char *slurp(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(1 << 20);
    if (file == NULL || text == NULL)
        exit(3);
    *length = fread(text, 1, 1 << 20, file);
    fclose(file);
    return text;
}

int main(void)
{
    size_t json_length, headers_length, body_length;
    char *json = slurp("merchant.json", &json_length);
    char *headers = slurp("headers", &headers_length);
    char *body = slurp("body", &body_length);
    wxpay_config *config = NULL;
    wxpay_client *client = NULL;
    wxpay_message *reply = NULL;
    if (wxpay_config_new(&config, NULL) != 0
        || wxpay_config_load_json(config, json, json_length, NULL) != 0
        || wxpay_client_new(config, &client, NULL) != 0)
        return 2;
    wxpay_config_free(config);
    reply = on_notification(client, headers, headers_length, body, body_length);
    printf("\n%d\n", (int)wxpay_message_status(reply));
    wxpay_message_free(reply);
    wxpay_client_free(client);
    free(json);
    free(headers);
    free(body);
    return 0;
}

int store_once(const char *id, const char *event_type, const uint8_t *plaintext, size_t length)
{
    (void)plaintext;
    printf("%s %s %d bytes\n", id, event_type, (int)length);
    return 0;
}
"#;

/// Header block and body of one notification, as they came out of the socket.
fn received(simulator: &Simulator, kind: &str) -> (Vec<u8>, Vec<u8>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let receiver = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let mut bytes = Vec::new();
        let mut chunk = [0; 4096];
        let whole = loop {
            let count = stream.read(&mut chunk).unwrap();
            assert!(count > 0, "the notification ended early");
            bytes.extend_from_slice(&chunk[..count]);
            let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length: usize = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .map_or(0, |value| value.trim().parse().unwrap());
            if bytes.len() >= end + 4 + length {
                break (bytes[..end + 4].to_vec(), bytes[end + 4..].to_vec());
            }
        };
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        // A server hands out header lines without the request line.
        let line = whole.0.iter().position(|byte| *byte == b'\n').unwrap();
        (whole.0[line + 1..].to_vec(), whole.1)
    });
    simulator.control(
        "POST",
        "/_sim/notify",
        &json!({ "url": format!("http://{address}/notify"), "kind": kind }),
    );
    receiver.join().unwrap()
}

fn lines(value: &Value) -> String {
    match value {
        Value::Array(lines) => lines
            .iter()
            .map(|line| line.as_str().unwrap())
            .collect::<Vec<_>>()
            .join("\n"),
        text => text.as_str().unwrap().to_owned(),
    }
}

/// As a merchant's build does it: warnings are errors, and the link is against the shared library.
fn compile(name: &str, code: &str, library: bool) -> PathBuf {
    let dir = fresh_dir("example");
    let source = dir.join(format!("{name}.c"));
    std::fs::write(&source, code).unwrap();
    let program = dir.join(name);
    let shared = target_dir().join("deps");
    let mut gcc = Command::new("gcc");
    gcc.args(["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"])
        .arg(format!("-I{ROOT}/include"))
        .arg(&source)
        .arg("-o")
        .arg(&program);
    if library {
        gcc.args(["-c", "-fPIC"]);
    } else {
        // The library has no version behind its name there, its SONAME has.
        let versioned = dir.join("libwxpay.so.0");
        std::fs::copy(shared.join("libwxpay.so"), &versioned).unwrap();
        gcc.arg("-L")
            .arg(&shared)
            .arg("-lwxpay")
            .arg(format!("-Wl,-rpath,{}", dir.display()));
    }
    let output = gcc.output().unwrap();
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    program
}

fn c_blocks(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    text.split("\n```c\n")
        .skip(1)
        .map(|block| block.split("\n```").next().unwrap().to_owned() + "\n")
        .collect()
}

fn compare(name: &str, rendered: &str) {
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

fn cell(text: &str) -> String {
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

fn documents() -> Vec<PathBuf> {
    files(Path::new(ROOT))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|kind| kind == "md"))
        .collect()
}

/// What belongs to the repository: no hidden directories, nothing that is built.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let built = [
            "target",
            "build",
            "dist",
            "node_modules",
            "vendor",
            "__pycache__",
        ];
        if name.starts_with('.') || built.contains(&name.as_str()) || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.push(path);
        }
    }
    out
}

fn shown(path: &Path) -> String {
    path.strip_prefix(ROOT)
        .unwrap_or(path)
        .display()
        .to_string()
}

/// Targets of `[text](target)`, code blocks and spans excepted.
fn links(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (index, prose) in text.split("```").enumerate() {
        if index % 2 == 1 {
            continue;
        }
        for line in prose.lines() {
            let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
            for rest in plain.split("](").skip(1) {
                out.push(rest.split(')').next().unwrap_or_default().to_owned());
            }
        }
    }
    out
}

/// Headings as GitHub names them.
fn anchors(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect()
}
