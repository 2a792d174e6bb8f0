//! One client across forks (requirements.md C1): children of a parent that has sent, that is
//! sending, and that is downloading certificates.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::http::{Body, Message, Verified};
use wxpay::time::clock;
use wxpay::v3::{compose, prepare, sensitive};

use crate::process::{Child, Stop, alone, in_child};
use crate::simulator::Simulator;

const CHILDREN: usize = 8;
const REQUESTS: usize = 100;

/// A paid-for order to ask for: its path, and a client that has sent.
fn order(simulator: &Simulator) -> (Arc<Client>, String) {
    let client = simulator.client();
    let order = simulator.order("fork-0001", 1).to_string();
    client
        .call("POST", "/v3/pay/transactions/native", order.as_bytes())
        .unwrap();
    let mchid = simulator.merchant()["mchid"].as_str().unwrap().to_owned();
    let query = format!("/v3/pay/transactions/out-trade-no/fork-0001?mchid={mchid}");
    (client, query)
}

fn ask(client: &Client, query: &str, times: usize) -> Result<(), String> {
    for _ in 0..times {
        let answer = client.call("GET", query, b"").map_err(said)?;
        if answer.status() != 200 || answer.verified != Verified::Signature {
            return Err(format!("{answer:?}"));
        }
    }
    Ok(())
}

fn said(error: wxpay::error::Error) -> String {
    format!("{error} {}", error.to_json())
}

fn connections(client: &Client) -> u64 {
    let info: Value = serde_json::from_str(&client.info()).unwrap();
    info["connections"].as_u64().unwrap()
}

/// Children and parent ask at the same time; then what the simulator saw.
fn everyone_asks(simulator: &Simulator, client: &Client, query: &str) {
    let children: Vec<_> = (0..CHILDREN)
        .map(|_| in_child(|| ask(client, query, REQUESTS)))
        .collect();
    ask(client, query, REQUESTS).unwrap();
    let verdicts: Vec<_> = children.into_iter().map(Child::verdict).collect();
    assert_eq!(verdicts, vec![Ok(()); CHILDREN]);
    let stats = simulator.stats();
    println!("{stats}");
    let number = |name: &str| stats[name].as_u64().unwrap();
    assert!(number("connections") > CHILDREN as u64, "{stats}");
    assert!(
        number("nonces") >= ((CHILDREN + 1) * REQUESTS) as u64,
        "{stats}"
    );
    assert_eq!(number("duplicate_nonces"), 0, "{stats}");
    assert_eq!(number("tls_failures"), 0, "{stats}");
    assert_eq!(number("sign_errors"), 0, "{stats}");
}

#[test]
fn parent_and_eight_children_send_a_hundred_requests_each() {
    alone(
        "fork::parent_and_eight_children_send_a_hundred_requests_each",
        || {
            let simulator = Simulator::start();
            let (client, query) = order(&simulator);
            everyone_asks(&simulator, &client, &query);
            // One connection of the parent's from before the fork to after its children's end.
            assert_eq!(connections(&client), 1, "{}", client.info());
        },
    );
}

#[test]
fn children_of_a_parent_whose_threads_sign_and_send() {
    alone(
        "fork::children_of_a_parent_whose_threads_sign_and_send",
        || {
            let simulator = Simulator::start();
            let (client, query) = order(&simulator);
            let stop = AtomicBool::new(false);
            std::thread::scope(|scope| {
                let stopping = Stop(&stop);
                let workers: Vec<_> = (0..4)
                    .map(|worker| {
                        let (client, query, stop) = (&client, &query, &stop);
                        scope.spawn(move || {
                            while !stop.load(Ordering::Relaxed) {
                                if worker % 2 == 0 {
                                    ask(client, query, 1)?;
                                } else {
                                    let request = Message::request("GET", query, Body::default());
                                    prepare::prepare(&client.merchant, &request, clock())
                                        .map_err(said)?;
                                    // Leaves the children some of the processor.
                                    std::thread::sleep(Duration::from_micros(500));
                                }
                            }
                            Ok::<_, String>(())
                        })
                    })
                    .collect();
                everyone_asks(&simulator, &client, &query);
                drop(stopping);
                for worker in workers {
                    assert_eq!(worker.join().unwrap(), Ok(()));
                }
            });
        },
    );
}

/// A child that gives everything back, as an orderly worker does, tells the parent's peer nothing.
#[test]
fn the_parents_connection_outlives_children_that_free_their_client() {
    alone(
        "fork::the_parents_connection_outlives_children_that_free_their_client",
        || {
            let simulator = Simulator::start();
            let (client, query) = order(&simulator);
            let mut client = Some(client);
            for asks in [0, 1] {
                let child = in_child(|| {
                    ask(client.as_ref().unwrap(), &query, asks)?;
                    let last = Arc::into_inner(client.take().unwrap());
                    last.map(drop).ok_or("not the last owner".to_owned())
                });
                assert_eq!(child.verdict(), Ok(()));
                let parent = client.as_ref().unwrap();
                ask(parent, &query, 1).unwrap();
                assert_eq!(connections(parent), 1, "{}", parent.info());
            }
        },
    );
}

#[test]
fn a_child_signs_verifies_prepares_checks_and_opens() {
    alone(
        "fork::a_child_signs_verifies_prepares_checks_and_opens",
        || {
            let simulator = Simulator::start();
            let (client, query) = order(&simulator);
            let request = Message::request("GET", &query, Body::default());
            let prepared = prepare::prepare(&client.merchant, &request, clock()).unwrap();
            let answer = client.send(&prepared).unwrap();
            let notification = notification(&simulator);
            for _ in 0..CHILDREN {
                let child = in_child(|| everything(&client, &request, &answer, &notification));
                assert_eq!(child.verdict(), Ok(()));
            }
        },
    );
}

fn everything(
    client: &Client,
    request: &Message,
    answer: &Message,
    notification: &Message,
) -> Result<(), String> {
    let merchant = &client.merchant;
    let prepared = prepare::prepare(merchant, request, clock()).map_err(said)?;
    let mut response = answer.clone();
    response.verified = Verified::NotChecked;
    client
        .check(&prepared, &mut response, clock())
        .map_err(said)?;
    let opened = client
        .open_notification(notification, clock())
        .map_err(said)?;
    let key = merchant.private_key().map_err(said)?;
    let signature = key.sign(b"message").map_err(said)?;
    let sealed = key.public().encrypt_oaep("张三".as_bytes()).map_err(said)?;
    let sealed = wxpay::crypto::base64::encode(&sealed);
    let name = sensitive::decrypt(merchant, &sealed).map_err(said)?;
    let right = response.verified == Verified::Signature
        && *opened.event_type == *"TRANSACTION.SUCCESS"
        && key.public().verify(b"message", &signature)
        && **name == *"张三".as_bytes();
    right.then_some(()).ok_or("a wrong result".to_owned())
}

/// One that the simulator sent, as a web framework would pass it on.
fn notification(simulator: &Simulator) -> Message {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    simulator.control(
        "POST",
        "/_sim/notify",
        &json!({ "url": url, "kind": "good", "resource": { "out_trade_no": "fork-0001" } }),
    );
    let (mut socket, _) = listener.accept().unwrap();
    let mut raw = Vec::new();
    let (head, length) = loop {
        let mut piece = [0; 4096];
        let read = socket.read(&mut piece).unwrap();
        raw.extend_from_slice(&piece[..read]);
        let Some(end) = raw.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8(raw[..end].to_vec()).unwrap();
        let length = head
            .to_lowercase()
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.split("\r\n").next().unwrap().parse::<usize>().ok())
            .unwrap();
        break (head, end + 4 + length);
    };
    while raw.len() < length {
        let mut piece = [0; 4096];
        let read = socket.read(&mut piece).unwrap();
        raw.extend_from_slice(&piece[..read]);
    }
    let _ = socket.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    let body = raw[head.len() + 4..].to_vec();
    let mut message = compose::request("POST", &url, &body).unwrap();
    for line in head.lines().skip(1) {
        let (name, value) = line.split_once(": ").unwrap();
        let lower = name.to_lowercase();
        if lower.starts_with("wechatpay-") || lower == "request-id" {
            compose::add_header(&mut message, name, value).unwrap();
        }
    }
    message
}

/// `shared`=1: a child finds no client of its parent's, and its own ones share.
#[test]
fn a_child_has_a_registry_of_its_own() {
    alone("fork::a_child_has_a_registry_of_its_own", || {
        let simulator = Simulator::start();
        let (_, query) = order(&simulator);
        let mut config = simulator.config();
        config.set("shared", "1").unwrap();
        let parents = Client::new(&config).unwrap();
        ask(&parents, &query, 1).unwrap();
        let child = in_child(|| {
            let first = Client::new(&config).map_err(said)?;
            let second = Client::new(&config).map_err(said)?;
            if !Arc::ptr_eq(&first, &second) || Arc::ptr_eq(&first, &parents) {
                return Err("shared with the wrong one".to_owned());
            }
            ask(&first, &query, 2)?;
            ask(&parents, &query, 2)
        });
        assert_eq!(child.verdict(), Ok(()));
        assert!(Arc::ptr_eq(&parents, &Client::new(&config).unwrap()));
        ask(&parents, &query, 1).unwrap();
        assert_eq!(connections(&parents), 1, "{}", parents.info());
    });
}

/// The parent's download is under way for two seconds; a child neither waits for it nor fails.
#[test]
fn a_child_refreshes_certificates_while_its_parents_thread_does() {
    alone(
        "fork::a_child_refreshes_certificates_while_its_parents_thread_does",
        || {
            let simulator = Simulator::start();
            let mut config = simulator.config();
            config.set("auto_certificates", "1").unwrap();
            let client = Client::new(&config).unwrap();
            simulator.control(
                "POST",
                "/_sim/fault",
                &json!({ "path": "/v3/certificates", "method": "GET", "count": 1, "kind": "delay_ms:2000" }),
            );
            let parents = Arc::clone(&client);
            let thread = std::thread::spawn(move || parents.refresh_certificates().map_err(said));
            std::thread::sleep(Duration::from_millis(700));
            let started = Instant::now();
            let child = in_child(|| client.refresh_certificates().map_err(said));
            assert_eq!(child.verdict(), Ok(()));
            let took = started.elapsed();
            assert_eq!(thread.join().unwrap(), Ok(()));
            assert!(took < Duration::from_millis(1200), "{took:?}");
            let hits = simulator.stats()["hits"]["GET /v3/certificates"].clone();
            println!("{}", simulator.stats());
            assert!(hits.is_null() || hits == 2, "{hits}");
        },
    );
}
