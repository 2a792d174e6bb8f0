//! The files of a trust store: a bundle and a directory, read as a request reads them and as a
//! report does.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use wxpay::client::Client;
use wxpay::error::Status;
use wxpay::time::now;

use crate::world::{CLOCK, check_error, check_report, client};

struct Place {
    bundle: PathBuf,
    directory: PathBuf,
    client: Arc<Client>,
}

/// Names as openssl rehash and update-ca-certificates make them, and others.
const NAMES: [&str; 4] = ["a.pem", "3513523f.0", "b.crt", "c.der"];

static PLACE: LazyLock<Place> = LazyLock::new(|| {
    let root = std::env::temp_dir().join(format!("wxpay-fuzz-store-{}", std::process::id()));
    let directory = root.join("certs");
    std::fs::create_dir_all(&directory).expect("a temporary directory");
    let bundle = root.join("bundle.pem");
    // SAFETY: libFuzzer's watchdog threads do not look at the environment.
    unsafe {
        std::env::set_var("SSL_CERT_FILE", &bundle);
        std::env::set_var("SSL_CERT_DIR", &directory);
    }
    Place {
        bundle,
        directory,
        client: client(&[]),
    }
});

/// Files, divided by a byte 1: the bundle, then those of the directory.
pub fn read(input: &[u8]) {
    let place = &*PLACE;
    let mut files = input.splitn(NAMES.len() + 1, |byte| *byte == 1);
    std::fs::write(&place.bundle, files.next().unwrap_or_default()).expect("it is written");
    for name in NAMES {
        let path = place.directory.join(name);
        match files.next() {
            Some(content) => std::fs::write(path, content).expect("it is written"),
            None => drop(std::fs::remove_file(path)),
        }
    }
    let loaded = place.client.warm();
    if let Err(error) = &loaded {
        check_error(error, &[Status::NoTrustRoots]);
    }
    let report = check_report(&wxpay::diag::trust_report(
        Some(&place.client),
        now(CLOCK).expect("a time"),
    ));
    assert!(report["diagnosis"].is_array(), "{report}");
}
