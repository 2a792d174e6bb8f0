//! A14: the request names the key that its fields are encrypted with, whatever happens between.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wxpay::client::Client;
use wxpay::http::Message;
use wxpay::key::read_certificates;
use wxpay::v3::keyring::{Origin, WeChatKey};
use wxpay::v3::{compose, prepare, sensitive_fields};

use super::fields::{clock, encrypted, refusal, request};
use super::openssl::oaep_decrypt;
use super::wechat::{Key, NOWHERE, PUBLIC_KEY_ID, code, key, now, refused, with};

const OLD: &str = "0A4AEF34B8934088";
const NEW: &str = "5157F09EFDC096DE15EBE81A47057A72";

fn certificate(key: &Key, serial: &str, from: i64, to: i64) -> WeChatKey {
    let pem = key.certificate(serial, b"WeChat Pay", from, to);
    let read = read_certificates("certificate", pem.as_bytes()).unwrap();
    WeChatKey::certificate(&read[0], Origin::DownloadedFirst)
}

fn old_key() -> WeChatKey {
    certificate(key(2), OLD, now() - 86_400, now() + 86_400)
}

fn new_key() -> WeChatKey {
    certificate(key(3), NEW, now() - 3_600, now() + 172_800)
}

/// The downloaded certificates of a client become these.
fn rotate(client: &Client, keys: Vec<WeChatKey>) {
    let seen = client.merchant.ring.snapshot();
    assert!(client.merchant.ring.replace_downloaded(&seen, keys));
}

fn rotating() -> Arc<Client> {
    let without = [
        ("public_key_id", ""),
        ("public_key", ""),
        ("auto_certificates", "1"),
    ];
    Client::new(&with(NOWHERE, &without)).unwrap()
}

fn named(client: &Client, message: &Message) -> wxpay::error::Result<String> {
    let prepared = prepare::prepare(&client.merchant, message, clock())?;
    let id = prepared
        .headers
        .get("Wechatpay-Serial")
        .unwrap()
        .to_string();
    assert_eq!(&*prepared.key_id, id);
    Ok(id)
}

#[test]
fn the_key_that_encrypted_is_named_whatever_becomes_of_the_ring() {
    let client = rotating();
    rotate(&client, vec![old_key()]);
    let mut message = encrypted(&client, r#"{"a":"1","b":"2"}"#, "/a");
    // A newer one comes while the message waits: it is preferred from now on.
    rotate(&client, vec![old_key(), new_key()]);
    assert_eq!(named(&client, &request("{}")).unwrap(), NEW);
    assert_eq!(named(&client, &message).unwrap(), OLD);
    // More fields of the same message go under the same key.
    sensitive_fields::encrypt(&client.merchant, &mut message, "/b", clock()).unwrap();
    assert_eq!(named(&client, &message).unwrap(), OLD);
    let body: serde_json::Value = serde_json::from_slice(&message.body).unwrap();
    for (member, plaintext) in [("a", "1"), ("b", "2")] {
        let ciphertext = STANDARD.decode(body[member].as_str().unwrap()).unwrap();
        let opened = oaep_decrypt(&key(2).pem, &ciphertext).unwrap();
        assert_eq!(opened, plaintext.as_bytes(), "{member}");
    }
    // It leaves the ring: no other key is named, and nothing is sent.
    rotate(&client, vec![new_key()]);
    let error = refused("a key that is gone", named(&client, &message));
    assert_eq!(code(&error), 204);
    assert!(error.to_string().contains(OLD) && error.to_string().contains("encrypt again"));
    let error = refused(
        "more fields",
        sensitive_fields::encrypt(&client.merchant, &mut message, "/b", clock()),
    );
    assert_eq!(code(&error), 204);
    // Nor is one that has expired.
    let expired = certificate(key(2), OLD, now() - 86_400, now() - 1);
    rotate(&client, vec![expired, new_key()]);
    assert_eq!(
        code(&refused("an expired key", named(&client, &message))),
        204
    );
}

#[test]
fn the_callers_key_is_used_and_no_other_can_be_named_afterwards() {
    let client = rotating();
    rotate(&client, vec![old_key(), new_key()]);
    let opens_with = |message: &Message, key: &Key| {
        let body: serde_json::Value = serde_json::from_slice(&message.body).unwrap();
        let ciphertext = STANDARD.decode(body["a"].as_str().unwrap()).unwrap();
        oaep_decrypt(&key.pem, &ciphertext).is_some()
    };
    let plain = || request("{\"a\":\"x\"}");
    let encrypt =
        |message: &mut Message| sensitive_fields::encrypt(&client.merchant, message, "/a", clock());
    let mut by_option = plain();
    compose::set_option(&mut by_option, "key_id", OLD).unwrap();
    let mut by_header = plain();
    compose::add_header(&mut by_header, "wechatpay-serial", &OLD.to_lowercase()).unwrap();
    for message in [&mut by_option, &mut by_header] {
        encrypt(message).unwrap();
        assert!(opens_with(message, key(2)) && !opens_with(message, key(3)));
        let prepared = prepare::prepare(&client.merchant, message, clock()).unwrap();
        let serials: Vec<String> = prepared
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("Wechatpay-Serial"))
            .map(|(_, value)| value.to_uppercase())
            .collect();
        assert_eq!(serials, [OLD]);
    }
    // A header is not sent unseen any more once it has to name a key that encrypted.
    rotate(&client, vec![new_key()]);
    assert_eq!(code(&refused("header", named(&client, &by_header))), 204);
    rotate(&client, vec![old_key(), new_key()]);

    let mut message = plain();
    encrypt(&mut message).unwrap();
    assert!(opens_with(&message, key(3)));
    for other in [OLD, "", PUBLIC_KEY_ID] {
        let set = compose::set_option(&mut message, "key_id", other);
        assert_eq!(code(&refused(other, set)), 103, "{other}");
    }
    compose::set_option(&mut message, "key_id", &NEW.to_lowercase()).unwrap();
    assert_eq!(named(&client, &message).unwrap(), NEW);
    compose::add_header(&mut message, "Wechatpay-Serial", OLD).unwrap();
    assert_eq!(
        code(&refused("another header", named(&client, &message))),
        206
    );

    let mut both = plain();
    compose::set_option(&mut both, "key_id", OLD).unwrap();
    compose::add_header(&mut both, "Wechatpay-Serial", NEW).unwrap();
    assert_eq!(code(&refusal(&client, &mut both, "/a")), 206);
    let mut unknown = plain();
    compose::set_option(&mut unknown, "key_id", PUBLIC_KEY_ID).unwrap();
    assert_eq!(code(&refusal(&client, &mut unknown, "/a")), 204);
    rotate(&client, vec![]);
    assert_eq!(code(&refusal(&client, &mut plain(), "/a")), 410);
    // Where nothing was encrypted, nothing is fixed.
    rotate(&client, vec![old_key()]);
    let idle = encrypted(&client, "{}", "/a?");
    rotate(&client, vec![new_key()]);
    assert_eq!(named(&client, &idle).unwrap(), NEW);
}
