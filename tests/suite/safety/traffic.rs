//! S14: what comes in from outside causes no traffic, and what answers say causes little.

use wxpay::client::Client;
use wxpay::time;

use super::child;
use super::raw::Raw;
use super::wechat::{self, code, key, notification, now, refused, signature, with};
use crate::simulator::fresh_dir;

const AUTO: [(&str, &str); 3] = [
    ("public_key_id", ""),
    ("public_key", ""),
    ("auto_certificates", "1"),
];

/// Open sockets of this process.
fn sockets() -> usize {
    std::fs::read_dir("/proc/self/fd")
        .unwrap()
        .flatten()
        .filter_map(|entry| std::fs::read_link(entry.path()).ok())
        .filter(|link| link.to_string_lossy().starts_with("socket:"))
        .count()
}

/// Alone in a child, and under strace where there is one: not one socket is made.
#[test]
fn a_thousand_callbacks_with_unknown_serials_open_no_socket() {
    const NAME: &str = "safety::traffic::a_thousand_callbacks_with_unknown_serials_open_no_socket";
    let log = fresh_dir("strace").join("log");
    let has_strace = std::process::Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .output()
        .is_ok_and(|output| output.status.success());
    let strace = [
        "strace",
        "-f",
        "-e",
        "trace=%network",
        "-o",
        log.to_str().unwrap(),
    ];
    let wrapper = if has_strace { &strace[..] } else { &[] };
    if !child::runs_here(NAME, &[], wrapper) {
        if has_strace {
            let calls = std::fs::read_to_string(&log).unwrap();
            for call in ["socket(", "connect(", "sendto(", "bind("] {
                assert!(!calls.contains(call), "{calls}");
            }
        }
        return;
    }
    let before = sockets();
    let client = Client::new(&with("https://127.0.0.1:9", &AUTO)).unwrap();
    let mut headers = signature(key(1), "", now(), b"{}");
    for index in 0..1000 {
        headers[3].1 = format!("{index:08X}");
        let error = refused(
            index,
            client.open_notification(&notification(b"{}", &headers), time::clock()),
        );
        assert_eq!(code(&error), 204, "{index}");
    }
    assert_eq!(sockets(), before);
    assert_eq!(
        client.certificates_due(time::clock()),
        2,
        "the next send may refresh"
    );
}

/// The list does not help: the answers name other serials. One download, whatever they say.
#[test]
fn a_thousand_answers_with_unknown_serials_cause_one_download() {
    let list = {
        let pem = key(2).certificate("0A", b"x", now() - 9, now() + 86_400);
        let sealed = wechat::seal(
            wechat::API_V3_KEY,
            "61f9c719728a",
            "certificate",
            pem.as_bytes(),
        );
        serde_json::json!({"data": [{"serial_no": "0A", "encrypt_certificate": {"algorithm": "AEAD_AES_256_GCM",
            "nonce": "61f9c719728a", "associated_data": "certificate", "ciphertext": sealed}}]})
        .to_string()
    };
    for (case, download_works) in [("the download works", true), ("it fails", false)] {
        let list = list.clone();
        let stranger = signature(key(3), "0B", now(), b"{}");
        let server = Raw::answering(move |request| {
            if !request.line().contains("/v3/certificates") {
                return wechat::http(200, b"{}", &stranger);
            }
            if download_works {
                return wechat::http(
                    200,
                    list.as_bytes(),
                    &signature(key(2), "0A", now(), list.as_bytes()),
                );
            }
            wechat::http(500, b"{}", &[])
        });
        let client = Client::new(&with(&server.url, &AUTO)).unwrap();
        for index in 0..1000 {
            let error = refused(index, client.call("POST", "/v3/x", b"{}"));
            let want = if download_works { 204 } else { code(&error) };
            assert_eq!(code(&error), want, "{case}, {index}");
        }
        let downloads = server
            .seen()
            .iter()
            .filter(|one| one.line().contains("/v3/certificates"))
            .count();
        assert_eq!(downloads, 1, "{case}");
        // Without a key no request goes out: its answer could not be verified.
        assert_eq!(
            server.seen().len(),
            if download_works { 1001 } else { 1 },
            "{case}"
        );
    }
}
