//! S23: text of other people never reaches a terminal or a browser as anything but text.

use std::process::{Child, Command, Stdio};

use crate::machine::{Machine, certificate};
use crate::tools::{unique, wait_for};

/// What a terminal or a browser would obey.
const RAW: &[&str] = &["\u{1b}", "\u{7}", "\u{9b}", "\u{202e}", "\u{200b}"];

const MARKUP: &str = "</td><script>alert(1)</script>";

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `openssl s_server` with this subject; its port.
fn server(machine: &Machine, subject: &str) -> (Server, u16) {
    let (pem, key) = certificate(
        &machine.dir,
        subject,
        &["subjectAltName=DNS:localhost", "basicConstraints=CA:FALSE"],
    );
    let (pem, key) = (
        machine.write("server.pem", &pem),
        machine.write("server.key", &key),
    );
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let child = Command::new("openssl")
        .args([
            "s_server",
            "-quiet",
            "-accept",
            &format!("127.0.0.1:{port}"),
            "-www",
        ])
        .arg("-cert")
        .arg(pem)
        .arg("-key")
        .arg(key)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server(child);
    wait_for("s_server", || {
        std::net::TcpStream::connect(("127.0.0.1", port)).ok()
    });
    (server, port)
}

fn is_clean(text: &str, what: &str) {
    for raw in RAW {
        assert!(!text.contains(raw), "{what} has {raw:?}");
    }
}

#[test]
fn certificates_and_file_names_are_shown_escaped_namespace() {
    let machine = Machine::healthy();
    let (evil, _) = certificate(
        &machine.dir,
        &format!("/CN={}", MARKUP.replace('/', "\\/")),
        &["basicConstraints=critical,CA:TRUE"],
    );
    machine.write("etc/ssl/certs/evil.pem", &evil);
    let (_server, port) = server(&machine, "/CN=\u{1b}]0;x\u{7}\u{9b}31m\u{200b}");
    let json = serde_json::json!({
        "mchid": "1900000109", "base_url": format!("https://localhost:{port}"), "external_signer": "1",
        "merchant_serial": "1", "api_v3_key": "0".repeat(32),
    });
    let config = machine.write(
        &format!(
            "\u{202e}nosj.{MARKUP_NAME}",
            MARKUP_NAME = unique("merchant")
        ),
        &json.to_string(),
    );
    let config = config.to_str().unwrap();
    let page = machine.path("report.html");
    let text = machine.wxpay(&["doctor", "--config", config, "--html", &page]);
    assert_eq!(text.status, 2, "{}{}", text.out, text.err);
    is_clean(&text.out, "text");
    let html = std::fs::read_to_string(page).unwrap();
    is_clean(&html, "html");
    assert!(
        !html.contains("<script") && !html.contains("</td><s"),
        "{html}"
    );
    // They are there, only harmless; RFC 4514 writes `<` in a name as `\\<`.
    for shown in [
        r"\</td\>\<script\>alert(1)\</script\>",
        "\\u{202e}",
        "\\u{1b}]0;x\\u{7}\\u{9b}31m\\u{200b}",
    ] {
        assert!(
            text.words().contains(shown),
            "{shown} is not in {}",
            text.out
        );
        let escaped = shown.replace('<', "&lt;").replace('>', "&gt;");
        assert!(html.contains(&escaped), "{escaped} is not in {html}");
    }
    let json = machine.wxpay(&["doctor", "--config", config, "--json"]);
    is_clean(&json.out, "json");
    assert_eq!(
        json.json()["config"]["source"],
        config,
        "in JSON the value is the same"
    );

    let probe = machine.wxpay(&["probe", &format!("localhost:{port}")]);
    assert_eq!(probe.status, 2);
    is_clean(&probe.out, "probe");
    assert!(probe.out.contains("\\u{1b}]0;x"), "{}", probe.out);
}

#[test]
fn an_error_about_a_file_shows_its_name_escaped() {
    let run = crate::machine::plain(
        &["doctor", "--config", "/nowhere/\u{202e}\u{1b}[31m.json"],
        &[],
    );
    assert_eq!(run.status, 3);
    is_clean(&run.err, "standard error");
    assert!(run.err.contains("\\u{202e}\\u{1b}"), "{}", run.err);
}

#[test]
fn a_long_foreign_value_is_cut_at_512_characters_namespace() {
    let machine =
        Machine::healthy().set("NODE_EXTRA_CA_CERTS", format!("/{}", "x".repeat(100_000)));
    let run = machine.wxpay(&["doctor", "--offline"]);
    assert!(run.out.contains(&"x".repeat(300)), "{}", run.out);
    assert!(!run.out.contains(&"x".repeat(513)));
    assert!(run.out.len() < 20_000, "{}", run.out.len());
}
