//! The store that the runners trust, named by SSL_CERT_FILE: reports about trust depend on it.

use std::path::{Path, PathBuf};

use wxpay::trust::known::{G1, by_id};

use crate::simulator::fresh_dir;
use crate::trust::system_root;

/// A bundle with DigiCert Global Root CA (G1) alone, which this system's store has; nobody else
/// writes to it.
pub fn only_g1() -> PathBuf {
    let bundle = fresh_dir("store").join("only-g1.pem");
    write(&bundle, &system_root(by_id(G1).unwrap().sha256));
    bundle
}

pub fn write(bundle: &Path, pem: &str) {
    std::fs::write(bundle, pem).unwrap();
}
