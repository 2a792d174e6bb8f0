//! S21, A14: every named string of a request is encrypted or nothing is, and no other byte changes.
//! The openssl command decrypts on WeChat Pay's side.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wxpay::client::Client;
use wxpay::error::Error;
use wxpay::http::Message;
use wxpay::time::{self, Now};
use wxpay::v3::upload::{self, Upload};
use wxpay::v3::{compose, prepare, sensitive, sensitive_fields};

use super::openssl::oaep_decrypt;
use super::wechat::{self, PUBLIC_KEY_ID, client, code, refused};

pub fn clock() -> Now {
    time::clock()
}

pub fn request(body: &str) -> Message {
    compose::request("POST", "/v3/x", body.as_bytes()).unwrap()
}

pub fn encrypted(client: &Client, body: &str, pointers: &str) -> Message {
    let mut message = request(body);
    sensitive_fields::encrypt(&client.merchant, &mut message, pointers, clock()).unwrap();
    message
}

pub fn refusal(client: &Client, message: &mut Message, pointers: &str) -> Error {
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
        prepared.headers.get("Wechatpay-Serial"),
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
