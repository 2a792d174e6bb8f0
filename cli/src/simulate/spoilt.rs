//! Answers that a fault puts in the place of the right one, before or after the action.

use super::answer::{Answer, Number, number};
use super::kind::Kind;
use axum::body::{self, Body};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

/// Codes of a 4xx that do not say that nothing was done, and the statuses.
const OPEN_CODES: [&str; 5] = ["", "SYSTEM_ERROR", "ACCEPT", "USERPAYING", "ALREADY_EXISTS"];
const OPEN_STATUSES: [u16; 2] = [408, 409];

/// What a fault answers without touching any order.
pub fn instead_of_the_action(fault: &Kind) -> Option<Response> {
    let no_certificates = "No platform certificate is available. Apply for the WeChat Pay public key in the merchant platform.";
    let answer = match fault {
        Kind::Certificates404 => Answer::error(
            StatusCode::NOT_FOUND,
            "RESOURCE_NOT_EXISTS",
            no_certificates,
        ),
        Kind::CertificatesNotFound => {
            Answer::error(StatusCode::NOT_FOUND, "NOT_FOUND", no_certificates)
        }
        Kind::Certificates500 => Answer::system_error("System error. Try again later."),
        Kind::Status(status) if refuses(*status) => status_answer(*status),
        Kind::Error(status, code) if refuses(*status) && !OPEN_CODES.contains(&code.as_str()) => {
            error_answer(*status, code)
        }
        Kind::RetryAfter(seconds) => {
            let mut response = status_answer(429).into_response();
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
            return Some(response);
        }
        _ => return None,
    };
    Some(answer.into_response())
}

fn refuses(status: u16) -> bool {
    (400..=499).contains(&status) && !OPEN_STATUSES.contains(&status)
}

pub fn status_answer(status: u16) -> Answer {
    let (code, number) = match status {
        404 => ("RESOURCE_NOT_EXISTS", number::NONE),
        429 => ("FREQUENCY_LIMITED", number::FREQUENCY),
        400..=499 => ("INVALID_REQUEST", number::PARAMETER),
        _ => ("SYSTEM_ERROR", number::NONE),
    };
    error_answer(status, code).number(number)
}

fn error_answer(status: u16, code: &str) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = Answer::error(status, code, "The simulator was asked for this error.");
    if let Some(body) = answer.body.as_mut().and_then(|body| body.as_object_mut())
        && code.is_empty()
    {
        body.remove("code");
    }
    answer
}

/// The answer after the action, changed before it is signed.
pub async fn before_signing(fault: Option<&Kind>, target: &str, response: Response) -> Response {
    match fault {
        Some(Kind::Status(status) | Kind::NoRequestId(status)) => restated(response, *status),
        Some(Kind::Error(status, code)) => error_answer(*status, code).into_response(),
        Some(Kind::Redirect { status, itself }) => {
            let mut response = restated(response, *status);
            let to = if *itself {
                target
            } else {
                "https://elsewhere.invalid/"
            };
            set(&mut response, header::LOCATION, to);
            response
        }
        Some(Kind::Oversize(bytes)) => padded(response, *bytes).await,
        Some(Kind::Wire(super::kind::Wire::BodyOn204)) => restated(response, 204),
        _ => response,
    }
}

/// The answer changed on its way, after it was signed.
pub async fn after_signing(fault: Option<&Kind>, response: Response) -> Response {
    match fault {
        Some(Kind::NoRequestId(_)) => {
            let mut response = response;
            response.headers_mut().remove("request-id");
            response
        }
        Some(Kind::Gzip) => zipped(response).await,
        _ => response,
    }
}

/// The same answer under another status, or the error that belongs to that status.
fn restated(mut response: Response, status: u16) -> Response {
    if status >= 400 {
        return status_answer(status).into_response();
    }
    if let Ok(status) = StatusCode::from_u16(status) {
        *response.status_mut() = status;
    }
    // These have no body on the wire, so none may be signed.
    if matches!(status, 204 | 304) {
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// White space after a JSON text belongs to it.
async fn padded(response: Response, bytes: usize) -> Response {
    let (mut parts, body) = response.into_parts();
    let mut body = body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default()
        .to_vec();
    body.resize(body.len().max(bytes), b' ');
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body))
}

async fn zipped(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut zipped = GzEncoder::new(Vec::new(), Compression::default());
    let zipped = zipped
        .write_all(&body)
        .and_then(|()| zipped.finish())
        .unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    let mut response = Response::from_parts(parts, Body::from(zipped));
    set(&mut response, header::CONTENT_ENCODING, "gzip");
    response
}

pub fn html(status: u16) -> Response {
    let page = "<!DOCTYPE html><html><head><title>Login</title></head><body>Sign in to the network.</body></html>";
    let mut response = Html(page).into_response();
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    response.extensions_mut().insert(Number(number::NONE));
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
