//! The PKI that `pki.sh` makes once a run, and the directory in which the servers and clients of
//! one process stand: the PKI's files, signed answers, bundles.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

use crate::safety::wechat;
use crate::simulator::fresh_dir;

pub const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/adversarial");

/// Names the PKI to a child process.
const PKI: &str = "WXPAY_TEST_PKI";

/// Made once, also for the children of this process.
pub fn pki() -> PathBuf {
    static MADE: Once = Once::new();
    if let Some(dir) = std::env::var_os(PKI) {
        return dir.into();
    }
    let dir = crate::simulator::target_dir()
        .join("suite")
        .join(format!("pki-{}", std::process::id()));
    MADE.call_once(|| {
        std::fs::create_dir_all(&dir).unwrap();
        let output = Command::new("sh")
            .arg(format!("{HERE}/pki.sh"))
            .arg(&dir)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "pki.sh: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    });
    dir
}

/// In a child of `alone`.
pub fn in_child() -> bool {
    std::env::var_os(PKI).is_some()
}

/// True in the child that runs the test `name` alone, under `wrapper` if there is one.
pub fn alone(name: &str, wrapper: &[&str]) -> bool {
    let dir = pki();
    crate::safety::child::runs_here(name, &[(PKI, dir.to_str().unwrap())], wrapper)
}

pub struct Stage {
    pub dir: PathBuf,
}

impl Stage {
    /// `v3/answer`, `v3/full` and `v3/over` are answers that the client accepts as WeChat Pay's;
    /// the last two have bodies of 1024 and 1025 bytes.
    pub fn new() -> Stage {
        let stage = Stage {
            dir: fresh_dir("adversarial"),
        };
        for entry in std::fs::read_dir(pki()).unwrap() {
            let entry = entry.unwrap();
            std::os::unix::fs::symlink(entry.path(), stage.dir.join(entry.file_name())).unwrap();
        }
        std::fs::create_dir(stage.dir.join("v3")).unwrap();
        std::fs::create_dir(stage.dir.join("empty")).unwrap();
        let padded = |size: usize| format!("{{\"x\":\"{}\"}}", "y".repeat(size - 8));
        for (name, body) in [
            (
                "answer",
                r#"{"prepay_id":"wx26112209580621e9b071c00d9e093b0000"}"#.to_owned(),
            ),
            ("full", padded(1024)),
            ("over", padded(1025)),
        ] {
            let answer = wechat::signed_http(200, body.as_bytes());
            std::fs::write(stage.dir.join("v3").join(name), answer).unwrap();
        }
        // What WeChat Pay says to a request without Authorization.
        let body = r#"{"code":"SIGN_ERROR","message":"Authorization"}"#;
        let headers = wechat::pairs(&[("Request-ID", "08F78BB8-268443699")]);
        let answer = wechat::http(401, body.as_bytes(), &headers);
        std::fs::write(stage.dir.join("v3/certificates"), answer).unwrap();
        stage
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// A bundle of these certificates, given as words; written aside and renamed in, as
    /// update-ca-certificates does it.
    pub fn bundle(&self, file: &str, certificates: &str) -> PathBuf {
        let mut content = Vec::new();
        for name in certificates.split_whitespace() {
            content.extend(std::fs::read(self.file(&format!("{name}.crt"))).unwrap());
        }
        self.place(file, &content)
    }

    pub fn place(&self, file: &str, content: &[u8]) -> PathBuf {
        let path = self.file(file);
        let aside = self.file(&format!("{file}.new"));
        std::fs::write(&aside, content).unwrap();
        std::fs::rename(&aside, &path).unwrap();
        path
    }

    /// Options of `openssl s_server` to present the chain of this name.
    pub fn presents(&self, name: &str) -> String {
        let mut options = format!("-cert {name}.crt -key {name}.key");
        if std::fs::metadata(self.file(&format!("{name}.above"))).is_ok_and(|one| one.len() > 0) {
            options += &format!(" -cert_chain {name}.above");
        }
        options
    }
}

/// The text of a path, for a configuration or a command line.
pub fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
