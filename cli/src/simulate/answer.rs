//! One answer of an API: status, JSON body and WeChat's internal number, which ends the `Request-ID` (protocol.md §4.4).

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// WeChat's internal error numbers, as published for troubleshooting.
pub mod number {
    pub const NONE: u32 = 0;
    pub const PARAMETER: u32 = 268_435_461;
    pub const SIGNATURE: u32 = 268_443_699;
    pub const APPID_MCHID: u32 = 268_445_527;
    pub const MCHID_ORDER: u32 = 268_447_843;
    pub const FREQUENCY: u32 = 268_447_840;
    pub const PAID: u32 = 268_449_538;
    pub const CLOSED: u32 = 268_447_914;
    pub const REENTRY: u32 = 268_498_688;
    pub const OPENID: u32 = 268_501_013;
    pub const NO_ORDER: u32 = 268_512_771;
}

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Option<Value>,
    pub number: u32,
}

impl Answer {
    pub fn ok(body: Value) -> Self {
        Self {
            status: StatusCode::OK,
            body: Some(body),
            number: number::NONE,
        }
    }

    pub fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            body: None,
            number: number::NONE,
        }
    }

    pub fn error(status: StatusCode, code: &str, message: &str) -> Self {
        Self {
            status,
            body: Some(json!({"code": code, "message": message})),
            number: number::NONE,
        }
    }

    /// 400 PARAM_ERROR about one member of the body or query.
    pub fn parameter(field: &str, value: &Value, issue: &str, location: &str) -> Self {
        Self::error(StatusCode::BAD_REQUEST, "PARAM_ERROR", issue)
            .number(number::PARAMETER)
            .detail(json!({"field": field, "value": value, "issue": issue, "location": location}))
    }

    pub fn invalid_request(message: &str, number: u32) -> Self {
        Self::error(StatusCode::BAD_REQUEST, "INVALID_REQUEST", message).number(number)
    }

    pub fn system_error(message: &str) -> Self {
        Self::error(StatusCode::INTERNAL_SERVER_ERROR, "SYSTEM_ERROR", message)
    }

    pub fn number(mut self, number: u32) -> Self {
        self.number = number;
        self
    }

    pub fn detail(mut self, detail: Value) -> Self {
        self.body.get_or_insert_with(|| Value::Object(Map::new()))["detail"] = detail;
        self
    }
}

/// Kept beside the response, for the gate that writes the headers.
#[derive(Clone, Copy)]
pub struct Number(pub u32);

/// Kept beside a response that the gate signs otherwise than over its body.
#[derive(Clone)]
pub enum Signing {
    /// Unsigned by design: API v2 and files (protocol.md §1.5, §2.2)
    None,
    /// Over these bytes in the body's place
    Over(Vec<u8>),
}

/// An answer that is not JSON of API v3.
pub fn other(content_type: &'static str, body: Vec<u8>, signing: Signing) -> Response {
    let mut response = ([(header::CONTENT_TYPE, content_type)], body).into_response();
    response.extensions_mut().insert(Number(number::NONE));
    response.extensions_mut().insert(signing);
    response
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Some(body) => (self.status, Json(body)).into_response(),
            None => self.status.into_response(),
        };
        response.extensions_mut().insert(Number(self.number));
        response
    }
}
