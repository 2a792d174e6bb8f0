//! S12, S28: no `now` takes the window away, and what decrypts alone is hard to reach by
//! accident.

use std::ptr::{null, null_mut};

use wxpay::ffi::client::wxpay_client_free;
use wxpay::ffi::config::{wxpay_config_free, wxpay_config_new};
use wxpay::ffi::pay::{wxpay_pay_app, wxpay_pay_jsapi, wxpay_pay_mini_program, wxpay_pay_unsigned};

use super::arguments::{handle, pointer};

/// S12: milliseconds and error values are no time, in every function that takes one.
#[test]
fn a_now_in_milliseconds_or_below_zero_is_refused_everywhere() {
    use wxpay::ffi::config::wxpay_config_check;
    use wxpay::ffi::message::{
        wxpay_message_free, wxpay_message_new_request, wxpay_message_new_response,
    };
    use wxpay::ffi::notify::wxpay_notify_open;
    use wxpay::ffi::sans_io::{
        wxpay_client_certificates_due, wxpay_client_check, wxpay_client_load_certificates,
        wxpay_client_prepare, wxpay_client_prepare_unsigned,
    };
    let client = handle();
    let (id, len) = pointer(b"wx1");
    for now in [-1, i64::MIN, 1_700_000_000_000, 100_000_000_000, i64::MAX] {
        // SAFETY: live handles and bytes; every output stays NULL on failure.
        unsafe {
            let (mut request, mut response, mut config) = (null_mut(), null_mut(), null_mut());
            let ((get, get_len), (url, url_len)) = (pointer(b"GET"), pointer(b"/v3/x"));
            assert_eq!(
                wxpay_message_new_request(
                    get,
                    get_len,
                    url,
                    url_len,
                    null(),
                    0,
                    &mut request,
                    null_mut()
                ),
                0
            );
            assert_eq!(
                wxpay_message_new_response(200, null(), 0, &mut response, null_mut()),
                0
            );
            assert_eq!(wxpay_config_new(&mut config, null_mut()), 0);
            let (mut message, mut buffer, mut notify) = (null_mut(), null_mut(), null_mut());
            let mut more = [null_mut(); 2];
            let [second, third] = &mut more;
            let (kind, kind_len) = pointer(b"app");
            for (name, status) in [
                (
                    "prepare",
                    wxpay_client_prepare(client, request, now, &mut message, null_mut()),
                ),
                (
                    "prepare_unsigned",
                    wxpay_client_prepare_unsigned(
                        client,
                        request,
                        now,
                        &mut message,
                        null_mut(),
                        null_mut(),
                        null_mut(),
                    ),
                ),
                (
                    "check",
                    wxpay_client_check(client, request, response, now, null_mut()),
                ),
                (
                    "load_certificates",
                    wxpay_client_load_certificates(client, response, now, null_mut()),
                ),
                (
                    "notify_open",
                    wxpay_notify_open(client, response, now, &mut notify, null_mut()),
                ),
                (
                    "pay_jsapi",
                    wxpay_pay_jsapi(client, id, len, id, len, now, &mut buffer, null_mut()),
                ),
                (
                    "pay_mini_program",
                    wxpay_pay_mini_program(client, id, len, id, len, now, &mut buffer, null_mut()),
                ),
                (
                    "pay_app",
                    wxpay_pay_app(client, id, len, id, len, now, &mut buffer, null_mut()),
                ),
                (
                    "pay_unsigned",
                    wxpay_pay_unsigned(
                        client,
                        kind,
                        kind_len,
                        id,
                        len,
                        id,
                        len,
                        now,
                        &mut buffer,
                        second,
                        third,
                        null_mut(),
                    ),
                ),
                (
                    "config_check",
                    wxpay_config_check(config, now, &mut buffer, null_mut()),
                ),
            ] {
                assert_eq!(status, 100, "{name}({now})");
            }
            assert!(message.is_null() && buffer.is_null() && notify.is_null());
            assert_eq!(wxpay_client_certificates_due(client, now), 0, "{now}");
            wxpay_message_free(request);
            wxpay_message_free(response);
            wxpay_config_free(config);
        }
    }
    // SAFETY: made by `handle`, freed once.
    unsafe { wxpay_client_free(client) };
}

/// S28: the header has one function that opens a ciphertext without a signature, among the
/// primitives; everything else that decrypts verifies first or uses the merchant's own key.
#[test]
fn only_the_primitives_decrypt_without_verifying() {
    let header =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/include/wxpay.h")).unwrap();
    let mut names: Vec<&str> = header
        .split(|one: char| !one.is_ascii_alphanumeric() && one != '_')
        .filter(|word| word.starts_with("wxpay_") && word.contains("crypt"))
        .collect();
    names.sort_unstable();
    names.dedup();
    let known = [
        "wxpay_aead_decrypt",
        "wxpay_client_decrypt",
        "wxpay_client_decrypt_fields",
        "wxpay_client_encrypt",
        "wxpay_client_encrypt_fields",
        "wxpay_oaep_decrypt",
        "wxpay_oaep_encrypt",
    ];
    assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
    assert!(names.contains(&"wxpay_aead_decrypt"));
    for word in [
        "skip",
        "insecure",
        "danger",
        "noverify",
        "unsafe",
        "trust_all",
    ] {
        let words = header.split(|one: char| !one.is_ascii_alphanumeric() && one != '_');
        let found: Vec<&str> = words
            .filter(|one| one.starts_with("wxpay_") && one.contains(word))
            .collect();
        assert!(found.is_empty(), "{found:?}");
    }
    let source =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/ffi/notify.rs")).unwrap();
    assert!(
        !source.contains("decrypt("),
        "a notification is opened by the core, after it was verified"
    );
}
