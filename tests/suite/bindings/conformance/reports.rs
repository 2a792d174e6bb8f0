//! Operations whose answer is a report with diagnosis ids, and a call whose error has them.

use std::ptr;

use serde_json::Value;
use wxpay::ffi::client::wxpay_client_call;
use wxpay::ffi::diag::{
    wxpay_explain_response, wxpay_explain_text, wxpay_trust_probe, wxpay_trust_report,
};
use wxpay::ffi::sans_io::wxpay_client_prepare;

use super::abi::{Stop, made, raw, wrong};
use super::calls;
use super::case::Case;
use super::messages::header_of;

type Done = Result<(), Stop>;

// SAFETY of every call below: live handles or NULL for a client, pointers with their lengths, out
// parameters of `made`.

pub fn explain_text(case: &mut Case<'_>) -> Done {
    let pasted = case.bytes("text")?;
    let p = raw(&pasted);
    let out = made(|out, err| unsafe { wxpay_explain_text(p.0, p.1, out, err) })?;
    compare(case, &out.bytes())
}

pub fn explain_response(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let request = calls::request(case)?;
    let prepared = made(|out, err| unsafe {
        wxpay_client_prepare(client.get(), request.get(), case.now, out, err)
    })?;
    let authorization = header_of(&prepared, "Authorization").unwrap_or_default();
    let authorization = String::from_utf8(authorization).unwrap_or_default();
    let nonce = authorization
        .split_once("nonce_str=\"")
        .and_then(|(_, rest)| Some(rest.split_once('"')?.0));
    let response = calls::response(case, nonce)?;
    let out = made(|out, err| unsafe {
        wxpay_explain_response(
            client.get(),
            prepared.get(),
            response.get(),
            case.now,
            out,
            err,
        )
    })?;
    compare(case, &out.bytes())
}

pub fn trust_report(case: &mut Case<'_>) -> Done {
    let client = case.client_or_none()?;
    let client = client
        .as_ref()
        .map_or(ptr::null_mut(), |client| client.get());
    let out = made(|out, err| unsafe { wxpay_trust_report(client, case.now, out, err) })?;
    compare(case, &out.bytes())
}

pub fn trust_probe(case: &mut Case<'_>) -> Done {
    let client = case.client_or_none()?;
    let client = client
        .as_ref()
        .map_or(ptr::null_mut(), |client| client.get());
    let (host, bind) = (case.bytes("host")?, case.bytes("bind_address")?);
    let port = i32::try_from(case.number("port")?).unwrap();
    let (h, b) = (raw(&host), raw(&bind));
    let out = made(|out, err| unsafe {
        wxpay_trust_probe(client, h.0, h.1, port, b.0, b.1, case.now, out, err)
    })?;
    compare(case, &out.bytes())
}

pub fn call(case: &mut Case<'_>) -> Done {
    let client = calls::client_new(case.set, &case.input["config"])?;
    let inputs = ["method", "url", "body"].map(|name| case.bytes(name));
    let [method, url, body] = inputs;
    let (method, url, body) = (method?, url?, body?);
    let (m, u, b) = (raw(&method), raw(&url), raw(&body));
    made(|out, err| unsafe {
        wxpay_client_call(client.get(), m.0, m.1, u.0, u.1, b.0, b.1, out, err)
    })?;
    // Nothing was diagnosed.
    compare(case, b"{}")
}

/// What `want` asks of a report, or of the JSON of an error.
pub fn compare(case: &Case<'_>, report: &[u8]) -> Done {
    let report: Value = serde_json::from_slice(report).unwrap();
    let none = Vec::new();
    let diagnosis = report["diagnosis"].as_array().unwrap_or(&none);
    let ids: Vec<&str> = diagnosis
        .iter()
        .filter_map(|one| one["id"].as_str())
        .collect();
    let wanted = |name: &str| case.want.get(name);
    let words = |name: &str| wanted(name).map(|want| want.as_str().unwrap_or("?"));
    let first_text = diagnosis.first().and_then(|one| one["text"].as_str());
    let equal = [
        ("report_status", "status"),
        ("verdict", "verdict"),
        ("language", "language"),
    ]
    .into_iter()
    .all(|(want, member)| wanted(want).is_none_or(|want| *want == report[member]))
        && words("ids").is_none_or(|want| ids.join(" ") == want)
        && words("first").is_none_or(|want| ids.first() == Some(&want))
        && words("among").is_none_or(|want| want.split(' ').all(|id| ids.contains(&id)))
        && words("diagnosis_text")
            .is_none_or(|want| first_text.is_some_and(|text| text.contains(want)));
    if equal {
        return Ok(());
    }
    wrong(format!("wanted {}, the report is {report}", case.want))
}
