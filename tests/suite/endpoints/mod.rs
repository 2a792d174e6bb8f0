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

use crate::safety::openssl::openssl;

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
