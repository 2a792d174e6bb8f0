//! `wxpay decrypt`: what a notification says, after it was verified; and, by options that say what they are, single values.

use std::process::ExitCode;

use serde_json::Value;
use wxpay::client::Client;
use wxpay::crypto::base64;
use wxpay::error::Error;
use wxpay::v3::sensitive;

use crate::merchant::{self, Merchant};
use crate::output::{self, Style};
use crate::saved;
use crate::verify::clock;

/// Verify a saved notification, then decrypt it.
///
/// The envelope is printed with `resource` replaced by what it holds: personal data, so mind where it goes. Exit status: 0 it
/// is decrypted, 1 it is not genuine or the key does not open it, 3 wrong usage.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(flatten)]
    saved: saved::Args,

    #[command(flatten)]
    merchant: merchant::Args,

    /// Judge as of this time, Unix seconds: when the notification was received
    #[arg(long, value_name = "SECONDS", conflicts_with_all = ["unverified", "field"])]
    at: Option<i64>,

    /// FILE is a bare JSON with ciphertext, nonce and associated_data (or a body with such a resource); nobody says who made it
    #[arg(long, conflicts_with_all = ["field", "headers"])]
    unverified: bool,

    /// FILE is one encrypted field of an answer, base64, for the merchant's private key; verify the answer first
    #[arg(long, conflicts_with = "headers")]
    field: bool,

    /// Byte for byte to a terminal too
    #[arg(long)]
    raw: bool,

    /// No colours
    #[arg(long)]
    no_color: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, String> {
    let client = Merchant::load(&args.merchant)?.needed()?;
    let decrypted = if args.field {
        let text = text(&args.saved.alone()?)?;
        sensitive::decrypt(&client.merchant, text.trim()).map(|plaintext| plaintext.to_vec())
    } else if args.unverified {
        let text = text(&args.saved.alone()?)?;
        output::remark(
            "wxpay decrypt: not verified; whoever has the APIv3 key can have made this\n",
        );
        resource(&client, &text)?
    } else {
        let saved = args.saved.load()?;
        if let Some(status) = saved.status {
            return Err(format!(
                "this is an answer (HTTP {status}), not a notification; `wxpay verify` judges it, `wxpay decrypt --field` opens one field"
            ));
        }
        client
            .open_notification(&saved.message, clock(args.at)?)
            .map(|notification| notification.json.as_bytes().to_vec())
    };
    match decrypted {
        Ok(plaintext) => {
            output::print_body(&plaintext, args.raw)?;
            Ok(ExitCode::from(output::GOOD))
        }
        Err(error) => {
            output::remark(&output::refusal(&error, Style::of_stderr(args.no_color)));
            Ok(ExitCode::from(output::REFUSED))
        }
    }
}

fn text(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| "FILE is not UTF-8 text".to_owned())
}

/// The outer error is one of usage.
fn resource(client: &Client, text: &str) -> Result<Result<Vec<u8>, Error>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        format!(
            "FILE is not JSON: line {}, column {}",
            error.line(),
            error.column()
        )
    })?;
    let resource = value.get("resource").unwrap_or(&value);
    let member = |name: &str| resource.get(name).and_then(Value::as_str);
    let (Some(ciphertext), Some(nonce)) = (member("ciphertext"), member("nonce")) else {
        return Err(
            "FILE must be an object with the strings ciphertext and nonce (and associated_data)"
                .to_owned(),
        );
    };
    let ciphertext = base64::decode(ciphertext)
        .ok_or_else(|| "ciphertext is not base64: copy it again, whole".to_owned())?;
    let aad = member("associated_data").unwrap_or_default();
    Ok(client
        .merchant
        .decrypt(nonce.as_bytes(), aad.as_bytes(), &ciphertext)
        .map(|plaintext| plaintext.to_vec()))
}
