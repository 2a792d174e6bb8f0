//! Children of a process that is sending (design.md §8; requirements.md C1).

use super::*;
use crate::sys::process::{forking, in_child, storm_of_signals};

#[test]
fn children_and_parent_go_on_with_connections_of_their_own() {
    let _alone = forking();
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let port = server.port;
    let transport = client(port);
    send(&transport, port, "POST", b"{}").ok();
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    // Threads that hold every lock of the transport now and then while the process forks.
    let busy: Vec<_> = (0..3)
        .map(|_| {
            let (transport, stop) = (Arc::clone(&transport), Arc::clone(&stop));
            std::thread::spawn(move || {
                while !stop.load(std::sync::atomic::Ordering::SeqCst) {
                    send(&transport, port, "POST", b"{}").ok();
                    Transport::shared(settings(&pki().crt("g2"), port))
                        .unwrap()
                        .warm()
                        .unwrap();
                    crate::net::resolver::forget_for_test(HOST);
                }
            })
        })
        .collect();
    let before = server.connections();
    let children: Vec<_> = (0..8)
        .map(|_| {
            std::thread::sleep(Duration::from_millis(7));
            in_child(|| {
                for number in 0..10 {
                    let sent = send(&transport, port, "POST", b"{}");
                    match sent.result {
                        // The first one of a child cannot be over the parent's connection.
                        Ok(answer) if answer.status == 200 && (number > 0 || !answer.reused) => {}
                        _ => return 1,
                    }
                }
                // A client that is made in the child, with everything equal.
                let own = client(port);
                u8::from(send(&own, port, "POST", b"{}").result.is_err())
            })
        })
        .collect();
    for (number, child) in children.into_iter().enumerate() {
        assert_eq!(child.wait(), 0, "child {number}");
    }
    stop.store(true, std::sync::atomic::Ordering::SeqCst);
    for thread in busy {
        thread.join().unwrap();
    }
    // The children's ends did not touch the parent's connections.
    for _ in 0..10 {
        assert!(send(&transport, port, "POST", b"{}").ok().reused);
    }
    assert!(server.connections() >= before + 8);
}

#[test]
fn a_child_may_let_go_of_its_parents_client() {
    let _alone = forking();
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let transport = client(server.port);
    send(&transport, server.port, "POST", b"{}").ok();
    let kept = Arc::clone(&transport);
    let child = in_child(move || {
        drop(transport);
        0
    });
    assert_eq!(child.wait(), 0);
    // No close_notify went over the parent's socket.
    assert!(send(&kept, server.port, "POST", b"{}").ok().reused);
}

/// A host's timer interrupts every call: each is finished all the same, and the deadline holds.
#[test]
fn interrupted_calls_are_finished() {
    let _alone = forking();
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        while let Some((_, body)) = peer.request() {
            std::thread::sleep(Duration::from_millis(20));
            if body == b"silence" {
                std::thread::sleep(Duration::from_secs(3));
            }
            if !peer.answer(&"x".repeat(200_000)) {
                return;
            }
        }
    });
    let port = server.port;
    let transport = client(port);
    let child = in_child(|| {
        storm_of_signals();
        let body = vec![b'x'; 1_000_000];
        for _ in 0..5 {
            match send(&transport, port, "POST", &body).result {
                Ok(answer) if answer.body.len() == 200_000 => {}
                _ => return 1,
            }
        }
        let sent = send_to(&transport, &url(HOST, port), "POST", b"silence", call(300));
        let late = sent.took > Duration::from_millis(600);
        u8::from(late || sent.failure().error.status() != Status::Timeout)
    });
    assert_eq!(child.wait(), 0);
}
