//! Checks `Authorization` as WeChat Pay does, and refuses in the words of its published error table, with
//! `sign_information` for a wrong signature (protocol.md §1.1, §1.2, §4.4).

use super::identity::Identity;
use super::refusal::{Certificate, Refusal, Row};
use super::{log, mistakes, seal};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// 5 minutes, both ways.
const WINDOW_SECONDS: u64 = 300;
/// The real service cuts the body in `truncated_sign_message`; the length stays the full one.
const SHOWN_BODY_BYTES: usize = 64;

/// What is signed of a request; `target` and `body` exactly as they came.
pub struct Request<'a> {
    pub method: &'a str,
    pub target: &'a str,
    pub body: &'a [u8],
    /// `body` and what is not signed of it: the file of an upload
    pub whole_body: &'a [u8],
    pub host: &'a str,
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

/// The nonce of a request whose Authorization holds; else why it does not.
pub fn check(
    identity: &Identity,
    certificate: &Certificate,
    now: i64,
    header: Option<&str>,
    request: &Request<'_>,
) -> Result<String, Refusal> {
    let authorization = parse(header.unwrap_or(""))?;
    if authorization.brand != request.target.starts_with("/brand/") {
        return Err(Refusal::new(
            Row::Scheme,
            "authorization",
            &Value::Null,
            "this path takes the other scheme",
        ));
    }
    if !authorization
        .timestamp
        .parse::<i64>()
        .is_ok_and(|timestamp| timestamp.abs_diff(now) <= WINDOW_SECONDS)
    {
        let value = json!(authorization.timestamp);
        let mut refusal = Refusal::new(
            Row::Timestamp,
            "timestamp",
            &value,
            "more than 5 minutes away",
        );
        refusal.log.push(format!(
            "timestamp {}, the simulator's clock says {now}",
            log::shown(&authorization.timestamp)
        ));
        return Err(refusal);
    }
    let (id_name, id, serial, key) = if authorization.brand {
        (
            "brand_id",
            &identity.brand_id,
            &identity.brand_serial,
            &identity.brand_key,
        )
    } else {
        (
            "mchid",
            &identity.mchid,
            &identity.merchant_serial,
            &identity.merchant_key,
        )
    };
    if authorization.id != *id {
        return Err(Refusal::new(
            Row::NoCertificate,
            id_name,
            &json!(authorization.id),
            "unknown",
        ));
    }
    if !authorization.serial.eq_ignore_ascii_case(serial) {
        return Err(Refusal::new(
            Row::Serial,
            "serial_no",
            &json!(authorization.serial),
            "not the serial of the API certificate",
        ));
    }
    if let Some(refusal) = certificate.refusal() {
        return Err(refusal);
    }
    let message = sign_message(&authorization, request, request.body);
    if seal::verifies(key, &message, &authorization.signature) {
        return Ok(authorization.nonce);
    }
    let shown = sign_message(&authorization, request, cut(request.body));
    let shown = String::from_utf8_lossy(&shown);
    let mut log = vec![
        format!(
            "the string that was verified has {} bytes and the sha256 {}:",
            message.len(),
            mistakes::hex(&Sha256::digest(&message))
        ),
        log::escaped(shown.chars()),
    ];
    if cut(request.body).len() < request.body.len() {
        log.push(format!(
            "(of the body's {} bytes the first {} are shown)",
            request.body.len(),
            cut(request.body).len()
        ));
    }
    let parts = mistakes::Parts {
        method: request.method,
        target: request.target,
        host: request.host,
        timestamp: &authorization.timestamp,
        nonce: &authorization.nonce,
        body: request.body,
        whole_body: request.whole_body,
    };
    log.extend(mistakes::of(key, &authorization.signature, &parts));
    Err(Refusal {
        row: Row::Signature,
        detail: json!({
            "field": "signature",
            "issue": "sign not match",
            "location": "authorization",
            "sign_information": {
                "method": request.method,
                "url": request.target,
                "truncated_sign_message": shown,
                "sign_message_length": message.len(),
            },
        }),
        log,
    })
}

/// The beginning of the body; a character is shown whole or not at all.
fn cut(body: &[u8]) -> &[u8] {
    let Some(mut shown) = body.get(..SHOWN_BODY_BYTES + 1) else {
        return body;
    };
    // The first byte that is left out says whether a character was cut.
    while let Some((last, before)) = shown.split_last() {
        shown = before;
        if last & 0xc0 != 0x80 {
            break;
        }
    }
    shown
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

/// Scheme, one space, then the five fields once each, in any order.
fn parse(header: &str) -> Result<Authorization, Refusal> {
    let malformed = |issue: &str| Refusal::new(Row::Format, "authorization", &Value::Null, issue);
    let Some((scheme, fields)) = header.split_once(' ') else {
        return Err(malformed("missing, or no fields after the scheme"));
    };
    let brand = match scheme {
        "WECHATPAY2-SHA256-RSA2048" => false,
        "WECHATPAY-BRAND-SHA256-RSA2048" => true,
        _ => {
            return Err(Refusal::new(
                Row::Scheme,
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

    fn row(header: &str) -> Option<Row> {
        parse(header).err().map(|refusal| refusal.row)
    }

    #[test]
    fn a_body_is_cut_at_64_bytes_and_between_characters() {
        let of = |text: String| String::from_utf8(cut(text.as_bytes()).to_vec());
        assert_eq!(of("a".repeat(64)), Ok("a".repeat(64)));
        assert_eq!(of("a".repeat(65)), Ok("a".repeat(64)));
        assert_eq!(of("a".repeat(62) + "茶"), Ok("a".repeat(62)));
        assert_eq!(of("a".repeat(61) + "茶b"), Ok("a".repeat(61) + "茶"));
        assert_eq!(of("茶".repeat(30)), Ok("茶".repeat(21)));
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
            assert_eq!(row(&header), Some(Row::Format), "{case}");
        }
        assert_eq!(row(&GOOD.replace("2048", "4096")), Some(Row::Scheme));
        assert_eq!(
            row(&GOOD.replace("WECHATPAY2", "wechatpay2")),
            Some(Row::Scheme)
        );
    }
}
