//! TLS versions and parameters, names asked for, client certificates, and peers that break off.

use wxpay::error::Status::{
    Connect, KeyCertMismatch, KeyFormat, Timeout, TlsClientCertificate, TlsHandshake,
    TlsNameMismatch,
};

use super::drive::drive;
use super::row::Expect::{Passes, Refused};
use super::row::Other;
use super::row::Serve::{Nginx, Nobody, Openssl, Python};
use super::row::{Row, row, unknown, unsent};

#[test]
fn each_handshake_gives_its_status_and_diagnosis() {
    drive(
        "adversarial::handshakes::each_handshake_gives_its_status_and_diagnosis",
        &rows(),
    );
}

pub fn rows() -> Vec<Row> {
    [parameters(), clients(), broken()].concat()
}

fn parameters() -> Vec<Row> {
    let common = || unsent(TlsHandshake, "NO_COMMON_TLS");
    let old = || unsent(TlsHandshake, "OLD_TLS");
    let suites = "TLS 1.3, or TLS 1.2 with ECDHE and AES-GCM or ChaCha20, is needed";
    vec![
        row(
            "TLS 1.0 only",
            Openssl("@rsa -tls1 -cipher ALL:@SECLEVEL=0"),
            "g1",
            old(),
        )
        .post(),
        row(
            "TLS 1.1 only",
            Openssl("@rsa -tls1_1 -cipher ALL:@SECLEVEL=0"),
            "g1",
            old(),
        ),
        row(
            "TLS 1.2 with RSA key exchange only",
            Openssl("@rsa -tls1_2 -cipher AES128-SHA"),
            "g1",
            common(),
        )
        .others(Other::Passes)
        .because(suites),
        row(
            "TLS 1.2 with CBC only",
            Openssl("@rsa -tls1_2 -cipher ECDHE-RSA-AES128-SHA256"),
            "g1",
            common(),
        )
        .others(Other::Passes)
        .because(suites),
        row(
            "TLS 1.2 with DHE only",
            Openssl("@rsa -tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256"),
            "g1",
            common(),
        )
        .others(Other::Passes)
        .because(suites),
        row("P-521 only", Openssl("@rsa -curves P-521"), "g1", common())
            .others(Other::Passes)
            .because("X25519, P-256 or P-384 is needed"),
        row(
            "TLS 1.2 with ECDHE and AES-GCM",
            Openssl("@rsa -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256"),
            "g1",
            Passes,
        ),
        row("TLS 1.3 only", Openssl("@leaf1 -tls1_3"), "g1", Passes),
        row(
            "TLS 1.2 only, from nginx",
            Nginx("rsa", "ssl_protocols TLSv1.2;"),
            "g1",
            Passes,
        ),
        row(
            "the name is refused by an alert",
            Openssl(
                "@leaf1 -servername other.example -servername_fatal -cert2 other.crt -key2 other.key",
            ),
            "g1",
            unsent(TlsNameMismatch, "HOST_IP_MISMATCH"),
        ),
        row(
            "the name is unknown and the default certificate comes",
            Openssl("@other -servername other.example -cert2 other.crt -key2 other.key"),
            "g1",
            unsent(TlsNameMismatch, "WRONG_SERVER"),
        ),
    ]
}

const M13: &str = "@leaf1 -tls1_3 -Verify 2 -verify_return_error -CAfile client_ca.crt";
const M12: &str = "@leaf1 -tls1_2 -Verify 2 -verify_return_error -CAfile client_ca.crt";

fn with(mut row: Row, certificate: &'static str, key: &'static str) -> Row {
    row = row.set("client_certificate_file", certificate);
    row.set("client_key_file", key)
}

/// In TLS 1.3 the refusal comes after the request: UNKNOWN. In TLS 1.2 it comes before.
fn clients() -> Vec<Row> {
    let missing = "CLIENT_CERTIFICATE_MISSING";
    let refused = "CLIENT_CERTIFICATE_REFUSED";
    let after = |diagnosis| unknown(TlsClientCertificate, diagnosis);
    let before = |diagnosis| unsent(TlsClientCertificate, diagnosis);
    let server = "@client.crt";
    vec![
        row(
            "client certificate wanted, none there, TLS 1.3",
            Openssl(M13),
            "g1",
            after(missing),
        )
        .post(),
        row(
            "client certificate wanted, none there, TLS 1.2",
            Openssl(M12),
            "g1",
            before(missing),
        )
        .post(),
        with(
            row(
                "client certificate, key in PKCS#8",
                Openssl(M13),
                "g1",
                Passes,
            ),
            server,
            "@client.key",
        ),
        with(
            row(
                "client certificate, key in PKCS#1",
                Openssl(M13),
                "g1",
                Passes,
            ),
            server,
            "@client_pkcs1.key",
        ),
        with(
            row("client certificate, TLS 1.2", Openssl(M12), "g1", Passes),
            server,
            "@client.key",
        ),
        with(
            row(
                "client certificate of another CA, TLS 1.3",
                Openssl(M13),
                "g1",
                after(refused),
            )
            .post(),
            "@stranger.crt",
            "@stranger.key",
        ),
        with(
            row(
                "client certificate of another CA, TLS 1.2",
                Openssl(M12),
                "g1",
                before(refused),
            )
            .post(),
            "@stranger.crt",
            "@stranger.key",
        ),
        with(
            row(
                "server certificate as client certificate",
                Openssl(M13),
                "g1",
                after(refused),
            )
            .post(),
            "@notclient.crt",
            "@notclient.key",
        ),
        with(
            row(
                "client key of another certificate",
                Openssl(M13),
                "g1",
                Refused(KeyCertMismatch),
            ),
            server,
            "@stranger.key",
        ),
        with(
            row(
                "client certificate file without a certificate",
                Openssl(M13),
                "g1",
                Refused(KeyFormat),
            ),
            "@nothing.crt",
            "@client.key",
        ),
    ]
}

fn broken() -> Vec<Row> {
    let cut = || unsent(TlsHandshake, "HANDSHAKE_CUT");
    let late = || unsent(Timeout, "HANDSHAKE_TIMEOUT");
    let clear = || unsent(TlsHandshake, "PLAINTEXT_ON_TLS_PORT");
    vec![
        row(
            "nobody listens",
            Nobody,
            "g1",
            unsent(Connect, "CONNECT_FAILED"),
        ),
        row("accepts and says nothing", Python("hang"), "g1", late())
            .post()
            .waits(true),
        row(
            "says nothing after ClientHello",
            Python("hang-after-hello"),
            "g1",
            late(),
        )
        .post()
        .waits(true),
        row(
            "FIN after ClientHello",
            Python("fin-after-hello"),
            "g1",
            cut(),
        )
        .post(),
        row(
            "RST after ClientHello",
            Python("rst-after-hello"),
            "g1",
            cut(),
        )
        .post(),
        row(
            "FIN within ServerHello",
            Python("half-server-hello"),
            "g1",
            cut(),
        )
        .post(),
        row("plain HTTP", Python("plaintext"), "g1", clear()).post(),
        row("bytes that are no TLS", Python("garbage"), "g1", clear()).post(),
        row(
            "alert 40 (handshake_failure)",
            Python("alert-40"),
            "g1",
            unsent(TlsHandshake, "NO_COMMON_TLS"),
        )
        .post(),
        row(
            "alert 80 (internal_error)",
            Python("alert-80"),
            "g1",
            unsent(TlsHandshake, "TLS_REFUSED"),
        )
        .post(),
    ]
}
