//! Answers that are cut, endless, too large, early, or not HTTP.

use super::*;
use crate::sys::process::no_forks;

fn says(bytes: &'static [u8], end: fn(&mut Peer)) -> Server {
    Server::tls(pki().server(&["leaf1"]), move |peer| {
        if peer.request().is_some() {
            peer.write(bytes);
            end(peer);
        }
    })
}

#[test]
fn a_cut_answer_is_never_a_short_one() {
    let _alone = no_forks();
    let short: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    let chunked: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    let until_close: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello";
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
            ("length", short),
            ("chunked", chunked),
            ("close", until_close),
        ] {
            let server = says(bytes, end);
            let client = client(server.port);
            let sent = send(&client, server.port, "POST", b"{}");
            if kind == "close" && name == "close_notify" {
                assert_eq!(sent.ok().body, b"hello");
                continue;
            }
            let failure = sent.failure();
            assert_eq!(
                failure.error.status(),
                Status::BodyTruncated,
                "{kind} {name}: {}",
                failure.error
            );
            assert!(failure.wrote_all && failure.response_started);
        }
    }
    let server = says(b"HTTP/1.1 200 OK\r\nContent-Le", Peer::fin);
    failed_with(
        send(&client(server.port), server.port, "GET", b""),
        Status::BodyTruncated,
        Outcome::Unknown,
    );
    let server = says(b"", Peer::fin);
    let failure = failed_with(
        send(&client(server.port), server.port, "GET", b""),
        Status::Io,
        Outcome::Unknown,
    );
    assert!(failure.wrote_all && !failure.response_started && !failure.reused);
}

#[test]
fn what_is_not_http_is_said_to_be_so() {
    let rows: [&[u8]; 6] = [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
        b"HTTP/1.1 200 OK\r\nBad Header: x\r\n\r\n",
    ];
    for bytes in rows {
        let server = says(bytes, |peer| {
            peer.close_notify();
        });
        let failure = failed_with(
            send(&client(server.port), server.port, "POST", b"{}"),
            Status::HttpProtocol,
            Outcome::Unknown,
        );
        assert!(
            failure.response_started,
            "{}",
            String::from_utf8_lossy(bytes)
        );
    }
    for endless in [true, false] {
        let server = Server::tls(pki().server(&["leaf1"]), move |peer| {
            peer.request();
            peer.write(b"HTTP/1.1 200 OK\r\n");
            let line = format!("X: {}\r\n", "y".repeat(1000));
            for _ in 0..100 {
                if !peer.write(if endless {
                    &line.as_bytes()[..1000]
                } else {
                    line.as_bytes()
                }) {
                    return;
                }
            }
            peer.write(b"\r\n\r\n");
        });
        failed_with(
            send(&client(server.port), server.port, "GET", b""),
            Status::HttpProtocol,
            Outcome::Unknown,
        );
    }
}

#[test]
fn a_header_of_40_kib_is_fine() {
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        peer.request();
        peer.write(
            format!(
                "HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 2\r\n\r\nok",
                "y".repeat(40_000)
            )
            .as_bytes(),
        );
    });
    let answer = send(&client(server.port), server.port, "GET", b"").ok();
    assert_eq!(answer.headers.get("x").unwrap().len(), 40_000);
    assert_eq!(answer.body, b"ok");
}

fn limited(server: &Server, limit: usize) -> Result<Incoming, Failure> {
    client(server.port).exchange(
        &Outgoing {
            method: "GET",
            url: &url(HOST, server.port),
            headers: &[],
            body: b"",
            max_response_bytes: limit,
            fresh_connection: false,
        },
        &mut call(3000),
    )
}

#[test]
fn a_body_over_the_limit_is_an_error_and_one_at_the_limit_is_not() {
    for framing in ["Content-Length: 100000\r\n", "Connection: close\r\n"] {
        let server = Server::tls(pki().server(&["leaf1"]), move |peer| {
            peer.request();
            peer.write(format!("HTTP/1.1 200 OK\r\n{framing}\r\n").as_bytes());
            peer.write(&vec![b'x'; 100_000]);
            peer.close_notify();
        });
        assert_eq!(limited(&server, 100_000).unwrap().body.len(), 100_000);
        let failure = limited(&server, 99_999).unwrap_err();
        assert_eq!(failure.error.status(), Status::BodyTooLarge);
        assert_eq!(failure.error.fields().outcome, Outcome::Unknown);
    }
    // Refused by its header, with nothing reserved; a promise within the limit reserves little.
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        peer.request();
        peer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\nx");
        peer.fin();
    });
    assert_eq!(
        limited(&server, 1 << 40).unwrap_err().error.status(),
        Status::BodyTooLarge
    );
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        peer.request();
        peer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900000000000\r\n\r\nx");
        peer.fin();
    });
    assert_eq!(
        limited(&server, 1 << 50).unwrap_err().error.status(),
        Status::BodyTruncated
    );
}

#[test]
fn ten_megabytes_both_ways() {
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        while let Some((_, body)) = peer.request() {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            peer.write(head.as_bytes());
            peer.write(&body);
        }
    });
    let client = client(server.port);
    let body: Vec<u8> = (0..10 * 1024 * 1024)
        .map(|index| (index * 7 % 251) as u8)
        .collect();
    for _ in 0..2 {
        let answer = send_to(
            &client,
            &url(HOST, server.port),
            "POST",
            &body,
            call(20_000),
        )
        .ok();
        assert!(answer.body == body && !answer.early);
    }
    assert_eq!(server.connections(), 1);
}

/// S2: such an answer does not say that the request was refused.
#[test]
fn an_answer_before_the_request_is_complete_is_marked() {
    let _alone = no_forks();
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        let Some((_, mut body)) = peer.head() else {
            return;
        };
        peer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
        std::thread::sleep(Duration::from_millis(100));
        let mut chunk = vec![0; 65536];
        let mut total = body.len();
        while total < 5_000_000 {
            match peer.read(&mut chunk) {
                Ok(n) if n > 0 => total += n,
                _ => return,
            }
        }
        body.clear();
        peer.serve();
    });
    let transport = client(server.port);
    let url = url(HOST, server.port);
    let big = vec![b'x'; 5_000_000];
    let answer = send_to(&transport, &url, "POST", &big, call(10_000)).ok();
    assert_eq!((answer.status, answer.early), (413, true));
    // The same answer, and then the connection is cut instead of read to its end.
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        peer.head();
        peer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
        std::thread::sleep(Duration::from_millis(50));
        peer.reset();
    });
    let transport = client(server.port);
    let sent = send_to(
        &transport,
        &super::url(HOST, server.port),
        "POST",
        &vec![b'x'; 20_000_000],
        call(10_000),
    );
    let failure = sent.failure();
    assert!(failure.wrote && !failure.wrote_all, "{}", failure.error);
    assert_eq!(failure.error.fields().outcome, Outcome::Unknown);
}

/// A peer that has read everything may answer before we look up from the last write.
#[test]
fn a_fast_answer_to_a_complete_request_is_not_early() {
    let server = Server::plain(Peer::serve);
    let scratch = Scratch::new();
    let mut settings = settings(&scratch.0.join("none.pem"), server.port);
    settings.base_origin.https = false;
    let client = Transport::shared(settings).unwrap();
    let mut url = url("127.0.0.1", server.port);
    url.origin.https = false;
    // Sizes that go out in two writes, the second of them small.
    for size in (100_000..140_000).step_by(97) {
        let answer = send_to(&client, &url, "POST", &vec![b'x'; size], call(5000)).ok();
        assert_eq!((answer.status, answer.early), (200, false), "{size}");
    }
}

#[test]
fn a_redirect_is_an_answer_and_not_followed() {
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect"] {
        let server = Server::tls(pki().server(&["leaf1"]), move |peer| {
            while peer.request().is_some() {
                peer.write(
                    format!("HTTP/1.1 {status}\r\nLocation: https://localhost:1/elsewhere\r\nContent-Length: 2\r\n\r\nno")
                        .as_bytes(),
                );
            }
        });
        let answer = send(&client(server.port), server.port, "POST", b"{}").ok();
        assert_eq!(answer.status.to_string(), status[..3]);
        assert_eq!(answer.body, b"no");
        assert_eq!(server.heads().len(), 1);
    }
}

#[test]
fn an_answer_without_a_body_needs_none() {
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        while peer.request().is_some() {
            peer.write(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
        }
    });
    let client = client(server.port);
    for _ in 0..2 {
        let answer = send(&client, server.port, "POST", b"{}").ok();
        assert_eq!((answer.status, answer.body.len()), (204, 0));
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn compressed_bytes_are_handed_out_as_they_came() {
    let server = says(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08",
        |_| {},
    );
    let answer = send(&client(server.port), server.port, "GET", b"").ok();
    assert_eq!(answer.body, b"\x1f\x8b\x08");
    assert!(answer.headers.get("content-encoding").is_some());
}
