//! The library against the simulator's uploads, bills, transfers and API v2: two programs that
//! share no code must understand each other. Digests, keys and times that are compared come from
//! the openssl command, `date` or the simulator's own count.

mod bills;
mod faults;
mod merchant;
mod refunds;
mod transfers;
mod uploads;
mod v2;

use std::process::Command;

use serde_json::Value;
use wxpay::client::Client;

/// GET or POST with JSON both ways.
fn call(client: &Client, method: &str, url: &str, body: &str) -> Value {
    let answer = client.call(method, url, body.as_bytes()).unwrap();
    serde_json::from_slice(&answer.body).unwrap()
}

/// Today in Beijing, as `date +FORMAT` writes it.
fn today(format: &str) -> String {
    let output = Command::new("date")
        .env("TZ", "Asia/Shanghai")
        .arg(format)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The openssl command, which must succeed.
fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}
