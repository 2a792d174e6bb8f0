//! S15, S10, S4, S3: a file is given out only by a rule, and ends well only when it is right.
//! Digests, OAEP and SM3 come from the openssl command, gzip from gzip.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wxpay::client::{Client, Download};
use wxpay::error::{Error, Outcome};

use crate::simulator::fresh_dir;

use super::raw::Raw;
use super::wechat::{self, code, config, http, pairs, refused};

pub const BILL: &str = "/v3/billdownload/file?token=a%2Fb";
const KEY: &[u8; 32] = b"0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const NONCE: &str = "a8607ef79034";

/// What a command makes of its standard input.
pub fn piped(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let owned = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&owned));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}");
    output.stdout
}

pub fn digest(name: &str, content: &[u8]) -> String {
    let binary = piped(
        "openssl",
        &["dgst", &format!("-{name}"), "-binary"],
        content,
    );
    binary.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn gzip(content: &[u8]) -> Vec<u8> {
    piped("gzip", &["-nc"], content)
}

/// A trade bill with 300 rows.
pub fn bill() -> Vec<u8> {
    let mut text = String::from("\u{feff}交易时间,微信订单号,商户订单号,应结订单金额,商品名称\r\n");
    for row in 0..300 {
        text.push_str(&format!(
            "`2026-11-25 10:{:02}:{:02},`42000000{row:020},`order-{row},`{}.{:02},`茶, \"绿\"\r\n",
            row / 60,
            row % 60,
            row,
            row % 100
        ));
    }
    text.push_str("总交易单数,应结订单总金额\r\n`300,`44998.50\r\n");
    text.into_bytes()
}

/// A bill answer over that content.
pub fn answer(server: &Raw, content: &[u8]) -> Value {
    json!({
        "hash_type": "SHA1",
        "hash_value": digest("sha1", content),
        "download_url": format!("{}{BILL}", server.url),
    })
}

/// `KEY` as the documents say: RSA-OAEP for the merchant's certificate, by openssl.
fn encrypt_key() -> &'static str {
    static SEALED: OnceLock<String> = OnceLock::new();
    SEALED.get_or_init(|| {
        let directory = fresh_dir("oaep");
        let public = directory.join("merchant.pem");
        std::fs::write(&public, &wechat::merchant().public_pem).unwrap();
        let path = public.to_str().unwrap();
        let padding = "rsa_padding_mode:oaep";
        let arguments = [
            "pkeyutl", "-encrypt", "-pubin", "-inkey", path, "-pkeyopt", padding,
        ];
        STANDARD.encode(piped("openssl", &arguments, KEY))
    })
}

/// The answer to a request for a sub-merchant's bill, which is encrypted.
pub fn sealed_answer(server: &Raw, content: &[u8]) -> Value {
    let mut answer = answer(server, content);
    answer["encrypt_key"] = json!(encrypt_key());
    answer["nonce"] = json!(NONCE);
    json!({"download_bill_count": 1, "download_bill_list": [answer]})
}

pub fn seal(content: &[u8]) -> Vec<u8> {
    Aes256Gcm::new(KEY.into())
        .encrypt(Nonce::from_slice(NONCE.as_bytes()), content)
        .unwrap()
}

/// Serves these bytes as they are, complete by Content-Length.
pub fn serving(body: Vec<u8>) -> Raw {
    let whole = http(200, &body, &pairs(&[("Request-ID", "R-1")]));
    Raw::answering(move |_| whole.clone())
}

/// Everything that `read` gives, and how it ended.
pub fn drained(download: &Download, capacity: usize) -> (Vec<u8>, Result<(), Error>) {
    let mut all = Vec::new();
    let mut into = vec![0; capacity];
    loop {
        match download.read(&mut into) {
            Ok(0) => return (all, Ok(())),
            Ok(taken) => all.extend_from_slice(&into[..taken]),
            Err(error) => return (all, Err(error)),
        }
    }
}

fn client(server: &Raw) -> std::sync::Arc<Client> {
    Client::new(&config(&server.url)).unwrap()
}

#[test]
fn a_file_comes_whole_plain_packed_and_encrypted_and_says_that_it_was_proved() {
    let content = bill();
    for (form, body) in [
        ("plain", content.clone()),
        ("gzip", gzip(&content)),
        ("encrypted", seal(&content)),
        ("gzip encrypted", seal(&gzip(&content))),
    ] {
        let length = body.len();
        let server = serving(body);
        let client = client(&server);
        let source = if form.contains("encrypted") {
            sealed_answer(&server, &content)
        } else {
            answer(&server, &content)
        };
        let source = source.to_string();
        assert_eq!(*client.download(&source).unwrap(), content, "{form}");
        for capacity in [1, 7, 4096, 1 << 20] {
            let download = client.download_open(&source).unwrap();
            assert_eq!(download.verified(), 0, "{form}");
            assert_eq!(download.total(), i64::try_from(length).unwrap(), "{form}");
            let (all, end) = drained(&download, capacity);
            end.unwrap();
            assert_eq!(all, content, "{form} by {capacity}");
            assert_eq!(
                (download.verified(), download.received()),
                (1, download.total())
            );
            assert_eq!(download.read(&mut [0]).unwrap(), 0, "{form}: the end stays");
        }
        // One after the other on the same connection: each body was read to its end.
        assert_eq!(
            (server.connections(), server.seen().len()),
            (1, 5),
            "{form}"
        );
        for request in server.seen() {
            assert_eq!(request.line(), format!("GET {BILL} HTTP/1.1"));
            assert_eq!(request.header("Accept-Encoding"), Some("identity"));
        }
    }
}

#[test]
fn every_digest_that_wechat_pay_names_is_checked_in_any_case() {
    let content = bill();
    let server = serving(content.clone());
    let client = client(&server);
    for name in ["sha1", "sha256", "sm3"] {
        let right = digest(name, &content);
        let other = digest(name, b"another file");
        for (value, want) in [(right.clone(), 0), (right.to_uppercase(), 0), (other, 213)] {
            let source = json!({
                "hash_type": name.to_uppercase(), "hash_value": value,
                "download_url": format!("{}{BILL}", server.url),
            })
            .to_string();
            let got = client
                .download(&source)
                .map_or_else(|error| code(&error), |_| 0);
            assert_eq!(got, want, "{name} {value}");
        }
    }
}

fn flipped(mut bytes: Vec<u8>, from_end: usize) -> Vec<u8> {
    let at = bytes.len() - from_end;
    bytes[at] ^= 1;
    bytes
}

/// Length, digest, checksum, tag: whatever is wrong, no reader sees an end with OK.
#[test]
fn a_file_that_was_changed_or_cut_never_ends_well() {
    let content = bill();
    let packed = gzip(&content);
    let closed = seal(&content);
    let tail = |bytes: &[u8], more: &[u8]| [bytes, more].concat();
    let mut cases: Vec<(String, Vec<u8>, bool, &[i32])> = vec![
        (
            "a byte".into(),
            flipped(content.clone(), 100),
            false,
            &[213],
        ),
        ("a byte more".into(), tail(&content, b"x"), false, &[213]),
        ("nothing".into(), Vec::new(), false, &[213]),
        (
            "gzip length".into(),
            flipped(packed.clone(), 1),
            false,
            &[213],
        ),
        (
            "gzip checksum".into(),
            flipped(packed.clone(), 8),
            false,
            &[213],
        ),
        (
            "gzip data".into(),
            flipped(packed.clone(), packed.len() / 2),
            false,
            &[213],
        ),
        (
            "a byte after gzip".into(),
            tail(&packed, b"\0"),
            false,
            &[213],
        ),
        (
            "a second member".into(),
            tail(&packed, &gzip(b"`x")),
            false,
            &[213],
        ),
        (
            "an empty second member".into(),
            tail(&packed, &gzip(b"")),
            false,
            &[213],
        ),
        (
            "the last byte of the tag".into(),
            flipped(closed.clone(), 1),
            true,
            &[210],
        ),
        (
            "the last byte of the ciphertext".into(),
            flipped(closed.clone(), 17),
            true,
            &[210],
        ),
        (
            "the first byte of the ciphertext".into(),
            flipped(closed.clone(), closed.len()),
            true,
            &[210],
        ),
        ("not encrypted at all".into(), content.clone(), true, &[210]),
        ("15 bytes".into(), closed[..15].to_vec(), true, &[210]),
        ("no ciphertext".into(), Vec::new(), true, &[210]),
        (
            "another file, well sealed".into(),
            seal(b"another file"),
            true,
            &[213],
        ),
    ];
    for cut in [1, 2, 9, 10, 100, packed.len() - 9, packed.len() - 1] {
        let body = packed[..cut].to_vec();
        cases.push((format!("gzip cut to {cut}"), body, false, &[307, 213]));
    }
    for cut in [16, 17, 1000, closed.len() - 1] {
        cases.push((
            format!("sealed cut to {cut}"),
            closed[..cut].to_vec(),
            true,
            &[210],
        ));
    }
    for (case, body, sealed, want) in cases {
        let server = serving(body);
        let client = client(&server);
        let source = if sealed {
            sealed_answer(&server, &content)
        } else {
            answer(&server, &content)
        };
        let source = source.to_string();
        let error = refused(&case, client.download(&source));
        assert!(want.contains(&code(&error)), "{case}: {error}");
        let download = client.download_open(&source).unwrap();
        let (given, end) = drained(&download, 500);
        let error = refused(&case, end);
        assert!(want.contains(&code(&error)), "{case}: {error}");
        let again = refused(&case, download.read(&mut [0; 10]));
        assert_eq!(
            again.to_string(),
            error.to_string(),
            "{case}: the error stays"
        );
        assert_eq!(download.verified(), 0, "{case}");
        assert_eq!(error.fields().outcome, Outcome::Unknown, "{case}");
        assert_eq!(error.fields().request_id, "R-1", "{case}");
        assert_eq!(error.fields().http_status, 200, "{case}");
        let report = error.to_json();
        assert!(!report.contains("signature="), "{case}: {report}");
        if code(&error) == 210 {
            assert!(
                given.is_empty(),
                "{case}: plaintext before the tag was checked"
            );
        }
        refused(
            &case,
            wxpay::bill::Bill::open_download(&client.download_open(&source).unwrap()),
        );
    }
}

/// Fewer bytes than the headers say, at every stage, with and without a length.
#[test]
fn an_answer_cut_on_its_way_is_truncated_wherever_the_cut_is() {
    let content = bill();
    for (form, body) in [("plain", content.clone()), ("gzip", gzip(&content))] {
        let whole = http(200, &body, &[]);
        let head = whole.len() - body.len();
        let chunked = [
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
            format!("{:x}\r\n", body.len()).into_bytes(),
            body.clone(),
            b"\r\n0\r\n\r\n".to_vec(),
        ]
        .concat();
        let mut cuts = vec![(whole.clone(), head), (whole.clone(), head + 1)];
        cuts.extend([2, 100, body.len() - 1].map(|at| (whole.clone(), head + at)));
        cuts.extend(
            [60, 500, chunked.len() - 8, chunked.len() - 5].map(|at| (chunked.clone(), at)),
        );
        for (bytes, at) in cuts {
            let part = bytes[..at].to_vec();
            let server = Raw::start(move |peer| {
                while peer.request().is_some() {
                    peer.send(&part);
                    peer.close();
                }
            });
            let source = answer(&server, &content).to_string();
            let client = client(&server);
            let error = refused((form, at), client.download(&source));
            assert_eq!(code(&error), 307, "{form} {at}: {error}");
            let download = client.download_open(&source).unwrap();
            let error = refused((form, at), drained(&download, 4096).1);
            assert_eq!(code(&error), 307, "{form} {at}: {error}");
            // Not asked for again behind the caller's back.
            assert_eq!(server.seen().len(), 2, "{form} {at}");
        }
    }
}

#[test]
fn a_bomb_is_stopped_at_both_entry_points() {
    let bomb = gzip(&vec![b'0'; 50 * 1024 * 1024]);
    assert!(bomb.len() < 60_000, "{}", bomb.len());
    for body in [bomb.clone(), seal(&bomb)] {
        let server = serving(body.clone());
        let client = client(&server);
        let mut source = if body == bomb {
            answer(&server, b"")
        } else {
            sealed_answer(&server, b"")
        };
        if let Some(list) = source.get_mut("download_bill_list") {
            source = list[0].take();
        }
        let source = source.to_string();
        assert_eq!(code(&refused("whole", client.download(&source))), 305);
        let download = client.download_open(&source).unwrap();
        let (given, end) = drained(&download, 64 * 1024);
        assert_eq!(code(&refused("pieces", end)), 305);
        assert!(
            given.len() < 2 * 1024 * 1024,
            "{} bytes came out",
            given.len()
        );
        let download = client.download_open(&source).unwrap();
        assert_eq!(
            code(&refused(
                "bill",
                wxpay::bill::Bill::open_download(&download)
            )),
            305
        );
    }
}

#[test]
fn what_max_response_bytes_does_not_hold_is_refused_whole_and_comes_in_pieces() {
    let content = bill();
    for body in [content.clone(), gzip(&content)] {
        let server = serving(body);
        let small = wechat::with(&server.url, &[("max_response_bytes", "12000")]);
        let client = Client::new(&small).unwrap();
        let source = answer(&server, &content).to_string();
        assert_eq!(code(&refused("whole", client.download(&source))), 305);
        let download = client.download_open(&source).unwrap();
        let (all, end) = drained(&download, 4096);
        end.unwrap();
        assert_eq!(all, content);
    }
}

/// max_response_bytes is of the content: what a tag or gzip adds to it does not count.
#[test]
fn a_file_of_exactly_max_response_bytes_comes_in_every_form_and_of_one_more_in_none() {
    let content = bill();
    for (form, body) in [
        ("plain", content.clone()),
        ("gzip", gzip(&content)),
        ("encrypted", seal(&content)),
    ] {
        let server = serving(body);
        let mut source = if form == "encrypted" {
            sealed_answer(&server, &content)
        } else {
            answer(&server, &content)
        };
        if let Some(list) = source.get_mut("download_bill_list") {
            source = list[0].take();
        }
        for (most, fits) in [(content.len(), true), (content.len() - 1, false)] {
            let most = most.to_string();
            let limited = wechat::with(&server.url, &[("max_response_bytes", &most)]);
            let result = Client::new(&limited).unwrap().download(&source.to_string());
            match result {
                Ok(whole) => assert!(fits && *whole == content, "{form} {most}"),
                Err(error) => assert_eq!((fits, code(&error)), (false, 305), "{form}: {error}"),
            }
        }
    }
}

/// Stored blocks of no bytes: nothing comes out, so that no limit of what comes out would end it.
#[test]
fn gzip_that_unpacks_to_nothing_does_not_go_on_for_ever() {
    let server = Raw::start(|peer| {
        peer.request();
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
            a\r\n\x1f\x8b\x08\0\0\0\0\0\0\xff\r\n";
        let blocks = b"\0\0\0\xff\xff".repeat(0x1000);
        let chunk = [b"5000\r\n", &*blocks, b"\r\n"].concat();
        let mut going = peer.send(head);
        // 100 MB are for ever here.
        for _ in 0..5000 {
            going = going && peer.send(&chunk);
        }
    });
    let limited = wechat::with(&server.url, &[("max_response_bytes", "12000")]);
    let result = Client::new(&limited)
        .unwrap()
        .download(&answer(&server, b"").to_string());
    assert_eq!(code(&refused("nothing", result)), 305);
}

#[test]
fn a_foreign_download_url_is_refused_and_nobody_is_connected_to() {
    let foreign = Raw::answering(|_| http(200, b"x", &[]));
    let server = serving(b"x".to_vec());
    let client = client(&server);
    for url in [
        format!("http://127.0.0.1:{}{BILL}", foreign.port),
        format!("https://127.0.0.1:{}{BILL}", foreign.port),
        format!("https://evil.example{BILL}"),
        format!(
            "https://api.mch.weixin.qq.com@127.0.0.1:{}{BILL}",
            foreign.port
        ),
        format!("https://api.mch.weixin.qq.com.evil.example{BILL}"),
        format!("https://api.mch.weixin.qq.com:8443{BILL}"),
        format!("//127.0.0.1:{}{BILL}", foreign.port),
        "/v3/billdownload/../pay".to_owned(),
        "/v3/billdownload/file?token=支付".to_owned(),
    ] {
        let source = json!({"download_url": url}).to_string();
        for result in [
            client.download(&source).map(drop),
            client.download_open(&source).map(drop),
        ] {
            let error = refused(&url, result);
            assert_eq!(
                (code(&error), error.fields().outcome),
                (106, Outcome::NotSent),
                "{url}"
            );
        }
    }
    assert_eq!((foreign.connections(), server.connections()), (0, 0));
}

#[test]
fn a_redirect_is_an_answer_and_no_file() {
    let other = Raw::answering(|_| http(200, b"x", &[]));
    let to = format!("{}{BILL}", other.url);
    let server = Raw::answering(move |_| http(302, b"", &pairs(&[("Location", &to)])));
    let source = answer(&server, b"x").to_string();
    assert_eq!(
        code(&refused("302", client(&server).download(&source))),
        401
    );
    assert_eq!((server.seen().len(), other.connections()), (1, 0));
}

#[test]
fn what_cannot_be_right_is_refused_before_anything_is_sent() {
    let server = serving(b"x".to_vec());
    let client = client(&server);
    let url = format!("{}{BILL}", server.url);
    let sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
    let key = sealed_answer(&server, b"")["download_bill_list"][0]["encrypt_key"].clone();
    let short = STANDARD.encode([7; 256]);
    for (source, want) in [
        ("", 420),
        ("[]", 420),
        ("null", 420),
        ("{", 420),
        ("{}", 420),
        (r#"{"download_url":""}"#, 420),
        (r#"{"download_url":7}"#, 420),
        (r#"{"download_url":"/a","download_url":"/b"}"#, 420),
        (&*format!(r#"["{url}"]"#), 420),
        (&*json!({"download_url": url, "hash_type": "MD5", "hash_value": sha1}).to_string(), 212),
        (&*json!({"download_url": url, "hash_type": "", "hash_value": sha1}).to_string(), 212),
        (&*json!({"download_url": url, "hash_type": "", "hash_value": ""}).to_string(), 212),
        (&*json!({"download_url": url, "hash_type": "SHA1"}).to_string(), 100),
        (&*json!({"download_url": url, "hash_value": sha1}).to_string(), 100),
        (&*json!({"download_url": url, "hash_type": "SHA1", "hash_value": ""}).to_string(), 100),
        (&*json!({"download_url": url, "hash_type": "SHA1", "hash_value": &sha1[1..]}).to_string(), 100),
        (&*json!({"download_url": url, "hash_type": "SHA256", "hash_value": sha1}).to_string(), 100),
        (&*json!({"download_url": url, "hash_type": "SHA1", "hash_value": sha1.replace('a', "g")}).to_string(), 100),
        (&*json!({"download_url": url, "encrypt_key": key}).to_string(), 100),
        (&*json!({"download_url": url, "nonce": NONCE}).to_string(), 100),
        (&*json!({"download_url": url, "encrypt_key": key, "nonce": "short"}).to_string(), 100),
        (&*json!({"download_url": url, "encrypt_key": "a b", "nonce": NONCE}).to_string(), 100),
        (&*json!({"download_url": url, "encrypt_key": short, "nonce": NONCE}).to_string(), 210),
        (&*json!({"download_bill_list": []}).to_string(), 100),
        (&*json!({"download_bill_list": [{"download_url": url}, {"download_url": url}]}).to_string(), 100),
        (&*json!({"download_url": "x".repeat(70_000)}).to_string(), 105),
        (&"[".repeat(60_000), 420),
        (&format!("{{\"a\":{}", "[".repeat(60_000)), 420),
    ] {
        let case = &source[..source.len().min(200)];
        let error = refused(case, client.download_open(source).map(drop));
        assert_eq!(code(&error), want, "{case}: {error}");
        assert_eq!(error.fields().outcome, Outcome::NotSent, "{case}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn without_a_digest_a_file_of_the_closed_table_says_that_nothing_proves_it() {
    let image = b"\x89PNG\r\n\x1a\nrest".to_vec();
    let server = serving(image.clone());
    let client = client(&server);
    for path in [
        "/v3/merchant-service/images/ABC%3D%3D",
        "/v3/transferdownload/signfile?token=1",
        BILL,
    ] {
        let source = json!({"download_url": format!("{}{path}", server.url)}).to_string();
        assert_eq!(*client.download(&source).unwrap(), image);
        let download = client.download_open(&source).unwrap();
        let (all, end) = drained(&download, 5);
        end.unwrap();
        assert_eq!((all, download.verified()), (image.clone(), 2), "{path}");
    }
}

/// S10: what is not in the table needs a signature, also with a digest in the source.
#[test]
fn any_other_path_is_given_out_only_under_a_signature_over_all_of_it() {
    let content = b"{\"a\":1}".to_vec();
    for path in [
        "/v3/merchant-service/images/a/b",
        "/v3/bill/downloadurl/x?token=1",
        "/v3/certificates",
    ] {
        let server = serving(content.clone());
        let mut source = answer(&server, &content);
        source["download_url"] = json!(format!("{}{path}", server.url));
        let error = refused(
            path,
            client(&server).download_open(&source.to_string()).map(drop),
        );
        assert_eq!(
            (code(&error), error.fields().outcome),
            (203, Outcome::Unknown),
            "{path}"
        );
        assert_eq!(
            (&*error.fields().request_id, error.fields().http_status),
            ("R-1", 200)
        );

        let server = Raw::answering(|_| wechat::signed_http(200, b"{\"a\":1}"));
        source["download_url"] = json!(format!("{}{path}", server.url));
        let download = client(&server).download_open(&source.to_string()).unwrap();
        let (all, end) = drained(&download, 3);
        end.unwrap();
        assert_eq!((all, download.verified()), (content.clone(), 1), "{path}");
    }
    // The other download_url of WeChat Pay's pages: a digest is needed, and proves it.
    for with_digest in [true, false] {
        let server = serving(content.clone());
        let mut source = answer(&server, &content);
        if !with_digest {
            source = json!({});
        }
        source["download_url"] = json!(format!("{}/v3/bill/downloadurl?token=1", server.url));
        let opened = client(&server).download_open(&source.to_string());
        if with_digest {
            let download = opened.unwrap();
            let (all, end) = drained(&download, 3);
            end.unwrap();
            assert_eq!((all, download.verified()), (content.clone(), 1));
        } else {
            assert_eq!(code(&refused("no digest", opened.map(drop))), 203);
        }
    }
    // A signature over something else, also where none is needed.
    let headers = wechat::signature(
        wechat::wechat(),
        wechat::PUBLIC_KEY_ID,
        wechat::now(),
        b"{}",
    );
    let server = Raw::answering(move |_| http(200, b"{\"a\":1}", &headers));
    for path in ["/v3/other", BILL] {
        let source = json!({"download_url": format!("{}{path}", server.url)}).to_string();
        assert_eq!(
            code(&refused(
                path,
                client(&server).download_open(&source).map(drop)
            )),
            201
        );
    }
}

/// Protocol.md §1.5: the signature is over the digest, the digest over the content.
#[test]
fn a_statement_is_proved_by_the_signed_digest_in_its_header() {
    let content = bill();
    let sha1 = digest("sha1", &content);
    let over = |text: &str| {
        wechat::signature(
            wechat::wechat(),
            wechat::PUBLIC_KEY_ID,
            wechat::now(),
            text.as_bytes(),
        )
    };
    let right = over(&format!("{{\"sha1\":\"{sha1}\"}}"));
    let with = |headers: &[(String, String)], value: Option<&str>| {
        let mut headers = headers.to_vec();
        headers
            .extend(value.map(|value| ("Wechatpay-Statement-Sha1".to_owned(), value.to_owned())));
        headers
    };
    let other = digest("sha1", b"other");
    let over_body = over(std::str::from_utf8(&content).unwrap());
    let other_key = wechat::signature(
        wechat::key(2),
        wechat::PUBLIC_KEY_ID,
        wechat::now(),
        format!("{{\"sha1\":\"{sha1}\"}}").as_bytes(),
    );
    let old = wechat::signature(
        wechat::wechat(),
        wechat::PUBLIC_KEY_ID,
        wechat::now() - 400,
        format!("{{\"sha1\":\"{sha1}\"}}").as_bytes(),
    );
    // (case, headers, content, refused at open, refused at the end)
    let cases = [
        ("right", with(&right, Some(&sha1)), content.clone(), 0, 0),
        ("packed", with(&right, Some(&sha1)), gzip(&content), 0, 0),
        (
            "another content",
            with(&right, Some(&sha1)),
            flipped(content.clone(), 9),
            0,
            213,
        ),
        (
            "another digest",
            with(&right, Some(&other)),
            content.clone(),
            201,
            0,
        ),
        (
            "another key",
            with(&other_key, Some(&sha1)),
            content.clone(),
            201,
            0,
        ),
        (
            "over the body",
            with(&over_body, None),
            content.clone(),
            203,
            0,
        ),
        (
            "no signature",
            with(&[], Some(&sha1)),
            content.clone(),
            203,
            0,
        ),
        ("nothing", Vec::new(), content.clone(), 203, 0),
        (
            "no digest",
            with(&right, Some("\"}")),
            content.clone(),
            203,
            0,
        ),
        ("old", with(&old, Some(&sha1)), content.clone(), 205, 0),
    ];
    for path in [
        "/hk/v3/statements?date=20261125",
        "/v3/global/statements?date=20261125",
        "/v3/statements",
    ] {
        for (case, headers, body, at_open, at_end) in &cases {
            let (body, headers) = (body.clone(), headers.clone());
            let server = Raw::answering(move |_| http(200, &body, &headers));
            let source = json!({"download_url": format!("{}{path}", server.url)}).to_string();
            let opened = client(&server).download_open(&source);
            let got = opened.as_ref().map_or_else(code, |_| 0);
            assert_eq!(got, *at_open, "{path}: {case}");
            let Ok(download) = opened else { continue };
            let (all, end) = drained(&download, 100);
            assert_eq!(
                end.as_ref().map_or_else(code, |()| 0),
                *at_end,
                "{path}: {case}"
            );
            if *at_end == 0 {
                assert_eq!(
                    (all, download.verified()),
                    (content.clone(), 1),
                    "{path}: {case}"
                );
            }
        }
    }
}

#[test]
fn an_error_answer_is_an_error_and_its_body_no_file() {
    let body = br#"{"code":"NO_STATEMENT_EXIST","message":"x"}"#;
    let server = Raw::answering(|_| http(400, body, &pairs(&[("Request-ID", "R-9")])));
    let source = answer(&server, b"").to_string();
    let error = refused("400", client(&server).download(&source));
    assert_eq!(
        (code(&error), error.fields().outcome),
        (400, Outcome::Rejected)
    );
    assert_eq!(error.fields().api_code, "NO_STATEMENT_EXIST");
    assert_eq!(
        (&*error.fields().request_id, error.fields().http_status),
        ("R-9", 400)
    );
    for (status, want) in [(206, 203), (202, 203), (500, 401), (404, 401)] {
        let server = Raw::answering(move |_| http(status, b"abc", &[]));
        let source = answer(&server, b"abc").to_string();
        let error = refused(status, client(&server).download(&source));
        assert_eq!(code(&error), want, "{status}: {error}");
    }
    let server = Raw::answering(|_| wechat::signed_http(204, b""));
    let source = answer(&server, b"").to_string();
    assert_eq!(code(&refused(204, client(&server).download(&source))), 401);
}

/// D6: asked for is identity.
#[test]
fn a_content_encoding_that_was_not_asked_for_is_undone_or_refused() {
    let content = bill();
    let packed = gzip(&content);
    for (coding, body, want) in [
        ("identity", &content, 0),
        ("gzip", &packed, 0),
        ("GZIP", &packed, 0),
        ("gzip", &content, 304),
        ("br", &content, 304),
        ("gzip, gzip", &packed, 304),
    ] {
        let whole = http(200, body, &pairs(&[("Content-Encoding", coding)]));
        let server = Raw::answering(move |_| whole.clone());
        let source = answer(&server, &content).to_string();
        let got = client(&server)
            .download(&source)
            .map_or_else(|error| code(&error), |_| 0);
        assert_eq!(got, want, "{coding}");
    }
}

/// S3: on a pooled connection that dies without a byte of the answer, once.
#[test]
fn a_download_is_asked_for_again_only_before_the_first_byte_of_its_answer() {
    let whole = http(200, b"x", &[]);
    let server = Raw::start(move |peer| {
        let mut answered = false;
        while peer.request().is_some() {
            if answered && peer.connection == 0 {
                return peer.reset();
            }
            peer.send(&whole);
            answered = true;
        }
    });
    let client = client(&server);
    let source = answer(&server, b"x").to_string();
    client.download(&source).unwrap();
    client.download(&source).unwrap();
    let seen = server.seen();
    assert_eq!((seen.len(), server.connections()), (3, 2));
    assert_ne!(
        seen[1].signed_field("nonce_str"),
        seen[2].signed_field("nonce_str")
    );
}

/// WeChat Pay's probes are wrong on purpose; asking once more brings the real answer.
#[test]
fn a_probed_statement_is_asked_for_once_more() {
    let content = bill();
    let sha1 = digest("sha1", &content);
    let signed = format!("{{\"sha1\":\"{sha1}\"}}");
    let mut right = wechat::signature(
        wechat::wechat(),
        wechat::PUBLIC_KEY_ID,
        wechat::now(),
        signed.as_bytes(),
    );
    right.push(("Wechatpay-Statement-Sha1".to_owned(), sha1));
    let mut probe = right.clone();
    probe[2].1 = "WECHATPAY/SIGNTEST/abc".to_owned();
    for (probes, want) in [(1, 0), (2, 202)] {
        let (body, probe, right) = (content.clone(), probe.clone(), right.clone());
        let asked = AtomicUsize::new(0);
        let server = Raw::answering(move |_| {
            let first = asked.fetch_add(1, Ordering::SeqCst) < probes;
            http(200, &body, if first { &probe } else { &right })
        });
        let url = format!("{}/v3/global/statements?date=20261125", server.url);
        let source = json!({ "download_url": url }).to_string();
        let got = client(&server)
            .download(&source)
            .map_or_else(|error| code(&error), |_| 0);
        assert_eq!((got, server.seen().len()), (want, 2));
    }
}
