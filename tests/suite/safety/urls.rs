//! S4, S18, R15: our signature goes to known hosts only, and what is signed is what goes out.

use std::net::TcpListener;

use wxpay::client::Client;
use wxpay::time;
use wxpay::v3::{compose, prepare};

use super::raw::Raw;
use super::wechat::{self, client, code, config, pairs, refused, signed_http, with};

/// Nothing may be signed for these, and no connection made. `{P}` is the port of a listener.
const REFUSED: &[&str] = &[
    "https://api.mch.weixin.qq.com@127.0.0.1:{P}/v3/x",
    "https://user:password@api.mch.weixin.qq.com/v3/x",
    "https://api.mch.weixin.qq.com%40127.0.0.1:{P}/v3/x",
    "https://127.0.0.1:{P}/v3/x",
    "http://127.0.0.1:{P}/v3/x",
    "http://localhost:{P}/v3/x",
    "https://localhost:{P}/v3/x",
    "https://[::1]:{P}/v3/x",
    "https://2130706433:{P}/v3/x",
    "http://2130706433:{P}/v3/x",
    "http://127.1:{P}/v3/x",
    "http://0.0.0.0:{P}/v3/x",
    "http://[::ffff:127.0.0.1]:{P}/v3/x",
    "http://127.0.0.1.evil.example:{P}/v3/x",
    "http://api.mch.weixin.qq.com/v3/x",
    "https://api.mch.weixin.qq.com:8443/v3/x",
    "https://api.mch.weixin.qq.com:80/v3/x",
    "https://api.mch.weixin.qq.com:0/v3/x",
    "https://api.mch.weixin.qq.com:443443/v3/x",
    "https://api.mch.weixin.qq.com:/v3/x",
    "https://api.mch.weixin.qq.com./v3/x",
    "https://api.mch.weixin.qq.com.evil/v3/x",
    "https://xapi.mch.weixin.qq.com/v3/x",
    "https://api.mch.weixin.qq.comx/v3/x",
    "https://api-mch.weixin.qq.com/v3/x",
    "https://mch.weixin.qq.com/v3/x",
    "https://API.MCH.WEIXIN.QQ.COM.evil/v3/x",
    "https://XAPI.mch.weixin.QQ.com/v3/x",
    "https://api.mch.weixin.qq.com\\@127.0.0.1:{P}/v3/x",
    "https://аpi.mch.weixin.qq.com/v3/x",
    "https://xn--pi-7kc.mch.weixin.qq.com/v3/x",
    "https://43.142.224.50/v3/x",
    "https:///v3/x",
    "https://",
    "https:/v3/x",
    "//127.0.0.1:{P}/v3/x",
    "///v3/x",
    "/\\127.0.0.1:{P}/v3/x",
    "\\v3\\x",
    "ftp://api.mch.weixin.qq.com/v3/x",
    "file:///etc/passwd",
    "v3/x",
    "?x=1",
    "",
    " /v3/x",
    "/v3/x#fragment",
    "/v3/x#",
    "/v3/x y",
    "/v3/x\ty",
    "/v3/x\r\nHost: evil.example",
    "/v3/x\n",
    "/v3/x\u{7f}",
    "/v3/x\0",
    "/v3/支付",
    "/v3/%zz",
    "/v3/%4",
    "/v3/%",
    "/v3/x?a=%g0",
    "/v3/%41",
    "/v3/%7E",
    "/v3/%2e%2e/x",
    "/v3/%2E%2E/x",
    "/v3/%2f",
    "/v3/../x",
    "/v3/./x",
    "/v3/..",
    "/..",
];

/// What S4 allows beside the base URL: the closed table, on its own port, in any case.
const ALLOWED: &[&str] = &[
    "https://api.mch.weixin.qq.com/v3/x",
    "https://API.mch.weixin.QQ.com/v3/x",
    "HTTPS://api.mch.weixin.qq.com/v3/x",
    "https://api.mch.weixin.qq.com:443/v3/x",
    "https://api2.mch.weixin.qq.com/v3/x",
    "https://api.wechatpay.cn/v3/x",
    "https://api2.wechatpay.cn/v3/x",
    "https://apihk.mch.weixin.qq.com/v3/x",
    "https://apius.mch.weixin.qq.com/v3/x",
    "https://fraud.mch.weixin.qq.com/risk/getpublickey",
    "https://payapp.weixin.qq.com/v3/x",
];

#[test]
fn a_foreign_or_doubtful_url_is_refused_and_nobody_is_connected_to() {
    const _: () = assert!(REFUSED.len() >= 40);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let client = Client::new(&config("https://api.mch.weixin.qq.com")).unwrap();
    for row in REFUSED {
        let url = row.replace("{P}", &port);
        let error = refused(&url, client.call("POST", &url, b"{}"));
        assert_eq!(code(&error), 106, "{url}: {error}");
        assert_eq!(error.fields().outcome as i32, 1, "{url}: NOT_SENT");
        // A message made without the first look at its URL is refused as well.
        let message = wxpay::http::Message::request("POST", &url, Default::default());
        for (how, result) in [
            (
                "prepare",
                prepare::prepare(&client.merchant, &message, time::clock()),
            ),
            (
                "prepare_unsigned",
                prepare::prepare_unsigned(&client.merchant, &message, time::clock()),
            ),
            ("send", client.send(&message)),
        ] {
            assert_eq!(code(&refused((how, &url), result)), 106, "{how} {url}");
        }
    }
    assert!(listener.accept().is_err(), "somebody connected");
    for url in ALLOWED {
        let message = compose::request("POST", url, b"{}").unwrap();
        let prepared = prepare::prepare(&client.merchant, &message, time::clock()).unwrap();
        let lower = prepared.url().split('/').nth(2).unwrap().to_owned();
        assert_eq!(lower, lower.to_ascii_lowercase(), "{url}");
    }
}

/// S18
#[test]
fn plain_http_is_for_loopback_literals_only() {
    let mut config = config(wechat::NOWHERE);
    for url in [
        "http://127.0.0.1.evil.example",
        "http://2130706433",
        "http://127.1",
        "http://0x7f.0.0.1",
        "http://0177.0.0.1",
        "http://0.0.0.0",
        "http://[::ffff:127.0.0.1]",
        "http://[::]",
        "http://10.0.0.1",
        "http://localhost.evil.example",
        "http://localhost.",
        "http://xlocalhost",
        "http://127.0.0.1@evil.example",
        "http://api.mch.weixin.qq.com",
        "http://127.0.0.1/path",
        "http://127.0.0.1?x",
        "http://127.0.0.256",
        "http://[::1",
        "http://::1",
    ] {
        assert_eq!(
            code(&refused(url, config.set("base_url", url))),
            106,
            "{url}"
        );
    }
    for url in [
        "http://127.0.0.1",
        "http://127.255.255.254:8080",
        "http://localhost:80",
        "http://[::1]:1",
        "HTTP://LOCALHOST/",
    ] {
        config.set("base_url", url).unwrap();
        let client = Client::new(&config).unwrap();
        assert!(client.info().contains("\"plain_http\":true"), "{url}");
        assert!(
            wxpay::config::report(&config, time::clock()).contains("PLAIN_HTTP"),
            "{url}"
        );
    }
    // Neither a proxy nor a binding leads plain http somewhere else.
    let server = Raw::answering(|_| signed_http(200, b"{}"));
    let proxy = format!("http://127.0.0.1:{}", server.port);
    let elsewhere = format!("127.0.0.1:{}", server.port);
    for changes in [
        [("proxy", proxy.as_str())],
        [("bind_host.localhost", elsewhere.as_str())],
    ] {
        let client = Client::new(&with("http://localhost:9", &changes)).unwrap();
        let error = refused(changes[0].0, client.call("POST", "/v3/x", b"{}"));
        assert_eq!(
            (code(&error), error.fields().outcome as i32),
            (100, 1),
            "{error}"
        );
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_redirect_is_an_answer_and_never_followed() {
    let other = Raw::answering(|_| signed_http(200, b"{}"));
    for status in [301, 302, 303, 307, 308] {
        for location in [
            format!("{}/v3/x", other.url),
            "https://evil.example/".to_owned(),
            "/v3/y".to_owned(),
        ] {
            let headers = pairs(&[("Location", &location)]);
            let server = Raw::answering(move |_| wechat::http(status, b"", &headers));
            let client = Client::new(&config(&server.url)).unwrap();
            for method in ["GET", "POST"] {
                let error = refused(
                    &location,
                    client.call(method, "/v3/x", if method == "GET" { b"" } else { b"{}" }),
                );
                assert_eq!(
                    (code(&error), error.fields().outcome as i32),
                    (401, 0),
                    "{status} {method} {location}: {error}"
                );
            }
            assert_eq!(server.seen().len(), 2, "{status} {location}");
        }
    }
    assert_eq!(other.connections(), 0);
}

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
