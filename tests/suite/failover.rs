//! `backup_url` (safety.md S3, S4; requirements.md A15): used for what was not sent, and for nothing
//! else. Both servers count what they read whole: the business action.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::error::{Error, Outcome};
use wxpay::http::Message;
use wxpay::time::Now;
use wxpay::v3::{compose, prepare};

use crate::safety::raw::{Peer, Raw, Seen};
use crate::safety::wechat::{self, code, now, refused, signed_http};

const ACT: &str = "/v3/refund/domestic/refunds";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Get,
    Post,
    Marked,
}

const KINDS: [Kind; 3] = [Kind::Get, Kind::Post, Kind::Marked];

fn message(kind: Kind) -> Message {
    let (method, body) = match kind {
        Kind::Get => ("GET", &b""[..]),
        _ => ("POST", &b"{\"amount\":1}"[..]),
    };
    let mut message = compose::request(method, ACT, body).unwrap();
    if kind == Kind::Marked {
        compose::set_option(&mut message, "idempotent", "1").unwrap();
    }
    message
}

fn good() -> Raw {
    Raw::answering(|_| signed_http(200, b"{}"))
}

/// A port that refuses connections: nobody listens there any more.
fn refusing() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn client(base: &str, backup: &str, more: &[(&str, &str)]) -> Arc<Client> {
    let mut config = wechat::with(
        base,
        &[("backup_url", backup), ("connect_timeout_ms", "400")],
    );
    for (name, value) in more {
        config.set(name, value).unwrap();
    }
    Client::new(&config).unwrap()
}

fn acts(server: &Raw) -> Vec<Seen> {
    let mut seen = server.seen();
    seen.retain(|request| request.line().contains(ACT));
    seen
}

fn info(client: &Client) -> Value {
    serde_json::from_str(&client.info()).unwrap()
}

fn errors(trace: &str) -> Vec<Value> {
    let trace: Value = serde_json::from_str(trace).unwrap();
    let attempts = trace["attempts"].as_array().unwrap();
    attempts
        .iter()
        .map(|one| json!([one["host"], one["error"]]))
        .collect()
}

#[test]
fn a_request_that_could_not_be_sent_goes_to_the_backup_once() {
    let base = refusing();
    let host = base.trim_start_matches("http://").to_owned();
    for kind in KINDS {
        let backup = good();
        let client = client(&base, &backup.url, &[]);
        let response = client.send(&message(kind)).unwrap();
        assert_eq!(response.status(), 200, "{kind:?}");
        let acts = acts(&backup);
        assert_eq!((acts.len(), backup.connections()), (1, 1), "{kind:?}");
        assert_eq!(
            acts[0].header("Host"),
            Some(&*format!("127.0.0.1:{}", backup.port)),
            "{kind:?}"
        );
        assert_eq!(
            errors(&response.trace),
            [
                json!([host, "CONNECT"]),
                json!([format!("127.0.0.1:{}", backup.port), null])
            ],
            "{kind:?}"
        );
        assert_eq!(info(&client)["failovers"], 1);
        assert_eq!(info(&client)["backup_url"], backup.url);
    }
}

/// DNS that fails and a host that does not answer are outages too; the signature is made anew.
#[test]
fn each_kind_of_outage_leads_to_the_backup() {
    // TEST-NET-1 answers nobody; .invalid has no address (RFC 5737, RFC 2606).
    for (case, base, error) in [
        ("refused", refusing(), "CONNECT"),
        (
            "no address",
            "https://no-such-host.invalid".to_owned(),
            "DNS",
        ),
        ("silence", "https://192.0.2.1".to_owned(), "CONNECT"),
        ("cut handshake", cutting(), "TLS_HANDSHAKE"),
        ("held handshake", holding(), "TIMEOUT"),
    ] {
        let backup = good();
        let client = client(&base, &backup.url, &[]);
        let response = client
            .send(&message(Kind::Post))
            .unwrap_or_else(|error| panic!("{case}: {error} {}", error.to_json()));
        assert_eq!(acts(&backup).len(), 1, "{case}");
        assert_eq!(errors(&response.trace)[0][1], error, "{case}");
    }
}

/// Closes each connection as soon as the first bytes of the handshake came.
fn cutting() -> String {
    let server = Raw::start(|peer| {
        peer.wait_for_bytes();
        peer.close();
    });
    leaked(server)
}

fn v2_query(client: &Client) -> Message {
    wxpay::v2::prepare(
        &client.merchant,
        "/pay/orderquery",
        "HMAC-SHA256",
        "{\"appid\":\"wx8888888888888888\",\"out_trade_no\":\"1\"}",
    )
    .unwrap()
}

fn holding() -> String {
    leaked(Raw::start(|peer| {
        peer.wait_for_bytes();
        std::thread::sleep(Duration::from_secs(3));
    }))
}

fn leaked(server: Raw) -> String {
    let url = format!("https://127.0.0.1:{}", server.port);
    std::mem::forget(server);
    url
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Refused,
    /// Accepted, and gone before a byte was read.
    AfterAccept,
    /// Read whole, and gone.
    AfterReading,
    MidResponse,
    /// Answered 500.
    Failing,
}

fn strike(peer: &mut Peer, fault: Fault) {
    if fault == Fault::AfterAccept {
        peer.wait_for_bytes();
        return peer.reset();
    }
    if peer.request().is_none() {
        return;
    }
    match fault {
        Fault::MidResponse => peer.answer_in_part(),
        Fault::Failing => {
            peer.send(&wechat::http(500, b"{\"code\":\"SYSTEM_ERROR\"}", &[]));
        }
        _ => peer.reset(),
    }
}

/// Property: over every fault of the base and every kind of request, the business action is read at
/// most once in all on fresh connections, and on the backup only when nothing was sent.
#[test]
fn the_backup_gets_what_was_not_sent_and_nothing_else() {
    for kind in KINDS {
        for fault in [
            Fault::Refused,
            Fault::AfterAccept,
            Fault::AfterReading,
            Fault::MidResponse,
            Fault::Failing,
        ] {
            let case = format!("{kind:?}, {fault:?}");
            let backup = good();
            let faulty = Raw::start(move |peer| strike(peer, fault));
            let base = if fault == Fault::Refused {
                refusing()
            } else {
                faulty.url.clone()
            };
            let client = client(&base, &backup.url, &[]);
            let result = client.send(&message(kind));
            assert_eq!(
                backup.connections(),
                usize::from(fault == Fault::Refused),
                "{case}"
            );
            let read = usize::from(!matches!(fault, Fault::Refused | Fault::AfterAccept));
            assert_eq!(acts(&faulty).len(), read, "{case}");
            match fault {
                Fault::Refused => assert_eq!(result.unwrap().status(), 200, "{case}"),
                _ => assert_eq!(
                    refused(&case, result).fields().outcome,
                    Outcome::Unknown,
                    "{case}"
                ),
            }
        }
    }
}

/// On a reused connection S3's one repeat goes to the base again; the backup is not for it.
#[test]
fn a_dead_reused_connection_is_repeated_on_the_base_only() {
    for kind in KINDS {
        let backup = good();
        let base = Raw::start(|peer| {
            if peer.connection == 0 && peer.request().is_some() {
                peer.send(&signed_http(200, b"{}"));
                return strike(peer, Fault::AfterReading);
            }
            while peer.request().is_some() {
                peer.send(&signed_http(200, b"{}"));
            }
        });
        let client = client(&base.url, &backup.url, &[]);
        client.call("GET", "/v3/warm", b"").unwrap();
        let result = client.send(&message(kind));
        assert_eq!(
            acts(&base).len(),
            if kind == Kind::Post { 1 } else { 2 },
            "{kind:?}"
        );
        assert_eq!(result.is_ok(), kind != Kind::Post, "{kind:?}");
        assert_eq!(backup.connections(), 0, "{kind:?}");
    }
}

/// Over all causes one thing is tried: what fails at the backup is not repeated there.
#[test]
fn what_fails_at_the_backup_is_the_end() {
    for kind in KINDS {
        for (fault, outcome) in [
            (Fault::Refused, Outcome::NotSent),
            (Fault::AfterReading, Outcome::Unknown),
            (Fault::Failing, Outcome::Unknown),
        ] {
            let case = format!("{kind:?}, {fault:?}");
            let backup = Raw::start(move |peer| strike(peer, fault));
            let url = if fault == Fault::Refused {
                refusing()
            } else {
                backup.url.clone()
            };
            let client = client(&refusing(), &url, &[]);
            let error = refused(&case, client.send(&message(kind)));
            assert_eq!(error.fields().outcome, outcome, "{case}: {error}");
            assert_eq!(
                acts(&backup).len(),
                usize::from(fault != Fault::Refused),
                "{case}"
            );
            if fault == Fault::Refused {
                assert!(error.fields().message.contains("Before that:"), "{error}");
                assert!(error.fields().retryable, "{case}");
                assert_eq!(errors(&error.fields().trace).len(), 2, "{case}");
            }
        }
        // A probe at the backup: a GET is not asked a second time.
        let backup = Raw::answering(|_| {
            let mut headers =
                wechat::signature(wechat::wechat(), wechat::PUBLIC_KEY_ID, now(), b"{}");
            headers[2].1.insert_str(0, "WECHATPAY/SIGNTEST/");
            wechat::http(200, b"{}", &headers)
        });
        let client = client(&refusing(), &backup.url, &[]);
        assert_eq!(code(&refused(kind, client.send(&message(kind)))), 202);
        assert_eq!(acts(&backup).len(), 1, "{kind:?}");
    }
}

/// A refused certificate is to be seen, not gone around; so is what is not about the host.
#[test]
fn what_is_no_outage_is_not_gone_around() {
    let simulator = crate::simulator::Simulator::start();
    let refused_by = |case: &str, error: Error, want: i32, backup: &Raw| {
        assert_eq!(code(&error), want, "{case}: {error}");
        assert_eq!(error.fields().outcome, Outcome::NotSent, "{case}");
        assert_eq!(backup.connections(), 0, "{case}");
    };
    let backup = good();
    // The simulator's CA is not in the store.
    let wrong = client(&simulator.url, &backup.url, &[]);
    refused_by(
        "certificate",
        refused("certificate", wrong.send(&message(Kind::Get))),
        310,
        &backup,
    );
    // Plain text on a TLS port.
    let plain = Raw::start(|peer| {
        peer.wait_for_bytes();
        peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.close();
    });
    let wrong = client(
        &format!("https://127.0.0.1:{}", plain.port),
        &backup.url,
        &[],
    );
    refused_by(
        "plain text",
        refused("plain text", wrong.send(&message(Kind::Get))),
        314,
        &backup,
    );
    // Cancelled before it began.
    let cancelled = message(Kind::Get);
    cancelled.cancel.cancel();
    let down = client(&refusing(), &backup.url, &[]);
    refused_by(
        "cancelled",
        refused("cancelled", down.send(&cancelled)),
        501,
        &backup,
    );
    // The time of the whole call is over.
    let slow = client(
        &holding(),
        &backup.url,
        &[("timeout_ms", "300"), ("connect_timeout_ms", "5000")],
    );
    refused_by(
        "deadline",
        refused("deadline", slow.send(&message(Kind::Get))),
        302,
        &backup,
    );
    // Bound: the very address is to be tested.
    let port = refusing().rsplit(':').next().unwrap().to_owned();
    let bound = client(
        "https://api.mch.weixin.qq.com",
        &backup.url,
        &[(
            "bind_host.api.mch.weixin.qq.com",
            &format!("127.0.0.1:{port}"),
        )],
    );
    refused_by(
        "bound",
        refused("bound", bound.send(&message(Kind::Get))),
        301,
        &backup,
    );
    // A proxy that is down would be down for the backup too.
    let proxied = client(
        "https://api.mch.weixin.qq.com",
        "https://api2.mch.weixin.qq.com",
        &[("proxy", &refusing())],
    );
    let error = refused("proxy", proxied.send(&message(Kind::Get)));
    assert_eq!(errors(&error.fields().trace).len(), 1, "{error}");
    // Another host than base_url was named.
    let other = compose::request("GET", "https://fraud.mch.weixin.qq.com/x", b"").unwrap();
    let elsewhere = client(
        &refusing(),
        &backup.url,
        &[(
            "bind_host.fraud.mch.weixin.qq.com",
            &format!("127.0.0.1:{port}"),
        )],
    );
    refused_by(
        "absolute",
        refused("absolute", elsewhere.send(&other)),
        301,
        &backup,
    );
}

/// The base is down for the certificates first: they come from the backup too.
#[test]
fn certificates_are_downloaded_from_the_backup_too() {
    let simulator = crate::simulator::Simulator::start();
    let mut config = simulator.config();
    for (name, value) in [
        ("public_key_id", ""),
        ("public_key_file", ""),
        ("public_key", ""),
        ("auto_certificates", "1"),
        ("base_url", &refusing()),
        ("backup_url", &simulator.url),
    ] {
        config.set(name, value).unwrap();
    }
    let client = Client::new(&config).unwrap();
    client.refresh_certificates().unwrap();
    assert!(!client.merchant.ring.keys().keys.is_empty());
}

/// Signed outside: the host is not signed, so the same signature goes out while it is young.
/// Prepared before: signed again, as for any repeat; another merchant's message stays as it is.
#[test]
fn a_message_that_was_signed_before_follows_the_rule_of_repeats() {
    for (age, hits) in [(0, 1), (230, 1), (245, 0)] {
        let backup = good();
        let client = client(
            &refusing(),
            &backup.url,
            &[("private_key", ""), ("external_signer", "1")],
        );
        let at = Now {
            seconds: now() - age,
            from_caller: true,
        };
        let mut prepared =
            prepare::prepare_unsigned(&client.merchant, &message(Kind::Post), at).unwrap();
        let signature = wechat::merchant().sign_raw(&prepared.signed().unwrap().to_sign);
        prepare::attach_signature(&mut prepared, &signature).unwrap();
        let result = client.send(&prepared);
        let acts = acts(&backup);
        assert_eq!((acts.len(), result.is_ok()), (hits, hits == 1), "age {age}");
        if let [only] = &acts[..] {
            assert_eq!(
                only.header("Authorization"),
                prepared.headers.get("Authorization"),
                "age {age}"
            );
        } else {
            assert_eq!(refused(age, result).fields().outcome, Outcome::NotSent);
        }
    }
    for (mchid, hits) in [(wechat::MCHID, 1), ("1900000002", 0)] {
        let backup = good();
        let client = client(&refusing(), &backup.url, &[]);
        let signer = Client::new(&wechat::with("http://127.0.0.1:9", &[("mchid", mchid)])).unwrap();
        let at = Now {
            seconds: now(),
            from_caller: false,
        };
        let mut prepared = prepare::prepare(&client.merchant, &message(Kind::Post), at).unwrap();
        if hits == 0 {
            let other = prepare::prepare(&signer.merchant, &message(Kind::Post), at).unwrap();
            let authorization = other.headers.get("Authorization").unwrap().to_string();
            prepared.headers.set("Authorization", &authorization);
        }
        let result = client.send(&prepared);
        let acts = acts(&backup);
        assert_eq!((acts.len(), result.is_ok()), (hits, hits == 1), "{mchid}");
        if let [only] = &acts[..] {
            assert_ne!(
                only.header("Authorization"),
                prepared.headers.get("Authorization"),
                "fresh time and nonce"
            );
            assert_eq!(only.body, &*prepared.body);
        }
    }
}

#[test]
fn backup_url_is_checked_like_base_url() {
    let status = |base: &str, changes: &[(&str, &str)]| {
        let mut config = wechat::config(base);
        for (name, value) in changes {
            if let Err(error) = config.set(name, value) {
                return code(&error);
            }
        }
        Client::new(&config).map_or_else(|error| code(&error), |_| 0)
    };
    let base = "https://api.mch.weixin.qq.com";
    for (backup, want) in [
        ("https://api2.mch.weixin.qq.com", 0),
        ("https://api2.wechatpay.cn/", 0),
        ("http://127.0.0.1:9", 0),
        ("http://api2.mch.weixin.qq.com", 106),
        ("https://api2.mch.weixin.qq.com/v3", 106),
        ("https://user@api2.mch.weixin.qq.com", 106),
        ("api2.mch.weixin.qq.com", 106),
        (base, 119),
        ("https://API.mch.weixin.qq.com:443/", 119),
        ("", 0),
    ] {
        assert_eq!(status(base, &[("backup_url", backup)]), want, "{backup}");
    }
    // The simulator's identity leaves this machine by neither of the two (S13).
    for (base, backup, want) in [
        ("http://127.0.0.1:9", "http://127.0.0.1:10", 0),
        ("http://127.0.0.1:9", "https://api2.mch.weixin.qq.com", 110),
    ] {
        assert_eq!(
            status(base, &[("mchid", "SIM1900000001"), ("backup_url", backup)]),
            want,
            "{backup}"
        );
    }
    // Signed for the backup's origin too (S4), and for no other.
    let client = client("http://127.0.0.1:9", "http://127.0.0.1:10", &[]);
    for (url, allowed) in [
        ("http://127.0.0.1:10/v3/x", true),
        ("http://127.0.0.1:11/v3/x", false),
    ] {
        assert_eq!(client.merchant.url(url).is_ok(), allowed, "{url}");
    }
    let report: Value = serde_json::from_str(&wxpay::config::report(
        &wechat::with(base, &[("backup_url", "http://127.0.0.1:9")]),
        wxpay::time::clock(),
    ))
    .unwrap();
    assert!(
        report["diagnosis"]
            .to_string()
            .contains("backup_url is http://127.0.0.1:9"),
        "{report}"
    );
}

/// API v2 and downloads follow the same rule: what was not sent goes to the backup, once.
#[test]
fn api_v2_and_downloads_go_to_the_backup_too() {
    let xml = b"<xml><return_code>FAIL</return_code><return_msg>x</return_msg></xml>";
    let backup = Raw::answering(move |request| {
        if request.line().contains("/v3/billdownload/file") {
            return wechat::http(200, b"bill", &[]);
        }
        wechat::http(200, xml, &[])
    });
    let base = refusing();
    let client = client(&base, &backup.url, &[("api_v2_key", wechat::API_V3_KEY)]);
    let order = v2_query(&client);
    let error = refused("return_code FAIL", client.v2_send(&order));
    assert_eq!(error.fields().outcome, Outcome::Unknown, "{error}");
    let seen = backup.seen();
    assert_eq!((seen.len(), &seen[0].body[..]), (1, &order.body[..]));
    // printf bill | sha1sum
    let source = json!({
        "hash_type": "SHA1", "hash_value": BILL_SHA1,
        "download_url": format!("{base}/v3/billdownload/file?token=1"),
    });
    assert_eq!(&*client.download(&source.to_string()).unwrap(), b"bill");
    assert_eq!(
        (backup.seen().len(), info(&client)["failovers"].as_u64()),
        (2, Some(2))
    );
    // After the request was read, neither is tried elsewhere.
    let dying = Raw::start(|peer| strike(peer, Fault::AfterReading));
    let backup = good();
    let client = self::client(
        &dying.url,
        &backup.url,
        &[("api_v2_key", wechat::API_V3_KEY)],
    );
    let order = v2_query(&client);
    let error = refused("v2", client.v2_send(&order));
    assert_eq!(error.fields().outcome, Outcome::Unknown, "{error}");
    let source = json!({
        "hash_type": "SHA1", "hash_value": BILL_SHA1,
        "download_url": format!("{}/v3/billdownload/file?token=1", dying.url),
    });
    refused("download", client.download(&source.to_string()));
    assert_eq!(backup.connections(), 0);
}

const BILL_SHA1: &str = "c692d6a10598e0a801576fdd4ecf3c37e45bfbc4";

/// A client on this machine alone may hold published keys; a backup elsewhere takes that away, also
/// for certificates that are downloaded (S13).
#[test]
fn a_backup_elsewhere_makes_a_local_client_one_that_is_not() {
    for (backup, local) in [
        ("", true),
        ("http://127.0.0.1:10", true),
        ("https://api2.mch.weixin.qq.com", false),
    ] {
        let client = Client::new(&wechat::with(
            "http://127.0.0.1:9",
            &[("backup_url", backup)],
        ))
        .unwrap();
        assert_eq!(client.merchant.is_local(), local, "{backup}");
    }
}
