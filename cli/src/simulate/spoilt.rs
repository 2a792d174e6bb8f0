//! Answers that a fault puts in the place of the right one, before or after the action.

use super::answer::{Answer, number};
use super::faults::Kind;
use super::truncated::Truncated;
use axum::body::{self, Body};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// What a fault answers without touching any order.
pub fn instead_of_the_action(fault: Kind) -> Option<Answer> {
    let no_certificates = "No platform certificate is available. Apply for the WeChat Pay public key in the merchant platform.";
    Some(match fault {
        Kind::Certificates404 => Answer::error(
            StatusCode::NOT_FOUND,
            "RESOURCE_NOT_EXISTS",
            no_certificates,
        ),
        Kind::CertificatesNotFound => {
            Answer::error(StatusCode::NOT_FOUND, "NOT_FOUND", no_certificates)
        }
        Kind::Certificates500 => Answer::system_error("System error. Try again later."),
        Kind::Status(status @ 400..=499) => status_answer(status),
        _ => return None,
    })
}

fn status_answer(status: u16) -> Answer {
    let (code, number) = match status {
        404 => ("RESOURCE_NOT_EXISTS", number::NONE),
        429 => ("FREQUENCY_LIMITED", number::FREQUENCY),
        400..=499 => ("INVALID_REQUEST", number::PARAMETER),
        _ => ("SYSTEM_ERROR", number::NONE),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Answer::error(status, code, "The simulator was asked for this error.").number(number)
}

/// The same answer under another status, or the error that belongs to that status.
pub fn restated(mut response: Response, status: u16) -> Response {
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

/// The answer with half of its body.
pub async fn truncated(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    Response::from_parts(
        parts,
        Body::new(Truncated::new(body.slice(..body.len() / 2))),
    )
}
