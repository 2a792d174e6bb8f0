//! S24: secrets are never shown.

use std::fmt::Write;

use serde_json::Value;
use wxpay::client::Client;
use wxpay::config::report;
use wxpay::error::{Error, Result};
use wxpay::time;
use wxpay::v3::{compose, prepare};

use super::raw::Raw;
use super::wechat::{
    self, PUBLIC_KEY_ID, envelope, merchant, notification, now, pairs, signature, with,
};

/// S24: a full run of calls that fail, each error in every form; none holds a planted secret.
#[test]
fn no_error_report_or_debug_output_holds_a_secret() {
    const PASSPHRASE: &str = "open-sesame-1984";
    const API_KEY: &str = "PlantedApiV3KeyPlantedApiV3Key32";
    const PLAINTEXT: &str = "planted-openid-oUpF8uMuAJO";
    const PROXY_PASSWORD: &str = "planted-proxy-password";
    let mut output = String::new();
    let mut note = |error: &Error| {
        write!(
            output,
            "{error}\n{error:?}\n{error:#?}\n{}\n",
            error.to_json()
        )
        .unwrap();
        for message in [&error.fields().request, &error.fields().response]
            .into_iter()
            .flatten()
        {
            write!(output, "{message:?}\n{:?}\n", message.headers).unwrap();
        }
    };
    let keep = |result: Result<()>, note: &mut dyn FnMut(&Error)| {
        if let Err(error) = result {
            note(&error);
        }
    };
    let server = Raw::answering(|request| {
        match request
            .line()
            .rsplit('/')
            .nth(1)
            .unwrap_or_default()
            .chars()
            .last()
        {
            Some('1') => wechat::http(
                401,
                b"{\"code\":\"SIGN_ERROR\",\"message\":\"wrong signature\"}",
                &pairs(&[("Request-ID", "A-1")]),
            ),
            Some('2') => wechat::http(
                200,
                b"{}",
                &signature(wechat::key(3), PUBLIC_KEY_ID, now(), b"{}"),
            ),
            Some('3') => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec(),
            _ => b"garbage\r\n\r\n".to_vec(),
        }
    });
    let changes = [
        ("api_v3_key", API_KEY),
        ("private_key_passphrase", PASSPHRASE),
    ];
    let config = with(&server.url, &changes);
    let client = Client::new(&config).unwrap();
    for target in ["/v31/x", "/v32/x", "/v33/x", "/v34/x", "/v3/\u{7}"] {
        let secret = format!("{{\"name\":\"{PLAINTEXT}\"}}");
        keep(
            client.call("POST", target, secret.as_bytes()).map(drop),
            &mut note,
        );
    }
    let request = compose::request(
        "POST",
        "/v3/x",
        format!("{{\"name\":\"{PLAINTEXT}\"}}").as_bytes(),
    )
    .unwrap();
    let prepared = prepare::prepare(&client.merchant, &request, time::clock()).unwrap();
    let authorization = prepared.headers.get("Authorization").unwrap().to_string();
    let signature_sent = authorization.split("signature=\"").nth(1).unwrap()[..64].to_owned();
    let open = prepare::prepare_unsigned(&client.merchant, &request, time::clock()).unwrap();
    for status in [200, 202, 400, 500] {
        keep(
            client.check(
                &prepared,
                &mut wechat::response(status, b"{}", &[]),
                time::clock(),
            ),
            &mut note,
        );
    }
    let plaintext = format!("{{\"openid\":\"{PLAINTEXT}\"");
    let mut sealed = envelope(b"{}");
    sealed["resource"]["ciphertext"] = Value::from(wechat::seal(
        API_KEY,
        "fdasflkja484",
        "transaction",
        plaintext.as_bytes(),
    ));
    for body in [sealed.to_string(), envelope(b"{}").to_string()] {
        let headers = signature(wechat::wechat(), PUBLIC_KEY_ID, now(), body.as_bytes());
        keep(
            client
                .open_notification(&notification(body.as_bytes(), &headers), time::clock())
                .map(drop),
            &mut note,
        );
    }
    let proxy = format!("http://user:{PROXY_PASSWORD}@127.0.0.1:9");
    let through = with(
        "https://api.mch.weixin.qq.com",
        &[("proxy", &proxy), ("trust_env", "0")],
    );
    keep(
        Client::new(&through)
            .unwrap()
            .call("POST", "/v3/x", b"{}")
            .map(drop),
        &mut note,
    );
    for (name, value) in [
        ("private_key", "x"),
        ("private_key_passphrase", "wrong"),
        ("api_v3_key", &API_KEY[1..]),
        ("proxy", &format!("socks5://u:{PROXY_PASSWORD}@a:1")),
    ] {
        let mut changed = config.clone();
        keep(
            changed
                .set(name, value)
                .and_then(|()| Client::new(&changed).map(drop)),
            &mut note,
        );
    }
    let panicked = wxpay::panic::catch::<()>(|| {
        let _held = (merchant().pem.clone(), API_KEY.to_owned());
        panic!("injected while the keys are held")
    });
    keep(panicked, &mut note);
    for one in [
        client.info(),
        report(&config, time::clock()),
        report(&through, time::clock()),
        format!("{config:?} {through:?}"),
        format!("{:?} {:#?}", client.merchant, client.merchant),
        format!("{prepared:?} {open:?} {request:?}"),
    ] {
        writeln!(output, "{one}").unwrap();
    }
    writeln!(
        output,
        "{}",
        wxpay::diag::explain_request(&client.merchant, &prepared)
            .unwrap()
            .replace(PLAINTEXT, "")
    )
    .unwrap();

    let body: String = merchant()
        .pem
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let mut planted = vec![
        PASSPHRASE.to_owned(),
        API_KEY.to_owned(),
        PROXY_PASSWORD.to_owned(),
        PLAINTEXT.to_owned(),
        authorization,
        signature_sent,
    ];
    planted.extend(
        body.as_bytes()
            .chunks(24)
            .skip(2)
            .map(|piece| String::from_utf8(piece.to_vec()).unwrap()),
    );
    let flat = output.replace("\\n", "");
    assert!(flat.len() > 20_000, "the run made {} bytes", flat.len());
    for secret in planted {
        if let Some(at) = flat.find(&secret) {
            panic!(
                "{secret} is in the output: {}",
                &flat.get(at.saturating_sub(300)..at + 40).unwrap_or("")
            );
        }
    }
    // The bytes of the body as numbers, as Debug of a byte list would show them.
    let numbers: Vec<String> = PLAINTEXT.bytes().map(|byte| byte.to_string()).collect();
    assert!(!output.contains(&numbers.join(", ")));
}
