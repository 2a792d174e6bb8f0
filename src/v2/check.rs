//! From the bytes that came back to fields that can be relied on, or to an error that says what is
//! known about the request (safety.md S2, S8, S26). Sets `verified` on the response.

use super::fields::Fields;
use super::paths::{self, APPID_NAMES, MCHID_NAMES};
use super::xml::{self, Rules};
use super::{codes, keys, mchid, names, sign};
use crate::error::{Error, Outcome, Result, Status, fail};
use crate::http::headers::{readable, shown};
use crate::http::{Message, V2, V2SignType, Verified};
use crate::secret::Zeroizing;
use crate::text::Text;
use crate::v3::api_error::{Sending, api_error};
use crate::v3::merchant::Merchant;

/// The fields as a flat JSON object, as they came, `sign` among them; `{}` for a bill, whose bytes
/// are the response's body. Without a request it is a notification, which must be signed; what it
/// reports may be a failure (`result_code`).
pub fn check(
    merchant: &Merchant,
    request: Option<&Message>,
    response: &mut Message,
    sending: Sending,
) -> Result<Zeroizing<String>> {
    // What an earlier check found must not outlive this one.
    response.verified = Verified::NotChecked;
    response.key_id = Text::default();
    let keys_set = keys(merchant)?;
    let own = mchid(merchant)?;
    let Some(request) = request else {
        let fields = read(response, Rules::Signed)?;
        signed(&fields, merchant.api_v2_sign_type, keys_set)?;
        concerns(&fields, own, &[])?;
        notifies(&fields)?;
        response.verified = Verified::Signature;
        return Ok(fields.to_json());
    };
    let asked = prepared(request, response, own)?;
    if let Some(id) = response.headers.get("Request-ID") {
        response.request_id = Text::new(id);
    }
    let checked = answer(merchant, asked, response, sending);
    checked.map_err(|mut error| {
        let fields = error.fields_mut();
        fields.http_status = response.status();
        fields.request_id = readable(&response.request_id);
        error
    })
}

/// What `prepare` noted on the request.
fn prepared<'a>(request: &'a Message, response: &Message, own: &str) -> Result<&'a V2> {
    let (Some(asked), false) = (&request.v2, response.is_request()) else {
        return fail(
            Status::InvalidState,
            "v2_check takes the message from wxpay_v2_prepare and the response to it.",
        )
        .map_err(|error| error.hint("For a notification pass no request."));
    };
    if asked.mchid != own {
        return fail(
            Status::InvalidState,
            format!(
                "The request was prepared by a client of {}, this is one of {own}.",
                asked.mchid
            ),
        );
    }
    Ok(asked)
}

fn answer(
    merchant: &Merchant,
    asked: &V2,
    response: &mut Message,
    sending: Sending,
) -> Result<Zeroizing<String>> {
    if response.status() != 200 {
        response.verified = Verified::ErrorAnswer;
        let mut error = api_error(response, sending);
        // v3's proof that nothing happened is no proof about v2 (S2).
        error.fields_mut().outcome = Outcome::Unknown;
        error.fields_mut().retryable = false;
        return Err(error);
    }
    if paths::is_file(&asked.path) && !begins_with_markup(&response.body) {
        if response.body.is_empty() {
            return Err(unexpected("The file has no content."));
        }
        complete(sending)?;
        response.verified = Verified::NotSignedByDesign;
        return Ok(Zeroizing::new("{}".to_owned()));
    }
    let in_json = paths::answers_in_json(&asked.path) && response.body.starts_with(b"{");
    let unsigned = paths::is_signless(&asked.path);
    let mut fields = if in_json {
        from_json(&response.body)?
    } else {
        let rules = if unsigned {
            Rules::Unsigned
        } else {
            Rules::Signed
        };
        read(response, rules)?
    };
    // A sign where none is due is checked all the same, and by the strict rules.
    let unsigned = unsigned && fields.get("sign").is_none();
    if !unsigned && !in_json {
        fields = read(response, Rules::Signed)?;
    }
    if fields
        .get("return_code")
        .is_some_and(|code| code != "SUCCESS")
    {
        response.verified = Verified::ErrorAnswer;
        return Err(not_taken(&fields, &asked.path));
    }
    let verified = if unsigned {
        Verified::NotSignedByDesign
    } else {
        signed(&fields, asked.sign_type, keys(merchant)?)?;
        Verified::Signature
    };
    concerns(&fields, &asked.mchid, &asked.appids)?;
    match fields.get("result_code") {
        Some("SUCCESS") => {}
        None if paths::moves_money(&asked.path) => {
            return Err(unexpected(
                "The answer has no result_code: it does not say that it was done.",
            ));
        }
        None => {}
        Some("FAIL") => {
            response.verified = Verified::ErrorAnswer;
            return Err(refused(&fields, sending));
        }
        Some(other) => {
            return Err(unexpected(&format!(
                "result_code is \"{}\", neither SUCCESS nor FAIL.",
                shown(other)
            )));
        }
    }
    if in_json && fields.get("access_token").is_none() {
        let said = fields.get("retmsg").or_else(|| fields.get("errmsg"));
        return Err(unexpected(&format!(
            "The answer has no access_token: {}.",
            readable(said.unwrap_or("it does not say why"))
        )));
    }
    if fields.get("return_code").is_none() && !in_json {
        return Err(unexpected("The answer has no return_code."));
    }
    complete(sending)?;
    response.verified = verified;
    Ok(fields.to_json())
}

fn read(response: &Message, rules: Rules) -> Result<Fields> {
    xml::read("xml", &response.body, rules).map_err(|error| {
        error.hint("Query the order before anything is sent again. A proxy may have answered, or changed the answer; a notification must be passed as it was received.")
    })
}

fn from_json(body: &[u8]) -> Result<Fields> {
    match std::str::from_utf8(body) {
        Ok(text) => Fields::from_json(text)
            .map_err(|error| unexpected(&format!("The answer: {}", error.fields().message))),
        Err(_) => Err(unexpected("The answer is neither XML nor JSON in UTF-8.")),
    }
}

/// The sign is there once (a second would have been refused with the XML), of our algorithm, and
/// right; and no other message could have the same.
fn signed(fields: &Fields, sign_type: V2SignType, keys: &[crate::secret::Secret]) -> Result<()> {
    let Some(sign) = fields.get("sign").filter(|sign| !sign.is_empty()) else {
        let error = Error::new(Status::SignatureInvalid, "The message has no sign.");
        return Err(if fields.get("req_info").is_some() {
            error.hint("This is a refund notification, which is not signed: pass its req_info to wxpay_v2_refund_open, and query the refund.")
        } else {
            error.hint("Act on nothing that it says: query the order.")
        });
    };
    if let Some(ambiguous) = names::is_ambiguous(fields) {
        return Err(ambiguous);
    }
    let hex = sign.bytes().all(|byte| byte.is_ascii_hexdigit());
    let other = match sign_type {
        V2SignType::Md5 => V2SignType::HmacSha256,
        V2SignType::HmacSha256 => V2SignType::Md5,
    };
    if hex && sign.len() == sign::digits(other) {
        return fail(
            Status::UnsupportedAlgorithm,
            format!(
                "The message is signed with {}, but {} is expected.",
                other.name(),
                sign_type.name()
            ),
        )
        .map_err(|error| error.hint("The algorithm is yours to choose: set api_v2_sign_type, or pass sign_type to wxpay_v2_prepare. What is signed otherwise is not accepted."));
    }
    if !hex || sign.len() != sign::digits(sign_type) {
        return fail(
            Status::SignatureInvalid,
            format!(
                "sign has {} characters; {} is {} hex digits.",
                sign.chars().count(),
                sign_type.name(),
                sign::digits(sign_type)
            ),
        );
    }
    if sign::verify(sign_type, keys, fields, sign)? {
        return Ok(());
    }
    fail(
        Status::SignatureInvalid,
        "The sign is not that of the fields under api_v2_key.",
    )
    .map_err(|error| error.hint("Pass the body exactly as it was received, and check api_v2_key (not the APIv3 key). Until it verifies, query the order and act on that answer alone."))
}

/// The signature does not say for whom a message is: a platform's merchants may share a key (S26).
fn concerns(fields: &Fields, own: &str, appids: &[(String, String)]) -> Result<()> {
    let mchids = MCHID_NAMES.iter().map(|name| (*name, own));
    let appids = appids
        .iter()
        .filter(|(name, _)| APPID_NAMES.contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, want) in mchids.chain(appids) {
        match fields.get(name) {
            Some(have) if !have.is_empty() && have != want => {
                return fail(
                    Status::ApiUnexpectedResponse,
                    format!(
                        "MCH_MISMATCH: {name} is \"{}\", not \"{}\".",
                        shown(have),
                        shown(want)
                    ),
                )
                .map_err(|error| error.hint("MCH_MISMATCH: the message concerns somebody else. Query the order with the client of the right merchant."));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What merchants sign for a browser, an app or a QR code has one of these; WeChat Pay's
/// notifications have none of them without a return_code.
const SIGNED_FOR_BUYERS: &[&str] = &[
    "package",
    "partnerid",
    "plan_id",
    "send_coupon_merchant",
    "timeStamp",
    "time_stamp",
    "timestamp",
];

/// The key of v2 is the same in both directions: what the merchant signed for a buyer to see
/// verifies too, and a buyer can send it back.
fn notifies(fields: &Fields) -> Result<()> {
    let has = |name: &str| fields.get(name).is_some_and(|value| !value.is_empty());
    if has("return_code") {
        return Ok(());
    }
    match SIGNED_FOR_BUYERS.iter().find(|name| has(name)) {
        None => Ok(()),
        Some(name) => fail(
            Status::ApiUnexpectedResponse,
            format!("The notification has {name} and no return_code."),
        )
        .map_err(|error| error.hint("So does what you sign for a buyer's browser, with the same key: somebody may have sent that back. Act on nothing that it says: query the order.")),
    }
}

/// An error is XML, even behind blanks or a byte order mark; a bill never begins so.
fn begins_with_markup(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.trim_ascii_start().starts_with(b"<")
}

/// `return_code` is not SUCCESS: nobody signs that, so it proves nothing.
fn not_taken(fields: &Fields, path: &str) -> Error {
    let code = fields.get("return_code").unwrap_or("");
    let said = fields
        .get("return_msg")
        .or_else(|| fields.get("retmsg"))
        .unwrap_or("");
    let mut error = Error::new(
        Status::ApiError,
        format!(
            "WeChat Pay answered return_code {}: {}.",
            shown(code),
            readable(said)
        ),
    )
    .hint(if paths::is_file(path) {
        "Nothing is moved by asking for a bill: ask again. \"No Bill Exist\": nothing was paid on that day. \"Bill Creating\": it is made until 10 o'clock (Beijing) of the next day."
    } else {
        "This answer is not signed: query the order before anything is sent again. If it speaks of the signature, check api_v2_key and sign_type."
    });
    let answer = error.fields_mut();
    // Bills have a number of their own: 20002 for "No Bill Exist".
    let number = fields.get("error_code").filter(|number| !number.is_empty());
    answer.api_code = readable(number.unwrap_or(code));
    answer.api_message = readable(said);
    error
}

/// `result_code` is FAIL in an answer that verified or that is not signed by design.
fn refused(fields: &Fields, sending: Sending) -> Error {
    let code = fields.get("err_code").unwrap_or("");
    let said = fields
        .get("err_code_des")
        .or_else(|| fields.get("return_msg"))
        .unwrap_or("");
    let mut error = Error::new(
        Status::ApiError,
        format!(
            "WeChat Pay answered err_code {}: {}.",
            if code.is_empty() {
                "(none)".to_owned()
            } else {
                shown(code)
            },
            readable(said)
        ),
    )
    .hint(codes::hint(code));
    let answer = error.fields_mut();
    answer.api_code = readable(code);
    answer.api_message = readable(said);
    if sending.written_completely && codes::nothing_happened(code) {
        answer.outcome = Outcome::Rejected;
    }
    error
}

fn unexpected(what: &str) -> Error {
    Error::new(Status::ApiUnexpectedResponse, what)
}

fn complete(sending: Sending) -> Result<()> {
    if sending.written_completely {
        return Ok(());
    }
    Err(unexpected(
        "The answer came before the request was written completely.",
    ))
}
