//! `wxpay request`: one call of the API as the library makes it: signed, sent, and its answer verified before it is shown.

use std::process::ExitCode;

use serde_json::{Value, json};
use wxpay::error::{Error, Outcome};
use wxpay::http::{Message, Verified};
use wxpay::v3::compose;

use crate::input;
use crate::merchant::{self, Merchant};
use crate::output::{self, Style, escape};

/// Send one request to WeChat Pay and print its verified answer.
///
/// The body goes to standard output byte for byte, on a terminal with what a terminal would obey escaped; what is known
/// about it goes to standard error. Exit status: 0 a verified answer (or one that WeChat Pay does not sign by design),
/// 1 WeChat Pay refused, 2 the outcome is not known or the answer did not verify: query before you send again, 3 nothing
/// was sent.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// GET, POST, PUT, PATCH or DELETE
    method: String,

    /// Path and query, already percent-encoded, such as /v3/refund/domestic/refunds/1
    path: String,

    /// The body's exact bytes; - reads them from standard input
    #[arg(long, value_name = "FILE")]
    body: Option<String>,

    /// A header to add, such as 'Accept-Language: en'; may be given several times
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,

    /// Promise that sending it twice cannot act twice: it may then be repeated on a connection that broke
    #[arg(long)]
    idempotent: bool,

    /// Time for the whole call, repeats included
    #[arg(long, value_name = "MS")]
    timeout_ms: Option<u64>,

    #[command(flatten)]
    merchant: merchant::Args,

    /// Print one JSON object: the answer, or the error with all its fields
    #[arg(long)]
    json: bool,

    /// Byte for byte to a terminal too
    #[arg(long)]
    raw: bool,

    /// No colours
    #[arg(long)]
    no_color: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, String> {
    let client = Merchant::load(&args.merchant)?.needed()?;
    let body = input::body(args.body.as_deref())?;
    let outcome = composed(args, &body)
        // Nothing was given to a connection yet.
        .map_err(|error| error.outcome(Outcome::NotSent))
        .and_then(|request| client.send(&request));
    let printed = match &outcome {
        Ok(answer) if args.json => output::print(&escape::json(&json(answer))),
        Ok(answer) => {
            output::remark(&format!("{}\n", escape::sentence(&summary(answer))));
            output::print_body(&answer.body, args.raw)
        }
        Err(error) if args.json => output::print(&format!("{}\n", escape::text(&error.to_json()))),
        Err(error) => {
            let style = Style::of_stderr(args.no_color);
            let refusal = output::refusal(error, style);
            output::remark(&format!("{refusal}{}\n", output::outcome(error)));
            Ok(())
        }
    };
    let mut status = output::exit_by_outcome(outcome.as_ref().err());
    // It was sent all the same: 3 would say that it was not.
    if let Err(message) = printed {
        output::remark(&format!("wxpay request: {message}\n"));
        if status == output::GOOD {
            status = output::UNKNOWN;
        }
    }
    Ok(ExitCode::from(status))
}

fn composed(args: &Args, body: &[u8]) -> Result<Message, Error> {
    let mut request = compose::request(&args.method, &args.path, body)?;
    for header in &args.header {
        compose::add_header_block(&mut request, header)?;
    }
    if args.idempotent {
        compose::set_option(&mut request, "idempotent", "1")?;
    }
    if let Some(ms) = args.timeout_ms {
        compose::set_option(&mut request, "timeout_ms", &ms.to_string())?;
    }
    Ok(request)
}

fn summary(answer: &Message) -> String {
    let verified = match answer.verified {
        Verified::Signature => format!("signed by {}", &*answer.key_id),
        _ => "not signed, by design: compare its digest with the one you were given".to_owned(),
    };
    let id = if answer.request_id.is_empty() {
        String::new()
    } else {
        format!(", Request-ID {}", &*answer.request_id)
    };
    format!("HTTP {}, {verified}{id}", answer.status())
}

fn json(answer: &Message) -> Value {
    let text = std::str::from_utf8(&answer.body).ok();
    let headers: Vec<[&str; 2]> = answer
        .headers
        .iter()
        .map(|(name, value)| [name, value])
        .collect();
    json!({
        "schema": 1,
        "http_status": answer.status(),
        "verified": answer.verified as i32,
        "key_id": &*answer.key_id,
        "request_id": &*answer.request_id,
        "headers": headers,
        "body_bytes": answer.body.len(),
        // Null for what is no text, such as an image.
        "body": text,
        "trace": serde_json::from_str::<Value>(&answer.trace).unwrap_or(Value::Null),
    })
}
