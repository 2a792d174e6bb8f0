//! A machine made up for a test: its /etc is a directory of ours, and nothing else of this machine is seen that decides
//! about trust. Needs root, for the mount namespace.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::tools::{directory, run};

pub struct Machine {
    pub dir: PathBuf,
    environment: Vec<(String, String)>,
}

/// What a run left.
pub struct Run {
    pub status: i32,
    pub out: String,
    pub err: String,
    pub took: Duration,
}

impl Run {
    fn of(output: Output, took: Duration) -> Run {
        Run {
            status: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            took,
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }

    /// What people read, without the line breaks.
    pub fn words(&self) -> String {
        self.out.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn ids(&self) -> Vec<String> {
        let found = self.json()["diagnosis"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        found
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The first finding of this id.
    pub fn finding(&self, id: &str) -> Value {
        let report = self.json();
        let found = report["diagnosis"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["id"] == id);
        found
            .cloned()
            .unwrap_or_else(|| panic!("no {id} in {:#}", report["diagnosis"]))
    }
}

const DEBIAN: &str = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n";

/// Mounts over what the tests must not see, then becomes the command.
const ENTER: &str = "mount --make-rprivate / && mount --bind \"$1\" /etc && shift && \
    for dir in /usr/lib/jvm /opt /srv /app /usr/local/share/ca-certificates /usr/share/pki; do \
    [ ! -d $dir ] || mount --bind \"$0\" $dir || exit 97; done && exec \"$@\"";

impl Machine {
    /// Debian without ca-certificates, as its base image is.
    pub fn bare() -> Machine {
        let dir = directory();
        for made in ["etc/ssl/certs", "empty", "bin"] {
            std::fs::create_dir_all(dir.join(made)).unwrap();
        }
        let machine = Machine {
            dir,
            environment: Vec::new(),
        };
        machine.write("etc/os-release", DEBIAN);
        machine.write("etc/hosts", "127.0.0.1 localhost\n");
        machine.write("etc/nsswitch.conf", "hosts: files\n");
        machine.write("etc/resolv.conf", "nameserver 127.0.0.53\n");
        machine
    }

    /// With the bundle of the machine that the tests run on, which holds DigiCert G2.
    pub fn healthy() -> Machine {
        let machine = Machine::bare();
        let bundle = systems_bundle();
        machine.write("etc/ssl/certs/ca-certificates.crt", &bundle);
        machine
    }

    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A program on PATH.
    pub fn program(&self, name: &str, script: &str) {
        let path = self.write(&format!("bin/{name}"), &format!("#!/bin/sh\n{script}\n"));
        run("chmod", &["755", path.to_str().unwrap()], b"");
    }

    pub fn set(mut self, name: &str, value: impl AsRef<str>) -> Machine {
        self.environment
            .push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    pub fn path(&self, name: &str) -> String {
        self.dir.join(name).to_str().unwrap().to_owned()
    }

    pub fn wxpay<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Run {
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "sh", "-c", ENTER])
            .arg(self.dir.join("empty"))
            .arg(self.dir.join("etc"))
            .args(["env", "-i"])
            .arg(format!("PATH={}", self.path("bin")))
            .args(
                self.environment
                    .iter()
                    .map(|(name, value)| format!("{name}={value}")),
            )
            .arg(env!("CARGO_BIN_EXE_wxpay"))
            .args(arguments)
            .process_group(0);
        let started = Instant::now();
        let run = Run::of(command.output().unwrap(), started.elapsed());
        assert!(
            !run.err.contains("unshare:") && !run.err.contains("mount:"),
            "only root can make a mount namespace: run as root, or leave these out with --skip namespace ({})",
            run.err
        );
        run
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// The command on this machine as it is, with these variables alone.
pub fn plain(arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let started = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_wxpay"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    Run::of(output, started.elapsed())
}

fn systems_bundle() -> String {
    let path = "/etc/ssl/certs/ca-certificates.crt";
    std::fs::read_to_string(path).unwrap_or_else(|error| {
        panic!("{path}: {error}; these tests need Debian's ca-certificates")
    })
}

/// A self-signed certificate made by openssl: its PEM and its key's.
pub fn certificate(dir: &Path, subject: &str, extensions: &[&str]) -> (String, String) {
    let (key, pem) = (dir.join("made.key"), dir.join("made.pem"));
    let mut arguments = vec![
        "req", "-x509", "-utf8", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", subject,
    ];
    arguments.extend([
        "-keyout",
        key.to_str().unwrap(),
        "-out",
        pem.to_str().unwrap(),
    ]);
    for extension in extensions {
        arguments.extend(["-addext", extension]);
    }
    crate::tools::openssl(&arguments, b"");
    (
        std::fs::read_to_string(pem).unwrap(),
        std::fs::read_to_string(key).unwrap(),
    )
}

/// A CA that no public server has.
pub fn some_ca(dir: &Path) -> String {
    certificate(
        dir,
        "/O=Shop/CN=Old Root",
        &["basicConstraints=critical,CA:TRUE"],
    )
    .0
}
