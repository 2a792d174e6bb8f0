//! `--config` and `--env` against a simulator.

use crate::machine::{Machine, Run};
use crate::tools::{directory, unique, wait_for};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// `wxpay simulate`; ends by itself, whatever happens to the test.
pub struct Simulator {
    child: Child,
    pub dir: PathBuf,
    pub merchant: Value,
}

impl Simulator {
    pub fn start(options: &[&str]) -> Simulator {
        let dir = directory();
        let mut child = Command::new(env!("CARGO_BIN_EXE_wxpay"))
            .args(["simulate", "--max-seconds", "120", "--dir"])
            .arg(&dir)
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let text = wait_for("merchant.json", || {
            std::fs::read_to_string(dir.join("merchant.json")).ok()
        });
        Simulator {
            child,
            dir,
            merchant: serde_json::from_str(&text).unwrap(),
        }
    }

    pub fn path(&self, name: &str) -> String {
        self.dir.join(name).to_str().unwrap().to_owned()
    }

    /// `127.0.0.1:PORT`
    pub fn authority(&self) -> String {
        self.merchant["base_url"]
            .as_str()
            .unwrap()
            .replace("https://", "")
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// S24: nothing of what is secret, in any form of the report.
fn no_secret(run: &Run, simulator: &Simulator, also: &str) {
    let key = std::fs::read_to_string(simulator.path("apiclient_key.pem")).unwrap();
    let key = key.lines().nth(1).unwrap();
    for secret in [
        key,
        simulator.merchant["api_v3_key"].as_str().unwrap(),
        simulator.merchant["api_v2_key"].as_str().unwrap(),
    ] {
        assert!(
            !run.out.contains(secret) && !run.err.contains(secret) && !also.contains(secret),
            "{secret} is shown"
        );
    }
}

#[test]
fn a_configuration_is_checked_and_its_server_probed_namespace() {
    let simulator = Simulator::start(&[]);
    let machine = Machine::healthy().set("SSL_CERT_FILE", simulator.path("ca.pem"));
    let page = machine.path("report.html");
    let run = machine.wxpay(&[
        "doctor",
        "--json",
        "--html",
        &page,
        "--config",
        &simulator.path("merchant.json"),
    ]);
    let report = run.json();
    assert_eq!(
        report["config"]["keys"]["mchid"],
        simulator.merchant["mchid"]
    );
    assert_eq!(report["probe"]["status"], 0, "{}", report["probe"]);
    assert_eq!(report["probe"]["tls"]["trusted"], true);
    assert_eq!(
        report["probe"]["http"]["status"], 401,
        "{}",
        report["probe"]["http"]
    );
    assert!(
        report["clock"]["skew_s"].as_i64().unwrap().abs() <= 2,
        "{}",
        report["clock"]
    );
    assert!(
        run.ids().contains(&"SIMULATOR_IDENTITY".to_owned()),
        "S13: {:?}",
        run.ids()
    );
    no_secret(&run, &simulator, &std::fs::read_to_string(page).unwrap());
    no_secret(
        &machine.wxpay(&["doctor", "--config", &simulator.path("merchant.json")]),
        &simulator,
        "",
    );
}

#[test]
fn an_extra_ca_of_the_configuration_is_what_the_probe_trusts_namespace() {
    let simulator = Simulator::start(&[]);
    let mut merchant = simulator.merchant.clone();
    merchant["extra_ca_file"] = simulator.path("ca.pem").into();
    let machine = Machine::healthy();
    let config = machine.write("merchant.json", &merchant.to_string());
    let config = config.to_str().unwrap();
    let with = machine.wxpay(&["doctor", "--json", "--config", config]);
    assert_eq!(with.json()["probe"]["status"], 0);
    let without = machine.wxpay(&[
        "doctor",
        "--json",
        "--config",
        &simulator.path("merchant.json"),
    ]);
    assert_eq!(without.json()["probe"]["status"], 310, "TLS_UNKNOWN_ISSUER");
    assert_eq!(without.status, 2);
}

#[test]
fn the_clock_is_compared_with_the_servers_namespace() {
    let simulator = Simulator::start(&["--now-offset", "-400"]);
    let machine = Machine::healthy().set("SSL_CERT_FILE", simulator.path("ca.pem"));
    let run = machine.wxpay(&[
        "doctor",
        "--json",
        "--config",
        &simulator.path("merchant.json"),
    ]);
    let skew = run.json()["clock"]["skew_s"].as_i64().unwrap();
    assert!((398..=402).contains(&skew), "{skew}");
    assert_eq!(run.finding("CLOCK_SKEW")["severity"], "error");
}

#[test]
fn a_configuration_from_variables_namespace() {
    let simulator = Simulator::start(&[]);
    let mut machine = Machine::healthy().set("SSL_CERT_FILE", simulator.path("ca.pem"));
    for (name, value) in simulator.merchant.as_object().unwrap() {
        if !name.starts_with('_') {
            machine = machine.set(
                &format!("SHOP_WXPAY_{}", name.to_uppercase()),
                value.as_str().unwrap(),
            );
        }
    }
    let run = machine.wxpay(&["doctor", "--json", "--env", "SHOP_WXPAY_"]);
    let report = run.json();
    assert_eq!(
        report["config"]["keys"]["mchid"],
        simulator.merchant["mchid"]
    );
    assert_eq!(report["probe"]["status"], 0);
    no_secret(&run, &simulator, "");
    for wrong in ["HTTP_", "wxpay_", "WXPAY"] {
        let run = machine.wxpay(&["doctor", "--env", wrong]);
        assert_eq!(run.status, 3, "{wrong}");
        assert!(run.err.contains("prefix must be upper case"), "{}", run.err);
    }
}

/// Then the machine is still looked at: the merchant has two problems, perhaps.
#[test]
fn a_configuration_that_is_wrong_is_a_finding_namespace() {
    for (text, id) in [
        ("{", "MALFORMED_JSON"),
        (r#"{"mchid": 1}"#, "MALFORMED_JSON"),
        (r#"{"mchidd": "1900000109"}"#, "CONFIG_UNKNOWN_KEY"),
        (r#"{"mchid": "1900000109"}"#, "CONFIG_INCOMPLETE"),
    ] {
        let machine = Machine::healthy();
        let config = machine.write(&unique("merchant"), text);
        let run = machine.wxpay(&[
            "doctor",
            "--json",
            "--offline",
            "--config",
            config.to_str().unwrap(),
        ]);
        assert_eq!(run.status, 2, "{text}");
        assert_eq!(run.ids()[0], id, "{text}");
        assert_eq!(run.json()["trust"]["verdict"], "ok", "{text}");
    }
}
