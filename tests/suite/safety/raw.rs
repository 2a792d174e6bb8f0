//! A server of bytes on loopback: it does with each connection what a test says, and keeps what
//! it read.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub struct Peer {
    socket: TcpStream,
    /// 0 for the first connection.
    pub connection: usize,
    seen: Arc<Mutex<Vec<Seen>>>,
    left: Vec<u8>,
}

#[derive(Clone, Debug)]
pub struct Seen {
    pub head: String,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (have, value) = line.split_once(':')?;
            have.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// A field of the Authorization header.
    pub fn signed_field(&self, name: &str) -> String {
        let authorization = self.header("Authorization").unwrap_or_default();
        let start = authorization.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
        authorization[start..].split('"').next().unwrap().to_owned()
    }

    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }
}

pub struct Raw {
    pub url: String,
    pub port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
}

impl Raw {
    pub fn start(script: impl Fn(&mut Peer) + Send + Sync + 'static) -> Raw {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let raw = Raw {
            url: format!("http://127.0.0.1:{port}"),
            port,
            seen: Arc::default(),
            connections: Arc::default(),
            stop: Arc::default(),
        };
        let (seen, connections, stop) = (
            Arc::clone(&raw.seen),
            Arc::clone(&raw.connections),
            Arc::clone(&raw.stop),
        );
        let script = Arc::new(script);
        std::thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let connection = connections.fetch_add(1, Ordering::SeqCst);
                socket
                    .set_read_timeout(Some(Duration::from_secs(15)))
                    .unwrap();
                let mut peer = Peer {
                    socket,
                    connection,
                    seen: Arc::clone(&seen),
                    left: Vec::new(),
                };
                let script = Arc::clone(&script);
                std::thread::spawn(move || script(&mut peer));
            }
        });
        raw
    }

    /// Answers every request with what `answer` makes of it.
    pub fn answering(answer: impl Fn(&Seen) -> Vec<u8> + Send + Sync + 'static) -> Raw {
        Raw::start(move |peer| {
            while let Some(request) = peer.request() {
                peer.send(&answer(&request));
            }
        })
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Peer {
    fn more(&mut self) -> bool {
        let mut buffer = [0; 64 * 1024];
        match self.socket.read(&mut buffer) {
            Ok(0) | Err(_) => false,
            Ok(read) => {
                self.left.extend_from_slice(&buffer[..read]);
                true
            }
        }
    }

    fn head_end(&self) -> Option<usize> {
        self.left
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .map(|at| at + 4)
    }

    /// A signed answer but for its last five bytes, and a proper end.
    pub fn answer_in_part(&mut self) {
        let answer = super::wechat::signed_http(200, b"{\"status\":\"SUCCESS\"}");
        self.send(&answer[..answer.len() - 5]);
        self.close();
    }

    /// The next whole request; `None` at the end of the connection.
    pub fn request(&mut self) -> Option<Seen> {
        let end = loop {
            match self.head_end() {
                Some(end) => break end,
                None if self.more() => {}
                None => return None,
            }
        };
        let head = String::from_utf8(self.left[..end].to_vec()).unwrap();
        let mut seen = Seen {
            head,
            body: Vec::new(),
        };
        let length = seen
            .header("Content-Length")
            .map_or(0, |length| length.parse().unwrap());
        while self.left.len() < end + length {
            if !self.more() {
                return None;
            }
        }
        seen.body = self.left[end..end + length].to_vec();
        self.left.drain(..end + length);
        self.seen.lock().unwrap().push(seen.clone());
        Some(seen)
    }

    /// Waits for the head of a request and leaves its body unread.
    pub fn head(&mut self) -> bool {
        while self.head_end().is_none() {
            if !self.more() {
                return false;
            }
        }
        true
    }

    /// Waits until bytes have come, without reading them.
    pub fn wait_for_bytes(&self) -> bool {
        self.socket.peek(&mut [0]).is_ok_and(|waiting| waiting > 0)
    }

    pub fn send(&mut self, bytes: &[u8]) -> bool {
        self.socket.write_all(bytes).is_ok()
    }

    /// FIN, both ways.
    pub fn close(&self) {
        let _ = self.socket.shutdown(Shutdown::Both);
    }

    /// RST when the socket is dropped.
    pub fn reset(&self) {
        let now = libc::linger {
            l_onoff: 1,
            l_linger: 0,
        };
        // SAFETY: a live socket, a value of the right type and its length.
        let set = unsafe {
            libc::setsockopt(
                self.socket.as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_LINGER,
                (&raw const now).cast(),
                u32::try_from(size_of_val(&now)).unwrap(),
            )
        };
        assert_eq!(set, 0);
    }
}
