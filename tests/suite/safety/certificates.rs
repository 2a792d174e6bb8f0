//! S11: platform certificates: no replay, no downgrade, no rollback, and the old set stays on
//! every failure.

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::http::Message;
use wxpay::time::{self, Now};

use super::raw::Raw;
use super::wechat::{
    self, API_V3_KEY, Key, NOWHERE, client, code, key, merchant, notification, now, pairs, refused,
    seal, signature, with,
};
use crate::simulator::Simulator;

const DAY: i64 = 86_400;
const FIRST: &str = "0A4AEF34B8934088";
const SECOND: &str = "5157F09EFDC096DE15EBE81A47057A72";
const NO_PUBLIC_KEY: [(&str, &str); 2] = [("public_key_id", ""), ("public_key", "")];

fn entry(serial: &str, plaintext: &str) -> Value {
    json!({
        "serial_no": serial, "effective_time": "2018-06-08T10:34:56+08:00", "expire_time": "2030-06-08T10:34:56+08:00",
        "encrypt_certificate": {
            "algorithm": "AEAD_AES_256_GCM", "nonce": "61f9c719728a", "associated_data": "certificate",
            "ciphertext": seal(API_V3_KEY, "61f9c719728a", "certificate", plaintext.as_bytes()),
        },
    })
}

fn fresh(key: &Key, serial: &str) -> Value {
    entry(
        serial,
        &key.certificate(serial, b"Tenpay.com sign", now() - DAY, now() + DAY),
    )
}

fn list(entries: &[Value]) -> Vec<u8> {
    json!({ "data": entries }).to_string().into_bytes()
}

fn answer(signer: &Key, id: &str, age: i64, body: &[u8]) -> Message {
    wechat::response(200, body, &signature(signer, id, now() - age, body))
}

fn auto() -> std::sync::Arc<Client> {
    Client::new(&with(NOWHERE, &NO_PUBLIC_KEY)).unwrap()
}

/// Loads and gives the status.
fn load(client: &Client, response: &Message) -> i32 {
    let result = client.load_certificates(response, time::clock());
    result.as_ref().err().map_or(0, code)
}

/// Status of opening a message that `key` signed under `id`: 421 when only its form is wrong.
fn verifies(client: &Client, key: &Key, id: &str) -> bool {
    let headers = signature(key, id, now(), b"x");
    let error = refused(
        id,
        client.open_notification(&notification(b"x", &headers), time::clock()),
    );
    code(&error) == 421
}

fn trusted_by(client: &Client) -> Vec<String> {
    let info: Value = serde_json::from_str(&client.info()).unwrap();
    let keys = info["keys"].as_array().unwrap();
    keys.iter()
        .map(|key| {
            format!(
                "{}: {}",
                key["id"].as_str().unwrap(),
                key["trusted_by"].as_str().unwrap()
            )
        })
        .collect()
}

#[test]
fn the_first_list_must_be_fresh_and_signed_by_a_certificate_in_it() {
    let body = list(&[fresh(key(1), FIRST), fresh(key(2), SECOND)]);
    let mut unsigned = answer(key(1), FIRST, 0, &body);
    unsigned.headers = wxpay::http::Headers::default();
    for (case, response, want) in [
        (
            "replayed, 301 s old",
            answer(key(1), FIRST, 301, &body),
            205,
        ),
        ("from the future", answer(key(1), FIRST, -302, &body), 205),
        ("a month old", answer(key(1), FIRST, 30 * DAY, &body), 205),
        ("unsigned", unsigned, 203),
        (
            "signed by a key outside the list",
            answer(key(3), FIRST, 0, &body),
            201,
        ),
        (
            "names a serial outside the list",
            answer(key(3), "0BAD", 0, &body),
            204,
        ),
        (
            "signed for another body",
            wechat::response(200, &body, &signature(key(1), FIRST, now(), b"{}")),
            201,
        ),
    ] {
        let client = auto();
        assert_eq!(load(&client, &response), want, "{case}");
        assert_eq!(trusted_by(&client), [""; 0], "{case}");
    }
    let client = auto();
    assert_eq!(load(&client, &answer(key(2), SECOND, 0, &body)), 0);
    assert_eq!(
        trusted_by(&client),
        [
            format!("{FIRST}: downloaded (api_v3_key only)"),
            format!("{SECOND}: downloaded (api_v3_key only)")
        ]
    );
    assert!(verifies(&client, key(1), FIRST) && verifies(&client, key(2), SECOND));
}

/// With the APIv3 key leaked an attacker can make a whole list; only an empty ring believes it.
#[test]
fn a_known_key_is_never_overruled_by_the_api_v3_key_alone() {
    let attackers = list(&[fresh(key(3), "0BAD")]);
    let attack = answer(key(3), "0BAD", 0, &attackers);
    assert_eq!(
        load(&auto(), &attack),
        0,
        "an empty ring has nothing else to go by"
    );

    let pinned = client();
    assert_eq!(load(&pinned, &attack), 204, "public_key configured");
    assert!(!verifies(&pinned, key(3), "0BAD"));

    let certificate = key(1).certificate(FIRST, b"x", now() - DAY, now() + DAY);
    let configured = Client::new(&with(
        NOWHERE,
        &[
            &NO_PUBLIC_KEY[..],
            &[("platform_certificate", &certificate)],
        ]
        .concat(),
    ))
    .unwrap();
    assert_eq!(
        load(&configured, &attack),
        204,
        "platform_certificate configured"
    );

    let downloaded = auto();
    assert_eq!(
        load(
            &downloaded,
            &answer(key(1), FIRST, 0, &list(&[fresh(key(1), FIRST)]))
        ),
        0
    );
    let error = refused("", downloaded.load_certificates(&attack, time::clock()));
    assert_eq!(code(&error), 204, "downloaded before");
    assert!(
        error.fields().hint.contains("build a new client"),
        "{error}"
    );
    // The attacker's list under the genuine serial, signed with the attacker's key.
    assert_eq!(
        load(
            &downloaded,
            &answer(key(3), FIRST, 0, &list(&[fresh(key(3), FIRST)]))
        ),
        201
    );
    assert!(verifies(&downloaded, key(1), FIRST));
}

#[test]
fn where_a_public_key_is_configured_only_it_authenticates_lists() {
    let client = client();
    let first = list(&[fresh(key(2), FIRST)]);
    assert_eq!(
        load(&client, &answer(key(1), wechat::PUBLIC_KEY_ID, 0, &first)),
        0
    );
    assert_eq!(
        trusted_by(&client)[1],
        format!("{FIRST}: downloaded (signed by {})", wechat::PUBLIC_KEY_ID)
    );
    let second = list(&[fresh(key(3), SECOND)]);
    assert_eq!(
        load(&client, &answer(key(2), FIRST, 0, &second)),
        204,
        "signed by a downloaded certificate"
    );
    assert_eq!(
        load(&client, &answer(key(1), wechat::PUBLIC_KEY_ID, 0, &second)),
        0
    );
    assert!(
        !verifies(&client, key(2), FIRST),
        "the old set is gone as a whole"
    );
    assert!(
        verifies(&client, key(1), wechat::PUBLIC_KEY_ID),
        "the configured key stays"
    );
}

#[test]
fn a_withdrawn_certificate_stops_verifying_and_an_older_list_does_not_bring_it_back() {
    let client = auto();
    let old = list(&[entry(
        FIRST,
        &key(1).certificate(FIRST, b"x", now() - 2 * DAY, now() + DAY),
    )]);
    assert_eq!(load(&client, &answer(key(1), FIRST, 0, &old)), 0);
    let new = list(&[entry(
        SECOND,
        &key(2).certificate(SECOND, b"x", now() - DAY, now() + DAY),
    )]);
    assert_eq!(load(&client, &answer(key(1), FIRST, 0, &new)), 0);
    assert!(verifies(&client, key(2), SECOND) && !verifies(&client, key(1), FIRST));
    assert_eq!(
        trusted_by(&client),
        [format!("{SECOND}: downloaded (signed by {FIRST})")]
    );
    // Signed by what is in force, but its newest is older than the newest we had.
    assert_eq!(load(&client, &answer(key(2), SECOND, 0, &old)), 410);
    assert!(verifies(&client, key(2), SECOND) && !verifies(&client, key(1), FIRST));
}

#[test]
fn one_bad_entry_refuses_the_list_and_the_old_set_stays() {
    let client = auto();
    assert_eq!(
        load(
            &client,
            &answer(key(1), FIRST, 0, &list(&[fresh(key(1), FIRST)]))
        ),
        0
    );
    let good = fresh(key(2), SECOND);
    let pem = |serial: &str, from: i64, to: i64| {
        key(2).certificate(serial, b"x", now() + from, now() + to)
    };
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut one = good.clone();
        change(&mut one);
        one
    };
    let two = format!("{}{}", pem(SECOND, -DAY, DAY), pem("0C", -DAY, DAY));
    let other_key = seal(
        "another-key-of-32-bytes-0123456x",
        "61f9c719728a",
        "certificate",
        pem(SECOND, -DAY, DAY).as_bytes(),
    );
    let short = {
        let output = std::process::Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "rsa:1024",
                "-nodes",
                "-keyout",
                "/dev/null",
                "-subj",
                "/CN=x",
                "-set_serial",
                "12",
            ])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for (case, bad, want) in [
        ("expired", entry(SECOND, &pem(SECOND, -DAY, -1)), 410),
        ("the merchant's key", fresh(merchant(), SECOND), 116),
        (
            "serial_no of another",
            entry("0C", &pem(SECOND, -DAY, DAY)),
            420,
        ),
        ("two certificates in one", entry(SECOND, &two), 420),
        ("no certificate in it", entry(SECOND, "hello"), 111),
        ("a public key in it", entry(SECOND, &key(2).public_pem), 116),
        ("RSA of 1024 bits", entry("0C", &short), 111),
        (
            "aad of another kind",
            changed(&|one| one["encrypt_certificate"]["associated_data"] = json!("transaction")),
            420,
        ),
        (
            "aad empty",
            changed(&|one| one["encrypt_certificate"]["associated_data"] = json!("")),
            420,
        ),
        (
            "aad missing",
            changed(&|one| {
                drop(
                    one["encrypt_certificate"]
                        .as_object_mut()
                        .unwrap()
                        .remove("associated_data"),
                )
            }),
            420,
        ),
        (
            "another algorithm",
            changed(&|one| one["encrypt_certificate"]["algorithm"] = json!("AEAD_SM4_GCM")),
            212,
        ),
        (
            "another APIv3 key",
            changed(&|one| one["encrypt_certificate"]["ciphertext"] = json!(other_key)),
            210,
        ),
        (
            "not base64",
            changed(&|one| one["encrypt_certificate"]["ciphertext"] = json!("?")),
            420,
        ),
        (
            "nonce of 16",
            changed(&|one| one["encrypt_certificate"]["nonce"] = json!("0123456789abcdef")),
            420,
        ),
        ("null", Value::Null, 420),
    ] {
        for (place, entries) in [
            ("alone", vec![bad.clone()]),
            ("first", vec![bad.clone(), good.clone()]),
            ("last", vec![good.clone(), bad.clone()]),
        ] {
            let status = load(&client, &answer(key(1), FIRST, 0, &list(&entries)));
            assert_eq!(status, want, "{case}, {place}");
            assert!(
                verifies(&client, key(1), FIRST),
                "{case}, {place}: the old set is gone"
            );
            assert!(
                !verifies(&client, key(2), SECOND),
                "{case}, {place}: half of it was taken"
            );
        }
    }
    let many: Vec<Value> = vec![good.clone(); 65];
    for (case, body, want) in [
        ("twice the same", list(&[good.clone(), good.clone()]), 420),
        ("65 entries", list(&many), 105),
        ("none", list(&[]), 410),
        ("no data", b"{}".to_vec(), 420),
        ("not JSON", b"<html>".to_vec(), 420),
        ("nothing", Vec::new(), 420),
        ("cut", list(&[good.clone()])[..200].to_vec(), 420),
    ] {
        assert_eq!(
            load(&client, &answer(key(1), FIRST, 0, &body)),
            want,
            "{case}"
        );
        assert!(
            verifies(&client, key(1), FIRST),
            "{case}: the old set is gone"
        );
    }
    assert_eq!(load(&client, &answer(key(1), FIRST, 0, &list(&[good]))), 0);
}

#[test]
fn a_configured_certificate_is_neither_replaced_nor_shadowed() {
    let certificate = key(1).certificate(FIRST, b"x", now() - DAY, now() + DAY);
    let client = Client::new(&with(
        NOWHERE,
        &[
            &NO_PUBLIC_KEY[..],
            &[("platform_certificate", &certificate)],
        ]
        .concat(),
    ))
    .unwrap();
    assert_eq!(
        load(
            &client,
            &answer(key(1), FIRST, 0, &list(&[fresh(key(2), FIRST)]))
        ),
        119
    );
    assert_eq!(
        load(
            &client,
            &answer(
                key(1),
                FIRST,
                0,
                &list(&[entry(
                    "000a:4aef34b8934088",
                    &key(2).certificate(FIRST, b"x", now() - DAY, now() + DAY)
                )])
            )
        ),
        119
    );
    assert_eq!(
        load(
            &client,
            &answer(
                key(1),
                FIRST,
                0,
                &list(&[fresh(key(1), FIRST), fresh(key(2), SECOND)])
            )
        ),
        0
    );
    assert_eq!(
        trusted_by(&client),
        [
            format!("{FIRST}: configured"),
            format!("{SECOND}: downloaded (signed by {FIRST})")
        ]
    );
    assert_eq!(
        load(
            &client,
            &answer(key(2), SECOND, 0, &list(&[fresh(key(3), "0D")]))
        ),
        0
    );
    assert_eq!(trusted_by(&client)[0], format!("{FIRST}: configured"));
}

/// (seconds beside the validity, verifies, encrypts)
#[test]
fn a_certificate_verifies_five_minutes_around_its_validity_and_encrypts_only_within() {
    let (from, to) = (1_600_000_000, 1_600_100_000);
    let certificate = key(1).certificate(FIRST, b"x", from, to);
    let client = Client::new(&with(
        NOWHERE,
        &[
            &NO_PUBLIC_KEY[..],
            &[("platform_certificate", &certificate)],
        ]
        .concat(),
    ))
    .unwrap();
    for (at, can_verify, can_encrypt) in [
        (from - 301, false, false),
        (from - 300, true, false),
        (from - 1, true, false),
        (from, true, true),
        (to, true, true),
        (to + 1, true, false),
        (to + 300, true, false),
        (to + 301, false, false),
    ] {
        let at = Now {
            seconds: at,
            from_caller: true,
        };
        let headers = signature(key(1), FIRST, at.seconds, b"x");
        let error = refused(
            at,
            client.open_notification(&notification(b"x", &headers), at),
        );
        assert_eq!(
            code(&error),
            if can_verify { 421 } else { 204 },
            "{at:?}: {error}"
        );
        if at.seconds > to + 300 {
            assert!(
                error.fields().message.contains("expired on 2020-09-14"),
                "{error}"
            );
        }
        let sealed = wxpay::v3::sensitive::encrypt(&client.merchant, FIRST, b"name", at);
        assert_eq!(sealed.is_ok(), can_encrypt, "{at:?}: encrypts by name");
        assert_eq!(
            wxpay::v3::sensitive::encrypt(&client.merchant, "", b"name", at).is_ok(),
            can_encrypt,
            "{at:?}: encrypts"
        );
    }
}

#[test]
fn brands_have_no_certificates_by_any_way() {
    let certificate = key(2).certificate(FIRST, b"x", now() - DAY, now() + DAY);
    for (name, value) in [
        ("auto_certificates", "1"),
        ("platform_certificate", certificate.as_str()),
    ] {
        assert_eq!(
            code(&refused(
                name,
                Client::new(&with(NOWHERE, &[("brand_id", "12345"), (name, value)]))
            )),
            119,
            "{name}"
        );
    }
    let client = Client::new(&with(NOWHERE, &[("brand_id", "12345")])).unwrap();
    let body = list(&[fresh(key(2), FIRST)]);
    assert_eq!(
        load(&client, &answer(key(1), wechat::PUBLIC_KEY_ID, 0, &body)),
        103
    );
    assert_eq!(
        code(&refused("refresh", client.refresh_certificates())),
        103
    );
    assert_eq!(client.certificates_due(time::clock()), 0);
}

/// A refresh that fails at any stage keeps the old set, and is not tried again at once.
#[test]
fn a_failed_refresh_keeps_the_old_set() {
    let body = list(&[fresh(key(1), FIRST)]);
    let good = wechat::http(200, &body, &signature(key(1), FIRST, now(), &body));
    let failures: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("half of the head", good[..40].to_vec()),
        ("half of the body", good[..good.len() - 30].to_vec()),
        ("a web page", wechat::http(200, b"<html>", &[])),
        (
            "500",
            wechat::http(
                500,
                b"{\"code\":\"SYSTEM_ERROR\"}",
                &pairs(&[("Request-ID", "A")]),
            ),
        ),
        (
            "302",
            wechat::http(
                302,
                b"",
                &pairs(&[("Location", "http://127.0.0.1:9/v3/certificates")]),
            ),
        ),
        (
            "old",
            wechat::http(200, &body, &signature(key(1), FIRST, now() - 400, &body)),
        ),
        (
            "foreign",
            wechat::http(200, &body, &signature(key(3), FIRST, now(), &body)),
        ),
    ];
    for (case, bytes) in failures {
        let server = Raw::start(move |peer| {
            if peer.request().is_some() {
                peer.send(&bytes);
                peer.close();
            }
        });
        let client = Client::new(&with(&server.url, &NO_PUBLIC_KEY)).unwrap();
        refused(case, client.refresh_certificates());
        assert_eq!(
            code(&refused(case, client.refresh_certificates())),
            402,
            "{case}: at once again"
        );
        assert_eq!(server.seen().len(), 1, "{case}");
        // The old set, brought by the caller's own transport.
        assert_eq!(load(&client, &answer(key(1), FIRST, 0, &body)), 0, "{case}");
        assert!(verifies(&client, key(1), FIRST), "{case}");
        client.refresh_certificates().unwrap();
        assert_eq!(
            server.seen().len(),
            1,
            "{case}: within 60 s of a success nothing is sent"
        );
    }
}

#[test]
fn the_three_answers_to_merchants_with_a_public_key_are_one_diagnosis() {
    let simulator = Simulator::start();
    let mut seen = Vec::new();
    for kind in [
        "certificates_404",
        "certificates_not_found",
        "certificates_500",
    ] {
        simulator.control(
            "POST",
            "/_sim/fault",
            &json!({"path": "/v3/certificates", "kind": kind}),
        );
        let client = Client::new(&without(&simulator, ALL_KEYS)).unwrap();
        let error = refused(kind, client.refresh_certificates());
        assert_eq!(code(&error), 410, "{kind}: {error}");
        assert!(
            error.fields().hint.contains("public_key"),
            "{kind}: {error}"
        );
        seen.push(error.fields().diagnosis.clone());
    }
    assert_eq!(seen[0][0].id, "PUBLIC_KEY_MERCHANT");
    assert!(seen[0] == seen[1] && seen[1] == seen[2], "{seen:?}");
}

fn without(simulator: &Simulator, names: &[&str]) -> wxpay::config::Config {
    let mut config = simulator.config();
    for name in names {
        config.set(name, "").unwrap();
    }
    config.set("trust_env", "0").unwrap();
    config
}

const ALL_KEYS: &[&str] = &[
    "public_key_id",
    "public_key",
    "public_key_file",
    "platform_certificate",
    "platform_certificate_file",
];

/// The first request of an empty ring fetches the list; within a minute of that nothing is fetched
/// again, whatever serial an answer names.
#[test]
fn a_second_download_waits_a_minute() {
    let simulator = Simulator::start();
    let client = Client::new(&without(&simulator, ALL_KEYS)).unwrap();
    let call = |number: &str| {
        client.call(
            "POST",
            "/v3/pay/transactions/native",
            simulator.order(number, 1).to_string().as_bytes(),
        )
    };
    assert_eq!(call("rotate-1").unwrap().verified as i32, 1);
    let before = trusted_by(&client);
    assert!(
        before
            .iter()
            .all(|key| key.ends_with("downloaded (api_v3_key only)")),
        "{before:?}"
    );
    simulator.control(
        "POST",
        "/_sim/fault",
        &json!({"path": "/v3/pay", "kind": "rotate"}),
    );
    let error = refused("rotated", call("rotate-2"));
    assert_eq!(
        (code(&error), error.fields().outcome as i32),
        (204, 3),
        "{error}"
    );
    assert_eq!(trusted_by(&client), before);
}

/// The answer to our own request names a certificate that is not known yet: the list is fetched,
/// under the public key, and the answer is verified after all.
#[test]
fn a_rotation_is_followed_within_the_call_that_met_it() {
    let certificates = list(&[fresh(key(2), SECOND)]);
    let server = Raw::answering(move |request| {
        if request.line().contains("/v3/certificates") {
            return wechat::signed_http(200, &certificates);
        }
        wechat::http(200, b"{}", &signature(key(2), SECOND, now(), b"{}"))
    });
    let client = Client::new(&with(&server.url, &[("auto_certificates", "1")])).unwrap();
    assert_eq!(trusted_by(&client).len(), 1);
    let answer = client
        .call("POST", "/v3/pay/transactions/native", b"{}")
        .unwrap();
    assert_eq!((answer.verified as i32, &*answer.key_id), (1, SECOND));
    assert_eq!(
        trusted_by(&client)[1],
        format!("{SECOND}: downloaded (signed by {})", wechat::PUBLIC_KEY_ID)
    );
    let lines: Vec<String> = server
        .seen()
        .iter()
        .map(|one| one.line().to_owned())
        .collect();
    assert_eq!(lines.len(), 2, "the order once, the list once: {lines:?}");
}
