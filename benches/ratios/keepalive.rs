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
use super::sampling::median;
use super::table::{Outcome, Row};

/// Of one client, before the other has its turn.
const REQUESTS: usize = 20;
/// Of each client in a round.
const TURNS: usize = 10;
/// A round trip needs both processes to be scheduled, so it takes more rounds to outvote others.
const ROUNDS: usize = 51;

/// Nanoseconds of a request, of a bare signature after it, and of the processor for each.
type Sample = [f64; 4];

/// Medians of one round of one client.
struct Middle(Sample);

impl Middle {
    fn of(samples: &[Sample]) -> Middle {
        let side = |index: usize| {
            median(
                &mut samples
                    .iter()
                    .map(|sample| sample[index])
                    .collect::<Vec<_>>(),
            )
        };
        Middle(std::array::from_fn(side))
    }

    fn request(&self) -> f64 {
        self.0[0]
    }

    fn signature(&self) -> f64 {
        self.0[1]
    }

    fn without_signature(&self) -> f64 {
        self.0[0] - self.0[1]
    }

    fn busy_without_signature(&self) -> f64 {
        self.0[2] - self.0[3]
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
    ours.turn(&mut Vec::new());
    curl.turn(&mut Vec::new());
    let rounds: Vec<(Middle, Middle)> = (0..ROUNDS)
        .map(|_| {
            let (mut our_samples, mut curl_samples) = (Vec::new(), Vec::new());
            for number in 0..TURNS {
                if number % 2 == 0 {
                    ours.turn(&mut our_samples);
                    curl.turn(&mut curl_samples);
                } else {
                    curl.turn(&mut curl_samples);
                    ours.turn(&mut our_samples);
                }
            }
            (Middle::of(&our_samples), Middle::of(&curl_samples))
        })
        .collect();
    let pairs = |of: fn(&Middle) -> f64| -> Vec<(f64, f64)> {
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
            &pairs(Middle::without_signature),
            Some(1.0),
            format!(
                "`call` of a POST (signed, sent, answer verified), less the median of bare signatures made between the requests; against an easy handle of libcurl with OpenSSL that does the same with both keys parsed once, timeouts set on both, TLS 1.3 with AES-128-GCM, one server; {connections}."
            ),
        ),
        Row::of_times(
            "keep-alive processor time",
            &pairs(Middle::busy_without_signature),
            None,
            "of the first row, that of the calling thread, which other work on the machine disturbs less.",
        ),
        Row::of_times(
            "keep-alive request whole",
            &pairs(Middle::request),
            None,
            "the same with each side's own signature (aws-lc-rs, OpenSSL).",
        ),
        Row::of_times(
            "bare signatures of both",
            &pairs(Middle::signature),
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
            to_sign: prepared.signed().expect("signed").to_sign.to_vec(),
            client,
            key: files.merchant_key(),
        }
    }

    fn turn(&mut self, samples: &mut Vec<Sample>) {
        let one = |_| {
            let (start, busy) = (Instant::now(), processor_time());
            let answer = self
                .client
                .call("POST", TARGET, ORDER.as_bytes())
                .unwrap_or_else(|error| panic!("{error:?}"));
            let (busy_done, done) = (processor_time(), Instant::now());
            sign(&self.key, &self.to_sign);
            let (busy_signed, signed) = (processor_time(), Instant::now());
            assert_eq!(answer.verified, Verified::Signature);
            [
                (done - start).as_nanos() as f64,
                (signed - done).as_nanos() as f64,
                busy_done - busy,
                busy_signed - busy_done,
            ]
        };
        samples.extend((0..REQUESTS).map(one));
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
    connections: f64,
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
            connections: 0.0,
        }
    }

    fn turn(&mut self, samples: &mut Vec<Sample>) {
        let input = self.input.as_mut().expect("open until the end");
        writeln!(input, "{REQUESTS}").expect("it listens");
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).expect("it answers");
            let numbers: Vec<f64> = line
                .split_whitespace()
                .filter_map(|number| number.parse().ok())
                .collect();
            match numbers.as_slice() {
                [connections] => {
                    self.connections = *connections;
                    return;
                }
                sample => samples.push(sample.try_into().expect("curl_client failed")),
            }
        }
    }
}

impl Drop for Curl {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// benches/curl_client.c as a program.
fn compiled(directory: &Path) -> Result<PathBuf, String> {
    let program = directory.join("curl_client");
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
        return Ok(program);
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!(
        "benches/curl_client.c does not compile (libcurl4-openssl-dev, libssl-dev): {}",
        said.lines()
            .find(|line| line.contains("error"))
            .unwrap_or("no reason given")
    ))
}

/// Of this thread, in nanoseconds.
fn processor_time() -> f64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is a timespec of ours.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}
