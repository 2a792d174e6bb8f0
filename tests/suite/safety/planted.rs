//! S24, the whole run: every command, the simulator's log, reports, pages and errors of one merchant, kept in files, and
//! no file holds one of his secrets. What a command is asked to print (a signature, a plaintext) is looked for in the
//! others.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use wxpay::client::Client;
use wxpay::config::{Config, report};
use wxpay::diag;
use wxpay::time::clock;
use wxpay::v2;
use wxpay::v3::{compose, prepare, sensitive_fields};

use super::wechat::seal;
use crate::simulator::{self, Simulator, fresh_dir};

const PASSPHRASE: &str = "planted-passphrase-1984";
const PROXY_PASSWORD: &str = "planted-proxy-password";
const P12_PASSWORD: &str = "planted-p12-password";
/// In bodies; only in what shows a body.
const NAME: &str = "planted-name-of-a-buyer";

struct Run {
    simulator: Simulator,
    /// What everything printed, a file each.
    logs: PathBuf,
    merchant: Value,
}

impl Run {
    fn start() -> Run {
        let simulator = Simulator::start();
        let logs = fresh_dir("planted");
        let mut merchant = simulator.merchant();
        let sealed = simulator.file("encrypted_key.pem");
        let done = Command::new("openssl")
            .args(["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout"])
            .arg(format!("pass:{PASSPHRASE}"))
            .arg("-in")
            .arg(simulator.file("apiclient_key.pem"))
            .arg("-out")
            .arg(&sealed)
            .status()
            .unwrap();
        assert!(done.success());
        merchant["private_key_file"] = json!(sealed);
        merchant["private_key_passphrase"] = json!(PASSPHRASE);
        let p12 = simulator.file("client.p12");
        let done = Command::new("openssl")
            .args(["pkcs12", "-export", "-passout"])
            .arg(format!("pass:{P12_PASSWORD}"))
            .arg("-inkey")
            .arg(simulator.file("apiclient_key.pem"))
            .arg("-in")
            .arg(simulator.file("apiclient_cert.pem"))
            .arg("-out")
            .arg(&p12)
            .status()
            .unwrap();
        assert!(done.success());
        merchant["client_p12_file"] = json!(p12);
        merchant["client_p12_password"] = json!(P12_PASSWORD);
        merchant["extra_ca_file"] = json!(simulator.file("ca.pem"));
        Run {
            simulator,
            logs,
            merchant,
        }
    }

    fn config_file(&self, name: &str, text: &str) -> String {
        let path = self.simulator.file(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn keep(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.logs.join(name), text).unwrap();
    }

    /// Runs a command and keeps what it printed; the exit status must be as expected, so that each did what it is here for.
    fn wxpay(
        &self,
        name: &str,
        status: i32,
        config: &str,
        arguments: &[&str],
        input: &[u8],
    ) -> String {
        let mut child = Command::new(simulator::command())
            .args(arguments)
            .args(["--config", config])
            .env_remove("SSL_CERT_FILE")
            .env_remove("SSL_CERT_DIR")
            .env("RUST_BACKTRACE", "full")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Who refuses its options does not read.
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input);
        let output = child.wait_with_output().unwrap();
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        self.keep(&format!("{name}.log"), &text);
        let got = output.status.code();
        // -1: whatever the machine of the test makes of it.
        assert!(
            status == -1 || got == Some(status),
            "{name}: {got:?} {text}"
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Private keys of everybody, in pieces, and the values of the configuration.
    fn secrets(&self) -> Vec<String> {
        let mut secrets = vec![
            PASSPHRASE.to_owned(),
            PROXY_PASSWORD.to_owned(),
            P12_PASSWORD.to_owned(),
        ];
        for name in ["api_v3_key", "api_v2_key"] {
            secrets.push(self.merchant[name].as_str().unwrap().to_owned());
        }
        let private = std::fs::read_dir(self.simulator.file("_sim")).unwrap();
        let mut files: Vec<PathBuf> = private.map(|entry| entry.unwrap().path()).collect();
        files.push(self.simulator.file("apiclient_key.pem"));
        files.push(self.simulator.file("brand_key.pem"));
        let before = secrets.len();
        for file in files {
            let text = std::fs::read_to_string(file).unwrap_or_default();
            if !text.contains("PRIVATE KEY-----") {
                continue;
            }
            let lines = text.lines().filter(|line| line.len() == 64);
            // The first bytes say only that it is a key.
            let lines = lines.skip_while(|line| line.starts_with("MII"));
            secrets.extend(lines.flat_map(|line| [line[..32].to_owned(), line[32..].to_owned()]));
        }
        assert!(
            secrets.len() - before > 100,
            "{} pieces of keys",
            secrets.len()
        );
        secrets
    }

    /// Everything that was printed, by the name of its file.
    fn printed(&self) -> Vec<(String, String)> {
        let logs = std::fs::read_dir(&self.logs).unwrap();
        let logs = logs.map(|entry| entry.unwrap().path());
        let files: Vec<(String, String)> = logs
            .chain([self.simulator.file("simulator.log")])
            .map(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                let bytes = std::fs::read(path).unwrap();
                (name, String::from_utf8_lossy(&bytes).into_owned())
            })
            .collect();
        assert!(files.len() >= 60, "{} files", files.len());
        files
    }
}

/// `but`: the files that are asked for it.
fn is_nowhere(secret: &str, printed: &[(String, String)], but: &[&str]) {
    for (name, text) in printed {
        for form in forms(secret) {
            let found = !but.contains(&name.as_str()) && text.contains(&form);
            assert!(!found, "{secret} (as {form}) is in {name}: {text}");
        }
    }
}

/// As it is, as JSON and HTML write it, and as Debug shows a list of bytes.
fn forms(secret: &str) -> Vec<String> {
    let numbers: Vec<String> = secret.bytes().map(|byte| byte.to_string()).collect();
    let mut forms = vec![secret.to_owned(), numbers.join(", ")];
    forms.extend([secret.replace('/', "\\/"), secret.replace('+', "&#43;")]);
    forms.dedup();
    forms
}

/// A notification of the simulator's WeChat Pay, signed with openssl.
fn notification(run: &Run, api_v3_key: &str) -> Vec<u8> {
    let mchid = run.merchant["mchid"].as_str().unwrap();
    let plaintext = format!("{{\"mchid\":\"{mchid}\",\"payer\":\"{NAME}\"}}");
    let body = json!({
        "id": "1", "create_time": "", "event_type": "TRANSACTION.SUCCESS", "resource_type": "encrypt-resource",
        "resource": {
            "algorithm": "AEAD_AES_256_GCM", "nonce": "fdasflkja484", "associated_data": "transaction",
            "ciphertext": seal(api_v3_key, "fdasflkja484", "transaction", plaintext.as_bytes()),
        },
    })
    .to_string();
    let at = clock().seconds;
    let message = run.simulator.file("to_sign");
    std::fs::write(&message, format!("{at}\nnonce\n{body}\n")).unwrap();
    let key = private_key(&run.simulator.file("_sim"));
    let signature = Command::new("openssl")
        .args(["dgst", "-sha256", "-sign"])
        .args([&key, &message])
        .output()
        .unwrap();
    assert!(signature.status.success());
    use base64::Engine as _;
    let signature = base64::engine::general_purpose::STANDARD.encode(signature.stdout);
    let id = run.merchant["public_key_id"].as_str().unwrap();
    format!("POST /notify HTTP/1.1\r\nWechatpay-Timestamp: {at}\r\nWechatpay-Nonce: nonce\r\nWechatpay-Serial: {id}\r\nWechatpay-Signature: {signature}\r\n\r\n{body}").into_bytes()
}

/// WeChat Pay's, of the configured public key.
fn private_key(dir: &Path) -> PathBuf {
    let public = std::fs::read(dir.parent().unwrap().join("wechatpay_public_key.pem")).unwrap();
    let found = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut found = found.filter(|path| {
        let output = Command::new("openssl")
            .args(["pkey", "-pubout", "-in"])
            .arg(path)
            .output()
            .unwrap();
        output.stdout == public
    });
    found.next().expect("the key of wechatpay_public_key.pem")
}

const PAY: &str = "/v3/pay/transactions/native";

/// Every command, well and badly used.
fn commands(run: &Run, good: &str) -> Vec<String> {
    let html = run.logs.join("doctor.html");
    run.wxpay(
        "doctor",
        -1,
        good,
        &["doctor", "--html", html.to_str().unwrap()],
        b"",
    );
    run.wxpay("doctor-json", -1, good, &["doctor", "--json"], b"");
    let authority = run.simulator.url.strip_prefix("https://").unwrap();
    run.wxpay("probe", -1, good, &["probe", authority, "--json"], b"");
    let order = run.simulator.order("planted1", 100).to_string();
    run.wxpay(
        "request",
        0,
        good,
        &["request", "POST", PAY, "--body", "-"],
        order.as_bytes(),
    );
    run.wxpay(
        "request-json",
        0,
        good,
        &["request", "GET", "/v3/certificates", "--json"],
        b"",
    );
    let planted = json!({ "description": NAME }).to_string();
    run.wxpay(
        "refused",
        1,
        good,
        &["request", "POST", PAY, "--body", "-"],
        planted.as_bytes(),
    );
    run.wxpay(
        "refused-json",
        1,
        good,
        &["request", "POST", PAY, "--body", "-", "--json"],
        planted.as_bytes(),
    );
    for fault in [
        "bad_signature",
        "no_signature",
        "sign_probe",
        "skew:400",
        "reset",
        "truncate",
        "html",
        "status:500",
    ] {
        let set = json!({ "path": PAY, "kind": fault });
        run.simulator.control("POST", "/_sim/fault", &set);
        let mut order = run.simulator.order(&format!("planted{}", fault.len()), 100);
        order["attach"] = json!(NAME);
        let options = ["request", "POST", PAY, "--body", "-", "--json"];
        run.wxpay(
            &format!("fault-{}", fault.replace(':', "")),
            2,
            good,
            &options,
            order.to_string().as_bytes(),
        );
    }
    let mut signatures = Vec::new();
    for (name, options) in [
        ("sign", &["sign", "GET", "/v3/certificates"][..]),
        (
            "sign-json",
            &[
                "sign",
                "POST",
                "/v3/x",
                "--json",
                "--explain",
                "--body",
                "-",
            ],
        ),
    ] {
        let text = run.wxpay(name, 0, good, options, b"{}");
        let rest = text.split("signature=").nth(1).unwrap();
        let signature = rest.trim_start_matches(['\\', '"']);
        signatures.push(signature[..64].to_owned());
    }
    let came = notification(run, run.merchant["api_v3_key"].as_str().unwrap());
    run.wxpay("verify", 0, good, &["verify", "-", "--json"], &came);
    run.wxpay(
        "verify-changed",
        1,
        good,
        &["verify", "-"],
        &[&came[..], b" "].concat(),
    );
    run.wxpay("decrypt", 0, good, &["decrypt", "-"], &came);
    run.wxpay(
        "decrypt-changed",
        1,
        good,
        &["decrypt", "-"],
        &[&came[..], b" "].concat(),
    );
    let other = notification(run, "another-key-of-32-bytes-0123456x");
    run.wxpay("decrypt-other", 1, good, &["decrypt", "-"], &other);
    let key = run.simulator.file("encrypted_key.pem");
    let clear = run.simulator.file("apiclient_key.pem");
    run.wxpay(
        "certs-show",
        0,
        good,
        &[
            "certs",
            "show",
            key.to_str().unwrap(),
            clear.to_str().unwrap(),
            "--json",
        ],
        b"",
    );
    let certificates = fresh_dir("planted-certificates");
    run.wxpay(
        "certs-download",
        0,
        good,
        &["certs", "download", "--dir", certificates.to_str().unwrap()],
        b"",
    );
    signatures
}

/// Configurations that are wrong in the place where a secret stands.
fn mistakes(run: &Run) {
    let key = std::fs::read_to_string(run.simulator.file("apiclient_key.pem")).unwrap();
    let api = run.merchant["api_v3_key"].as_str().unwrap().to_owned();
    let with = |changes: &[(&str, &str)]| {
        let mut merchant = run.merchant.clone();
        for (name, value) in changes {
            merchant[*name] = json!(value);
        }
        merchant.to_string()
    };
    let proxy = format!("http://shop:{PROXY_PASSWORD}@127.0.0.1:9");
    let whole = with(&[]);
    let at = whole.find(&api).unwrap();
    for (name, text) in [
        ("short-key", with(&[("api_v3_key", &api[1..])])),
        (
            "key-as-mchid",
            with(&[("mchid", &api), ("api_v3_key", "1900000001")]),
        ),
        ("key-as-serial", with(&[("merchant_serial", &api)])),
        ("pem-as-path", with(&[("private_key_file", &key)])),
        (
            "pem-as-public-key",
            with(&[("public_key_file", ""), ("public_key", &key)]),
        ),
        ("pem-as-api-key", with(&[("api_v3_key", &key)])),
        (
            "wrong-passphrase",
            with(&[("private_key_passphrase", &format!("{PASSPHRASE}x"))]),
        ),
        (
            "wrong-proxy",
            with(&[("proxy", &proxy.replace("http:", "gopher:"))]),
        ),
        ("dead-proxy", with(&[("proxy", &proxy)])),
        (
            "p12-password",
            with(&[("client_p12_password", &format!("{P12_PASSWORD}x"))]),
        ),
        ("p12-no-file", with(&[("client_p12_file", "/nowhere.p12")])),
        ("cut", whole[..at + 20].to_owned()),
        (
            "no-string",
            whole.replacen(&format!("\"{api}\""), &format!("[[\"{api}\"]]"), 1),
        ),
    ] {
        let file = run.config_file(&format!("{name}.json"), &text);
        run.wxpay(
            &format!("{name}-doctor"),
            -1,
            &file,
            &["doctor", "--json", "--offline"],
            b"",
        );
        run.wxpay(
            &format!("{name}-request"),
            3,
            &file,
            &["request", "GET", "/v3/certificates"],
            b"",
        );
        let mut config = Config::default();
        let loaded = config.load_json(&text);
        let made = loaded.and_then(|()| Client::new(&config));
        let shown = match &made {
            Ok(client) => format!("{:?}", client.merchant),
            Err(error) => format!("{error}\n{error:?}\n{}", error.to_json()),
        };
        run.keep(
            &format!("{name}-library.log"),
            format!("{shown}\n{config:?}\n{}", report(&config, clock())),
        );
    }
}

/// Reports of the library on a client that has done something.
fn reports(run: &Run) -> String {
    let mut config = Config::default();
    config.load_json(&run.merchant.to_string()).unwrap();
    let client = Client::new(&config).unwrap();
    let request = compose::request("POST", PAY, b"{}").unwrap();
    let prepared = prepare::prepare(&client.merchant, &request, clock()).unwrap();
    let error = client.send(&prepared).unwrap_err();
    run.keep(
        "explain-request.log",
        diag::explain_request(&client.merchant, &prepared).unwrap(),
    );
    run.keep("explain-text.log", diag::explain_text(&error.to_string()));
    run.keep("client-info.log", client.info());
    run.keep("trust.log", diag::trust_report(Some(&client), clock()));
    run.keep("config-report.log", report(&config, clock()));
    run.keep("error.log", error.to_json());
    run.keep(
        "debug.log",
        format!("{config:?}{:#?}{prepared:?}{error:#?}", client.merchant),
    );
    let mut request =
        compose::request("POST", PAY, format!("{{\"name\":\"{NAME}\"}}").as_bytes()).unwrap();
    let missing =
        sensitive_fields::encrypt(&client.merchant, &mut request, "/name\n/other", clock())
            .unwrap_err();
    run.keep(
        "fields.log",
        format!("{missing:?}{}{request:?}", missing.to_json()),
    );
    let authorization = prepared.headers.get("Authorization").unwrap().to_string();
    authorization.split("signature=\"").nth(1).unwrap()[..64].to_owned()
}

/// A sign of API v2 does not expire: neither ours nor the one that would have been right is shown.
fn api_v2(run: &Run) -> Vec<String> {
    let mut config = Config::default();
    config.load_json(&run.merchant.to_string()).unwrap();
    // Nobody is there.
    config.set("base_url", "https://127.0.0.1:9").unwrap();
    let client = Client::new(&config).unwrap();
    let mut signs = Vec::new();
    // A page has its fields in the URL, which reports show.
    for (path, attach) in [("/pay/unifiedorder", NAME), ("/papay/entrustweb", "x")] {
        let fields = json!({ "appid": "wx8888888888888888", "attach": attach, "nonce_str": "1" });
        let prepared =
            v2::prepare(&client.merchant, path, "HMAC-SHA256", &fields.to_string()).unwrap();
        let body = String::from_utf8_lossy(&prepared.body).into_owned();
        let whole = format!("{}{body}", prepared.url());
        let mark = if body.is_empty() { "&sign=" } else { "<sign>" };
        let sign = &whole.rsplit_once(mark).unwrap().1[..64];
        assert!(sign.bytes().all(|one| one.is_ascii_hexdigit()), "{sign}");
        signs.push(sign.to_owned());
        let error = client.v2_send(&prepared).map(drop).unwrap_err();
        let mut answer = wxpay::http::Message::response(200, Default::default());
        answer.body = compose::copied(
            format!(
                "<xml><return_code>SUCCESS</return_code><sign>{}</sign></xml>",
                "0".repeat(64)
            )
            .as_bytes(),
        )
        .unwrap();
        let refused = client.v2_check(Some(&prepared), &mut answer).unwrap_err();
        let name = path.replace('/', "-");
        run.keep(
            &format!("v2{name}.log"),
            format!(
                "{prepared:?}{error:?}{}{refused:?}{}",
                error.to_json(),
                refused.to_json()
            ),
        );
        // Of the answer that was refused.
        let right = v2::sign(
            &client.merchant,
            "HMAC-SHA256",
            "{\"return_code\":\"SUCCESS\"}",
        )
        .unwrap();
        signs.push(right);
    }
    let opened = v2::refund_open(&client.merchant, "QUJD").unwrap_err();
    run.keep("v2-refund.log", format!("{opened:?}{}", opened.to_json()));
    signs
}

#[test]
fn no_command_log_report_or_page_of_a_whole_run_holds_a_secret() {
    let run = Run::start();
    let good = run.config_file("planted.json", &run.merchant.to_string());
    let signatures = commands(&run, &good);
    mistakes(&run);
    let sent = reports(&run);
    let v2 = api_v2(&run);
    let printed = run.printed();
    for secret in run.secrets() {
        is_nowhere(&secret, &printed, &[]);
    }
    for signature in signatures {
        is_nowhere(&signature, &printed, &["sign.log", "sign-json.log"]);
    }
    is_nowhere(&sent, &printed, &[]);
    for sign in v2 {
        is_nowhere(&sign, &printed, &[]);
    }
    is_nowhere(NAME, &printed, &["decrypt.log"]);
}
