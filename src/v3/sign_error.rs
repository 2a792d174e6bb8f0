//! What an error answer about signatures means: WeChat Pay's text, its `sign_information` beside
//! what was signed, the key, the clocks, and the number in Request-ID. Adds to an error; decides
//! no outcome.

use std::time::UNIX_EPOCH;

use super::merchant::Merchant;
use super::prepare::is_signed_by;
use super::sign_compare::{Comparison, compare};
use super::sign_information::SignInformation;
use super::{internal_code, sign_faq};
use crate::error::{Cause, Diagnosis, Error, Severity};
use crate::http::Message;
use crate::time::{Now, rfc3339};

/// Above this the server refuses every signature.
const SKEW_REFUSED_S: i64 = 300;
/// Above this it is worth a word.
const SKEW_ODD_S: i64 = 30;

/// `error` is that of `response`, an error answer to `request`.
pub fn diagnose(
    error: &mut Error,
    merchant: &Merchant,
    request: &Message,
    response: &Message,
    now: Now,
) {
    let fields = error.fields();
    let about_signature = fields.http_status == 401 || fields.api_code == "SIGN_ERROR";
    let faq = sign_faq::cause_of(&fields.api_code, &fields.api_message);
    let mut found = Vec::new();
    if about_signature || faq.is_some() {
        found = signature(merchant, request, response, faq, now);
        let skew = skew(response, now);
        let of_time = faq == Some(Cause::TimestampTooFar);
        found.extend(
            skew.filter(|skew| of_time || skew.abs() > SKEW_ODD_S)
                .map(clock_skew),
        );
    }
    let meaning = fields
        .internal_code
        .and_then(|number| Some((number, internal_code::meaning(number)?)));
    let fields = error.fields_mut();
    if let Some(first) = found.first() {
        if faq != Some(first.cause) {
            fields.message = format!("{} {}", fields.message, first.text);
        }
        fields.hint.clone_from(&first.cure);
    }
    found.extend(meaning.map(|(number, (english, chinese))| {
        Diagnosis::new(
            Cause::InternalNumber,
            format!("{number}: {english} ({chinese})"),
        )
    }));
    fields.diagnosis.extend(found);
}

fn signature(
    merchant: &Merchant,
    request: &Message,
    response: &Message,
    faq: Option<Cause>,
    now: Now,
) -> Vec<Diagnosis> {
    let row = |cause: Cause| Diagnosis::new(cause, cause.row().en);
    match faq {
        Some(cause) if cause != Cause::SignatureWrong => return vec![row(cause)],
        _ => {}
    }
    match compared(request, response) {
        Some(comparison) if comparison.findings.is_empty() => {
            let mut found = key(merchant, request, now);
            found.text.push_str(comparison.reservation());
            vec![found]
        }
        Some(comparison) => comparison.findings,
        None => faq.map(row).into_iter().collect(),
    }
}

/// What was signed beside what WeChat Pay verified, when both are known.
pub fn compared(request: &Message, response: &Message) -> Option<Comparison> {
    let signed = request.signed()?;
    let information = SignInformation::of_answer(&response.body)?;
    Some(compare(&signed.to_sign, &information))
}

/// Do the private key and the configured certificate belong together? None: one is not here.
pub fn key_matches(merchant: &Merchant) -> Option<bool> {
    let key = merchant.private_key.as_ref()?;
    let certificate = merchant.certificate.as_ref()?;
    Some(certificate.public.same_key(key.public()))
}

/// The strings are equal: what is left is the key.
fn key(merchant: &Merchant, request: &Message, now: Now) -> Diagnosis {
    let serial = &merchant.serial;
    let equal = "All lines are equal to those that WeChat Pay verified";
    // A caller who signs outside may put the header into his own transport only.
    if request.headers.has_http("Authorization") && !is_signed_by(merchant, request) {
        return Diagnosis::new(
            Cause::SignWrongKey,
            format!("{equal}. The request was signed as another merchant or with another certificate than this client has ({serial}), so nothing can be said of the key."),
        )
        .cure("Explain it with the client that signed it.");
    }
    match (key_matches(merchant), &merchant.certificate) {
        (Some(false), _) => Diagnosis::new(
            Cause::SignKeyCertMismatch,
            format!("{equal}, and the private key is not the one of the merchant certificate {serial}."),
        ),
        (Some(true), Some(certificate)) if certificate.not_after < now.seconds => Diagnosis::new(
            Cause::MerchantCertificateExpired,
            format!("{equal}. The merchant certificate {serial} expired on {}.", rfc3339(certificate.not_after)),
        ),
        (Some(true), _) => Diagnosis::new(
            Cause::SignWrongKey,
            format!("{equal}. The private key is the one of the configured certificate {serial}: so WeChat Pay has another certificate under this serial or mchid, or the signature was changed on the way."),
        )
        .cure("Compare the serial and the state of the certificate with the merchant platform (API security), under this very mchid."),
        (None, _) => Diagnosis::new(
            Cause::SignWrongKey,
            format!(
                "{equal}, so the signature was made with a key that is not the private key of the certificate {serial}{}.",
                merchant.private_key.as_ref().map_or_else(
                    || " (external_signer)".to_owned(),
                    |key| format!(" (the key's public half has SHA-256 {})", key.public().fingerprint()),
                )
            ),
        ),
    }
}

/// Unix seconds of the header Date.
pub fn server_time(response: &Message) -> Option<i64> {
    let date = httpdate::parse_http_date(response.headers.get("Date")?).ok()?;
    let since = date.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// How far this clock is ahead of the server's. Told, never used.
pub fn skew(response: &Message, now: Now) -> Option<i64> {
    now.seconds.checked_sub(server_time(response)?)
}

/// Worth a word when it is this far.
pub fn odd(skew: i64) -> bool {
    skew.abs() > SKEW_ODD_S
}

pub fn clock_skew(skew: i64) -> Diagnosis {
    let refused = skew.abs() > SKEW_REFUSED_S;
    let text = match skew {
        0 => "This clock agrees with the server's: the timestamp was old when it arrived, or was not taken from this clock.".to_owned(),
        _ => format!(
            "This clock is {} seconds {} the server's{}.",
            skew.abs(),
            if skew > 0 { "ahead of" } else { "behind" },
            if refused { ": every request is refused" } else { "" },
        ),
    };
    Diagnosis::new(Cause::ClockSkew, text).severity(if refused {
        Severity::Error
    } else {
        Severity::Warning
    })
}
