//! S22, A12: an upload is two parts, of which the first alone is signed, and nothing that a caller
//! or a file holds makes a third. The bodies are taken apart by Python's `email` package, digests
//! and signatures are judged by the openssl command.

use std::process::{Command, Stdio};
use std::ptr::null_mut;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::ffi::error::{wxpay_error_free, wxpay_error_status};
use wxpay::ffi::message::wxpay_message_free;
use wxpay::ffi::upload::wxpay_message_new_upload;
use wxpay::http::Message;
use wxpay::time;
use wxpay::v3::upload::{self, Upload};
use wxpay::v3::{compose, prepare};

use super::arguments::pointer;
use super::openssl::{Openssl, digest, verifies};
use super::raw::{Raw, Seen};
use super::wechat::{self, client, code, config, refused, signed_http};

const IMAGE: &str = "/v3/merchant/media/upload";
const INVOICE: &str = "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file";

/// Header fields and content of each part.
fn parts(content_type: &str, body: &[u8]) -> Vec<(Value, Vec<u8>)> {
    const SCRIPT: &str = r#"
import base64, email.parser, json, sys
message = email.parser.BytesParser().parsebytes(sys.stdin.buffer.read())
assert message.is_multipart() and not message.defects, message.defects
print(json.dumps([{
    "headers": [[name, str(value).encode("utf-8", "surrogateescape").decode("utf-8")]
                for name, value in part.raw_items()],
    "content": base64.b64encode(part.get_payload(decode=True)).decode(),
} for part in message.get_payload()]))
"#;
    let mut python = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mail = [
        format!("MIME-Version: 1.0\r\nContent-Type: {content_type}\r\n\r\n").as_bytes(),
        body,
    ]
    .concat();
    std::io::Write::write_all(&mut python.stdin.take().unwrap(), &mail).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    let told: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    told.into_iter()
        .map(|part| {
            let content = STANDARD.decode(part["content"].as_str().unwrap()).unwrap();
            (part["headers"].clone(), content)
        })
        .collect()
}

/// Verifies the signature over exactly `meta` as the body.
fn is_signed(seen: &Seen, target: &str, meta: &[u8]) -> bool {
    let message = [
        format!(
            "POST\n{target}\n{}\n{}\n",
            seen.signed_field("timestamp"),
            seen.signed_field("nonce_str")
        )
        .as_bytes(),
        meta,
        b"\n",
    ]
    .concat();
    let signature = STANDARD.decode(seen.signed_field("signature")).unwrap();
    verifies(&wechat::merchant().public_pem, &message, &signature)
}

fn image<'a>(filename: &'a str, file: &'a [u8]) -> Upload<'a> {
    Upload {
        url: IMAGE,
        meta_json: "",
        filename,
        content_type: "",
        file,
    }
}

/// What `send` puts on the wire.
fn sent(upload: &Upload<'_>) -> Seen {
    let server = Raw::answering(|_| signed_http(200, b"{\"media_id\":\"M\"}"));
    let client = Client::new(&config(&server.url)).unwrap();
    client.send(&upload::message(upload).unwrap()).unwrap();
    server.seen().remove(0)
}

#[test]
fn an_upload_is_two_parts_of_which_meta_alone_is_signed() {
    let every_byte: Vec<u8> = (0..=u8::MAX).cycle().take(300_000).collect();
    let pdf = b"%PDF-1.7\n\x00\xff\r\n";
    let given = format!(
        "{{\r\n  \"sub_mchid\": \"1900000109\",\"file_type\":\"PDF\",\n\"digest_alogrithm\":\"SM3\",\"digest\":\"{}\"\r\n}}",
        digest("sm3", pdf)
    );
    let made = |name: &str, file: &[u8]| {
        format!(
            "{{\"filename\":{},\"sha256\":\"{}\"}}",
            Value::from(name),
            digest("sha256", file)
        )
    };
    let invoice = Upload {
        url: INVOICE,
        ..image("f.pdf", pdf)
    };
    let cases = [
        (
            image("a.jpg", &every_byte),
            made("a.jpg", &every_byte),
            "image/jpeg",
            "a.jpg",
        ),
        (
            image("营业执照 😀 \"正\\面\".PNG", b"\r\n"),
            made("营业执照 😀 \"正\\面\".PNG", b"\r\n"),
            "image/png",
            "营业执照 😀 %22正%5C面%22.PNG",
        ),
        (
            Upload {
                url: "/v3/merchant/media/video_upload?x=%E4%B8%AD",
                content_type: "video/x-of-mine",
                ..image("a.mp4", b"--")
            },
            made("a.mp4", b"--"),
            "video/x-of-mine",
            "a.mp4",
        ),
        (
            Upload {
                meta_json: &given,
                ..invoice
            },
            given.clone(),
            "application/pdf",
            "f.pdf",
        ),
        (
            invoice,
            format!(
                "{{\"file_type\":\"PDF\",\"digest_alogrithm\":\"SM3\",\"digest\":\"{}\"}}",
                digest("sm3", pdf)
            ),
            "application/pdf",
            "f.pdf",
        ),
    ];
    for (upload, meta, content_type, filename) in cases {
        let case = upload.filename;
        let seen = sent(&upload);
        assert_eq!(
            seen.line(),
            format!("POST {} HTTP/1.1", upload.url),
            "{case}"
        );
        let types: Vec<&str> = seen
            .head
            .lines()
            .filter_map(|line| line.strip_prefix("content-type: "))
            .collect();
        assert_eq!(types.len(), 1, "{}", seen.head);
        let parts = parts(types[0], &seen.body);
        assert_eq!(parts.len(), 2, "{case}");
        assert_eq!(
            parts[0].0,
            json!([
                ["Content-Disposition", "form-data; name=\"meta\""],
                ["Content-Type", "application/json"]
            ]),
            "{case}"
        );
        assert_eq!(parts[0].1, meta.as_bytes(), "{case}");
        assert_eq!(
            parts[1].0,
            json!([
                [
                    "Content-Disposition",
                    format!("form-data; name=\"file\"; filename=\"{filename}\"")
                ],
                ["Content-Type", content_type]
            ]),
            "{case}"
        );
        assert!(
            parts[1].1 == upload.file,
            "{case}: the file came out another"
        );
        assert!(is_signed(&seen, upload.url, meta.as_bytes()), "{case}");
        assert!(!is_signed(&seen, upload.url, &seen.body), "{case}");
    }
}

/// The boundary of an upload is no hint at that of the next.
#[test]
fn a_file_that_holds_a_boundary_and_a_second_meta_stays_one_part() {
    let first = upload::message(&image("a.jpg", b"x")).unwrap();
    let content_type = first.headers.get("Content-Type").unwrap().to_string();
    let guessed = content_type.split("boundary=").nth(1).unwrap();
    let forged = format!(
        "{{\"filename\":\"a.jpg\",\"sha256\":\"{}\"}}",
        "0".repeat(64)
    );
    let file = format!(
        "\r\n--{guessed}\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{forged}\r\n--{guessed}--\r\n"
    );
    let seen = sent(&image("a.jpg", file.as_bytes()));
    let parts = parts(seen.header("Content-Type").unwrap(), &seen.body);
    assert_eq!(parts.len(), 2);
    assert!(parts[1].1 == file.as_bytes());
    assert!(is_signed(&seen, IMAGE, &parts[0].1));
    let boundaries: std::collections::HashSet<String> = (0..100)
        .map(|_| {
            let message = upload::message(&image("a.jpg", b"x")).unwrap();
            message.headers.get("Content-Type").unwrap().to_string()
        })
        .collect();
    assert_eq!(boundaries.len(), 100);
}

/// Through the C ABI: the status, and 0 for a message that could be made.
fn status(url: &[u8], meta: &[u8], filename: &[u8], content_type: &[u8], file: &[u8]) -> i32 {
    let (url, url_len) = pointer(url);
    let (meta, meta_len) = pointer(meta);
    let (filename, filename_len) = pointer(filename);
    let (content_type, content_type_len) = pointer(content_type);
    let (file, file_len) = pointer(file);
    let mut message = null_mut();
    let mut error = null_mut();
    // SAFETY: live bytes, and outputs that are freed.
    unsafe {
        let status = wxpay_message_new_upload(
            url,
            url_len,
            meta,
            meta_len,
            filename,
            filename_len,
            content_type,
            content_type_len,
            file,
            file_len,
            &mut message,
            &mut error,
        );
        assert_eq!(message.is_null(), status != 0);
        assert_eq!(wxpay_error_status(error), status);
        wxpay_message_free(message);
        wxpay_error_free(error);
        status
    }
}

#[test]
fn no_argument_of_an_upload_adds_a_header_or_a_part() {
    let meta = format!("{{\"sha256\":\"{}\"}}", digest("sha256", b"abc"));
    let good = [IMAGE, &meta, "a.jpg", "image/jpeg"].map(str::as_bytes);
    let of = |given: [&[u8]; 4]| status(given[0], given[1], given[2], given[3], b"abc");
    assert_eq!(of(good), 0);
    let attacks: [&[u8]; 6] = [
        b"\r\nX-Evil: 1",
        b"\n",
        b"\r",
        b"\0",
        b"\x7f",
        b"\r\n--b\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{}",
    ];
    for (index, text) in good.iter().enumerate() {
        for attack in attacks {
            for at in [0, text.len() / 2, text.len()] {
                let spoiled = [&text[..at], attack, &text[at..]].concat();
                let mut given = good;
                given[index] = &spoiled;
                let want: &[i32] = match index {
                    0 => &[106],
                    // White space between the tokens of the JSON is no attack.
                    1 if attack.trim_ascii().is_empty() && at != text.len() / 2 => &[0],
                    1 => &[420, 213],
                    _ => &[100],
                };
                let status = of(given);
                assert!(
                    want.contains(&status),
                    "{index} {attack:?} at {at}: {status}"
                );
            }
        }
    }
    // The statuses of the other refusals.
    let wrong = format!("{{\"sha256\":\"{}\"}}", digest("sha256", b"abd"));
    for (want, meta, filename, file) in [
        (213, wrong.as_bytes(), &b"a.jpg"[..], &b"abc"[..]),
        (100, b"{}", b"a.jpg", b"abc"),
        (420, b"[]", b"a.jpg", b"abc"),
        (102, b"\xff", b"a.jpg", b"abc"),
        (102, b"", b"\xff.jpg", b"abc"),
        (100, b"", b"a.jpg", b""),
        (100, b"", b"a.gif", b"abc"),
        (105, b"", b"a.jpg", &[0; 2 * 1024 * 1024 + 1]),
    ] {
        assert_eq!(status(IMAGE.as_bytes(), meta, filename, b"", file), want);
    }
}

#[test]
fn the_content_type_of_an_upload_is_the_librarys() {
    let mut message = upload::message(&image("a.jpg", b"abc")).unwrap();
    for name in ["Content-Type", "content-type", "CONTENT-TYPE"] {
        let added = compose::add_header(&mut message, name, "multipart/form-data; boundary=b");
        assert_eq!(code(&refused(name, added)), 100);
    }
    // And a body that is not text is an upload's alone.
    let request = compose::request("POST", IMAGE, b"\xff").unwrap();
    let prepared = prepare::prepare(&client().merchant, &request, time::clock());
    assert_eq!(code(&refused("a binary body", prepared)), 102);
}

/// Marked idempotent, and the connection dies: the same body, signed anew.
#[test]
fn a_repeated_upload_is_the_same_body_under_a_new_signature() {
    let server = Raw::start(|peer| {
        if peer.connection == 0 {
            peer.request();
            peer.send(&signed_http(200, b"{}"));
            peer.request();
            return peer.close();
        }
        peer.request();
        peer.send(&signed_http(200, b"{}"));
    });
    let client = Client::new(&config(&server.url)).unwrap();
    client.call("GET", "/v3/x", b"").unwrap();
    let mut message = upload::message(&image("a.jpg", b"\x00\xffabc")).unwrap();
    compose::set_option(&mut message, "idempotent", "1").unwrap();
    client.send(&message).unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    let meta = message.signed_part.as_ref().unwrap();
    for one in &seen[1..] {
        assert!(one.body == message.body[..]);
        assert_eq!(
            one.header("Content-Type"),
            message.headers.get("Content-Type")
        );
        assert!(is_signed(one, IMAGE, meta));
    }
    assert_ne!(
        seen[1].signed_field("nonce_str"),
        seen[2].signed_field("nonce_str")
    );
}

#[test]
fn an_upload_is_signed_outside_and_explained_over_its_meta() {
    let server = Raw::answering(|_| signed_http(200, b"{}"));
    let client = Client::new(&config(&server.url)).unwrap();
    let message = upload::message(&image("a.jpg", b"\xffabc")).unwrap();
    let meta: &Message = &message;
    let meta = meta.signed_part.as_ref().unwrap().to_vec();
    let mut prepared =
        prepare::prepare_unsigned(&client.merchant, &message, time::clock()).unwrap();
    let to_sign = prepared.signed().unwrap().to_sign.to_vec();
    assert!(to_sign.ends_with(&[b"\n", &meta[..], b"\n"].concat()));
    let explained = wxpay::diag::explain_request(&client.merchant, &prepared).unwrap();
    let explained: Value = serde_json::from_str(&explained).unwrap();
    assert_eq!(
        explained["sign_message"].as_str().unwrap().as_bytes(),
        to_sign
    );
    assert_eq!(explained["lines"][4]["sha256"], digest("sha256", &meta));
    let signature = Openssl::with(&[
        ("key", wechat::merchant().pem.as_bytes()),
        ("message", &to_sign),
    ])
    .run("dgst -sha256 -sign key message")
    .unwrap();
    prepare::attach_signature(&mut prepared, &signature).unwrap();
    client.send(&prepared).unwrap();
    let seen = server.seen().remove(0);
    assert!(seen.body == message.body[..]);
    assert!(is_signed(&seen, IMAGE, &meta));
}
