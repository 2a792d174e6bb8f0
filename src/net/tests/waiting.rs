//! Deadlines and cancellation, in every phase.

use super::*;

/// Gives up this long after the deadline at the latest.
const GRACE: Duration = Duration::from_millis(300);

fn timed(sent: &Sent, ms: u64) {
    let deadline = Duration::from_millis(ms);
    assert!(
        sent.took >= deadline - Duration::from_millis(5) && sent.took < deadline + GRACE,
        "{:?} for {deadline:?}",
        sent.took
    );
}

#[test]
fn a_server_that_drips_does_not_outlive_the_deadline() {
    let drip = |first: &'static [u8]| {
        Server::tls(pki().server(&["leaf1"]), move |peer| {
            peer.request();
            peer.write(first);
            while peer.write(b"x") {
                std::thread::sleep(Duration::from_millis(60));
            }
        })
    };
    for first in [
        b"HTTP/1.1 200 OK\r\nX: ".as_slice(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n",
    ] {
        let server = drip(first);
        let sent = send_to(
            &client(server.port),
            &url(HOST, server.port),
            "POST",
            b"{}",
            call(400),
        );
        timed(&sent, 400);
        let failure = failed_with(sent, Status::Timeout, Outcome::Unknown);
        assert!(failure.response_started);
    }
}

#[test]
fn a_silent_server_ends_with_the_deadline() {
    let silent = Server::tls(pki().server(&["leaf1"]), |peer| {
        peer.request();
        std::thread::sleep(Duration::from_secs(5));
    });
    let sent = send_to(
        &client(silent.port),
        &url(HOST, silent.port),
        "POST",
        b"{}",
        call(300),
    );
    timed(&sent, 300);
    let failure = failed_with(sent, Status::Timeout, Outcome::Unknown);
    assert!(failure.wrote_all && !failure.response_started);

    // Nothing is read: the write itself blocks.
    let deaf = Server::tls(pki().server(&["leaf1"]), |peer| {
        peer.head();
        std::thread::sleep(Duration::from_secs(5));
    });
    let body = vec![b'x'; 30_000_000];
    let sent = send_to(
        &client(deaf.port),
        &url(HOST, deaf.port),
        "POST",
        &body,
        call(800),
    );
    timed(&sent, 800);
    let failure = failed_with(sent, Status::Timeout, Outcome::Unknown);
    assert!(!failure.wrote_all);

    let no_handshake = Server::plain(|_| std::thread::sleep(Duration::from_secs(5)));
    let sent = send_to(
        &client(no_handshake.port),
        &url(HOST, no_handshake.port),
        "POST",
        b"{}",
        call(300),
    );
    timed(&sent, 300);
    failed_with(sent, Status::Timeout, Outcome::NotSent);

    let mut settings = settings(&pki().crt("g1"), no_handshake.port);
    settings.connect_timeout = Duration::from_millis(250);
    let sent = send(
        &Transport::shared(settings).unwrap(),
        no_handshake.port,
        "POST",
        b"{}",
    );
    timed(&sent, 250);
    failed_with(sent, Status::Timeout, Outcome::NotSent);
}

#[test]
fn a_deadline_that_is_over_sends_nothing() {
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let sent = send_to(
        &client(server.port),
        &url(HOST, server.port),
        "POST",
        b"{}",
        call(0),
    );
    failed_with(sent, Status::Timeout, Outcome::NotSent);
    assert_eq!(server.connections(), 0);
}

fn cancelled_after(ms: u64, transport: &Transport, port: u16, outcome: Outcome) {
    let call = call(10_000);
    let cancel = call.cancel.clone();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(ms));
        cancel.cancel();
    });
    let sent = send_to(transport, &url(HOST, port), "POST", b"{}", call);
    assert!(
        sent.took < Duration::from_millis(ms + 600),
        "{:?}",
        sent.took
    );
    let failure = failed_with(sent, Status::Cancelled, outcome);
    assert!(!failure.error.fields().retryable);
}

#[test]
fn cancel_ends_every_wait_within_600_ms_with_the_true_outcome() {
    let silent = Server::tls(pki().server(&["leaf1"]), |peer| {
        peer.request();
        std::thread::sleep(Duration::from_secs(3));
    });
    cancelled_after(150, &client(silent.port), silent.port, Outcome::Unknown);
    let no_handshake = Server::plain(|_| std::thread::sleep(Duration::from_secs(3)));
    cancelled_after(
        150,
        &client(no_handshake.port),
        no_handshake.port,
        Outcome::NotSent,
    );
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let full = crate::sys::socket::fill(&listener);
    cancelled_after(150, &client(port), port, Outcome::NotSent);
    drop(full);
    // Sticky: what was cancelled before it began does not begin.
    let call = call(10_000);
    call.cancel.cancel();
    let sent = send_to(
        &client(silent.port),
        &url(HOST, silent.port),
        "POST",
        b"{}",
        call,
    );
    failed_with(sent, Status::Cancelled, Outcome::NotSent);
}

/// Not two of each: one address that hangs must leave time for the next.
#[test]
fn every_address_is_tried() {
    let first = std::net::TcpListener::bind("127.0.0.2:0").unwrap();
    let port = first.local_addr().unwrap().port();
    let second = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let good = pki().server(&["leaf1"]);
    let server = Server::on(second, move |_| Some(Arc::clone(&good)), Peer::serve);
    let transport = || {
        let mut settings = settings(&pki().crt("g1"), port);
        settings.connect_timeout = Duration::from_millis(1200);
        Transport::shared(settings).unwrap()
    };

    // Accepts, never speaks.
    let client = transport();
    let sent = send_to(&client, &url(TWO, port), "POST", b"{}", call(5000));
    assert!(sent.took < Duration::from_millis(1000), "{:?}", sent.took);
    let trace = sent.call.trace.to_json();
    assert!(
        trace.contains("127.0.0.2") && trace.contains("did not finish"),
        "{trace}"
    );
    sent.ok();
    assert_eq!(client.info().connect_retries, 1);
    drop(client);

    // A queue that is full.
    let full = crate::sys::socket::fill(&first);
    send_to(&transport(), &url(TWO, port), "POST", b"{}", call(5000)).ok();
    drop(full);

    // Refused.
    drop(first);
    let client = transport();
    send_to(&client, &url(TWO, port), "POST", b"{}", call(5000)).ok();

    // A bad certificate.
    let again = std::net::TcpListener::bind(("127.0.0.2", port)).unwrap();
    let bad = pki().server(&["leaf2"]);
    let _bad = Server::on(again, move |_| Some(Arc::clone(&bad)), Peer::serve);
    let mut other = settings(&pki().crt("g1"), port);
    other.idle_timeout = Duration::from_secs(4);
    let client = Transport::shared(other).unwrap();
    send_to(&client, &url(TWO, port), "POST", b"{}", call(5000)).ok();
    assert_eq!(client.info().connect_retries, 1);
    assert!(server.heads().len() >= 4);
}

/// requirements.md D7: the context is gone, the pool is new, the next request works.
#[test]
fn a_panic_below_leaves_the_transport_usable() {
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let client = client(server.port);
    let failing = url("panic.test", server.port);
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        send_to(&client, &failing, "POST", b"{}", call(3000))
    }));
    assert!(result.is_err());
    assert!(crate::net::context::with(|_| ()).is_none());
    send(&client, server.port, "POST", b"{}").ok();
}

#[test]
fn when_no_address_answers_each_is_named() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let sent = send_to(&client(port), &url(TWO, port), "POST", b"{}", call(3000));
    let failure = failed_with(sent, Status::Connect, Outcome::NotSent);
    let text = failure.error.to_string();
    for part in ["127.0.0.1", "127.0.0.2", "connection refused"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(failure.error.fields().retryable);
    assert!(failure.error.fields().trace.contains("\"tried\":[{"));
    let sent = send_to(
        &client(port),
        &url("none.test", port),
        "POST",
        b"{}",
        call(3000),
    );
    let failure = failed_with(sent, Status::Dns, Outcome::NotSent);
    assert!(failure.error.fields().retryable);
}
