//! The case of WeChat Pay's server certificate guideline through every language: a server under
//! DigiCert Global Root G2, a store that holds G1 alone, then the same store with the root added.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use super::super::{ROOT, clean_command, csharp, library};
use super::{directory, languages, runner};
use crate::simulator::fresh_dir;

/// `guideline.sh`: a server, `store.pem` and `root.pem`. Ends with the test.
struct Server {
    child: Child,
    dir: PathBuf,
    port: u16,
}

impl Server {
    fn start() -> Server {
        let dir = fresh_dir("guideline");
        let mut child = clean_command("sh", None)
            .arg(directory().join("guideline.sh"))
            .arg(&dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("ACCEPT 127.0.0.1:")?.parse().ok())
            .expect("guideline.sh printed no port");
        Server { child, dir, port }
    }

    fn store(&self) -> PathBuf {
        self.dir.join("store.pem")
    }

    /// At the end of the same file, as the guideline says.
    fn add_root(&self) {
        let root = std::fs::read(self.dir.join("root.pem")).unwrap();
        let mut store = std::fs::OpenOptions::new()
            .append(true)
            .open(self.store())
            .unwrap();
        store.write_all(&root).unwrap();
    }

    /// `keys/` and `vectors/` with what must be found before and after the root is added.
    fn vectors(&self) -> PathBuf {
        let vectors = self.dir.join("vectors");
        std::fs::create_dir_all(&vectors).unwrap();
        std::os::unix::fs::symlink(directory().join("keys"), self.dir.join("keys")).unwrap();
        let cases: Vec<Value> = [self.cases("before"), self.cases("after")].concat();
        let text = serde_json::to_vec_pretty(&cases).unwrap();
        std::fs::write(vectors.join("guideline.json"), text).unwrap();
        self.dir.clone()
    }

    fn cases(&self, when: &str) -> Vec<Value> {
        let port = self.port;
        let clients = std::fs::read(directory().join("keys/clients.json")).unwrap();
        let clients: Value = serde_json::from_slice(&clients).unwrap();
        let text = "DigiCert Global Root G2 is not in this store";
        let is_before = when == "before";
        let call = |name: &str, url: &str| {
            let mut config = clients["merchant"].clone();
            config["base_url"] = json!(format!("https://localhost:{port}"));
            let want = if is_before {
                json!({"status": 310, "outcome": 1, "first": "ROOT_NOT_IN_STORE", "diagnosis_text": text})
            } else {
                // The page of s_server: an answer, and nobody signed it.
                json!({"status": 203, "outcome": 3, "ids": "SIGNATURE_HEADERS_LOST"})
            };
            json!({"id": format!("{when}/{name}"), "op": "call",
                "in": {"config": config, "method": "GET", "url": url, "body": ""}, "want": want})
        };
        let probe = |name: &str, client: Option<&str>| {
            let mut given = json!({"host": "localhost", "port": port, "bind_address": ""});
            if let Some(client) = client {
                given["client"] = json!(client);
            }
            let want = if is_before {
                json!({"report_status": 310, "verdict": "error", "ids": "ROOT_NOT_IN_STORE", "diagnosis_text": text})
            } else {
                json!({"report_status": 0, "verdict": "warning", "ids": "NOT_WECHAT_PAY"})
            };
            json!({"id": format!("{when}/{name}"), "op": "trust_probe", "in": given, "want": want})
        };
        vec![
            call("certificates", "/v3/certificates"),
            call("order", "/v3/pay/transactions/id/1?mchid=1900000001"),
            probe("probe", None),
            probe("probe-of-a-client", Some("merchant")),
        ]
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What `run` reports of the directory: how many passed, and a text that names each that did not.
fn is_refused_until_the_root_is_added(run: impl Fn(&Path, &Path) -> (usize, usize, String)) {
    let server = Server::start();
    let vectors = server.vectors();
    for (passes, fails) in [("before", "after"), ("after", "before")] {
        let (passed, failed, text) = run(&vectors, &server.store());
        assert_eq!((passed, failed), (4, 4), "{passes}: {text}");
        for case in server.cases(fails) {
            assert!(text.contains(case["id"].as_str().unwrap()), "{text}");
        }
        assert!(!text.contains(&format!("{passes}/")), "{text}");
        if passes == "before" {
            server.add_root();
        }
    }
}

#[test]
fn rust_names_the_missing_root_and_works_once_it_is_added() {
    is_refused_until_the_root_is_added(|vectors, store| {
        let report = runner::run(vectors, store);
        let text = report.failures.join("\n");
        (report.passed, report.failures.len(), text)
    });
}

/// One process, one client: refused, the root added, answered. `tests/guideline.sh` of a binding
/// says so by its public names.
fn without_a_restart(language: &str, dotnet: Option<&Path>) {
    let server = Server::start();
    let work = fresh_dir(&format!("guideline-{language}"));
    let mut script = clean_command("sh", Some(&server.store()));
    if let Some(dotnet) = dotnet {
        script.env("DOTNET", dotnet);
    }
    let output = script
        .arg(format!("{ROOT}/bindings/{language}/tests/guideline.sh"))
        .arg(library())
        .arg(&work)
        .arg(server.port.to_string())
        .arg(&server.dir)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.ends_with(&format!("{language}: ok\n")),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn one_process_is_cured_without_a_restart_in_cpp() {
    without_a_restart("cpp", None);
}

#[test]
fn one_process_is_cured_without_a_restart_in_php() {
    without_a_restart("php", None);
}

#[test]
fn one_process_is_cured_without_a_restart_in_python() {
    without_a_restart("python", None);
}

#[test]
fn one_process_is_cured_without_a_restart_in_csharp_on_both_runtimes() {
    without_a_restart("csharp", None);
    without_a_restart("csharp", Some(&csharp::dotnet()));
}

fn in_language(language: &str) {
    let work = fresh_dir(&format!("guideline-{language}"));
    is_refused_until_the_root_is_added(|vectors, store| {
        let counts = languages::run(language, &work, vectors, store);
        (counts.passed, counts.failed, counts.output)
    });
}

macro_rules! languages {
    ($($test:ident $name:literal)*) => {$(
        #[test]
        fn $test() {
            in_language($name);
        }
    )*};
}
languages!(
    c_names_the_missing_root_and_works_once_it_is_added "c"
    cpp_names_the_missing_root_and_works_once_it_is_added "cpp"
    php_names_the_missing_root_and_works_once_it_is_added "php"
    python_names_the_missing_root_and_works_once_it_is_added "python"
    csharp_names_the_missing_root_and_works_once_it_is_added "csharp"
);
