//! S5, S6, S7: one process, many merchants: nobody's trust, connection or key becomes another's.

use std::sync::Arc;

use wxpay::client::Client;
use wxpay::config::Config;

use super::alerts::{OpensslServer, make_pki};
use super::child;
use super::wechat::{self, NOWHERE, code, key, refused, with};
use crate::simulator::fresh_dir;

/// 203 is our word for "TLS was fine, but this is not WeChat Pay"; 310 for "nobody issued it".
fn status(config: &Config) -> i32 {
    let client = Client::new(config).unwrap();
    code(&refused("s_server", client.call("GET", "/v3/x", b"")))
}

#[test]
fn a_tenants_ca_and_binding_are_his_alone() {
    if !child::runs_here(
        "safety::tenants::a_tenants_ca_and_binding_are_his_alone",
        &[],
        &[],
    ) {
        return;
    }
    let (own, foreign) = (fresh_dir("own"), fresh_dir("interceptor"));
    make_pki(&own);
    make_pki(&foreign);
    let server = OpensslServer::start(&own, &["-www"]);
    let interceptor = OpensslServer::start(&foreign, &["-www"]);
    let base = format!("https://localhost:{}", server.port);
    let bound = format!("127.0.0.1:{}", interceptor.port);
    let (own_ca, foreign_ca) = (own.join("ca.pem"), foreign.join("ca.pem"));
    let a = with(
        &base,
        &[
            ("extra_ca_file", foreign_ca.to_str().unwrap()),
            ("bind_host.localhost", &bound),
            ("trust_env", "0"),
        ],
    );
    let b = with(&base, &[("trust_env", "0")]);
    let c = with(
        &base,
        &[
            ("extra_ca_file", own_ca.to_str().unwrap()),
            ("trust_env", "0"),
        ],
    );
    let (client_a, client_b, client_c) = (
        Client::new(&a).unwrap(),
        Client::new(&b).unwrap(),
        Client::new(&c).unwrap(),
    );
    for round in 0..2 {
        for (name, client, want) in [
            ("A", &client_a, 203),
            ("B", &client_b, 310),
            ("C", &client_c, 203),
        ] {
            let error = refused(name, client.call("GET", "/v3/x", b""));
            assert_eq!(code(&error), want, "{name}, round {round}: {error}");
        }
    }
    // Also when A's connection, session ticket and client are gone, and for new clients.
    drop(client_a);
    assert_eq!((status(&b), status(&c), status(&a)), (310, 203, 203));
}

/// S6: what one script put into the environment ends with its client.
#[test]
fn a_store_from_the_environment_belongs_to_the_client_that_read_it() {
    if !child::runs_here(
        "safety::tenants::a_store_from_the_environment_belongs_to_the_client_that_read_it",
        &[],
        &[],
    ) {
        return;
    }
    let (own, attacker) = (fresh_dir("own"), fresh_dir("attacker"));
    make_pki(&own);
    make_pki(&attacker);
    let good = OpensslServer::start(&own, &["-www"]);
    let evil = OpensslServer::start(&attacker, &["-www"]);
    let (own_ca, evil_ca) = (own.join("ca.pem"), attacker.join("ca.pem"));
    let own_ca = own_ca.to_str().unwrap();
    let to = |server: &OpensslServer, more: &[(&str, &str)]| {
        with(
            &format!("https://localhost:{}", server.port),
            &[&[("extra_ca_file", own_ca)], more].concat(),
        )
    };
    let first = Client::new(&to(&good, &[])).unwrap();
    assert_eq!(
        code(&refused("1", first.call("GET", "/v3/x", b""))),
        203,
        "client 1 has the system's store and its own CA"
    );
    let to_evil_before = Client::new(&to(&evil, &[])).unwrap();

    child::set("SSL_CERT_FILE", evil_ca.to_str());
    let second = to(&evil, &[]);
    let without = with(&format!("https://localhost:{}", good.port), &[]);
    assert_eq!(
        status(&without),
        310,
        "client 2 fails, and looks at the store again"
    );
    assert_eq!(
        status(&second),
        203,
        "client 2 trusts what its environment said"
    );
    assert_eq!(
        status(&to(&evil, &[("trust_env", "0")])),
        310,
        "trust_env = 0 does not"
    );
    let kept = Client::new(&second).unwrap();
    assert_eq!(
        code(&refused("before", to_evil_before.call("GET", "/v3/x", b""))),
        310,
        "made before setenv"
    );

    child::set("SSL_CERT_FILE", None);
    assert_eq!(
        status(&to(&evil, &[])),
        310,
        "client 3 must not trust the attacker's CA"
    );
    assert_eq!(
        code(&refused("before", to_evil_before.call("GET", "/v3/x", b""))),
        310
    );
    assert_eq!(
        code(&refused("2", kept.call("GET", "/v3/x", b""))),
        203,
        "client 2 keeps its own for life"
    );
    assert_eq!(status(&to(&good, &[])), 203);
}

/// S7, through a client: a server's own certificate in the store issues nothing, and is named.
#[test]
fn a_non_ca_certificate_in_the_store_cannot_issue() {
    if !child::runs_here(
        "safety::tenants::a_non_ca_certificate_in_the_store_cannot_issue",
        &[],
        &[],
    ) {
        return;
    }
    let dir = fresh_dir("snakeoil");
    make_pki(&dir);
    let made = std::process::Command::new("sh")
        .args(["-ec", "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout leaf.key -out leaf.pem -days 9 \
             -subj /CN=localhost -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:localhost
             openssl x509 -req -in server.csr -CA leaf.pem -CAkey leaf.key -set_serial 7 -days 9 -extfile ext -out issued.pem
             cat leaf.pem ca.pem >store.pem"])
        .current_dir(&dir)
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    child::set("SSL_CERT_FILE", dir.join("store.pem").to_str());
    for (case, cert, private) in [
        ("the certificate itself", "leaf.pem", "leaf.key"),
        ("issued by it", "issued.pem", "server.key"),
    ] {
        let server = OpensslServer::start(&dir, &["-www", "-cert", cert, "-key", private]);
        let client =
            Client::new(&with(&format!("https://localhost:{}", server.port), &[])).unwrap();
        let error = refused(case, client.call("GET", "/v3/x", b""));
        assert_eq!(
            (code(&error), error.fields().outcome as i32),
            (310, 1),
            "{case}: {error}"
        );
        let info: serde_json::Value = serde_json::from_str(&client.info()).unwrap();
        assert_eq!(
            info["store"]["not_a_ca"].as_array().unwrap().len(),
            1,
            "{case}: {info}"
        );
        assert_eq!(info["store"]["roots"], 1, "{case}: {info}");
    }
    let leaf = dir.join("leaf.pem");
    let error = refused(
        "extra_ca",
        Client::new(&with(NOWHERE, &[("extra_ca_file", leaf.to_str().unwrap())])),
    );
    assert_eq!(code(&error), 100, "{error}");
}

/// S5 (c): equal in every key, value, file and variable, or not the same client.
#[test]
fn shared_gives_the_same_client_only_to_an_equal_whole_configuration() {
    if !child::runs_here(
        "safety::tenants::shared_gives_the_same_client_only_to_an_equal_whole_configuration",
        &[],
        &[],
    ) {
        return;
    }
    let dir = fresh_dir("shared");
    let file = dir.join("pub.pem");
    let path = file.to_str().unwrap();
    std::fs::write(&file, &key(1).public_pem).unwrap();
    let build = |changes: &[(&str, &str)]| {
        let base = [
            ("shared", "1"),
            ("public_key", ""),
            ("public_key_file", path),
            ("proxy_from_env", "1"),
        ];
        Client::new(&with(NOWHERE, &[&base[..], changes].concat())).unwrap()
    };
    let first = build(&[]);
    assert!(Arc::ptr_eq(&first, &build(&[])), "equal");
    for change in [
        ("private_key", key(3).pem.as_str()),
        ("api_v3_key", "0123456789abcdefghijklmnopqrstuw"),
        ("mchid", "1900000002"),
        ("merchant_serial", "0C"),
        ("base_url", "http://127.0.0.1:10"),
        ("timeout_ms", "9999"),
        ("trust_env", "0"),
        ("bind_host.api.mch.weixin.qq.com", "127.0.0.1:1"),
        ("user_agent", "x"),
        ("shared", "0"),
    ] {
        assert!(!Arc::ptr_eq(&first, &build(&[change])), "{}", change.0);
    }
    assert!(Arc::ptr_eq(&first, &build(&[])), "still equal");
    for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR", "https_proxy", "NO_PROXY"] {
        child::set(variable, Some("http://127.0.0.1:1"));
        assert!(!Arc::ptr_eq(&first, &build(&[])), "{variable}");
        child::set(variable, None);
        assert!(Arc::ptr_eq(&first, &build(&[])), "{variable} unset");
    }
    // The same path with another key in it.
    std::fs::write(&file, &key(2).public_pem).unwrap();
    let other = build(&[]);
    assert!(!Arc::ptr_eq(&first, &other));
    assert_ne!(first.info(), other.info());
    // Without `shared` never, however equal.
    let alone = || Client::new(&wechat::config(NOWHERE)).unwrap();
    assert!(!Arc::ptr_eq(&alone(), &alone()));
}
