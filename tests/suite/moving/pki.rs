//! Two roots and a server under each, made by the openssl command once a run.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::HOST;
use crate::simulator::fresh_dir;

const MAKE: &str = r#"
key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
for generation in old new; do
    openssl req -x509 $key -keyout $generation-root.key -out $generation-root.pem -days 30 \
        -subj "/O=Test/CN=Test $generation root" -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign
    openssl req $key -keyout $generation-ca.key -out ca.csr -subj "/O=Test/CN=Test $generation issuing CA"
    printf 'basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\n' > ca.ext
    openssl x509 -req -in ca.csr -CA $generation-root.pem -CAkey $generation-root.key -CAcreateserial \
        -out $generation-ca.pem -days 30 -extfile ca.ext
    openssl req $key -keyout $generation.key -out server.csr -subj "/CN=$host"
    printf "basicConstraints=CA:false\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:$host\n" > server.ext
    openssl x509 -req -in server.csr -CA $generation-ca.pem -CAkey $generation-ca.key -CAcreateserial \
        -out $generation.pem -days 30 -extfile server.ext
done
mkdir v3
printf 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}' > v3/certificates
"#;

/// `old-root.pem`, `new-root.pem`, and `old`, `new` with `.pem`, `.key` and `-ca.pem`.
pub fn made() -> &'static Path {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| {
        let dir = fresh_dir("moving-pki");
        let output = Command::new("sh")
            .args(["-euc", MAKE])
            .env("host", HOST)
            .current_dir(&dir)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        dir
    })
}

/// A server on port 443 of a loopback address; it ends with the test.
pub struct Server(Child);

impl Server {
    pub fn start(generation: &str, address: &str) -> Server {
        let dir = made();
        let child = Command::new("openssl")
            // The answer is a file, its head included: Java waits for more where the length is missing.
            .args([
                "s_server",
                "-HTTP",
                "-quiet",
                "-accept",
                &format!("{address}:443"),
            ])
            .args(["-cert", &format!("{generation}.pem")])
            .args(["-key", &format!("{generation}.key")])
            .args(["-cert_chain", &format!("{generation}-ca.pem")])
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Server(child);
        let until = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect((address, 443)).is_err() {
            let over = server.0.try_wait().unwrap();
            assert!(
                over.is_none() && Instant::now() < until,
                "no server on {address}:443 ({over:?}); port 443 needs root"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
