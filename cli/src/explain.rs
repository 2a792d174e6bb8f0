//! `wxpay explain`: what an error text of any language's TLS stack means.

use std::io::Read as _;
use std::process::ExitCode;

use serde_json::Value;
use wxpay::diag;

use crate::output::{self, Style, escape};

/// A message with a long stack trace has some KB; who pipes a whole log should cut it first.
const MOST_BYTES: u64 = 1 << 20;

/// Say what an error message means and what to do.
///
/// Takes the message of any language: curl and PHP, Python, Node.js, Go, Ruby, Java, C#, Rust. Exit status: 0 it is known,
/// 1 it is not, 3 wrong usage.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The message; - reads it from standard input
    #[arg(value_name = "TEXT", required = true, num_args = 1.., allow_hyphen_values = true)]
    text: Vec<String>,

    /// Print one JSON object
    #[arg(long)]
    json: bool,

    /// No colours
    #[arg(long)]
    no_color: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, String> {
    let text = match args.text.as_slice() {
        [dash] if dash == "-" => standard_input()?,
        words => words.join(" "),
    };
    let report: Value =
        serde_json::from_str(&diag::explain_text(&text)).map_err(|error| error.to_string())?;
    let found = report["diagnosis"].as_array().cloned().unwrap_or_default();
    output::print(&if args.json {
        escape::json(&report)
    } else {
        output::findings(&found, Style::of_stdout(args.no_color))
    })?;
    let is_known = found.iter().any(|one| one["id"] != "UNKNOWN_TEXT");
    Ok(ExitCode::from(u8::from(!is_known)))
}

/// What is not UTF-8 is replaced: error texts of Windows are often in GBK, and their known parts are ASCII.
fn standard_input() -> Result<String, String> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("cannot read standard input: {error}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err("standard input has more than 1 MiB; give the error message alone".to_owned());
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
