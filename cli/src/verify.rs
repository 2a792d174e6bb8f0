//! `wxpay verify`: is this saved answer or notification WeChat Pay's own, and if not, why?

use std::process::ExitCode;

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::error::{Error, Status};
use wxpay::http::{Message, Verified};
use wxpay::time::{self, Now};
use wxpay::v3::compose;
use wxpay::v3::unverified::explained;
use wxpay::v3::verify::{self, SignatureHeaders};

use crate::merchant::{self, Merchant, message};
use crate::output::{self, Style, escape};
use crate::saved::{self, Saved};

/// Verify a saved answer or notification of WeChat Pay.
///
/// Nothing is sent and nothing is decrypted. A message is accepted for five minutes; for an older one the report also says
/// whether its signature is right apart from the age. Exit status: 0 verified, 1 not, 2 there is nothing to verify (an error answer, or one that
/// WeChat Pay does not sign by design), 3 wrong usage.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(flatten)]
    saved: saved::Args,

    #[command(flatten)]
    merchant: merchant::Args,

    /// The request that was answered: some answers are not signed by design
    #[arg(long = "for", num_args = 2, value_names = ["METHOD", "PATH"])]
    answered: Option<Vec<String>>,

    /// Judge as of this time, Unix seconds: when the message was received, by the clock of the machine that received it
    #[arg(long, value_name = "SECONDS")]
    at: Option<i64>,

    /// Print one JSON object
    #[arg(long)]
    json: bool,

    /// No colours
    #[arg(long)]
    no_color: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, String> {
    let client = Merchant::load(&args.merchant)?.needed()?;
    let mut saved = args.saved.load()?;
    let now = clock(args.at)?;
    let verdict = judge(&client, &mut saved, args.answered.as_deref(), now)?;
    let aside = verdict
        .as_ref()
        .err()
        .filter(|error| error.status() == Status::TimestampExpired)
        .map(|_| apart_from_age(&client, &saved.message, now.from_caller));
    let verified = saved.message.verified;
    output::print(&if args.json {
        escape::json(&report(&saved, &verdict, aside.as_ref(), now))
    } else {
        people(
            &saved,
            &verdict,
            aside.as_ref(),
            now,
            Style::of_stdout(args.no_color),
        )
    })?;
    Ok(ExitCode::from(match (&verdict, verified) {
        (Ok(()), Verified::Signature) => output::GOOD,
        (Ok(()), _) | (Err(_), Verified::ErrorAnswer) => output::UNKNOWN,
        (Err(_), _) => output::REFUSED,
    }))
}

/// Absent: the system's. The message's own time is never taken (safety.md S12).
pub fn clock(at: Option<i64>) -> Result<Now, String> {
    time::now(at.unwrap_or(0)).map_err(|error| format!("--at: {}", message(&error)))
}

/// A response by the rules for responses, anything else as a notification. An error here is one of usage.
fn judge(
    client: &Client,
    saved: &mut Saved,
    answered: Option<&[String]>,
    now: Now,
) -> Result<Result<(), Error>, String> {
    let request = match answered {
        Some([method, path]) => compose::request(method, path, b"")
            .map_err(|error| format!("--for: {}", message(&error)))?,
        // No answer to a POST is unsigned by design.
        _ => compose::request("POST", "/", b"").map_err(|error| message(&error))?,
    };
    Ok(if saved.status.is_some() {
        client.check(&request, &mut saved.message, now)
    } else {
        signature(client, &saved.message, now).map(|key| {
            saved.message.verified = Verified::Signature;
            saved.message.key_id = wxpay::text::Text::new(&key);
        })
    })
}

fn signature(client: &Client, message: &Message, now: Now) -> Result<String, Error> {
    let keys = client.merchant.ring.keys();
    let tolerance = client.merchant.clock_tolerance_s;
    let (headers, body) = (&message.headers, &message.body);
    verify::verify(headers, body, &keys, now, tolerance)
        .map(|genuine| genuine.key.id.clone())
        .map_err(|error| explained(error, &client.merchant, &keys, headers, body, now))
}

/// For the report only: the verdict stays what it is.
fn apart_from_age(client: &Client, message: &Message, from_caller: bool) -> Result<String, Error> {
    let seconds = SignatureHeaders::read(&message.headers)?.seconds;
    let then = Now {
        seconds,
        from_caller,
    };
    signature(client, message, then)
}

fn signed_at(saved: &Saved) -> Option<i64> {
    SignatureHeaders::read(&saved.message.headers)
        .ok()
        .map(|headers| headers.seconds)
}

fn people(
    saved: &Saved,
    verdict: &Result<(), Error>,
    aside: Option<&Result<String, Error>>,
    now: Now,
    style: Style,
) -> String {
    let mut out = match verdict {
        Ok(()) if saved.message.verified == Verified::Signature => {
            let at = signed_at(saved).unwrap_or_default();
            format!(
                "{} WeChat Pay signed these {} bytes with {} at {}, {} seconds before {}.\nThat does not say that they answer your request: compare mchid, out_trade_no and amount with your order.\n",
                style.green("Verified."),
                saved.message.body.len(),
                &*saved.message.key_id,
                time::rfc3339(at),
                now.seconds - at,
                if now.from_caller { "--at" } else { "now" },
            )
        }
        Ok(()) => {
            "WeChat Pay does not sign this answer, by design: compare its digest with the one that the bill's answer named.\n"
                .to_owned()
        }
        Err(error) if saved.message.verified == Verified::ErrorAnswer => format!(
            "An error answer: WeChat Pay's errors are not verified, so this proves nothing about the order.\n\n{}",
            output::refusal(error, style)
        ),
        Err(error) => format!(
            "{}\n\n{}",
            style.red("Not verified."),
            output::refusal(error, style)
        ),
    };
    match aside {
        Some(Ok(key)) => out.push_str(&format!(
            "Apart from its age the signature is right: {key} signed exactly these bytes. For a message that you saved, --at TIME judges it as of when it came.\n"
        )),
        Some(Err(error)) => out.push_str(&format!(
            "And apart from its age: {}\n",
            escape::sentence(&error.to_string())
        )),
        None => {}
    }
    if verdict.is_err()
        && let Some(remark) = saved.remark()
    {
        out.push_str(&format!("{remark}\n"));
    }
    out
}

fn report(
    saved: &Saved,
    verdict: &Result<(), Error>,
    aside: Option<&Result<String, Error>>,
    now: Now,
) -> Value {
    let error = verdict.as_ref().err().map(Error::to_json);
    json!({
        "schema": 1,
        "verified": saved.message.verified as i32,
        "key_id": &*saved.message.key_id,
        "timestamp": signed_at(saved),
        "now": now.seconds,
        "clock": now.clock(),
        "http_status": saved.status,
        "body_bytes": saved.message.body.len(),
        "content_length_differs": saved.announced.is_some(),
        // Null unless only the age was wrong.
        "right_apart_from_age": aside.map(Result::is_ok),
        "error": error.and_then(|json| serde_json::from_str::<Value>(&json).ok()),
    })
}
