//! S11: platform certificates: no replay, no downgrade, no rollback, and the old set stays on
//! every failure.

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::http::Message;
use wxpay::time::{self, Now};

use super::wechat::{
    self, API_V3_KEY, Key, NOWHERE, client, code, key, notification, now, refused, seal, signature,
    with,
};

pub const DAY: i64 = 86_400;

pub const FIRST: &str = "0A4AEF34B8934088";

pub const SECOND: &str = "5157F09EFDC096DE15EBE81A47057A72";

pub const NO_PUBLIC_KEY: [(&str, &str); 2] = [("public_key_id", ""), ("public_key", "")];

pub fn entry(serial: &str, plaintext: &str) -> Value {
    json!({
        "serial_no": serial, "effective_time": "2018-06-08T10:34:56+08:00", "expire_time": "2030-06-08T10:34:56+08:00",
        "encrypt_certificate": {
            "algorithm": "AEAD_AES_256_GCM", "nonce": "61f9c719728a", "associated_data": "certificate",
            "ciphertext": seal(API_V3_KEY, "61f9c719728a", "certificate", plaintext.as_bytes()),
        },
    })
}

pub fn fresh(key: &Key, serial: &str) -> Value {
    entry(
        serial,
        &key.certificate(serial, b"Tenpay.com sign", now() - DAY, now() + DAY),
    )
}

pub fn list(entries: &[Value]) -> Vec<u8> {
    json!({ "data": entries }).to_string().into_bytes()
}

pub fn answer(signer: &Key, id: &str, age: i64, body: &[u8]) -> Message {
    wechat::response(200, body, &signature(signer, id, now() - age, body))
}

pub fn auto() -> std::sync::Arc<Client> {
    Client::new(&with(NOWHERE, &NO_PUBLIC_KEY)).unwrap()
}

/// Loads and gives the status.
pub fn load(client: &Client, response: &Message) -> i32 {
    let result = client.load_certificates(response, time::clock());
    result.as_ref().err().map_or(0, code)
}

/// Status of opening a message that `key` signed under `id`: 421 when only its form is wrong.
pub fn verifies(client: &Client, key: &Key, id: &str) -> bool {
    let headers = signature(key, id, now(), b"x");
    let error = refused(
        id,
        client.open_notification(&notification(b"x", &headers), time::clock()),
    );
    code(&error) == 421
}

pub fn trusted_by(client: &Client) -> Vec<String> {
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
