//! `wxpay_trust_probe` against WeChat Pay on this machine.

use serde_json::Value;
use wxpay::client::Client;
use wxpay::diag::trust_probe;
use wxpay::error::Status;
use wxpay::time::clock;

use crate::simulator::Simulator;

fn probe(client: Option<&Client>, host: &str, port: u16, bind: &str) -> Value {
    let text = trust_probe(client, host, port, bind, clock()).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn port(simulator: &Simulator) -> u16 {
    simulator.url.rsplit(':').next().unwrap().parse().unwrap()
}

fn ids(report: &Value) -> Vec<&str> {
    let all = report["diagnosis"].as_array().unwrap();
    all.iter().map(|one| one["id"].as_str().unwrap()).collect()
}

#[test]
fn a_good_server_is_shown_from_dns_to_the_request_id() {
    let simulator = Simulator::start();
    let client = simulator.client();
    let report = probe(Some(&client), "localhost", port(&simulator), "");
    assert_eq!(report["status"], 0, "{report}");
    assert_eq!(report["verdict"], "ok");
    assert_eq!(ids(&report), [] as [&str; 0]);
    let addresses = report["dns"]["addresses"].as_array().unwrap();
    assert!(addresses.iter().any(|one| one == "127.0.0.1"), "{report}");
    let tls = &report["tls"];
    assert_eq!(tls["trusted"], true);
    assert_eq!(tls["version"], "1.3");
    assert_eq!(tls["problems"], serde_json::json!([]));
    let names = tls["chain"][0]["names"].as_array().unwrap();
    assert!(names.contains(&"DNS:localhost".into()));
    // The root is the simulator's CA, by openssl's fingerprint of the file.
    let ca = std::fs::read_to_string(simulator.file("ca.pem")).unwrap();
    assert_eq!(tls["anchor"]["sha256"], super::fingerprint(&ca));
    assert_eq!(tls["anchor"]["known"], Value::Null);
    let http = &report["http"];
    assert_eq!(http["status"], 401, "an unsigned request is refused");
    assert!(!http["request_id"].as_str().unwrap().is_empty());
    assert!(http["skew_s"].as_i64().unwrap().abs() <= 2);
}

/// The probe sends one request, and it is not signed.
#[test]
fn a_probe_sends_no_business_request_and_no_signature() {
    let simulator = Simulator::start();
    let client = simulator.client();
    let before = simulator.stats();
    probe(Some(&client), "127.0.0.1", port(&simulator), "");
    let after = simulator.stats();
    assert_eq!(before["hits"], serde_json::json!({}), "{before}");
    // Answered with 401, as the test above sees: there was no Authorization.
    assert_eq!(
        after["hits"],
        serde_json::json!({"GET /v3/certificates": 1}),
        "{after}"
    );
    assert_eq!(after["requests"], 1, "{after}");
    assert_eq!(after["nonces"], 0, "{after}");
}

#[test]
fn an_untrusted_server_is_shown_with_its_chain_and_why() {
    let simulator = Simulator::start();
    let mut config = simulator.config();
    config.set("extra_ca_file", "").unwrap();
    config.set("trust_env", "0").unwrap();
    let client = Client::new(&config).unwrap();
    let report = probe(Some(&client), "127.0.0.1", port(&simulator), "");
    assert_eq!(report["status"], Status::TlsUnknownIssuer.code());
    assert_eq!(report["verdict"], "error");
    assert_eq!(report["tls"]["trusted"], false);
    assert_eq!(report["tls"]["anchor"], Value::Null);
    assert_eq!(report["tls"]["problems"][0]["check"], "issuer");
    assert_eq!(report["tls"]["chain"].as_array().unwrap().len(), 1);
    assert_eq!(
        report["http"],
        Value::Null,
        "nothing is sent to a server that is not trusted"
    );
    assert_eq!(ids(&report)[0], "TLS_INSPECTION");
    // All problems at once: the same under a name that the certificate does not have.
    let bound = format!("127.0.0.1:{}", port(&simulator));
    let report = probe(Some(&client), "api.mch.weixin.qq.com", 443, &bound);
    let checks: Vec<&str> = report["tls"]["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["check"].as_str().unwrap())
        .collect();
    assert_eq!(checks, ["issuer", "name"]);
    assert!(ids(&report).contains(&"WRONG_SERVER"), "{report}");
}

/// The guideline's test of a new server certificate, without the hosts file.
#[test]
fn a_bound_address_is_used_and_named() {
    let simulator = Simulator::start();
    let client = simulator.client();
    let bound = format!("127.0.0.1:{}", port(&simulator));
    let report = probe(Some(&client), "localhost", 443, &bound);
    assert_eq!(report["status"], 0, "{report}");
    assert_eq!(report["bind_address"], bound);
    assert_eq!(report["attempts"][0]["address"], bound);
    assert_eq!(report["dns"]["ms"], Value::Null);
    assert_eq!(ids(&report), ["BIND_HOST"]);
    // The client itself is not bound by it.
    let after = probe(Some(&client), "localhost", port(&simulator), "");
    assert_eq!(ids(&after), [] as [&str; 0]);

    let mut config = simulator.config();
    config
        .set("proxy", "http://user:secret@127.0.0.1:9")
        .unwrap();
    let through = Client::new(&config).unwrap();
    let report = probe(Some(&through), "localhost", 443, &bound);
    assert_eq!(report["status"], Status::BindWithProxy.code());
    assert!(ids(&report).contains(&"BIND_WITH_PROXY"));
    assert!(!report.to_string().contains("secret"), "{report}");
}

#[test]
fn a_clock_that_is_wrong_is_measured() {
    for (offset, id, verdict) in [("-400", "ahead of", "error"), ("60", "behind", "warning")] {
        let simulator = Simulator::start_with(&["--now-offset", offset]);
        let client = simulator.client();
        let report = probe(Some(&client), "127.0.0.1", port(&simulator), "");
        assert_eq!(report["verdict"], verdict, "{report}");
        assert_eq!(ids(&report), ["CLOCK_SKEW"]);
        let text = report["diagnosis"][0]["text"].as_str().unwrap();
        assert!(text.contains(id), "{text}");
    }
}

#[test]
fn what_fails_before_tls_is_told_apart() {
    let simulator = Simulator::start();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = free.local_addr().unwrap().port();
    drop(free);
    let client = simulator.client();
    let report = probe(Some(&client), "127.0.0.1", closed, "");
    assert_eq!(report["status"], Status::Connect.code());
    assert_eq!(ids(&report), ["CONNECT_FAILED"]);
    assert!(
        report["attempts"][0]["error"]
            .as_str()
            .unwrap()
            .contains("refused")
    );
    let report = probe(Some(&client), "no-such-host.invalid", 443, "");
    assert_eq!(report["status"], Status::Dns.code());
    assert_eq!(ids(&report), ["DNS_FAILED"]);
    assert_eq!(report["tls"], Value::Null);
}

#[test]
fn a_host_is_a_name_or_an_address_and_nothing_else() {
    for wrong in [
        "",
        "https://api.mch.weixin.qq.com",
        "api.mch.weixin.qq.com:443",
        "a/b",
        "a?b",
        "a b",
        "a\nb",
        "user@host",
        "[::1",
        "[127.0.0.1]",
        "é.example",
        "host.",
    ] {
        let error = trust_probe(None, wrong, 0, "", clock()).unwrap_err();
        assert_eq!(
            error.status(),
            Status::InvalidArgument,
            "{wrong:?}: {error}"
        );
    }
    for wrong in [
        "localhost",
        "1.2.3",
        "1.2.3.4:0",
        "1.2.3.4:99999",
        "[::1]443",
    ] {
        let error = trust_probe(None, "localhost", 0, wrong, clock()).unwrap_err();
        assert_eq!(
            error.status(),
            Status::InvalidArgument,
            "{wrong:?}: {error}"
        );
    }
}

/// A proxy that opens one tunnel after the other: its port, and a count of them.
fn proxy() -> (u16, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    use std::io::{Read, Write, copy};
    use std::net::{Shutdown, TcpListener, TcpStream};
    use std::sync::atomic::{AtomicUsize, Ordering};
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = std::sync::Arc::new(AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&count);
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            let (mut head, mut byte) = (Vec::new(), [0; 1]);
            while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).unwrap() == 1 {
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap();
            let target = head
                .strip_prefix("CONNECT ")
                .unwrap()
                .split(' ')
                .next()
                .unwrap();
            let server = TcpStream::connect(target).unwrap();
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            let ways = [
                (client.try_clone().unwrap(), server.try_clone().unwrap()),
                (server, client),
            ];
            for (mut from, mut to) in ways {
                std::thread::spawn(move || {
                    let _ = copy(&mut from, &mut to);
                    let _ = to.shutdown(Shutdown::Write);
                });
            }
        }
    });
    (port, count)
}

#[test]
fn a_probe_goes_through_the_configured_proxy() {
    let simulator = Simulator::start();
    let (proxy, tunnels) = proxy();
    let mut config = simulator.config();
    config
        .set("proxy", &format!("http://user:secret@127.0.0.1:{proxy}"))
        .unwrap();
    let client = Client::new(&config).unwrap();
    let report = probe(Some(&client), "127.0.0.1", port(&simulator), "");
    assert_eq!(report["status"], 0, "{report}");
    assert_eq!(report["http"]["status"], 401);
    let shown = report["proxy"].as_str().unwrap();
    assert!(
        shown.contains(&proxy.to_string()) && !shown.contains("secret"),
        "{shown}"
    );
    // One for the handshake that was looked at, one for the request.
    assert_eq!(tunnels.load(std::sync::atomic::Ordering::SeqCst), 2);
    let attempted = report["attempts"][0]["address"].as_str().unwrap();
    assert_eq!(attempted, format!("127.0.0.1:{proxy}"));
}
