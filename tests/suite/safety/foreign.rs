//! S23, S24: foreign text is shown, never obeyed; secrets are never shown.

use std::fmt::Write;

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::config::report;
use wxpay::error::{Error, Result};
use wxpay::http::Message;
use wxpay::time;
use wxpay::v3::{compose, prepare};

use super::raw::Raw;
use super::wechat::{
    self, NOWHERE, PUBLIC_KEY_ID, client, code, config, envelope, merchant, notification, now,
    pairs, refused, signature, with,
};

/// A bell, an escape sequence, a C1 control, bidi and invisible characters, markup.
const NASTY: &str = "\u{7}\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{2066}\u{200b}\u{200d}\u{feff}\u{2028}\u{ad}</td><script>\r\n";

fn assert_harmless(case: &str, text: &str) {
    for one in text.chars() {
        let bad = one.is_control()
            || "\u{202e}\u{2066}\u{200b}\u{200d}\u{feff}\u{2028}\u{ad}".contains(one);
        assert!(!bad, "{case}: {one:?} in {text:?}");
    }
}

/// What a person reads of an error.
fn texts(error: &Error) -> Vec<String> {
    let fields = error.fields();
    let mut all = vec![
        error.to_string(),
        fields.message.clone(),
        fields.hint.clone(),
        fields.api_code.clone(),
        fields.api_message.clone(),
        fields.request_id.clone(),
    ];
    for one in &fields.diagnosis {
        all.extend([one.text.clone(), one.cure.clone()]);
    }
    all
}

fn check_of(client: &Client, status: u16, body: &[u8], headers: &[(String, String)]) -> Error {
    let request = Message::request("GET", "/v3/x", Default::default());
    let mut response = wechat::response(status, body, headers);
    refused(status, client.check(&request, &mut response, time::clock()))
}

#[test]
fn foreign_text_in_an_error_is_escaped_and_cut() {
    let client = client();
    let body = json!({"code": format!("PARAM{NASTY}"), "message": format!("参数{NASTY}"), "detail": {"field": NASTY}}).to_string();
    let id = pairs(&[("Request-ID", &format!("A{NASTY}B"))]);
    let mut cases = vec![
        ("an API error", check_of(&client, 400, body.as_bytes(), &id)),
        ("429", check_of(&client, 429, body.as_bytes(), &id)),
        ("no form", check_of(&client, 500, NASTY.as_bytes(), &id)),
        ("202", {
            let mut headers = signature(wechat::wechat(), PUBLIC_KEY_ID, now(), b"{}");
            headers.extend(id.clone());
            check_of(&client, 202, b"{}", &headers)
        }),
    ];
    let good = signature(wechat::wechat(), PUBLIC_KEY_ID, now(), b"{}");
    for index in 0..4 {
        for value in [NASTY.trim().to_owned(), format!("1{NASTY}1")] {
            let mut headers = good.clone();
            headers[index].1 = value.clone();
            headers.extend(id.clone());
            cases.push((
                "a signature header",
                check_of(&client, 200, b"{}", &headers),
            ));
            let mut twice = good.clone();
            twice.push((good[index].0.clone(), value));
            cases.push(("a doubled header", check_of(&client, 200, b"{}", &twice)));
        }
    }
    let mut typed = good.clone();
    typed.extend(pairs(&[("Wechatpay-Signature-Type", NASTY.trim())]));
    cases.push(("a signature type", check_of(&client, 200, b"{}", &typed)));
    for change in ["algorithm", "original_type"] {
        let mut value = envelope(b"x");
        value["resource"][change] = json!(NASTY);
        let body = value.to_string();
        let headers = signature(wechat::wechat(), PUBLIC_KEY_ID, now(), body.as_bytes());
        cases.push((
            change,
            refused(
                change,
                client.open_notification(&notification(body.as_bytes(), &headers), time::clock()),
            ),
        ));
    }
    for (case, error) in [
        (
            "a URL",
            client.call("GET", &format!("/v3/{NASTY}"), b"").err(),
        ),
        ("a method", client.call(NASTY, "/v3/x", b"").err()),
        (
            "a header name",
            compose::add_header(
                &mut compose::request("GET", "/v3/x", b"").unwrap(),
                NASTY,
                "1",
            )
            .err(),
        ),
        (
            "an option",
            compose::set_option(
                &mut compose::request("GET", "/v3/x", b"").unwrap(),
                NASTY,
                "1",
            )
            .err(),
        ),
        ("a configuration key", config(NOWHERE).set(NASTY, "1").err()),
        ("a flag", config(NOWHERE).set("shared", NASTY).err()),
        (
            "an address",
            config(NOWHERE).set("bind_host.a", NASTY).err(),
        ),
        (
            "a file",
            Client::new(&with(NOWHERE, &[("private_key", "")])).err(),
        ),
        (
            "JSON",
            config(NOWHERE)
                .load_json(&json!({NASTY: 1}).to_string())
                .err(),
        ),
        ("a prefix", config(NOWHERE).load_env(NASTY).err()),
        (
            "an appid",
            wxpay::v3::pay_params::signed(
                &client.merchant,
                wxpay::v3::pay_params::Kind::App,
                NASTY,
                "x",
                time::clock(),
            )
            .err(),
        ),
    ] {
        cases.push((case, error.unwrap()));
    }
    let now = now();
    let named = merchant().certificate("0C", NASTY.as_bytes(), now - 9, now + 9);
    let theirs = wechat::key(3).certificate("0C", NASTY.as_bytes(), now - 9, now + 9);
    cases.push((
        "a subject",
        refused(
            "x",
            Client::new(&with(NOWHERE, &[("merchant_certificate", &theirs)])),
        ),
    ));
    cases.push((
        "a subject",
        refused(
            "x",
            Client::new(&with(
                "https://api.mch.weixin.qq.com",
                &[
                    ("merchant_serial", ""),
                    ("merchant_certificate", &named.replace("x", "x")),
                    ("mchid", "SIM1"),
                ],
            )),
        ),
    ));
    for (case, error) in &cases {
        for text in texts(error) {
            assert_harmless(case, &text);
            assert!(
                text.chars().count() < 4000,
                "{case}: {} characters",
                text.chars().count()
            );
        }
    }
    // Chinese stays readable.
    assert!(
        cases[0].1.fields().api_message.starts_with("参数"),
        "{}",
        cases[0].1
    );
}

#[test]
fn an_api_message_of_a_megabyte_is_cut() {
    let client = client();
    let long = "长".repeat(350_000);
    let body = json!({"code": "C".repeat(100_000), "message": long, "detail": {"field": long}})
        .to_string();
    let headers = pairs(&[("Request-ID", &"R".repeat(60_000))]);
    let error = check_of(&client, 400, body.as_bytes(), &headers);
    assert_eq!(code(&error), 400);
    assert_eq!(
        error.fields().outcome as i32,
        0,
        "a code of 100,000 bytes is no code"
    );
    for text in texts(&error) {
        assert!(
            text.chars().count() <= 2500,
            "{} characters",
            text.chars().count()
        );
    }
    assert_eq!(error.fields().api_message.chars().count(), 513);
    assert!(
        error.to_json().len() < 1 << 20,
        "{} bytes",
        error.to_json().len()
    );
}

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
