//! `wxpay_trust_probe`: what happens when this process connects to a server of WeChat Pay, with
//! every problem, its cause and its cure. Sends no business request: one handshake, then a `GET
//! /v3/certificates` without Authorization, which WeChat Pay answers with an error and its
//! Request-ID.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};

use super::{bound, worst};
use crate::client::Client;
use crate::config::forms::parse_address;
use crate::error::{Cause, Diagnosis, Result, Severity, Status, fail};
use crate::http::headers::{readable, shown};
use crate::http::{Origin, is_wechat_pay_host};
use crate::net::{Handshake, Http, Settings, Transport, TrustSettings, Visit, Visiting};
use crate::time::{Now, rfc3339};
use crate::trust::known;

/// WeChat Pay refuses signatures beyond it (official rule).
const SKEW_REFUSED_S: i64 = 300;
/// A clock that runs NTP is nearer.
const SKEW_ODD_S: i64 = 30;
/// For a visit without a client.
const TIMEOUT: Duration = Duration::from_secs(15);

/// `port` 0 is 443; `bind_address` is empty, `ip` or `ip:port`.
pub fn trust_probe(
    client: Option<&Client>,
    host: &str,
    port: u16,
    bind_address: &str,
    now: Now,
) -> Result<String> {
    let bind = match bind_address {
        "" => None,
        address => Some(parse_address("bind_address", address)?),
    };
    let origin = origin(host, port)?;
    let (host, port) = (origin.host.as_str(), origin.port);
    let transport = match client {
        Some(client) => client.transport(),
        None => {
            let mut settings = Settings::new(origin.clone());
            settings.trust = TrustSettings::from_env(true);
            Transport::shared(settings)?
        }
    };
    // Nobody else's server is asked for anything (S4).
    let is_known = is_wechat_pay_host(host)
        || origin.is_loopback()
        || client.is_some_and(|client| client.merchant.base == origin);
    let visit = transport.visit(&Visiting {
        host,
        port,
        bind,
        request: is_known.then_some("/v3/certificates"),
        timeout: client.map_or(TIMEOUT, Client::timeout),
    });
    let mut diagnosis = diagnosis(&visit, now, host, bind_address);
    diagnosis.extend(bound(transport.settings()));
    diagnosis.sort_by_key(|one| std::cmp::Reverse(one.severity));
    Ok(json!({
        "schema": 1,
        "status": visit.error.as_ref().map_or(Status::Ok, crate::error::Error::status).code(),
        "message": visit.error.as_ref().map(|error| error.fields().message.clone()),
        "clock": now.clock(),
        "time": rfc3339(now.seconds),
        "verdict": worst(&diagnosis),
        "diagnosis": diagnosis,
        "host": host,
        "port": port,
        "bind_address": (!bind_address.is_empty()).then_some(bind_address),
        "proxy": visit.proxy,
        "dns": {
            "ms": visit.dns.map(ms),
            "addresses": visit.addresses,
            "error": visit.error.as_ref()
                .filter(|error| error.status() == Status::Dns)
                .map(|error| error.fields().message.clone()),
        },
        "attempts": visit.attempts.iter().map(|one| json!({
            "address": one.address,
            "connect_ms": one.connected.map(ms),
            "error": one.error,
        })).collect::<Vec<_>>(),
        "tls": visit.handshake.as_ref().map(tls),
        "http": visit.http.as_ref().map(|http| answer(http, now)),
        "http_skipped": (!is_known).then_some("only WeChat Pay's hosts, base_url and this machine are asked"),
    })
    .to_string())
}

fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

fn tls(handshake: &Handshake) -> Value {
    json!({
        "ms": ms(handshake.took),
        "trusted": handshake.trusted,
        "version": handshake.version,
        "suite": handshake.suite,
        "alpn": null,
        "chain": handshake.chain,
        "anchor": handshake.anchor.as_ref().map(|anchor| json!({
            "subject": anchor.subject,
            "sha256": anchor.sha256,
            "known": known::by_sha256(&anchor.sha256).map(|root| root.id),
        })),
        "problems": handshake.problems,
    })
}

fn answer(http: &Http, now: Now) -> Value {
    json!({
        "ms": ms(http.took),
        "status": http.status,
        "request_id": http.headers.get("Request-ID").map(readable),
        "date": date(http).map(rfc3339),
        "skew_s": skew(http, now),
    })
}

/// Unix seconds of the header Date.
fn date(http: &Http) -> Option<i64> {
    let date = httpdate::parse_http_date(http.headers.get("Date")?).ok()?;
    let since = date.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// How far this machine's clock is ahead of the server's.
fn skew(http: &Http, now: Now) -> Option<i64> {
    let here = if now.from_caller {
        now.seconds
    } else {
        http.at
    };
    Some(here - date(http)?)
}

fn diagnosis(visit: &Visit, now: Now, host: &str, bind_address: &str) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    if let Some(error) = &visit.error {
        found.extend(error.fields().diagnosis.iter().cloned());
        if found.is_empty() {
            let cause = match error.status() {
                Status::Timeout => Cause::HandshakeTimeout,
                status if status.code() / 10 == 31 => Cause::TlsRefused,
                _ => Cause::ConnectFailed,
            };
            found.push(
                Diagnosis::new(cause, error.fields().message.clone())
                    .cure(error.fields().hint.clone()),
            );
        }
    }
    // Another address went well: a request gets over it, and it still is worth a look.
    for (address, error) in &visit.misses {
        found.extend(error.fields().diagnosis.iter().map(|one| {
            Diagnosis::new(
                one.cause,
                format!(
                    "{address}, one of several addresses of {host}: {}",
                    one.text
                ),
            )
            .cure(one.cure.clone())
            .severity(Severity::Warning)
        }));
    }
    if !bind_address.is_empty() {
        found.push(
            Diagnosis::new(
                Cause::BindHost,
                format!("{host} was bound to {bind_address} for this probe; the environment behind it is production."),
            )
            .severity(Severity::Info),
        );
    }
    if let Some(http) = &visit.http {
        found.extend(about_the_answer(http, now, host));
    }
    found
}

fn about_the_answer(http: &Http, now: Now, host: &str) -> Vec<Diagnosis> {
    let mut found = Vec::new();
    if http.headers.get("Request-ID").is_none() {
        found.push(Diagnosis::new(
            Cause::NotWechatPay,
            format!(
                "{host} answered {} without a Request-ID, which every answer of WeChat Pay has.",
                http.status
            ),
        ));
    }
    if let Some(skew) = skew(http, now).filter(|skew| skew.abs() > SKEW_ODD_S) {
        let refused = skew.abs() > SKEW_REFUSED_S;
        found.push(
            Diagnosis::new(
                Cause::ClockSkew,
                format!(
                    "This machine's clock is {} seconds {} the server's{}.",
                    skew.abs(),
                    if skew > 0 { "ahead of" } else { "behind" },
                    if refused {
                        ": every request is refused"
                    } else {
                        ""
                    }
                ),
            )
            .severity(if refused {
                Severity::Error
            } else {
                Severity::Warning
            }),
        );
    }
    found
}

/// RFC 1035 §2.3.4.
const LONGEST_HOST: usize = 253;

/// A host name or an address; IPv6 with or without brackets.
fn origin(host: &str, port: u16) -> Result<Origin> {
    if host.len() > LONGEST_HOST {
        return fail(
            Status::InvalidArgument,
            format!(
                "host has {} bytes; a name has at most {LONGEST_HOST}.",
                host.len()
            ),
        );
    }
    let is_ipv6 = |host: &str| host.parse::<std::net::Ipv6Addr>().is_ok();
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .filter(|host| is_ipv6(host))
        .unwrap_or(host);
    let authority = if is_ipv6(bare) {
        format!("[{bare}]")
    } else {
        bare.to_owned()
    };
    let port = if port == 0 { 443 } else { port };
    let plain = !bare.contains([':', '/', '?', '[', ']']) || authority.starts_with('[');
    let parsed = Origin::parse(&format!("https://{authority}:{port}"));
    parsed.ok().filter(|_| plain).map_or_else(
        || {
            fail(
                Status::InvalidArgument,
                format!(
                    "host must be a name or an address without scheme, port and path, got \"{}\".",
                    shown(host)
                ),
            )
        },
        Ok,
    )
}
