//! URLs that may be signed, sent or followed, and proxies.

use wxpay::error::Status;
use wxpay::http::{Origin, Url, target};
use wxpay::net::{NoProxy, Proxy, parse_proxy, proxy_from_env};
use wxpay::v3::download::Source;
use wxpay::v3::pay_params::h5_url;
use wxpay::v3::primitives::canonical_request;

use crate::world::{CLIENT, check_error};

const REFUSED: &[Status] = &[
    Status::UrlRefused,
    Status::InvalidArgument,
    Status::LimitExceeded,
];
const PASSWORD: &str = "hunter2%20secret";

pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (first, second) = text.split_once('\n').unwrap_or((&text, ""));
    parsed(first);
    followed(first);
    if let Ok(url) = h5_url(first, second) {
        assert!(
            url.bytes().all(|byte| byte > 0x20 && byte != 0x7f),
            "{url:?}"
        );
        assert!(url[..8].eq_ignore_ascii_case("https://"), "{url}");
    }
    proxies(first, second);
}

/// S4, said once more by hand.
fn parsed(text: &str) {
    match Url::parse(text) {
        Ok(url) => {
            assert!(
                text.bytes()
                    .all(|byte| (0x21..=0x7e).contains(&byte) && !matches!(byte, b'\\' | b'#')),
                "{text:?}"
            );
            let authority = text.split_once("://").expect("absolute").1;
            let authority = authority
                .split(['/', '?'])
                .next()
                .expect("there is a first");
            assert!(!authority.contains('@'), "userinfo: {text}");
            assert!(
                url.origin.https || url.origin.is_loopback(),
                "plain http to {}",
                url.origin
            );
            assert_eq!(url.origin.host, url.origin.host.to_ascii_lowercase());
            assert!(!url.origin.host.ends_with('.'), "{text}");
            assert!(
                url.target.starts_with('/') && !url.target.starts_with("//"),
                "{}",
                url.target
            );
            let again = Url::parse(&url.to_string()).expect("what is printed is parsed");
            assert_eq!(again.to_string(), url.to_string());
            let origin = Origin::parse(&url.origin.to_string()).expect("an origin is one");
            assert_eq!(origin.to_string(), url.origin.to_string());
        }
        Err(error) => check_error(&error, REFUSED),
    }
    match target(text) {
        Ok(target) => {
            let lone = target.matches('?').count() == 1 && target.ends_with('?');
            assert!(!lone && !target.contains('\n'), "{target:?}");
            let line = canonical_request("GET", text, "1", "n", b"").expect("a target that is one");
            assert_eq!(
                line,
                format!("GET\n{target}\n1\nn\n\n").into_bytes(),
                "five lines"
            );
        }
        Err(error) => {
            check_error(&error, REFUSED);
            assert!(canonical_request("GET", text, "1", "n", b"").is_err());
        }
    }
}

/// Our signature goes to known hosts only.
fn followed(text: &str) {
    let is_known = |url: &Url| {
        let own = &CLIENT.merchant.base;
        let at_home = url.origin.https
            && url.origin.port == 443
            && wxpay::http::is_wechat_pay_host(&url.origin.host);
        at_home || url.origin.to_string() == own.to_string()
    };
    match CLIENT.merchant.url(text) {
        Ok(url) => assert!(is_known(&url), "{url} is a foreign host"),
        Err(error) => check_error(&error, REFUSED),
    }
    let json = serde_json::json!({ "download_url": text }).to_string();
    if let Ok(source) = Source::read(&CLIENT.merchant, &json) {
        let url = Url::parse(&source.url).expect("it was resolved");
        assert!(is_known(&url), "{url} is a foreign host");
    }
}

fn proxies(proxy: &str, hosts: &str) {
    let shown = |proxy: &Proxy| {
        let text = format!("{proxy} {proxy:?}");
        assert!(!text.contains("hunter2") && !text.contains('@'), "{text}");
    };
    match parse_proxy(proxy) {
        Ok(parsed) => {
            shown(&parsed);
            let again = parse_proxy(&parsed.to_string()).expect("what is printed is parsed");
            assert_eq!(
                (again.https, &again.host, again.port),
                (parsed.https, &parsed.host, parsed.port)
            );
            let with_password = match proxy.trim().split_once("://") {
                Some((scheme, rest)) if !rest.contains('@') => {
                    format!("{scheme}://user:{PASSWORD}@{rest}")
                }
                _ => String::new(),
            };
            if !with_password.is_empty() {
                shown(&parse_proxy(&with_password).expect("the same with a password"));
            }
            let rules = NoProxy::parse(hosts);
            let _ = rules.matches(&parsed.host, parsed.port);
            assert!(
                NoProxy::parse(&format!("{hosts},*")).matches(&parsed.host, parsed.port),
                "* is everybody"
            );
            if parsed.host.parse::<std::net::IpAddr>().is_ok() {
                assert!(
                    NoProxy::parse(&parsed.host).matches(&parsed.host, 443),
                    "{} itself",
                    parsed.host
                );
            }
        }
        Err(error) => check_error(&error, &[Status::InvalidArgument, Status::Unsupported]),
    }
    let environment = |name: &str| match name {
        "https_proxy" | "HTTPS_PROXY" => Some(proxy.to_owned()),
        "no_proxy" | "NO_PROXY" => Some(hosts.to_owned()),
        _ => None,
    };
    if let Err(error) = proxy_from_env(environment) {
        check_error(&error, &[Status::InvalidArgument, Status::Unsupported]);
    }
}
