//! Client certificates of refunds and red packets: apiclient_cert.p12, old and new, and the two
//! PEM files, against `openssl s_server` that takes nobody without one.

use std::path::Path;
use std::process::Command;

use wxpay::client::Client;
use wxpay::error::Status;

use super::super::alerts::{OpensslServer, make_pki};
use super::super::wechat::{NOWHERE, refused};
use super::{config, request};
use crate::simulator::fresh_dir;

/// s_server answers GET only.
const PAGE: &str = "/papay/entrustweb";

/// In `dir`: apiclient_cert.pem and _key.pem of a CA of their own, old.p12 and new.p12 under the
/// merchant number, odd.p12 under another password, old.b64.
fn make_client(dir: &Path) {
    let script = "openssl req -x509 -newkey rsa:2048 -nodes -keyout clients.key -out clients.pem -days 30 -subj /CN=clients -addext basicConstraints=critical,CA:TRUE
        openssl req -newkey rsa:2048 -nodes -keyout apiclient_key.pem -out c.csr -subj /CN=1900000001
        printf 'basicConstraints=CA:FALSE\\n' >client.ext
        openssl x509 -req -in c.csr -extfile client.ext -CA clients.pem -CAkey clients.key -CAcreateserial -days 30 -out apiclient_cert.pem
        openssl pkcs12 -export -legacy -in apiclient_cert.pem -inkey apiclient_key.pem -certfile clients.pem -passout pass:1900000001 -out old.p12
        openssl pkcs12 -export -in apiclient_cert.pem -inkey apiclient_key.pem -passout pass:1900000001 -out new.p12
        openssl pkcs12 -export -in apiclient_cert.pem -inkey apiclient_key.pem -passout pass:planted-password -out odd.p12
        openssl base64 -in old.p12 -out old.b64
        openssl genpkey -algorithm RSA -out other.pem";
    let output = Command::new("sh")
        .args(["-ec", script])
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_server_that_wants_a_certificate_takes_the_p12_old_and_new() {
    let dir = fresh_dir("p12");
    make_pki(&dir);
    make_client(&dir);
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let content = |name: &str| std::fs::read_to_string(dir.join(name)).unwrap();
    for version in ["-tls1_2", "-tls1_3"] {
        let server = OpensslServer::start(
            &dir,
            &[
                "-www",
                version,
                "-Verify",
                "3",
                "-verify_return_error",
                "-CAfile",
                "clients.pem",
            ],
        );
        let url = format!("https://localhost:{}", server.port);
        let ca = path("ca.pem");
        let trust = [("extra_ca_file", ca.as_str()), ("trust_env", "0")];
        let (old, new, odd) = (path("old.p12"), path("new.p12"), path("odd.p12"));
        let (certificate, key, b64) = (
            path("apiclient_cert.pem"),
            path("apiclient_key.pem"),
            content("old.b64"),
        );
        let rows: &[(&str, &[(&str, &str)])] = &[
            ("old", &[("client_p12_file", &old)]),
            ("new", &[("client_p12_file", &new)]),
            ("base64", &[("client_p12", &b64)]),
            (
                "another password",
                &[
                    ("client_p12_file", &odd),
                    ("client_p12_password", "planted-password"),
                ],
            ),
            (
                "PEM",
                &[
                    ("client_certificate_file", &certificate),
                    ("client_key_file", &key),
                ],
            ),
        ];
        for (case, changes) in rows {
            let client = Client::new(&config(&url, &[&trust[..], changes].concat())).unwrap();
            let error = refused(case, client.v2_send(&request(&client, PAGE)));
            // The page of -www: it came through.
            assert_eq!(
                error.status(),
                Status::MalformedXml,
                "{version} {case}: {error}"
            );
        }
        let without = Client::new(&config(&url, &trust)).unwrap();
        let error = refused("none", without.v2_send(&request(&without, PAGE)));
        assert_eq!(
            error.status(),
            Status::TlsClientCertificate,
            "{version}: {error}"
        );
    }
}

#[test]
fn a_p12_that_cannot_be_used_is_told_when_the_client_is_made() {
    let dir = fresh_dir("p12-refused");
    make_client(&dir);
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let (old, odd, certificate, key) = (
        path("old.p12"),
        path("odd.p12"),
        path("apiclient_cert.pem"),
        path("apiclient_key.pem"),
    );
    type Row<'a> = (&'a [(&'a str, &'a str)], Status, &'a str);
    let rows: &[Row] = &[
        (
            &[("client_p12_file", &odd)],
            Status::KeyEncrypted,
            "password",
        ),
        (
            &[
                ("client_p12_file", &old),
                ("client_p12_password", "planted-password"),
            ],
            Status::KeyEncrypted,
            "password",
        ),
        (
            &[
                ("client_p12_file", &old),
                ("client_certificate_file", &certificate),
            ],
            Status::ConfigConflict,
            "client_certificate",
        ),
        (
            &[("client_p12_file", &old), ("client_key_file", &key)],
            Status::ConfigConflict,
            "client_key",
        ),
        (
            &[("client_p12_file", &old), ("client_p12", "AAAA")],
            Status::ConfigConflict,
            "client_p12",
        ),
        (&[("client_p12", "%%%")], Status::KeyFormat, "base64"),
        (&[("client_p12", "AAAA")], Status::KeyFormat, "PKCS#12"),
        (
            &[("client_p12_file", &certificate)],
            Status::KeyFormat,
            "PKCS#12",
        ),
        (
            &[("client_p12_file", "/nowhere/apiclient_cert.p12")],
            Status::FileUnreadable,
            "client_p12_file",
        ),
        (
            &[("client_p12_password", "planted-password")],
            Status::ConfigIncomplete,
            "client_p12_password",
        ),
    ];
    for (changes, status, says) in rows {
        let error = refused(changes, Client::new(&config(NOWHERE, changes)));
        assert_eq!(error.status(), *status, "{changes:?}: {error}");
        assert!(
            error.fields().message.contains(says),
            "{changes:?}: {error}"
        );
        let text = format!("{error} {error:?} {}", error.to_json());
        assert!(!text.contains("planted-password"), "{text}");
    }
}
