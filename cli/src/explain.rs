//! `wxpay explain`: what an error text of any language's TLS stack means, and what WeChat Pay says of a
//! signature.

use std::io::Read as _;
use std::process::ExitCode;

use serde_json::Value;
use wxpay::diag;
use wxpay::error::{Status, TABLE};

use crate::output::{self, Style, escape};

/// A message with a long stack trace has some KB; who pipes a whole log should cut it first.
const MOST_BYTES: u64 = 1 << 20;

/// Say what an error message means and what to do.
///
/// Takes the message of any language: curl and PHP, Python, Node.js, Go, Ruby, Java, C#, Rust; and WeChat Pay's answer to a
/// wrong signature (SIGN_ERROR). Exit status: 0 it is known, 1 it is not, 3 wrong usage.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// The message; - reads it from standard input; one that begins with a hyphen goes behind --
    #[arg(value_name = "TEXT", required = true, num_args = 1..)]
    text: Vec<String>,

    /// The string that your program signed, byte for byte: compared with sign_information in the answer
    #[arg(long, value_name = "FILE")]
    signed: Option<std::path::PathBuf>,

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
    let report = match &args.signed {
        Some(path) => diag::explain_signed(&text, &signed(path)?),
        None => diag::explain_text(&text),
    };
    let report: Value = serde_json::from_str(&report).map_err(|error| error.to_string())?;
    if args.signed.is_some() && report["sign"].is_null() {
        return Err(
            "the text has no sign_information to compare with; give the whole answer of WeChat Pay"
                .to_owned(),
        );
    }
    let found = report["diagnosis"].as_array().cloned().unwrap_or_default();
    output::print(&if args.json {
        escape::json(&report)
    } else {
        people(&report, &found, Style::of_stdout(args.no_color))
    })?;
    let is_known = found.iter().any(|one| one["id"] != "UNKNOWN_TEXT");
    Ok(ExitCode::from(u8::from(!is_known)))
}

/// A text often fits several causes: they are said to be possible, not to be found.
fn people(report: &Value, found: &[Value], style: Style) -> String {
    let findings = output::findings(found, style);
    let status = report["status"]
        .as_i64()
        .and_then(|code| {
            TABLE
                .iter()
                .find(|row| i64::from(row.status.code()) == code)
        })
        .filter(|row| row.status != Status::Ok);
    let Some(row) = status else { return findings };
    let signature = row.status == Status::ApiError;
    let whose = report["language"]
        .as_str()
        .map_or_else(String::new, |language| format!("As {language} says it. "));
    let name = format!(
        "{whose}With libwxpay: {} ({}).",
        row.name,
        row.status.code()
    );
    let (several, which) = if signature {
        ("", "")
    } else if found.len() > 1 {
        (
            " One of these, the most likely first:",
            "Which one it is: `wxpay doctor`, or `wxpay probe HOST`, on the machine where it fails.\n",
        )
    } else {
        ("", "")
    };
    format!("{}{several}\n\n{findings}{which}", escape::sentence(&name))
}

fn signed(path: &std::path::Path) -> Result<Vec<u8>, String> {
    let shown = escape::sentence(&path.display().to_string());
    let mut bytes = Vec::new();
    let file =
        std::fs::File::open(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("cannot read {shown}: {error}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!(
            "{shown} has more than 1 MiB; it is not what was signed"
        ));
    }
    Ok(bytes)
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
