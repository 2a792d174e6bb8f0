//! The system's own store, changed as administrators and packages change it; in a mount
//! namespace, without SSL_CERT_FILE.

use std::path::Path;
use std::process::Command;

use wxpay::error::Status::{NoTrustRoots, TlsUnknownIssuer};

use super::drive::Target;
use super::guideline;
use super::judge::verdict;
use super::namespace::apart;
use super::row::Expect::{self, Passes};
use super::row::{HOST, unsent};
use super::servers::{Server, command};
use super::stage::Stage;

const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";
const LOCAL: &str = "/usr/local/share/ca-certificates";

fn update_ca_certificates() {
    let output = Command::new("update-ca-certificates").output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn add(stage: &Stage, name: &str) {
    std::fs::copy(
        stage.file(&format!("{name}.crt")),
        Path::new(LOCAL).join(format!("{name}.crt")),
    )
    .unwrap();
    update_ca_certificates();
}

/// Whether curl and Python, without a word about a store, get an answer.
fn others(stage: &Stage, port: u16) -> [bool; 2] {
    let url = format!("https://{HOST}/v3/answer");
    let address = format!("127.0.0.1:{port}");
    let mut curl = command("curl", &stage.dir);
    curl.args([
        "-sS",
        "-o",
        "/dev/null",
        "--max-time",
        "8",
        "--connect-to",
        &format!("{HOST}:443:{address}"),
        &url,
    ]);
    let mut python = command("python3", &stage.dir);
    python.args([&format!("{}/client.py", super::stage::HERE), &url, &address]);
    [curl, python].map(|mut one| one.output().unwrap().status.success())
}

#[test]
fn the_guidelines_case_is_cured_by_update_ca_certificates_without_a_restart() {
    if !apart(
        "adversarial::system::the_guidelines_case_is_cured_by_update_ca_certificates_without_a_restart",
    ) {
        return;
    }
    let stage = Stage::new();
    let server = Server::python(&stage, "server.py", "--tls @digicert serve");
    add(&stage, "digicert_g1");
    let client = Target::new(HOST, server.port).client(None).unwrap();
    let call = || client.call("POST", "/v3/answer", b"{}").map(drop);
    let wrong = verdict(
        &unsent(TlsUnknownIssuer, "ROOT_NOT_IN_STORE"),
        guideline::SAYS,
        call(),
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(others(&stage, server.port), [false, false]);
    add(&stage, "digicert_g2");
    let wrong = verdict(&Passes, &[], call());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(others(&stage, server.port), [true, true]);
}

#[test]
fn the_places_of_the_system_are_read_as_documented() {
    if !apart("adversarial::system::the_places_of_the_system_are_read_as_documented") {
        return;
    }
    let stage = Stage::new();
    let server = Server::python(&stage, "server.py", "--tls @leaf1 serve");
    let snakeoil = Server::python(&stage, "server.py", "--tls @selfleaf serve");
    let unknown = || unsent(TlsUnknownIssuer, "ROOT_NOT_IN_STORE");
    let copy = |name: &str, to: &str| {
        std::fs::create_dir_all(Path::new(to).parent().unwrap()).unwrap();
        std::fs::copy(stage.file(name), to).unwrap();
    };
    let der = || {
        let mut openssl = command("openssl", &stage.dir);
        openssl.args([
            "x509",
            "-in",
            "g1.crt",
            "-outform",
            "DER",
            "-out",
            "/etc/ssl/certs/g1.der",
        ]);
        assert!(openssl.status().unwrap().success());
    };
    type Case<'a> = (&'a str, &'a dyn Fn(), &'a Server, Expect, &'a [&'a str]);
    let cases: [Case; 6] = [
        (
            "no store, as in a container without ca-certificates",
            &|| {},
            &server,
            unsent(NoTrustRoots, "NO_TRUST_ROOTS"),
            &[BUNDLE, "apt-get install ca-certificates"],
        ),
        (
            "a bundle where RHEL and TencentOS have it",
            &|| {
                copy(
                    "g1.crt",
                    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                )
            },
            &server,
            Passes,
            &[],
        ),
        (
            "a root in the directory that the bundle lacks",
            &|| {
                copy("g2.crt", BUNDLE);
                copy("g1.crt", "/etc/ssl/certs/any-name.pem")
            },
            &server,
            Passes,
            &[],
        ),
        (
            "a root in DER",
            &|| {
                copy("g2.crt", BUNDLE);
                der()
            },
            &server,
            unknown(),
            &[],
        ),
        (
            "another root",
            &|| copy("g2.crt", BUNDLE),
            &server,
            unknown(),
            &["Test Global Root CA"],
        ),
        (
            "the self-signed certificate that a package left in the directory",
            &|| {
                copy("g1.crt", BUNDLE);
                copy("selfleaf.crt", "/etc/ssl/certs/ssl-cert-snakeoil.pem")
            },
            &snakeoil,
            unsent(TlsUnknownIssuer, "SELF_SIGNED"),
            &[],
        ),
    ];
    for (name, place, server, expect, says) in cases {
        for dir in ["/etc/ssl/certs", "/etc/pki"] {
            let _ = std::fs::remove_dir_all(dir);
        }
        std::fs::create_dir_all("/etc/ssl/certs").unwrap();
        place();
        let client = Target::new(HOST, server.port).client(None).unwrap();
        let wrong = verdict(
            &expect,
            says,
            client.call("POST", "/v3/answer", b"{}").map(drop),
        );
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    }
}
