//! How the simulator starts and ends, and how long it keeps a connection.

use crate::harness::*;
use serde_json::json;
use std::io::Read as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

#[test]
fn it_ends_when_it_was_told_to() {
    let dir = directory();
    let start = Instant::now();
    // A later --max-seconds would be refused as given twice, so this one starts the command itself.
    let mut command = command(env!("CARGO_BIN_EXE_wxpay"));
    let output = command
        .args(["simulate", "--max-seconds", "1", "--dir"])
        .arg(&dir)
        .output()
        .unwrap();
    assert!(output.status.success() && start.elapsed() >= Duration::from_secs(1));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        printed.starts_with("https://127.0.0.1:") && printed.lines().count() == 1,
        "{printed:?}"
    );
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "",
        "silent while nothing is asked"
    );

    let mut sim = Sim::start_in(dir, &[]);
    assert!(
        run("kill", &["-TERM", &sim.child.id().to_string()], b"")
            .status
            .success()
    );
    let status = wait_for("the end after SIGTERM", || sim.child.try_wait().unwrap());
    assert!(status.success(), "{status}");
}

#[test]
fn it_does_not_outlive_its_parent() {
    let dir = directory();
    let binary = env!("CARGO_BIN_EXE_wxpay");
    // The shell is the parent; it ends when the simulator is ready, and standard output closes with the simulator.
    let script = r#""$0" simulate --dir "$1" --max-seconds 60 --exit-with-parent & while [ ! -e "$1/merchant.json" ]; do sleep 0.05; done; sleep 0.5"#;
    let mut shell = command("sh")
        .args(["-c", script, binary])
        .arg(&dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    let mut printed = String::new();
    shell
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut printed)
        .unwrap();
    assert!(shell.wait().unwrap().success() && printed.starts_with("https://"));
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "it ended with the shell, not after --max-seconds"
    );
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn other_machines_are_let_in_only_when_asked_for() {
    let dir = directory();
    let refused = simulator(&dir, &["--listen", "0.0.0.0:0"])
        .output()
        .unwrap();
    assert!(
        !refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("--expose")
    );
    assert!(!dir.exists(), "nothing was made");
    let refused = simulator(&dir, &["--time-scale", "0"]).output().unwrap();
    assert!(
        !refused.status.success()
            && String::from_utf8_lossy(&refused.stderr).contains("--time-scale")
    );

    let exposed = Sim::start(&["--listen", "0.0.0.0:0", "--expose"]);
    assert!(exposed.base.starts_with("https://127.0.0.1:"));
    let host = |host: &str| {
        exposed
            .send(&Call::new("GET", "/v3/certificates", b"").header(&format!("Host: {host}")))
            .status
    };
    assert_eq!(
        (host("localhost:9000"), host("evil.example")),
        (200, 403),
        "a published port has another number"
    );
    let other = Sim::start(&["--listen", "127.0.0.9:0"]);
    assert!(other.base.starts_with("https://127.0.0.9:"));
    assert_eq!(
        other.query("/v3/certificates").status,
        200,
        "its certificate names the address"
    );
}

#[test]
fn a_connection_is_kept_and_closed_after_eight_idle_seconds() {
    let sim = Sim::start(&[]);
    let (ca, url) = (sim.path("ca.pem"), format!("{}/_sim/stats", sim.base));
    let two = run(
        "curl",
        &["-sS", "--noproxy", "*", "--cacert", &ca, &url, &url],
        b"",
    );
    assert!(two.status.success());
    assert_eq!(
        sim.stats()["connections"],
        2,
        "one for both requests of curl, one for this"
    );

    // -verify_return_error: openssl too finds the chain good, for the address and for the name.
    let open_until = |name: &[&str], stays: bool| {
        let address = format!("127.0.0.1:{}", sim.port());
        let mut client = command("openssl")
            .args([
                "s_client",
                "-connect",
                &address,
                "-CAfile",
                &ca,
                "-verify_return_error",
                "-quiet",
                "-no_ign_eof",
            ])
            .args(name)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Without this, waiting would close it and openssl would leave first.
        let stdin = client.stdin.take().filter(|_| stays);
        let start = Instant::now();
        let status = client.wait().unwrap();
        drop(stdin);
        let mut errors = String::new();
        client
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut errors)
            .unwrap();
        (status.success(), start.elapsed().as_secs_f64(), errors)
    };
    let (verified, _, errors) = open_until(&["-verify_hostname", "localhost"], false);
    assert!(verified, "{errors}");
    let (verified, _, errors) = open_until(&["-verify_hostname", "api.mch.weixin.qq.com"], false);
    assert!(
        !verified && errors.contains("hostname mismatch"),
        "{errors}"
    );
    let (verified, idle, errors) = open_until(&["-verify_ip", "127.0.0.1"], true);
    assert!(verified, "{errors}");
    assert!((7.5..12.0).contains(&idle), "closed after {idle} s");
}

#[test]
fn http_2_is_not_offered() {
    let sim = Sim::start(&[]);
    let arguments = [
        "-sS",
        "-o",
        "/dev/null",
        "-w",
        "%{http_version} %{ssl_verify_result}",
        "--noproxy",
        "*",
        "--http2",
        "--cacert",
    ];
    let (ca, url) = (sim.path("ca.pem"), format!("{}/_sim/stats", sim.base));
    let output = run(
        "curl",
        &[&arguments[..], &[ca.as_str(), url.as_str()]].concat(),
        b"",
    );
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "1.1 0");
    assert_eq!(
        sim.control("GET", "/_sim/nothing", &json!(null)).status,
        404
    );
    assert_eq!(sim.control("PUT", "/_sim/stats", &json!(null)).status, 405);
}
