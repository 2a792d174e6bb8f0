//! `wxpay probe`: what happens between this machine and one server, step by step.

mod steps;

pub use steps::page;

use std::process::ExitCode;
use std::sync::Arc;

use serde_json::Value;
use wxpay::client::Client;
use wxpay::config::Config;
use wxpay::{diag, net, time};

use crate::merchant::{self, Merchant, message};
use crate::output::{self, Style, escape};

/// Connect to a server of WeChat Pay as the library does, and say what went wrong.
///
/// One TLS handshake, then one unauthenticated GET /v3/certificates; no business request is sent. With --ip the address
/// is used instead of asking DNS, as the guideline's hosts-file test does; name and certificate check stay as they are.
/// Exit status: 0 no problem, 1 a warning, 2 an error, 3 wrong usage.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Host, such as api.mch.weixin.qq.com
    #[arg(value_name = "HOST[:PORT]")]
    host: String,

    /// Address to connect to
    #[arg(long, value_name = "ADDR[:PORT]")]
    ip: Option<String>,

    #[command(flatten)]
    merchant: merchant::Args,

    /// HTTP proxy to go through, without user and password: those belong into the configuration, where nobody sees them
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,

    /// Print one JSON object
    #[arg(long)]
    json: bool,

    /// No colours
    #[arg(long)]
    no_color: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, String> {
    let (host, port) = split(&args.host)?;
    let client = client(args)?;
    let bind = args.ip.as_deref().unwrap_or("");
    let report = diag::trust_probe(client.as_deref(), host, port, bind, time::clock())
        .map_err(|error| message(&error))?;
    let report: Value = serde_json::from_str(&report).map_err(|error| error.to_string())?;
    let found = report["diagnosis"].as_array().cloned().unwrap_or_default();
    output::print(&if args.json {
        escape::json(&report)
    } else {
        let style = Style::of_stdout(args.no_color);
        let verdict = output::summary(&found).map_or_else(
            || style.green("No problem found."),
            |summary| format!("{summary}."),
        );
        format!(
            "{}\n{verdict}\n\n{}",
            page(&report).text(style),
            output::findings(&found, style)
        )
    })?;
    Ok(output::exit_code(output::worst(&found)))
}

/// Host without brackets; port 0 when none is named. A pasted URL is taken for its host.
fn split(text: &str) -> Result<(&str, u16), String> {
    let text = text.strip_prefix("https://").unwrap_or(text);
    let authority = text.split(['/', '?', '#']).next().unwrap_or(text);
    let wrong = || {
        format!(
            "HOST[:PORT] must be a host name or an address, got {}",
            escape::readable(text)
        )
    };
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']').ok_or_else(wrong)?;
            (host, rest.strip_prefix(':'))
        }
        // More than one colon: an IPv6 address without a port.
        None if authority.matches(':').count() == 1 => {
            let (host, port) = authority.split_once(':').ok_or_else(wrong)?;
            (host, Some(port))
        }
        None => (authority, None),
    };
    let port = match port {
        None => 0,
        Some(digits) => digits
            .parse()
            .ok()
            .filter(|port| *port != 0)
            .ok_or_else(wrong)?,
    };
    if host.is_empty() {
        return Err(wrong());
    }
    Ok((host, port))
}

/// With a configuration or a proxy the probe goes the way of a client's requests.
fn client(args: &Args) -> Result<Option<Arc<Client>>, String> {
    let Merchant {
        source,
        mut config,
        problem,
    } = Merchant::load(&args.merchant)?;
    if let Some(problem) = problem {
        return Err(problem["text"].as_str().unwrap_or_default().to_owned());
    }
    if source.is_none() && args.proxy.is_none() {
        return Ok(None);
    }
    if source.is_none() {
        nobody(&mut config).map_err(|error| message(&error))?;
    }
    if let Some(proxy) = &args.proxy {
        let parsed =
            net::parse_proxy(proxy).map_err(|error| format!("--proxy: {}", message(&error)))?;
        if parsed.has_credentials() {
            return Err("--proxy: user and password would be seen in the list of processes; set `proxy` in the configuration, or WXPAY_PROXY and --env WXPAY_".to_owned());
        }
        config
            .set("proxy_from_env", "")
            .and_then(|()| config.set("proxy", proxy))
            .map_err(|error| message(&error))?;
    }
    Client::new(&config)
        .map(Some)
        .map_err(|error| message(&error))
}

/// A client needs a merchant. This one can sign and decrypt nothing; only its connections are used.
fn nobody(config: &mut Config) -> wxpay::error::Result<()> {
    for (name, value) in [
        ("mchid", "0"),
        ("merchant_serial", "0"),
        ("external_signer", "1"),
        ("api_v3_key", "00000000000000000000000000000000"),
    ] {
        config.set(name, value)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn hosts_and_ports() {
        for (text, want) in [
            ("api.mch.weixin.qq.com", ("api.mch.weixin.qq.com", 0)),
            (
                "api.mch.weixin.qq.com:8443",
                ("api.mch.weixin.qq.com", 8443),
            ),
            (
                "https://api.mch.weixin.qq.com/v3/pay?x",
                ("api.mch.weixin.qq.com", 0),
            ),
            ("127.0.0.1:1", ("127.0.0.1", 1)),
            ("[::1]:8443", ("::1", 8443)),
            ("[::1]", ("::1", 0)),
            ("::1", ("::1", 0)),
        ] {
            assert_eq!(split(text), Ok(want), "{text}");
        }
        for wrong in [
            "",
            ":443",
            "host:0",
            "host:x",
            "host:65536",
            "[::1",
            "https://",
        ] {
            assert!(split(wrong).is_err(), "{wrong}");
        }
    }
}
