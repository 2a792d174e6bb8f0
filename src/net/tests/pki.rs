//! A small PKI made by the openssl command when the tests run; nothing of it is committed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The host of most tests; the resolver's test names lead to 127.0.0.1.
pub const HOST: &str = "127-0-0-1.test";
pub const TWO: &str = "127-0-0-2_127-0-0-1.test";

pub struct Pki {
    dir: PathBuf,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A directory of one test.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new() -> Scratch {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "wxpay-net-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    pub fn file(&self, name: &str, parts: &[&Path]) -> PathBuf {
        let mut content = Vec::new();
        for part in parts {
            content.extend(std::fs::read(part).unwrap());
        }
        let path = self.0.join(name);
        // As update-ca-certificates does it: written aside, then renamed in.
        let aside = self.0.join(format!("{name}.new"));
        std::fs::write(&aside, content).unwrap();
        std::fs::rename(&aside, &path).unwrap();
        path
    }
}

pub fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(Pki::make)
}

const CA_CONFIG: &str = "[ca]\ndefault_ca=c\n[c]\ndatabase=DIR/index.txt\nnew_certs_dir=DIR\nserial=DIR/serial\ndefault_md=sha256\npolicy=p\ncopy_extensions=none\nunique_subject=no\n[p]\ncommonName=supplied\n";

impl Pki {
    fn make() -> Pki {
        let pki = Pki {
            dir: std::env::temp_dir().join(format!("wxpay-net-pki-{}", std::process::id())),
        };
        std::fs::create_dir_all(&pki.dir).unwrap();
        let write = |name: &str, text: String| std::fs::write(pki.dir.join(name), text).unwrap();
        write(
            "ca.cnf",
            CA_CONFIG.replace("DIR", pki.dir.to_str().unwrap()),
        );
        write("index.txt", String::new());
        write("serial", "1000\n".to_owned());
        write(
            "ca.ext",
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n".to_owned(),
        );
        write(
            "leaf.ext",
            format!(
                "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:{HOST},DNS:{TWO},DNS:localhost,IP:127.0.0.1\n"
            ),
        );
        write(
            "other.ext",
            "basicConstraints=CA:FALSE\nsubjectAltName=DNS:other.example\n".to_owned(),
        );
        write(
            "client.ext",
            "basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\n".to_owned(),
        );
        for root in ["g1", "g2", "client-ca"] {
            pki.self_signed(root, "ca.ext", "ec");
        }
        pki.self_signed("selfsigned", "leaf.ext", "ec");
        pki.issue("leaf1", "g1", "leaf.ext", "ec");
        pki.issue("leaf2", "g2", "leaf.ext", "ec");
        pki.issue("other", "g1", "other.ext", "ec");
        pki.issue("weak", "g1", "leaf.ext", "rsa:1024");
        pki.issue("inter", "g1", "ca.ext", "ec");
        pki.issue("deep", "inter", "leaf.ext", "ec");
        pki.issue("client", "client-ca", "client.ext", "ec");
        pki.issue("client2", "client-ca", "client.ext", "ec");
        // What a self-signed server certificate in the store could sign if it were an anchor.
        pki.issue("rogue", "selfsigned", "leaf.ext", "ec");
        pki.dated("expired", "20200101000000Z", "20210101000000Z");
        pki.dated("future", "20400101000000Z", "20410101000000Z");
        pki
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub fn crt(&self, name: &str) -> PathBuf {
        self.path(&format!("{name}.crt"))
    }

    pub fn key(&self, name: &str) -> PathBuf {
        self.path(&format!("{name}.key"))
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(&self.dir)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "openssl {arguments}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn request(&self, name: &str, kind: &str) {
        let key = match kind {
            "ec" => "ec -pkeyopt ec_paramgen_curve:prime256v1",
            kind => kind,
        };
        self.openssl(&format!(
            "req -new -newkey {key} -nodes -keyout {name}.key -subj /CN={name} -out {name}.csr"
        ));
    }

    fn self_signed(&self, name: &str, extensions: &str, kind: &str) {
        self.request(name, kind);
        self.openssl(&format!(
            "x509 -req -in {name}.csr -signkey {name}.key -days 30 -extfile {extensions} -out {name}.crt"
        ));
    }

    fn issue(&self, name: &str, issuer: &str, extensions: &str, kind: &str) {
        self.request(name, kind);
        self.openssl(&format!(
            "x509 -req -in {name}.csr -CA {issuer}.crt -CAkey {issuer}.key -CAcreateserial -days 30 -extfile {extensions} -out {name}.crt"
        ));
    }

    fn dated(&self, name: &str, from: &str, to: &str) {
        self.request(name, "ec");
        self.openssl(&format!(
            "ca -batch -config ca.cnf -notext -in {name}.csr -cert g1.crt -keyfile g1.key -extfile leaf.ext -startdate {from} -enddate {to} -out {name}.crt"
        ));
    }

    pub fn certificates(&self, name: &str) -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_file_iter(self.crt(name))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }

    pub fn key_der(&self, name: &str) -> PrivateKeyDer<'static> {
        PrivateKeyDer::from_pem_file(self.key(name)).unwrap()
    }

    /// `chain`: names, the server's own first.
    pub fn server(&self, chain: &[&str]) -> Arc<ServerConfig> {
        let certificates = chain
            .iter()
            .flat_map(|name| self.certificates(name))
            .collect();
        let config = ServerConfig::builder_with_provider(Arc::new(
            rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates, self.key_der(chain[0]))
        .unwrap();
        Arc::new(config)
    }
}
