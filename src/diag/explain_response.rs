//! What an answer means for its request: the verdict, the line of the sign string that differs, and
//! the FAQ's cause.

use serde_json::{Value, json};

use super::worst;
use crate::error::{Cause, Diagnosis, Error, Result, Status, fail};
use crate::http::Message;
use crate::http::headers::readable;
use crate::time::{Now, rfc3339};
use crate::v3::api_error::Sending;
use crate::v3::check::check;
use crate::v3::merchant::Merchant;
use crate::v3::sign_compare::Comparison;
use crate::v3::{internal_code, sign_error};

/// The check of wxpay_client_check on a copy; changes nothing and refreshes nothing.
pub fn explain_response(
    merchant: &Merchant,
    request: &Message,
    response: &Message,
    now: Now,
) -> Result<String> {
    if !request.is_request() || response.is_request() {
        return fail(
            Status::InvalidState,
            "explain_response takes the request that was sent and the response to it.",
        );
    }
    let mut copy = response.clone();
    let sending = Sending {
        written_completely: !response.undecided,
    };
    let error = check(merchant, request, &mut copy, now, sending).err();
    let fields = error.as_ref().map(Error::fields);
    let mut diagnosis = fields.map_or_else(Vec::new, |fields| fields.diagnosis.clone());
    if let Some(taken) = body_was_taken(response) {
        diagnosis.insert(0, taken);
    }
    let skew = sign_error::skew(response, now);
    if let Some(skew) = skew.filter(|skew| sign_error::odd(*skew))
        && diagnosis.iter().all(|one| one.cause != Cause::ClockSkew)
    {
        diagnosis.push(sign_error::clock_skew(skew));
    }
    let request_id = response.headers.get("Request-ID").map(readable);
    let number = request_id.as_deref().and_then(internal_code::number);
    Ok(json!({
        "schema": 1,
        "status": error.as_ref().map_or(Status::Ok, Error::status).code(),
        "verdict": if error.is_some() { "error" } else { worst(&diagnosis) },
        "outcome": fields.map(|fields| fields.outcome as i32),
        "verified": copy.verified as i32,
        "message": fields.map_or("", |fields| &fields.message),
        "hint": fields.map_or("", |fields| &fields.hint),
        "http_status": response.status(),
        "api_code": fields.map_or("", |fields| &fields.api_code),
        "api_message": fields.map_or("", |fields| &fields.api_message),
        "request_id": request_id,
        "internal_code": number,
        "internal_meaning": number.and_then(internal_code::meaning).map(|(english, chinese)| json!([english, chinese])),
        "key_id": &*copy.key_id,
        "clock": {
            "whose": now.clock(),
            "now": rfc3339(now.seconds),
            "server": sign_error::server_time(response).map(rfc3339),
            "skew_s": skew,
            "signed_at": request.signed().map(|signed| rfc3339(signed.timestamp)),
        },
        "sign": sign_error::compared(request, response).as_ref().map(sign),
        "key": {
            "serial_no": merchant.serial,
            "key_sha256": merchant.private_key.as_ref().map(|key| key.public().fingerprint().to_owned()),
            "matches_certificate": sign_error::key_matches(merchant),
            "certificate_not_after": merchant.certificate.as_ref().map(|one| rfc3339(one.not_after)),
        },
        "diagnosis": diagnosis,
    })
    .to_string())
}

/// The comparison as reports print it.
pub fn sign(comparison: &Comparison) -> Value {
    let lines: Vec<Value> = comparison
        .lines
        .iter()
        .map(|line| {
            json!({
                "name": line.name,
                "same": line.same,
                "signed_bytes": line.signed_bytes,
                "verified_bytes": line.verified_bytes,
                "at": line.at,
                "at_of_all": line.at_of_all,
                "signed": line.signed,
                "verified": line.verified,
            })
        })
        .collect();
    json!({
        "same": comparison.findings.is_empty(),
        "complete": comparison.complete,
        "signed_bytes": comparison.signed_bytes,
        "verified_bytes": comparison.verified_bytes,
        "shown_bytes": comparison.shown_bytes,
        "lines": lines,
    })
}

/// `wxpay_error_response` has no body after a failed verification: nothing can be said of it.
fn body_was_taken(response: &Message) -> Option<Diagnosis> {
    let length: usize = response.headers.get("Content-Length")?.parse().ok()?;
    let success = (200..=299).contains(&response.status());
    (success && length > 0 && response.body.is_empty()).then(|| {
        Diagnosis::new(
            Cause::BodyEmpty,
            format!("The message has no body, and its Content-Length is {length}: an error does not keep the body of an answer that did not verify, or the framework has already read it."),
        )
        .cure("Explain the response as it came, before it was checked.")
    })
}
