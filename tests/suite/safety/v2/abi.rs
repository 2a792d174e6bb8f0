//! API v2 through the C functions: what belongs together goes through, what does not is refused
//! and leaves every output NULL.

use std::ptr::{null, null_mut};

use serde_json::Value;
use wxpay::ffi::buf::{wxpay_buf, wxpay_buf_data, wxpay_buf_free, wxpay_buf_len};
use wxpay::ffi::client::{wxpay_client, wxpay_client_free, wxpay_client_new};
use wxpay::ffi::config::{wxpay_config_free, wxpay_config_load_json, wxpay_config_new};
use wxpay::ffi::error::{
    wxpay_error_api_code, wxpay_error_free, wxpay_error_outcome, wxpay_error_status,
};
use wxpay::ffi::message::{
    wxpay_message, wxpay_message_free, wxpay_message_new_response, wxpay_message_verified,
};
use wxpay::ffi::pay::wxpay_pay_score;
use wxpay::ffi::v2::{
    wxpay_v2_check, wxpay_v2_prepare, wxpay_v2_refund_open, wxpay_v2_reply, wxpay_v2_send,
    wxpay_v2_sign,
};

use super::super::arguments::pointer;
use super::super::raw::Raw;
use super::super::wechat::{self, http};
use super::{GOOD, KEY, hmac, sealed, signed, xml};

/// A client through the C ABI.
fn handle(base_url: &str) -> *mut wxpay_client {
    let json = serde_json::json!({
        "mchid": wechat::MCHID, "merchant_serial": wechat::MERCHANT_SERIAL, "private_key": wechat::merchant().pem,
        "public_key_id": wechat::PUBLIC_KEY_ID, "public_key": wechat::wechat().public_pem,
        "api_v2_key": KEY, "base_url": base_url,
    })
    .to_string();
    let (mut config, mut client) = (null_mut(), null_mut());
    // SAFETY: every pointer is live, and each handle is freed once.
    unsafe {
        assert_eq!(wxpay_config_new(&mut config, null_mut()), 0);
        let (text, len) = pointer(json.as_bytes());
        assert_eq!(wxpay_config_load_json(config, text, len, null_mut()), 0);
        assert_eq!(wxpay_client_new(config, &mut client, null_mut()), 0);
        wxpay_config_free(config);
    }
    client
}

fn taken(buffer: *mut wxpay_buf) -> String {
    // SAFETY: a live buffer, freed once.
    unsafe {
        let bytes = std::slice::from_raw_parts(wxpay_buf_data(buffer), wxpay_buf_len(buffer));
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        wxpay_buf_free(buffer);
        text
    }
}

fn response(body: &str) -> *mut wxpay_message {
    let mut message = null_mut();
    let (text, len) = pointer(body.as_bytes());
    // SAFETY: live bytes and an output.
    let status = unsafe { wxpay_message_new_response(200, text, len, &mut message, null_mut()) };
    assert_eq!(status, 0);
    message
}

#[test]
fn the_c_functions_of_v2_do_what_the_header_says() {
    let server = Raw::answering(|request| {
        let fails = request.body.windows(5).any(|part| part == b"fails");
        let body = if fails {
            let pairs = [
                ("return_code", "SUCCESS"),
                ("result_code", "FAIL"),
                ("err_code", "NOAUTH"),
            ];
            signed(&pairs)
        } else {
            signed(GOOD)
        };
        http(200, body.as_bytes(), &[])
    });
    let client = handle(&server.url);
    let (path, path_len) = pointer(b"/pay/unifiedorder");
    let prepared = |json: &str| {
        let mut request = null_mut();
        let (text, len) = pointer(json.as_bytes());
        // SAFETY: live handles and bytes.
        let status = unsafe {
            wxpay_v2_prepare(
                client,
                path,
                path_len,
                null(),
                0,
                text,
                len,
                &mut request,
                null_mut(),
            )
        };
        assert_eq!(status, 0);
        request
    };
    let (good, bad) = (prepared(r#"{"body":"x"}"#), prepared(r#"{"body":"fails"}"#));
    let (mut answer, mut fields, mut error) = (null_mut(), null_mut(), null_mut());
    // SAFETY: live handles, and outputs that are freed once.
    unsafe {
        assert_eq!(
            wxpay_v2_send(client, good, &mut answer, &mut fields, &mut error),
            0
        );
        assert_eq!(wxpay_message_verified(answer), 1);
        let json: Value = serde_json::from_str(&taken(fields)).unwrap();
        assert_eq!(json["mch_id"], wechat::MCHID);
        fields = null_mut();
        wxpay_message_free(answer);
        // The fields may be left out.
        assert_eq!(
            wxpay_v2_send(client, good, &mut answer, null_mut(), null_mut()),
            0
        );
        wxpay_message_free(answer);

        assert_eq!(
            wxpay_v2_send(client, bad, &mut answer, &mut fields, &mut error),
            400
        );
        assert!(answer.is_null() && fields.is_null());
        assert_eq!(
            (wxpay_error_status(error), wxpay_error_outcome(error)),
            (400, 2)
        );
        let code = std::ffi::CStr::from_ptr(wxpay_error_api_code(error));
        assert_eq!(code.to_str(), Ok("NOAUTH"));
        wxpay_error_free(error);

        let message = response(&signed(GOOD));
        assert_eq!(
            wxpay_v2_check(client, null(), message, &mut fields, null_mut()),
            0
        );
        assert_eq!(wxpay_message_verified(message), 1);
        taken(fields);
        assert_eq!(
            wxpay_v2_check(client, good, message, &mut fields, null_mut()),
            0
        );
        taken(fields);
        assert_eq!(
            wxpay_v2_check(client, message, message, &mut fields, null_mut()),
            100
        );
        assert_eq!(
            wxpay_v2_check(client, good, message, null_mut(), null_mut()),
            101
        );
        assert_eq!(
            wxpay_v2_check(null(), good, message, &mut fields, null_mut()),
            101
        );
        assert!(fields.is_null());
        wxpay_message_free(message);
        let message = response(&xml(GOOD));
        assert_eq!(
            wxpay_v2_check(client, null(), message, &mut fields, null_mut()),
            201
        );
        assert!(fields.is_null());
        assert_eq!(wxpay_message_verified(message), 0);
        assert_eq!(
            wxpay_v2_send(client, message, &mut answer, &mut fields, null_mut()),
            103
        );
        wxpay_message_free(message);

        let (json, json_len) = pointer(br#"{"a":"1"}"#);
        let mut out = null_mut();
        assert_eq!(
            wxpay_v2_sign(client, null(), 0, json, json_len, &mut out, null_mut()),
            0
        );
        assert_eq!(taken(out), hmac(&[("a", "1")], KEY));
        let sealed = sealed(KEY, b"<root><refund_id>1</refund_id></root>");
        let (text, len) = pointer(sealed.as_bytes());
        assert_eq!(
            wxpay_v2_refund_open(client, text, len, &mut out, null_mut()),
            0
        );
        assert_eq!(
            taken(out),
            r#"{"authenticated":false,"refund":{"refund_id":"1"}}"#
        );
        assert_eq!(
            wxpay_v2_refund_open(client, text, len - 1, &mut out, null_mut()),
            210
        );
        assert!(out.is_null());
        let (package, package_len) = pointer(b"p");
        assert_eq!(
            wxpay_pay_score(client, package, package_len, 0, &mut out, null_mut()),
            0
        );
        assert!(taken(out).contains("\"sign_type\":\"HMAC-SHA256\""));
        let mut reply = null_mut();
        assert_eq!(wxpay_v2_reply(0, null(), 0, &mut reply, null_mut()), 0);
        wxpay_message_free(reply);
        wxpay_message_free(good);
        wxpay_message_free(bad);
        wxpay_client_free(client);
    }
}
