//! The examples of `bindings/cpp/examples`, run against the simulator.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::json;

use super::super::{ROOT, clean_command};
use super::{compile, link_library};
use crate::simulator::{Simulator, fresh_dir};

/// The example, configured by its environment for the simulator's merchant.
fn example(name: &str, simulator: &Simulator) -> Command {
    let dir = fresh_dir("cpp-example");
    link_library(&dir);
    let source = PathBuf::from(format!("{ROOT}/bindings/cpp/examples/{name}.cpp"));
    let program = dir.join(name);
    compile(&source, &program, &dir, &[]);
    let mut command = clean_command(&program, Some(&simulator.file("ca.pem")));
    command.env("LD_LIBRARY_PATH", &dir);
    for (key, value) in simulator.merchant().as_object().unwrap() {
        if !key.starts_with('_') {
            command.env(
                format!("WXPAY_{}", key.to_uppercase()),
                value.as_str().unwrap(),
            );
        }
    }
    command
}

#[test]
fn the_order_prints_its_verified_answer_or_what_to_do() {
    let simulator = Simulator::start();
    let order = simulator.order("cpp-order", 100).to_string();
    let mut command = example("order", &simulator);
    let output = command.arg(&order).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains("weixin://"),
        "{said}"
    );

    let output = example("order", &simulator).arg("{}").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(
        said.contains("REJECTED") && said.ends_with("correct the request\n"),
        "{said}"
    );
}

#[test]
fn the_endpoint_answers_what_wechat_pay_wants() {
    let simulator = Simulator::start();
    let mut endpoint = example("notification_endpoint", &simulator)
        .args(["0", "30"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(endpoint.stdout.take().unwrap()).lines();
    let url = said.next().unwrap().unwrap();
    let mut answers = Vec::new();
    for (kind, count) in [("good", 1), ("bad_signature", 2), ("skew:-301", 3)] {
        simulator.control("POST", "/_sim/notify", &json!({ "url": url, "kind": kind }));
        let attempt = || {
            let list = simulator.control("GET", "/_sim/notifications", &json!(null));
            let list = list.as_array().unwrap();
            (list.len() == count).then(|| list.last().unwrap()["attempts"][0]["status"].clone())
        };
        let status = (0..100).find_map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            attempt().filter(|status| status.is_number())
        });
        answers.push(status.unwrap_or_default());
    }
    let event = said.next().unwrap().unwrap();
    endpoint.kill().unwrap();
    endpoint.wait().unwrap();
    assert_eq!(answers, [json!(204), json!(401), json!(401)]);
    assert!(event.starts_with("TRANSACTION.SUCCESS {"), "{event}");
}

#[test]
fn another_transport_sends_what_was_prepared() {
    let simulator = Simulator::start();
    let dir = fresh_dir("cpp-transport");
    let order = simulator.order("cpp-transport", 100).to_string();
    let mut program = example("own_transport", &simulator)
        .args(["POST", "/v3/pay/transactions/native", &order])
        .args([dir.join("headers"), dir.join("body")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(program.stdout.take().unwrap());
    let mut line = || {
        let mut text = String::new();
        said.read_line(&mut text).unwrap();
        text.trim_end_matches('\n').to_owned()
    };
    let request = line();
    let (method, url) = request.split_once(' ').unwrap();
    let mut curl = clean_command("curl", None);
    curl.args([
        "--silent",
        "--max-time",
        "20",
        "--request",
        method,
        url,
        "--cacert",
    ])
    .arg(simulator.file("ca.pem"))
    .arg("--dump-header")
    .arg(dir.join("headers"))
    .arg("--output")
    .arg(dir.join("body"));
    loop {
        let header = line();
        if header.is_empty() {
            break;
        }
        curl.args(["--header", &header]);
    }
    curl.args(["--data-binary", &line(), "--write-out", "%{http_code}"]);
    let status = curl.output().unwrap().stdout;
    let mut stdin = program.stdin.take().unwrap();
    stdin.write_all(&status).unwrap();
    stdin.write_all(b"\n").unwrap();
    let mut answer = String::new();
    said.read_to_string(&mut answer).unwrap();
    assert!(
        program.wait().unwrap().success() && answer.contains("weixin://"),
        "{answer}"
    );
}
