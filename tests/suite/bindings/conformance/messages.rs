//! Operations on messages: headers, what goes out, what comes back, notifications.

use serde_json::Value;
use wxpay::ffi::buf::wxpay_buf;
use wxpay::ffi::message::{
    wxpay_message, wxpay_message_body, wxpay_message_body_len, wxpay_message_header,
    wxpay_message_method, wxpay_message_status, wxpay_message_url, wxpay_message_verified,
};
use wxpay::ffi::notify::*;
use wxpay::ffi::sans_io::{
    wxpay_client_certificates_due, wxpay_client_check, wxpay_client_load_certificates,
    wxpay_client_prepare, wxpay_client_prepare_unsigned, wxpay_message_attach_signature,
};

use super::abi::{Owned, Stop, call, made, raw, text, wrong};
use super::calls;
use super::case::{Case, Found};

type Done = Result<(), Stop>;

// SAFETY of every call below: live handles, pointers with their lengths, out parameters of `made`
// and `call`.

pub fn header_of(message: &Owned<wxpay_message>, name: &str) -> Option<Vec<u8>> {
    let n = raw(name.as_bytes());
    text(unsafe { wxpay_message_header(message.get(), n.0, n.1) })
}

pub fn body_of(message: &Owned<wxpay_message>) -> Vec<u8> {
    // SAFETY: a live message's body has its length.
    unsafe {
        let (data, len) = (
            wxpay_message_body(message.get()),
            wxpay_message_body_len(message.get()),
        );
        std::slice::from_raw_parts(data, len).to_vec()
    }
}

pub fn header(case: &mut Case<'_>) -> Done {
    let message = calls::new_response(200, b"")?;
    calls::headers_or_block(case, &message)?;
    case.found
        .insert("value", header_of(&message, case.word("name")?).into());
    Ok(())
}

pub fn prepare(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let request = request(case)?;
    let out = made(|out, err| unsafe {
        wxpay_client_prepare(client.get(), request.get(), case.now, out, err)
    })?;
    prepared(case, &out, None)
}

pub fn prepare_unsigned(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let request = request(case)?;
    let (mut to_sign, mut digest) = (std::ptr::null_mut(), std::ptr::null_mut());
    let out = made(|out, err| unsafe {
        let (to_sign, digest) = (&raw mut to_sign, &raw mut digest);
        wxpay_client_prepare_unsigned(
            client.get(),
            request.get(),
            case.now,
            out,
            to_sign,
            digest,
            err,
        )
    });
    if out.is_err() && !(to_sign.is_null() && digest.is_null()) {
        return wrong("a call that failed left something in an out parameter");
    }
    let out = out?;
    let (to_sign, digest): (Owned<wxpay_buf>, Owned<wxpay_buf>) =
        (Owned::new(to_sign), Owned::new(digest));
    if digest.bytes().len() != 32 {
        return wrong("the digest to sign has not 32 bytes");
    }
    let signature = calls::sign(
        &calls::key(&case.bytes("sign_key")?, b"")?,
        &to_sign.bytes(),
    )?;
    let signature = signature.bytes();
    let s = raw(&signature);
    call(|err| unsafe { wxpay_message_attach_signature(out.get(), s.0, s.1, err) })?;
    prepared(case, &out, Some(&to_sign.bytes()))
}

fn request(case: &Case<'_>) -> Result<Owned<wxpay_message>, Stop> {
    let request = calls::request(case)?;
    if let Some(rows) = case.input.get("headers") {
        calls::add_headers(case.set, &request, rows)?;
    }
    Ok(request)
}

/// All of a prepared message but its nonce and signature, which must belong together.
pub fn prepared(
    case: &mut Case<'_>,
    message: &Owned<wxpay_message>,
    to_sign: Option<&[u8]>,
) -> Done {
    // SAFETY: a live message.
    let (method, url) = unsafe {
        (
            wxpay_message_method(message.get()),
            wxpay_message_url(message.get()),
        )
    };
    case.found.insert("method", text(method).into());
    case.found.insert("url", text(url).into());
    case.found.insert("body", Found::Bytes(body_of(message)));
    for (name, want) in case.want["headers"].as_object().into_iter().flatten() {
        let found = header_of(message, name);
        let want = (!want.is_null())
            .then(|| case.set.value(want))
            .transpose()?;
        if found != want {
            return wrong(format!("header {name} is {found:?}, not {want:?}"));
        }
    }
    let want = &case.want["authorization"];
    let authorization = String::from_utf8(header_of(message, "Authorization").unwrap_or_default());
    let authorization = authorization.unwrap_or_default();
    let Some((scheme, fields)) = authorization.split_once(' ') else {
        return wrong(format!("Authorization is {authorization:?}"));
    };
    let mut fields: Vec<(&str, &str)> = fields
        .split(',')
        .filter_map(|field| {
            let (name, value) = field.split_once('=')?;
            Some((name, value.strip_prefix('"')?.strip_suffix('"')?))
        })
        .collect();
    let mut take = |name: &str| {
        let at = fields.iter().position(|field| field.0 == name);
        at.map_or("", |at| fields.remove(at).1)
    };
    let (nonce, signature) = (take("nonce_str"), take("signature"));
    for (name, want) in want["members"].as_object().into_iter().flatten() {
        let found = take(name);
        if Some(found) != want.as_str() {
            return wrong(format!("{name} of Authorization is {found:?}, not {want}"));
        }
    }
    if Some(scheme) != want["scheme"].as_str() || !fields.is_empty() {
        return wrong(format!(
            "Authorization is {scheme} with more fields {fields:?}"
        ));
    }
    signed(case, want, nonce, signature, to_sign)
}

/// The nonce is in its form, and the signature is over `want.canonical` with it.
pub fn signed(
    case: &Case<'_>,
    want: &Value,
    nonce: &str,
    signature: &str,
    to_sign: Option<&[u8]>,
) -> Done {
    if nonce.len() != 32 || !nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return wrong(format!("the nonce is {nonce:?}"));
    }
    let canonical = replaced(&case.set.value(&want["canonical"])?, nonce.as_bytes());
    if to_sign.is_some_and(|to_sign| to_sign != canonical) {
        return wrong("to_sign is not the canonical string");
    }
    let key = calls::key(&case.set.value(&want["verify_key"])?, b"")?;
    match calls::verify(&key, &canonical, signature.as_bytes()) {
        Err(Stop::Failed { status, .. }) => {
            wrong(format!("the signature does not verify: {status}"))
        }
        other => other,
    }
}

/// `{nonce}` replaced, where it stands first.
fn replaced(canonical: &[u8], nonce: &[u8]) -> Vec<u8> {
    let mark = b"{nonce}";
    match canonical
        .windows(mark.len())
        .position(|window| window == mark)
    {
        Some(at) => [&canonical[..at], nonce, &canonical[at + mark.len()..]].concat(),
        None => canonical.to_vec(),
    }
}

pub fn check(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let request = calls::request(case)?;
    let response = calls::response(case, None)?;
    let result = call(|err| unsafe {
        wxpay_client_check(client.get(), request.get(), response.get(), case.now, err)
    });
    // SAFETY: a live message.
    let verified = unsafe { wxpay_message_verified(response.get()) };
    case.found
        .insert("verified", Found::Number(verified.into()));
    result
}

pub fn load_certificates(case: &mut Case<'_>) -> Done {
    let client = case.set.client(case.word("client")?, true)?;
    let response = calls::response(case, None)?;
    let result = call(|err| unsafe {
        wxpay_client_load_certificates(client.get(), response.get(), case.now, err)
    });
    // SAFETY: a live client.
    let due = unsafe { wxpay_client_certificates_due(client.get(), case.now) };
    case.found.insert("due", Found::Number(due.into()));
    result
}

pub fn notify_open(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let message = calls::new_response(0, &case.bytes("body")?)?;
    calls::headers_or_block(case, &message)?;
    let notify = made(|out, err| unsafe {
        wxpay_notify_open(client.get(), message.get(), case.now, out, err)
    })?;
    let n = notify.get();
    // SAFETY: a live notification, whose plaintext has its length.
    unsafe {
        for (name, found) in [
            ("notify_id", wxpay_notify_id(n)),
            ("event_type", wxpay_notify_event_type(n)),
            ("resource_type", wxpay_notify_resource_type(n)),
            ("original_type", wxpay_notify_original_type(n)),
            ("create_time", wxpay_notify_create_time(n)),
            ("summary", wxpay_notify_summary(n)),
            ("serial", wxpay_notify_serial(n)),
            ("json", wxpay_notify_json(n)),
        ] {
            case.found.insert(name, text(found).into());
        }
        let (data, len) = (wxpay_notify_plaintext(n), wxpay_notify_plaintext_len(n));
        let plaintext = std::slice::from_raw_parts(data, len).to_vec();
        case.found.insert("plaintext", Found::Bytes(plaintext));
        case.found
            .insert("timestamp", Found::Number(wxpay_notify_timestamp(n)));
    }
    Ok(())
}

pub fn notify_reply(case: &mut Case<'_>) -> Done {
    let result = i32::try_from(case.number("result")?).unwrap();
    let reason = case.bytes("reason")?;
    let r = raw(&reason);
    let reply = made(|out, err| unsafe { wxpay_notify_reply(result, r.0, r.1, out, err) })?;
    // SAFETY: a live message.
    let status = unsafe { wxpay_message_status(reply.get()) };
    case.found
        .insert("http_status", Found::Number(status.into()));
    case.found.insert("body", Found::Bytes(body_of(&reply)));
    case.found
        .insert("content_type", header_of(&reply, "Content-Type").into());
    Ok(())
}
