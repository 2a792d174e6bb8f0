//! Bodies that are read in pieces: what ends one, what a cut looks like, and what becomes of the
//! connection.

use super::*;
use crate::net::Streaming;
use crate::sys::process::{in_child, no_forks};

fn open(transport: &Arc<Transport>, port: u16, cancel: &Cancel) -> Streaming {
    let mut call = Call::new(Instant::now() + Duration::from_secs(5), cancel.clone());
    let url = url(HOST, port);
    let outgoing = Outgoing {
        method: "GET",
        url: &url,
        headers: &[],
        body: b"",
        max_response_bytes: 1000,
        fresh_connection: false,
    };
    match transport.open(&outgoing, &mut call) {
        Ok(answer) => answer,
        Err(failure) => panic!("{}", failure.error),
    }
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(5)
}

fn drain(answer: &mut Streaming) -> Result<Vec<u8>, crate::error::Error> {
    let mut all = Vec::new();
    let mut into = [0; 3];
    loop {
        match answer.read(&mut into, soon())? {
            0 => return Ok(all),
            taken => all.extend_from_slice(&into[..taken]),
        }
    }
}

#[test]
fn a_body_read_to_its_end_gives_the_connection_back_and_one_that_is_dropped_does_not() {
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        while peer.request().is_some() {
            if !peer.answer("0123456789") {
                return;
            }
        }
    });
    let transport = client(server.port);
    let never = Cancel::default();
    for _ in 0..3 {
        let mut answer = open(&transport, server.port, &never);
        assert_eq!((answer.status, answer.length), (200, Some(10)));
        // From another thread than the one that began.
        let all = std::thread::scope(|scope| scope.spawn(|| drain(&mut answer)).join().unwrap());
        assert_eq!(all.unwrap(), b"0123456789");
    }
    assert_eq!(server.connections(), 1);
    let mut answer = open(&transport, server.port, &never);
    answer.read(&mut [0; 3], soon()).unwrap();
    drop(answer);
    let mut answer = open(&transport, server.port, &never);
    assert!(!answer.reused);
    assert_eq!(drain(&mut answer).unwrap(), b"0123456789");
    assert_eq!(server.connections(), 2);
}

/// As `a_cut_answer_is_never_a_short_one`, read in pieces.
#[test]
fn a_cut_body_never_ends_well() {
    let _alone = no_forks();
    let ends: [(&str, End); 3] = [
        ("close_notify", |peer| {
            peer.close_notify();
            peer.fin();
        }),
        ("FIN", Peer::fin),
        ("RST", Peer::reset),
    ];
    for (name, end) in ends {
        for (kind, bytes) in [
            (
                "length",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
            ),
            (
                "chunked",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            ),
            ("close", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello"),
        ] {
            let server = Server::tls(pki().server(&["leaf1"]), move |peer| {
                if peer.request().is_some() {
                    peer.write(bytes.as_bytes());
                    std::thread::sleep(Duration::from_millis(100));
                    end(peer);
                }
            });
            let transport = client(server.port);
            let mut answer = open(&transport, server.port, &Cancel::default());
            let got = drain(&mut answer);
            if kind == "close" && name == "close_notify" {
                assert_eq!(got.unwrap(), b"hello");
                continue;
            }
            let error = got.unwrap_err();
            assert_eq!(
                error.status(),
                Status::BodyTruncated,
                "{kind} {name}: {error}"
            );
        }
    }
}

#[test]
fn each_read_waits_until_its_own_deadline_and_a_cancel_ends_it() {
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        if peer.request().is_some() {
            peer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
            std::thread::sleep(Duration::from_secs(8));
        }
    });
    let transport = client(server.port);
    let mut answer = open(&transport, server.port, &Cancel::default());
    let mut into = [0; 10];
    assert!(answer.read(&mut into, soon()).unwrap() > 0);
    let error = answer
        .read(&mut into, Instant::now() + Duration::from_millis(200))
        .unwrap_err();
    assert_eq!(error.status(), Status::Timeout, "{error}");

    let cancel = Cancel::default();
    let mut answer = open(&transport, server.port, &cancel);
    assert!(answer.read(&mut into, soon()).unwrap() > 0);
    let canceller = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        cancel.cancel();
    });
    let error = answer.read(&mut into, soon()).unwrap_err();
    assert_eq!(error.status(), Status::Cancelled, "{error}");
    canceller.join().unwrap();
}

/// The parent's connection is not the child's to end.
#[test]
fn a_child_that_forgets_its_copy_leaves_the_parents_download_alone() {
    let _alone = crate::sys::process::forking();
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let transport = client(server.port);
    let mut answer = open(&transport, server.port, &Cancel::default());
    assert_eq!(in_child(|| 0).wait(), 0);
    assert_eq!(drain(&mut answer).unwrap(), b"{\"ok\":1}");
}
