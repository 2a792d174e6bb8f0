//! `wxpay sign`: the Authorization header of a request, and the bytes it is over, for people who compare them with what
//! their own program makes.

use std::process::ExitCode;

use serde_json::{Value, json};
use wxpay::http::Message;
use wxpay::v3::{compose, prepare};
use wxpay::{diag, time};

use crate::input;
use crate::merchant::{self, Merchant, message};
use crate::output::{self, Page, Style, escape};

/// Sign a request and print its Authorization header. Nothing is sent.
///
/// The header is good for five minutes: do not paste it where others read. --explain shows the string that is signed, its
/// lines and their lengths. Exit status: 0 it is signed, 3 it cannot be.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// GET, POST, PUT, PATCH or DELETE
    method: String,

    /// Path and query as they are sent, such as /v3/certificates
    path: String,

    /// The body's exact bytes; - reads them from standard input
    #[arg(long, value_name = "FILE")]
    body: Option<String>,

    #[command(flatten)]
    merchant: merchant::Args,

    /// Print every header, a line each, as `curl --header @FILE` takes them
    #[arg(long)]
    headers: bool,

    /// Say what is signed: line by line, with lengths
    #[arg(long)]
    explain: bool,

    /// Print one JSON object
    #[arg(long)]
    json: bool,

    /// No colours
    #[arg(long)]
    no_color: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, String> {
    let client = Merchant::load(&args.merchant)?.needed()?;
    let body = input::body(args.body.as_deref())?;
    let request =
        compose::request(&args.method, &args.path, &body).map_err(|error| message(&error))?;
    let signed = prepare::prepare(&client.merchant, &request, time::clock())
        .map_err(|error| message(&error))?;
    let report = diag::explain_request(&client.merchant, &signed)
        .ok()
        .and_then(|report| serde_json::from_str::<Value>(&report).ok())
        .unwrap_or_default();
    if body.ends_with(b"\n") {
        output::remark(
            "wxpay sign: the body ends with a line feed, as editors add it; it is signed, so it must be sent too\n",
        );
    }
    output::print(&if args.json {
        escape::json(&json!({
            "schema": 1,
            "authorization": header(&signed, "Authorization"),
            "headers": pairs(&signed),
            "explain": report,
        }))
    } else {
        let mut out = String::new();
        if args.explain {
            out = explained(&report, &signed, Style::of_stdout(args.no_color));
        }
        for (name, value) in signed.headers.iter() {
            if args.headers || name == "Authorization" {
                out.push_str(&format!("{}: {}\n", name, escape::text(value)));
            }
        }
        out
    })?;
    Ok(ExitCode::from(output::GOOD))
}

fn header(message: &Message, name: &str) -> String {
    message
        .headers
        .get(name)
        .map(|value| value.to_string())
        .unwrap_or_default()
}

fn pairs(message: &Message) -> Vec<[String; 2]> {
    message
        .headers
        .iter()
        .map(|(name, value)| [name.to_string(), value.to_string()])
        .collect()
}

/// The five lines. The body is the caller's own; it is cut where a terminal would be flooded.
fn explained(report: &Value, signed: &Message, style: Style) -> String {
    let mut page = Page::new(format!(
        "{} bytes are signed, five lines, each ended by a line feed, the last one too",
        report["sign_message_length"]
    ));
    for line in report["lines"].as_array().into_iter().flatten() {
        let name = line["name"].as_str().unwrap_or_default();
        let text = match line["text"].as_str() {
            Some(text) => text.to_owned(),
            None => String::from_utf8_lossy(&signed.body).into_owned(),
        };
        let text = if text.is_empty() {
            "(empty, but its line feed is there)".to_owned()
        } else {
            text
        };
        page.row(format!("{name}, {} bytes", line["bytes"]), text);
    }
    let text = |name: &str| report[name].as_str().unwrap_or_default().to_owned();
    page.row("SHA-256 of all", text("sign_message_sha256"));
    page.row("time", text("time"));
    page.row("serial_no", text("serial_no"));
    page.row("public key, SHA-256", text("key_sha256"));
    format!("{}\n", page.text(style))
}
