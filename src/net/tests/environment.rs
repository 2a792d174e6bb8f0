//! What the environment must not decide. The variables are set for a second run of this test
//! program, because a process's environment belongs to all its tests.

use std::process::Command;

use super::*;

/// Runs one test of this program with these variables; its output when it fails.
fn again(test: &str, variables: &[(&str, String)]) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--include-ignored", "--test-threads=1"])
        .envs(
            variables
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        )
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

/// S29 and trust.md §1.3: no key log; a proxy only when configured, and HTTP_PROXY never.
#[test]
fn no_key_log_and_no_proxy_from_the_environment() {
    let scratch = Scratch::new();
    let log = scratch.0.join("keys.log");
    let proxy = Server::plain(|_| {});
    let url = format!("http://127.0.0.1:{}", proxy.port);
    let variables = [
        ("SSLKEYLOGFILE", log.display().to_string()),
        ("HTTP_PROXY", url.clone()),
        ("http_proxy", url.clone()),
        ("HTTPS_PROXY", url.clone()),
        ("https_proxy", url.clone()),
        ("ALL_PROXY", url.clone()),
        ("all_proxy", "socks5://127.0.0.1:1".to_owned()),
    ];
    again(
        "net::tests::basics::a_request_goes_out_byte_for_byte_and_its_connection_is_kept",
        &variables,
    );
    assert!(!log.exists());
    assert_eq!(proxy.connections(), 0);
}

/// S6: what a client did not see when it was made decides nothing, however often it reloads.
#[test]
fn a_store_that_the_environment_names_later_is_not_trusted() {
    let scratch = Scratch::new();
    let file = scratch.0.join("attacker.pem");
    again(
        "net::tests::environment::with_a_store_in_the_environment",
        &[("SSL_CERT_FILE", file.display().to_string())],
    );
}

#[test]
#[ignore = "run by the test above, with SSL_CERT_FILE set"]
fn with_a_store_in_the_environment() {
    let file = std::env::var_os("SSL_CERT_FILE").unwrap();
    std::fs::copy(pki().crt("g1"), &file).unwrap();
    let server = Server::tls(pki().server(&["leaf1"]), Peer::serve);
    let with = |trust: TrustSettings| {
        let mut settings = Settings::new(origin(HOST, server.port));
        settings.trust = trust;
        Transport::shared(settings).unwrap()
    };
    for trust in [TrustSettings::default(), TrustSettings::from_env(false)] {
        let failure = send(&with(trust), server.port, "POST", b"{}").failure();
        let status = failure.error.status();
        assert!(
            matches!(status, Status::TlsUnknownIssuer | Status::NoTrustRoots),
            "{}",
            failure.error
        );
    }
    let seen = TrustSettings::from_env(true);
    assert_eq!(seen.cert_file, Some(file));
    send(&with(seen), server.port, "POST", b"{}").ok();
}
