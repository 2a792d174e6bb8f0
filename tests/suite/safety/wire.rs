//! R15, S16: what goes out on the wire is what was signed, and nothing else.

use wxpay::client::Client;
use wxpay::time;
use wxpay::v3::{compose, prepare};

use super::raw::Raw;
use super::wechat::{self, client, code, config, pairs, refused, signed_http, with};

/// R15: every target that is accepted stands in the request line as it was signed.
#[test]
fn the_request_line_is_the_signed_target_byte_for_byte() {
    let server = Raw::answering(|_| signed_http(200, b"{}"));
    let client = Client::new(&config(&server.url)).unwrap();
    let pieces = [
        "a",
        "Z9",
        "-._~",
        "%E6%94%AF%E4%BB%98",
        "%20",
        "+",
        "%2B",
        "%25",
        "%2F",
        "%3F",
        "%23",
        "*",
        "!",
        "$",
        "'",
        "(",
        ")",
        ",",
        ";",
        ":",
        "@",
        "=",
        "&",
        "a//b",
        "...",
        "x..y",
        "%00",
        "%0D%0A",
        "{",
        "}",
        "|",
        "^",
        "`",
        "\"",
        "<",
        ">",
        "[",
        "]",
    ];
    let mut accepted = Vec::new();
    let mut refusals = Vec::new();
    for one in pieces {
        for two in ["", "b", "%E4%BA%A4", "+"] {
            for target in [
                format!("/v3/{one}{two}"),
                format!("/v3/x?a={one}{two}"),
                format!("/v3/x?{one}=&{one}={two}&{one}"),
                format!("/v3/{one}/?{two}"),
                format!("/v3/x?{one}?{two}"),
            ] {
                match client.call("GET", &target, b"") {
                    Ok(_) => accepted.push(target),
                    Err(error) => {
                        assert_eq!(
                            (code(&error), error.fields().outcome as i32),
                            (106, 1),
                            "{target}: {error}"
                        );
                        refusals.push(target);
                    }
                }
            }
        }
    }
    assert!(
        accepted.len() >= 200,
        "{} accepted, refused: {refusals:?}",
        accepted.len()
    );
    let seen = server.seen();
    assert_eq!(seen.len(), accepted.len());
    let public = wxpay::key::read_public("k", wechat::merchant().public_pem.as_bytes()).unwrap();
    for (index, (target, request)) in accepted.iter().zip(&seen).enumerate() {
        let sent = target
            .strip_suffix('?')
            .filter(|bare| !bare.contains('?'))
            .unwrap_or(target);
        assert_eq!(request.line(), format!("GET {sent} HTTP/1.1"), "{target}");
        if index % 10 == 0 {
            let message = format!(
                "GET\n{sent}\n{}\n{}\n\n",
                request.signed_field("timestamp"),
                request.signed_field("nonce_str")
            );
            use base64::Engine;
            let signature = base64::engine::general_purpose::STANDARD
                .decode(request.signed_field("signature"))
                .unwrap();
            assert!(public.verify(message.as_bytes(), &signature), "{target}");
        }
    }
}

/// S16: the caller's headers and what the server reads.
#[test]
fn exactly_the_headers_that_belong_there_go_out_each_on_its_line() {
    let server = Raw::answering(|_| signed_http(200, b"{}"));
    let client = Client::new(&with(
        &server.url,
        &[("user_agent", "shop/1 \"x\""), ("accept_language", "zh-CN")],
    ))
    .unwrap();
    let mut message = compose::request("POST", "/v3/x?a=1", b"{\"a\":1}").unwrap();
    compose::add_header(&mut message, "X-Trace", " a \"b\"\tc ").unwrap();
    client.send(&message).unwrap();
    let seen = &server.seen()[0];
    let mut lines: Vec<String> = seen
        .head
        .lines()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    assert_eq!(lines.remove(0), "POST /v3/x?a=1 HTTP/1.1");
    assert_eq!(seen.body, b"{\"a\":1}");
    let mut lines: Vec<(String, String)> = lines
        .iter()
        .map(|line| {
            line.split_once(':')
                .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
                .unwrap()
        })
        .collect();
    lines.sort();
    let (authorization, others): (Vec<_>, Vec<_>) = lines
        .into_iter()
        .partition(|(name, _)| name == "authorization");
    assert_eq!(authorization.len(), 1);
    assert!(authorization[0].1.starts_with(&format!(
        "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"",
        wechat::MCHID
    )));
    assert_eq!(
        others,
        pairs(&[
            ("accept", "application/json"),
            ("accept-encoding", "identity"),
            ("accept-language", "zh-CN"),
            ("content-length", "7"),
            ("content-type", "application/json"),
            ("host", server.url.strip_prefix("http://").unwrap()),
            ("user-agent", "shop/1 \"x\""),
            ("wechatpay-serial", wechat::PUBLIC_KEY_ID),
            ("x-trace", "a \"b\"\tc"),
        ])
    );
}

#[test]
fn a_caller_adds_no_header_that_is_the_librarys_and_no_control_byte() {
    let request = || compose::request("POST", "/v3/x", b"{}").unwrap();
    for name in [
        "Authorization",
        "Host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "TE",
        "Expect",
        "Accept-Encoding",
        "Keep-Alive",
        "Upgrade",
        "Trailer",
        "Proxy-Authorization",
        "Proxy-Connection",
        "Proxy-",
        "Content_Length",
        "Transfer_Encoding",
        "AUTHORIZATION",
        "proxy_authorization",
        "Wechatpay_Serial",
    ] {
        for spelled in [name.to_owned(), name.to_lowercase(), name.to_uppercase()] {
            let error = refused(&spelled, compose::add_header(&mut request(), &spelled, "1"));
            assert_eq!(code(&error), 100, "{spelled}");
            let block = format!("X-A: 1\r\n{spelled}: 1\r\n");
            let mut message = request();
            refused(&spelled, compose::add_header_block(&mut message, &block));
            assert_eq!(message.headers.len(), 0, "{spelled}: half of the block");
        }
    }
    for byte in (0..0x20_u8)
        .chain([0x7f])
        .filter(|byte| *byte != b'\t')
        .map(char::from)
        .chain(['\u{80}', '支'])
    {
        for value in [format!("{byte}a"), format!("a{byte}b"), format!("a{byte}")] {
            assert_eq!(
                code(&refused(
                    &value,
                    compose::add_header(&mut request(), "X-A", &value)
                )),
                100,
                "value {value:?}"
            );
        }
        for name in [format!("{byte}a"), format!("a{byte}b"), format!("a{byte}")] {
            assert_eq!(
                code(&refused(
                    &name,
                    compose::add_header(&mut request(), &name, "1")
                )),
                100,
                "name {name:?}"
            );
        }
        for id in [format!("{byte}a"), format!("a{byte}b"), format!("a{byte}")] {
            let error = refused(
                &id,
                compose::add_header(&mut request(), "Wechatpay-Serial", &id),
            );
            assert!([100, 115].contains(&code(&error)), "serial {id:?}");
            assert_eq!(
                code(&refused(
                    &id,
                    compose::set_option(&mut request(), "key_id", &id)
                )),
                115,
                "key_id {id:?}"
            );
        }
    }
    for name in [
        "", "a b", "a:b", "a\"b", "a(b", "a/b", "a,b", "a;b", "a=b", "a@b", "a[b", "a{b",
    ] {
        assert_eq!(
            code(&refused(
                name,
                compose::add_header(&mut request(), name, "1")
            )),
            100,
            "{name:?}"
        );
    }
    let mut twice = request();
    compose::add_header(&mut twice, "Wechatpay-Serial", "PUB_KEY_ID_1").unwrap();
    assert_eq!(
        code(&refused(
            "twice",
            compose::add_header(&mut twice, "wechatpay-serial", "PUB_KEY_ID_1")
        )),
        206
    );
    compose::set_option(&mut twice, "key_id", "PUB_KEY_ID_2").unwrap();
    let client = client();
    assert_eq!(
        code(&refused(
            "two ids",
            prepare::prepare(&client.merchant, &twice, time::clock())
        )),
        206
    );
}
