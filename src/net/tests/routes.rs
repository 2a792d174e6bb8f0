//! Proxies, bindings, plain http: where bytes may go.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::*;
use crate::net::{Bind, NoProxy, Proxy, parse_proxy};

/// A CONNECT proxy that first says `answer`; with a 2xx it relays to 127.0.0.1.
fn proxy(answer: &'static str) -> Server {
    Server::plain(move |peer| relay(peer, answer))
}

fn relay(peer: &mut Peer, answer: &str) {
    let Some((head, _)) = peer.head() else { return };
    peer.write(answer.as_bytes());
    if !answer.starts_with("HTTP/1.1 2") && !answer.starts_with("HTTP/1.0 2") {
        return;
    }
    let port: u16 = head
        .split([' ', ':'])
        .nth(2)
        .and_then(|port| port.parse().ok())
        .unwrap();
    let mut upstream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    upstream
        .set_read_timeout(Some(Duration::from_millis(2)))
        .unwrap();
    peer.short_reads();
    let mut chunk = [0; 16384];
    let wait = |error: &std::io::Error| {
        matches!(
            error.kind(),
            std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
        )
    };
    loop {
        match peer.read(&mut chunk) {
            Ok(0) => return,
            Ok(n) => upstream.write_all(&chunk[..n]).unwrap(),
            Err(error) if wait(&error) => {}
            Err(_) => return,
        }
        match upstream.read(&mut chunk) {
            Ok(0) => return,
            Ok(n) => {
                if !peer.write(&chunk[..n]) {
                    return;
                }
            }
            Err(error) if wait(&error) => {}
            Err(_) => return,
        }
    }
}

fn through(proxy: Proxy, port: u16) -> Settings {
    let mut settings = settings(&pki().crt("g1"), port);
    settings.proxy = Some(proxy);
    settings.user_agent = "wxpay-test".to_owned();
    settings
}

fn at(port: u16) -> Proxy {
    parse_proxy(&format!("http://user:p%40ss@127.0.0.1:{port}")).unwrap()
}

#[test]
fn a_tunnel_is_opened_and_kept() {
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    for answer in [
        "HTTP/1.1 200 Connection established\r\n\r\n",
        "HTTP/1.0 200 OK\r\nProxy-Agent: x\r\n\r\n",
        "HTTP/1.1 201 Created\r\n\r\n",
    ] {
        let proxy = proxy(answer);
        let client = Transport::shared(through(at(proxy.port), server.port)).unwrap();
        send(&client, server.port, "POST", b"{}").ok();
        assert!(send(&client, server.port, "POST", b"{}").ok().reused);
        assert_eq!(
            proxy.heads(),
            [format!(
                "CONNECT {HOST}:{0} HTTP/1.1\r\nHost: {HOST}:{0}\r\nUser-Agent: wxpay-test\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n\r\n",
                server.port
            )]
        );
    }
}

#[test]
fn a_proxy_over_tls_gets_the_tunnel_inside() {
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let proxy = Server::tls(pki().server(&["leaf1"]), |peer| {
        relay(peer, "HTTP/1.1 200 OK\r\n\r\n");
    });
    let address = parse_proxy(&format!("https://127.0.0.1:{}", proxy.port)).unwrap();
    let client = Transport::shared(through(address, server.port)).unwrap();
    let body = vec![b'x'; 300_000];
    for _ in 0..2 {
        send(&client, server.port, "POST", &body).ok();
    }
    assert_eq!((server.connections(), proxy.connections()), (1, 1));
    // The proxy's own certificate is judged too.
    let bad = Server::tls(pki().server(&["leaf2"]), |peer| {
        relay(peer, "HTTP/1.1 200 OK\r\n\r\n");
    });
    let address = parse_proxy(&format!("https://127.0.0.1:{}", bad.port)).unwrap();
    let client = Transport::shared(through(address, server.port)).unwrap();
    let failure = failed_with(
        send(&client, server.port, "POST", b"{}"),
        Status::TlsUnknownIssuer,
        Outcome::NotSent,
    );
    assert!(
        failure
            .error
            .to_string()
            .contains("the proxy https://127.0.0.1")
    );
}

#[test]
fn a_proxy_that_refuses_is_named_with_its_words() {
    let rows = [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno",
            Status::ProxyAuth,
            "407 Proxy",
        ),
        (
            "HTTP/1.1 403 Forbidden\r\n\r\n",
            Status::Proxy,
            "403 Forbidden",
        ),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n", Status::Proxy, "502 Bad"),
        (
            "HTTP/1.1 200 OK\r\n\r\nwelcome to this network",
            Status::Proxy,
            "bytes of its own",
        ),
        ("SSH-2.0-x\r\n\r\n", Status::Proxy, "SSH-2.0"),
        ("", Status::Proxy, "closed the connection"),
    ];
    for (answer, status, text) in rows {
        let proxy = Server::plain(move |peer| {
            peer.head();
            peer.write(answer.as_bytes());
            peer.fin();
        });
        let client = Transport::shared(through(at(proxy.port), 9)).unwrap();
        let failure = failed_with(send(&client, 9, "POST", b"{}"), status, Outcome::NotSent);
        let message = failure.error.to_string();
        assert!(message.contains(text), "{message}");
        assert!(
            message.contains(&format!("http://127.0.0.1:{}", proxy.port)),
            "{message}"
        );
        let all = format!("{message} {:?} {:?}", failure.error, client.settings());
        assert!(
            !all.contains("p@ss") && !all.contains("dXNlcjpwQHNz"),
            "{all}"
        );
    }
    let hangs = Server::plain(|peer| {
        peer.head();
        std::thread::sleep(Duration::from_secs(3));
    });
    let client = Transport::shared(through(at(hangs.port), 9)).unwrap();
    let sent = send_to(&client, &url(HOST, 9), "POST", b"{}", call(300));
    assert!(sent.took < Duration::from_millis(600));
    failed_with(sent, Status::Timeout, Outcome::NotSent);
}

#[test]
fn no_proxy_goes_around_and_a_binding_conflicts() {
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let proxy = proxy("HTTP/1.1 403 Forbidden\r\n\r\n");
    let mut around = through(at(proxy.port), server.port);
    around.no_proxy = NoProxy::parse("example.com, .test");
    send(
        &Transport::shared(around).unwrap(),
        server.port,
        "POST",
        b"{}",
    )
    .ok();
    let mut both = through(at(proxy.port), server.port);
    let bind = Bind {
        ip: "127.0.0.1".parse().unwrap(),
        port: None,
        expires_at: None,
    };
    both.bind.insert(HOST.to_owned(), bind);
    failed_with(
        send(
            &Transport::shared(both.clone()).unwrap(),
            server.port,
            "POST",
            b"{}",
        ),
        Status::BindWithProxy,
        Outcome::NotSent,
    );
    both.no_proxy = NoProxy::parse("*");
    send(
        &Transport::shared(both).unwrap(),
        server.port,
        "POST",
        b"{}",
    )
    .ok();
    assert_eq!(proxy.connections(), 0);
}

/// The name, its certificate and the Host header stay; only the address is another. When it
/// expires, the connection that it led to is not used any more either.
#[test]
fn a_binding_leads_elsewhere_until_it_expires() {
    let other = std::net::TcpListener::bind("127.0.0.3:0").unwrap();
    let bound_port = other.local_addr().unwrap().port();
    let config = pki().server(&["leaf1"]);
    let bound = Server::on(other, move |_| Some(Arc::clone(&config)), Peer::serve);
    let normal = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let now = std::time::SystemTime::now()
        .duration_since(std::time::SystemTime::UNIX_EPOCH)
        .unwrap();
    let mut settings = settings(&pki().crt("g1"), normal.port);
    settings.bind.insert(
        HOST.to_owned(),
        Bind {
            ip: "127.0.0.3".parse().unwrap(),
            port: Some(bound_port),
            expires_at: Some(now.as_secs() as i64 + 2),
        },
    );
    let client = Transport::shared(settings).unwrap();
    send(&client, normal.port, "POST", b"{}").ok();
    assert!(send(&client, normal.port, "POST", b"{}").ok().reused);
    assert_eq!((bound.heads().len(), normal.heads().len()), (2, 0));
    assert!(bound.heads()[0].contains(&format!("host: {HOST}:{}", normal.port)));
    std::thread::sleep(
        Duration::from_millis(2050) - Duration::from_millis(u64::from(now.subsec_millis())),
    );
    send(&client, normal.port, "POST", b"{}").ok();
    assert_eq!((bound.heads().len(), normal.heads().len()), (2, 1));
}

/// S18.
#[test]
fn plain_http_is_for_loopback_peers_only() {
    let server = Server::plain(Peer::serve);
    let to = |host: &str, port: u16| Url {
        origin: Origin {
            https: false,
            host: host.to_owned(),
            port,
        },
        target: "/".to_owned(),
    };
    let scratch = Scratch::new();
    // No store is needed for it.
    let mut base = settings(&scratch.0.join("none.pem"), server.port);
    base.base_origin.https = false;
    let client = Transport::shared(base.clone()).unwrap();
    for host in ["127.0.0.1", "localhost"] {
        let answer = send_to(&client, &to(host, server.port), "POST", b"{}", call(3000)).ok();
        assert_eq!(answer.status, 200);
    }
    assert!(
        send_to(
            &client,
            &to("127.0.0.1", server.port),
            "POST",
            b"{}",
            call(3000)
        )
        .ok()
        .reused
    );
    let seen = server.connections();
    for host in [
        "127.0.0.1.evil.example",
        "2130706433",
        "0.0.0.0",
        "::ffff:127.0.0.1",
        HOST,
        "10.0.0.1",
        "0x7f000001",
        "localhost.evil.example",
    ] {
        let sent = send_to(&client, &to(host, server.port), "POST", b"{}", call(3000));
        failed_with(sent, Status::InvalidArgument, Outcome::NotSent);
    }
    let mut proxied = base.clone();
    proxied.proxy = Some(at(server.port));
    let mut bound = base;
    bound.bind.insert(
        "localhost".to_owned(),
        Bind {
            ip: "127.0.0.1".parse().unwrap(),
            port: None,
            expires_at: None,
        },
    );
    for settings in [proxied, bound] {
        let client = Transport::shared(settings).unwrap();
        let sent = send_to(
            &client,
            &to("localhost", server.port),
            "POST",
            b"{}",
            call(3000),
        );
        failed_with(sent, Status::InvalidArgument, Outcome::NotSent);
    }
    assert_eq!(server.connections(), seen);
}

#[test]
fn a_url_that_http_would_change_is_refused() {
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let client = client(server.port);
    for target in ["/a#b", "/a b", "/\u{e9}", "/<x>", "a"] {
        let mut url = url(HOST, server.port);
        url.target = target.to_owned();
        let sent = send_to(&client, &url, "GET", b"", call(3000));
        assert!(sent.result.is_err(), "{target:?}");
        failed_with(sent, Status::UrlRefused, Outcome::NotSent);
    }
    let mut call = call(3000);
    let failure = client
        .exchange(
            &Outgoing {
                method: "GET",
                url: &url(HOST, server.port),
                headers: &[("X", "a\r\nY: b")],
                body: b"",
                max_response_bytes: 10,
                fresh_connection: false,
            },
            &mut call,
        )
        .unwrap_err();
    assert_eq!(failure.error.status(), Status::InvalidArgument);
    assert_eq!(server.connections(), 0);
}
