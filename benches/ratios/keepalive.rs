//! A signed and verified request over a connection that is kept, against libcurl with OpenSSL.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use wxpay::client::Client;
use wxpay::http::Verified;
use wxpay::v3::prepare::prepare;

use super::files::{Files, MCHID, ORDER, PUBLIC_KEY_ID, SERIAL, TARGET};
use super::offline::sign;
use super::sampling::{ROUNDS, median};
use super::table::{Outcome, Row};

/// In a turn of one client, before the other has its own.
const REQUESTS: usize = 250;

/// Medians of one turn, in nanoseconds.
struct Turn {
    request: f64,
    signature: f64,
}

impl Turn {
    fn of(mut samples: Vec<(f64, f64)>) -> Turn {
        let side = |samples: &mut Vec<(f64, f64)>, pick: fn(&(f64, f64)) -> f64| {
            median(&mut samples.iter().map(pick).collect::<Vec<_>>())
        };
        Turn {
            request: side(&mut samples, |sample| sample.0),
            signature: side(&mut samples, |sample| sample.1),
        }
    }

    fn without_signature(&self) -> f64 {
        self.request - self.signature
    }
}

pub fn keep_alive(files: &Files) -> Vec<Row> {
    let program = match compiled(files.directory()) {
        Ok(program) => program,
        Err(why) => {
            return vec![Row {
                name: "keep-alive request",
                outcome: Outcome::Skipped(why),
                note: "against libcurl.".to_owned(),
            }];
        }
    };
    let server = Server::start(files);
    let mut curl = Curl::start(&program, files, server.port);
    let mut ours = Ours::new(files, server.port);
    ours.turn();
    curl.turn();
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        rounds.push(if round % 2 == 0 {
            let ours = ours.turn();
            (ours, curl.turn())
        } else {
            let curl = curl.turn();
            (ours.turn(), curl)
        });
    }
    let pairs = |of: fn(&Turn) -> f64| -> Vec<(f64, f64)> {
        rounds
            .iter()
            .map(|(ours, curl)| (of(ours), of(curl)))
            .collect()
    };
    let connections = format!(
        "{} connections of ours, {} of libcurl's in all",
        ours.connections(),
        curl.connections
    );
    vec![
        Row::of_times(
            "keep-alive request less signature",
            &pairs(Turn::without_signature),
            Some(1.0),
            format!(
                "`call` of a POST (signed, sent, answer verified), less the median of bare signatures made between the requests; against an easy handle of libcurl with OpenSSL that does the same with both keys parsed once, timeouts set on both, TLS 1.3 with AES-128-GCM, one server; {connections}."
            ),
        ),
        Row::of_times(
            "keep-alive request whole",
            &pairs(|turn| turn.request),
            None,
            "the same with each side's own signature (aws-lc-rs, OpenSSL).",
        ),
        Row::of_times(
            "bare signatures of both",
            &pairs(|turn| turn.signature),
            None,
            "what was taken off: RSA-2048 by aws-lc-rs and by OpenSSL's EVP.",
        ),
    ]
}

struct Ours {
    client: std::sync::Arc<Client>,
    key: aws_lc_rs::signature::RsaKeyPair,
    to_sign: Vec<u8>,
}

impl Ours {
    fn new(files: &Files, port: u16) -> Ours {
        let mut config = files.config();
        config
            .set("base_url", &format!("https://localhost:{port}"))
            .expect("a URL");
        let client = Client::new(&config).expect("the configuration is complete");
        let request =
            wxpay::v3::compose::request("POST", TARGET, ORDER.as_bytes()).expect("a request");
        let prepared = prepare(&client.merchant, &request, wxpay::time::clock()).expect("it signs");
        Ours {
            to_sign: prepared.signed().expect("signed").to_sign.clone(),
            client,
            key: files.merchant_key(),
        }
    }

    fn turn(&mut self) -> Turn {
        let one = |_| {
            let start = Instant::now();
            let answer = self
                .client
                .call("POST", TARGET, ORDER.as_bytes())
                .unwrap_or_else(|error| panic!("{error:?}"));
            let request = start.elapsed();
            assert_eq!(answer.verified, Verified::Signature);
            let start = Instant::now();
            sign(&self.key, &self.to_sign);
            (request.as_nanos() as f64, start.elapsed().as_nanos() as f64)
        };
        Turn::of((0..REQUESTS).map(one).collect())
    }

    fn connections(&self) -> u64 {
        let info: serde_json::Value =
            serde_json::from_str(&self.client.info()).expect("info is JSON");
        info["connections"].as_u64().expect("a number")
    }
}

struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(files: &Files) -> Server {
        let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
            .arg("serve")
            .arg(files.directory())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("it says its port");
        Server {
            child,
            port: line.trim().parse().expect("a port"),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

struct Curl {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    connections: u64,
}

impl Curl {
    fn start(program: &Path, files: &Files, port: u16) -> Curl {
        let mut child = Command::new(program)
            .arg(format!("https://localhost:{port}{TARGET}"))
            .arg(files.path("tls-root.pem"))
            .args([MCHID, SERIAL])
            .arg(files.path("rsa2048.pem"))
            .arg(PUBLIC_KEY_ID)
            .arg(files.path("other-public.pem"))
            .arg(files.path("order.json"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        Curl {
            input: child.stdin.take(),
            output: BufReader::new(child.stdout.take().expect("piped")),
            child,
            connections: 0,
        }
    }

    fn turn(&mut self) -> Turn {
        let input = self.input.as_mut().expect("open until the end");
        writeln!(input, "{REQUESTS}").expect("it listens");
        let mut samples = Vec::with_capacity(REQUESTS);
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).expect("it answers");
            let (first, second) = line.trim().split_once(' ').expect("curl_client failed");
            if first == "end" {
                self.connections = second.parse().expect("a number");
                return Turn::of(samples);
            }
            samples.push((
                first.parse().expect("a number"),
                second.parse().expect("a number"),
            ));
        }
    }
}

impl Drop for Curl {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// benches/curl_client.c as a program; libcurl's headers are installed when that is possible.
fn compiled(directory: &Path) -> Result<PathBuf, String> {
    let program = directory.join("curl_client");
    let build = || {
        let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
        let output = Command::new(compiler)
            .args(["-O2", "-Wall", "-Wextra", "-o"])
            .arg(&program)
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/benches/curl_client.c"
            ))
            .args(["-lcurl", "-lcrypto"])
            .output()
            .map_err(|error| format!("no C compiler: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(format!(
            "benches/curl_client.c does not compile (libcurl4-openssl-dev, libssl-dev): {}",
            said.lines()
                .find(|line| line.contains("error"))
                .unwrap_or("")
        ))
    };
    if build().is_err() && is_root() {
        let _ = Command::new("sh")
            .args(["-c", "apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev libcurl4-openssl-dev libssl-dev"])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .output();
    }
    build().map(|()| program)
}

fn is_root() -> bool {
    // SAFETY: has no preconditions.
    unsafe { libc::geteuid() == 0 }
}
