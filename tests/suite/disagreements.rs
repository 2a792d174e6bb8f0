//! Where other SDKs disagree with each other, this library has one documented answer (docs/disagreements.md). The rows
//! that belong to a safety rule are tested there; these are the rest.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wxpay::client::Client;
use wxpay::http::Verified;
use wxpay::time::{self, clock};
use wxpay::v3::{compose, prepare, primitives};

use crate::safety::raw::{Raw, Seen};
use crate::safety::wechat::{
    self, MCHID, NOWHERE, PUBLIC_KEY_ID, client, code, config, http, key, merchant, now, pairs,
    refused, signature, signed_http, with,
};

/// The signature is that of the merchant's key over `message`: PKCS #1 v1.5 has one value for it.
fn is_signed_over(request: &Seen, message: &[u8]) -> bool {
    request.signed_field("signature") == merchant().sign(message)
}

/// protocol.md §1.1, written here once more.
fn message_of(request: &Seen, method: &str, target: &str, body: &[u8]) -> Vec<u8> {
    let (at, nonce) = (
        request.signed_field("timestamp"),
        request.signed_field("nonce_str"),
    );
    let head = format!("{method}\n{target}\n{at}\n{nonce}\n");
    [head.as_bytes(), body, b"\n"].concat()
}

/// Go, PHP and Python send three orders of fields. Ours is one line in Go's, within the strictest grammar: PHP's.
#[test]
fn the_authorization_header_is_one_line_with_five_fields_in_one_order() {
    let server = Raw::answering(|_| signed_http(200, b"{}"));
    let client = Client::new(&config(&server.url)).unwrap();
    for _ in 0..20 {
        client.call("GET", "/v3/x", b"").unwrap();
    }
    let mut nonces = std::collections::HashSet::new();
    for request in server.seen() {
        let header = request.header("Authorization").unwrap();
        let fields = header.strip_prefix("WECHATPAY2-SHA256-RSA2048 ").unwrap();
        let fields: Vec<(&str, &str)> = fields
            .split(',')
            .map(|field| {
                let (name, value) = field.split_once('=').unwrap();
                let inner = value
                    .strip_prefix('"')
                    .and_then(|rest| rest.strip_suffix('"'));
                (name, inner.unwrap())
            })
            .collect();
        let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            ["mchid", "nonce_str", "timestamp", "serial_no", "signature"]
        );
        let [mchid, nonce, timestamp, serial, signature] = [0, 1, 2, 3, 4].map(|at| fields[at].1);
        assert_eq!((mchid, serial), (MCHID, wechat::MERCHANT_SERIAL));
        assert!(
            (16..=32).contains(&nonce.len())
                && nonce.bytes().all(|one| one.is_ascii_alphanumeric()),
            "{nonce}"
        );
        assert!(
            timestamp.len() == 10 && timestamp.starts_with('1'),
            "{timestamp}"
        );
        assert_eq!(STANDARD.decode(signature).unwrap().len(), 256);
        assert!(is_signed_over(
            &request,
            &message_of(&request, "GET", "/v3/x", b"")
        ));
        nonces.insert(nonce.to_owned());
    }
    assert_eq!(nonces.len(), 20, "a nonce is used once");
}

/// gopay drops a lone `?` before it signs, others sign it and their HTTP library drops it: what is signed is what is sent.
#[test]
fn a_lone_question_mark_is_dropped_before_signing_and_any_other_stays() {
    let server = Raw::answering(|_| signed_http(200, b"{}"));
    let client = Client::new(&config(&server.url)).unwrap();
    let rows = [
        ("/v3/x?", "/v3/x"),
        ("/v3/x", "/v3/x"),
        ("/v3/x/?", "/v3/x/"),
        ("/v3/x??", "/v3/x??"),
        ("/v3/x?a=1?", "/v3/x?a=1?"),
        ("/v3/x?a=1&", "/v3/x?a=1&"),
        ("/v3/x?a=?", "/v3/x?a=?"),
        ("/v3/x?a", "/v3/x?a"),
        ("/v3/x?b=2&a=1", "/v3/x?b=2&a=1"),
        ("/v3/x?a=%E4%BA%A4&b=a+b", "/v3/x?a=%E4%BA%A4&b=a+b"),
    ];
    for (given, _) in rows {
        client.call("GET", given, b"").unwrap();
    }
    for ((given, sent), request) in rows.iter().zip(server.seen()) {
        assert_eq!(request.line(), format!("GET {sent} HTTP/1.1"), "{given}");
        assert!(
            is_signed_over(&request, &message_of(&request, "GET", sent, b"")),
            "{given}"
        );
    }
}

/// Go's encoder adds a line feed and escapes `<>&`, Python serialises twice: here the caller's bytes are signed and sent.
#[test]
fn the_bytes_of_the_body_are_signed_and_sent_whatever_they_are() {
    let server = Raw::answering(|_| signed_http(200, b"{}"));
    let client = Client::new(&config(&server.url)).unwrap();
    let bodies = [
        "",
        "{}",
        "{\"a\":1}\n",
        "{\"a\":1}\r\n",
        "\n",
        "\u{feff}{\"a\":1}",
        "{\"a\":\"<>&\"}",
        "{\"a\":\"\\u003c\\/\"}",
        "{\"a\":\"支付\u{1f600}\"}",
        "{ \"b\" : 1.10, \"a\" : 1e2 }",
        "no JSON",
    ];
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        for body in bodies {
            client.call(method, "/v3/x", body.as_bytes()).unwrap();
            let request = server.seen().pop().unwrap();
            assert_eq!(request.body, body.as_bytes(), "{method} {body:?}");
            let message = message_of(&request, method, "/v3/x", body.as_bytes());
            assert!(is_signed_over(&request, &message), "{method} {body:?}");
        }
    }
    // skit signs a GET without its body and sends it; here there is none.
    let error = refused("GET", client.call("GET", "/v3/x", b"{}"));
    assert_eq!(
        (code(&error), error.fields().outcome as i32),
        (100, 1),
        "{error}"
    );
    let error = refused("GBK", client.call("POST", "/v3/x", b"\xd6\xa7\xb8\xb6"));
    assert_eq!(
        (code(&error), error.fields().outcome as i32),
        (102, 1),
        "{error}"
    );
}

/// (status, body, more headers, signed, status of this library)
#[test]
fn every_2xx_is_verified_over_its_bytes_whatever_its_type() {
    const NO: Option<bool> = None;
    const GOOD: Option<bool> = Some(true);
    const WRONG: Option<bool> = Some(false);
    type Row = (
        &'static str,
        u16,
        &'static [u8],
        &'static [(&'static str, &'static str)],
        Option<bool>,
        i32,
    );
    let rows: &[Row] = &[
        ("200, empty, signed", 200, b"", &[], GOOD, 0),
        ("200, empty, unsigned", 200, b"", &[], NO, 203),
        ("204, signed", 204, b"", &[], GOOD, 0),
        ("204, unsigned", 204, b"", &[], NO, 203),
        ("204, wrong", 204, b"", &[], WRONG, 201),
        ("no JSON, signed", 200, b"paid", &[], GOOD, 0),
        (
            "HTML, signed",
            200,
            b"<html>",
            &[("Content-Type", "text/html")],
            GOOD,
            0,
        ),
        (
            "HTML, unsigned",
            200,
            b"<html>",
            &[("Content-Type", "text/html")],
            NO,
            203,
        ),
        ("not UTF-8, signed", 200, b"\xff\xfe", &[], GOOD, 0),
        ("JSON of no declared type", 200, b"{}", &[], GOOD, 0),
        ("line feed at the end", 200, b"{}\n", &[], GOOD, 0),
        ("no Request-ID", 200, b"{}", &[], GOOD, 0),
        ("Request-ID", 200, b"{}", &[("Request-ID", "1-0")], GOOD, 0),
        (
            "headers of HTTP/2",
            200,
            b"{}",
            &[("request-id", "1-0")],
            GOOD,
            0,
        ),
        ("201, signed", 201, b"{}", &[], GOOD, 401),
        ("202, wrong", 202, b"{}", &[], WRONG, 201),
    ];
    let rows: &'static [Row] = Box::leak(rows.to_vec().into_boxed_slice());
    let server = Raw::answering(move |request| {
        let index: usize = request
            .line()
            .split(['/', ' '])
            .nth(3)
            .unwrap()
            .parse()
            .unwrap();
        let (_, status, body, more, sign, _) = rows[index];
        let mut headers = match sign {
            None => Vec::new(),
            Some(good) => {
                let signer = if good { wechat::wechat() } else { key(3) };
                signature(signer, PUBLIC_KEY_ID, now(), body)
            }
        };
        headers.extend(pairs(more));
        http(status, body, &headers)
    });
    let client = Client::new(&config(&server.url)).unwrap();
    for (index, (case, status, body, _, _, want)) in rows.iter().enumerate() {
        let result = client.call("POST", &format!("/v3/{index}"), b"{}");
        assert_eq!(result.as_ref().err().map_or(0, code), *want, "{case}");
        match result {
            Ok(answer) => {
                assert_eq!(answer.verified, Verified::Signature, "{case}");
                assert_eq!((answer.status(), &*answer.body), (*status, *body), "{case}");
            }
            // Nobody's unverified success is handed out.
            Err(error) => assert!(
                error
                    .fields()
                    .response
                    .as_ref()
                    .is_none_or(|answer| answer.body.is_empty()),
                "{case}"
            ),
        }
    }
}

/// Java and Python lose the first zeros of a serial; here it is what openssl prints, in both directions.
#[test]
fn a_serial_keeps_its_zeros_wherever_it_is_sent_shown_or_compared() {
    let day = 86_400;
    for serial in [
        "0A4AEF34B89340881BB2B25226393DC2E47F094B",
        "80AAEF34B89340881BB2B25226393DC2E47F094B",
        "FF4AEF34B89340881BB2B25226393DC2E47F094B",
        "0080EF34B8934088",
        "07",
    ] {
        // openssl is the witness of what the certificate made here says.
        let own = merchant().certificate(serial, b"shop", now() - day, now() + day);
        let platform = key(2).certificate(serial, b"Tenpay.com sign", now() - day, now() + day);
        let printed = printed_serial(&platform);
        assert_eq!(
            printed.trim_start_matches('0'),
            serial.trim_start_matches('0')
        );
        let server = Raw::answering({
            let printed = printed.clone();
            move |_| http(200, b"{}", &signature(key(2), &printed, now(), b"{}"))
        });
        let client = Client::new(&with(
            &server.url,
            &[
                ("merchant_serial", ""),
                ("merchant_certificate", &own),
                ("public_key_id", ""),
                ("public_key", ""),
                ("platform_certificate", &platform),
            ],
        ))
        .unwrap();
        let answer = client.call("GET", "/v3/x", b"").unwrap();
        assert_eq!(&*answer.key_id, printed.as_str());
        let request = server.seen().pop().unwrap();
        assert_eq!(
            request.signed_field("serial_no"),
            printed,
            "sent in the Authorization"
        );
        assert_eq!(
            request.header("Wechatpay-Serial"),
            Some(printed.as_str()),
            "asked for"
        );
        assert!(client.info().contains(&format!("\"id\":\"{printed}\"")));
    }
}

fn printed_serial(pem: &str) -> String {
    let file = crate::simulator::fresh_dir("serial").join("certificate.pem");
    std::fs::write(&file, pem).unwrap();
    let output = std::process::Command::new("openssl")
        .args(["x509", "-noout", "-serial", "-in"])
        .arg(&file)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim().strip_prefix("serial=").unwrap().to_owned()
}

/// Java and Python take the certificate that ends last, Go the one that began last, as WeChat Pay says.
#[test]
fn of_several_certificates_the_one_that_began_last_encrypts() {
    let day = 86_400;
    let old = key(2).certificate(
        "0A01",
        b"Tenpay.com sign",
        now() - 9 * day,
        now() + 900 * day,
    );
    let new = key(3).certificate("0A02", b"Tenpay.com sign", now() - day, now() + 9 * day);
    let future = key(1).certificate("0A03", b"Tenpay.com sign", now() + day, now() + 999 * day);
    for order in [[&old, &new, &future], [&future, &new, &old]] {
        let together = order.map(String::as_str).concat();
        let client = Client::new(&with(
            NOWHERE,
            &[
                ("public_key_id", ""),
                ("public_key", ""),
                ("platform_certificate", &together),
            ],
        ))
        .unwrap();
        let (_, used) =
            wxpay::v3::sensitive::encrypt(&client.merchant, "", b"name", clock()).unwrap();
        assert_eq!(used, "0A02");
        let request = compose::request("POST", "/v3/x", b"{}").unwrap();
        let prepared = prepare::prepare(&client.merchant, &request, clock()).unwrap();
        assert_eq!(
            prepared
                .headers
                .get("Wechatpay-Serial")
                .unwrap()
                .to_string(),
            "0A02"
        );
    }
}

/// gopay asks for the list under the merchant's own serial. Without a known key nothing is named.
#[test]
fn the_first_request_for_certificates_names_no_serial() {
    let config = with(
        NOWHERE,
        &[
            ("public_key_id", ""),
            ("public_key", ""),
            ("auto_certificates", "1"),
        ],
    );
    let client = Client::new(&config).unwrap();
    let request = Client::certificates_request();
    let prepared = prepare::prepare(&client.merchant, &request, clock()).unwrap();
    assert!(prepared.headers.get("Wechatpay-Serial").is_none());
    for name in ["Authorization", "Accept", "User-Agent"] {
        assert!(prepared.headers.get(name).is_some(), "{name}");
    }
    // With one it is asked for, on every request and by its whole id.
    let known = self::client();
    let prepared = prepare::prepare(&known.merchant, &request, clock()).unwrap();
    assert_eq!(
        prepared
            .headers
            .get("Wechatpay-Serial")
            .unwrap()
            .to_string(),
        PUBLIC_KEY_ID
    );
}

/// Go and Java still open PKCS #1 v1.5; here fields are OAEP only, in both directions.
#[test]
fn a_field_in_the_old_padding_does_not_open() {
    let dir = crate::simulator::fresh_dir("padding");
    std::fs::write(dir.join("public.pem"), &merchant().public_pem).unwrap();
    std::fs::write(dir.join("plain"), "张三").unwrap();
    for (padding, opens) in [("oaep", true), ("pkcs1", false)] {
        let output = std::process::Command::new("openssl")
            .args([
                "pkeyutl",
                "-encrypt",
                "-pubin",
                "-inkey",
                "public.pem",
                "-in",
                "plain",
            ])
            .args(["-pkeyopt", &format!("rsa_padding_mode:{padding}")])
            .current_dir(&dir)
            .output()
            .unwrap();
        assert!(output.status.success());
        let key = wxpay::key::read("key", merchant().pem.as_bytes(), None).unwrap();
        let opened = primitives::oaep_decrypt(&key, &STANDARD.encode(output.stdout));
        match opened {
            Ok(plaintext) => assert!(opens && *plaintext == "张三".as_bytes(), "{padding}"),
            Err(error) => assert!(!opens && code(&error) == 210, "{padding}: {error}"),
        }
    }
}

/// PHP verifies the bills of overseas statements over `{"sha1": …}`; here such an answer is refused, never taken unverified.
#[test]
fn an_overseas_statement_is_never_taken_unverified() {
    let client = client();
    let sha1 = "0a4d55a8d778e5022fab701977c5d840bbc486d0";
    for target in [
        "/v3/global/statements?date=20200101",
        "/hk/v3/statements",
        "/v3/statements",
    ] {
        let request = compose::request("GET", target, b"").unwrap();
        let stands_for = format!("{{\"sha1\":\"{sha1}\"}}");
        let mut headers = signature(
            wechat::wechat(),
            PUBLIC_KEY_ID,
            now(),
            stands_for.as_bytes(),
        );
        headers.extend(pairs(&[("Wechatpay-Statement-Sha1", sha1)]));
        for (headers, want) in [(headers, 201), (Vec::new(), 203)] {
            let mut answer = wechat::response(200, b"a,b\n", &headers);
            let error = refused(target, client.check(&request, &mut answer, time::clock()));
            assert_eq!(
                (code(&error), answer.verified),
                (want, Verified::NotChecked),
                "{target}"
            );
        }
    }
}
