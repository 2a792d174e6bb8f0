//! S1, S24: what an error says after a panic inside the transport, where only a panic that is
//! asked for can be.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use super::Client;
use crate::config::Config;
use crate::error::{Outcome, Status};
use crate::panic::injected;

const API_V3_KEY: &str = "0123456789abcdefghijklmnopqrstuv";

/// Reads whole requests and answers 400 to each.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut buffer = [0; 8192];
                while socket.read(&mut buffer).is_ok_and(|read| read > 0) {
                    let _ = socket.write_all(
                        b"HTTP/1.1 400 X\r\nRequest-ID: A\r\nContent-Length: 22\r\n\r\n{\"code\":\"PARAM_ERROR\"}",
                    );
                }
            });
        }
    });
    url
}

fn openssl(arguments: &[&str], input: &str) -> String {
    String::from_utf8(crate::key::tests::openssl(arguments, input.as_bytes())).unwrap()
}

fn client() -> (Arc<Client>, String) {
    let generate = [
        "genpkey",
        "-algorithm",
        "RSA",
        "-pkeyopt",
        "rsa_keygen_bits:2048",
    ];
    let pem = openssl(&generate, "");
    let public = openssl(&["pkey", "-pubout"], &openssl(&generate, ""));
    let mut config = Config::default();
    for (name, value) in [
        ("mchid", "1900000001"),
        ("merchant_serial", "0A4A"),
        ("private_key", &pem),
        ("api_v3_key", API_V3_KEY),
        ("public_key_id", "PUB_KEY_ID_1"),
        ("public_key", &public),
        ("base_url", &server()),
    ] {
        config.set(name, value).unwrap();
    }
    (Client::new(&config).unwrap(), pem)
}

#[test]
fn a_panic_is_not_sent_only_before_the_first_write() {
    let (client, pem) = client();
    let piece = pem.lines().nth(5).unwrap();
    for warm in [false, true] {
        for (place, want) in [
            ("before the first write", Outcome::NotSent),
            ("after the first write", Outcome::Unknown),
        ] {
            let case = format!("{place}, warm: {warm}");
            if warm {
                client.call("POST", "/v3/x", b"{}").unwrap_err();
            }
            injected::at(place);
            let error = client.call("POST", "/v3/x", b"{}").unwrap_err();
            assert_eq!(error.status(), Status::Panic, "{case}: {error}");
            assert_eq!(error.fields().outcome, want, "{case}: {error}");
            assert!(!error.fields().retryable, "{case}");
            let text = format!("{error} {error:?} {}", error.to_json());
            assert!(text.contains(place), "{case}: {text}");
            for secret in [API_V3_KEY, piece, "signature="] {
                assert!(!text.contains(secret), "{case}: {text}");
            }
            // The client goes on.
            let next = client.call("POST", "/v3/x", b"{}").unwrap_err();
            assert_eq!(next.fields().outcome, Outcome::Rejected, "{case}: {next}");
        }
    }
}
