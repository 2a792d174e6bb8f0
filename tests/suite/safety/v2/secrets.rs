//! S24 for API v2: keys, passwords and signatures that do not expire are in no error.

use std::fmt::Write;

use wxpay::client::Client;
use wxpay::config::report;
use wxpay::error::Error;
use wxpay::v2;

use super::super::raw::Raw;
use super::super::wechat::http;
use super::{GOOD, answer, config, md5, xml};

const KEY: &str = "PlantedApiV2KeyPlantedApiV2Key32";
const SECOND: &str = "SecondPlantedApiV2KeySecondPlant";
const PASSWORD: &str = "planted-p12-password";

#[test]
fn no_error_of_v2_holds_a_key_a_password_or_a_signature() {
    let server = Raw::answering(|request| match request.body.len() % 4 {
        0 => http(500, b"<html></html>", &[]),
        1 => http(200, b"<xml><return_code>FAIL</return_code></xml>", &[]),
        2 => http(200, xml(GOOD).as_bytes(), &[]),
        _ => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec(),
    });
    let both = format!("{KEY}\n{SECOND}");
    let settings = config(&server.url, &[("api_v2_key", &both)]);
    let client = Client::new(&settings).unwrap();
    let mut output = String::new();
    let mut note = |error: &Error| {
        write!(output, "{error}\n{error:?}\n{}\n", error.to_json()).unwrap();
        for message in [&error.fields().request, &error.fields().response]
            .into_iter()
            .flatten()
        {
            let body = String::from_utf8_lossy(&message.body).into_owned();
            write!(output, "{message:?}\n{}\n{body}\n", message.url()).unwrap();
        }
    };
    let mut signatures = Vec::new();
    for path in [
        "/pay/unifiedorder",
        "/papay/entrustweb",
        "/mmpaymkttransfers/sendredpack",
    ] {
        for sign_type in ["", "MD5"] {
            for filling in ["", "x", "xx", "xxx"] {
                let json = format!(r#"{{"body":"<sign>&sign {filling}"}}"#);
                let message = v2::prepare(&client.merchant, path, sign_type, &json).unwrap();
                let body = String::from_utf8(message.body.to_vec()).unwrap();
                let sign = if body.is_empty() {
                    message.url().rsplit_once("&sign=").unwrap().1.to_owned()
                } else {
                    body.rsplit_once("<sign>")
                        .unwrap()
                        .1
                        .split('<')
                        .next()
                        .unwrap()
                        .to_owned()
                };
                assert!(matches!(sign.len(), 32 | 64), "{sign}");
                signatures.push(sign);
                if let Err(error) = client.v2_send(&message) {
                    note(&error);
                }
                for body in [
                    "",
                    "<xml/>",
                    &xml(GOOD),
                    "<xml><return_code>FAIL</return_code></xml>",
                ] {
                    if let Err(error) = client.v2_check(Some(&message), &mut answer(body)) {
                        note(&error);
                    }
                }
            }
        }
    }
    for key in [KEY, SECOND] {
        let sign = md5(GOOD, key);
        note(
            &client
                .v2_check(
                    None,
                    &mut answer(&xml(&[GOOD, &[("sign", &sign)]].concat())),
                )
                .unwrap_err(),
        );
        signatures.push(super::hmac(GOOD, key));
    }
    note(&v2::refund_open(&client.merchant, "AAAA").unwrap_err());
    note(&v2::sign(&client.merchant, "x", r#"{"a":1}"#).unwrap_err());
    let wrong = config(
        &server.url,
        &[
            ("api_v2_key", KEY),
            ("client_p12", "AAAA"),
            ("client_p12_password", PASSWORD),
        ],
    );
    note(&super::super::wechat::refused("a p12", Client::new(&wrong)));
    let mut unset = config(&server.url, &[]);
    note(&unset.set("api_v2_key", &format!("{KEY}x")).unwrap_err());
    note(&unset.set("api_v2_sign_type", KEY).unwrap_err());
    output += &report(&wrong, wxpay::time::clock());
    output += &client.info();
    write!(output, "{wrong:?}{settings:?}{:?}", client.merchant).unwrap();
    assert!(
        output.len() > 50_000 && output.contains("<redacted>"),
        "{}",
        output.len()
    );
    for secret in [KEY, SECOND, PASSWORD] {
        assert!(!output.contains(secret), "{secret}");
    }
    for sign in signatures {
        assert!(!output.contains(&sign), "{sign}");
    }
}
