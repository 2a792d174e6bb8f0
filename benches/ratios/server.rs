//! A server for both clients of the comparison: TLS 1.3 with one suite, HTTP/1.1 with keep-alive,
//! one answer. The answer is signed once a connection and minute, so that a request costs the
//! server no signature. Runs in a process of its own until its standard input ends.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_lc_rs::signature::RsaKeyPair;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::crypto::aws_lc_rs as provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use wxpay::time::clock;

use super::files::{Files, PUBLIC_KEY_ID};
use super::offline::sign;

/// The signature must stay within the window of 300 s.
const FRESH: Duration = Duration::from_secs(60);

const ANSWER: &str = r#"{"code_url":"weixin://wxpay/bizpayurl/up?pr=NwY5Mz9&groupid=00"}"#;

pub fn serve(files: &Files) -> ExitCode {
    let config = Arc::new(tls(files));
    let key = Arc::new(files.wechat_key());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    println!("{}", listener.local_addr().expect("bound").port());
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let (config, key) = (Arc::clone(&config), Arc::clone(&key));
            std::thread::spawn(move || drop(converse(socket, config, &key)));
        }
    });
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    ExitCode::SUCCESS
}

fn tls(files: &Files) -> ServerConfig {
    let suite = provider::cipher_suite::TLS13_AES_128_GCM_SHA256;
    let provider = rustls::crypto::CryptoProvider {
        cipher_suites: vec![suite],
        kx_groups: vec![provider::kx_group::X25519],
        ..provider::default_provider()
    };
    let chain = CertificateDer::from_pem_file(files.path("tls-leaf.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(files.path("tls-leaf-key.pem")).expect("a key");
    ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .expect("TLS 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .expect("the key belongs to the certificate")
}

fn converse(socket: TcpStream, config: Arc<ServerConfig>, key: &RsaKeyPair) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, socket);
    let mut answer = answer(key);
    let mut made = Instant::now();
    let mut received = Vec::new();
    let mut part = [0; 16 * 1024];
    loop {
        while !is_complete(&received) {
            let taken = stream.read(&mut part)?;
            if taken == 0 {
                return Ok(());
            }
            received.extend_from_slice(&part[..taken]);
        }
        received.clear();
        if made.elapsed() > FRESH {
            answer = self::answer(key);
            made = Instant::now();
        }
        stream.write_all(&answer)?;
        stream.flush()?;
    }
}

fn is_complete(request: &[u8]) -> bool {
    const NAME: &[u8] = b"content-length:";
    let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let length = request[..end]
        .split(|byte| *byte == b'\n')
        .find(|line| line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME))
        .and_then(|line| std::str::from_utf8(&line[NAME.len()..]).ok())
        .and_then(|value| value.trim().parse::<usize>().ok())
        .unwrap_or(0);
    request.len() >= end + 4 + length
}

/// With the headers that WeChat Pay sends.
fn answer(key: &RsaKeyPair) -> Vec<u8> {
    let timestamp = clock().seconds;
    let nonce = "c1ed97dd2f4cd4cec9ebcb3aa5ba7cb5";
    let signature = sign(key, format!("{timestamp}\n{nonce}\n{ANSWER}\n").as_bytes());
    format!(
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Thu, 16 Jan 2025 09:00:13 GMT\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=8\r\nCache-Control: no-cache, must-revalidate\r\nX-Content-Type-Options: nosniff\r\nRequest-ID: 08ADDFA3BC0610D20618F9F8C05820BD2E28A9C204-0\r\nContent-Language: zh-CN\r\nWechatpay-Nonce: {nonce}\r\nWechatpay-Signature: {}\r\nWechatpay-Timestamp: {timestamp}\r\nWechatpay-Serial: {PUBLIC_KEY_ID}\r\nWechatpay-Signature-Type: WECHATPAY2-SHA256-RSA2048\r\n\r\n{ANSWER}",
        ANSWER.len(),
        STANDARD.encode(signature),
    )
    .into_bytes()
}
