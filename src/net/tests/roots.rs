//! The store: switched, alternating, broken, empty, with a certificate that may not be a root.

use super::*;

/// The change that broke pinned bundles in 2024: the server moves from G1 to G2 while it runs, and
/// the store is updated in place. No request is lost, nothing is restarted.
#[test]
fn a_root_switch_with_the_store_updated_in_place_loses_no_request() {
    let scratch = Scratch::new();
    let bundle = scratch.file("roots.pem", &[&pki().crt("g1")]);
    let switched = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (old, new) = (pki().server(&["leaf1"]), pki().server(&["leaf2"]));
    let now = Arc::clone(&switched);
    let server = Server::choosing(
        move |_| {
            let new_one = now.load(std::sync::atomic::Ordering::SeqCst);
            Some(Arc::clone(if new_one { &new } else { &old }))
        },
        // Two requests a connection, so that there is always a next handshake.
        |peer| {
            if peer.request().is_some() && peer.answer("{}") && peer.request().is_some() {
                peer.last_answer();
            }
        },
    );
    let client = client_of(&bundle, server.port);
    for number in 0..12 {
        if number == 5 {
            scratch.file("roots.pem", &[&pki().crt("g1"), &pki().crt("g2")]);
            switched.store(true, std::sync::atomic::Ordering::SeqCst);
        }
        send(&client, server.port, "POST", b"{}").ok();
    }
    let info = client.info();
    assert_eq!(
        (info.store_loads, info.store_reloads, info.roots),
        (2, 1, 2)
    );
    assert_eq!(info.requests, 12);
    assert_eq!(info.connect_retries, 1, "{info:?}");
    assert_eq!(server.heads().len(), 12);
}

#[test]
fn a_store_that_changed_is_noticed_without_a_failure() {
    let scratch = Scratch::new();
    let bundle = scratch.file("roots.pem", &[&pki().crt("g1"), &pki().crt("g2")]);
    let server = Server::tls(pki().server(&["leaf2"]), Peer::serve);
    let mut settings = settings(&bundle, server.port);
    settings.trust.reload = Duration::ZERO;
    let client = Transport::shared(settings).unwrap();
    send(&client, server.port, "GET", b"").ok();
    // G2 is taken away: neither a kept connection nor a session ticket may go on with it.
    scratch.file("roots.pem", &[&pki().crt("g1")]);
    let sent = send(&client, server.port, "GET", b"");
    failed_with(sent, Status::TlsUnknownIssuer, Outcome::NotSent);
    scratch.file("roots.pem", &[&pki().crt("g2")]);
    send(&client, server.port, "GET", b"").ok();
    assert_eq!(client.info().store_reloads, 2);
}

#[test]
fn a_server_that_alternates_good_and_bad_chains_is_survived_and_counted() {
    let (good, bad) = (pki().server(&["leaf1"]), pki().server(&["leaf2"]));
    let server = Server::choosing(
        move |number| Some(Arc::clone(if number % 2 == 0 { &bad } else { &good })),
        |peer| {
            if peer.request().is_some() {
                peer.last_answer();
            }
        },
    );
    let client = client(server.port);
    for _ in 0..6 {
        send(&client, server.port, "POST", b"{}").ok();
    }
    let info = client.info();
    assert_eq!(
        (info.requests, info.connections, info.connect_retries),
        (6, 12, 6)
    );
    assert_eq!((info.store_loads, info.store_reloads), (1, 0));
}

#[test]
fn three_connections_are_enough_to_give_up_and_one_more_tells_why() {
    let server = Server::tls(pki().server(&["leaf2"]), Peer::serve);
    let client = client(server.port);
    let failure = failed_with(
        send(&client, server.port, "POST", b"{}"),
        Status::TlsUnknownIssuer,
        Outcome::NotSent,
    );
    assert!(failure.error.fields().retryable);
    // A root of one's own cannot be told from an inspecting proxy's.
    let ids: Vec<&str> = failure
        .error
        .fields()
        .diagnosis
        .iter()
        .map(|one| one.cause.name())
        .collect();
    assert_eq!(ids, ["TLS_INSPECTION", "MISSING_INTERMEDIATE"]);
    assert_eq!(server.connections(), 4);
}

#[test]
fn a_store_broken_while_running_leaves_the_old_one_in_use() {
    let scratch = Scratch::new();
    let bundle = scratch.file("roots.pem", &[&pki().crt("g1")]);
    let server = Server::tls(pki().server(&["leaf1"]), |peer| {
        if peer.request().is_some() {
            peer.last_answer();
        }
    });
    let mut settings = settings(&bundle, server.port);
    settings.trust.reload = Duration::ZERO;
    let client = Transport::shared(settings).unwrap();
    send(&client, server.port, "GET", b"").ok();
    for broken in [
        "",
        "garbage",
        "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
    ] {
        std::fs::write(&bundle, broken).unwrap();
        send(&client, server.port, "GET", b"").ok();
    }
    std::fs::remove_file(&bundle).unwrap();
    send(&client, server.port, "GET", b"").ok();
    let info = client.info();
    assert_eq!((info.store_reloads, info.roots), (0, 1));
    client.warm().unwrap();
}

#[test]
fn an_empty_store_is_its_own_error_and_says_what_to_install() {
    let scratch = Scratch::new();
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let cases: [(&str, TrustSettings); 3] = [
        ("empty file", trusting(&scratch.file("empty.pem", &[]))),
        ("missing file", trusting(&scratch.0.join("missing.pem"))),
        (
            "empty directory",
            TrustSettings {
                cert_dir: Some(scratch.0.clone().into()),
                ..TrustSettings::default()
            },
        ),
    ];
    for (name, trust) in cases {
        let mut settings = Settings::new(origin(HOST, server.port));
        settings.trust = trust;
        let client = Transport::shared(settings).unwrap();
        let error = client.warm().unwrap_err();
        assert_eq!(error.status(), Status::NoTrustRoots, "{name}");
        let failure = failed_with(
            send(&client, server.port, "POST", b"{}"),
            Status::NoTrustRoots,
            Outcome::NotSent,
        );
        let text = failure.error.to_string();
        for part in [
            "Install the package ca-certificates",
            "SSL_CERT_FILE",
            scratch.0.to_str().unwrap(),
        ] {
            assert!(text.contains(part), "{name}: {part}: {text}");
        }
    }
    assert_eq!(server.connections(), 0);
}

/// S7: rustls would accept both.
#[test]
fn a_non_ca_certificate_in_the_store_cannot_issue() {
    let scratch = Scratch::new();
    let bundle = scratch.file("roots.pem", &[&pki().crt("g1"), &pki().crt("selfsigned")]);
    for chain in [vec!["rogue", "selfsigned"], vec!["selfsigned"]] {
        let server = Server::tls(pki().server(&chain), Peer::serve);
        let client = client_of(&bundle, server.port);
        let sent = send(&client, server.port, "GET", b"");
        failed_with(sent, Status::TlsUnknownIssuer, Outcome::NotSent);
        let info = client.info();
        assert_eq!((info.roots, info.not_a_ca.len()), (1, 1));
        assert!(info.not_a_ca[0].contains("CN=selfsigned"), "{info:?}");
    }
    let only = scratch.file("only.pem", &[&pki().crt("selfsigned")]);
    let error = client_of(&only, 1).warm().unwrap_err();
    assert_eq!(error.status(), Status::NoTrustRoots);
    assert!(error.to_string().contains("CA:FALSE"), "{error}");
    for (name, ok) in [
        ("g1", true),
        ("inter", true),
        ("selfsigned", false),
        ("leaf1", false),
    ] {
        let der = pki().certificates(name).remove(0);
        let result = crate::net::check_extra_ca(&der);
        assert_eq!(result.is_ok(), ok, "{name}");
        if let Err(error) = result {
            assert_eq!(error.status(), Status::InvalidArgument);
        }
    }
    assert!(crate::net::check_extra_ca(b"no certificate").is_err());
}

#[test]
fn an_extra_ca_is_added_and_belongs_to_its_client_alone() {
    let server = Server::tls(pki().server(&["leaf2"]), Peer::serve);
    let mut with_extra = settings(&pki().crt("g1"), server.port);
    with_extra.trust.extra_ca = vec![pki().certificates("g2")[0].to_vec()];
    let with_extra = Transport::shared(with_extra).unwrap();
    send(&with_extra, server.port, "GET", b"").ok();
    assert_eq!(with_extra.info().roots, 2);
    // S5: no connection and no session of it is there for a client without the extra CA.
    let without = client(server.port);
    let sent = send(&without, server.port, "GET", b"");
    failed_with(sent, Status::TlsUnknownIssuer, Outcome::NotSent);
    assert_eq!(server.heads().len(), 1);
}

/// The store of the machine that runs the tests: every root that rustls would take and that may
/// be one is taken.
#[test]
fn the_systems_store_loads() {
    let client = Transport::shared(Settings::new(origin(HOST, 1))).unwrap();
    match client.warm() {
        Ok(()) => {
            let info = client.info();
            assert!(info.roots > 0);
            assert_eq!(info.ignored, 0, "{info:?}");
            assert!(info.not_a_ca.len() * 10 < info.roots, "{info:?}");
        }
        Err(error) => assert_eq!(error.status(), Status::NoTrustRoots),
    }
}

#[test]
fn equal_settings_share_one_transport_and_others_share_the_store() {
    let same = |reload: u64| {
        let mut settings = settings(&pki().crt("g1"), 1);
        settings.trust.reload = Duration::from_secs(reload);
        Transport::shared(settings).unwrap()
    };
    let (one, two, three) = (same(60), same(60), same(61));
    assert!(Arc::ptr_eq(&one, &two));
    assert!(!Arc::ptr_eq(&one, &three));
    one.warm().unwrap();
    let loads = three.info().store_loads;
    assert!(loads >= 1, "the store is loaded once for both");
    let again = {
        drop((one, two));
        same(60)
    };
    assert_eq!(again.info().requests, 0);
}

/// 1,000 different clients, warm, in a process where nothing else allocates.
#[test]
fn a_thousand_transports_are_small() {
    use crate::sys::process::{forking, in_child};
    let resident = || {
        let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        let pages = text.split(' ').nth(1).and_then(|pages| pages.parse().ok());
        pages.unwrap_or(0usize) * 4096
    };
    let roots = pki().crt("g1");
    let _alone = forking();
    let child = in_child(|| {
        let before = resident();
        let all: Vec<_> = (1..=1000u16)
            .map(|port| client_of(&roots, port))
            .inspect(|client| client.warm().unwrap())
            .collect();
        let grown = resident().saturating_sub(before) >> 20;
        drop(all);
        u8::try_from(grown).unwrap_or(254)
    });
    let megabytes = child.wait();
    assert!(megabytes < 20, "{megabytes} MB");
}
