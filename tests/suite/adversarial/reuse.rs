//! Connections that are used again, by a server that counts them.

use wxpay::client::Client;
use wxpay::error::{Outcome, Status};

use super::drive::Target;
use super::row::HOST;
use super::servers::Server;
use super::stage::{Stage, alone};
use crate::process;

/// A server of this behaviour, and a client that trusts it.
fn with(behaviour: &str) -> (Stage, Server, std::sync::Arc<Client>) {
    let stage = Stage::new();
    let server = Server::python(&stage, "server.py", &format!("--tls @leaf1 {behaviour}"));
    let store = stage.bundle("store.pem", "g1");
    let client = Target::new(HOST, server.port).client(Some(&store)).unwrap();
    (stage, server, client)
}

fn call(client: &Client, method: &str) -> Result<(), (Status, Outcome)> {
    let body: &[u8] = if method == "GET" { b"" } else { b"{}" };
    let result = client.call(method, "/v3/answer", body).map(drop);
    result.map_err(|error| (error.status(), error.fields().outcome))
}

#[test]
fn connections_are_used_again_and_dead_ones_replaced() {
    if !alone(
        "adversarial::reuse::connections_are_used_again_and_dead_ones_replaced",
        &[],
    ) {
        return;
    }
    const OK: Result<(), (Status, Outcome)> = Ok(());
    const LOST: Result<(), (Status, Outcome)> = Err((Status::Io, Outcome::Unknown));
    // Behaviour, method, results of the calls, connections, requests that the server read.
    let rows = [
        ("serve", "GET", vec![OK, OK, OK], 1, 3),
        ("serve", "POST", vec![OK, OK, OK], 1, 3),
        ("ends-after-answer", "GET", vec![OK, OK], 2, 2),
        ("ends-after-answer", "POST", vec![OK, OK], 2, 2),
        // A GET is sent once more on a new connection; a POST may have acted and never is.
        ("second-fin", "GET", vec![OK, OK], 2, 3),
        ("second-rst", "GET", vec![OK, OK], 2, 3),
        ("second-fin", "POST", vec![OK, LOST, OK], 2, 3),
        ("second-rst", "POST", vec![OK, LOST, OK], 2, 3),
        // What follows an answer unasked is never read as the answer to the next request.
        ("pipelined", "GET", vec![OK, OK], 2, 2),
        ("pipelined", "POST", vec![OK, OK], 2, 2),
    ];
    for (behaviour, method, expected, connections, requests) in rows {
        let case = format!("{behaviour} {method}");
        let (_stage, server, client) = with(behaviour);
        for (index, one) in expected.iter().enumerate() {
            assert_eq!(call(&client, method), *one, "{case}: call {index}");
            // The server's end must have come before the next request is written.
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let seen = (server.said("connection"), server.said("request"));
        assert_eq!(
            seen,
            (connections, requests),
            "{case}: connections, requests"
        );
    }
}

#[test]
fn a_redirect_is_not_followed() {
    if !alone("adversarial::reuse::a_redirect_is_not_followed", &[]) {
        return;
    }
    for (behaviour, method) in [("redirect-302", "GET"), ("redirect-307", "POST")] {
        let (_stage, server, client) = with(behaviour);
        let expected = Err((Status::ApiUnexpectedResponse, Outcome::Unknown));
        assert_eq!(call(&client, method), expected, "{behaviour}");
        assert_eq!(server.said("request"), 1, "{behaviour}");
    }
}

#[test]
fn a_fork_shares_no_connection() {
    if !alone("adversarial::reuse::a_fork_shares_no_connection", &[]) {
        return;
    }
    let (_stage, server, client) = with("serve");
    call(&client, "POST").unwrap();
    for _ in 0..3 {
        let child =
            process::in_child(|| call(&client, "POST").map_err(|error| format!("{error:?}")));
        // At the same time, over the connection from before.
        let parent = call(&client, "POST");
        child.verdict().unwrap();
        parent.unwrap();
        call(&client, "POST").unwrap();
    }
    let seen = (server.said("connection"), server.said("request"));
    assert_eq!(
        seen,
        (4, 10),
        "one connection for the parent, one for each child"
    );
}
