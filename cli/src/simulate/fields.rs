//! The members of a request: each read with the form the API documents, refused with PARAM_ERROR naming it.

use super::Sim;
use super::answer::{Answer, number};
use serde_json::{Value, json};

pub fn json_object(body: &[u8]) -> Result<Value, Answer> {
    match serde_json::from_slice(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        _ => Err(Answer::parameter(
            "body",
            &Value::Null,
            "The body must be one JSON object in UTF-8.",
            "body",
        )),
    }
}

pub fn same_mchid(sim: &Sim, mchid: &Value, field: &str, location: &str) -> Result<(), Answer> {
    if mchid.as_str() == Some(&sim.identity.mchid) {
        return Ok(());
    }
    Err(Answer::parameter(
        field,
        mchid,
        "mchid must be the one in Authorization.",
        location,
    )
    .number(number::MCHID_ORDER))
}

/// A string of `min` to `max` characters.
pub fn text<'a>(
    request: &'a Value,
    pointer: &str,
    min: usize,
    max: usize,
) -> Result<&'a str, Answer> {
    let value = request.pointer(pointer).unwrap_or(&Value::Null);
    value
        .as_str()
        .filter(|text| (min..=max).contains(&text.chars().count()))
        .ok_or_else(|| {
            Answer::parameter(
                pointer,
                value,
                &format!("must be a string of {min} to {max} characters"),
                "body",
            )
        })
}

/// A merchant's own number: `[0-9A-Za-z_\-|*@]`.
pub fn business_number<'a>(
    request: &'a Value,
    pointer: &str,
    min: usize,
    max: usize,
) -> Result<&'a str, Answer> {
    let number = text(request, pointer, min, max)?;
    if number
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte))
    {
        return Ok(number);
    }
    Err(Answer::parameter(
        pointer,
        &json!(number),
        "may hold digits, letters and _ - | * @ only",
        "body",
    ))
}

/// A whole number of fen, at least 1.
pub fn amount(request: &Value, pointer: &str) -> Result<i64, Answer> {
    let value = request.pointer(pointer).unwrap_or(&Value::Null);
    value.as_i64().filter(|fen| *fen >= 1).ok_or_else(|| {
        Answer::parameter(
            pointer,
            value,
            "must be a whole number of fen, at least 1",
            "body",
        )
    })
}

pub fn currency(request: &Value) -> Result<(), Answer> {
    match request.pointer("/amount/currency") {
        None => Ok(()),
        Some(currency) if currency == "CNY" => Ok(()),
        Some(other) => Err(Answer::parameter(
            "/amount/currency",
            other,
            "must be CNY",
            "body",
        )),
    }
}

pub fn notify_url_form(url: &str) -> Result<(), Answer> {
    if (url.starts_with("https://") || url.starts_with("http://")) && !url.contains(['?', '#']) {
        return Ok(());
    }
    Err(Answer::parameter(
        "/notify_url",
        &json!(url),
        "must be an absolute http or https URL without a query",
        "body",
    ))
}
