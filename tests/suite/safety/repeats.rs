//! S3: nothing that moves money is repeated by us. The server counts what it read whole: the
//! business action.

use std::sync::Arc;

use wxpay::client::Client;
use wxpay::error::Outcome;
use wxpay::http::Message;
use wxpay::time::Now;
use wxpay::v3::{compose, prepare};

use super::raw::{Peer, Raw, Seen};
use super::wechat::{self, code, config, now, pairs, refused, signed_http};

const ACT: &str = "/v3/refund/domestic/refunds";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// The request stays unread.
    BeforeReading,
    AfterReading,
    MidResponse,
    Reset,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Get,
    Post,
    Marked,
}

fn strike(peer: &mut Peer, fault: Fault) {
    if fault == Fault::BeforeReading {
        peer.wait_for_bytes();
        return peer.close();
    }
    if peer.request().is_none() {
        return;
    }
    match fault {
        Fault::MidResponse => peer.answer_in_part(),
        Fault::Reset => peer.reset(),
        _ => peer.close(),
    }
}

fn serve(peer: &mut Peer) {
    while peer.request().is_some() {
        peer.send(&signed_http(200, b"{}"));
    }
}

/// The first `faulty` connections end with `fault`, the first of them after one good answer if it
/// is to be `reused`.
fn server(reused: bool, fault: Fault, faulty: usize) -> Raw {
    Raw::start(move |peer| {
        if peer.connection >= faulty {
            return serve(peer);
        }
        if reused && peer.connection == 0 && peer.request().is_some() {
            peer.send(&signed_http(200, b"{}"));
        }
        strike(peer, fault);
    })
}

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

fn warm(server: &Raw) -> Arc<Client> {
    let client = Client::new(&config(&server.url)).unwrap();
    client.call("GET", "/v3/warm", b"").unwrap();
    client
}

fn acts(server: &Raw) -> Vec<Seen> {
    let mut seen = server.seen();
    seen.retain(|request| request.line().contains(ACT));
    seen
}

#[test]
fn a_request_is_repeated_only_on_a_dead_reused_connection_and_only_when_it_cannot_act_twice() {
    for reused in [true, false] {
        for kind in [Kind::Get, Kind::Post, Kind::Marked] {
            for fault in [
                Fault::BeforeReading,
                Fault::AfterReading,
                Fault::MidResponse,
                Fault::Reset,
            ] {
                let case = format!("reused {reused}, {kind:?}, {fault:?}");
                let server = server(reused, fault, 1);
                let client = if reused {
                    warm(&server)
                } else {
                    Client::new(&config(&server.url)).unwrap()
                };
                let repeated = reused && kind != Kind::Post && fault != Fault::MidResponse;
                let result = client.send(&message(kind));
                let acts = acts(&server);
                let read = usize::from(fault != Fault::BeforeReading);
                assert_eq!(
                    acts.len(),
                    read + usize::from(repeated),
                    "{case}: times it was read"
                );
                assert_eq!(
                    server.connections(),
                    1 + usize::from(repeated),
                    "{case}: connections"
                );
                if repeated {
                    assert_eq!(result.unwrap().status(), 200, "{case}");
                    if let [first, second] = &acts[..] {
                        assert_ne!(
                            first.signed_field("nonce_str"),
                            second.signed_field("nonce_str"),
                            "{case}"
                        );
                        assert_eq!(
                            (first.line(), &first.body),
                            (second.line(), &second.body),
                            "{case}"
                        );
                    }
                } else {
                    let error = refused(&case, result);
                    assert_eq!(error.fields().outcome, Outcome::Unknown, "{case}: {error}");
                }
            }
        }
    }
}

#[test]
fn a_refund_that_was_executed_before_the_reset_is_counted_once_and_unknown() {
    let server = server(true, Fault::Reset, 1);
    let client = warm(&server);
    let error = refused("refund", client.send(&message(Kind::Post)));
    assert_eq!(acts(&server).len(), 1);
    assert_eq!(error.fields().outcome, Outcome::Unknown, "{error}");
    assert!(!error.fields().retryable);
}

#[test]
fn nothing_is_sent_a_third_time() {
    for kind in [Kind::Get, Kind::Marked] {
        let server = server(true, Fault::AfterReading, 9);
        let client = warm(&server);
        let error = refused(kind, client.send(&message(kind)));
        assert_eq!(acts(&server).len(), 2, "{kind:?}");
        assert_eq!(
            error.fields().outcome,
            Outcome::Unknown,
            "{kind:?}: {error}"
        );
        assert!(
            error.fields().retryable,
            "{kind:?}: the caller promised or it is a GET"
        );
    }
}

/// "Already refunded", says the answer to the repeat: the first one may have done it.
#[test]
fn a_refusal_of_the_repeat_does_not_settle_what_the_first_attempt_did() {
    let refusal = wechat::http(
        400,
        b"{\"code\":\"INVALID_REQUEST\"}",
        &pairs(&[("Request-ID", "A-1")]),
    );
    for (kind, want) in [
        (Kind::Marked, Outcome::Unknown),
        (Kind::Get, Outcome::Rejected),
    ] {
        let refusal = refusal.clone();
        let server = Raw::start(move |peer| {
            if peer.connection == 0 && peer.request().is_some() {
                peer.send(&signed_http(200, b"{}"));
                return strike(peer, Fault::AfterReading);
            }
            while peer.request().is_some() {
                peer.send(&refusal);
            }
        });
        let client = warm(&server);
        let error = refused(kind, client.send(&message(kind)));
        assert_eq!(acts(&server).len(), 2, "{kind:?}");
        assert_eq!(
            (code(&error), error.fields().outcome),
            (400, want),
            "{kind:?}: {error}"
        );
    }
}

#[test]
fn a_connection_closed_while_idle_costs_no_attempt() {
    let server = Raw::start(|peer| {
        peer.request();
        peer.send(&signed_http(200, b"{}"));
        peer.close();
    });
    let client = warm(&server);
    std::thread::sleep(std::time::Duration::from_millis(30));
    client.send(&message(Kind::Post)).unwrap();
    assert_eq!(acts(&server).len(), 1);
}

/// How often a probe is answered by the question again: (kind, probes in a row, hits, status).
#[test]
fn a_probe_on_the_answer_is_asked_again_once_and_only_by_get() {
    for (kind, probes, hits, status) in [
        (Kind::Get, 1, 2, 0),
        (Kind::Get, 2, 2, 202),
        (Kind::Post, 1, 1, 202),
        (Kind::Marked, 1, 1, 202),
    ] {
        let case = format!("{kind:?}, {probes} probes");
        let left = std::sync::Mutex::new(probes);
        let server = Raw::answering(move |_| {
            let mut left = left.lock().unwrap();
            let mut headers =
                wechat::signature(wechat::wechat(), wechat::PUBLIC_KEY_ID, now(), b"{}");
            if *left > 0 {
                *left -= 1;
                headers[2].1.insert_str(0, "WECHATPAY/SIGNTEST/");
            }
            wechat::http(200, b"{}", &headers)
        });
        let client = Client::new(&config(&server.url)).unwrap();
        let result = client.send(&message(kind));
        assert_eq!(server.seen().len(), hits, "{case}");
        match result {
            Ok(_) => assert_eq!(status, 0, "{case}"),
            Err(error) => {
                assert_eq!(
                    (code(&error), error.fields().outcome),
                    (status, Outcome::DoneUnverified),
                    "{case}: {error}"
                );
                assert!(!error.fields().retryable, "{case}");
            }
        }
    }
}

/// Over all causes together: the dead connection has used the one repeat up.
#[test]
fn a_get_is_repeated_once_over_all_causes() {
    let server = Raw::start(|peer| {
        if peer.connection == 0 && peer.request().is_some() {
            peer.send(&signed_http(200, b"{}"));
            return strike(peer, Fault::Reset);
        }
        while peer.request().is_some() {
            let mut headers =
                wechat::signature(wechat::wechat(), wechat::PUBLIC_KEY_ID, now(), b"{}");
            headers[2].1.insert_str(0, "WECHATPAY/SIGNTEST/");
            peer.send(&wechat::http(200, b"{}", &headers));
        }
    });
    let client = warm(&server);
    assert_eq!(
        code(&refused("probe", client.send(&message(Kind::Get)))),
        202
    );
    assert_eq!(acts(&server).len(), 2);
}

#[test]
fn a_signature_made_outside_is_repeated_as_it_is_while_it_is_young() {
    for (age, hits) in [(0, 2), (230, 2), (245, 1), (-100, 2)] {
        let server = server(true, Fault::AfterReading, 1);
        let changes = [("private_key", ""), ("external_signer", "1")];
        let client = Client::new(&wechat::with(&server.url, &changes)).unwrap();
        let signed_outside = |message: &Message, age: i64| {
            let at = Now {
                seconds: now() - age,
                from_caller: true,
            };
            let mut prepared = prepare::prepare_unsigned(&client.merchant, message, at).unwrap();
            let signature = wechat::merchant().sign_raw(&prepared.signed().unwrap().to_sign);
            prepare::attach_signature(&mut prepared, &signature).unwrap();
            prepared
        };
        let warm = compose::request("GET", "/v3/warm", b"").unwrap();
        client.send(&signed_outside(&warm, 0)).unwrap();
        let result = client.send(&signed_outside(&message(Kind::Marked), age));
        let acts = acts(&server);
        assert_eq!(acts.len(), hits, "age {age}");
        assert_eq!(result.is_ok(), hits == 2, "age {age}");
        if let [first, second] = &acts[..] {
            assert_eq!(
                first.header("Authorization"),
                second.header("Authorization"),
                "age {age}"
            );
        }
    }
}

/// Merchant A's message in B's hands is not signed again in B's name.
#[test]
fn a_message_of_another_merchant_is_not_signed_again() {
    let server = server(true, Fault::AfterReading, 1);
    let client = warm(&server);
    let other = Client::new(&wechat::with(&server.url, &[("mchid", "1900000002")])).unwrap();
    let at = Now {
        seconds: now(),
        from_caller: false,
    };
    let prepared = prepare::prepare(&other.merchant, &message(Kind::Get), at).unwrap();
    refused("repeat", client.send(&prepared));
    let acts = acts(&server);
    assert_eq!(acts.len(), 1);
    assert_eq!(acts[0].signed_field("mchid"), "1900000002");
}
