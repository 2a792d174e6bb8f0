//! Parameters of front ends.

use serde_json::Value;
use wxpay::ffi::pay::{
    wxpay_pay_app, wxpay_pay_attach, wxpay_pay_jsapi, wxpay_pay_mini_program, wxpay_pay_unsigned,
};

use super::abi::{Stop, made, raw, several, wrong};
use super::calls;
use super::case::Case;
use super::messages::signed;

type Done = Result<(), Stop>;

// SAFETY of every call below: live handles, pointers with their lengths, out parameters of `made`
// and `several`.

pub fn pay(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let (appid, prepay_id) = (case.bytes("appid")?, case.bytes("prepay_id")?);
    let (a, p) = (raw(&appid), raw(&prepay_id));
    let of = match case.word("kind")? {
        "jsapi" => wxpay_pay_jsapi,
        "mini_program" => wxpay_pay_mini_program,
        "app" => wxpay_pay_app,
        other => return wrong(format!("kind {other}")),
    };
    let out = made(|out, err| unsafe { of(client.get(), a.0, a.1, p.0, p.1, case.now, out, err) })?;
    parameters(case, &out.bytes(), None)
}

pub fn pay_unsigned(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let (appid, prepay_id) = (case.bytes("appid")?, case.bytes("prepay_id")?);
    let (k, a, p) = (
        raw(case.word("kind")?.as_bytes()),
        raw(&appid),
        raw(&prepay_id),
    );
    let [params, to_sign, digest] = several(|[params, to_sign, digest], err| unsafe {
        wxpay_pay_unsigned(
            client.get(),
            k.0,
            k.1,
            a.0,
            a.1,
            p.0,
            p.1,
            case.now,
            params,
            to_sign,
            digest,
            err,
        )
    })?;
    if digest.bytes().len() != 32 {
        return wrong("the digest to sign has not 32 bytes");
    }
    let signature = calls::sign(
        &calls::key(&case.bytes("sign_key")?, b"")?,
        &to_sign.bytes(),
    )?;
    let (params, signature) = (params.bytes(), signature.bytes());
    let (p, s) = (raw(&params), raw(&signature));
    let out = made(|out, err| unsafe { wxpay_pay_attach(p.0, p.1, s.0, s.1, out, err) })?;
    parameters(case, &out.bytes(), Some(&to_sign.bytes()))
}

/// Exactly the members wanted, and nonce and signature.
fn parameters(case: &Case<'_>, json: &[u8], to_sign: Option<&[u8]>) -> Done {
    let Ok(Value::Object(mut members)) = serde_json::from_slice(json) else {
        return wrong("the parameters are not a JSON object");
    };
    let mut take = |name: &Value| {
        let member = members.remove(name.as_str().unwrap_or_default());
        member.and_then(|member| Some(member.as_str()?.to_owned()))
    };
    let nonce = take(&case.want["nonce_member"]).unwrap_or_default();
    let signature = take(&case.want["signature_member"]).unwrap_or_default();
    if Value::Object(members.clone()) != case.want["members"] {
        return wrong(format!("the members are {members:?}"));
    }
    signed(case, case.want, &nonce, &signature, to_sign)
}
