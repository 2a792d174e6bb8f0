//! Servers that misbehave on purpose, in this process.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection};

/// One accepted connection, plain or TLS.
pub struct Peer {
    socket: TcpStream,
    tls: Option<ServerConnection>,
    heads: Arc<Mutex<Vec<String>>>,
}

pub struct Server {
    pub port: u16,
    connections: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// TLS with one configuration.
    pub fn tls(
        config: Arc<ServerConfig>,
        script: impl Fn(&mut Peer) + Send + Sync + 'static,
    ) -> Server {
        Server::choosing(move |_| Some(Arc::clone(&config)), script)
    }

    pub fn plain(script: impl Fn(&mut Peer) + Send + Sync + 'static) -> Server {
        Server::choosing(|_| None, script)
    }

    /// The configuration may differ by connection.
    pub fn choosing(
        choose: impl Fn(usize) -> Option<Arc<ServerConfig>> + Send + Sync + 'static,
        script: impl Fn(&mut Peer) + Send + Sync + 'static,
    ) -> Server {
        Server::on(TcpListener::bind("127.0.0.1:0").unwrap(), choose, script)
    }

    pub fn on(
        listener: TcpListener,
        choose: impl Fn(usize) -> Option<Arc<ServerConfig>> + Send + Sync + 'static,
        script: impl Fn(&mut Peer) + Send + Sync + 'static,
    ) -> Server {
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let heads = Arc::new(Mutex::new(Vec::new()));
        let server = Server {
            port,
            connections: Arc::clone(&connections),
            heads: Arc::clone(&heads),
        };
        let (choose, script) = (Arc::new(choose), Arc::new(script));
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let number = connections.fetch_add(1, Ordering::SeqCst);
                let (choose, script) = (Arc::clone(&choose), Arc::clone(&script));
                let heads = Arc::clone(&heads);
                std::thread::spawn(move || {
                    socket.set_nodelay(true).unwrap();
                    let _ = socket.set_read_timeout(Some(Duration::from_secs(20)));
                    let tls = choose(number).map(|config| ServerConnection::new(config).unwrap());
                    let mut peer = Peer { socket, tls, heads };
                    script(&mut peer);
                });
            }
        });
        server
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Heads of the requests read so far.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

impl Peer {
    pub fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match &mut self.tls {
            Some(tls) => rustls::Stream::new(tls, &mut self.socket).read(into),
            None => self.socket.read(into),
        }
    }

    pub fn write(&mut self, bytes: &[u8]) -> bool {
        match &mut self.tls {
            Some(tls) => {
                let mut stream = rustls::Stream::new(tls, &mut self.socket);
                stream
                    .write_all(bytes)
                    .and_then(|()| stream.flush())
                    .is_ok()
            }
            None => self.socket.write_all(bytes).is_ok(),
        }
    }

    /// As text, to be compared.
    pub fn client_certificate(&self) -> Option<String> {
        let chain = self.tls.as_ref()?.peer_certificates()?;
        Some(format!("{:?}", chain.first()?))
    }

    /// Head and body of a request; None when the client is gone.
    pub fn request(&mut self) -> Option<(String, Vec<u8>)> {
        let (head, mut body) = self.head()?;
        let length = head
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")
                    .map(str::to_owned)
            })
            .map_or(0, |value| value.trim().parse::<usize>().unwrap());
        let mut chunk = vec![0; 65536];
        while body.len() < length {
            match self.read(&mut chunk) {
                Ok(0) | Err(_) => return None,
                Ok(n) => body.extend_from_slice(&chunk[..n]),
            }
        }
        Some((head, body))
    }

    /// Head, and what came of the body with it.
    pub fn head(&mut self) -> Option<(String, Vec<u8>)> {
        let mut bytes = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8(bytes[..end + 4].to_vec()).unwrap();
                self.heads.lock().unwrap().push(head.clone());
                return Some((head, bytes.split_off(end + 4)));
            }
            match self.read(&mut chunk) {
                Ok(0) | Err(_) => return None,
                Ok(n) => bytes.extend_from_slice(&chunk[..n]),
            }
        }
    }

    pub fn answer(&mut self, body: &str) -> bool {
        self.write(
            format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nRequest-ID: r\r\n\r\n{body}",
                body.len()
            )
            .as_bytes(),
        )
    }

    /// The client is told that this was the last one, so that no request is lost to a race.
    pub fn last_answer(&mut self) {
        self.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        self.close_notify();
    }

    pub fn close_notify(&mut self) {
        if let Some(tls) = &mut self.tls {
            tls.send_close_notify();
            let _ = tls.complete_io(&mut self.socket);
        }
    }

    pub fn fin(&mut self) {
        let _ = self.socket.shutdown(Shutdown::Both);
    }

    /// Dropping this peer afterwards sends RST.
    pub fn reset(&mut self) {
        crate::sys::socket::reset_on_close(&self.socket);
    }

    /// A relay must not wait for one side while the other speaks.
    pub fn short_reads(&self) {
        self.socket
            .set_read_timeout(Some(Duration::from_millis(2)))
            .unwrap();
    }

    /// Answers every request until the client leaves.
    pub fn serve(&mut self) {
        while self.request().is_some() {
            if !self.answer("{\"ok\":1}") {
                return;
            }
        }
    }
}
