//! A merchant of a simulator and the command in his name. Whatever a run prints is searched for his secrets.

use crate::harness::{Sim, run as tool, unique};
use serde_json::Value;
use std::process::{Command, Stdio};

pub struct Place {
    pub sim: Sim,
    pub config: String,
}

/// What a run left.
pub struct Run {
    pub status: i32,
    pub out: Vec<u8>,
    pub err: String,
}

impl Run {
    pub fn text(&self) -> String {
        String::from_utf8(self.out.clone()).expect("standard output is UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.text(), self.err))
    }

    /// Without the line breaks, which depend on the width.
    pub fn words(&self) -> String {
        let all = format!("{}{}", self.text(), self.err);
        all.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Place {
    pub fn new(options: &[&str]) -> Place {
        let sim = Sim::start(options);
        let mut place = Place {
            sim,
            config: String::new(),
        };
        place.config = place.with(&[]);
        place
    }

    /// The merchant's configuration with some keys set anew; empty removes. Trusts the simulator's CA.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let mut merchant = self.sim.merchant.clone();
        merchant["extra_ca_file"] = self.sim.path("ca.pem").into();
        for (name, value) in changes {
            if value.is_empty() {
                merchant.as_object_mut().unwrap().shift_remove(*name);
            } else {
                merchant[*name] = Value::from(*value);
            }
        }
        self.sim.file(merchant.to_string().as_bytes())
    }

    pub fn wxpay(&self, arguments: &[&str], input: &[u8]) -> Run {
        let config = self.config.clone();
        self.wxpay_as(&config, arguments, input)
    }

    pub fn wxpay_as(&self, config: &str, arguments: &[&str], input: &[u8]) -> Run {
        let mut all = arguments.to_vec();
        all.extend(["--config", config]);
        let run = wxpay(&all, &[], input);
        self.holds_no_secret(&run, &all);
        run
    }

    /// S24, and S33: not even when the key is what is talked about.
    pub fn holds_no_secret(&self, run: &Run, arguments: &[&str]) {
        let key = std::fs::read_to_string(self.sim.path("apiclient_key.pem")).unwrap();
        let mut secrets: Vec<&str> = key
            .lines()
            .filter(|line| line.len() == 64)
            .skip(1)
            .collect();
        secrets.extend([self.sim.get("api_v3_key"), self.sim.get("api_v2_key")]);
        let shown = format!("{}{}", String::from_utf8_lossy(&run.out), run.err);
        for secret in secrets {
            assert!(!shown.contains(secret), "{arguments:?} shows {secret}");
        }
    }

    /// An answer of the simulator as `curl --include` saved it, to a request that `wxpay sign` signed.
    pub fn saved_answer(&self, method: &str, target: &str, body: &[u8]) -> Vec<u8> {
        let signed = if body.is_empty() {
            self.wxpay(&["sign", method, target, "--headers"], b"")
        } else {
            self.wxpay(&["sign", method, target, "--headers", "--body", "-"], body)
        };
        assert_eq!(signed.status, 0, "{}", signed.err);
        let headers: Vec<String> = signed.text().lines().map(str::to_owned).collect();
        self.sim.curl(method, target, body, &headers).stdout
    }

    pub fn mchid(&self) -> &str {
        self.sim.get("mchid")
    }
}

pub fn wxpay(arguments: &[&str], environment: &[(&str, &str)], input: &[u8]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wxpay"));
    command
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A command that refuses its options does not read.
        let _ = std::io::Write::write_all(&mut stdin, &input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        out: output.stdout,
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The same with a terminal for standard output, by `script`.
pub fn on_a_terminal(arguments: &[&str]) -> String {
    let quoted: Vec<String> = arguments
        .iter()
        .map(|one| format!("'{}'", one.replace('\'', "'\\''")))
        .collect();
    let line = format!("{} {}", env!("CARGO_BIN_EXE_wxpay"), quoted.join(" "));
    let output = tool("script", &["-qec", &line, "/dev/null"], b"");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn number() -> String {
    unique("order")
}
