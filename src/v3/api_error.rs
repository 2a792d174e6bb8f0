//! Answers that are not a 2xx: what WeChat Pay said, and whether it proves that nothing happened
//! (safety.md S2). Errors are not signed, so they are believed only as far as S2 goes.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{internal_code, sign_faq};
use crate::error::{Error, Outcome, Status};
use crate::http::Message;
use crate::http::headers::{readable, shown};

/// How the request went out; `check` knows only what its caller tells by calling it.
#[derive(Clone, Copy, Debug)]
pub struct Sending {
    /// The answer began only after the last byte of the request was written.
    pub written_completely: bool,
}

/// Codes that say "I do not know" or "it may have happened".
const UNDECIDED: &[&str] = &["SYSTEM_ERROR", "ACCEPT", "USERPAYING", "ALREADY_EXISTS"];

/// The error for a response whose status is not 2xx.
pub fn api_error(response: &Message, sending: Sending) -> Error {
    let http_status = response.status();
    let request_id = response
        .headers
        .get("Request-ID")
        .map(readable)
        .unwrap_or_default();
    let body = parse(&response.body);
    let mut error = match &body {
        Some(answer) if (400..600).contains(&http_status) => {
            described(http_status, answer, &request_id)
        }
        _ => Error::new(
            Status::ApiUnexpectedResponse,
            format!(
                "HTTP {http_status} with a body of {} bytes that is not WeChat Pay's error form{}.",
                response.body.len(),
                if response.body.starts_with(b"<") {
                    " (HTML or XML: a proxy or captive portal answers)"
                } else {
                    ""
                },
            ),
        ),
    };
    let fields = error.fields_mut();
    fields.http_status = http_status;
    let code = body.as_ref().map_or("", |answer| answer.code.as_str());
    let rejected = is_rejected(http_status, code, &request_id, sending);
    fields.api_code = readable(code);
    fields.api_message = body
        .as_ref()
        .map(|answer| readable(&answer.message()))
        .unwrap_or_default();
    fields.internal_code = internal_code::number(&request_id);
    fields.request_id = request_id;
    fields.retry_after_s = response
        .headers
        .get("Retry-After")
        .and_then(|value| value.parse().ok())
        .or((http_status == 429).then_some(1));
    if rejected {
        fields.outcome = Outcome::Rejected;
    }
    fields.retryable = http_status == 429 && fields.outcome == Outcome::Rejected;
    error
}

/// All of it must hold (S2); a stripped Request-ID or a proxy's page leaves the outcome unknown.
fn is_rejected(http_status: u16, code: &str, request_id: &str, sending: Sending) -> bool {
    (400..=499).contains(&http_status)
        && !matches!(http_status, 408 | 409)
        && decides(code)
        && !request_id.is_empty()
        && sending.written_completely
}

/// A word, and none of those that leave it open, in whatever case.
fn decides(code: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (1..=64).contains(&code.len())
        && code.bytes().all(word)
        && !UNDECIDED.iter().any(|open| open.eq_ignore_ascii_case(code))
}

/// Two members of one name are no answer: nobody knows which of them counts. Members of any form
/// are kept as text: a `Value` of foreign bytes can nest deeper than a thread's stack is.
#[derive(Deserialize)]
struct Answer<'a> {
    code: String,
    #[serde(borrow, default)]
    message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    detail: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Detail {
    field: String,
}

impl Answer<'_> {
    fn message(&self) -> String {
        self.message
            .and_then(|raw| serde_json::from_str(raw.get()).ok())
            .unwrap_or_default()
    }

    fn field(&self) -> Option<String> {
        let detail: Detail = serde_json::from_str(self.detail?.get()).ok()?;
        Some(detail.field)
    }
}

/// An error of WeChat Pay has some hundred bytes; larger ones are not read.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A JSON object with a non-empty string `code`.
fn parse(body: &[u8]) -> Option<Answer<'_>> {
    // serde would take an array for a struct, member by member.
    if body.len() > MOST_BYTES || body.trim_ascii_start().first() != Some(&b'{') {
        return None;
    }
    crate::memory::foresee(body.len()).ok()?;
    // Of members that nobody asked for, from_slice takes bytes that are no text, which JSON is.
    let answer: Answer<'_> = serde_json::from_str(std::str::from_utf8(body).ok()?).ok()?;
    (!answer.code.is_empty()).then_some(answer)
}

fn described(http_status: u16, answer: &Answer<'_>, request_id: &str) -> Error {
    let status = if http_status == 429 {
        Status::RateLimited
    } else {
        Status::ApiError
    };
    let at = answer
        .field()
        .map(|field| format!(" at {}", shown(&field)))
        .unwrap_or_default();
    let message = format!(
        "WeChat Pay answered {http_status} {}{at}: {} (Request-ID {}).",
        shown(&answer.code),
        readable(&answer.message()),
        if request_id.is_empty() {
            "missing"
        } else {
            request_id
        },
    );
    Error::new(status, message).hint(hint(http_status, &answer.code, &answer.message()))
}

/// What a person does next, by the signing FAQ's table and the documented codes.
fn hint(http_status: u16, code: &str, message: &str) -> String {
    if let Some(cause) = sign_faq::cause_of(code, message) {
        return cause.row().cure.to_owned();
    }
    match (http_status, code) {
        (401, _) => "The signature or its certificate was refused: check mchid, merchant_serial and private_key; wxpay_explain_request shows what was signed.".to_owned(),
        (429, _) => "Wait, then send the same request with the same business numbers.".to_owned(),
        (403, _) => "The merchant lacks this permission or product; see the merchant platform.".to_owned(),
        (404, _) => "No such order or resource under this merchant: check mchid and the number.".to_owned(),
        (500.., _) => "Query the order, or send the same request with the same business numbers; never with new ones.".to_owned(),
        _ => "Correct the request as the message says.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Body;

    #[test]
    fn a_refusal_that_is_not_utf_8_is_no_json_and_decides_nothing() {
        let whole = "{\"code\":\"PARAM_ERROR\",\"detail2\":\"参\"}".as_bytes();
        let outcome = |body: &[u8]| {
            let mut response = Message::response(400, Body::new(body.to_vec()));
            response.headers.push("Request-ID", "08F78BB8-268443699");
            let written_completely = true;
            api_error(&response, Sending { written_completely })
                .fields()
                .outcome
        };
        assert_eq!(outcome(whole), Outcome::Rejected);
        let place = whole.windows(3).position(|three| three == "参".as_bytes());
        let mut cut = whole.to_vec();
        cut.remove(place.unwrap() + 2);
        assert_eq!(outcome(&cut), Outcome::Unknown);
    }
}
