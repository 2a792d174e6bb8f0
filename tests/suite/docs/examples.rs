//! The C examples of the documents compile, link and do what the text beside them says.

use std::io::{Read, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::{Value, json};

use super::{ROOT, documents};
use crate::simulator::{Simulator, fresh_dir, target_dir};

#[test]
fn every_c_example_of_the_documents_compiles_and_links() {
    let mut count = 0;
    for path in documents() {
        for (index, code) in c_blocks(&path).iter().enumerate() {
            let library = !code.contains("int main(");
            let name = path.file_stem().unwrap().to_string_lossy().to_lowercase();
            compile(&format!("{name}-{index}"), code, library);
            count += 1;
        }
    }
    assert!(count >= 3, "{count} examples were found");
}

#[test]
fn the_readmes_first_example_places_an_order_and_says_what_went_wrong() {
    let simulator = Simulator::start();
    let program = compile(
        "order-run",
        &c_blocks(&Path::new(ROOT).join("README.md"))[0],
        false,
    );
    let run = |order: &Value| -> Output {
        let mut command = Command::new(&program);
        command.arg(order.to_string());
        configure(&mut command, &simulator);
        command.output().unwrap()
    };
    let order = simulator.order("readme-0001", 100);
    let output = run(&order);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.contains("\"code_url\":\"weixin://"),
        "{output:?}"
    );
    let mut wrong = order;
    wrong["amount"]["total"] = json!("1");
    let output = run(&wrong);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{output:?}");
    assert!(
        said.contains("PARAM_ERROR") && said.contains("outcome 2"),
        "{said}"
    );
}

/// The simulator's merchant as WXPAY_… variables, and nothing else that a shell presets.
fn configure(command: &mut Command, simulator: &Simulator) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("WXPAY_") || text.starts_with("SSL_CERT_") {
            command.env_remove(&name);
        }
    }
    for (name, value) in simulator.merchant().as_object().unwrap() {
        if name.starts_with('_') {
            continue;
        }
        let variable = format!("WXPAY_{}", name.to_uppercase().replace('.', "__"));
        command.env(variable, lines(value));
    }
    command.env("WXPAY_EXTRA_CA_FILE", simulator.file("ca.pem"));
}

#[test]
fn the_readmes_python_example_places_an_order() {
    let simulator = Simulator::start();
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let (_, rest) = readme.split_once("```python\n").unwrap();
    let (code, _) = rest.split_once("```").unwrap();
    let order = simulator.order("readme-0002", 100);
    let mut command = Command::new("python3");
    command.args(["-c", &format!("order = {order}\n{code}")]);
    configure(&mut command, &simulator);
    command.env("PYTHONPATH", Path::new(ROOT).join("bindings/python/src"));
    command.env("WXPAY_LIBRARY", target_dir().join("libwxpay.so"));
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && printed.starts_with("weixin://"),
        "{output:?}"
    );
}

/// A notification of the simulator, handed as it came from the socket to the README's function.
#[test]
fn the_readmes_notification_example_answers_204_only_to_what_is_genuine() {
    let simulator = Simulator::start();
    let blocks = c_blocks(&Path::new(ROOT).join("README.md"));
    let code = format!("{}\n{NOTIFICATION_MAIN}", blocks[1]);
    let program = compile("notification-run", &code, false);
    let dir = fresh_dir("notification");
    for (kind, expected) in [("good", "204"), ("bad_signature", "401")] {
        let (headers, body) = received(&simulator, kind);
        std::fs::write(dir.join("headers"), headers).unwrap();
        std::fs::write(dir.join("body"), body).unwrap();
        std::fs::write(dir.join("merchant.json"), simulator.merchant().to_string()).unwrap();
        let output = Command::new(&program).current_dir(&dir).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.trim_end().ends_with(expected),
            "{kind}: {output:?}"
        );
        assert_eq!(
            said.contains("TRANSACTION.SUCCESS"),
            kind == "good",
            "{said}"
        );
    }
}

/// Reads what the test wrote, calls the README's function, prints the status of the answer.
const NOTIFICATION_MAIN: &str = r#"
#include <stdlib.h>

static char *slurp(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(1 << 20);
    if (file == NULL || text == NULL)
        exit(3);
    *length = fread(text, 1, 1 << 20, file);
    fclose(file);
    return text;
}

int main(void)
{
    size_t json_length, headers_length, body_length;
    char *json = slurp("merchant.json", &json_length);
    char *headers = slurp("headers", &headers_length);
    char *body = slurp("body", &body_length);
    wxpay_config *config = NULL;
    wxpay_client *client = NULL;
    wxpay_message *reply = NULL;
    if (wxpay_config_new(&config, NULL) != 0
        || wxpay_config_load_json(config, json, json_length, NULL) != 0
        || wxpay_client_new(config, &client, NULL) != 0)
        return 2;
    wxpay_config_free(config);
    reply = on_notification(client, headers, headers_length, body, body_length);
    printf("\n%d\n", (int)wxpay_message_status(reply));
    wxpay_message_free(reply);
    wxpay_client_free(client);
    free(json);
    free(headers);
    free(body);
    return 0;
}

int store_once(const char *id, const char *event_type, const uint8_t *plaintext, size_t length)
{
    (void)plaintext;
    printf("%s %s %d bytes\n", id, event_type, (int)length);
    return 0;
}
"#;

/// Header block and body of one notification, as they came out of the socket.
fn received(simulator: &Simulator, kind: &str) -> (Vec<u8>, Vec<u8>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let receiver = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let mut bytes = Vec::new();
        let mut chunk = [0; 4096];
        let whole = loop {
            let count = stream.read(&mut chunk).unwrap();
            assert!(count > 0, "the notification ended early");
            bytes.extend_from_slice(&chunk[..count]);
            let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length: usize = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .map_or(0, |value| value.trim().parse().unwrap());
            if bytes.len() >= end + 4 + length {
                break (bytes[..end + 4].to_vec(), bytes[end + 4..].to_vec());
            }
        };
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        // A server hands out header lines without the request line.
        let line = whole.0.iter().position(|byte| *byte == b'\n').unwrap();
        (whole.0[line + 1..].to_vec(), whole.1)
    });
    simulator.control(
        "POST",
        "/_sim/notify",
        &json!({ "url": format!("http://{address}/notify"), "kind": kind }),
    );
    receiver.join().unwrap()
}

fn lines(value: &Value) -> String {
    match value {
        Value::Array(lines) => lines
            .iter()
            .map(|line| line.as_str().unwrap())
            .collect::<Vec<_>>()
            .join("\n"),
        text => text.as_str().unwrap().to_owned(),
    }
}

/// As a merchant's build does it: warnings are errors, and the link is against the shared library.
pub fn compile(name: &str, code: &str, library: bool) -> PathBuf {
    let dir = fresh_dir("example");
    let source = dir.join(format!("{name}.c"));
    std::fs::write(&source, code).unwrap();
    let program = dir.join(name);
    let shared = target_dir().join("deps");
    let mut gcc = Command::new("gcc");
    gcc.args(["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror"])
        .arg(format!("-I{ROOT}/include"))
        .arg(&source)
        .arg("-o")
        .arg(&program);
    if library {
        gcc.args(["-c", "-fPIC"]);
    } else {
        // The library has no version behind its name there, its SONAME has.
        let versioned = dir.join("libwxpay.so.0");
        std::fs::copy(shared.join("libwxpay.so"), &versioned).unwrap();
        gcc.arg("-L")
            .arg(&shared)
            .arg("-lwxpay")
            .arg(format!("-Wl,-rpath,{}", dir.display()));
    }
    let output = gcc.output().unwrap();
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    program
}

pub fn c_blocks(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    text.split("\n```c\n")
        .skip(1)
        .map(|block| block.split("\n```").next().unwrap().to_owned() + "\n")
        .collect()
}
