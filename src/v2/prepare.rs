//! From the fields that the caller has to the exact message that goes out: who asks, a nonce, the
//! signature, and XML (protocol.md §2.1, §2.3) or, for pages, a query.

use super::fields::Fields;
use super::paths::{self, APPID_NAMES, MCHID_NAMES};
use super::{CONTENT_TYPE, agrees, algorithm, first_key, mchid, names, sign, xml};
use crate::error::{Error, Result, Status, fail};
use crate::http::headers::shown;
use crate::http::{Body, Kind, Message, Url, V2, V2SignType, is_wechat_pay_host};
use crate::nonce::nonce;
use crate::text::Text;
use crate::v3::merchant::Merchant;

/// `json` holds text and integers; `sign_type` may be empty (api_v2_sign_type).
pub fn prepare(merchant: &Merchant, path: &str, sign_type: &str, json: &str) -> Result<Message> {
    let key = first_key(merchant)?;
    let mchid = mchid(merchant)?;
    let url = resolved(merchant, path)?;
    let sign_type = algorithm(merchant, sign_type)?;
    let mut fields = Fields::from_json(json)?;
    if fields.get("sign").is_some() {
        return fail(
            Status::InvalidArgument,
            "json has the field sign; it is made here.",
        );
    }
    agrees(&fields, sign_type)?;
    complete(&mut fields, mchid, url.path(), sign_type)?;
    names::refuse_ambiguous(&fields)?;
    let signature = sign::sign(sign_type, key, &fields)?;
    fields.push("sign", &signature);
    let v2 = V2 {
        sign_type,
        path: url.path().to_owned(),
        mchid: mchid.to_owned(),
        appids: APPID_NAMES
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), fields.get(name)?.to_owned())))
            .collect(),
    };
    let mut message = if paths::is_get(url.path()) {
        let url = format!("{url}?{}", query(&fields));
        // As long as a URL may be?
        Url::parse(&url)?;
        Message::request("GET", &url, Body::default())
    } else {
        let body = xml::write(&fields)?;
        let mut message = Message::request("POST", &url.to_string(), Body::new(body.into_bytes()));
        message.headers.push("Content-Type", CONTENT_TYPE);
        message
    };
    message.headers.push("Accept", "*/*");
    message.headers.push("User-Agent", &merchant.user_agent);
    message.headers.push("Accept-Encoding", "identity");
    message.v2 = Some(v2);
    Ok(message)
}

/// The absolute URL, of a known host (S4), of a path of v2.
fn resolved(merchant: &Merchant, path: &str) -> Result<Url> {
    let base = &merchant.base;
    let own_base = base.https && base.port == 443 && is_wechat_pay_host(&base.host);
    let url = if path == paths::RISK_KEY && own_base {
        Url::parse(&format!("{}{path}", paths::RISK_HOST))?
    } else {
        merchant.url(path)?
    };
    if url.target.contains('?') {
        return fail(
            Status::InvalidArgument,
            "path has a query; the parameters of API v2 are fields of json.",
        );
    }
    if url.path().starts_with("/v3/") || url.path().starts_with("/brand/") {
        return fail(
            Status::InvalidArgument,
            format!("{} is a path of API v3.", shown(url.path())),
        )
        .map_err(|error| error.hint("Use wxpay_client_prepare, _send or _call."));
    }
    Ok(url)
}

/// Adds what every request of this path needs and the caller has left out.
fn complete(fields: &mut Fields, mchid: &str, path: &str, sign_type: V2SignType) -> Result<()> {
    let mut named = false;
    for name in MCHID_NAMES {
        match fields.get(name) {
            Some(other) if other != mchid => return Err(mismatch(name, other, mchid)),
            Some(_) => named = true,
            None => {}
        }
    }
    if !named {
        fields.push(paths::mchid_name(path), mchid);
    }
    match (fields.get("nonce_str"), paths::is_nonceless(path)) {
        (None, false) => {
            let nonce = nonce()?;
            fields.push("nonce_str", &nonce);
        }
        (Some(_), true) => {
            return fail(
                Status::InvalidArgument,
                format!("{path} takes no nonce_str."),
            )
            .map_err(|error| error.hint("Leave the field out."));
        }
        _ => {}
    }
    // Without the field WeChat Pay takes MD5; some paths that know nothing else refuse the field.
    if sign_type == V2SignType::HmacSha256 && fields.get("sign_type").is_none() {
        fields.push("sign_type", sign_type.name());
    }
    Ok(())
}

fn mismatch(name: &str, other: &str, mchid: &str) -> Error {
    Error::new(
        Status::InvalidArgument,
        format!(
            "MCH_MISMATCH: {name} is \"{}\", but this client signs for {mchid}.",
            shown(other)
        ),
    )
    .hint("Leave the field out, or use the client of that merchant. A sub-merchant is named in sub_mch_id.")
}

/// Percent-encoded; the signature is over the values as they are.
fn query(fields: &Fields) -> String {
    let mut query = String::new();
    for (name, value) in fields.iter() {
        if !query.is_empty() {
            query.push('&');
        }
        encode(name, &mut query);
        query.push('=');
        encode(value, &mut query);
    }
    query
}

fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

/// A prepared message without its signature, which does not expire: for errors and reports.
pub fn redacted(message: &Message) -> Message {
    let mut message = message.clone();
    // It is written last.
    if let Some(body) = std::str::from_utf8(&message.body).ok().and_then(|body| {
        Some(format!(
            "{}<sign><redacted></sign></xml>",
            body.get(..body.rfind("<sign>")?)?
        ))
    }) {
        message.body = Body::new(body.into_bytes());
    }
    if let Kind::Request { url, .. } = &mut message.kind
        && let Some(at) = url.rfind("&sign=")
        && let Some(before) = url.get(..at)
    {
        *url = Text::new(&format!("{before}&sign=redacted"));
    }
    message
}
