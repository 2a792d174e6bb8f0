//! Checks `Authorization` as WeChat Pay does, and answers in the words of its published error table, with
//! `sign_information` for a wrong signature (protocol.md §1.1, §1.2, §4.4).

use super::answer::{Answer, number};
use super::identity::Identity;
use super::seal;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// 5 minutes, both ways.
const WINDOW_SECONDS: u64 = 300;
/// The real service cuts the body to this many bytes in `truncated_sign_message`; the length stays the full one.
const SHOWN_BODY_BYTES: usize = 8;

const FORMAT: &str = "Http header Authorization value format error";
const SCHEME: &str = "Http header Authorization authentication type is incorrect.";
const SERIAL: &str = "The merchant certificate serial number is incorrect.";
const NO_CERTIFICATE: &str = "The merchant has not applied for a certificate.";
const TIMESTAMP: &str = "The timestamp in the Http header Authorization and the time for initiating the request must not exceed 5 minutes";
const SIGNATURE: &str = "Verification failed due to wrong signature";

/// What is signed of a request; `target` and `body` exactly as they came.
pub struct Request<'a> {
    pub method: &'a str,
    pub target: &'a str,
    pub body: &'a [u8],
}

/// A well-formed header, taken apart.
#[derive(Debug)]
struct Authorization {
    brand: bool,
    id: String,
    nonce: String,
    timestamp: String,
    serial: String,
    signature: String,
}

/// The nonce of a request whose Authorization holds; else the answer WeChat Pay gives.
pub fn check(
    identity: &Identity,
    now: i64,
    header: Option<&str>,
    request: &Request<'_>,
) -> Result<String, Answer> {
    let authorization = parse(header.unwrap_or(""))?;
    if authorization.brand != request.target.starts_with("/brand/") {
        return Err(refuse(
            SCHEME,
            "authorization",
            &Value::Null,
            "this path takes the other scheme",
        ));
    }
    let (field, expected) = if authorization.brand {
        ("brand_id", &identity.brand_id)
    } else {
        ("mchid", &identity.mchid)
    };
    if authorization.id != *expected {
        return Err(refuse(
            NO_CERTIFICATE,
            field,
            &json!(authorization.id),
            "unknown",
        ));
    }
    if !authorization
        .serial
        .eq_ignore_ascii_case(&identity.merchant_serial)
    {
        return Err(refuse(
            SERIAL,
            "serial_no",
            &json!(authorization.serial),
            "not the serial of the merchant's certificate",
        ));
    }
    if !authorization
        .timestamp
        .parse::<i64>()
        .is_ok_and(|timestamp| timestamp.abs_diff(now) <= WINDOW_SECONDS)
    {
        return Err(refuse(
            TIMESTAMP,
            "timestamp",
            &json!(authorization.timestamp),
            "more than 5 minutes away",
        ));
    }
    let message = sign_message(&authorization, request, request.body);
    if seal::verifies(&identity.merchant_key, &message, &authorization.signature) {
        return Ok(authorization.nonce);
    }
    let shown = &request.body[..request.body.len().min(SHOWN_BODY_BYTES)];
    let truncated = sign_message(&authorization, request, shown);
    Err(
        Answer::error(StatusCode::UNAUTHORIZED, "SIGN_ERROR", SIGNATURE)
            .number(number::SIGNATURE)
            .detail(json!({
                "field": "signature",
                "issue": "sign not match",
                "location": "authorization",
                "sign_information": {
                    "method": request.method,
                    "url": request.target,
                    "truncated_sign_message": String::from_utf8_lossy(&truncated),
                    "sign_message_length": message.len(),
                },
            })),
    )
}

fn sign_message(authorization: &Authorization, request: &Request<'_>, body: &[u8]) -> Vec<u8> {
    let Request { method, target, .. } = request;
    let Authorization {
        timestamp, nonce, ..
    } = authorization;
    let mut message = format!("{method}\n{target}\n{timestamp}\n{nonce}\n").into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    message
}

fn refuse(message: &str, field: &str, value: &Value, issue: &str) -> Answer {
    Answer::error(StatusCode::UNAUTHORIZED, "SIGN_ERROR", message)
        .number(number::SIGNATURE)
        .detail(
            json!({"field": field, "value": value, "issue": issue, "location": "authorization"}),
        )
}

/// Scheme, one space, then the five fields once each, in any order.
fn parse(header: &str) -> Result<Authorization, Answer> {
    let malformed = |issue: &str| refuse(FORMAT, "authorization", &Value::Null, issue);
    let Some((scheme, fields)) = header.split_once(' ') else {
        return Err(malformed("missing, or no fields after the scheme"));
    };
    let brand = match scheme {
        "WECHATPAY2-SHA256-RSA2048" => false,
        "WECHATPAY-BRAND-SHA256-RSA2048" => true,
        _ => {
            return Err(refuse(
                SCHEME,
                "authorization",
                &json!(scheme),
                "unknown scheme",
            ));
        }
    };
    let id_name = if brand { "brand_id" } else { "mchid" };
    let names = [id_name, "nonce_str", "timestamp", "serial_no", "signature"];
    let mut found: [Option<&str>; 5] = [None; 5];
    for field in fields.split(',') {
        // A value ends at its own quote, so `=` may stand inside: base64 needs that.
        let (name, value) = field
            .trim()
            .split_once('=')
            .and_then(|(name, quoted)| Some((name, quoted.strip_prefix('"')?.strip_suffix('"')?)))
            .ok_or_else(|| malformed("every field must be name=\"value\""))?;
        let slot = names
            .iter()
            .position(|known| *known == name)
            .and_then(|at| found.get_mut(at))
            .ok_or_else(|| malformed(&format!("unknown field {name:?}")))?;
        if value.is_empty() || value.contains('"') || slot.replace(value).is_some() {
            return Err(malformed(&format!("{name} is empty or given twice")));
        }
    }
    let [
        Some(id),
        Some(nonce),
        Some(timestamp),
        Some(serial),
        Some(signature),
    ] = found
    else {
        return Err(malformed(&format!("needs {}", names.join(", "))));
    };
    if !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed("timestamp must be Unix seconds"));
    }
    Ok(Authorization {
        brand,
        id: id.to_owned(),
        nonce: nonce.to_owned(),
        timestamp: timestamp.to_owned(),
        serial: serial.to_owned(),
        signature: signature.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"WECHATPAY2-SHA256-RSA2048 mchid="M",nonce_str="N",timestamp="1",serial_no="S",signature="ab=""#;

    fn message(header: &str) -> String {
        parse(header)
            .err()
            .and_then(|answer| answer.body)
            .map_or(String::new(), |body| {
                body["message"].as_str().unwrap_or("").to_owned()
            })
    }

    #[test]
    fn the_five_fields_come_in_any_order_once_each() {
        let parsed = parse(GOOD)
            .ok()
            .map(|a| (a.id, a.nonce, a.timestamp, a.serial, a.signature, a.brand));
        let want = |brand| {
            Some((
                "M".into(),
                "N".into(),
                "1".into(),
                "S".into(),
                "ab=".into(),
                brand,
            ))
        };
        assert_eq!(parsed, want(false));
        let other = r#"WECHATPAY-BRAND-SHA256-RSA2048 signature="ab=", serial_no="S",brand_id="M",timestamp="1",nonce_str="N""#;
        assert_eq!(
            parse(other)
                .ok()
                .map(|a| (a.id, a.nonce, a.timestamp, a.serial, a.signature, a.brand)),
            want(true)
        );
        for (case, header) in [
            ("empty", String::new()),
            ("scheme alone", "WECHATPAY2-SHA256-RSA2048".to_owned()),
            ("a field less", GOOD.replace(r#",signature="ab=""#, "")),
            ("twice", format!("{GOOD},mchid=\"M\"")),
            ("unknown", format!("{GOOD},other=\"M\"")),
            ("unquoted", GOOD.replace("\"M\"", "M")),
            ("empty value", GOOD.replace("\"M\"", "\"\"")),
            ("timestamp", GOOD.replace("\"1\"", "\"x\"")),
            (
                "brand field under the merchant scheme",
                GOOD.replace("mchid", "brand_id"),
            ),
        ] {
            assert_eq!(message(&header), FORMAT, "{case}");
        }
        assert_eq!(message(&GOOD.replace("2048", "4096")), SCHEME);
        assert_eq!(message(&GOOD.replace("WECHATPAY2", "wechatpay2")), SCHEME);
    }
}
