//! Starts `wxpay simulate` for a test and speaks to its `/_sim/` controls. Each test has its own,
//! on a free port, in a directory of its own; it ends with the test.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::config::Config;

pub struct Simulator {
    child: Child,
    pub dir: PathBuf,
    pub url: String,
}

/// `target/<profile>`, where the test binary's own directory `deps` lies.
pub fn target_dir() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().to_path_buf()
}

/// A fresh directory that is left behind for a look after a failure.
pub fn fresh_dir(name: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let dir = target_dir()
        .join("suite")
        .join(format!("{name}-{}-{count}", std::process::id()));
    // Of an earlier process that had this number.
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// The `wxpay` command, built once a run.
pub fn command() -> PathBuf {
    static BUILD: Once = Once::new();
    let target = target_dir();
    BUILD.call_once(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "-p", "wxpay-cli", "--manifest-path"]);
        cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
        cargo.arg("--target-dir").arg(target.parent().unwrap());
        if target.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(
            cargo.status().unwrap().success(),
            "the wxpay command does not build"
        );
    });
    target.join("wxpay")
}

impl Simulator {
    pub fn start() -> Simulator {
        Simulator::start_with(&[])
    }

    pub fn start_with(more: &[&str]) -> Simulator {
        Simulator::start_in(&fresh_dir("sim"), more)
    }

    pub fn start_in(dir: &Path, more: &[&str]) -> Simulator {
        Simulator::start_on("127.0.0.1:0", dir, more)
    }

    pub fn start_on(listen: &str, dir: &Path, more: &[&str]) -> Simulator {
        std::fs::create_dir_all(dir).unwrap();
        // Kept beside what it is about; what is secret is looked for there too (safety.md S24).
        let log = dir.join("simulator.log");
        let mut child = Command::new(command())
            .args([
                "simulate",
                "--listen",
                listen,
                "--verbose",
                "--exit-with-parent",
                "--max-seconds",
                "300",
                "--dir",
            ])
            .arg(dir)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        let url = url.trim().to_owned();
        assert!(
            url.starts_with("https://127.0.0.1:"),
            "the simulator said {url:?} and {}",
            std::fs::read_to_string(&log).unwrap_or_default()
        );
        Simulator {
            child,
            dir: dir.to_path_buf(),
            url,
        }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub fn merchant(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.file("merchant.json")).unwrap()).unwrap()
    }

    pub fn appid(&self) -> String {
        self.merchant()["_appid"].as_str().unwrap().to_owned()
    }

    /// merchant.json with the simulator's CA added to the system's store.
    pub fn config(&self) -> Config {
        let mut config = Config::default();
        config.load_json(&self.merchant().to_string()).unwrap();
        config
            .set("extra_ca_file", self.file("ca.pem").to_str().unwrap())
            .unwrap();
        config
    }

    pub fn client(&self) -> std::sync::Arc<Client> {
        Client::new(&self.config()).unwrap()
    }

    /// A call of the controls with curl: no code of the library is involved.
    pub fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut curl = Command::new("curl");
        curl.args([
            "--silent",
            "--show-error",
            "--max-time",
            "20",
            "--request",
            method,
            "--cacert",
        ])
        .arg(self.file("ca.pem"));
        for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE"] {
            curl.env_remove(variable);
        }
        if !body.is_null() {
            curl.args([
                "--header",
                "Content-Type: application/json",
                "--data-binary",
                &body.to_string(),
            ]);
        }
        let output = curl.arg(format!("{}{path}", self.url)).output().unwrap();
        assert!(
            output.status.success(),
            "curl {method} {path}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    }

    pub fn stats(&self) -> Value {
        self.control("GET", "/_sim/stats", &Value::Null)
    }

    /// A native order that is in the simulator's form.
    pub fn order(&self, out_trade_no: &str, fen: u32) -> Value {
        json!({
            "appid": self.appid(), "mchid": self.merchant()["mchid"], "description": "测试商品 <&> é",
            "out_trade_no": out_trade_no, "notify_url": "http://127.0.0.1:9/notify", "amount": { "total": fen, "currency": "CNY" },
        })
    }
}

/// Runs the test `name` of this binary in a process of its own, with that environment; there
/// `in_child` is true. For what belongs to a process: environment, forks, memory.
pub fn in_child(name: &str, environment: &[(&str, &std::ffi::OsStr)]) -> bool {
    const MARK: &str = "WXPAY_TEST_CHILD";
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", name, "--nocapture", "--test-threads", "1"])
        .env(MARK, "1");
    for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        child.env_remove(variable);
    }
    let output = child.envs(environment.iter().copied()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{name} in a process of its own: {text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    false
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
