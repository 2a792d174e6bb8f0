//! `wxpay doctor`: everything between this machine and WeChat Pay that decides whether a request goes through, looked at
//! in one run. Owns the order: facts, the library's reports, judgement, and the three ways to show them.

mod facts;
mod html;
mod judge;
mod pages;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::Value;
use wxpay::client::Client;
use wxpay::error::Error;
use wxpay::{diag, time};

use crate::merchant::{self, Merchant};
use crate::output::{self, Style, escape};
use judge::Case;

const DEFAULT_HOST: &str = "api.mch.weixin.qq.com";

/// Find out why requests to WeChat Pay fail, or will.
///
/// Checks the merchant's configuration, the trust store, what other runtimes on this machine trust (Java, Python, Node.js,
/// PHP), the hosts file, proxies, variables, the clock and DNS, and then makes one connection as the library makes it. No
/// business request is sent and nothing is changed. Exit status: 0 no problem, 1 a warning, 2 an error, 3 wrong usage.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(flatten)]
    merchant: merchant::Args,

    /// Print one JSON object
    #[arg(long)]
    json: bool,

    /// Write one page for people, for your own records or WeChat Pay's support; it holds no secret
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// No colours (there are none if standard output is no terminal or NO_COLOR is set)
    #[arg(long)]
    no_color: bool,

    /// Ask nothing of the network: no DNS, no connection
    #[arg(long)]
    offline: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, String> {
    let merchant = Merchant::load(&args.merchant)?;
    let report = examine(&merchant, args.offline);
    if let Some(path) = &args.html {
        output::file::write_private(path, &html::page(&report))?;
    }
    output::print(&if args.json {
        escape::json(&report)
    } else {
        pages::text(&report, Style::of_stdout(args.no_color))
    })?;
    let found = report["diagnosis"].as_array().cloned().unwrap_or_default();
    Ok(output::exit_code(output::worst(&found)))
}

fn examine(merchant: &Merchant, offline: bool) -> Value {
    let client = merchant.client();
    let client = client.as_deref();
    let now = time::clock();
    let config = merchant
        .source
        .as_ref()
        .map(|_| parsed(&wxpay::config::report(&merchant.config, now)));
    let trust = parsed(&diag::trust_report(client, now));
    let mut problems: Vec<Value> = merchant.problem.clone().into_iter().collect();
    let probe = (!offline).then(|| probe(merchant, client)).flatten();
    let probe = probe.and_then(|probe| {
        probe
            .map_err(|error| problems.push(merchant::finding(&error)))
            .ok()
    });
    let base = merchant.origin().map(|origin| origin.host);
    let facts = facts::collect(base.as_deref());
    let found = judge::judge(&Case {
        facts: &facts,
        config: config.as_ref(),
        problems: &problems,
        trust: &trust,
        probe: probe.as_ref(),
        proxy_from_env: merchant.config.get("proxy_from_env") == Some("1"),
        now: now.seconds,
    });
    report::assemble(report::Parts {
        merchant,
        offline,
        facts: &facts,
        diagnosis: found,
        config,
        trust,
        probe,
        now,
    })
}

/// None for plain http, where there is no certificate to look at.
fn probe(merchant: &Merchant, client: Option<&Client>) -> Option<Result<Value, Error>> {
    let origin = merchant.origin();
    if origin.as_ref().is_some_and(|origin| !origin.https) {
        return None;
    }
    let (host, port) = origin.map_or((DEFAULT_HOST.to_owned(), 443), |origin| {
        (origin.host, origin.port)
    });
    let report = diag::trust_probe(client, &host, port, "", time::clock());
    Some(report.map(|report| parsed(&report)))
}

/// What the library writes is JSON.
fn parsed(report: &str) -> Value {
    serde_json::from_str(report).unwrap_or_default()
}
