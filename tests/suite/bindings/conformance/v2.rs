//! API v2 and PayScore.

use std::ptr;

use serde_json::Value;
use wxpay::ffi::buf::wxpay_buf;
use wxpay::ffi::client::wxpay_client;
use wxpay::ffi::message::{
    wxpay_message, wxpay_message_method, wxpay_message_status, wxpay_message_url,
    wxpay_message_verified,
};
use wxpay::ffi::pay::wxpay_pay_score;
use wxpay::ffi::v2::*;

use super::abi::{Owned, Stop, made, raw, text, wrong};
use super::calls;
use super::case::{Case, Found};
use super::messages::{body_of, header_of};

type Done = Result<(), Stop>;

// SAFETY of every call below: live handles, or NULL where a notification has no request, pointers
// with their lengths, out parameters of `made`.

fn parsed(json: &[u8]) -> Result<Value, Stop> {
    serde_json::from_slice(json).or_else(|error| wrong(error.to_string()))
}

fn sign(client: &Owned<wxpay_client>, sign_type: &[u8], json: &[u8]) -> Result<Vec<u8>, Stop> {
    let (s, j) = (raw(sign_type), raw(json));
    let out: Owned<wxpay_buf> =
        made(|out, err| unsafe { wxpay_v2_sign(client.get(), s.0, s.1, j.0, j.1, out, err) })?;
    Ok(out.bytes())
}

/// `path`, `sign_type` and `json` of an object.
fn prepare(
    case: &Case<'_>,
    client: &Owned<wxpay_client>,
    from: &Value,
) -> Result<Owned<wxpay_message>, Stop> {
    let (path, sign_type, json) = (
        case.set.value(&from["path"])?,
        case.set.value(&from["sign_type"])?,
        case.set.value(&from["json"])?,
    );
    let (p, s, j) = (raw(&path), raw(&sign_type), raw(&json));
    made(|out, err| unsafe {
        wxpay_v2_prepare(client.get(), p.0, p.1, s.0, s.1, j.0, j.1, out, err)
    })
}

fn check(
    client: &Owned<wxpay_client>,
    request: Option<&Owned<wxpay_message>>,
    response: &Owned<wxpay_message>,
) -> Result<Value, Stop> {
    let request = request.map_or(ptr::null_mut(), Owned::get);
    let json: Owned<wxpay_buf> = made(|out, err| unsafe {
        wxpay_v2_check(client.get(), request, response.get(), out, err)
    })?;
    parsed(&json.bytes())
}

pub fn v2_sign(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let signature = sign(&client, &case.bytes("sign_type")?, &case.bytes("json")?)?;
    case.found.insert("signature", Found::Bytes(signature));
    Ok(())
}

pub fn v2_prepare(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let out = prepare(case, &client, case.input)?;
    // SAFETY: a live message.
    let (method, url) = unsafe {
        (
            wxpay_message_method(out.get()),
            wxpay_message_url(out.get()),
        )
    };
    case.found.insert("method", text(method).into());
    case.found.insert("url", text(url).into());
    let content_type = header_of(&out, "Content-Type");
    case.found.insert("content_type", content_type.into());
    let sent = calls::new_response(200, &body_of(&out))?;
    let fields = check(&client, None, &sent)?;
    case.found.insert("fields", Found::Json(fields));
    Ok(())
}

pub fn v2_check(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let request = case.input.get("request");
    let request = request
        .map(|from| prepare(case, &client, from))
        .transpose()?;
    let response = calls::response(case, None)?;
    let fields = check(&client, request.as_ref(), &response);
    let verified = unsafe { wxpay_message_verified(response.get()) };
    let verified = Found::Number(i64::from(verified));
    case.found.insert("verified", verified);
    case.found.insert("fields", Found::Json(fields?));
    Ok(())
}

pub fn v2_refund_open(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let req_info = case.bytes("req_info")?;
    let r = raw(&req_info);
    let out: Owned<wxpay_buf> =
        made(|out, err| unsafe { wxpay_v2_refund_open(client.get(), r.0, r.1, out, err) })?;
    let opened = parsed(&out.bytes())?;
    let members = opened.as_object().map_or(0, serde_json::Map::len);
    if members != 2 || opened["authenticated"] != Value::Bool(false) {
        return wrong(format!("it is {opened}"));
    }
    let refund = Found::Json(opened["refund"].clone());
    case.found.insert("refund", refund);
    Ok(())
}

pub fn v2_reply(case: &mut Case<'_>) -> Done {
    let result = i32::try_from(case.number("result")?).unwrap();
    let reason = case.bytes("reason")?;
    let r = raw(&reason);
    let reply: Owned<wxpay_message> =
        made(|out, err| unsafe { wxpay_v2_reply(result, r.0, r.1, out, err) })?;
    let status = unsafe { wxpay_message_status(reply.get()) };
    case.found
        .insert("http_status", Found::Number(i64::from(status)));
    case.found.insert("body", Found::Bytes(body_of(&reply)));
    let content_type = header_of(&reply, "Content-Type");
    case.found.insert("content_type", content_type.into());
    Ok(())
}

pub fn pay_score(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let package = case.bytes("package")?;
    let p = raw(&package);
    let out: Owned<wxpay_buf> =
        made(|out, err| unsafe { wxpay_pay_score(client.get(), p.0, p.1, case.now, out, err) })?;
    let again = sign(&client, b"HMAC-SHA256", &out.bytes())?;
    let mut members = parsed(&out.bytes())?;
    let Some(object) = members.as_object_mut() else {
        return wrong("it is no object");
    };
    let (given, nonce) = (object.remove("sign"), object.remove("nonce_str"));
    if given.as_ref().and_then(Value::as_str).map(str::as_bytes) != Some(&again) {
        return wrong("the sign is another");
    }
    if nonce.as_ref().and_then(Value::as_str).map(str::len) != Some(32) {
        return wrong("nonce_str has not 32 characters");
    }
    case.found.insert("members", Found::Json(members));
    Ok(())
}
