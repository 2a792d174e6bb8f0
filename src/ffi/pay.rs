//! Parameters for front ends: the complete JSON object that opens the payment.

use std::ffi::c_char;

use super::buf::{Buffer, wxpay_buf};
use super::client::wxpay_client;
use super::error::wxpay_error;
use super::guard::guard;
use super::handle::get;
use super::input::{bytes, text};
use super::output::Out;
use super::wxpay_status;
use crate::crypto::digest;
use crate::time;
use crate::v3::pay_params::{self, Kind};

/// # Safety
/// Every pointer as the header says.
#[allow(clippy::too_many_arguments)]
unsafe fn signed(
    kind: Kind,
    client: *const wxpay_client,
    appid: (*const c_char, usize),
    prepay_id: (*const c_char, usize),
    now: i64,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: as promised by the caller.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            let appid = text(appid.0, appid.1, "appid")?;
            let prepay_id = text(prepay_id.0, prepay_id.1, "prepay_id")?;
            let json =
                pay_params::signed(&client.merchant, kind, appid, prepay_id, time::now(now)?)?;
            out.put_bytes(json.as_bytes())
        })
    }
}

/// Parameters of WeixinJSBridge's getBrandWCPayRequest: appId, timeStamp, nonceStr, package,
/// signType, paySign.
/// @param client  a client with a private key
/// @param appid  that the page runs under; 1 to 128 of A-Z, a-z, 0-9, _-=@.:/+
/// @param prepay_id  as the order's answer gave it, without "prepay_id="
/// @param now  Unix seconds, 0 = the system clock
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 110 200
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_pay_jsapi(
    client: *const wxpay_client,
    appid: *const c_char,
    appid_len: usize,
    prepay_id: *const c_char,
    prepay_id_len: usize,
    now: i64,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        signed(
            Kind::Jsapi,
            client,
            (appid, appid_len),
            (prepay_id, prepay_id_len),
            now,
            out,
            err,
        )
    }
}

/// Parameters of wx.requestPayment: timeStamp, nonceStr, package, signType, paySign.
/// @param client  a client with a private key
/// @param appid  of the mini program; signed, not part of the object
/// @param prepay_id  as the order's answer gave it, without "prepay_id="
/// @param now  Unix seconds, 0 = the system clock
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 110 200
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_pay_mini_program(
    client: *const wxpay_client,
    appid: *const c_char,
    appid_len: usize,
    prepay_id: *const c_char,
    prepay_id_len: usize,
    now: i64,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        signed(
            Kind::MiniProgram,
            client,
            (appid, appid_len),
            (prepay_id, prepay_id_len),
            now,
            out,
            err,
        )
    }
}

/// Parameters of the app SDK's PayReq: appid, partnerid, prepayid, package, noncestr, timestamp,
/// sign.
/// @param client  a client with mchid and a private key
/// @param appid  of the app
/// @param prepay_id  as the order's answer gave it
/// @param now  Unix seconds, 0 = the system clock
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 110 200
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_pay_app(
    client: *const wxpay_client,
    appid: *const c_char,
    appid_len: usize,
    prepay_id: *const c_char,
    prepay_id_len: usize,
    now: i64,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        signed(
            Kind::App,
            client,
            (appid, appid_len),
            (prepay_id, prepay_id_len),
            now,
            out,
            err,
        )
    }
}

/// The parameters without their signature, for keys in a KMS or HSM; complete them with
/// wxpay_pay_attach.
/// @param client  a client
/// @param kind  "jsapi", "mini_program" or "app"
/// @param appid  as for the signed forms
/// @param prepay_id  as for the signed forms
/// @param now  Unix seconds, 0 = the system clock
/// @param[out] params  owned; JSON without signature
/// @param[out] to_sign  owned; the exact bytes; NULL to ignore
/// @param[out] to_sign_sha256  owned; their SHA-256, 32 bytes; NULL to ignore
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 110 200
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_pay_unsigned(
    client: *const wxpay_client,
    kind: *const c_char,
    kind_len: usize,
    appid: *const c_char,
    appid_len: usize,
    prepay_id: *const c_char,
    prepay_id_len: usize,
    now: i64,
    params: *mut *mut wxpay_buf,
    to_sign: *mut *mut wxpay_buf,
    to_sign_sha256: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let params = Out::new(params, "params");
        let to_sign = Out::new(to_sign, "to_sign");
        let to_sign_sha256 = Out::new(to_sign_sha256, "to_sign_sha256");
        guard(err, || {
            params.required()?;
            let client = get(client, "client")?;
            let kind = Kind::parse(text(kind, kind_len, "kind")?)?;
            let appid = text(appid, appid_len, "appid")?;
            let prepay_id = text(prepay_id, prepay_id_len, "prepay_id")?;
            let unsigned =
                pay_params::unsigned(&client.merchant, kind, appid, prepay_id, time::now(now)?)?;
            let bytes = &unsigned.to_sign;
            let (signed, digest) = (Buffer::new(bytes)?, Buffer::new(&digest::sha256(bytes))?);
            let json = Buffer::new(unsigned.json().as_bytes())?;
            to_sign.put(signed);
            to_sign_sha256.put(digest);
            params.put(json);
            Ok(())
        })
    }
}

/// Completes parameters from wxpay_pay_unsigned.
/// @param params  the JSON as it came
/// @param signature  256 bytes for RSA-2048, raw or base64
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 420
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_pay_attach(
    params: *const c_char,
    params_len: usize,
    signature: *const c_char,
    signature_len: usize,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let params = text(params, params_len, "params")?;
            let json = pay_params::attach(params, bytes(signature, signature_len, "signature")?)?;
            out.put_bytes(json.as_bytes())
        })
    }
}

/// The h5_url of an order's answer with redirect_url appended, percent-encoded.
/// @param h5_url  https, as WeChat Pay gave it
/// @param redirect_url  http or https; empty for none. Make sure it is yours
/// @param[out] out  owned; the URL
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_pay_h5_url(
    h5_url: *const c_char,
    h5_url_len: usize,
    redirect_url: *const c_char,
    redirect_url_len: usize,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let url = pay_params::h5_url(
                text(h5_url, h5_url_len, "h5_url")?,
                text(redirect_url, redirect_url_len, "redirect_url")?,
            )?;
            out.put_bytes(url.as_bytes())
        })
    }
}

/// Parameters that open the PayScore page: mch_id, package, timestamp, nonce_str, sign_type, sign.
/// They are signed with the APIv2 key, HMAC-SHA256, as WeChat Pay's documents say.
/// @param client  a client with api_v2_key
/// @param package  as the PayScore answer gave it
/// @param now  Unix seconds, 0 = the system clock
/// @param[out] out  owned; JSON
/// @param[out] err  owned; NULL to ignore
/// @since 0.1  @threads any  @io none  @errors 100 101 102 110
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wxpay_pay_score(
    client: *const wxpay_client,
    package: *const c_char,
    package_len: usize,
    now: i64,
    out: *mut *mut wxpay_buf,
    err: *mut *mut wxpay_error,
) -> wxpay_status {
    // SAFETY: every pointer as the header says.
    unsafe {
        let out = Out::new(out, "out");
        guard(err, || {
            out.required()?;
            let client = get(client, "client")?;
            let package = text(package, package_len, "package")?;
            let json = crate::v2::pay_score(&client.merchant, package, time::now(now)?)?;
            out.put_bytes(json.as_bytes())
        })
    }
}
