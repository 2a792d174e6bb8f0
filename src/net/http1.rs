//! One HTTP/1.1 exchange in ureq's terms: what it is given, and what is taken from its answer.

use std::time::Duration;

use ureq::http::{HeaderMap, Request, Uri};
use ureq::{Agent, BodyReader};

use super::body::Unfinished;
use super::connector::{NoResolver, OurConnector};
use super::context;
use super::request::Outgoing;
use super::settings::Settings;
use crate::error::{Error, Result, Status};
use crate::http::Headers;

/// Response headers larger than this are no answer of WeChat Pay.
const MOST_HEADER: usize = 64 * 1024;

pub(super) fn agent(settings: &Settings) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent(ureq::config::AutoHeaderValue::None)
        .accept(ureq::config::AutoHeaderValue::None)
        .accept_encoding(ureq::config::AutoHeaderValue::None)
        .max_response_header_size(MOST_HEADER)
        .input_buffer_size(POOLED)
        .max_idle_age(settings.idle_timeout)
        .max_idle_connections(settings.max_idle_connections)
        .max_idle_connections_per_host(settings.max_idle_connections)
        .build();
    Agent::with_parts(config, OurConnector, NoResolver)
}

/// ureq does not let a request share the pool when its buffer sizes differ from the agent's; the
/// sizes themselves are not used by our connections.
const POOLED: usize = 1;
const NOT_POOLED: usize = 2;

pub(super) fn build(request: &Outgoing<'_>) -> Result<Request<()>> {
    let text = request.url.to_string();
    let refused = |why: String| Error::new(Status::UrlRefused, why);
    let uri: Uri = text.parse().map_err(|error| {
        refused(format!(
            "The URL cannot be sent: {error}. Percent-encode the characters outside RFC 3986."
        ))
    })?;
    // What is signed is what goes out (S4): a parser that changed a byte would break that.
    let target = request.url.target.as_str();
    let plain = target.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
    if !plain || uri.path_and_query().map(|parsed| parsed.as_str()) != Some(target) {
        return Err(refused(
            "The URL has a character that HTTP does not allow in a request target; percent-encode it."
                .to_owned(),
        ));
    }
    let mut builder = Request::builder().method(request.method).uri(uri);
    for (name, value) in request.headers {
        builder = builder.header(*name, *value);
    }
    builder.body(()).map_err(|error| {
        Error::new(
            Status::InvalidArgument,
            format!("The method or a header cannot be sent: {error}."),
        )
    })
}

/// An answer up to the end of its headers.
pub(super) struct Answer {
    pub status: u16,
    pub headers: Headers,
    /// Of the body, when the headers say it.
    pub length: Option<u64>,
    pub reader: BodyReader<'static>,
}

pub(super) fn run(
    agent: &Agent,
    built: Request<()>,
    request: &Outgoing<'_>,
) -> std::result::Result<Answer, Unfinished> {
    // Content-Length: 0 where a body belongs to the method, none where it does not.
    let has_body = !request.body.is_empty() || matches!(request.method, "POST" | "PUT" | "PATCH");
    let response = if has_body {
        let (parts, ()) = built.into_parts();
        let built = Request::from_parts(parts, request.body);
        if request.fresh_connection {
            agent.run(
                agent
                    .configure_request(built)
                    .input_buffer_size(NOT_POOLED)
                    .build(),
            )?
        } else {
            agent.run(built)?
        }
    } else if request.fresh_connection {
        agent.run(
            agent
                .configure_request(built)
                .input_buffer_size(NOT_POOLED)
                .build(),
        )?
    } else {
        agent.run(built)?
    };
    let status = response.status().as_u16();
    let headers = received(response.headers());
    if let Some(limit) = headers.http("keep-alive").and_then(idle_limit) {
        context::with(|context| context.idle_limit = Some(limit));
    }
    let length = response.body().content_length();
    Ok(Answer {
        status,
        headers,
        length,
        reader: response.into_body().into_reader(),
    })
}

fn received(headers: &HeaderMap) -> Headers {
    let bytes = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    let mut all = Headers::with_capacity(headers.len(), bytes);
    for (name, value) in headers {
        // Nearly all are ASCII, for which this is the faster look.
        match value.to_str() {
            Ok(value) => all.push(name.as_str(), value),
            Err(_) => all.push(name.as_str(), &String::from_utf8_lossy(value.as_bytes())),
        }
    }
    all
}

/// `Keep-Alive: timeout=N`, less two seconds: the server's clock started before ours.
fn idle_limit(value: &str) -> Option<Duration> {
    let seconds = value
        .split(',')
        .find_map(|part| part.trim().strip_prefix("timeout="))?
        .parse::<u32>()
        .ok()?;
    Some(Duration::from_secs(u64::from(seconds.saturating_sub(2))))
}
