//! A place to build C and C++ programs in, against the shared library that cargo made for this
//! test, with the files of a merchant of the simulator that they read.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::c_program::library_dir;
use crate::simulator::Simulator;

/// Command and its arguments.
#[derive(Clone, Copy, Debug)]
pub struct Compiler(pub &'static str, pub &'static [&'static str]);

pub const C99: Compiler = Compiler(
    "gcc",
    &["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"],
);
pub const C11: Compiler = Compiler(
    "gcc",
    &["-std=c11", "-pedantic", "-Wall", "-Wextra", "-Werror"],
);
pub const CXX17: Compiler = Compiler(
    "g++",
    &[
        "-x",
        "c++",
        "-std=c++17",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Werror",
    ],
);

/// Longer than anything here takes under valgrind on a busy machine.
const DEADLINE_S: &str = "900";

/// A directory with the library under the names that a linker and a loader ask for.
pub struct Place {
    dir: PathBuf,
    simulator: Option<Simulator>,
}

impl Place {
    pub fn new() -> Place {
        Place {
            dir: library_dir(),
            simulator: None,
        }
    }

    /// And a merchant of a simulator of its own, with a notification and what openssl says.
    pub fn with_simulator() -> Place {
        let mut place = Place::new();
        let simulator = Simulator::start();
        receive_notification(&simulator);
        sign_with_openssl(&simulator);
        place.simulator = Some(simulator);
        place
    }

    /// Another library than the one under test.
    pub fn use_library(&self, library: &Path) {
        for name in ["libwxpay.so", "libwxpay.so.0"] {
            let link = self.dir.join(name);
            std::fs::remove_file(&link).unwrap();
            std::os::unix::fs::symlink(library, link).unwrap();
        }
    }

    /// `merchant.json`; the other files lie beside it.
    pub fn merchant(&self) -> PathBuf {
        self.simulator
            .as_ref()
            .expect("a place with a simulator")
            .file("merchant.json")
    }

    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.dir.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The program; warnings are errors.
    pub fn compile(
        &self,
        source: &Path,
        Compiler(command, args): Compiler,
        flags: &[&str],
    ) -> PathBuf {
        let program = self.dir.join(source.file_stem().unwrap());
        let mut compile = Command::new(command);
        compile.args(args).args(flags);
        compile
            .arg("-I")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/include"));
        compile.arg(source).arg("-o").arg(&program);
        compile.arg("-L").arg(&self.dir).arg("-lwxpay");
        compile.arg(format!("-Wl,-rpath,{}", self.dir.display()));
        let output = compile
            .output()
            .unwrap_or_else(|error| panic!("{command}: {error}"));
        assert!(
            output.status.success(),
            "{compile:?}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        program
    }

    /// With a small trust store and without what the surroundings may have set.
    pub fn run(&self, command: &mut Command) -> Output {
        let mut limited = Command::new("timeout");
        limited
            .arg(DEADLINE_S)
            .arg(command.get_program())
            .args(command.get_args());
        for variable in [
            "LD_LIBRARY_PATH",
            "LD_PRELOAD",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "ASAN_OPTIONS",
        ] {
            limited.env_remove(variable);
        }
        if let Some(simulator) = &self.simulator {
            limited.env("SSL_CERT_FILE", simulator.file("ca.pem"));
        }
        limited.env("ASAN_OPTIONS", "detect_leaks=1");
        limited.output().unwrap()
    }
}

/// Has the simulator notify a listener of ours, and keeps what came: `notify.headers`, without the
/// request line, and `notify.body`.
fn receive_notification(simulator: &Simulator) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    let request = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let mut received = Vec::new();
        while !is_complete(&received) {
            let mut some = [0; 4096];
            let n = stream.read(&mut some).unwrap();
            assert!(
                n > 0,
                "half a notification: {}",
                String::from_utf8_lossy(&received)
            );
            received.extend_from_slice(&some[..n]);
        }
        stream
            .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
            .unwrap();
        received
    });
    let resource = json!({"out_trade_no": "walk-1", "trade_state": "SUCCESS"});
    simulator.control(
        "POST",
        "/_sim/notify",
        &json!({"url": url, "kind": "good", "resource": resource}),
    );
    let received = request.join().unwrap();
    let (head, body) = parts(&received).unwrap();
    let headers = head.split_once("\r\n").unwrap().1;
    std::fs::write(simulator.file("notify.headers"), format!("{headers}\r\n")).unwrap();
    std::fs::write(simulator.file("notify.body"), body).unwrap();
}

fn is_complete(received: &[u8]) -> bool {
    let Some((head, body)) = parts(received) else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "));
    length.is_some_and(|length| length.trim().parse() == Ok(body.len()))
}

fn parts(received: &[u8]) -> Option<(String, &[u8])> {
    let end = received
        .windows(4)
        .position(|window| window == b"\r\n\r\n")?;
    Some((
        String::from_utf8_lossy(&received[..end]).into_owned(),
        &received[end + 4..],
    ))
}

/// `openssl.signature`: what the openssl command makes of `openssl.message` with the merchant's
/// key, base64 in one line. RSASSA-PKCS1-v1_5 has one answer.
fn sign_with_openssl(simulator: &Simulator) {
    let message = "GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n";
    std::fs::write(simulator.file("openssl.message"), message).unwrap();
    let script = "openssl dgst -sha256 -sign apiclient_key.pem openssl.message | openssl base64 -A > openssl.signature \
        && openssl x509 -in apiclient_cert.pem -noout -serial | cut -d= -f2 | tr -d '\\n' > openssl.serial \
        && md5=$(printf %s \"$API_V2_KEY\" | openssl dgst -md5 -r | cut -d' ' -f1) \
        && key=$(printf %s \"$md5\" | od -An -v -tx1 | tr -d ' \\n') \
        && printf '<root><refund_fee>1</refund_fee></root>' | openssl enc -aes-256-ecb -K \"$key\" | openssl base64 -A > refund.req_info";
    let merchant = std::fs::read(simulator.file("merchant.json")).unwrap();
    let merchant: serde_json::Value = serde_json::from_slice(&merchant).unwrap();
    let mut shell = Command::new("sh");
    shell.env("API_V2_KEY", merchant["api_v2_key"].as_str().unwrap());
    let status = shell
        .args(["-euc", script])
        .current_dir(&simulator.dir)
        .stdin(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "openssl");
}
