//! The table of known roots against what openssl reads in this system's store.

use wxpay::trust::known::ROOTS;

use super::{openssl, system_root};

#[test]
fn the_table_of_roots_is_what_openssl_says_of_them() {
    for root in ROOTS {
        let pem = system_root(root.sha256);
        let text = openssl(
            &[
                "x509",
                "-noout",
                "-subject",
                "-nameopt",
                "RFC2253",
                "-startdate",
                "-enddate",
                "-dateopt",
                "iso_8601",
                "-ext",
                "subjectKeyIdentifier",
            ],
            pem.as_bytes(),
        );
        assert!(text.contains(&format!("CN={}", root.name)), "{text}");
        let plain = text.replace(':', "").to_ascii_lowercase();
        assert!(plain.contains(root.key_id), "{}: {text}", root.name);
        // "2013-08-01 12:00:00Z"
        let date = |seconds: i64| wxpay::time::rfc3339(seconds).replace('T', " ");
        assert!(
            text.contains(&format!("notBefore={}", date(root.not_before))),
            "{text}"
        );
        assert!(
            text.contains(&format!("notAfter={}", date(root.not_after))),
            "{text}"
        );
    }
}

/// The days are those of DigiCert's and Mozilla's announcements (trust.md §3).
#[test]
fn the_days_of_distrust_are_those_announced() {
    let days: Vec<String> = ROOTS
        .iter()
        .map(|root| wxpay::trust::verdict::day(root.mozilla_distrust))
        .collect();
    assert_eq!(
        days,
        [
            "2025-04-15",
            "2026-04-15",
            "2029-04-15",
            "2029-04-15",
            "2026-04-15",
            "2036-01-15",
            "2036-01-15"
        ]
    );
}
