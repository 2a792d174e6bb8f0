//! The case of WeChat Pay's server certificate guideline, for the tests of every language: a
//! server whose chain ends in "DigiCert Global Root G2", and a store that holds only
//! "DigiCert Global Root CA" (G1). Names and key identifier are the real ones, the keys ours.
//!
//! ```text
//! let case = Case::start();                  // the server runs until `case` is dropped
//! // in a process with SSL_CERT_FILE = case.store and without SSL_CERT_DIR:
//! //   a client of case.config() gets PATH: TLS_UNKNOWN_ISSUER (310), NOT_SENT, ROOT_NOT_IN_STORE
//! case.add_root();
//! //   the same client gets PATH again: a verified answer
//! ```

use std::path::PathBuf;

use serde_json::{Map, Value};
use wxpay::error::Outcome;
use wxpay::error::Status::{TlsBadChain, TlsUnknownIssuer};

use super::drive::Target;
use super::judge::{listed, verdict};
use super::row::{Expect, HOST, unsent};
use super::servers::Server;
use super::stage::{Stage, alone};

/// What a GET or POST of the case asks for.
pub const PATH: &str = "/v3/answer";

/// In the error's text or its diagnosis.
pub const SAYS: &[&str] = &["DigiCert Global Root G2 is not in this store"];

pub struct Case {
    server: Server,
    stage: Stage,
    /// PEM, for SSL_CERT_FILE.
    pub store: PathBuf,
}

impl Case {
    /// Its answers are signed when it starts and good for five minutes.
    pub fn start() -> Case {
        let stage = Stage::new();
        let server = Server::python(&stage, "server.py", "--tls @digicert serve");
        let store = stage.bundle("store.pem", "digicert_g1");
        Case {
            server,
            stage,
            store,
        }
    }

    pub fn target(&self) -> Target {
        Target::new(HOST, self.server.port)
    }

    /// For `wxpay_config_load_json`: a merchant, WeChat Pay's host, and the binding of its name to
    /// the server.
    pub fn config(&self) -> Value {
        let config = self.target().config().unwrap();
        let all = config
            .iter()
            .map(|(name, value)| (name.to_string(), Value::from(value.to_string())));
        Value::Object(all.collect::<Map<_, _>>())
    }

    /// Adds the new root to the store in place, as an update of ca-certificates does.
    pub fn add_root(&self) {
        self.stage.bundle("store.pem", "digicert_g1 digicert_g2");
    }

    /// Requests that the server has read.
    pub fn requests(&self) -> usize {
        self.server.said("request")
    }
}

#[test]
fn a_server_under_g2_and_a_store_with_g1_only_is_named_and_cured_in_place() {
    if !alone(
        "adversarial::guideline::a_server_under_g2_and_a_store_with_g1_only_is_named_and_cured_in_place",
        &[],
    ) {
        return;
    }
    for method in ["GET", "POST"] {
        let case = Case::start();
        let client = case.target().client(Some(&case.store)).unwrap();
        let body: &[u8] = if method == "GET" { b"" } else { b"{}" };
        let call = || client.call(method, PATH, body).map(drop);
        let refused = unsent(TlsUnknownIssuer, "ROOT_NOT_IN_STORE");
        let wrong = verdict(&refused, SAYS, call());
        assert!(wrong.is_empty(), "{method}: {wrong:#?}");
        assert_eq!(case.requests(), 0, "{method}");
        case.add_root();
        let wrong = verdict(&Expect::Passes, &[], call());
        assert!(wrong.is_empty(), "{method}: {wrong:#?}");
        assert_eq!(case.requests(), 1, "{method}");
    }
}

/// What a language loads is the client of this test.
#[test]
fn the_case_as_json_is_a_configuration() {
    if !alone(
        "adversarial::guideline::the_case_as_json_is_a_configuration",
        &[],
    ) {
        return;
    }
    let case = Case::start();
    case.add_root();
    let mut config = wxpay::config::Config::default();
    config.load_json(&case.config().to_string()).unwrap();
    crate::safety::child::set("SSL_CERT_FILE", case.store.to_str());
    let client = wxpay::client::Client::new(&config).unwrap();
    let wrong = verdict(
        &Expect::Passes,
        &[],
        client.call("GET", PATH, b"").map(drop),
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Names and key identifiers prove nothing: with the real root in the store the same chain is a
/// forgery.
#[test]
fn a_chain_in_the_name_of_the_real_g2_is_a_forgery() {
    if !alone(
        "adversarial::guideline::a_chain_in_the_name_of_the_real_g2_is_a_forgery",
        &[],
    ) {
        return;
    }
    let real =
        std::fs::read("/usr/share/ca-certificates/mozilla/DigiCert_Global_Root_G2.crt").unwrap();
    for chain in ["digicert", "digicertrsa"] {
        let case = Case::start();
        case.stage.place("store.pem", &real);
        let server = Server::python(&case.stage, "server.py", &format!("--tls @{chain} serve"));
        let client = Target::new(HOST, server.port)
            .client(Some(&case.store))
            .unwrap();
        let error = client.call("POST", PATH, b"{}").unwrap_err();
        let found = format!("{chain}: {error} {}", listed(&error));
        // By the kind of its key it is a wrong signature or nobody's.
        assert!(
            [TlsBadChain, TlsUnknownIssuer].contains(&error.status()),
            "{found}"
        );
        assert_eq!(error.fields().outcome, Outcome::NotSent, "{found}");
        assert!(
            found.contains("[FAKE_ROOT: ") && found.contains("DigiCert Global Root G2"),
            "{found}"
        );
        assert_eq!(server.said("request"), 0);
    }
}
