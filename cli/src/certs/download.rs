//! `wxpay certs download`: the library fetches and authenticates the list (safety.md S11); this writes what came of it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wxpay::time::rfc3339;
use wxpay::v3::keyring::{Origin, WeChatKey};

use crate::merchant::{self, Merchant};
use crate::output::{self, Style, escape};

/// Download WeChat Pay's platform certificates and write each as a PEM file named by its serial.
///
/// The list is accepted by the library's rules: fresh, and signed by a key that is known already where there is one. With
/// `public_key` you need no platform certificates. A certificate is public, but it decides whom you believe: keep the directory
/// writable by yourself alone. Exit status: 0 they are written, 1 WeChat Pay refused (a merchant with a public key has none),
/// 2 no answer that can be trusted, 3 nothing was asked, or a file cannot be written.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(flatten)]
    merchant: merchant::Args,

    /// Where to write wechatpay_SERIAL.pem
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,

    /// Replace files that are there with other content
    #[arg(long)]
    force: bool,

    /// Print one JSON object
    #[arg(long)]
    json: bool,

    /// No colours
    #[arg(long)]
    no_color: bool,
}

/// One certificate and what becomes of it.
struct File {
    serial: String,
    not_after: Option<i64>,
    trusted_by: String,
    path: PathBuf,
    pem: String,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Same,
    Differs,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::New => "written",
            State::Same => "unchanged",
            State::Differs => "replaced",
        }
    }
}

pub fn run(args: &Args) -> Result<ExitCode, String> {
    let client = Merchant::load(&args.merchant)?.needed()?;
    if !args.dir.is_dir() {
        return Err(format!("--dir: {} is no directory", args.dir.display()));
    }
    if let Err(error) = client.refresh_certificates() {
        if args.json {
            output::print(&format!("{}\n", escape::text(&error.to_json())))?;
        } else {
            output::remark(&output::refusal(&error, Style::of_stderr(args.no_color)));
        }
        return Ok(ExitCode::from(output::exit_by_outcome(Some(&error))));
    }
    let ring = client.merchant.ring.snapshot();
    let files = ring
        .keys
        .iter()
        .filter(|key| key.origin != Origin::Configured)
        .filter_map(|key| file(key, &args.dir))
        .collect::<Result<Vec<File>, String>>()?;
    // All or nothing: a directory with a part of the list would look whole.
    if let Some(other) = files
        .iter()
        .find(|file| file.state == State::Differs && !args.force)
    {
        return Err(format!(
            "{} is there with other content; look at it with `wxpay certs show`, then give --force",
            other.path.display()
        ));
    }
    for file in files.iter().filter(|file| file.state != State::Same) {
        output::file::write_public(&file.path, &file.pem)?;
    }
    output::print(&if args.json {
        escape::json(&report(&files))
    } else {
        people(&files)
    })?;
    Ok(ExitCode::from(output::GOOD))
}

fn file(key: &WeChatKey, dir: &Path) -> Option<Result<File, String>> {
    let der = key.certificate.as_deref()?;
    // The serial is hex by the library's own reading of the certificate: it can lead nowhere else.
    let path = dir.join(format!("wechatpay_{}.pem", key.id));
    let pem = pem(der);
    let state = match std::fs::read(&path) {
        Ok(bytes) if bytes == pem.as_bytes() => State::Same,
        Ok(_) => State::Differs,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => State::New,
        Err(error) => return Some(Err(format!("cannot read {}: {error}", path.display()))),
    };
    Some(Ok(File {
        serial: key.id.clone(),
        not_after: key.validity.map(|(_, to)| to),
        trusted_by: match &key.origin {
            Origin::DownloadedSignedBy(id) => format!("signed by {id}"),
            _ => "decrypted with api_v3_key only: compare it with the merchant platform".to_owned(),
        },
        path,
        pem,
        state,
    }))
}

fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut out = "-----BEGIN CERTIFICATE-----\n".to_owned();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = more;
    }
    out.push_str("-----END CERTIFICATE-----\n");
    out
}

fn people(files: &[File]) -> String {
    if files.is_empty() {
        return "The list has no certificate that is not configured already; nothing is written.\n"
            .to_owned();
    }
    let mut out = String::new();
    for file in files {
        out.push_str(&escape::sentence(&format!(
            "{}: {}, valid until {}, {}",
            file.path.display(),
            file.state.name(),
            file.not_after.map(rfc3339).unwrap_or_default(),
            file.trusted_by
        )));
        out.push('\n');
    }
    out
}

fn report(files: &[File]) -> Value {
    let files: Vec<Value> = files
        .iter()
        .map(|file| {
            json!({
                "file": file.path.display().to_string(),
                "state": file.state.name(),
                "serial": file.serial,
                "not_after": file.not_after.map(rfc3339),
                "trusted_by": file.trusted_by,
            })
        })
        .collect();
    json!({ "schema": 1, "files": files })
}
