//! The floor: a rustls client on a socket of std. No HTTP library, no pool, no timeout; the same request, signed,
//! and the answer verified. What another side takes more is what its path adds.
//!
//!     bare MERCHANT-JSON BODY-FILE
//!
//! Speaks as every side does: see benches/network/sides.py.

use std::io::{BufRead, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use aws_lc_rs::signature::{ParsedPublicKey, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;

use super::clock::{PROCESS, THREAD, processor};
use super::keys::{self, sign};

const TARGET: &str = "/v3/pay/transactions/native";

struct Bare {
    merchant: Value,
    authority: String,
    body: String,
    private: RsaKeyPair,
    public: ParsedPublicKey,
    stream: StreamOwned<ClientConnection, TcpStream>,
    to_sign: String,
    received: Vec<u8>,
}

pub fn bare(merchant: &Path, body: &Path) -> ExitCode {
    let mut bare = Bare::new(merchant, body);
    for line in std::io::stdin().lock().lines() {
        let requests = line.expect("text").trim().parse().expect("a number");
        let spent = processor(PROCESS);
        let samples: Vec<[i64; 4]> = (0..requests).map(|_| bare.sample()).collect();
        let spent = processor(PROCESS) - spent;
        let mut out = std::io::stdout().lock();
        for [request, signature, busy, busy_signature] in samples {
            writeln!(out, "{request} {signature} {busy} {busy_signature}").expect("it is read");
        }
        writeln!(out, "end 1 {spent}").expect("it is read");
        out.flush().expect("it is read");
    }
    ExitCode::SUCCESS
}

impl Bare {
    fn new(merchant: &Path, body: &Path) -> Bare {
        let merchant: Value =
            serde_json::from_slice(&std::fs::read(merchant).expect("it is there")).expect("JSON");
        let path = |name: &str| Path::new(merchant[name].as_str().expect("a path")).to_owned();
        let mut roots = RootCertStore::empty();
        for root in
            CertificateDer::pem_file_iter(path("extra_ca_file")).expect("it holds certificates")
        {
            roots.add(root.expect("a certificate")).expect("a root");
        }
        let config = ClientConfig::builder_with_provider(Arc::new(
            rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .expect("TLS 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
        let url = merchant["base_url"].as_str().expect("a URL");
        let authority = url.trim_start_matches("https://").to_owned();
        let socket = TcpStream::connect(&authority).expect("the server runs");
        socket.set_nodelay(true).expect("a socket");
        let name = ServerName::try_from("localhost").expect("a name");
        let connection = ClientConnection::new(Arc::new(config), name).expect("a connection");
        Bare {
            private: keys::private(&path("private_key_file")),
            public: keys::public(&path("public_key_file")),
            body: std::fs::read_to_string(body).expect("text"),
            stream: StreamOwned::new(connection, socket),
            authority,
            merchant,
            to_sign: String::new(),
            received: vec![0; 64 * 1024],
        }
    }

    /// Nanoseconds of a request, of a bare signature after it, and of the processor for each.
    fn sample(&mut self) -> [i64; 4] {
        let (start, busy) = (Instant::now(), processor(THREAD));
        self.request();
        let (busy_done, done) = (processor(THREAD), Instant::now());
        sign(&self.private, self.to_sign.as_bytes());
        let (busy_signed, signed) = (processor(THREAD), Instant::now());
        [
            nanoseconds(done - start),
            nanoseconds(signed - done),
            busy_done - busy,
            busy_signed - busy_done,
        ]
    }

    fn request(&mut self) {
        let mut random = [0; 16];
        getrandom::fill(&mut random).expect("random bytes");
        let nonce: String = random.iter().map(|byte| format!("{byte:02X}")).collect();
        let now = wxpay::time::clock().seconds;
        self.to_sign = format!("POST\n{TARGET}\n{now}\n{nonce}\n{}\n", self.body);
        let signature = STANDARD.encode(sign(&self.private, self.to_sign.as_bytes()));
        let text = |name: &str| self.merchant[name].as_str().expect("text");
        let request = format!(
            "POST {TARGET} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\nUser-Agent: bare (linux)\r\nContent-Type: application/json\r\nWechatpay-Serial: {}\r\nAccept-Encoding: identity\r\nAuthorization: WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"{nonce}\",timestamp=\"{now}\",serial_no=\"{}\",signature=\"{signature}\"\r\nContent-Length: {}\r\n\r\n{}",
            self.authority,
            text("public_key_id"),
            text("mchid"),
            text("merchant_serial"),
            self.body.len(),
            self.body
        );
        self.stream
            .write_all(request.as_bytes())
            .expect("it is sent");
        self.stream.flush().expect("it is sent");
        let length = self.answer();
        self.verify(length);
    }

    /// Reads a whole answer; its length.
    fn answer(&mut self) -> usize {
        let mut taken = 0;
        loop {
            let more = self
                .stream
                .read(&mut self.received[taken..])
                .expect("an answer");
            assert!(more > 0, "the server closed");
            taken += more;
            let answer = &self.received[..taken];
            let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = std::str::from_utf8(&answer[..end]).expect("text");
            let body: usize = header(head, "Content-Length").parse().expect("a number");
            if taken == end + 4 + body {
                return taken;
            }
        }
    }

    fn verify(&self, length: usize) {
        let answer = std::str::from_utf8(&self.received[..length]).expect("text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("it was found");
        let at = header(head, "Wechatpay-Timestamp");
        let signature = STANDARD.decode(header(head, "Wechatpay-Signature"));
        let signed = format!("{at}\n{}\n{body}\n", header(head, "Wechatpay-Nonce"));
        let seconds: i64 = at.parse().expect("a number");
        assert!((wxpay::time::clock().seconds - seconds).abs() <= 300);
        assert!(head.starts_with("HTTP/1.1 200 "));
        assert_eq!(header(head, "Wechatpay-Serial"), keys::PUBLIC_KEY_ID);
        self.public
            .verify_sig(signed.as_bytes(), &signature.expect("base64"))
            .expect("a genuine answer");
    }
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map_or("", |(_, value)| value)
}

fn nanoseconds(time: std::time::Duration) -> i64 {
    i64::try_from(time.as_nanos()).expect("a short time")
}
