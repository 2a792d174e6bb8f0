//! From the bytes that came back to a verdict: verified, not signed by design, an error of
//! WeChat Pay, or something that proves nothing. Sets `verified` on the response and decides the
//! outcome (safety.md S1, S2, S10).

use super::api_error::{Sending, api_error};
use super::exempt::is_unsigned_by_design;
use super::merchant::Merchant;
use super::prepare::of_v2;
use super::sign_error;
use super::unverified::explained;
use super::verify::verify;
use crate::error::{Error, Outcome, Result, Status, fail};
use crate::http::headers::readable;
use crate::http::{Message, Verified, target};
use crate::text::Text;
use crate::time::Now;

/// `request` is the prepared message that `response` answers.
pub fn check(
    merchant: &Merchant,
    request: &Message,
    response: &mut Message,
    now: Now,
    sending: Sending,
) -> Result<()> {
    // What an earlier check found must not outlive this one.
    response.verified = Verified::NotChecked;
    response.key_id = Text::default();
    if response.is_request() || !request.is_request() {
        return fail(
            Status::InvalidState,
            "check takes the request that was sent and the response to it.",
        );
    }
    if request.v2.is_some() {
        return Err(of_v2());
    }
    let http_status = response.status();
    if let Some(id) = response.headers.get("Request-ID") {
        response.request_id = Text::new(id);
    }
    if !(200..=299).contains(&http_status) {
        response.verified = Verified::ErrorAnswer;
        let mut error = api_error(response, sending);
        sign_error::diagnose(&mut error, merchant, request, response, now);
        return Err(error);
    }
    let target = target(request.url())?;
    // An exempt answer that carries a signature all the same is verified like any other.
    if is_unsigned_by_design(request.method(), &target, http_status)
        && response.headers.get("Wechatpay-Signature").is_none()
    {
        response.verified = Verified::NotSignedByDesign;
        return Ok(());
    }
    let keys = merchant.ring.keys();
    match verify(
        &response.headers,
        &response.body,
        &keys,
        now,
        merchant.clock_tolerance_s,
    ) {
        Ok(genuine) => {
            response.verified = Verified::Signature;
            response.key_id = Text::new(&genuine.key.id);
        }
        Err(error) => {
            let error = explained(
                error,
                merchant,
                &keys,
                &response.headers,
                &response.body,
                now,
            );
            return Err(unverified(error, response, sending));
        }
    }
    if matches!(http_status, 200 | 204) && sending.written_completely {
        return Ok(());
    }
    Err(unexpected(response))
}

/// A complete 2xx that did not verify proves nothing: the order must be queried (S2).
fn unverified(mut error: Error, response: &Message, sending: Sending) -> Error {
    let fields = error.fields_mut();
    fields.http_status = response.status();
    fields.request_id = readable(&response.request_id);
    fields.hint = format!("Query the order; do not deliver. {}", fields.hint);
    fields.outcome = if sending.written_completely {
        Outcome::DoneUnverified
    } else {
        Outcome::Unknown
    };
    error
}

fn unexpected(response: &Message) -> Error {
    let mut error = Error::new(
        Status::ApiUnexpectedResponse,
        format!("A signed HTTP {} is not a final answer.", response.status()),
    );
    error.fields_mut().http_status = response.status();
    error.fields_mut().request_id = readable(&response.request_id);
    error
}
