//! A server for every side of the comparison: TLS 1.3 with one suite, HTTP/1.1 with keep-alive. An answer is
//! signed once a minute for all connections, so that a request costs the server no signature. Runs in a process
//! of its own until its standard input ends.
//!
//! It prints two ports: the second one gives no tickets, so that no client can resume there. For each line of
//! standard input it prints the handshakes, the resumed ones among them, and the requests so far.

use std::collections::HashMap;
use std::io::{BufRead, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_lc_rs::signature::RsaKeyPair;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::crypto::aws_lc_rs as provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{NoServerSessionStorage, ServerSessionMemoryCache};
use rustls::{HandshakeKind, ServerConfig, ServerConnection, StreamOwned};

use super::keys;

/// The signature must stay within the window of 300 s.
const FRESH: Duration = Duration::from_secs(60);
/// More than all clients together keep.
const SESSIONS: usize = 16 * 1024;
const ANSWER: &str = r#"{"code_url":"weixin://wxpay/bizpayurl/up?pr=NwY5Mz9&groupid=00"}"#;
/// `GET /v3/answer/N` has an answer of N bytes.
const SIZED: &[u8] = b"GET /v3/answer/";

struct Server {
    key: RsaKeyPair,
    /// By size of the body; 0 is the ordinary one.
    answers: Mutex<HashMap<usize, Signed>>,
    handshakes: AtomicU64,
    resumed: AtomicU64,
    requests: AtomicU64,
}

/// When it was signed, and the whole answer.
type Signed = (Instant, Arc<Vec<u8>>);

pub fn serve(directory: &Path) -> ExitCode {
    let server = Arc::new(Server {
        key: keys::private(&directory.join("other2048.pem")),
        answers: Mutex::default(),
        handshakes: AtomicU64::new(0),
        resumed: AtomicU64::new(0),
        requests: AtomicU64::new(0),
    });
    let ports: Vec<String> = [true, false]
        .map(|tickets| listen(&server, Arc::new(tls(directory, tickets))).to_string())
        .into();
    println!("{}", ports.join(" "));
    for _ in std::io::stdin().lock().lines() {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (handshakes, resumed) = (read(&server.handshakes), read(&server.resumed));
        println!("{handshakes} {resumed} {}", read(&server.requests));
    }
    ExitCode::SUCCESS
}

fn listen(server: &Arc<Server>, config: Arc<ServerConfig>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let server = Arc::clone(server);
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let (server, config) = (Arc::clone(&server), Arc::clone(&config));
            std::thread::spawn(move || drop(converse(&server, socket, config)));
        }
    });
    port
}

fn tls(directory: &Path, tickets: bool) -> ServerConfig {
    let provider = rustls::crypto::CryptoProvider {
        cipher_suites: vec![provider::cipher_suite::TLS13_AES_128_GCM_SHA256],
        kx_groups: vec![provider::kx_group::X25519],
        ..provider::default_provider()
    };
    let chain =
        CertificateDer::from_pem_file(directory.join("tls-leaf.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(directory.join("tls-leaf-key.pem")).expect("a key");
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .expect("TLS 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .expect("the key belongs to the certificate");
    if tickets {
        config.session_storage = ServerSessionMemoryCache::new(SESSIONS);
    } else {
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
    }
    config
}

fn converse(server: &Server, socket: TcpStream, config: Arc<ServerConfig>) -> std::io::Result<()> {
    socket.set_nodelay(true)?;
    let connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, socket);
    let mut received = Vec::new();
    let mut part = vec![0; 64 * 1024];
    let mut first = true;
    loop {
        let mut whole = None;
        while whole.is_none_or(|whole| received.len() < whole) {
            let taken = stream.read(&mut part)?;
            if taken == 0 {
                return Ok(());
            }
            received.extend_from_slice(&part[..taken]);
            whole = whole.or_else(|| length(&received));
        }
        if std::mem::take(&mut first) {
            server.handshakes.fetch_add(1, Ordering::Relaxed);
            if stream.conn.handshake_kind() == Some(HandshakeKind::Resumed) {
                server.resumed.fetch_add(1, Ordering::Relaxed);
            }
        }
        server.requests.fetch_add(1, Ordering::Relaxed);
        let answer = server.answer(size_asked_for(&received));
        received.clear();
        stream.write_all(&answer)?;
        stream.flush()?;
    }
}

/// Of the whole request, once its headers are there.
fn length(request: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let end = request.windows(4).position(|four| four == b"\r\n\r\n")?;
    let body = request[..end]
        .split(|byte| *byte == b'\n')
        .find(|line| line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME))
        .and_then(|line| std::str::from_utf8(&line[NAME.len()..]).ok())
        .and_then(|value| value.trim().parse::<usize>().ok())
        .unwrap_or(0);
    Some(end + 4 + body)
}

fn size_asked_for(request: &[u8]) -> usize {
    request
        .strip_prefix(SIZED)
        .and_then(|rest| rest.split(|byte| !byte.is_ascii_digit()).next())
        .and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok())
        .unwrap_or(0)
}

impl Server {
    fn answer(&self, size: usize) -> Arc<Vec<u8>> {
        let mut answers = self.answers.lock().expect("no thread panics with it");
        if let Some((_, answer)) = answers.get(&size).filter(|(at, _)| at.elapsed() < FRESH) {
            return Arc::clone(answer);
        }
        let body = match size {
            0 => ANSWER.to_owned(),
            size => format!(r#"{{"filler":"{}"}}"#, "x".repeat(size.saturating_sub(13))),
        };
        let answer = Arc::new(signed(&self.key, &body));
        answers.insert(size, (Instant::now(), Arc::clone(&answer)));
        answer
    }
}

/// With the headers that WeChat Pay sends.
fn signed(key: &RsaKeyPair, body: &str) -> Vec<u8> {
    let timestamp = wxpay::time::clock().seconds;
    let nonce = "c1ed97dd2f4cd4cec9ebcb3aa5ba7cb5";
    let signature = keys::sign(key, format!("{timestamp}\n{nonce}\n{body}\n").as_bytes());
    format!(
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Thu, 16 Jan 2025 09:00:13 GMT\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=8\r\nCache-Control: no-cache, must-revalidate\r\nX-Content-Type-Options: nosniff\r\nRequest-ID: 08ADDFA3BC0610D20618F9F8C05820BD2E28A9C204-0\r\nContent-Language: zh-CN\r\nWechatpay-Nonce: {nonce}\r\nWechatpay-Signature: {}\r\nWechatpay-Timestamp: {timestamp}\r\nWechatpay-Serial: {}\r\nWechatpay-Signature-Type: WECHATPAY2-SHA256-RSA2048\r\n\r\n{body}",
        body.len(),
        STANDARD.encode(signature),
        keys::PUBLIC_KEY_ID,
    )
    .into_bytes()
}
