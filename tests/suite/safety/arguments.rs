//! S9, S12, S28: no argument makes a string that we sign say something else, no `now` takes the
//! window away, and what decrypts alone is hard to reach by accident.

use std::ffi::c_char;
use std::ptr::{null, null_mut};

use wxpay::client::Client;
use wxpay::ffi::buf::wxpay_buf_free;
use wxpay::ffi::client::{wxpay_client, wxpay_client_free, wxpay_client_new};
use wxpay::ffi::config::{
    wxpay_config, wxpay_config_free, wxpay_config_load_json, wxpay_config_new,
};
use wxpay::ffi::pay::{wxpay_pay_app, wxpay_pay_jsapi, wxpay_pay_mini_program, wxpay_pay_unsigned};
use wxpay::ffi::primitives::{wxpay_canonical_request, wxpay_canonical_response};
use wxpay::time;
use wxpay::v3::pay_params::{self, Kind};
use wxpay::v3::primitives;

use super::wechat::{self, code, refused};

fn pointer(bytes: &[u8]) -> (*const c_char, usize) {
    (bytes.as_ptr().cast(), bytes.len())
}

/// A client through the C ABI.
fn handle() -> *mut wxpay_client {
    let json = serde_json::json!({
        "mchid": wechat::MCHID, "merchant_serial": wechat::MERCHANT_SERIAL, "private_key": wechat::merchant().pem,
        "api_v3_key": wechat::API_V3_KEY, "public_key_id": wechat::PUBLIC_KEY_ID, "public_key": wechat::wechat().public_pem,
    })
    .to_string();
    let mut config: *mut wxpay_config = null_mut();
    let mut client: *mut wxpay_client = null_mut();
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

/// `good` with `byte` at its start, in it and at its end.
fn spoiled(good: &[u8], byte: u8) -> [Vec<u8>; 3] {
    let middle = good.len() / 2;
    [
        [&[byte], good].concat(),
        [&good[..middle], &[byte], &good[middle..]].concat(),
        [good, &[byte]].concat(),
    ]
}

/// What is refused: nothing that is a line, a quote, a space or not ASCII. 102 is "not UTF-8".
fn bad_bytes() -> Vec<u8> {
    (0..=0x20)
        .chain([b'"', b'\\', b'#', b'{', b'}', 0x7f, 0x80, 0xa0, 0xff])
        .collect()
}

#[test]
fn no_byte_that_could_add_a_line_gets_into_parameters_of_a_front_end() {
    let client = handle();
    let jsapi = |appid: &[u8], prepay_id: &[u8]| -> Vec<i32> {
        let (appid, appid_len) = pointer(appid);
        let (prepay, prepay_len) = pointer(prepay_id);
        let mut out = null_mut();
        let (mut params, mut to_sign, mut digest) = (null_mut(), null_mut(), null_mut());
        let mut statuses = Vec::new();
        // SAFETY: a live client, live bytes, and outputs that are freed.
        unsafe {
            for function in [wxpay_pay_jsapi, wxpay_pay_mini_program, wxpay_pay_app] {
                statuses.push(function(
                    client,
                    appid,
                    appid_len,
                    prepay,
                    prepay_len,
                    0,
                    &mut out,
                    null_mut(),
                ));
                assert_eq!(out.is_null(), statuses.last() != Some(&0));
                wxpay_buf_free(out);
            }
            for kind in ["jsapi", "mini_program", "app"] {
                let (kind, kind_len) = pointer(kind.as_bytes());
                statuses.push(wxpay_pay_unsigned(
                    client,
                    kind,
                    kind_len,
                    appid,
                    appid_len,
                    prepay,
                    prepay_len,
                    0,
                    &mut params,
                    &mut to_sign,
                    &mut digest,
                    null_mut(),
                ));
                for buffer in [params, to_sign, digest] {
                    assert_eq!(buffer.is_null(), statuses.last() != Some(&0));
                    wxpay_buf_free(buffer);
                }
            }
        }
        statuses
    };
    let (appid, prepay_id) = (
        b"wx8888888888888888",
        b"wx201410272009395522657a690389285100",
    );
    assert_eq!(jsapi(appid, prepay_id), [0; 6]);
    for byte in bad_bytes() {
        let want = if byte < 0x80 { 100 } else { 102 };
        for text in spoiled(appid, byte) {
            assert_eq!(
                jsapi(&text, prepay_id),
                [want; 6],
                "appid with 0x{byte:02X}"
            );
        }
        for text in spoiled(prepay_id, byte) {
            assert_eq!(
                jsapi(appid, &text),
                [want; 6],
                "prepay_id with 0x{byte:02X}"
            );
        }
    }
    for (case, appid, prepay_id) in [
        (
            "the request string",
            &b"POST\n/v3/refund/domestic/refunds"[..],
            &b"{\"amount\":1}"[..],
        ),
        ("no appid", b"", prepay_id),
        ("no prepay_id", appid, b""),
        ("129 bytes", &[b'a'; 129], prepay_id),
        ("129 bytes", appid, &[b'a'; 129]),
        ("prefixed", appid, b"prepay_id=wx2014"),
    ] {
        assert_eq!(jsapi(appid, prepay_id), [100; 6], "{case}");
    }
    // SAFETY: made by `handle`, freed once.
    unsafe { wxpay_client_free(client) };
}

/// Four lines, whatever is accepted: a request has five.
#[test]
fn no_accepted_arguments_make_a_string_that_reads_as_a_request() {
    let client = wechat::client();
    for appid in ["wx1", "POST", "GET", "a/b", "-_=@.:/+", "POST/v3/x"] {
        for prepay_id in [
            "wx2",
            "/v3/refund/domestic/refunds",
            "=",
            "Sign=WXPay",
            "a:b@c",
        ] {
            for kind in [Kind::Jsapi, Kind::MiniProgram, Kind::App] {
                let made =
                    pay_params::unsigned(&client.merchant, kind, appid, prepay_id, time::clock())
                        .unwrap();
                let text = String::from_utf8(made.to_sign).unwrap();
                let lines: Vec<&str> = text.split('\n').collect();
                assert_eq!((lines.len(), lines[4]), (5, ""), "{text}");
                assert_eq!(lines[0], appid);
                assert!(
                    lines[1].bytes().all(|byte| byte.is_ascii_digit()),
                    "line 2 is a time, not a target: {text}"
                );
                assert_eq!(
                    lines[3],
                    if kind == Kind::App {
                        prepay_id.to_owned()
                    } else {
                        format!("prepay_id={prepay_id}")
                    }
                );
            }
        }
    }
}

#[test]
fn no_byte_that_could_add_a_line_gets_into_a_canonical_string() {
    let good: [&[u8]; 4] = [
        b"POST",
        b"/v3/x?a=1",
        b"1554208460",
        b"593BEC0C930BF1AFEB40B4A08C8FB242",
    ];
    let body = b"{\"line\":\n1}";
    let run = |parts: &[&[u8]; 4]| -> (i32, i32) {
        let mut out = null_mut();
        let [method, url, timestamp, nonce] = parts.map(pointer);
        let body = pointer(body);
        // SAFETY: live bytes; outputs are freed.
        unsafe {
            let request = wxpay_canonical_request(
                method.0,
                method.1,
                url.0,
                url.1,
                timestamp.0,
                timestamp.1,
                nonce.0,
                nonce.1,
                body.0,
                body.1,
                &mut out,
                null_mut(),
            );
            wxpay_buf_free(out);
            let response = wxpay_canonical_response(
                timestamp.0,
                timestamp.1,
                nonce.0,
                nonce.1,
                body.0,
                body.1,
                &mut out,
                null_mut(),
            );
            wxpay_buf_free(out);
            (request, response)
        }
    };
    assert_eq!(run(&good), (0, 0));
    for (place, name) in ["method", "url", "timestamp", "nonce"].iter().enumerate() {
        for byte in bad_bytes() {
            // A URL may hold these; a target is not JSON.
            if place == 1 && b"\"{}".contains(&byte) {
                continue;
            }
            for text in spoiled(good[place], byte) {
                let mut parts = good;
                parts[place] = &text;
                let (request, response) = run(&parts);
                assert!(
                    [100, 102, 106].contains(&request),
                    "{name} with 0x{byte:02X}: {request}"
                );
                assert_eq!(
                    response != 0,
                    place >= 2,
                    "{name} with 0x{byte:02X} in a response: {response}"
                );
            }
        }
        let mut parts = good;
        parts[place] = b"";
        assert_ne!(run(&parts).0, 0, "empty {name}");
    }
    for (case, parts) in [
        (
            "lower-case method",
            [&b"post"[..], good[1], good[2], good[3]],
        ),
        ("long method", [b"PROPFIND", good[1], good[2], good[3]]),
        ("13 digits", [good[0], good[1], b"1554208460000", good[3]]),
        ("a sign", [good[0], good[1], b"-155420846", good[3]]),
        (
            "65 bytes of nonce",
            [good[0], good[1], good[2], &[b'a'; 65]],
        ),
    ] {
        assert_eq!(run(&parts).0, 100, "{case}");
    }
}

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

/// A signature that we make over one kind of string never verifies as another's.
#[test]
fn a_primitive_refuses_what_the_protocol_could_not_say() {
    assert_eq!(
        code(&refused(
            "fragment",
            primitives::canonical_request("GET", "/v3/x#y", "1", "n", b"")
        )),
        106
    );
    assert_eq!(
        code(&refused(
            "host",
            primitives::canonical_request("GET", "http://evil.example/x", "1", "n", b"")
        )),
        106
    );
    let _: fn(&wxpay::config::Config) -> wxpay::error::Result<std::sync::Arc<Client>> = Client::new;
}
