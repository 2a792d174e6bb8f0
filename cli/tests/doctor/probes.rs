//! `wxpay probe` and `wxpay explain`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::machine::{Run, plain};
use crate::merchants::Simulator;
use serde_json::Value;

#[test]
fn a_probe_shows_the_chain_the_root_and_the_answer() {
    let simulator = Simulator::start(&[]);
    let ca = simulator.path("ca.pem");
    let run = plain(
        &["probe", &simulator.authority()],
        &[("SSL_CERT_FILE", &ca)],
    );
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    for want in [
        "No problem found.",
        "CN=libwxpay simulator",
        "401, Request-ID ",
        "TLS13_",
    ] {
        assert!(run.out.contains(want), "{want} is not in {}", run.out);
    }
    let json = plain(
        &["probe", &simulator.authority(), "--json"],
        &[("SSL_CERT_FILE", &ca)],
    );
    assert_eq!(json.json()["verdict"], "ok");
}

#[test]
fn a_probe_of_a_server_that_is_not_trusted_says_why_and_exits_with_2() {
    let simulator = Simulator::start(&[]);
    let run = plain(&["probe", &simulator.authority(), "--json"], &[]);
    assert_eq!((run.status, &run.json()["status"]), (2, &Value::from(310)));
    let text = plain(&["probe", &simulator.authority()], &[]);
    assert!(
        text.out.contains("ERROR") && text.words().contains("which was not found in the store"),
        "{}",
        text.out
    );
}

/// The guideline's hosts-file test without the hosts file.
#[test]
fn an_address_is_used_instead_of_dns_and_the_name_is_still_checked() {
    let simulator = Simulator::start(&[]);
    let ca = simulator.path("ca.pem");
    let port = simulator.authority().rsplit(':').next().unwrap().to_owned();
    let environment = [("SSL_CERT_FILE", ca.as_str())];
    let run = plain(
        &[
            "probe",
            &format!("localhost:{port}"),
            "--ip",
            "127.0.0.1",
            "--json",
        ],
        &environment,
    );
    assert_eq!(
        (run.status, &run.json()["bind_address"]),
        (0, &Value::from("127.0.0.1"))
    );
    let run = plain(
        &[
            "probe",
            "api.mch.weixin.qq.com",
            "--ip",
            &simulator.authority(),
            "--json",
        ],
        &environment,
    );
    assert_eq!(
        (run.status, &run.json()["status"]),
        (2, &Value::from(313)),
        "TLS_NAME_MISMATCH: {}",
        run.out
    );
}

#[test]
fn a_probe_goes_through_a_proxy_that_is_named_without_a_password() {
    let simulator = Simulator::start(&[]);
    let run = plain(
        &[
            "probe",
            &simulator.authority(),
            "--proxy",
            "http://127.0.0.1:1",
            "--json",
        ],
        &[],
    );
    assert_eq!(
        (run.status, &run.json()["proxy"]),
        (2, &Value::from("http://127.0.0.1:1")),
        "{}",
        run.out
    );
    let run = plain(
        &[
            "probe",
            &simulator.authority(),
            "--proxy",
            "http://shop:hunter2@127.0.0.1:1",
        ],
        &[],
    );
    assert_eq!(run.status, 3);
    assert!(
        !run.err.contains("hunter2") && run.err.contains("list of processes"),
        "{}",
        run.err
    );
    let run = plain(
        &[
            "probe",
            &simulator.authority(),
            "--proxy",
            "http://127.0.0.1:1",
            "--ip",
            "127.0.0.1",
            "--json",
        ],
        &[],
    );
    assert!(
        run.ids().contains(&"BIND_WITH_PROXY".to_owned()),
        "{:?}",
        run.ids()
    );
}

fn explain(arguments: &[&str], input: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wxpay"))
        .arg("explain")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Run {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        took: std::time::Duration::ZERO,
    }
}

/// The text: curl 7.88 against a server whose root is not in the bundle.
const CURL: &str = "curl: (60) SSL certificate problem: unable to get local issuer certificate";

#[test]
fn a_text_is_explained_from_the_command_line_and_from_standard_input() {
    let given = explain(&[CURL, "--json"], b"");
    assert_eq!(given.status, 0, "{}{}", given.out, given.err);
    assert_eq!(given.ids()[0], "ROOT_NOT_IN_STORE", "{}", given.out);
    assert_eq!(explain(&["-", "--json"], CURL.as_bytes()).out, given.out);
    assert_eq!(explain(&["--json", "--", CURL], b"").out, given.out);
    let people = explain(&[CURL], b"");
    assert!(
        people.out.contains("ROOT_NOT_IN_STORE") && people.out.contains("Do:"),
        "{}",
        people.out
    );
    // Words may come without quotes, and a text may begin with a hyphen.
    let words: Vec<&str> = CURL.split(' ').collect();
    assert_eq!(explain(&words, b"").out, people.out);
    assert_eq!(
        explain(
            &[
                "--",
                "- SSL: CERTIFICATE_VERIFY_FAILED unable to get local issuer certificate"
            ],
            b""
        )
        .status,
        0
    );
}

/// What a program signed, beside WeChat Pay's answer: the FAQ's own sample, and two mistakes.
#[test]
fn a_signed_string_is_compared_with_the_answer_from_standard_input() {
    let url = "/payscore/user-service-state?service_id=500001&appid=wxeaf7bf1de621b0c2&openid=oWm9Z5JQwgV7BKAQUeKsUMVSjTpQ";
    let right = format!("GET\n{url}\n1559194069\n18a427e78d2344e1a71156a2690cc4d6\n\n");
    let answer = serde_json::json!({
        "code": "SIGN_ERROR", "message": "错误的签名，验签失败",
        "detail": {"field": "signature", "sign_information": {
            "method": "GET", "url": url, "truncated_sign_message": right, "sign_message_length": 157,
        }},
    })
    .to_string();
    let file = std::env::temp_dir().join(format!("wxpay-signed-{}", std::process::id()));
    let path = file.to_str().unwrap();
    let signed = |bytes: &str, arguments: &[&str]| {
        std::fs::write(&file, bytes).unwrap();
        explain(
            &[&["--signed", path, "-"], arguments].concat(),
            answer.as_bytes(),
        )
    };
    for (bytes, id) in [
        (right.clone(), "SIGN_WRONG_KEY"),
        (right[..156].to_owned(), "SIGN_LAST_NEWLINE_MISSING"),
        (
            right.replace("1559194069", "1559194070"),
            "SIGN_TIMESTAMP_DIFFERS",
        ),
    ] {
        let run = signed(&bytes, &["--json"]);
        assert_eq!(
            (run.status, run.ids()),
            (0, vec![id.to_owned()]),
            "{}{}",
            run.out,
            run.err
        );
    }
    let people = signed(&right.replace("1559194069", "1559194070"), &[]);
    assert!(
        people.out.contains("Line 3 (timestamp) differs at byte 8")
            && !people.out.contains("wxpay doctor"),
        "{}",
        people.out
    );
    // Without the echo there is nothing to compare with; without the file nothing to compare.
    let nothing = explain(&["--signed", path, "SIGN_ERROR"], b"");
    assert_eq!(nothing.status, 3, "{}", nothing.err);
    assert!(nothing.err.contains("sign_information"), "{}", nothing.err);
    std::fs::remove_file(&file).unwrap();
    let gone = explain(&["--signed", path, "-"], answer.as_bytes());
    assert_eq!(gone.status, 3);
    assert!(gone.err.contains("cannot read"), "{}", gone.err);
}

#[test]
fn a_text_that_is_not_known_exits_with_1_and_nothing_is_echoed() {
    let run = explain(&["-"], b"hunter2 \x1b]0;x\x07 \xff\xfe");
    assert_eq!(run.status, 1);
    assert!(
        run.out.contains("UNKNOWN_TEXT") && !run.out.contains("hunter2"),
        "{}",
        run.out
    );
}

/// S33
#[test]
fn standard_input_is_read_up_to_a_limit() {
    let script = "\"$0\" explain - < /dev/zero";
    let output = Command::new("timeout")
        .args(["20", "sh", "-c", script, env!("CARGO_BIN_EXE_wxpay")])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("more than 1 MiB"));
}
