//! WeChat Pay's answers about signatures: the texts of its signing FAQ in both languages, and
//! `sign_information`, compared with what the caller says was signed.

use serde_json::Value;

use super::plain::Plain;
use crate::diag::explain_response;
use crate::error::{Cause, Diagnosis};
use crate::http::headers::readable;
use crate::v3::sign_compare::compare;
use crate::v3::sign_faq;
use crate::v3::sign_information::{NAMES, SignInformation};

pub struct Found {
    pub diagnosis: Vec<Diagnosis>,
    /// The comparison, when there was something to compare.
    pub sign: Option<Value>,
}

pub fn read(text: &str, plain: &Plain, signed: Option<&[u8]>) -> Option<Found> {
    let row = |cause: Cause| Diagnosis::new(cause, cause.row().en);
    let faq = sign_faq::ROWS
        .iter()
        .find(|row| row.texts.iter().any(|text| plain.has(text)))
        .map(|row| row.cause)
        .or_else(|| plain.has("SIGN_ERROR").then_some(Cause::SignatureWrong));
    let exact = faq.filter(|cause| *cause != Cause::SignatureWrong);
    let information = information(text);
    if let (None, Some(information)) = (exact, &information) {
        let Some(signed) = signed else {
            let found = Diagnosis::new(Cause::SignatureWrong, verified(information));
            return Some(Found {
                diagnosis: vec![found],
                sign: None,
            });
        };
        let mut comparison = compare(signed, information);
        let sign = Some(explain_response::sign(&comparison));
        if comparison.findings.is_empty() {
            let mut found = row(Cause::SignWrongKey);
            found.text.push_str(comparison.reservation());
            comparison.findings.push(found);
        }
        return Some(Found {
            diagnosis: comparison.findings,
            sign,
        });
    }
    faq.map(|cause| Found {
        diagnosis: vec![row(cause)],
        sign: None,
    })
}

/// From an answer as it came, or with its quotes escaped, as logs print it.
fn information(text: &str) -> Option<SignInformation> {
    let at = text.find("sign_information")?;
    let piece = &text[at..];
    let object = &piece[piece.find('{')?..];
    SignInformation::of_json(object).or_else(|| {
        let plain = object.replace("\\\"", "\"").replace("\\\\", "\\");
        SignInformation::of_json(&plain)
    })
}

/// What to compare with, for who has not given what was signed.
fn verified(information: &SignInformation) -> String {
    let lines: Vec<String> = information
        .head()
        .iter()
        .zip(NAMES)
        .filter_map(|(line, name)| {
            let (line, whole) = (*line)?;
            let text = readable(&String::from_utf8_lossy(line));
            Some(format!("{name} {text}{}", if whole { "" } else { "…" }))
        })
        .collect();
    let body = information
        .body_bytes()
        .map_or_else(String::new, |bytes| format!(", a body of {bytes} bytes"));
    let length = information
        .length
        .map_or_else(String::new, |bytes| format!(", {bytes} bytes in all"));
    if lines.is_empty() {
        return format!(
            "WeChat Pay received {} {}{length}; the signature is not over that.",
            readable(&information.method),
            readable(&information.url)
        );
    }
    format!(
        "WeChat Pay verified: {}{body}{length}. The signature is not over that: compare each with what was signed.",
        lines.join(", ")
    )
}
