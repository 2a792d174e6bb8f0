//! `wxpay certs`: what openssl reads is what was written and said.

use crate::harness::openssl;
use crate::place::{Place, wxpay};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

fn written(dir: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn made(place: &Place, name: &str) -> String {
    let dir = place.sim.path(name);
    std::fs::create_dir(&dir).unwrap();
    dir
}

#[test]
fn platform_certificates_are_written_by_serial_and_never_over_another_file() {
    let place = Place::new(&[]);
    let dir = made(&place, "certs");
    let run = place.wxpay(&["certs", "download", "--dir", &dir], b"");
    assert_eq!(run.status, 0, "{}", run.err);
    let serial = place.sim.get("_platform_serial");
    let name = format!("wechatpay_{serial}.pem");
    assert_eq!(written(&dir), std::slice::from_ref(&name));
    let path = format!("{dir}/{name}");
    let text = |path: &str| openssl(&["x509", "-in", path, "-outform", "DER"], b"");
    assert_eq!(
        text(&path),
        text(&place.sim.path("wechatpay_certificate.pem"))
    );
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o644
    );
    assert!(run.text().contains("written"), "{}", run.text());
    let signed_by = format!("signed by {}", place.sim.get("public_key_id"));
    assert!(run.text().contains(&signed_by), "{}", run.text());

    let again = place
        .wxpay(&["certs", "download", "--dir", &dir, "--json"], b"")
        .json();
    assert_eq!(again["files"][0]["state"], "unchanged");
    std::fs::write(&path, "mine").unwrap();
    let run = place.wxpay(&["certs", "download", "--dir", &dir], b"");
    assert_eq!((run.status, run.text().as_str()), (3, ""));
    assert!(run.err.contains("--force"), "{}", run.err);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    let forced = place.wxpay(
        &["certs", "download", "--dir", &dir, "--force", "--json"],
        b"",
    );
    assert_eq!(forced.json()["files"][0]["state"], "replaced");
    assert_eq!(
        text(&path),
        text(&place.sim.path("wechatpay_certificate.pem"))
    );
    assert_eq!(written(&dir), [name], "nothing is left over");

    // What was downloaded verifies the next answers.
    let only = place.with(&[
        ("public_key_id", ""),
        ("public_key_file", ""),
        ("platform_certificate_file", &path),
    ]);
    let run = place.wxpay_as(&only, &["request", "GET", "/v3/certificates"], b"");
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(
        run.err.contains(&format!("signed by {serial}")),
        "{}",
        run.err
    );
}

/// S11: what is refused leaves no file.
#[test]
fn a_list_that_is_refused_writes_nothing_and_says_what_public_key_merchants_do() {
    let place = Place::new(&[]);
    let dir = made(&place, "refused");
    for (fault, status, said) in [
        ("certificates_404", 1, "public_key"),
        ("certificates_not_found", 1, "public_key"),
        ("certificates_500", 2, "public_key"),
        ("bad_signature", 2, "SIGNATURE_INVALID"),
        ("skew:400", 2, "TIMESTAMP_EXPIRED"),
    ] {
        place.sim.fault("/v3/certificates", fault);
        let run = place.wxpay(&["certs", "download", "--dir", &dir], b"");
        assert_eq!(
            (run.status, run.text().as_str()),
            (status, ""),
            "{fault}: {}",
            run.err
        );
        assert!(run.err.contains(said), "{fault}: {}", run.err);
        assert!(written(&dir).is_empty(), "{fault}");
    }
    // Not even asked.
    let run = place.wxpay(&["certs", "download", "--dir", "/nowhere"], b"");
    assert_eq!(run.status, 3, "{}", run.err);
}

/// The first list of a merchant who knows no key yet.
#[test]
fn without_a_known_key_the_file_says_that_only_the_api_v3_key_vouches() {
    let place = Place::new(&[]);
    let dir = made(&place, "first");
    let first = place.with(&[
        ("public_key_id", ""),
        ("public_key_file", ""),
        ("auto_certificates", "1"),
    ]);
    let run = place.wxpay_as(&first, &["certs", "download", "--dir", &dir], b"");
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(run.text().contains("api_v3_key only"), "{}", run.text());
    assert_eq!(written(&dir).len(), 1);
}

#[test]
fn key_files_are_shown_as_openssl_reads_them() {
    let place = Place::new(&[]);
    let path = |name: &str| place.sim.path(name);
    let (key, own, public) = (
        path("apiclient_key.pem"),
        path("apiclient_cert.pem"),
        path("wechatpay_public_key.pem"),
    );
    let run = wxpay(&["certs", "show", &key, &own, &public, "--json"], &[], b"");
    place.holds_no_secret(&run, &["certs", "show"]);
    assert_eq!(run.status, 0, "{}", run.words());
    let report = run.json();
    let holds = |index: usize| report["files"][index]["holds"][0].clone();
    // SHA-256 of the SPKI, and the serial.
    let spki = openssl(&["pkey", "-in", &key, "-pubout", "-outform", "DER"], b"");
    let digest = String::from_utf8(openssl(&["dgst", "-sha256", "-r"], &spki)).unwrap();
    for index in [0, 1] {
        assert_eq!(holds(index)["key_sha256"], digest[..64]);
    }
    let serial = openssl(&["x509", "-in", &own, "-noout", "-serial"], b"");
    let serial = String::from_utf8(serial).unwrap();
    assert_eq!(
        holds(1)["serial"],
        serial.trim().strip_prefix("serial=").unwrap()
    );
    assert_eq!(
        [0, 1, 2].map(|index| holds(index)["kind"].as_str().unwrap().to_owned()),
        ["private_key", "certificate", "public_key"]
    );
    assert_eq!(holds(0)["same_key_in"][0], own.as_str());
    assert_eq!(holds(0)["bits"], 2048);
    let words = wxpay(&["certs", "show", &key, &own], &[], b"").words();
    for said in ["private key, 2048 bits", "same key in", "serial"] {
        assert!(words.contains(said), "{said}: {words}");
    }
}

/// The FAQ's comparison of moduli.
#[test]
fn a_key_that_belongs_to_none_of_the_certificates_is_named() {
    let place = Place::new(&[]);
    let other = place.sim.file(&openssl(
        &[
            "genpkey",
            "-quiet",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
        ],
        b"",
    ));
    let own = place.sim.path("apiclient_cert.pem");
    let run = wxpay(&["certs", "show", &other, &own], &[], b"");
    assert_eq!(run.status, 1);
    assert!(run.words().contains("KEY_CERT_MISMATCH"), "{}", run.words());
    let report = wxpay(&["certs", "show", &other, &own, "--json"], &[], b"").json();
    assert_eq!(report["keys_without_certificate"][0], other.as_str());
    // What is no key is named too; a file that is not there is wrong usage.
    let nothing = place.sim.file(b"hello");
    let run = wxpay(&["certs", "show", &nothing, "--json"], &[], b"");
    assert_eq!(run.status, 1);
    assert_eq!(run.json()["files"][0]["problem"]["id"], "KEY_FORMAT");
    assert_eq!(
        wxpay(&["certs", "show", "/nowhere/key.pem"], &[], b"").status,
        3
    );
    assert!(!Path::new("/nowhere").exists());
}

/// S33: the passphrase comes from the configuration or a variable, never from an option.
#[test]
fn an_encrypted_key_is_shown_with_the_passphrase_of_the_configuration() {
    const PASSPHRASE: &str = "open-sesame-1984";
    let place = Place::new(&[]);
    let clear = std::fs::read(place.sim.path("apiclient_key.pem")).unwrap();
    let sealed = openssl(
        &[
            "pkcs8",
            "-topk8",
            "-v2",
            "aes-256-cbc",
            "-passout",
            &format!("pass:{PASSPHRASE}"),
        ],
        &clear,
    );
    let sealed = place.sim.file(&sealed);
    let run = wxpay(&["certs", "show", &sealed], &[], b"");
    assert_eq!(run.status, 1);
    assert!(run.words().contains("KEY_ENCRYPTED"), "{}", run.words());
    let config = place.with(&[
        ("private_key_file", &sealed),
        ("private_key_passphrase", PASSPHRASE),
    ]);
    let run = place.wxpay_as(&config, &["certs", "show", &sealed], b"");
    assert_eq!(run.status, 0, "{}", run.words());
    assert!(
        run.words().contains("to sign: it is the merchant's own"),
        "{}",
        run.words()
    );
    assert!(
        run.words().contains(place.sim.get("public_key_id")),
        "the client's ring: {}",
        run.words()
    );
    assert!(!run.words().contains(PASSPHRASE));
}
