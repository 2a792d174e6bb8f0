//! S1: TLS 1.3 refuses a client certificate after the request has gone out, TLS 1.2 before. Only
//! the second is NOT_SENT.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use wxpay::client::Client;
use wxpay::error::Outcome;

use super::wechat::{self, code, refused};
use crate::simulator::fresh_dir;

/// A CA and a certificate of it for localhost and 127.0.0.1: ca.pem, server.pem, server.key.
pub fn make_pki(dir: &Path) {
    let run = |script: &str| {
        let output = Command::new("sh")
            .args(["-ec", script])
            .current_dir(dir)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 \
         -subj \"/CN=CA $(basename $PWD)\" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
         openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=localhost
         printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\\nbasicConstraints=CA:FALSE\\n' >ext
         openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ext -out server.pem");
}

/// `openssl s_server` on a free port.
pub struct OpensslServer {
    child: Child,
    pub port: u16,
}

impl OpensslServer {
    pub fn start(dir: &Path, more: &[&str]) -> OpensslServer {
        let mut child = Command::new("openssl")
            .args([
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-cert",
                "server.pem",
                "-key",
                "server.key",
            ])
            .args(more)
            .current_dir(dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.strip_prefix("ACCEPT ")?
                    .rsplit(':')
                    .next()?
                    .parse()
                    .ok()
            })
            .unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        OpensslServer { child, port }
    }
}

impl Drop for OpensslServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_refused_client_certificate_is_not_sent_only_where_tls_says_so_before_the_request() {
    let dir = fresh_dir("alerts");
    make_pki(&dir);
    for (version, outcome) in [("-tls1_3", Outcome::Unknown), ("-tls1_2", Outcome::NotSent)] {
        let server = OpensslServer::start(
            &dir,
            &[
                version,
                "-Verify",
                "2",
                "-verify_return_error",
                "-CAfile",
                "ca.pem",
            ],
        );
        let url = format!("https://localhost:{}", server.port);
        let ca = dir.join("ca.pem");
        let config = wechat::with(
            &url,
            &[("extra_ca_file", ca.to_str().unwrap()), ("trust_env", "0")],
        );
        let client = Client::new(&config).unwrap();
        let error = refused(
            version,
            client.call("POST", "/v3/refund/domestic/refunds", b"{}"),
        );
        assert_eq!(code(&error), 317, "{version}: {error}");
        assert_eq!(error.fields().outcome, outcome, "{version}: {error}");
    }
}
