//! What every request passes first and last: the check that it was meant for this simulator, and the headers that every
//! answer has. What lies between is a `Call`.

use super::answer::{Answer, Number, number};
use super::call::Call;
use super::connection::Connection;
use super::{Sim, clock, random};
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;

pub async fn gate(
    State(sim): State<Arc<Sim>>,
    Extension(connection): Extension<Arc<Connection>>,
    request: Request,
    next: Next,
) -> Response {
    let _busy = connection.busy();
    let mut call = Call::new(&sim, &connection, &request);
    if let Err(why) = meant_for_us(&sim, request.headers()) {
        sim.stats.forbidden();
        call.verdict = format!("refused: {why}");
        let answer = Answer::error(StatusCode::FORBIDDEN, "NO_AUTH", why);
        return call.ended(finish(&sim, answer.into_response(), 0));
    }
    let response = if call.path.starts_with("/_sim/") {
        // Asked without a signature, answered with one: a WeChat Pay client can use the controls.
        "a control".clone_into(&mut call.verdict);
        let response = next.run(request).await;
        call.signed(response, None).await
    } else {
        call.api(request, next).await
    };
    call.ended(response)
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

/// The headers of every answer, refused, signed or neither.
pub fn finish(sim: &Sim, mut response: Response, skew: i64) -> Response {
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

pub fn append(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let (Ok(name), Ok(value)) = (
        HeaderName::from_bytes(name.as_bytes()),
        HeaderValue::from_str(value),
    ) {
        headers.append(name, value);
    }
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let (Ok(name), Ok(value)) = (
        HeaderName::from_bytes(name.as_bytes()),
        HeaderValue::from_str(value),
    ) {
        headers.insert(name, value);
    }
}
