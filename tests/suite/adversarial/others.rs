//! curl and Python against the same servers and stores, once a row; where they differ from the
//! library the row says so, and docs/trust.md is written from those rows.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::drive::Ready;
use super::row::{Expect, Other, Row, Serve};
use super::servers::command;
use super::stage::{HERE, Stage};

/// What is wrong with what the row says about them.
pub fn judge(stage: &Stage, ready: &Ready) -> Vec<String> {
    if matches!(ready.row.expect, Expect::Refused(_)) {
        return Vec::new();
    }
    let started = [
        ("curl", ready.row.curl, curl(stage, ready)),
        ("Python", ready.row.python, python(stage, ready)),
    ]
    .map(|(name, expected, mut command)| {
        let child = (expected != Other::Cannot).then(|| {
            command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        });
        (name, expected, child)
    });
    let mut wrong = Vec::new();
    for (name, expected, child) in started {
        let Some(child) = child else { continue };
        let output = child.wait_with_output().unwrap();
        let found = if output.status.success() {
            Other::Passes
        } else {
            Other::Fails
        };
        if found != expected {
            wrong.push(format!(
                "{name} {found:?}, expected {expected:?}: {}",
                said(&output)
            ));
        }
    }
    wrong
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines().last().unwrap_or_default().to_owned()
}

fn setting<'a>(row: &'a Row, name: &str) -> Option<&'a str> {
    let found = row.settings.iter().find(|(one, _)| *one == name)?;
    found.1.strip_prefix('@')
}

/// Seconds; short where all only wait for the end of it.
fn patience(row: &Row) -> &'static str {
    match (&row.serve, row.deadline_ms) {
        (_, Some(_)) => "2",
        (Serve::Pair(..), _) => "4",
        _ => "8",
    }
}

/// By the clock of the row.
fn timed(row: &Row, program: &str, stage: &Stage) -> Command {
    let Some(clock) = row.clock else {
        return command(program, &stage.dir);
    };
    let mut timed = command("faketime", &stage.dir);
    timed.args(["-f", clock, program]);
    timed.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    timed
}

fn curl(stage: &Stage, ready: &Ready) -> Command {
    let row = ready.row;
    let mut curl = timed(row, "curl", stage);
    curl.args(["--silent", "--show-error", "--output", "/dev/null"])
        .args(["--max-time", patience(row)])
        .args(["--capath", "empty", "--cacert"])
        .arg(&ready.store);
    if row.is_bound() {
        curl.args([
            "--connect-to",
            &format!("{}:443:127.0.0.1:{}", row.host, ready.port),
        ]);
    }
    if row.method == "POST" {
        curl.args(["--data-binary", "{}"]);
    }
    if let Some(proxy) = &ready.proxy {
        curl.args([
            "--proxy",
            proxy,
            "--proxy-capath",
            "empty",
            "--proxy-cacert",
        ])
        .arg(&ready.store);
    }
    if let (Some(certificate), Some(key)) = (
        setting(row, "client_certificate_file"),
        setting(row, "client_key_file"),
    ) {
        curl.args(["--cert", certificate, "--key", key]);
    }
    curl.arg(ready.url());
    curl
}

fn python(stage: &Stage, ready: &Ready) -> Command {
    let row = ready.row;
    let mut python = timed(row, "python3", stage);
    python
        .arg(format!("{HERE}/client.py"))
        .arg(ready.url())
        .env("SSL_CERT_FILE", &ready.store)
        .env("SSL_CERT_DIR", stage.file("empty"))
        .env("SECONDS", patience(row));
    if row.is_bound() {
        python.arg(format!("127.0.0.1:{}", ready.port));
    }
    if row.method == "POST" {
        python.env("BODY", "{}");
    }
    if let Some(proxy) = &ready.proxy {
        python.env("PROXY", proxy);
    }
    if let (Some(certificate), Some(key)) = (
        setting(row, "client_certificate_file"),
        setting(row, "client_key_file"),
    ) {
        python.env("CLIENT", format!("{certificate}:{key}"));
    }
    python
}

const HEADING: &str = "## How other clients behave\n";

/// The section of docs/trust.md, from the rows that differ.
fn section(rows: &[Row]) -> String {
    let mut out = String::from(
        "\nWritten by the tests (`tests/suite/adversarial`), which ran the library, curl and Python's urllib against the same servers and
stores; measured with curl 7.88 and Python 3.11, both over OpenSSL 3.0 of Debian 12. Only rows that differ are here: where one of
them works, the library may refuse for a reason, and the other way round.

| server or store | library | curl | Python | why |
|---|---|---|---|---|
",
    );
    for row in rows.iter().filter(|row| row.differs()) {
        let ours = match &row.expect {
            Expect::Passes => "accepts".to_owned(),
            Expect::Fails(status, ..) | Expect::Refused(status) => {
                format!("`{}`", status.row().name)
            }
        };
        let other = |what| match what {
            Other::Passes => "accepts",
            Other::Fails => "refuses",
            Other::Cannot => "–",
        };
        assert!(!row.because.is_empty(), "{}: no reason is given", row.name);
        out += &format!(
            "| {} | {ours} | {} | {} | {} |\n",
            row.name,
            other(row.curl),
            other(row.python),
            row.because
        );
    }
    out
}

#[test]
fn docs_trust_md_lists_the_rows_in_which_other_clients_differ() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/trust.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let wanted = section(&super::all());
    let (before, rest) = text.split_once(HEADING).unwrap_or((&text, ""));
    let after = rest.find("\n## ").map_or("", |at| &rest[at..]);
    let have = &rest[..rest.len() - after.len()];
    if have == wanted {
        return;
    }
    assert!(
        std::env::var_os("WXPAY_BLESS").is_some(),
        "docs/trust.md is not what the rows say; WXPAY_BLESS=1 rewrites it"
    );
    let gap = if rest.is_empty() { "\n" } else { "" };
    std::fs::write(&path, format!("{before}{gap}{HEADING}{wanted}{after}")).unwrap();
}
