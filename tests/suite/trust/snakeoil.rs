//! S7 with the pair that Debian's package ssl-cert leaves in the store: everybody of the group
//! ssl-cert can read its key, and rustls alone would let it vouch for any host.

use std::process::{Child, Command, Stdio};

use serde_json::Value;
use wxpay::client::Client;
use wxpay::diag::{report_of, trust_probe};
use wxpay::error::{Outcome, Status};
use wxpay::net::{TrustSettings, trust_view};
use wxpay::time::clock;

use super::openssl;
use crate::simulator::{Simulator, fresh_dir};

const CERTIFICATE: &str = "/etc/ssl/certs/ssl-cert-snakeoil.pem";
const KEY: &str = "/etc/ssl/private/ssl-cert-snakeoil.key";

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // `timeout` hands this on to its child; a SIGKILL it could not.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

#[test]
fn the_snakeoil_certificate_of_the_system_vouches_for_nobody() {
    let dir = fresh_dir("snakeoil");
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    std::fs::write(path("ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n").unwrap();
    openssl(
        &[
            "req",
            "-new",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-keyout",
            &path("key"),
            "-out",
            &path("csr"),
        ],
        b"",
    );
    openssl(
        &[
            "x509",
            "-req",
            "-in",
            &path("csr"),
            "-CA",
            CERTIFICATE,
            "-CAkey",
            KEY,
            "-CAserial",
            &path("serial"),
            "-CAcreateserial",
            "-days",
            "1",
            "-extfile",
            &path("ext"),
            "-out",
            &path("crt"),
        ],
        b"",
    );
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let child = Command::new("timeout")
        .args(["60", "openssl", "s_server", "-quiet", "-www", "-accept"])
        .arg(format!("127.0.0.1:{port}"))
        .args([
            "-cert",
            &path("crt"),
            "-key",
            &path("key"),
            "-cert_chain",
            CERTIFICATE,
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _server = Server(child);
    let up = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
    assert!((0..100).any(|_| up() || {
        std::thread::sleep(std::time::Duration::from_millis(50));
        false
    }));

    let report: Value = serde_json::from_str(&report_of(
        &trust_view(&TrustSettings::default()),
        Vec::new(),
        clock(),
    ))
    .unwrap();
    let fingerprint = super::fingerprint(&std::fs::read_to_string(CERTIFICATE).unwrap());
    let listed = report["anomalies"].as_array().unwrap();
    let snakeoil = listed
        .iter()
        .find(|one| one["sha256"] == fingerprint.as_str());
    assert_eq!(snakeoil.unwrap()["kind"], "not_a_ca", "{report}");

    // The system's store, for which openssl itself refuses the pair too.
    let simulator = Simulator::start();
    let mut config = simulator.config();
    config.set("extra_ca_file", "").unwrap();
    config.set("trust_env", "0").unwrap();
    config
        .set("base_url", &format!("https://127.0.0.1:{port}"))
        .unwrap();
    let client = Client::new(&config).unwrap();
    let error = client.call("GET", "/v3/x", b"").unwrap_err();
    assert_eq!(error.status(), Status::TlsUnknownIssuer, "{error}");
    assert_eq!(error.fields().outcome, Outcome::NotSent);
    let probe = trust_probe(Some(&client), "127.0.0.1", port, "", clock()).unwrap();
    let probe: Value = serde_json::from_str(&probe).unwrap();
    assert_eq!(probe["status"], Status::TlsUnknownIssuer.code(), "{probe}");
    let verify = Command::new("openssl")
        .args(["verify", "-CAfile", CERTIFICATE, &path("crt")])
        .env_remove("SSL_CERT_FILE")
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    assert!(!verify.status.success());
}
