//! One bad server a row, and what the error says; the servers that need an independent TLS
//! implementation are `openssl s_server`.

use std::process::{Child, Command, Stdio};

use super::*;
use crate::net::ClientAuth;
use crate::secret::Secret;

struct Openssl {
    child: Child,
    port: u16,
}

impl Drop for Openssl {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `openssl s_server -www` with the certificate of this name.
fn openssl(certificate: &str, more: &str) -> Openssl {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let child = Command::new("openssl")
        .args([
            "s_server",
            "-www",
            "-quiet",
            "-accept",
            &format!("127.0.0.1:{port}"),
        ])
        .arg("-cert")
        .arg(pki().crt(certificate))
        .arg("-key")
        .arg(pki().key(certificate))
        .args(more.split(' ').filter(|part| !part.is_empty()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Openssl { child, port };
    for _ in 0..200 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return server;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("openssl s_server does not listen");
}

#[test]
fn openssl_and_this_client_understand_each_other() {
    for options in ["", "-tls1_2", "-tls1_3"] {
        let server = openssl("leaf1", options);
        let client = client(server.port);
        let answer = send(&client, server.port, "GET", b"").ok();
        assert_eq!(answer.status, 200);
        assert!(String::from_utf8_lossy(&answer.body).contains("Cipher"));
    }
}

#[test]
fn each_bad_certificate_has_its_status() {
    let rows: [(&[&str], Status, &str); 7] = [
        (&["leaf2"], Status::TlsUnknownIssuer, "trust store"),
        (&["selfsigned"], Status::TlsUnknownIssuer, "trust store"),
        (&["deep"], Status::TlsUnknownIssuer, "intermediate"),
        (&["expired"], Status::TlsExpired, "2021-01-01T00:00:00Z"),
        (&["future"], Status::TlsNotYetValid, "2040-01-01T00:00:00Z"),
        (&["other"], Status::TlsNameMismatch, "other.example"),
        (&["g1"], Status::TlsBadChain, "certificate of a CA"),
    ];
    for (chain, status, text) in rows {
        let server = Server::tls(pki().server(chain), Peer::serve);
        let client = client(server.port);
        let sent = send(&client, server.port, "POST", b"{}");
        let failure = failed_with(sent, status, Outcome::NotSent);
        let fields = failure.error.fields();
        let all = format!("{} {:?}", failure.error, fields.diagnosis);
        assert!(all.contains(text), "{chain:?}: {all}");
        assert!(!fields.diagnosis.is_empty() && !fields.hint.is_empty());
        assert!(fields.retryable, "{chain:?}");
        assert!(server.heads().is_empty());
    }
    let server = Server::tls(pki().server(&["deep", "inter"]), Peer::serve);
    send(&client(server.port), server.port, "GET", b"").ok();
}

#[test]
fn weak_keys_and_old_versions_are_refused() {
    let rows = [
        (
            "weak",
            "-cipher ALL:@SECLEVEL=0",
            Status::TlsBadChain,
            "weak",
        ),
        (
            "leaf1",
            "-tls1_1 -cipher ALL:@SECLEVEL=0",
            Status::TlsHandshake,
            "TLS 1.1",
        ),
        (
            "leaf1",
            "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA",
            Status::TlsHandshake,
            "in common",
        ),
    ];
    for (certificate, options, status, text) in rows {
        let server = openssl(certificate, options);
        let client = client(server.port);
        let failure = failed_with(
            send(&client, server.port, "POST", b"{}"),
            status,
            Outcome::NotSent,
        );
        let all = format!("{} {:?}", failure.error, failure.error.fields().diagnosis);
        assert!(all.contains(text), "{options}: {all}");
    }
}

fn client_auth(name: &str) -> ClientAuth {
    let chain = pki()
        .certificates(name)
        .iter()
        .map(|one| one.to_vec())
        .collect();
    ClientAuth::new(chain, Secret::new(pki().key_der(name).secret_der())).unwrap()
}

/// S1: in TLS 1.3 the refusal comes after the request was sent.
#[test]
fn a_server_that_wants_a_client_certificate() {
    let wanted = format!(
        "-Verify 2 -verify_return_error -CAfile {}",
        pki().crt("client-ca").display()
    );
    let thirteen = openssl("leaf1", &format!("-tls1_3 {wanted}"));
    let twelve = openssl("leaf1", &format!("-tls1_2 {wanted}"));
    let failure = failed_with(
        send(&client(thirteen.port), thirteen.port, "POST", b"{}"),
        Status::TlsClientCertificate,
        Outcome::Unknown,
    );
    assert!(failure.wrote_all && !failure.response_started && !failure.error.fields().retryable);
    failed_with(
        send(&client(twelve.port), twelve.port, "POST", b"{}"),
        Status::TlsClientCertificate,
        Outcome::NotSent,
    );
    for (name, ok) in [("client", true), ("leaf2", false)] {
        for server in [&thirteen, &twelve] {
            let mut settings = settings(&pki().crt("g1"), server.port);
            settings.client_auth = Some(client_auth(name));
            let sent = send(
                &Transport::shared(settings).unwrap(),
                server.port,
                "GET",
                b"",
            );
            if ok {
                sent.ok();
            } else {
                assert_eq!(sent.failure().error.status(), Status::TlsClientCertificate);
            }
        }
    }
}

/// S5: each client's own certificate, never a connection or session of the other.
#[test]
fn a_client_certificate_belongs_to_its_client_alone() {
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(pki().certificates("client-ca").remove(0))
        .unwrap();
    roots.add(pki().certificates("g1").remove(0)).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
        Arc::new(roots),
        Arc::clone(&provider),
    )
    .allow_unauthenticated()
    .build()
    .unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(pki().certificates("leaf1"), pki().key_der("leaf1"))
        .unwrap();
    let server = Server::tls(Arc::new(config), |peer| {
        while peer.request().is_some() {
            let who = peer.client_certificate().unwrap_or_default();
            peer.answer(&who);
        }
    });
    let client_with = |auth: Option<&str>| {
        let mut settings = settings(&pki().crt("g1"), server.port);
        settings.client_auth = auth.map(client_auth);
        Transport::shared(settings).unwrap()
    };
    let (one, two, none) = (
        client_with(Some("client")),
        client_with(Some("client2")),
        client_with(None),
    );
    let print = |name: &str| format!("{:?}", pki().certificates(name)[0]);
    for _ in 0..2 {
        for (client, expected) in [
            (&one, print("client")),
            (&none, String::new()),
            (&two, print("client2")),
        ] {
            let answer = send(client, server.port, "POST", b"{}").ok();
            assert_eq!(String::from_utf8(answer.body).unwrap(), expected);
        }
    }
    assert_eq!(server.connections(), 3);
    assert!(Arc::ptr_eq(&one, &client_with(Some("client"))));
}

#[test]
fn a_client_key_of_another_certificate_is_refused_when_it_is_given() {
    let chain = vec![pki().certificates("client")[0].to_vec()];
    let other = Secret::new(pki().key_der("leaf1").secret_der());
    let status = |result: crate::error::Result<ClientAuth>| result.unwrap_err().status();
    assert_eq!(
        status(ClientAuth::new(chain.clone(), other)),
        Status::KeyCertMismatch
    );
    assert_eq!(
        status(ClientAuth::new(chain, Secret::new(b"no key"))),
        Status::KeyFormat
    );
    assert_eq!(
        status(ClientAuth::new(Vec::new(), Secret::new(b""))),
        Status::KeyFormat
    );
    let shown = format!("{:?}", client_auth("client"));
    assert!(shown.contains("<secret"), "{shown}");
}

#[test]
fn not_tls_at_all() {
    let server = Server::plain(|peer| {
        let mut byte = [0; 512];
        let _ = peer.read(&mut byte);
        peer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
    let failure = failed_with(
        send(&client(server.port), server.port, "POST", b"{}"),
        Status::TlsHandshake,
        Outcome::NotSent,
    );
    assert_eq!(
        failure.error.fields().diagnosis[0].cause.name(),
        "PLAINTEXT_ON_TLS_PORT"
    );
    let closes = Server::plain(|peer| {
        let mut byte = [0; 16];
        let _ = peer.read(&mut byte);
        peer.fin();
    });
    failed_with(
        send(&client(closes.port), closes.port, "POST", b"{}"),
        Status::TlsHandshake,
        Outcome::NotSent,
    );
}

/// S29: an upgrade of rustls cannot change these unseen.
#[test]
fn the_tls_settings_are_what_was_decided() {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(pki().certificates("g1").remove(0)).unwrap();
    let roots = Arc::new(roots);
    let config = crate::net::tls::client_config(&roots, None).unwrap();
    let golden = "\
versions: TLSv1_3 TLSv1_2 
suite: TLS13_AES_256_GCM_SHA384
suite: TLS13_AES_128_GCM_SHA256
suite: TLS13_CHACHA20_POLY1305_SHA256
suite: TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
suite: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
suite: TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
suite: TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
suite: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
suite: TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
group: X25519
group: secp256r1
group: secp384r1
alpn: []
sni: true
early data: false
key log: NoKeyLog
secret extraction: false
certificate decompressors: 0
certificate compressors: 0
client certificate: false
fragment size: None
";
    assert_eq!(crate::net::tls::described(&config), golden);
    let config = crate::net::tls::client_config(&roots, Some(&client_auth("client"))).unwrap();
    assert!(crate::net::tls::described(&config).contains("client certificate: true"));
}
