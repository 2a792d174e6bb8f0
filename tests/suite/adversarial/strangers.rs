//! Chains that break a rule, that nobody in the store issued, or that claim to be somebody's.

use wxpay::error::Status::{NoTrustRoots, TlsBadChain, TlsUnknownIssuer};

use super::drive::drive;
use super::row::Expect::Passes;
use super::row::Other;
use super::row::Serve::Openssl;
use super::row::{Row, row, unsent};

#[test]
fn each_refused_chain_gives_its_status_and_diagnosis() {
    drive(
        "adversarial::strangers::each_refused_chain_gives_its_status_and_diagnosis",
        &rows(),
    );
}

pub fn rows() -> Vec<Row> {
    [rules(), strangers()].concat()
}

fn rules() -> Vec<Row> {
    let bad = |diagnosis| unsent(TlsBadChain, diagnosis);
    vec![
        row(
            "the intermediate may issue for example.com only",
            Openssl("@narrowed"),
            "g1",
            bad("BAD_SERVER_CHAIN"),
        ),
        row(
            "a client's certificate (extended key usage)",
            Openssl("@purpose"),
            "g1",
            bad("BAD_SERVER_CHAIN"),
        ),
        row(
            "SHA-1 signature",
            Openssl("@sha1 -cipher ALL:@SECLEVEL=0"),
            "g1",
            bad("BAD_SERVER_CHAIN"),
        ),
        row(
            "RSA of 1024 bits",
            Openssl("@weak -cipher ALL:@SECLEVEL=0"),
            "g1",
            bad("WEAK_KEY"),
        ),
        row(
            "changed signature under an intermediate",
            Openssl("@flipped"),
            "g1",
            bad("BAD_CHAIN_SIGNATURE"),
        ),
        row(
            "changed signature under the root",
            Openssl("@flippeddirect"),
            "g1",
            bad("FAKE_ROOT"),
        ),
    ]
}

fn strangers() -> Vec<Row> {
    let issuer = |diagnosis| unsent(TlsUnknownIssuer, diagnosis);
    let trusted = "a server's own certificate is no root, whoever put it into the store: its key could vouch for every host";
    vec![
        row(
            "self-signed, no CA",
            Openssl("@selfleaf"),
            "g1",
            issuer("SELF_SIGNED"),
        )
        .says("small CA"),
        row(
            "self-signed, no CA, in the store",
            Openssl("@selfleaf"),
            "g1 selfleaf",
            issuer("SELF_SIGNED"),
        )
        .says("small CA")
        .others(Other::Passes)
        .because(trusted),
        row(
            "self-signed, no CA, alone in the store",
            Openssl("@selfleaf"),
            "selfleaf",
            unsent(NoTrustRoots, "NO_TRUST_ROOTS"),
        )
        .others(Other::Passes)
        .because(trusted),
        row(
            "issued by a self-signed certificate that is no CA, in the store",
            Openssl("@vouched"),
            "g1 selfleaf",
            issuer("SELF_SIGNED"),
        )
        .says("small CA"),
        row(
            "self-signed CA as server",
            Openssl("@selfca"),
            "g1",
            unsent(TlsBadChain, "CA_AS_SERVER"),
        ),
        row(
            "self-signed CA as server, in the store",
            Openssl("@selfca"),
            "g1 selfca",
            unsent(TlsBadChain, "CA_AS_SERVER"),
        )
        .others(Other::Passes)
        .because("a CA is no server, in the store or not: let it issue a server certificate"),
        row(
            "private CA, sent too",
            Openssl("@inspected"),
            "g1",
            issuer("TLS_INSPECTION"),
        )
        .says("Example Corp Inspection CA"),
        row(
            "private CA behind an intermediate, sent too",
            Openssl("@inspected_deep"),
            "g1",
            issuer("TLS_INSPECTION"),
        )
        .post()
        .says("Example Corp Inspection CA"),
        row(
            "private CA, not sent",
            Openssl("@inspected_alone"),
            "g1",
            issuer("TLS_INSPECTION"),
        )
        .says("Example Corp Inspection CA"),
        row(
            "private CA in the store",
            Openssl("@inspected"),
            "g1 rogue",
            Passes,
        ),
        row(
            "a root's name over another key, sent too",
            Openssl("@forged"),
            "g1",
            unsent(TlsBadChain, "FAKE_ROOT"),
        )
        .says("Test Global Root CA"),
        row(
            "a root's name over another key, not sent",
            Openssl("@forgedsilent"),
            "g1",
            unsent(TlsBadChain, "FAKE_ROOT"),
        )
        .says("Test Global Root CA"),
        row(
            "a root's name over a key of another kind",
            Openssl("@forgedrsa"),
            "g1",
            unsent(TlsBadChain, "FAKE_ROOT"),
        )
        .says("Test Global Root CA"),
    ]
}
