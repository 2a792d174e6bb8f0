//! A merchant's notify_url: hands over what comes and answers what the test says.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use wxpay::http::{Body, Message};

/// One notification; the simulator waits for `answer`.
pub struct Notification {
    pub message: Message,
    stream: TcpStream,
}

impl Notification {
    /// With what the library made for it.
    pub fn answer(mut self, reply: &Message) {
        let mut text = format!("HTTP/1.1 {} X\r\n", reply.status());
        for (name, value) in reply.headers.iter() {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("Content-Length: {}\r\n\r\n", reply.body.len()));
        self.stream.write_all(text.as_bytes()).unwrap();
        self.stream.write_all(&reply.body).unwrap();
    }
}

pub fn listen() -> (String, Receiver<Notification>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    let (sender, receiver) = channel();
    thread::spawn(move || serve(&listener, &sender));
    (url, receiver)
}

pub fn next(notifications: &Receiver<Notification>) -> Notification {
    notifications.recv_timeout(Duration::from_secs(20)).unwrap()
}

fn serve(listener: &TcpListener, sender: &Sender<Notification>) {
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let message = read(&mut stream);
        if sender.send(Notification { message, stream }).is_err() {
            return;
        }
    }
}

fn read(stream: &mut TcpStream) -> Message {
    let wait = Some(Duration::from_secs(10));
    stream.set_read_timeout(wait).unwrap();
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let n = stream.read(&mut chunk).unwrap();
        assert!(n > 0, "the notification ended early");
        bytes.extend_from_slice(&chunk[..n]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let headers: Vec<_> = head
            .split("\r\n")
            .skip(1)
            .map(|line| line.split_once(": ").unwrap())
            .collect();
        let length: usize = headers
            .iter()
            .find(|(name, _)| *name == "Content-Length")
            .map_or(0, |(_, value)| value.parse().unwrap());
        let body = &bytes[end + 4..];
        if body.len() >= length {
            let mut message = Message::request("POST", "/notify", Body::new(body.to_vec()));
            for (name, value) in headers {
                message.headers.push(name, value);
            }
            return message;
        }
    }
}
