//! How a text is read; what it means is in `captured` and `vectors`.

mod captured;
mod vectors;

use serde_json::Value;

use super::explain_text;
use crate::error::Cause::ServerCertExpired;

fn explained(text: &str) -> Value {
    serde_json::from_str(&explain_text(text)).unwrap()
}

fn ids(report: &Value) -> Vec<String> {
    let rows = report["diagnosis"].as_array().unwrap();
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn colours_wrapped_lines_quotes_and_case_do_not_matter() {
    let plain = "curl: (60) SSL certificate problem: unable to get local issuer certificate";
    let expected = explain_text(plain);
    for changed in [
        "\u{1b}[31mcurl: (60)\u{1b}[0m SSL certificate problem: unable to get local\r\n issuer certificate",
        "curl: (60) SSL certificate problem: unable to get local is\nsuer certificate",
        "> curl: (60) SSL certificate problem:\n> unable to get local issuer certificate\n",
        "CURL: (60) SSL CERTIFICATE PROBLEM: UNABLE TO GET LOCAL ISSUER CERTIFICATE",
        r#"{"log":"curl: (60) SSL certificate problem: unable to get local\nissuer certificate"}"#,
        "\u{1b}]8;;https://curl.se\u{7}curl: (60)\u{1b}]8;;\u{7} SSL certificate problem: unable to get local issuer certificate",
    ] {
        assert_eq!(explain_text(changed), expected, "{changed:?}");
    }
}

#[test]
fn a_text_that_nobody_knows_says_so() {
    for text in [
        "",
        "   ",
        "hello",
        "订单号重复",
        "404 Not Found",
        "{}",
        "[",
        "\u{1b}[",
        "\0",
    ] {
        let report = explained(text);
        assert_eq!(ids(&report), ["UNKNOWN_TEXT"], "{text}");
        assert_eq!(report["status"], 0, "{text}");
        assert_eq!(report["schema"], 1, "{text}");
        assert!(report["language"].is_null(), "{text}");
    }
}

#[test]
fn our_own_texts_are_repeated_not_guessed() {
    let error = crate::error::Error::new(crate::error::Status::TlsExpired, "Seen: 2021.")
        .diagnosed(
            crate::error::Diagnosis::new(ServerCertExpired, "It was valid until 2021.")
                .cure("Look."),
        );
    for text in [error.to_json(), format!("worker 3: {}\n", error.to_json())] {
        let report = explained(&text);
        assert_eq!(report["status"], 311);
        assert_eq!(report["diagnosis"][0]["text"], "It was valid until 2021.");
        assert_eq!(report["diagnosis"][0]["cure"], "Look.");
    }
    for (text, status, id) in [
        ("WXPAY_STATUS_TLS_UNKNOWN_ISSUER", 310, "TLS_UNKNOWN_ISSUER"),
        (
            "WxPayError: TLS_UNKNOWN_ISSUER (310): nobody",
            310,
            "TLS_UNKNOWN_ISSUER",
        ),
        (
            "SIGNATURE_INVALID: the signature does not match",
            201,
            "SIGNATURE_INVALID",
        ),
        ("DNS: the host name could not be resolved", 300, "DNS"),
        (
            "what does ROOT_NOT_IN_STORE mean?",
            310,
            "ROOT_NOT_IN_STORE",
        ),
        (
            "TLS_HANDSHAKE: PLAINTEXT_ON_TLS_PORT",
            314,
            "PLAINTEXT_ON_TLS_PORT",
        ),
        ("PROXY_AUTH", 309, "PROXY_AUTH"),
    ] {
        let report = explained(text);
        assert_eq!(ids(&report), [id], "{text}");
        assert_eq!(report["status"], status, "{text}");
    }
    // Other people's capitals are not ours.
    assert_eq!(
        ids(&explained("CONNECT api.example:443 HTTP/1.1")),
        ["UNKNOWN_TEXT"]
    );
    assert_eq!(ids(&explained("MY_PROXY_AUTH_2")), ["UNKNOWN_TEXT"]);
}

#[test]
fn the_store_that_a_cure_names_is_the_one_that_the_runtime_uses() {
    for (text, store) in [
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1006)",
            "certifi",
        ),
        ("PKIX path building failed", "cacerts"),
        ("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "built into Node"),
        (
            "x509: certificate signed by unknown authority",
            "system's store",
        ),
        ("SEC_E_UNTRUSTED_ROOT (0x80090325)", "Import-Certificate"),
    ] {
        let report = explained(text);
        let cure = report["diagnosis"][0]["cure"].as_str().unwrap().to_owned();
        assert!(cure.contains(store), "{text}: {cure}");
    }
    let named = "depth=1 CN = DigiCert Global G2 TLS RSA SHA256 2020 CA1\nverify error:num=20:unable to get local issuer certificate";
    assert_eq!(
        explained(named)["diagnosis"][0]["text"],
        "DigiCert Global Root G2 is not in this store"
    );
}

#[test]
fn of_a_long_text_the_beginning_and_the_end_are_read_in_linear_time() {
    let noise = "retry 60 -_- \u{1b}[0m certificate \n".repeat(100_000);
    let cause = "x509: certificate signed by unknown authority";
    for text in [format!("{cause}\n{noise}"), format!("{noise}\n{cause}")] {
        assert_eq!(explained(&text)["status"], 310);
    }
    let started = std::time::Instant::now();
    for nasty in ["{", "6", "curl: (6", "A_", "alert number 4", "字"] {
        explain_text(&nasty.repeat(4_000_000 / nasty.len()));
    }
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn every_needle_is_found_in_itself_and_every_cause_has_a_status() {
    for rule in super::rules::RULES {
        for needle in rule.needles {
            assert!(super::plain::Plain::new(needle).has(needle), "{needle}");
        }
        for cause in rule.causes {
            assert_ne!(super::status_of(*cause, &[]).code(), 0, "{cause:?}");
        }
    }
}
