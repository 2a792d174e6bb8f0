//! `wxpay certs show`: what a file is, and which key belongs to which certificate: the comparison of moduli that WeChat
//! Pay's FAQ asks for, by fingerprint.

use std::process::ExitCode;

use serde_json::{Value, json};
use wxpay::diag::key_info;
use wxpay::error::Status;
use wxpay::key::{self, Material};
use wxpay::time::{clock, rfc3339};

use crate::merchant::{self, Merchant, message};
use crate::output::{self, Page, Severity, Style, escape};

/// Say what key files are, and which key belongs to which certificate.
///
/// The passphrase of an encrypted key is `private_key_passphrase` of --config or --env; with these, what the client would
/// hold is shown too. Nothing secret is printed. Exit status: 0 all files are understood and belong together, 1 one is not
/// understood or a private key belongs to none of the certificates, 3 wrong usage or no such file.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Private keys, public keys, certificates: PEM, DER or bare base64
    #[arg(value_name = "FILE", required_unless_present_any = ["config", "env"])]
    files: Vec<String>,

    #[command(flatten)]
    merchant: merchant::Args,

    /// Print one JSON object
    #[arg(long)]
    json: bool,

    /// No colours
    #[arg(long)]
    no_color: bool,
}

/// What one file holds, or why nobody can say.
type Found = Result<Vec<Value>, Value>;

pub fn run(args: &Args) -> Result<ExitCode, String> {
    let merchant = Merchant::load(&args.merchant)?;
    let client = merchant
        .source
        .as_ref()
        .map(|_| merchant.needed())
        .transpose()?;
    let passphrase = merchant.config.get("private_key_passphrase");
    let mut files = Vec::new();
    for file in &args.files {
        files.push((file.clone(), look(file, passphrase.map(str::as_bytes))?));
    }
    let lonely = lonely(&files);
    let client =
        client.map(|client| serde_json::from_str::<Value>(&client.info()).unwrap_or_default());
    output::print(&if args.json {
        escape::json(&report(&files, &lonely, client.as_ref()))
    } else {
        people(
            &files,
            &lonely,
            client.as_ref(),
            Style::of_stdout(args.no_color),
        )
    })?;
    let good = lonely.is_empty() && files.iter().all(|(_, found)| found.is_ok());
    Ok(ExitCode::from(if good {
        output::GOOD
    } else {
        output::REFUSED
    }))
}

/// An error is one of usage: no such file.
fn look(file: &str, passphrase: Option<&[u8]>) -> Result<Found, String> {
    let bytes = key::read_file("FILE", file).map_err(|error| message(&error))?;
    let understood = key::read(file, &bytes, passphrase).and_then(|material| match material {
        // A chain, or the list of a rotation: all of them.
        Material::Certificate(_) => Ok(key::read_certificates(file, &bytes)?
            .into_iter()
            .map(|one| info(&Material::Certificate(Box::new(one))))
            .collect()),
        other => Ok(vec![info(&other)]),
    });
    Ok(understood.map_err(|error| {
        let mut finding = merchant::finding(&error);
        if error.status() == Status::KeyEncrypted {
            finding["cure"] = Value::from(
                "Set private_key_passphrase in the configuration and give --config, or --env.",
            );
        }
        finding
    }))
}

fn info(material: &Material) -> Value {
    let mut info: Value = serde_json::from_str(&key_info(material)).unwrap_or_default();
    info["role"] = Value::from(role(material));
    if let Material::Certificate(certificate) = material {
        info["valid_now"] = Value::from(
            (certificate.not_before..=certificate.not_after).contains(&clock().seconds),
        );
    }
    info
}

/// Where it belongs, as far as it can be told: a certificate's names are what its issuer wrote there.
fn role(material: &Material) -> &'static str {
    match material {
        Material::Private(_) => "your own private key: private_key_file",
        Material::Public(_) => {
            "a public key: public_key_file with its public_key_id, if WeChat Pay gave it to you"
        }
        Material::Certificate(one)
            if one.subject.contains("Tenpay.com") || one.subject.contains("WeChat Pay") =>
        {
            "a platform certificate of WeChat Pay: platform_certificate_file"
        }
        Material::Certificate(one) if one.subject.contains("微信商户系统") => {
            "a merchant API certificate: merchant_certificate_file"
        }
        Material::Certificate(_) => {
            "a merchant API certificate, if the merchant platform gave it to you: merchant_certificate_file"
        }
    }
}

fn all(files: &[(String, Found)]) -> impl Iterator<Item = (&str, &Value)> {
    files.iter().flat_map(|(file, found)| {
        found
            .iter()
            .flatten()
            .map(move |info| (file.as_str(), info))
    })
}

/// Other files with the same public key.
fn partners<'a>(files: &'a [(String, Found)], file: &str, info: &Value) -> Vec<&'a str> {
    all(files)
        .filter(|(other, theirs)| *other != file && theirs["key_sha256"] == info["key_sha256"])
        .map(|(other, _)| other)
        .collect()
}

/// Private keys without a partner, where there is a certificate that could be it.
fn lonely(files: &[(String, Found)]) -> Vec<String> {
    let is = |info: &Value, kind: &str| info["kind"] == kind;
    if !all(files).any(|(_, info)| is(info, "certificate")) {
        return Vec::new();
    }
    all(files)
        .filter(|(file, info)| is(info, "private_key") && partners(files, file, info).is_empty())
        .map(|(file, _)| file.to_owned())
        .collect()
}

fn report(files: &[(String, Found)], lonely: &[String], client: Option<&Value>) -> Value {
    let files: Vec<Value> = files
        .iter()
        .map(|(file, found)| match found {
            Ok(infos) => {
                let holds: Vec<Value> = infos
                    .iter()
                    .map(|info| {
                        let mut info = info.clone();
                        info["same_key_in"] = json!(partners(files, file, &info));
                        info
                    })
                    .collect();
                json!({ "file": file, "holds": holds, "problem": Value::Null })
            }
            Err(problem) => json!({ "file": file, "holds": [], "problem": problem }),
        })
        .collect();
    json!({
        "schema": 1,
        "files": files,
        "keys_without_certificate": lonely,
        "client": client,
    })
}

fn people(
    files: &[(String, Found)],
    lonely: &[String],
    client: Option<&Value>,
    style: Style,
) -> String {
    let mut out = String::new();
    for (file, found) in files {
        match found {
            Ok(infos) => {
                for info in infos {
                    let mut page = page(files, file, info);
                    if let Some(used) = client.and_then(|client| used_as(client, info)) {
                        page.marked(Some(Severity::Info), "the client uses it", used);
                    }
                    out.push_str(&page.text(style));
                    out.push('\n');
                }
            }
            Err(problem) => {
                out.push_str(&Page::new(file).text(style));
                out.push_str(&output::findings(std::slice::from_ref(problem), style));
            }
        }
    }
    for file in lonely {
        let finding = json!({
            "id": Status::KeyCertMismatch.row().name,
            "severity": "error",
            "text": format!("{file} belongs to none of these certificates."),
            "cure": "Take apiclient_key.pem and apiclient_cert.pem from the same download of the merchant platform.",
        });
        out.push_str(&output::findings(&[finding], style));
    }
    if let Some(client) = client {
        out.push_str(&ring(client).text(style));
    }
    out
}

fn page(files: &[(String, Found)], file: &str, info: &Value) -> Page {
    let text = |name: &str| info[name].as_str().unwrap_or_default().to_owned();
    let mut page = Page::new(file);
    page.row(
        "what",
        format!("{}, {} bits", text("kind").replace('_', " "), info["bits"]),
    );
    page.row("for", text("role"));
    if info["kind"] == "certificate" {
        page.row("serial", text("serial"));
        page.row("subject", text("subject"));
        page.row("issuer", text("issuer"));
        let mark = if info["valid_now"] == true {
            Severity::Info
        } else {
            Severity::Error
        };
        page.marked(
            Some(mark),
            "valid",
            format!("{} to {}", text("not_before"), text("not_after")),
        );
    }
    page.row("public key, SHA-256", text("key_sha256"));
    let partners = partners(files, file, info);
    if !partners.is_empty() {
        page.marked(Some(Severity::Info), "same key in", partners.join(", "));
    }
    page
}

/// What a client of the configuration does with this key.
fn used_as(client: &Value, info: &Value) -> Option<String> {
    let key = &info["key_sha256"];
    if client["private_key_sha256"] == *key {
        return Some("to sign: it is the merchant's own".to_owned());
    }
    let keys = client["keys"].as_array()?;
    let one = keys.iter().find(|one| one["key_sha256"] == *key)?;
    let id = one["id"].as_str()?;
    Some(format!("to verify WeChat Pay: its id is {id}"))
}

/// WeChat Pay's keys that a client of this configuration holds before its first request.
fn ring(client: &Value) -> Page {
    let mut page = Page::new("The client's keys of WeChat Pay");
    let now = rfc3339(clock().seconds);
    for key in client["keys"].as_array().into_iter().flatten() {
        let text = |name: &str| key[name].as_str().unwrap_or_default();
        let until = text("not_after");
        let (mark, until) = match until {
            "" => (Severity::Info, String::new()),
            // RFC 3339 in UTC compares as text.
            until if until < now.as_str() => (Severity::Error, format!(", expired {until}")),
            until => (Severity::Info, format!(", valid until {until}")),
        };
        page.marked(
            Some(mark),
            text("id"),
            format!("{}{until}, key {}", text("trusted_by"), text("key_sha256")),
        );
    }
    if page.rows.is_empty() {
        let auto = client["auto_certificates"] == true;
        page.row(
            "none",
            if auto {
                "auto_certificates: the first request downloads them"
            } else {
                "set public_key_id and public_key_file"
            },
        );
    }
    page
}
