//! All fields of an error as one JSON object. What was not authenticated is marked so, bodies are
//! cut, and after a failed verification no body is handed out at all (design.md §4). Foreign JSON
//! goes through as text, unparsed: a tree of it could nest deeper than a thread's stack is.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Diagnosis, Error, Fields, Outcome, Status};
use crate::http::Message;
use crate::json_string;

/// API error bodies beyond this are cut.
const MOST_BODY: usize = 64 * 1024;

#[derive(Serialize)]
struct Whole<'a> {
    schema: u32,
    status: i32,
    name: &'static str,
    message: &'a str,
    hint: &'a str,
    outcome: i32,
    outcome_name: &'static str,
    retryable: bool,
    retry_after_s: Option<u32>,
    http_status: u16,
    api_code: &'a str,
    api_message: &'a str,
    request_id: &'a str,
    internal_code: Option<u32>,
    clock: &'static str,
    diagnosis: &'a [Diagnosis],
    request: Option<Request<'a>>,
    response: Option<Response<'a>>,
    trace: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Request<'a> {
    method: &'a str,
    url: &'a str,
    body_bytes: usize,
}

#[derive(Serialize)]
struct Response<'a> {
    authenticated: bool,
    status: u16,
    headers: Vec<[&'a str; 2]>,
    body_bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a RawValue>,
}

impl Error {
    pub fn to_json(&self) -> String {
        let fields = self.fields();
        let whole = Whole {
            schema: 1,
            status: fields.status.code(),
            name: fields.status.row().name,
            message: &fields.message,
            hint: &fields.hint,
            outcome: fields.outcome as i32,
            outcome_name: match fields.outcome {
                Outcome::Unknown => "UNKNOWN",
                Outcome::NotSent => "NOT_SENT",
                Outcome::Rejected => "REJECTED",
                Outcome::DoneUnverified => "DONE_UNVERIFIED",
            },
            retryable: fields.retryable,
            retry_after_s: fields.retry_after_s,
            http_status: fields.http_status,
            api_code: &fields.api_code,
            api_message: &fields.api_message,
            request_id: &fields.request_id,
            internal_code: fields.internal_code,
            clock: if fields.clock_is_callers {
                "caller"
            } else {
                "system"
            },
            diagnosis: &fields.diagnosis,
            request: fields.request.as_ref().map(|request| Request {
                method: request.method(),
                url: request.url(),
                body_bytes: request.body.len(),
            }),
            response: fields
                .response
                .as_ref()
                .map(|response| answer(fields, response)),
            trace: serde_json::from_str(&fields.trace).ok(),
        };
        serde_json::to_string(&whole).unwrap_or_default()
    }
}

fn answer<'a>(fields: &Fields, response: &'a Message) -> Response<'a> {
    let is_api_error = matches!(
        fields.status,
        Status::ApiError | Status::RateLimited | Status::CertificatesUnavailable
    );
    let cut = response.body.get(..MOST_BODY).unwrap_or(&response.body);
    Response {
        authenticated: false,
        status: response.status(),
        headers: response
            .headers
            .iter()
            .map(|(name, value)| [name, value])
            .collect(),
        body_bytes: fields.response_bytes,
        body: is_api_error.then(|| String::from_utf8_lossy(cut).into_owned()),
        detail: is_api_error.then(|| detail(&response.body)).flatten(),
    }
}

/// Whoever reads the report must be able to parse it: the readers of Python and PHP give up far
/// deeper than any answer of WeChat Pay is. `body` has the text in any case.
const MOST_LEVELS: usize = 32;

/// The member `detail` of an error's body, as it came.
fn detail(body: &[u8]) -> Option<&RawValue> {
    #[derive(serde::Deserialize)]
    struct Body<'a> {
        #[serde(borrow)]
        detail: Option<&'a RawValue>,
    }
    let body: Body<'_> = serde_json::from_slice(body).ok()?;
    body.detail
        .filter(|detail| detail.get().len() <= MOST_BODY && is_readable(detail.get()))
}

/// Whether every parser takes this well-formed text: it may nest too deep, hold half of a surrogate pair, or a number
/// beyond every float, and then many refuse all of it. Not by a parser: a host's thread may have a small stack.
fn is_readable(json: &str) -> bool {
    let (mut rest, mut level) = (json, 0usize);
    while let Some(byte) = rest.bytes().next() {
        let len = match byte {
            b'"' => match string(rest) {
                Some(inner) => inner.len() + 2,
                None => return false,
            },
            b'-' | b'0'..=b'9' => {
                let is_part = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
                let len = rest.bytes().take_while(|byte| is_part(*byte)).count();
                let number = rest.get(..len).and_then(|text| text.parse::<f64>().ok());
                if !number.is_some_and(f64::is_finite) {
                    return false;
                }
                len
            }
            b'[' | b'{' if level == MOST_LEVELS => return false,
            b'[' | b'{' => {
                level += 1;
                1
            }
            b']' | b'}' => {
                level = level.saturating_sub(1);
                1
            }
            _ => 1,
        };
        match rest.get(len..) {
            Some(behind) => rest = behind,
            None => return false,
        }
    }
    true
}

/// What stands between the quotes at the start of `json`, if that is text.
fn string(json: &str) -> Option<&str> {
    let mut escaped = true;
    let end = json.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    let inner = json.get(1..end)?;
    (!inner.contains('\\') || json_string::unescape(inner).is_some()).then_some(inner)
}
