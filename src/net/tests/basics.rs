//! The bytes that go out, keep-alive, limits.

use super::*;

#[test]
fn a_request_goes_out_byte_for_byte_and_its_connection_is_kept() {
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let client = client(server.port);
    let first = send(&client, server.port, "GET", b"").ok();
    assert_eq!(
        (first.status, first.body.as_slice()),
        (200, b"{\"ok\":1}".as_slice())
    );
    assert_eq!(
        first.headers.get("request-id").map(|id| id.to_string()),
        Some("r".to_owned())
    );
    assert!(!first.reused && !first.early);
    let second = send(&client, server.port, "POST", b"{}");
    assert!(second.call.wrote());
    assert!(second.call.trace.to_json().contains("\"reused\":true"));
    assert!(second.ok().reused);
    send(&client, server.port, "POST", b"").ok();
    send(&client, server.port, "DELETE", b"").ok();
    send(&client, server.port, "DELETE", b"x").ok();
    let port = server.port;
    let expected = |method: &str, rest: &str| {
        let mut lines: Vec<String> = format!(
            "{method} /v3/test?a=%2F HTTP/1.1\nhost: {HOST}:{port}\nuser-agent: test\naccept: application/json{rest}"
        )
        .lines()
        .map(str::to_owned)
        .collect();
        lines[1..].sort();
        lines
    };
    let heads: Vec<Vec<String>> = server
        .heads()
        .iter()
        .map(|head| {
            let mut lines: Vec<String> = head.trim_end().lines().map(str::to_owned).collect();
            lines[1..].sort();
            lines
        })
        .collect();
    assert_eq!(
        heads,
        [
            expected("GET", ""),
            expected("POST", "\ncontent-length: 2"),
            expected("POST", "\ncontent-length: 0"),
            expected("DELETE", ""),
            expected("DELETE", "\ncontent-length: 1"),
        ]
    );
    assert_eq!(server.connections(), 1);
    let info = client.info();
    assert_eq!((info.requests, info.connections, info.reused), (5, 1, 4));
    assert_eq!(
        (info.store_loads, info.store_reloads, info.roots),
        (1, 0, 1)
    );
}

/// ureq hands such a head out in parts.
#[test]
fn a_long_head_goes_out_whole() {
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let transport = client(server.port);
    for length in (16_100..16_400).step_by(7).chain([15_000, 40_000]) {
        let mut url = url(HOST, server.port);
        url.target = format!("/{}", "a".repeat(length % 9000));
        let value = "b".repeat(length - length % 9000);
        for (method, body) in [("GET", b"".as_slice()), ("POST", b"{}")] {
            let request = Outgoing {
                method,
                url: &url,
                headers: &[
                    ("X-One", value.get(..8000).unwrap_or(&value)),
                    ("X-Two", &value[..7000]),
                ],
                body,
                max_response_bytes: 1000,
                fresh_connection: false,
            };
            let incoming = transport.exchange(&request, &mut call(5000)).unwrap();
            assert_eq!(incoming.status, 200, "{length}");
        }
    }
    assert_eq!(server.connections(), 1);
    assert_eq!(transport.info().requests as usize, server.heads().len());
}
