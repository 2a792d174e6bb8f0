//! Chains of public CAs: what is sent, what stands in the store, dates and names.

use wxpay::error::Status::{
    NoTrustRoots, TlsExpired, TlsNameMismatch, TlsNotYetValid, TlsUnknownIssuer,
};

use super::drive::drive;
use super::row::Expect::Passes;
use super::row::Other;
use super::row::Serve::{Nginx, Openssl};
use super::row::{Row, row, unsent};

#[test]
fn each_chain_and_store_gives_its_status_and_diagnosis() {
    drive(
        "adversarial::chains::each_chain_and_store_gives_its_status_and_diagnosis",
        &rows(),
    );
}

pub fn rows() -> Vec<Row> {
    [issuers(), dates_and_names()].concat()
}

fn issuers() -> Vec<Row> {
    vec![
        row(
            "chain of G1, both roots in the store",
            Openssl("@leaf1"),
            "g1 g2",
            Passes,
        ),
        row(
            "chain of G2, both roots in the store",
            Openssl("@leaf2"),
            "g1 g2",
            Passes,
        ),
        row(
            "chain of G2, from nginx",
            Nginx("leaf2", ""),
            "g1 g2",
            Passes,
        ),
        row(
            "chain of G2, only G1 in the store",
            Openssl("@leaf2"),
            "g1",
            unsent(TlsUnknownIssuer, "ROOT_NOT_IN_STORE"),
        )
        .says("Test Global Root G2"),
        row(
            "chain of G2, only G1 in the store, from nginx",
            Nginx("leaf2", ""),
            "g1",
            unsent(TlsUnknownIssuer, "ROOT_NOT_IN_STORE"),
        )
        .post()
        .says("Test Global Root G2"),
        row(
            "chain of G2 cross-signed by G1, only G1 in the store",
            Openssl("@crossed"),
            "g1",
            Passes,
        ),
        row(
            "chain of G2 cross-signed by G1, only G2 in the store",
            Openssl("@crossed"),
            "g2",
            Passes,
        ),
        row("the root is sent too", Openssl("@rooted"), "g2", Passes),
        row(
            "shuffled chain with foreign certificates",
            Openssl("@shuffled"),
            "g2",
            Passes,
        ),
        row(
            "empty store",
            Openssl("@leaf1"),
            "",
            unsent(NoTrustRoots, "NO_TRUST_ROOTS"),
        )
        .says("SSL_CERT_FILE")
        .says("ca-certificates"),
        row(
            "the intermediate is not sent",
            Openssl("@alone"),
            "g1 g2",
            unsent(TlsUnknownIssuer, "MISSING_INTERMEDIATE"),
        ),
        row(
            "another intermediate is sent",
            Openssl("@wronginter"),
            "g1 g2",
            unsent(TlsUnknownIssuer, "MISSING_INTERMEDIATE"),
        ),
        row(
            "the root in the store has expired",
            Openssl("@underold"),
            "oldroot",
            Passes,
        )
        .others(Other::Fails)
        .because("the validity of a root in the store is not checked; the trust report names it"),
        row(
            "revoked certificate, and a stapled OCSP answer that says so",
            Openssl("@revoked -status_file revoked.ocsp"),
            "g1",
            Passes,
        ),
    ]
}

fn dates_and_names() -> Vec<Row> {
    let mismatch = |diagnosis| unsent(TlsNameMismatch, diagnosis);
    vec![
        row(
            "the certificate expired a month ago",
            Openssl("@expired"),
            "g1",
            unsent(TlsExpired, "SERVER_CERT_EXPIRED"),
        ),
        row(
            "the certificate is valid from next month on",
            Openssl("@future"),
            "g1",
            unsent(TlsNotYetValid, "SERVER_CERT_NOT_YET_VALID"),
        ),
        row(
            "certificate of a server that is not WeChat Pay's",
            Openssl("@other"),
            "g1",
            mismatch("WRONG_SERVER"),
        )
        .says("other.example"),
        row(
            "certificate of another host of WeChat Pay",
            Openssl("@sibling"),
            "g1",
            mismatch("HOST_IP_MISMATCH"),
        )
        .says("apihk.mch.weixin.qq.com"),
        row(
            "common name without subjectAltName",
            Openssl("@cnonly"),
            "g1",
            mismatch("NO_NAME_IN_CERT"),
        )
        .others(Other::Passes)
        .because("a name counts only as a subjectAltName (RFC 9525)"),
        row(
            "URL by address, certificate for names",
            Openssl("@leaf1"),
            "g1",
            mismatch("URL_BY_IP"),
        )
        .host("127.0.0.1"),
        row(
            "URL by address, certificate for the address",
            Openssl("@address"),
            "g1",
            Passes,
        )
        .host("127.0.0.1"),
        row("wildcard for one label", Openssl("@wild1"), "g1", Passes),
        row(
            "wildcard two labels up",
            Openssl("@wild2"),
            "g1",
            mismatch("HOST_IP_MISMATCH"),
        ),
    ]
}
