//! Keys, certificates and configuration, made by the openssl command when the benchmark runs.

use std::path::{Path, PathBuf};
use std::process::Command;

use aws_lc_rs::signature::RsaKeyPair;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivateKeyDer, SubjectPublicKeyInfoDer};
use wxpay::config::Config;

pub const MCHID: &str = "1900000001";
pub const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000000012024010100000000000001";
pub const API_V3_KEY: &str = "0123456789abcdef0123456789ABCDEF";
/// Of cert.pem, as tests/keys/make.sh makes it.
pub const SERIAL: &str = "7F4AEF34B89340881BB2B25226393DC2E47F094B";

pub const TARGET: &str = "/v3/pay/transactions/native";
/// The body of a typical order.
pub const ORDER: &str = r#"{"appid":"wxd678efh567hg6787","mchid":"1900000001","description":"Image形象店-深圳腾大-QQ公仔","out_trade_no":"1217752501201407033233368018","notify_url":"https://www.weixin.qq.com/wxpay/pay.php","time_expire":"2029-06-08T10:34:56+08:00","attach":"自定义数据说明","amount":{"total":100,"currency":"CNY"},"scene_info":{"payer_client_ip":"14.23.150.211"}}"#;

pub struct Files(PathBuf);

impl Files {
    pub fn at(directory: &str) -> Files {
        Files(PathBuf::from(directory))
    }

    /// Under the target directory, where a second run finds the keys of the first.
    pub fn make() -> Files {
        let benchmark = std::env::current_exe().expect("this program has a path");
        let target = benchmark
            .ancestors()
            .nth(3)
            .expect("it lies in TARGET/release/deps");
        let keys = target.join("bench-keys");
        run(Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/make.sh")).arg(&keys));
        let files = Files(keys);
        if !files.path("tls-leaf.pem").exists() {
            files.make_tls();
        }
        std::fs::write(files.path("order.json"), ORDER).expect("the key directory is writable");
        files
    }

    /// A root and a certificate of `localhost`, both P-256, as servers have them.
    fn make_tls(&self) {
        let new = |name: &str, subject: &str| {
            let mut openssl = Command::new("openssl");
            openssl.args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "3650"]);
            openssl.args(["-pkeyopt", "ec_paramgen_curve:P-256", "-subj", subject]);
            openssl
                .arg("-keyout")
                .arg(self.path(&format!("{name}-key.pem")));
            openssl
        };
        run(new("tls-root", "/CN=benchmark root")
            .arg("-out")
            .arg(self.path("tls-root.pem")));
        run(new("tls-leaf", "/CN=localhost")
            .arg("-CA")
            .arg(self.path("tls-root.pem"))
            .arg("-CAkey")
            .arg(self.path("tls-root-key.pem"))
            .args(["-addext", "subjectAltName=DNS:localhost"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .arg("-out")
            .arg(self.path("tls-leaf.pem")));
    }

    pub fn directory(&self) -> &Path {
        &self.0
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("tests/keys/make.sh makes it")
    }

    /// PKCS#8 in DER: what AWS-LC takes.
    pub fn private_der(&self, name: &str) -> Vec<u8> {
        let key = PrivateKeyDer::from_pem_file(self.path(name)).expect("a private key");
        key.secret_der().to_vec()
    }

    pub fn public_der(&self, name: &str) -> Vec<u8> {
        let key = SubjectPublicKeyInfoDer::from_pem_file(self.path(name)).expect("a public key");
        key.to_vec()
    }

    pub fn merchant_key(&self) -> RsaKeyPair {
        RsaKeyPair::from_pkcs8(&self.private_der("rsa2048.pem")).expect("an RSA key")
    }

    pub fn wechat_key(&self) -> RsaKeyPair {
        RsaKeyPair::from_pkcs8(&self.private_der("other2048.pem")).expect("an RSA key")
    }

    /// A merchant with a WeChat Pay public key, everything by value.
    pub fn config(&self) -> Config {
        let mut config = Config::default();
        let mut set = |name: &str, value: &str| config.set(name, value).expect(name);
        set("mchid", MCHID);
        set("merchant_serial", SERIAL);
        set("private_key", &self.text("rsa2048.pem"));
        set("public_key_id", PUBLIC_KEY_ID);
        set("public_key", &self.text("other-public.pem"));
        set("api_v3_key", API_V3_KEY);
        set("extra_ca", &self.text("tls-root.pem"));
        config
    }
}

pub fn run(command: &mut Command) {
    let output = command.output().expect("the command is installed");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
