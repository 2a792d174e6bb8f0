//! Connections that die between or during requests (safety.md S3; requirements.md A15).

use super::*;
use crate::sys::process::no_forks;

/// How a server ends a connection after its first answer.
fn ends_after_one(end: fn(&mut Peer)) -> Server {
    Server::tls(pki().server(&["leaf1"]), move |peer| {
        if peer.request().is_some() {
            peer.answer("{}");
            end(peer);
        }
    })
}

#[test]
fn a_pooled_connection_that_died_is_replaced_before_anything_is_sent() {
    let _alone = no_forks();
    let rows: [(&str, End); 4] = [
        ("close_notify", |peer| {
            peer.close_notify();
            // The socket stays open: only the TLS layer knows.
            std::thread::sleep(Duration::from_secs(3));
        }),
        ("FIN", Peer::fin),
        ("RST", Peer::reset),
        ("bytes nobody asked for", |peer| {
            peer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            std::thread::sleep(Duration::from_secs(3));
        }),
    ];
    for (name, end) in rows {
        let server = ends_after_one(end);
        let client = client(server.port);
        for _ in 0..3 {
            assert!(
                !send(&client, server.port, "POST", b"{}").ok().reused,
                "{name}"
            );
            // The end of the connection arrives.
            std::thread::sleep(Duration::from_millis(30));
        }
        assert_eq!(server.heads().len(), 3, "{name}");
        assert_eq!(server.connections(), 3, "{name}");
    }
}

/// The case in which money could move twice: read, executed, then cut. Never repeated here.
#[test]
fn a_reused_connection_cut_after_the_request_is_reported_and_not_repeated() {
    let _alone = no_forks();
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        if peer.request().is_some() {
            peer.answer("{}");
        }
        if peer.request().is_some() {
            peer.reset();
        }
    });
    let client = client(server.port);
    send(&client, server.port, "POST", b"{}").ok();
    let failure = failed_with(
        send(&client, server.port, "POST", b"{}"),
        Status::Io,
        Outcome::Unknown,
    );
    assert!(failure.reused && failure.wrote && failure.wrote_all && !failure.response_started);
    assert!(!failure.error.fields().retryable);
    assert_eq!(server.heads().len(), 2);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_fresh_connection_is_not_from_the_pool_and_does_not_go_there() {
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let client = client(server.port);
    send(&client, server.port, "GET", b"").ok();
    let url = url(HOST, server.port);
    for method in ["GET", "POST"] {
        let incoming = client
            .exchange(
                &Outgoing {
                    method,
                    url: &url,
                    headers: &[],
                    body: b"",
                    max_response_bytes: 1000,
                    fresh_connection: true,
                },
                &mut call(3000),
            )
            .unwrap();
        assert!(!incoming.reused);
    }
    assert!(send(&client, server.port, "GET", b"").ok().reused);
    assert_eq!(server.connections(), 3);
}

#[test]
fn an_idle_connection_is_not_used_after_its_time() {
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let mut settings = settings(&pki().crt("g1"), server.port);
    settings.idle_timeout = Duration::from_millis(150);
    let client = Transport::shared(settings).unwrap();
    send(&client, server.port, "GET", b"").ok();
    assert!(send(&client, server.port, "GET", b"").ok().reused);
    std::thread::sleep(Duration::from_millis(200));
    assert!(!send(&client, server.port, "GET", b"").ok().reused);
}

/// requirements.md A15: `timeout` less two seconds.
#[test]
fn a_server_that_names_its_idle_time_is_believed() {
    for (seconds, reused) in [(2, false), (60, true)] {
        let server = Server::tls(pki().server(&["leaf1"]), move |peer| {
            while peer.request().is_some() {
                let head = format!(
                    "HTTP/1.1 200 OK\r\nKeep-Alive: timeout={seconds}, max=100\r\nContent-Length: 2\r\n\r\n{{}}"
                );
                peer.write(head.as_bytes());
            }
        });
        let client = client(server.port);
        send(&client, server.port, "GET", b"").ok();
        assert_eq!(send(&client, server.port, "GET", b"").ok().reused, reused);
    }
}

#[test]
fn thirty_threads_keep_their_connections() {
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let client = client(server.port);
    std::thread::scope(|scope| {
        for _ in 0..30 {
            scope.spawn(|| {
                for _ in 0..8 {
                    send(&client, server.port, "POST", b"{}").ok();
                }
            });
        }
    });
    assert!(server.connections() <= 34, "{}", server.connections());
    assert_eq!(server.heads().len(), 240);
}

/// Sessions are resumed after a reconnect, and only within one transport.
#[test]
fn a_reconnect_resumes_the_session() {
    let server = ends_after_one(|peer| peer.close_notify());
    let client = client(server.port);
    send(&client, server.port, "GET", b"").ok();
    std::thread::sleep(Duration::from_millis(20));
    let sent = send(&client, server.port, "GET", b"");
    let trace = sent.call.trace.to_json();
    assert!(trace.contains("\"resumed\":true"), "{trace}");
    let value: serde_json::Value = serde_json::from_str(&trace).unwrap();
    let attempt = &value["attempts"][0];
    assert_eq!(attempt["tls"], "1.3");
    assert_eq!(attempt["status"], 200);
    assert_eq!(attempt["used"], format!("127.0.0.1:{}", server.port));
    assert!(attempt["tls_ms"].is_number() && attempt["first_byte_ms"].is_number());
    assert!(value["total_ms"].is_number());
}

/// A PHP worker makes and frees a client at every request.
#[test]
fn transports_that_are_gone_are_forgotten() {
    let scratch = Scratch::new();
    let settings = settings(&scratch.0.join("none.pem"), 443);
    for _ in 0..100 {
        drop(Transport::shared(settings.clone()).unwrap());
    }
    assert_eq!(crate::net::registry::known(&settings), 1);
    let kept = Transport::shared(settings.clone()).unwrap();
    assert!(Arc::ptr_eq(&kept, &Transport::shared(settings).unwrap()));
}
