//! S21, A14: every named string is encrypted or nothing is; no other byte changes; the request
//! names the key that was used. The openssl command encrypts and decrypts on WeChat Pay's side.

use std::ptr::null_mut;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wxpay::client::Client;
use wxpay::error::Error;
use wxpay::ffi::buf::{wxpay_buf_data, wxpay_buf_free, wxpay_buf_len};
use wxpay::ffi::client::wxpay_client_free;
use wxpay::ffi::message::{
    wxpay_message_add_header_block, wxpay_message_body, wxpay_message_body_len, wxpay_message_free,
    wxpay_message_new_request, wxpay_message_new_response,
};
use wxpay::ffi::sans_io::{wxpay_client_check, wxpay_client_prepare};
use wxpay::ffi::sensitive::{wxpay_client_decrypt_fields, wxpay_client_encrypt_fields};
use wxpay::http::{Message, Verified};
use wxpay::key::read_certificates;
use wxpay::time::{self, Now};
use wxpay::v3::api_error::Sending;
use wxpay::v3::keyring::{Origin, WeChatKey};
use wxpay::v3::upload::{self, Upload};
use wxpay::v3::{check, compose, prepare, sensitive, sensitive_fields};

use super::arguments::{handle, pointer};
use super::openssl::{oaep_decrypt, oaep_encrypt};
use super::wechat::{
    self, Key, MCHID, NOWHERE, PUBLIC_KEY_ID, client, code, key, now, refused, signed, with,
};

fn clock() -> Now {
    time::clock()
}

fn request(body: &str) -> Message {
    compose::request("POST", "/v3/x", body.as_bytes()).unwrap()
}

fn encrypted(client: &Client, body: &str, pointers: &str) -> Message {
    let mut message = request(body);
    sensitive_fields::encrypt(&client.merchant, &mut message, pointers, clock()).unwrap();
    message
}

fn refusal(client: &Client, message: &mut Message, pointers: &str) -> Error {
    let before = message.clone();
    let error = refused(
        pointers,
        sensitive_fields::encrypt(&client.merchant, message, pointers, clock()),
    );
    assert!(message.body == before.body, "{pointers}: the body changed");
    assert_eq!(message.options.key_id, before.options.key_id, "{pointers}");
    assert_eq!(
        message.options.key_is_fixed, before.options.key_is_fixed,
        "{pointers}"
    );
    error
}

/// What stands at the start of `text`: a string of base64, and the rest.
fn sealed(text: &str) -> (Vec<u8>, &str) {
    let (value, rest) = text.strip_prefix('"').unwrap().split_once('"').unwrap();
    (STANDARD.decode(value).unwrap(), rest)
}

/// Knuth's MMIX generator: the same texts in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn space(&mut self) -> &'static str {
        self.one_of(&["", "", "", " ", "\n", "\r\n\t", "   "])
    }

    /// Any JSON, with what a careless writer would change.
    fn value(&mut self, depth: usize) -> String {
        if depth > 0 && self.below(2) == 0 {
            let array = self.below(2) == 0;
            let items: Vec<String> = (0..self.below(4))
                .map(|_| {
                    let name = match array {
                        true => String::new(),
                        // The same name twice is none of our business beside the path.
                        false => format!(
                            "{}\"{}\"{}:",
                            self.space(),
                            self.one_of(&["a", "b", "\\u0061", ""]),
                            self.space()
                        ),
                    };
                    format!(
                        "{name}{}{}{}",
                        self.space(),
                        self.value(depth - 1),
                        self.space()
                    )
                })
                .collect();
            let (open, close) = if array { ('[', ']') } else { ('{', '}') };
            return format!("{open}{}{close}", items.join(","));
        }
        self.one_of(&[
            "1.10",
            "1e400",
            "-0",
            "0.1E-5",
            "123456789012345678901234567890",
            "true",
            "false",
            "null",
            "\"\"",
            "\"\\/\\u4e2d\\ud83d\\ude00\"",
            "\"]}\\\"[{\"",
            "\"支付😀\"",
            "\"\\\\\"",
        ])
        .to_owned()
    }
}

/// A body in pieces: `Err` is what stays, `Ok` a plaintext with its spelling in JSON.
type Pieces = Vec<Result<(&'static str, &'static str), String>>;

const SECRETS: &[(&str, &str)] = &[
    ("张三", "\"张三\""),
    ("张三", "\"\\u5f20\\u4e09\""),
    ("a\"b\\c/d\n", "\"a\\\"b\\\\c\\/d\\n\""),
    ("😀", "\"\\ud83d\\ude00\""),
    ("11010119900101001X", "\"11010119900101001X\""),
];

fn random_body(random: &mut Random) -> Pieces {
    let mut pieces = Pieces::new();
    let stays = |text: String, pieces: &mut Pieces| match pieces.last_mut() {
        Some(Err(last)) => last.push_str(&text),
        _ => pieces.push(Err(text)),
    };
    let filler = |random: &mut Random, name: &str| {
        let (space, value) = (random.space(), random.value(4));
        format!(
            "{}\"{name}\"{space}:{space}{value}{}",
            random.space(),
            random.space()
        )
    };
    let secret = |random: &mut Random| Ok(SECRETS[random.below(SECRETS.len())]);
    stays(
        format!("{}{{{},", random.space(), filler(random, "x")),
        &mut pieces,
    );
    stays(
        format!("\"p\\u0061yee\"{}: {{", random.space()),
        &mut pieces,
    );
    stays(format!("{},\"name\":", filler(random, "y")), &mut pieces);
    pieces.push(secret(random));
    stays(
        format!("{}}},{},\"list\":[", random.space(), filler(random, "z")),
        &mut pieces,
    );
    let count = 1 + random.below(3);
    for index in 0..count {
        stays(
            format!("{{{},\"id\\/no\":{}", filler(random, "w"), random.space()),
            &mut pieces,
        );
        pieces.push(secret(random));
        let comma = if index + 1 == count { "" } else { "," };
        stays(format!("{}}}{comma}", random.space()), &mut pieces);
    }
    let end = random.one_of(&["", ",\"note\":null", ",\"note\":\"\""]);
    stays(format!("]{end}}}{}", random.space()), &mut pieces);
    pieces
}

/// The first rounds are decrypted; the openssl command takes too long for all.
#[test]
fn only_the_named_strings_change_and_they_hold_what_stood_there() {
    let client = client();
    let mut random = Random(7);
    for round in 0..200 {
        let pieces = random_body(&mut random);
        let body: String = pieces
            .iter()
            .map(|piece| match piece {
                Ok((_, spelled)) => spelled,
                Err(text) => text.as_str(),
            })
            .collect();
        let message = encrypted(&client, &body, "/payee/name\n/list/*/id~1no\r\n/note?");
        let mut rest = std::str::from_utf8(&message.body).unwrap();
        for piece in &pieces {
            match piece {
                Err(text) => {
                    rest = rest
                        .strip_prefix(text.as_str())
                        .unwrap_or_else(|| panic!("round {round}: {body}"));
                }
                Ok((plaintext, _)) => {
                    let (ciphertext, after) = sealed(rest);
                    rest = after;
                    if round < 20 {
                        let opened = oaep_decrypt(&wechat::wechat().pem, &ciphertext);
                        assert_eq!(opened.as_deref(), Some(plaintext.as_bytes()));
                    } else {
                        assert_eq!(ciphertext.len(), 256);
                    }
                }
            }
        }
        assert_eq!(rest, "", "round {round}: {body}");
    }
}

#[test]
fn what_was_encrypted_opens_with_openssl_and_the_request_names_the_key() {
    let client = client();
    let message = encrypted(&client, r#"{"n":"张三","a":1.10}"#, "/n");
    let text = String::from_utf8(message.body.to_vec()).unwrap();
    let (ciphertext, rest) = sealed(text.strip_prefix("{\"n\":").unwrap());
    assert_eq!(rest, ",\"a\":1.10}");
    let opened = oaep_decrypt(&wechat::wechat().pem, &ciphertext);
    assert_eq!(opened.as_deref(), Some("张三".as_bytes()));
    let prepared = prepare::prepare(&client.merchant, &message, clock()).unwrap();
    assert_eq!(
        prepared.headers.get("Wechatpay-Serial").map(|id| &**id),
        Some(PUBLIC_KEY_ID)
    );
    assert!(prepared.body == message.body);
}

/// 0, 214 and 215 bytes in UTF-8, whatever they are spelled with.
#[test]
fn lengths_are_counted_in_bytes_of_the_text_and_not_of_its_spelling() {
    let client = client();
    let spelled = |text: String| format!("{{\"a\":{{\"b\":[\"x\",\"{text}\"]}}}}");
    for (bytes, text) in [
        (1, "a".to_owned()),
        (214, "a".repeat(214)),
        (214, format!("{}a", "中".repeat(71))),
        (214, "\\u4e2d".repeat(71) + "\\n"),
        (212, "\\ud83d\\ude00".repeat(53)),
    ] {
        let message = encrypted(&client, &spelled(text), "/a/b/1");
        let body = String::from_utf8(message.body.to_vec()).unwrap();
        let (ciphertext, _) = sealed(body.strip_prefix("{\"a\":{\"b\":[\"x\",").unwrap());
        let opened = oaep_decrypt(&wechat::wechat().pem, &ciphertext).unwrap();
        assert_eq!(opened.len(), bytes);
    }
    for (bytes, text) in [
        (215, "a".repeat(215)),
        (216, "中".repeat(72)),
        (216, "\\u4e2d".repeat(72)),
    ] {
        let mut message = request(&spelled(text.clone()));
        let error = refusal(&client, &mut message, "/a/b/*");
        assert_eq!(code(&error), 211);
        let said = error.to_string();
        assert!(
            said.contains("/a/b/1") && said.contains(&bytes.to_string()),
            "{said}"
        );
        assert!(!said.contains(&text[..6]), "{said}");
    }
    // An empty string is a forgotten value; as a single value it is what the caller says it is.
    assert_eq!(
        code(&refusal(&client, &mut request("{\"a\":\"\"}"), "/a")),
        100
    );
    assert_eq!(
        &encrypted(&client, "{\"a\":\"\"}", "/a?").body[..],
        b"{\"a\":\"\"}"
    );
    let (empty, _) = sensitive::encrypt(&client.merchant, "", b"", clock()).unwrap();
    let empty = STANDARD.decode(empty).unwrap();
    assert_eq!(oaep_decrypt(&wechat::wechat().pem, &empty).unwrap(), b"");
}

#[test]
fn an_error_leaves_the_request_as_it_was_and_repeats_no_plaintext() {
    let client = client();
    let body = r#"{"a":"secret","n":1e400,"l":[{"s":"secret"},{"s":null}],"d":{"k":1,"k":2,"s":"secret"}}"#;
    for (pointers, want) in [
        ("", 100),
        ("/a\n/missing", 100),
        ("/a\n/n", 100),
        ("/a\n/l/*/s", 100),
        ("/a\n/d/s", 100),
        ("/a\n/a", 100),
        ("/l\n/l/0/s", 100),
        ("/l/-", 100),
        ("/a\n/l/*/s?\n/l/0/s", 100),
        (&"/a".repeat(65), 105),
        (&"/x?\n".repeat(257), 100),
    ] {
        let error = refusal(&client, &mut request(body), pointers);
        assert_eq!(code(&error), want, "{pointers}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    for broken in [
        "{\"a\":\"secret\"",
        "",
        "{\"a\":\"secret\"} x",
        "{\"a\":01,\"s\":\"secret\"}",
    ] {
        let error = refusal(&client, &mut request(broken), "/a");
        assert_eq!(code(&error), 420, "{broken}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[test]
fn fields_are_encrypted_in_a_request_that_is_not_prepared_only() {
    let client = client();
    let prepared = prepare::prepare(&client.merchant, &request("{\"a\":\"x\"}"), clock()).unwrap();
    let an_upload = upload::message(&Upload {
        url: "/v3/merchant/media/upload",
        meta_json: "",
        filename: "a.jpg",
        content_type: "",
        file: b"{\"a\":\"x\"}",
    })
    .unwrap();
    let answer = Message::response(200, compose::copied(b"{\"a\":\"x\"}").unwrap());
    for mut message in [prepared, an_upload, answer] {
        assert_eq!(code(&refusal(&client, &mut message, "/a")), 103);
    }
}

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

/// An answer as it comes out of `send`: signed, and checked.
fn verified(client: &Client, body: &[u8]) -> Message {
    let mut answer = signed(200, body);
    let sending = Sending {
        written_completely: true,
    };
    let asked = prepare::prepare(&client.merchant, &request("{}"), clock()).unwrap();
    check::check(&client.merchant, &asked, &mut answer, clock(), sending).unwrap();
    answer
}

fn for_merchant(plaintext: &[u8]) -> String {
    STANDARD.encode(oaep_encrypt(&wechat::merchant().public_pem, plaintext))
}

#[test]
fn what_openssl_encrypted_is_decrypted_in_its_place_and_nothing_else_changes() {
    let client = client();
    let (name, odd) = (
        for_merchant("张三".as_bytes()),
        for_merchant(b"a\"b\\\n\x01/"),
    );
    // `/` may be spelled `\/` in JSON: PHP does so.
    let body = format!(
        "{{ \"n\" : \"{}\", \"m\":1.10,\"e\":1e400,\r\n\"l\":[{{\"v\":\"{odd}\",\"x\":\"\\u0041\"}},{{\"v\":\"{}\"}}] ,\"o\":\"\"}}",
        name.replace('/', "\\/"),
        for_merchant(b"x")
    );
    let answer = verified(&client, body.as_bytes());
    let opened = sensitive_fields::decrypt(&client.merchant, &answer, "/n\n/l/*/v\n/o?").unwrap();
    assert_eq!(
        std::str::from_utf8(&opened).unwrap(),
        "{ \"n\" : \"张三\", \"m\":1.10,\"e\":1e400,\r\n\"l\":[{\"v\":\"a\\\"b\\\\\\n\\u0001/\",\"x\":\"\\u0041\"},{\"v\":\"x\"}] ,\"o\":\"\"}"
    );
    assert!(answer.body[..] == *body.as_bytes());
}

#[test]
fn an_answer_that_was_not_verified_is_not_decrypted() {
    let client = client();
    let body = format!("{{\"n\":\"{}\"}}", for_merchant(b"x"));
    let mut answer = verified(&client, body.as_bytes());
    assert!(sensitive_fields::decrypt(&client.merchant, &answer, "/n").is_ok());
    for other in [
        Verified::NotChecked,
        Verified::NotSignedByDesign,
        Verified::ErrorAnswer,
    ] {
        answer.verified = other;
        let error = refused(
            other,
            sensitive_fields::decrypt(&client.merchant, &answer, "/n"),
        );
        assert_eq!(code(&error), 103);
    }
    let mut unread = signed(200, body.as_bytes());
    let error = refused(
        "unchecked",
        sensitive_fields::decrypt(&client.merchant, &unread, "/n"),
    );
    assert_eq!(code(&error), 103);
    unread = request(&body);
    unread.verified = Verified::Signature;
    let error = refused(
        "a request",
        sensitive_fields::decrypt(&client.merchant, &unread, "/n"),
    );
    assert_eq!(code(&error), 103);
}

#[test]
fn every_failure_to_decrypt_says_the_same() {
    let client = client();
    let good = oaep_encrypt(&wechat::merchant().public_pem, b"x");
    let mut flipped = good.clone();
    flipped[100] ^= 1;
    let short = STANDARD.encode(&good[1..]);
    let values = [
        "x".to_owned(),
        "plaintext is no base64".to_owned(),
        STANDARD.encode(&good).trim_end_matches('=').to_owned(),
        short,
        STANDARD.encode(&flipped),
        STANDARD.encode(oaep_encrypt(&wechat::wechat().public_pem, b"x")),
        // What opens but is no text.
        for_merchant(b"\xff\xfe"),
    ];
    let mut said: Vec<String> = values
        .iter()
        .map(|value| {
            let answer = verified(&client, format!("{{\"n\":\"{value}\"}}").as_bytes());
            let error = refused(
                value,
                sensitive_fields::decrypt(&client.merchant, &answer, "/n"),
            );
            assert_eq!(code(&error), 210, "{value}");
            error.to_string()
        })
        .collect();
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("/n"));
    for (pointers, want) in [("/m", 100), ("", 100), ("/n\n/n", 100)] {
        let answer = verified(&client, b"{\"n\":\"x\"}");
        let error = refused(
            pointers,
            sensitive_fields::decrypt(&client.merchant, &answer, pointers),
        );
        assert_eq!(code(&error), want);
    }
}

/// The same through C: the status, and what came of it.
#[test]
fn fields_go_up_and_come_down_through_the_c_abi() {
    let client = handle();
    let (pointers, pointers_len) = pointer(b"/a");
    let (method, method_len) = pointer(b"POST");
    let (url, url_len) = pointer(b"/v3/x");
    let (plain, plain_len) = pointer(b"{\"a\":\"x\",\"b\":1.0}");
    let body = format!("{{\"a\":\"{}\",\"b\":1.0}}", for_merchant(MCHID.as_bytes()));
    let (answer, answer_len) = pointer(body.as_bytes());
    let mut head = String::new();
    for (name, value) in wechat::signature(wechat::wechat(), PUBLIC_KEY_ID, now(), body.as_bytes())
    {
        head.push_str(&format!("{name}: {value}\n"));
    }
    let (head, head_len) = pointer(head.as_bytes());
    let (mut upward, mut downward) = (null_mut(), null_mut());
    let (mut prepared, mut json) = (null_mut(), null_mut());
    // SAFETY: live handles and bytes, and each handle is freed once.
    unsafe {
        let no = null_mut();
        wxpay_message_new_request(
            method,
            method_len,
            url,
            url_len,
            plain,
            plain_len,
            &mut upward,
            no,
        );
        wxpay_message_new_response(200, answer, answer_len, &mut downward, no);
        wxpay_message_add_header_block(downward, head, head_len, no);
        let encrypt =
            |message| wxpay_client_encrypt_fields(client, message, pointers, pointers_len, no);
        assert_eq!(
            (encrypt(upward), encrypt(downward), encrypt(null_mut())),
            (0, 103, 101)
        );
        assert_eq!(
            wxpay_client_prepare(client, upward, 0, &mut prepared, no),
            0
        );
        let sent = std::slice::from_raw_parts(
            wxpay_message_body(prepared),
            wxpay_message_body_len(prepared),
        );
        assert!(sent.starts_with(b"{\"a\":\"") && sent.ends_with(b"\",\"b\":1.0}"));
        assert!(sent.len() > 344);
        assert_eq!(encrypt(prepared), 103);
        let decrypt = |message, json| {
            wxpay_client_decrypt_fields(client, message, pointers, pointers_len, json, no)
        };
        assert_eq!(
            (decrypt(upward, &mut json), decrypt(downward, &mut json)),
            (103, 103)
        );
        assert!(json.is_null());
        assert_eq!(wxpay_client_check(client, prepared, downward, 0, no), 0);
        assert_eq!(decrypt(downward, &mut json), 0);
        let text = std::slice::from_raw_parts(wxpay_buf_data(json), wxpay_buf_len(json));
        assert_eq!(text, format!("{{\"a\":\"{MCHID}\",\"b\":1.0}}").as_bytes());
        wxpay_buf_free(json);
        for message in [upward, downward, prepared] {
            wxpay_message_free(message);
        }
        wxpay_client_free(client);
    }
}
