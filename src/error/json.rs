//! All fields of an error as one JSON object. What was not authenticated is marked so, bodies are
//! cut, and after a failed verification no body is handed out at all (design.md §4).

use serde_json::{Value, json};

use super::{Error, Outcome, Status};
use crate::http::Message;

/// API error bodies beyond this are cut.
const MOST_BODY: usize = 64 * 1024;

impl Error {
    pub fn to_json(&self) -> String {
        let fields = self.fields();
        json!({
            "schema": 1,
            "status": fields.status.code(),
            "name": fields.status.row().name,
            "message": fields.message,
            "hint": fields.hint,
            "outcome": fields.outcome as i32,
            "outcome_name": match fields.outcome {
                Outcome::Unknown => "UNKNOWN",
                Outcome::NotSent => "NOT_SENT",
                Outcome::Rejected => "REJECTED",
                Outcome::DoneUnverified => "DONE_UNVERIFIED",
            },
            "retryable": fields.retryable,
            "retry_after_s": fields.retry_after_s,
            "http_status": fields.http_status,
            "api_code": fields.api_code,
            "api_message": fields.api_message,
            "request_id": fields.request_id,
            "clock": if fields.clock_is_callers { "caller" } else { "system" },
            "diagnosis": fields.diagnosis.iter().map(|one| json!({
                "id": one.id, "severity": "error", "text": one.text, "cure": one.cure,
            })).collect::<Vec<_>>(),
            "request": fields.request.as_ref().map(|request| json!({
                "method": request.method(), "url": request.url(), "body_bytes": request.body.len(),
            })),
            "response": fields.response.as_ref().map(|response| response_json(fields.status, response)),
            "trace": serde_json::from_str::<Value>(&fields.trace).unwrap_or(Value::Null),
        })
        .to_string()
    }
}

fn response_json(status: Status, response: &Message) -> Value {
    let headers: Vec<[&str; 2]> = response
        .headers
        .iter()
        .map(|(name, value)| [&**name, &**value])
        .collect();
    let mut out = json!({
        "authenticated": false,
        "status": response.status(),
        "headers": headers,
        "body_bytes": response.body.len(),
    });
    if matches!(
        status,
        Status::ApiError | Status::RateLimited | Status::CertificatesUnavailable
    ) {
        let cut = &response.body[..response.body.len().min(MOST_BODY)];
        out["body"] = Value::from(String::from_utf8_lossy(cut));
        out["detail"] = serde_json::from_slice::<Value>(&response.body)
            .ok()
            .and_then(|mut body| body.get_mut("detail").map(Value::take))
            .unwrap_or(Value::Null);
    }
    out
}
