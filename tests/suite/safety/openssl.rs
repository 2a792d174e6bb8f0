//! What the openssl command says: the other opinion.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::simulator::fresh_dir;

/// What the command prints for `input`; it must succeed.
pub fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// A directory with these files, and the command run in it.
pub struct Openssl(PathBuf);

impl Openssl {
    pub fn with(files: &[(&str, &[u8])]) -> Openssl {
        let dir = fresh_dir("openssl");
        for (name, bytes) in files {
            std::fs::write(dir.join(name), bytes).unwrap();
        }
        Openssl(dir)
    }

    /// What it prints; `None` when it fails.
    pub fn run(&self, arguments: &str) -> Option<Vec<u8>> {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(&self.0)
            .output()
            .unwrap();
        output.status.success().then_some(output.stdout)
    }
}

impl Drop for Openssl {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// `name` is `sha256` or `sm3`; lower-case hex.
pub fn digest(name: &str, bytes: &[u8]) -> String {
    let printed = Openssl::with(&[("file", bytes)])
        .run(&format!("dgst -{name} -r file"))
        .unwrap();
    String::from_utf8(printed).unwrap()[..64].to_owned()
}

/// RSASSA-PKCS1-v1_5 with SHA-256.
pub fn verifies(public_pem: &str, message: &[u8], signature: &[u8]) -> bool {
    Openssl::with(&[
        ("key", public_pem.as_bytes()),
        ("message", message),
        ("signature", signature),
    ])
    .run("dgst -sha256 -verify key -signature signature message")
    .is_some()
}

const OAEP: &str =
    "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha1 -pkeyopt rsa_mgf1_md:sha1";

pub fn oaep_decrypt(private_pem: &str, ciphertext: &[u8]) -> Option<Vec<u8>> {
    Openssl::with(&[("key", private_pem.as_bytes()), ("in", ciphertext)])
        .run(&format!("pkeyutl -decrypt -inkey key -in in {OAEP}"))
}

pub fn oaep_encrypt(public_pem: &str, plaintext: &[u8]) -> Vec<u8> {
    Openssl::with(&[("key", public_pem.as_bytes()), ("in", plaintext)])
        .run(&format!("pkeyutl -encrypt -pubin -inkey key -in in {OAEP}"))
        .unwrap()
}
