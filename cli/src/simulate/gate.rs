//! What every request passes: the check that it was meant for this simulator, then, for the API, WeChat Pay's own checks
//! on the way in and its signature on the way out; faults are worked in here.

use super::answer::{Answer, Number, Signing, number};
use super::authorization;
use super::connection::Connection;
use super::faults::Kind;
use super::identity::Platform;
use super::{Sim, clock, random, signer, spoilt, upload, v2};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, body};
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;

/// The largest upload is a video of 5 MB.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

pub async fn gate(
    State(sim): State<Arc<Sim>>,
    Extension(connection): Extension<Arc<Connection>>,
    request: Request,
    next: Next,
) -> Response {
    let _busy = connection.busy();
    if let Err(why) = meant_for_us(&sim, request.headers()) {
        sim.stats.forbidden();
        return finish(
            &sim,
            Answer::error(StatusCode::FORBIDDEN, "NO_AUTH", why).into_response(),
            0,
        );
    }
    let line = format!("{} {}", request.method(), request.uri());
    let response = if request.uri().path().starts_with("/_sim/") {
        // Asked without a signature, answered with one: a WeChat Pay client can use the controls.
        let wanted = Wanted::of(&request);
        signed(&sim, &wanted, next.run(request).await, 0, None).await
    } else {
        api(&sim, &connection, request, next).await
    };
    sim.log(|| format!("{line} -> {}", response.status().as_u16()));
    response
}

/// A page in a browser can reach loopback, directly or through a name of its own that resolves to it (DNS rebinding):
/// the first gives itself away by Origin, the second by Host.
fn meant_for_us(sim: &Sim, headers: &HeaderMap) -> Result<(), &'static str> {
    if headers.contains_key(header::ORIGIN) {
        return Err("Requests from web pages are refused.");
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("");
    if sim.hosts.allows(host) {
        Ok(())
    } else {
        Err("The Host header does not name this simulator.")
    }
}

/// What of a request chooses the key that signs its answer.
struct Wanted {
    path: String,
    serial: Option<String>,
}

impl Wanted {
    fn of(request: &Request) -> Self {
        let serial = request.headers().get("Wechatpay-Serial");
        Self {
            path: request.uri().path().to_owned(),
            serial: serial
                .and_then(|serial| serial.to_str().ok())
                .map(str::to_owned),
        }
    }
}

async fn api(sim: &Arc<Sim>, connection: &Connection, request: Request, next: Next) -> Response {
    let wanted = Wanted::of(&request);
    let (parts, body) = request.into_parts();
    let (method, path) = (parts.method.as_str().to_owned(), wanted.path.clone());
    sim.stats.request(&method, &path);
    let Ok(body) = body::to_bytes(body, MAX_BODY_BYTES).await else {
        let answer = Answer::error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "PARAM_ERROR",
            "The body is larger than 16 MiB.",
        );
        return signed(sim, &wanted, answer.into_response(), 0, None).await;
    };
    let target = parts
        .uri
        .path_and_query()
        .map_or(path.as_str(), |target| target.as_str());
    if let Err(answer) = checks(sim, &method, target, &parts.headers, &body) {
        return signed(sim, &wanted, answer.into_response(), 0, None).await;
    }

    let fault = sim.faults.take(&method, &path);
    match fault {
        Some(Kind::Delay(ms)) => tokio::time::sleep(Duration::from_millis(ms)).await,
        Some(Kind::Rotate) => {
            if let Err(message) = rotate(sim) {
                return signed(
                    sim,
                    &wanted,
                    Answer::system_error(&message).into_response(),
                    0,
                    None,
                )
                .await;
            }
        }
        _ => {}
    }
    let response = match fault.and_then(spoilt::instead_of_the_action) {
        Some(answer) => answer.into_response(),
        None => next.run(Request::from_parts(parts, Body::from(body))).await,
    };
    match fault {
        Some(Kind::Reset) => connection.reset().await,
        Some(Kind::Html) => html(sim),
        Some(Kind::Truncate) => {
            spoilt::truncated(signed(sim, &wanted, response, 0, None).await).await
        }
        Some(Kind::Status(status)) => {
            signed(sim, &wanted, spoilt::restated(response, status), 0, None).await
        }
        Some(Kind::Spoilt(spoil)) => {
            let skew = if let signer::Spoil::Skew(seconds) = spoil {
                seconds
            } else {
                0
            };
            signed(sim, &wanted, response, skew, Some(spoil)).await
        }
        _ => signed(sim, &wanted, response, 0, None).await,
    }
}

/// The basic rules and the Authorization header, neither of which API v2 has.
fn checks(
    sim: &Sim,
    method: &str,
    target: &str,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(), Answer> {
    if v2::is_path(target) {
        return Ok(());
    }
    let text = |name: HeaderName| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
            .trim()
            .to_owned()
    };
    let accept = text(header::ACCEPT);
    let accept = accept.contains("application/json") || accept.contains("*/*");
    let user_agent = !text(header::USER_AGENT).is_empty();
    sim.stats.basic_rules(accept, user_agent);
    if !accept || !user_agent {
        let message = "The error is caused by the wrongly set basic rules. Both Accept and User-Agent need to be set.";
        return Err(Answer::invalid_request(message, number::PARAMETER));
    }
    let mut authorization = headers.get_all(header::AUTHORIZATION).iter();
    let header = authorization.next().and_then(|value| value.to_str().ok());
    // Two headers are as good as a malformed one.
    let header = if authorization.next().is_some() {
        None
    } else {
        header
    };
    let content_type = text(header::CONTENT_TYPE);
    let signed_body = upload::signed_part(&content_type, body);
    let request = authorization::Request {
        method,
        target,
        body: signed_body,
    };
    match authorization::check(&sim.identity, sim.clock.now(), header, &request) {
        Ok(nonce) => {
            sim.stats.nonce(nonce);
            Ok(())
        }
        Err(answer) => {
            sim.stats.sign_error();
            Err(answer)
        }
    }
}

fn rotate(sim: &Sim) -> Result<(), String> {
    let now =
        OffsetDateTime::from_unix_timestamp(sim.clock.now()).map_err(|error| error.to_string())?;
    sim.signer.rotate(Platform::new(now)?);
    Ok(())
}

fn html(sim: &Sim) -> Response {
    let page = "<!DOCTYPE html><html><head><title>Login</title></head><body>Sign in to the network.</body></html>";
    finish(sim, axum::response::Html(page).into_response(), 0)
}

/// Signs the answer with the key that is `wanted`, `skew` seconds off the clock, spoilt as asked.
async fn signed(
    sim: &Sim,
    wanted: &Wanted,
    response: Response,
    skew: i64,
    spoil: Option<signer::Spoil>,
) -> Response {
    let (parts, body) = response.into_parts();
    // What axum itself answers, a path that is no UTF-8 say, is text; WeChat Pay answers JSON only.
    let (parts, body) = if parts.extensions.get::<Number>().is_some() {
        (parts, body)
    } else {
        Answer::error(parts.status, "PARAM_ERROR", "The request cannot be read.")
            .number(number::PARAMETER)
            .into_response()
            .into_parts()
    };
    let body = body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let signed = match parts.extensions.get::<Signing>() {
        Some(Signing::None) => {
            return finish(sim, Response::from_parts(parts, Body::from(body)), skew);
        }
        Some(Signing::Over(bytes)) => bytes,
        None => &body[..],
    };
    // Only now: a rotation changes what signs this very answer.
    let key = sim
        .signer
        .for_request(&wanted.path, wanted.serial.as_deref());
    let headers = match signer::headers(&key, sim.clock.now(), signed, spoil) {
        Ok(headers) => headers,
        Err(message) => return finish(sim, Answer::system_error(&message).into_response(), skew),
    };
    let mut response = Response::from_parts(parts, Body::from(body));
    for (name, value) in headers {
        set(response.headers_mut(), name, &value);
    }
    finish(sim, response, skew)
}

/// The headers of every answer, refused, signed or neither.
fn finish(sim: &Sim, mut response: Response, skew: i64) -> Response {
    let number = response
        .extensions()
        .get::<Number>()
        .map_or(number::NONE, |number| number.0);
    let headers = response.headers_mut();
    if headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json")
    {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json; charset=utf-8"),
        );
    }
    set(
        headers,
        "Request-ID",
        &format!("{}-{number}", random::hex(26).to_uppercase()),
    );
    set(
        headers,
        "Date",
        &clock::http_date(sim.clock.now().saturating_add(skew)),
    );
    set(headers, "Keep-Alive", "timeout=8");
    response
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let (Ok(name), Ok(value)) = (
        HeaderName::from_bytes(name.as_bytes()),
        HeaderValue::from_str(value),
    ) {
        headers.insert(name, value);
    }
}
