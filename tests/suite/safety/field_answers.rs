//! S21: values of an answer are decrypted in their place, once the answer was verified. The openssl
//! command encrypts on WeChat Pay's side.

use std::ptr::null_mut;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wxpay::client::Client;
use wxpay::ffi::buf::{wxpay_buf_data, wxpay_buf_free, wxpay_buf_len};
use wxpay::ffi::client::wxpay_client_free;
use wxpay::ffi::message::{
    wxpay_message_add_header_block, wxpay_message_body, wxpay_message_body_len, wxpay_message_free,
    wxpay_message_new_request, wxpay_message_new_response,
};
use wxpay::ffi::sans_io::{wxpay_client_check, wxpay_client_prepare};
use wxpay::ffi::sensitive::{wxpay_client_decrypt_fields, wxpay_client_encrypt_fields};
use wxpay::http::{Message, Verified};
use wxpay::v3::api_error::Sending;
use wxpay::v3::{check, prepare, sensitive_fields};

use super::arguments::{handle, pointer};
use super::fields::{clock, request};
use super::openssl::oaep_encrypt;
use super::wechat::{self, MCHID, PUBLIC_KEY_ID, client, code, now, refused, signed};

/// An answer as it comes out of `send`: signed, and checked.
fn verified(client: &Client, body: &[u8]) -> Message {
    let mut answer = signed(200, body);
    let sending = Sending {
        written_completely: true,
    };
    let asked = prepare::prepare(&client.merchant, &request("{}"), clock()).unwrap();
    check::check(&client.merchant, &asked, &mut answer, clock(), sending).unwrap();
    answer
}

fn for_merchant(plaintext: &[u8]) -> String {
    STANDARD.encode(oaep_encrypt(&wechat::merchant().public_pem, plaintext))
}

#[test]
fn what_openssl_encrypted_is_decrypted_in_its_place_and_nothing_else_changes() {
    let client = client();
    let (name, odd) = (
        for_merchant("张三".as_bytes()),
        for_merchant(b"a\"b\\\n\x01/"),
    );
    // `/` may be spelled `\/` in JSON: PHP does so.
    let body = format!(
        "{{ \"n\" : \"{}\", \"m\":1.10,\"e\":1e400,\r\n\"l\":[{{\"v\":\"{odd}\",\"x\":\"\\u0041\"}},{{\"v\":\"{}\"}}] ,\"o\":\"\"}}",
        name.replace('/', "\\/"),
        for_merchant(b"x")
    );
    let answer = verified(&client, body.as_bytes());
    let opened = sensitive_fields::decrypt(&client.merchant, &answer, "/n\n/l/*/v\n/o?").unwrap();
    assert_eq!(
        std::str::from_utf8(&opened).unwrap(),
        "{ \"n\" : \"张三\", \"m\":1.10,\"e\":1e400,\r\n\"l\":[{\"v\":\"a\\\"b\\\\\\n\\u0001/\",\"x\":\"\\u0041\"},{\"v\":\"x\"}] ,\"o\":\"\"}"
    );
    assert!(answer.body[..] == *body.as_bytes());
}

#[test]
fn an_answer_that_was_not_verified_is_not_decrypted() {
    let client = client();
    let body = format!("{{\"n\":\"{}\"}}", for_merchant(b"x"));
    let mut answer = verified(&client, body.as_bytes());
    assert!(sensitive_fields::decrypt(&client.merchant, &answer, "/n").is_ok());
    for other in [
        Verified::NotChecked,
        Verified::NotSignedByDesign,
        Verified::ErrorAnswer,
    ] {
        answer.verified = other;
        let error = refused(
            other,
            sensitive_fields::decrypt(&client.merchant, &answer, "/n"),
        );
        assert_eq!(code(&error), 103);
    }
    let mut unread = signed(200, body.as_bytes());
    let error = refused(
        "unchecked",
        sensitive_fields::decrypt(&client.merchant, &unread, "/n"),
    );
    assert_eq!(code(&error), 103);
    unread = request(&body);
    unread.verified = Verified::Signature;
    let error = refused(
        "a request",
        sensitive_fields::decrypt(&client.merchant, &unread, "/n"),
    );
    assert_eq!(code(&error), 103);
}

#[test]
fn every_failure_to_decrypt_says_the_same() {
    let client = client();
    let good = oaep_encrypt(&wechat::merchant().public_pem, b"x");
    let mut flipped = good.clone();
    flipped[100] ^= 1;
    let short = STANDARD.encode(&good[1..]);
    let values = [
        "x".to_owned(),
        "plaintext is no base64".to_owned(),
        STANDARD.encode(&good).trim_end_matches('=').to_owned(),
        short,
        STANDARD.encode(&flipped),
        STANDARD.encode(oaep_encrypt(&wechat::wechat().public_pem, b"x")),
        // What opens but is no text.
        for_merchant(b"\xff\xfe"),
    ];
    let mut said: Vec<String> = values
        .iter()
        .map(|value| {
            let answer = verified(&client, format!("{{\"n\":\"{value}\"}}").as_bytes());
            let error = refused(
                value,
                sensitive_fields::decrypt(&client.merchant, &answer, "/n"),
            );
            assert_eq!(code(&error), 210, "{value}");
            error.to_string()
        })
        .collect();
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("/n"));
    for (pointers, want) in [("/m", 100), ("", 100), ("/n\n/n", 100)] {
        let answer = verified(&client, b"{\"n\":\"x\"}");
        let error = refused(
            pointers,
            sensitive_fields::decrypt(&client.merchant, &answer, pointers),
        );
        assert_eq!(code(&error), want);
    }
}

/// The same through C: the status, and what came of it.
#[test]
fn fields_go_up_and_come_down_through_the_c_abi() {
    let client = handle();
    let (pointers, pointers_len) = pointer(b"/a");
    let (method, method_len) = pointer(b"POST");
    let (url, url_len) = pointer(b"/v3/x");
    let (plain, plain_len) = pointer(b"{\"a\":\"x\",\"b\":1.0}");
    let body = format!("{{\"a\":\"{}\",\"b\":1.0}}", for_merchant(MCHID.as_bytes()));
    let (answer, answer_len) = pointer(body.as_bytes());
    let mut head = String::new();
    for (name, value) in wechat::signature(wechat::wechat(), PUBLIC_KEY_ID, now(), body.as_bytes())
    {
        head.push_str(&format!("{name}: {value}\n"));
    }
    let (head, head_len) = pointer(head.as_bytes());
    let (mut upward, mut downward) = (null_mut(), null_mut());
    let (mut prepared, mut json) = (null_mut(), null_mut());
    // SAFETY: live handles and bytes, and each handle is freed once.
    unsafe {
        let no = null_mut();
        wxpay_message_new_request(
            method,
            method_len,
            url,
            url_len,
            plain,
            plain_len,
            &mut upward,
            no,
        );
        wxpay_message_new_response(200, answer, answer_len, &mut downward, no);
        wxpay_message_add_header_block(downward, head, head_len, no);
        let encrypt =
            |message| wxpay_client_encrypt_fields(client, message, pointers, pointers_len, no);
        assert_eq!(
            (encrypt(upward), encrypt(downward), encrypt(null_mut())),
            (0, 103, 101)
        );
        assert_eq!(
            wxpay_client_prepare(client, upward, 0, &mut prepared, no),
            0
        );
        let sent = std::slice::from_raw_parts(
            wxpay_message_body(prepared),
            wxpay_message_body_len(prepared),
        );
        assert!(sent.starts_with(b"{\"a\":\"") && sent.ends_with(b"\",\"b\":1.0}"));
        assert!(sent.len() > 344);
        assert_eq!(encrypt(prepared), 103);
        let decrypt = |message, json| {
            wxpay_client_decrypt_fields(client, message, pointers, pointers_len, json, no)
        };
        assert_eq!(
            (decrypt(upward, &mut json), decrypt(downward, &mut json)),
            (103, 103)
        );
        assert!(json.is_null());
        assert_eq!(wxpay_client_check(client, prepared, downward, 0, no), 0);
        assert_eq!(decrypt(downward, &mut json), 0);
        let text = std::slice::from_raw_parts(wxpay_buf_data(json), wxpay_buf_len(json));
        assert_eq!(text, format!("{{\"a\":\"{MCHID}\",\"b\":1.0}}").as_bytes());
        wxpay_buf_free(json);
        for message in [upward, downward, prepared] {
            wxpay_message_free(message);
        }
        wxpay_client_free(client);
    }
}
