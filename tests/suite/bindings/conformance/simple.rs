//! Operations that are one or two calls: primitives, keys, options, sensitive fields, statuses.

use serde_json::Value;
use wxpay::ffi::config::{wxpay_config_new, wxpay_config_set};
use wxpay::ffi::key::{wxpay_key_info, wxpay_key_matches_cert};
use wxpay::ffi::library::{wxpay_status_name, wxpay_status_text};
use wxpay::ffi::message::wxpay_message_set;
use wxpay::ffi::pay::wxpay_pay_h5_url;
use wxpay::ffi::primitives::{
    wxpay_aead_decrypt, wxpay_canonical_request, wxpay_canonical_response, wxpay_oaep_encrypt,
};
use wxpay::ffi::sensitive::{wxpay_client_decrypt, wxpay_client_encrypt};

use super::abi::{Stop, call, made, raw, several, text, wrong};
use super::calls;
use super::case::{Case, Found};

type Done = Result<(), Stop>;

// SAFETY of every call below: live handles, pointers with their lengths, out parameters of
// `made`, `several` and `call`.

pub fn canonical_request(case: &mut Case<'_>) -> Done {
    let inputs = ["method", "url", "timestamp", "nonce", "body"].map(|name| case.bytes(name));
    let [method, url, timestamp, nonce, body] = inputs;
    let (method, url, timestamp, nonce, body) = (method?, url?, timestamp?, nonce?, body?);
    let [m, u, t, n, b] = [&method, &url, &timestamp, &nonce, &body].map(|bytes| raw(bytes));
    let out = made(|out, err| unsafe {
        wxpay_canonical_request(m.0, m.1, u.0, u.1, t.0, t.1, n.0, n.1, b.0, b.1, out, err)
    })?;
    case.found.insert("text", Found::Bytes(out.bytes()));
    Ok(())
}

pub fn canonical_response(case: &mut Case<'_>) -> Done {
    let (timestamp, nonce, body) = (
        case.bytes("timestamp")?,
        case.bytes("nonce")?,
        case.bytes("body")?,
    );
    let [t, n, b] = [&timestamp, &nonce, &body].map(|bytes| raw(bytes));
    let out = made(|out, err| unsafe {
        wxpay_canonical_response(t.0, t.1, n.0, n.1, b.0, b.1, out, err)
    })?;
    case.found.insert("text", Found::Bytes(out.bytes()));
    Ok(())
}

pub fn sign(case: &mut Case<'_>) -> Done {
    let key = calls::key(&case.bytes("key")?, b"")?;
    let out = calls::sign(&key, &case.bytes("message")?)?;
    case.found.insert("signature", Found::Bytes(out.bytes()));
    Ok(())
}

pub fn verify(case: &mut Case<'_>) -> Done {
    let key = calls::key(&case.bytes("key")?, b"")?;
    calls::verify(&key, &case.bytes("message")?, &case.bytes("signature")?)
}

pub fn aead_decrypt(case: &mut Case<'_>) -> Done {
    let inputs = ["key", "nonce", "aad", "ciphertext"].map(|name| case.bytes(name));
    let [key, nonce, aad, ciphertext] = inputs;
    let (key, nonce, aad, ciphertext) = (key?, nonce?, aad?, ciphertext?);
    let [k, n, a, c] = [&key, &nonce, &aad, &ciphertext].map(|bytes| raw(bytes));
    let out = made(|out, err| unsafe {
        wxpay_aead_decrypt(k.0, k.1, n.0, n.1, a.0, a.1, c.0, c.1, out, err)
    })?;
    case.found.insert("plaintext", Found::Bytes(out.bytes()));
    Ok(())
}

pub fn oaep_decrypt(case: &mut Case<'_>) -> Done {
    let key = calls::key(&case.bytes("key")?, b"")?;
    let out = calls::oaep_decrypt(&key, &case.bytes("ciphertext")?)?;
    case.found.insert("plaintext", Found::Bytes(out.bytes()));
    Ok(())
}

pub fn oaep_encrypt(case: &mut Case<'_>) -> Done {
    let key = calls::key(&case.bytes("key")?, b"")?;
    let private = calls::key(&case.bytes("private_key")?, b"")?;
    let plaintext = case.bytes("plaintext")?;
    let p = raw(&plaintext);
    let sealed = made(|out, err| unsafe { wxpay_oaep_encrypt(key.get(), p.0, p.1, out, err) })?;
    let out = calls::oaep_decrypt(&private, &sealed.bytes())?;
    case.found.insert("plaintext", Found::Bytes(out.bytes()));
    Ok(())
}

pub fn key_load(case: &mut Case<'_>) -> Done {
    let key = calls::key(&case.bytes("data")?, &case.bytes("passphrase")?)?;
    let out = made(|out, err| unsafe { wxpay_key_info(key.get(), out, err) })?;
    let info: Value = serde_json::from_slice(&out.bytes()).unwrap();
    for (name, want) in case.want["info"].as_object().into_iter().flatten() {
        if info.get(name) != Some(want) {
            return wrong(format!("info.{name} is {:?}, not {want}", info.get(name)));
        }
    }
    Ok(())
}

pub fn key_matches_cert(case: &mut Case<'_>) -> Done {
    let key = calls::key(&case.bytes("key")?, b"")?;
    let cert = case.bytes("cert")?;
    let c = raw(&cert);
    call(|err| unsafe { wxpay_key_matches_cert(key.get(), c.0, c.1, err) })
}

pub fn config_set(case: &mut Case<'_>) -> Done {
    let config = made(|out, err| unsafe { wxpay_config_new(out, err) })?;
    let (key, value) = (case.bytes("key")?, case.bytes("value")?);
    let (k, v) = (raw(&key), raw(&value));
    call(|err| unsafe { wxpay_config_set(config.get(), k.0, k.1, v.0, v.1, err) })
}

pub fn client_new(case: &mut Case<'_>) -> Done {
    calls::client_new(case.set, &case.input["config"]).map(drop)
}

pub fn message_set(case: &mut Case<'_>) -> Done {
    let message = calls::new_request(b"GET", b"/v3/certificates", b"")?;
    let (key, value) = (case.bytes("key")?, case.bytes("value")?);
    let (k, v) = (raw(&key), raw(&value));
    call(|err| unsafe { wxpay_message_set(message.get(), k.0, k.1, v.0, v.1, err) })
}

pub fn pay_h5_url(case: &mut Case<'_>) -> Done {
    let (h5_url, redirect) = (case.bytes("h5_url")?, case.bytes("redirect_url")?);
    let (h, r) = (raw(&h5_url), raw(&redirect));
    let out = made(|out, err| unsafe { wxpay_pay_h5_url(h.0, h.1, r.0, r.1, out, err) })?;
    case.found.insert("url", Found::Bytes(out.bytes()));
    Ok(())
}

pub fn client_encrypt(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let (key_id, plaintext) = (case.bytes("key_id")?, case.bytes("plaintext")?);
    let (k, p) = (raw(&key_id), raw(&plaintext));
    let [sealed, used] = several(|[sealed, used], err| unsafe {
        wxpay_client_encrypt(client.get(), k.0, k.1, p.0, p.1, sealed, used, err)
    })?;
    let private = calls::key(&case.bytes("private_key")?, b"")?;
    let out = calls::oaep_decrypt(&private, &sealed.bytes())?;
    case.found.insert("plaintext", Found::Bytes(out.bytes()));
    case.found.insert("used_key_id", Found::Bytes(used.bytes()));
    Ok(())
}

pub fn client_decrypt(case: &mut Case<'_>) -> Done {
    let client = case.client()?;
    let ciphertext = case.bytes("ciphertext")?;
    let c = raw(&ciphertext);
    let out = made(|out, err| unsafe { wxpay_client_decrypt(client.get(), c.0, c.1, out, err) })?;
    case.found.insert("plaintext", Found::Bytes(out.bytes()));
    Ok(())
}

pub fn status(case: &mut Case<'_>) -> Done {
    let code = i32::try_from(case.number("code")?).unwrap();
    case.found
        .insert("name", text(wxpay_status_name(code)).into());
    case.found
        .insert("en", text(wxpay_status_text(code, 0)).into());
    case.found
        .insert("zh", text(wxpay_status_text(code, 1)).into());
    Ok(())
}
