//! What a front end needs to open the payment: the second signature (protocol.md §1.13). The
//! arguments are restricted so that no line can be added to a string we sign (safety.md S9).

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::canonical;
use super::merchant::Merchant;
use super::prepare::raw_signature;
use crate::crypto::base64;
use crate::error::{Error, Result, Status, fail};
use crate::http::headers::shown;
use crate::nonce::nonce;
use crate::time::Now;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Jsapi,
    MiniProgram,
    App,
}

impl Kind {
    pub fn parse(kind: &str) -> Result<Kind> {
        match kind {
            "jsapi" => Ok(Kind::Jsapi),
            "mini_program" => Ok(Kind::MiniProgram),
            "app" => Ok(Kind::App),
            other => fail(
                Status::InvalidArgument,
                format!(
                    "kind must be jsapi, mini_program or app, got \"{}\".",
                    shown(other)
                ),
            ),
        }
    }
}

/// Parameters without their signature, and the bytes to sign.
pub struct Unsigned {
    pub params: Map<String, Value>,
    pub to_sign: Vec<u8>,
}

impl Unsigned {
    pub fn json(self) -> String {
        Value::Object(self.params).to_string()
    }
}

/// The complete JSON object that the front end passes on.
pub fn signed(
    merchant: &Merchant,
    kind: Kind,
    appid: &str,
    prepay_id: &str,
    now: Now,
) -> Result<String> {
    let key = merchant.private_key()?;
    let Unsigned {
        mut params,
        to_sign,
    } = unsigned(merchant, kind, appid, prepay_id, now)?;
    insert_signature(&mut params, &base64::encode(&key.sign(&to_sign)?));
    Ok(Value::Object(params).to_string())
}

pub fn unsigned(
    merchant: &Merchant,
    kind: Kind,
    appid: &str,
    prepay_id: &str,
    now: Now,
) -> Result<Unsigned> {
    check_part("appid", appid)?;
    check_part("prepay_id", prepay_id)?;
    if prepay_id.starts_with("prepay_id=") {
        return fail(
            Status::InvalidArgument,
            "prepay_id must be the bare id; it starts with \"prepay_id=\".",
        );
    }
    let timestamp = now.seconds.to_string();
    let nonce = nonce()?;
    let package = format!("prepay_id={prepay_id}");
    let (line, params) = match kind {
        Kind::Jsapi => (
            package.as_str(),
            json!({"appId": appid, "timeStamp": timestamp, "nonceStr": nonce, "package": package, "signType": "RSA"}),
        ),
        Kind::MiniProgram => (
            package.as_str(),
            json!({"timeStamp": timestamp, "nonceStr": nonce, "package": package, "signType": "RSA"}),
        ),
        Kind::App => {
            if merchant.mchid.is_empty() {
                return fail(
                    Status::ConfigIncomplete,
                    "mchid is not set; it is the partnerid of an app payment.",
                );
            }
            (
                prepay_id,
                json!({"appid": appid, "partnerid": merchant.mchid, "prepayid": prepay_id,
                       "package": "Sign=WXPay", "noncestr": nonce, "timestamp": timestamp}),
            )
        }
    };
    let to_sign = canonical::pay(appid, &timestamp, &nonce, line)?;
    match params {
        Value::Object(params) => Ok(Unsigned { params, to_sign }),
        _ => fail(Status::Internal, "Payment parameters are not an object."),
    }
}

/// Those made here have less than 2 KiB.
const MOST_PARAMS: usize = 64 * 1024;

/// Adds a signature made outside to parameters from `unsigned`; raw or base64.
pub fn attach(params: &str, signature: &[u8]) -> Result<String> {
    let members = Some(params)
        .filter(|params| params.len() <= MOST_PARAMS)
        .and_then(|params| serde_json::from_str::<HashMap<String, String>>(params).ok());
    let Some(members) = members else {
        return fail(
            Status::MalformedJson,
            "params is not the JSON object from wxpay_pay_unsigned.",
        );
    };
    let made_here = members.contains_key("nonceStr") || members.contains_key("noncestr");
    if !made_here || members.contains_key("paySign") || members.contains_key("sign") {
        return fail(
            Status::InvalidArgument,
            "params is not an unsigned object from wxpay_pay_unsigned.",
        );
    }
    let name = signature_name(members.contains_key("partnerid"));
    let signature = base64::encode(&raw_signature(signature)?);
    let open = params.trim_end().strip_suffix('}').unwrap_or(params);
    Ok(format!("{open},\"{name}\":\"{signature}\"}}"))
}

fn insert_signature(params: &mut Map<String, Value>, signature: &str) {
    let name = signature_name(params.contains_key("partnerid"));
    params.insert(name.to_owned(), Value::from(signature));
}

/// Only app parameters have a partnerid, and only they call it `sign`.
fn signature_name(is_app: bool) -> &'static str {
    if is_app { "sign" } else { "paySign" }
}

pub fn check_part(name: &str, value: &str) -> Result<()> {
    if value.is_empty() || value.len() > 128 {
        return fail(
            Status::InvalidArgument,
            format!("{name} must have 1 to 128 bytes, got {}.", value.len()),
        );
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-=@.:/+".contains(&byte);
    match value.bytes().position(|byte| !allowed(byte)) {
        None => Ok(()),
        Some(at) => Err(Error::new(
            Status::InvalidArgument,
            format!(
                "{name} has the byte 0x{:02X} at {at}; allowed are letters, digits and _-=@.:/+.",
                value.as_bytes()[at]
            ),
        )),
    }
}

/// `h5_url` as WeChat Pay gave it, with `redirect_url` appended, percent-encoded (safety.md S35).
pub fn h5_url(h5_url: &str, redirect_url: &str) -> Result<String> {
    check_web_url("h5_url", h5_url, &["https://"])?;
    if redirect_url.is_empty() {
        return Ok(h5_url.to_owned());
    }
    check_web_url("redirect_url", redirect_url, &["https://", "http://"])?;
    if h5_url.contains("redirect_url=") {
        return fail(
            Status::InvalidArgument,
            "h5_url already has a redirect_url.",
        );
    }
    let join = if h5_url.contains('?') { '&' } else { '?' };
    let mut out = format!("{h5_url}{join}redirect_url=");
    for byte in redirect_url.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(out)
}

fn check_web_url(name: &str, url: &str, schemes: &[&str]) -> Result<()> {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let Some(scheme) = schemes.iter().find(|scheme| lower.starts_with(**scheme)) else {
        return fail(
            Status::InvalidArgument,
            format!(
                "{name} must start with {}; got \"{}\".",
                schemes.join(" or "),
                shown(url)
            ),
        );
    };
    if let Some(byte) = url.bytes().find(|byte| *byte <= 0x20 || *byte == 0x7f) {
        return fail(
            Status::InvalidArgument,
            format!("{name} has the byte 0x{byte:02X}."),
        );
    }
    let authority = url[scheme.len()..]
        .split(['/', '?', '#'])
        .next()
        .unwrap_or("");
    if authority.is_empty() || authority.contains(['@', '\\']) {
        return fail(
            Status::InvalidArgument,
            format!("{name} has no plain host: \"{}\".", shown(url)),
        );
    }
    if name == "h5_url" && url.contains('#') {
        return fail(Status::InvalidArgument, "h5_url has a fragment (#).");
    }
    Ok(())
}
