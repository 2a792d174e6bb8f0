//! Servers that change their certificate and stores that change in place while a client runs.

use std::sync::Arc;

use serde_json::Value;
use wxpay::client::Client;
use wxpay::error::Status::TlsUnknownIssuer;

use super::drive::Target;
use super::judge::verdict;
use super::row::Expect::{self, Passes};
use super::row::{HOST, unsent};
use super::servers::Server;
use super::stage::{Stage, alone};

/// A client of `server` with its own connection for each call, and the store `store.pem`.
fn client(stage: &Stage, server: &Server, settings: &[(&str, &str)]) -> Arc<Client> {
    let mut target = Target::new(HOST, server.port);
    target.set("max_idle_connections", "0");
    for (name, value) in settings {
        target.set(name, value);
    }
    target.client(Some(&stage.file("store.pem"))).unwrap()
}

fn expect(case: &str, client: &Client, expect: &Expect) {
    let wrong = verdict(
        expect,
        &[],
        client.call("POST", "/v3/answer", b"{}").map(drop),
    );
    assert!(wrong.is_empty(), "{case}: {wrong:#?}");
}

fn reloads(client: &Client) -> u64 {
    let info: Value = serde_json::from_str(&client.info()).unwrap();
    info["store"]["reloads"].as_u64().unwrap()
}

fn no_root() -> Expect {
    unsent(TlsUnknownIssuer, "ROOT_NOT_IN_STORE")
}

/// As while WeChat Pay changes its certificates: front ends with the old one and the new one.
#[test]
fn a_chain_that_changes_with_each_connection_is_tried_again() {
    if !alone(
        "adversarial::stores::a_chain_that_changes_with_each_connection_is_tried_again",
        &[],
    ) {
        return;
    }
    let stage = Stage::new();
    for (store, calls) in [("g1", 6), ("g2", 6)] {
        let server = Server::python(&stage, "server.py", "--tls @leaf1 --tls @leaf2 serve");
        stage.bundle("store.pem", store);
        let client = client(&stage, &server, &[]);
        for index in 0..calls {
            expect(&format!("{store}: call {index}"), &client, &Passes);
        }
        assert_eq!(server.said("request"), calls, "each was sent once");
        assert!(server.said("connection") > calls, "{store}");
    }
}

#[test]
fn a_server_that_changes_its_root_is_trusted_when_the_store_has_it() {
    if !alone(
        "adversarial::stores::a_server_that_changes_its_root_is_trusted_when_the_store_has_it",
        &[],
    ) {
        return;
    }
    let stage = Stage::new();
    let present = |name: &str| {
        stage.place(
            "now.key",
            &std::fs::read(stage.file(&format!("{name}.key"))).unwrap(),
        );
        stage.place(
            "now.chain",
            &std::fs::read(stage.file(&format!("{name}.chain"))).unwrap(),
        );
    };
    present("leaf1");
    let server = Server::python(&stage, "server.py", "--tls @now serve");
    stage.bundle("store.pem", "g1");
    let client = client(&stage, &server, &[]);
    expect("old root", &client, &Passes);
    present("leaf2");
    expect("new root, old store", &client, &no_root());
    stage.bundle("store.pem", "g1 g2");
    expect("new root, new store", &client, &Passes);
    assert_eq!(reloads(&client), 1);
    present("leaf1");
    expect("old root again", &client, &Passes);
}

#[test]
fn a_root_that_was_removed_is_trusted_no_more() {
    if !alone(
        "adversarial::stores::a_root_that_was_removed_is_trusted_no_more",
        &[],
    ) {
        return;
    }
    let stage = Stage::new();
    let server = Server::python(&stage, "server.py", "--tls @leaf1 serve");
    stage.bundle("store.pem", "g1 g2");
    let mut target = Target::new(HOST, server.port);
    target.set("trust_reload_s", "1");
    // With its connections and sessions kept.
    let client = target.client(Some(&stage.file("store.pem"))).unwrap();
    expect("before", &client, &Passes);
    stage.bundle("store.pem", "g2");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    expect("after", &client, &no_root());
}

#[test]
fn a_store_that_breaks_leaves_the_old_roots_in_use() {
    if !alone(
        "adversarial::stores::a_store_that_breaks_leaves_the_old_roots_in_use",
        &[],
    ) {
        return;
    }
    let stage = Stage::new();
    let server = Server::python(&stage, "server.py", "--tls @leaf1 serve");
    let store = stage.bundle("store.pem", "g1");
    let client = client(&stage, &server, &[("trust_reload_s", "1")]);
    expect("before", &client, &Passes);
    let root = std::fs::read(stage.file("g1.crt")).unwrap();
    let broken: [(&str, &[u8]); 4] = [
        ("garbage", b"\x00\x01no PEM at all"),
        ("empty", b""),
        ("cut", &root[..root.len() / 2]),
        (
            "a PEM block of no certificate",
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ),
    ];
    for (name, content) in broken {
        stage.place("store.pem", content);
        std::thread::sleep(std::time::Duration::from_millis(1100));
        expect(name, &client, &Passes);
    }
    std::fs::remove_file(&store).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    expect("gone", &client, &Passes);
    assert_eq!(reloads(&client), 0);
}
