//! S4, S18: our signature goes to known hosts only.

use std::net::TcpListener;

use wxpay::client::Client;
use wxpay::time;
use wxpay::v3::{compose, prepare};

use super::raw::Raw;
use super::wechat::{self, code, config, pairs, refused, signed_http, with};

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
