//! A merchant made of other people's tools: `openssl` signs, verifies and decrypts, `curl` sends. What they say about the
//! simulator's bytes is the expected value; no code of the simulator or the library checks itself here.

pub use crate::http::*;
pub use crate::tools::*;

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A running simulator; stopped and its directory removed when dropped.
pub struct Sim {
    pub child: Child,
    pub dir: PathBuf,
    pub base: String,
    pub merchant: Value,
    keep: bool,
}

/// A request, signed as `signed` says; every part can be made wrong.
pub struct Call<'a> {
    pub method: &'a str,
    pub target: &'a str,
    pub body: &'a [u8],
    pub headers: Vec<String>,
    pub timestamp: i64,
    pub nonce: String,
    /// Replaces the Authorization header; empty removes it.
    pub authorization: Option<String>,
    /// Signed instead of `body`
    pub signed_body: Option<&'a [u8]>,
}

impl<'a> Call<'a> {
    pub fn new(method: &'a str, target: &'a str, body: &'a [u8]) -> Self {
        Self {
            method,
            target,
            body,
            headers: vec![
                "Content-Type: application/json".into(),
                "Accept: application/json".into(),
            ],
            timestamp: now(),
            nonce: unique("nonce"),
            authorization: None,
            signed_body: None,
        }
    }

    pub fn header(mut self, header: &str) -> Self {
        self.headers.push(header.to_owned());
        self
    }

    pub fn message(&self) -> Vec<u8> {
        let Self {
            method,
            target,
            timestamp,
            nonce,
            ..
        } = self;
        let mut message = format!("{method}\n{target}\n{timestamp}\n{nonce}\n").into_bytes();
        message.extend_from_slice(self.signed_body.unwrap_or(self.body));
        message.push(b'\n');
        message
    }
}

/// The binary, not yet started. It ends by itself, whatever happens to the test.
pub fn simulator(dir: &Path, options: &[&str]) -> Command {
    let mut command = command(env!("CARGO_BIN_EXE_wxpay"));
    command
        .args(["simulate", "--quiet", "--max-seconds", "120", "--dir"])
        .arg(dir)
        .args(options);
    command
}

impl Sim {
    pub fn start(options: &[&str]) -> Self {
        Self::start_in(directory(), options)
    }

    pub fn start_in(dir: PathBuf, options: &[&str]) -> Self {
        let child = simulator(&dir, options)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self::ready(child, dir)
    }

    /// With its log in a file.
    pub fn start_logged(options: &[&str]) -> (Self, PathBuf) {
        let dir = directory();
        let log = dir.with_extension("log");
        let child = command(env!("CARGO_BIN_EXE_wxpay"))
            .args(["simulate", "--max-seconds", "120", "--dir"])
            .arg(&dir)
            .args(options)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        (Self::ready(child, dir), log)
    }

    /// Of a simulator that has been started in `dir`.
    pub fn ready(mut child: Child, dir: PathBuf) -> Self {
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let base = line.trim().to_owned();
        let text = std::fs::read_to_string(dir.join("merchant.json")).unwrap();
        let merchant: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(merchant["base_url"], base.as_str());
        Self {
            child,
            dir,
            base,
            merchant,
            keep: false,
        }
    }

    /// Stops it and leaves the directory for the next start.
    pub fn stop(mut self) -> PathBuf {
        self.keep = true;
        self.dir.clone()
    }

    /// SIGTERM, and waits for the end.
    pub fn terminate(mut self) {
        let pid = self.child.id().to_string();
        assert!(command("kill").arg(pid).status().unwrap().success());
        self.child.wait().unwrap();
    }

    pub fn port(&self) -> &str {
        self.base.rsplit(':').next().unwrap()
    }

    pub fn get(&self, name: &str) -> &str {
        self.merchant[name]
            .as_str()
            .unwrap_or_else(|| panic!("merchant.json has no {name}"))
    }

    pub fn path(&self, name: &str) -> String {
        self.dir.join(name).to_str().unwrap().to_owned()
    }

    /// Writes a file for a tool to read.
    pub fn file(&self, bytes: &[u8]) -> String {
        let path = self.path(&unique("file"));
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn sign(&self, message: &[u8]) -> String {
        self.sign_with("apiclient_key.pem", message)
    }

    pub fn sign_with(&self, key: &str, message: &[u8]) -> String {
        base64(&openssl(
            &["dgst", "-sha256", "-sign", &self.path(key)],
            message,
        ))
    }

    pub fn authorization(&self, call: &Call<'_>) -> String {
        format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"{}\",timestamp=\"{}\",serial_no=\"{}\",signature=\"{}\"",
            self.get("mchid"),
            call.nonce,
            call.timestamp,
            self.get("merchant_serial"),
            self.sign(&call.message()),
        )
    }

    /// Sends a call with curl.
    pub fn send(&self, call: &Call<'_>) -> Reply {
        let output = self.try_send(call);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "curl {}: {errors}", call.target);
        parse(&output.stdout)
    }

    pub fn try_send(&self, call: &Call<'_>) -> Output {
        let authorization = call
            .authorization
            .clone()
            .unwrap_or_else(|| self.authorization(call));
        let mut headers = call.headers.clone();
        headers.push(format!("Authorization: {authorization}"));
        self.curl(call.method, call.target, call.body, &headers)
    }

    pub fn curl(&self, method: &str, target: &str, body: &[u8], headers: &[String]) -> Output {
        let (ca, url) = (self.path("ca.pem"), format!("{}{target}", self.base));
        let mut arguments = vec![
            "-sS",
            "-i",
            "--http1.1",
            "--path-as-is",
            "--globoff",
            "--noproxy",
            "*",
        ];
        arguments.extend([
            "--max-time",
            "30",
            "--cacert",
            &ca,
            "-X",
            method,
            "-H",
            "Expect:",
        ]);
        if method != "GET" {
            arguments.extend(["--data-binary", "@-"]);
        }
        for header in headers {
            arguments.extend(["-H", header]);
        }
        arguments.push(&url);
        run("curl", &arguments, body)
    }

    pub fn post(&self, target: &str, body: &Value) -> Reply {
        self.send(&Call::new("POST", target, body.to_string().as_bytes()))
    }

    pub fn query(&self, target: &str) -> Reply {
        self.send(&Call::new("GET", target, b""))
    }

    /// A control of the simulator's own, unsigned.
    pub fn control(&self, method: &str, path: &str, body: &Value) -> Reply {
        let output = self.curl(method, path, body.to_string().as_bytes(), &[]);
        assert!(
            output.status.success(),
            "{path}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        parse(&output.stdout)
    }

    pub fn fault(&self, path: &str, kind: &str) {
        assert_eq!(
            self.control("POST", "/_sim/fault", &json!({"path": path, "kind": kind}))
                .status,
            204,
            "{kind}"
        );
    }

    pub fn stats(&self) -> Value {
        self.control("GET", "/_sim/stats", &Value::Null).json()
    }

    /// The public key, as a file, that `Wechatpay-Serial` names.
    pub fn key_file(&self, serial: &str) -> Option<String> {
        if serial == self.get("public_key_id") {
            return Some(self.path("wechatpay_public_key.pem"));
        }
        (serial == self.get("_platform_serial")).then(|| {
            self.file(&openssl(
                &[
                    "x509",
                    "-in",
                    &self.path("wechatpay_certificate.pem"),
                    "-noout",
                    "-pubkey",
                ],
                b"",
            ))
        })
    }

    /// Whether openssl finds the four headers to sign `body` under the key they name.
    pub fn verifies(&self, headers: &[(String, String)], body: &[u8]) -> bool {
        let reply = Reply {
            status: 0,
            headers: headers.to_vec(),
            body: Vec::new(),
        };
        let Some(key) = self.key_file(reply.header("Wechatpay-Serial")) else {
            return false;
        };
        self.verifies_under(&key, &reply, body)
    }

    pub fn verifies_under(&self, key: &str, reply: &Reply, body: &[u8]) -> bool {
        let (timestamp, nonce) = (
            reply.header("Wechatpay-Timestamp"),
            reply.header("Wechatpay-Nonce"),
        );
        let mut message = format!("{timestamp}\n{nonce}\n").into_bytes();
        message.extend_from_slice(body);
        message.push(b'\n');
        let signature = run(
            "openssl",
            &["base64", "-d", "-A"],
            reply.header("Wechatpay-Signature").as_bytes(),
        )
        .stdout;
        let signature = self.file(&signature);
        run(
            "openssl",
            &["dgst", "-sha256", "-verify", key, "-signature", &signature],
            &message,
        )
        .status
        .success()
    }

    /// What a `resource` holds. GCM is counter mode from 2 with a tag behind it, so openssl's counter mode reads it.
    pub fn decrypt(&self, resource: &Value) -> Vec<u8> {
        let text = |name: &str| resource[name].as_str().unwrap().to_owned();
        assert_eq!(text("algorithm"), "AEAD_AES_256_GCM");
        let hex = |bytes: &[u8]| {
            bytes
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect::<String>()
        };
        let iv = format!("{}00000002", hex(text("nonce").as_bytes()));
        let mut ciphertext = unbase64(&text("ciphertext"));
        ciphertext.truncate(ciphertext.len() - 16);
        openssl(
            &[
                "enc",
                "-d",
                "-aes-256-ctr",
                "-K",
                &hex(self.get("api_v3_key").as_bytes()),
                "-iv",
                &iv,
            ],
            &ciphertext,
        )
    }

    /// A native order of 100 fen.
    pub fn order(&self, out_trade_no: &str, notify_url: &str) -> Value {
        json!({
            "appid": self.get("_appid"), "mchid": self.get("mchid"), "description": "乌龙茶", "out_trade_no": out_trade_no,
            "notify_url": notify_url, "amount": {"total": 100, "currency": "CNY"}, "attach": "a=1&b=2",
        })
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !self.keep {
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}
