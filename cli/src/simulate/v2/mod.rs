//! API v2: XML in and out, signed with the APIv2 key (protocol.md §2). The paths, what every request passes, and how it is
//! answered: `return_code` FAIL, unsigned, for what is no request of the merchant's; `result_code` FAIL, signed, for what
//! cannot be done.

mod bill;
mod orders;
mod papay;
mod red_packets;
mod refunds;
mod sign;
mod told;
mod xml;

pub use red_packets::RedPackets;
pub use sign::{SignType, spoilt};
pub use told::{Told, is_accepted};

use super::answer::{self, Signing};
use super::book::Refusal;
use super::connection::Connection;
use super::identity::Identity;
use super::{Sim, random};
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::collections::BTreeMap;
use std::sync::Arc;

pub type Fields = BTreeMap<String, String>;

const PREFIXES: &[&str] = &[
    "/pay/",
    "/secapi/",
    "/mmpaymkttransfers/",
    "/papay/",
    "/risk/",
];

/// Whether `target` is of API v2, whose requests carry their sign in the body or query.
pub fn is_path(target: &str) -> bool {
    PREFIXES.iter().any(|prefix| target.starts_with(prefix))
}

/// `, out_trade_no N` for the log: here nothing in the target says which order it is about.
pub fn number_shown(body: &[u8]) -> String {
    let body = String::from_utf8_lossy(body);
    let Some((_, rest)) = body.split_once("<out_trade_no>") else {
        return String::new();
    };
    let rest = rest.strip_prefix("<![CDATA[").unwrap_or(rest);
    let number: String = rest
        .chars()
        .take_while(|one| one.is_ascii_alphanumeric() || "_-|*".contains(*one))
        .take(32)
        .collect();
    format!(", out_trade_no {number}")
}

pub fn routes() -> Router<Arc<Sim>> {
    Router::new()
        .route("/pay/unifiedorder", post(orders::unifiedorder))
        .route("/pay/micropay", post(orders::micropay))
        .route("/pay/orderquery", post(orders::orderquery))
        .route("/pay/closeorder", post(orders::closeorder))
        .route("/pay/refundquery", post(refunds::refundquery))
        .route("/secapi/pay/refund", post(refunds::refund))
        .route("/pay/downloadbill", post(bill::downloadbill))
        .route(
            "/mmpaymkttransfers/sendredpack",
            post(red_packets::sendredpack),
        )
        .route("/risk/getpublickey", post(papay::getpublickey))
        .route("/papay/entrustweb", get(papay::entrustweb))
        .route("/papay/h5entrustweb", get(papay::h5entrustweb))
}

/// A request whose sign is right.
pub struct Call {
    pub fields: Fields,
    pub sign_type: SignType,
}

/// What is answered with `result_code` FAIL.
pub struct Failure {
    code: &'static str,
    description: String,
}

pub fn failure(code: &'static str, description: impl Into<String>) -> Failure {
    Failure {
        code,
        description: description.into(),
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal {
            Refusal::NoOrder => "ORDERNOTEXIST",
            Refusal::Paid => "ORDERPAID",
            Refusal::Closed => "ORDERCLOSED",
            Refusal::Reentry => "OUT_TRADE_NO_USED",
            Refusal::NotPaid => "TRADE_STATE_ERROR",
            Refusal::TotalDiffers => "REFUND_FEE_MISMATCH",
            Refusal::TooMuch => "INVALID_REQUEST",
        };
        failure(code, refusal.message())
    }
}

impl Call {
    /// The fields of an XML body after the checks that every path makes.
    fn read(sim: &Sim, body: &[u8]) -> Result<Self, Refused> {
        let fields = xml::read(body).map_err(|error| fail(&format!("XML格式错误: {error}")))?;
        Self::check(sim, fields, true)
    }

    fn check(sim: &Sim, fields: Fields, nonce: bool) -> Result<Self, Refused> {
        if fields.get("mch_id") != Some(&sim.identity.mchid) {
            return Err(fail("mch_id is not the simulator's merchant"));
        }
        let Some(sign_type) = SignType::parse(fields.get("sign_type").map(String::as_str)) else {
            return Err(fail("sign_type must be MD5 or HMAC-SHA256"));
        };
        if fields.get("sign") != Some(&sign::sign(&fields, sign_type, &sim.identity.api_v2_key)) {
            sim.stats.sign_error();
            return Err(fail("签名错误，请检查后再试"));
        }
        let call = Self { fields, sign_type };
        if nonce {
            match call.optional("nonce_str") {
                Some(nonce) if nonce.len() <= 32 => sim.stats.nonce(nonce.to_owned()),
                _ => return Err(fail("nonce_str must be 1 to 32 characters")),
            }
        }
        for name in ["appid", "wxappid"] {
            if call
                .optional(name)
                .is_some_and(|id| id != sim.identity.appid)
            {
                return Err(fail(&format!("{name} and mch_id do not belong together")));
            }
        }
        Ok(call)
    }

    pub fn optional(&self, name: &str) -> Option<&str> {
        self.fields
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// A field of 1 to `max` characters.
    pub fn text(&self, name: &str, max: usize) -> Result<&str, Failure> {
        self.optional(name)
            .filter(|value| value.chars().count() <= max)
            .ok_or_else(|| {
                failure(
                    "PARAM_ERROR",
                    format!("{name} must be 1 to {max} characters"),
                )
            })
    }

    /// A whole number of fen, at least 1, in digits.
    pub fn fen(&self, name: &str) -> Result<i64, Failure> {
        self.optional(name)
            .filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|value| value.parse().ok())
            .filter(|fen| *fen >= 1)
            .ok_or_else(|| {
                failure(
                    "PARAM_ERROR",
                    format!("{name} must be a whole number of fen"),
                )
            })
    }

    /// All but `sign` and `nonce_str`: what makes a second request the same one.
    pub fn content(&self) -> serde_json::Value {
        let content = self.fields.iter();
        content
            .filter(|(name, _)| !matches!(name.as_str(), "sign" | "nonce_str"))
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }
}

/// `return_code` FAIL with this `return_msg`; nothing of it is signed.
pub struct Refused(String);

pub fn fail(message: &str) -> Refused {
    Refused(message.to_owned())
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        respond(&fields([("return_code", "FAIL"), ("return_msg", &self.0)]))
    }
}

pub fn fields<const N: usize>(pairs: [(&str, &str); N]) -> Fields {
    Fields::from(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())))
}

fn respond(fields: &Fields) -> Response {
    answer::other(
        "text/xml; charset=utf-8",
        xml::write("xml", fields),
        Signing::None,
    )
}

/// Answers a request: `act` sees only one whose sign is right.
pub fn answer(
    sim: &Sim,
    body: &[u8],
    act: impl FnOnce(&Call) -> Result<Fields, Failure>,
) -> Response {
    match Call::read(sim, body) {
        Ok(call) => respond(&signed(&sim.identity, &call, act(&call))),
        Err(refused) => refused.into_response(),
    }
}

/// The same on a path that wants the merchant's client certificate.
pub fn answer_certified(
    sim: &Sim,
    connection: &Connection,
    body: &[u8],
    act: impl FnOnce(&Call) -> Result<Fields, Failure>,
) -> Response {
    certified(sim, connection).map_or_else(IntoResponse::into_response, |()| {
        self::answer(sim, body, act)
    })
}

pub fn certified(sim: &Sim, connection: &Connection) -> Result<(), Refused> {
    match &connection.client_certificate {
        Some(certificate) if *certificate == sim.identity.merchant_certificate => Ok(()),
        Some(_) => Err(fail(
            "证书错误: the client certificate is not the merchant's",
        )),
        None => Err(fail(
            "证书错误: this path wants the merchant's client certificate",
        )),
    }
}

/// The fields with codes, ids, a nonce and the sign.
fn signed(identity: &Identity, call: &Call, result: Result<Fields, Failure>) -> Fields {
    let mut fields = coded(result);
    let mut put = |name: &str, value: &str| fields.insert(name.to_owned(), value.to_owned());
    put("appid", &identity.appid);
    put("mch_id", &identity.mchid);
    put("nonce_str", &random::alphanumeric(32));
    let sign = sign::sign(&fields, call.sign_type, &identity.api_v2_key);
    fields.insert("sign".to_owned(), sign);
    fields
}

fn coded(result: Result<Fields, Failure>) -> Fields {
    let (mut fields, code) = match result {
        Ok(fields) => (fields, "SUCCESS"),
        Err(failure) => (
            fields([
                ("err_code", failure.code),
                ("err_code_des", &failure.description),
            ]),
            "FAIL",
        ),
    };
    fields.extend(self::fields([
        ("return_code", "SUCCESS"),
        ("return_msg", "OK"),
        ("result_code", code),
    ]));
    fields
}
