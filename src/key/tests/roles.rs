//! Files in each other's places (requirements.md A1), and the keys that are not private.

use super::*;

const ROLE: Status = Status::WrongKeyRole;
const FORMAT: Status = Status::KeyFormat;

fn openssl_fingerprint(public_pem: &str) -> String {
    let der = openssl(
        &["pkey", "-pubin", "-in", public_pem, "-outform", "DER"],
        b"",
    );
    let digest = openssl(&["dgst", "-sha256", "-r"], &der);
    String::from_utf8(digest[..64].to_vec()).unwrap()
}

#[test]
fn public_keys_are_read_in_both_forms_and_have_the_fingerprint_openssl_computes() {
    let fingerprint = openssl_fingerprint("public.pem");
    let base64: String = text("public.pem")
        .lines()
        .filter(|line| !line.contains('-'))
        .collect();
    for (case, bytes) in [
        ("SPKI PEM", bytes("public.pem")),
        ("SPKI DER", bytes("public.der")),
        ("PKCS#1 PEM", bytes("public-pkcs1.pem")),
        ("bare base64", base64.into_bytes()),
        (
            "literal \\n",
            text("public.pem").replace('\n', "\\n").into_bytes(),
        ),
    ] {
        let key = read_public("public_key", &bytes).unwrap();
        assert_eq!(key.fingerprint(), fingerprint, "{case}");
        assert!(
            matches!(read("key", &bytes, None), Ok(Material::Public(_))),
            "{case}"
        );
    }
    for (file, bits) in [
        ("public.pem", 2048),
        ("public3072.pem", 3072),
        ("public4096.pem", 4096),
    ] {
        assert_eq!(public(file).bits(), bits, "{file}");
    }
}

#[test]
fn what_is_not_a_public_key_is_refused_as_one() {
    let both = |a: &str, b: &str| format!("{}{}", text(a), text(b)).into_bytes();
    for (case, bytes, status, fragment) in [
        (
            "certificate",
            bytes("cert.pem"),
            ROLE,
            "is a certificate, not a public key",
        ),
        (
            "private key",
            bytes("rsa2048.pem"),
            ROLE,
            "is a private key, not a public key",
        ),
        (
            "PKCS#1 private key, DER",
            bytes("pkcs1.der"),
            ROLE,
            "is a private key, not a public key",
        ),
        (
            "encrypted private key",
            bytes("encrypted.pem"),
            ROLE,
            "is a private key, not a public key",
        ),
        (
            "legacy private key",
            bytes("legacy.pem"),
            ROLE,
            "is a private key, not a public key",
        ),
        (
            "private key under a public label",
            text("rsa2048.pem")
                .replace("PRIVATE", "PUBLIC")
                .into_bytes(),
            ROLE,
            "is a private key",
        ),
        (
            "public and private key",
            both("public.pem", "rsa2048.pem"),
            ROLE,
            "is a private key",
        ),
        (
            "public key and certificate",
            both("public.pem", "cert.pem"),
            ROLE,
            "is a certificate",
        ),
        (
            "two public keys",
            both("public.pem", "other-public.pem"),
            FORMAT,
            "holds 2 public keys",
        ),
        (
            "EC public key",
            bytes("ec-public.pem"),
            FORMAT,
            "is an EC key, not an RSA key",
        ),
        ("1024 bits", bytes("public1024.pem"), FORMAT, "1024 bits"),
        ("CSR", bytes("request.pem"), FORMAT, "certificate request"),
        ("PKCS#12", bytes("bundle.p12"), FORMAT, "PKCS#12"),
        ("empty", vec![], FORMAT, "is empty"),
    ] {
        assert_error(read_public("public_key", &bytes), status, fragment, case);
    }
}

#[test]
fn what_is_not_a_certificate_is_refused_as_one() {
    for (case, bytes, status, fragment) in [
        (
            "private key",
            bytes("rsa2048.pem"),
            ROLE,
            "is a private key, not a certificate",
        ),
        (
            "encrypted private key",
            bytes("encrypted.pem"),
            ROLE,
            "is a private key, not a certificate",
        ),
        (
            "public key",
            bytes("public.pem"),
            ROLE,
            "is a public key, not a certificate",
        ),
        (
            "EC certificate",
            bytes("cert-ec.pem"),
            FORMAT,
            "a certificate with an EC key",
        ),
        ("1024 bits", bytes("cert-1024.pem"), FORMAT, "1024 bits"),
        ("CSR", bytes("request.pem"), FORMAT, "certificate request"),
        ("PKCS#12", bytes("bundle.p12"), FORMAT, "-clcerts -nokeys"),
        ("damaged", damaged_certificate(), FORMAT, "cannot be read"),
        ("empty", vec![], FORMAT, "is empty"),
    ] {
        assert_error(
            read_certificates("platform_certificate", &bytes),
            status,
            fragment,
            case,
        );
    }
}

/// The version of the certificate becomes 9.
fn damaged_certificate() -> Vec<u8> {
    let mut der = bytes("cert.der");
    let version = der
        .windows(5)
        .position(|w| w == [0xa0, 3, 2, 1, 2])
        .unwrap();
    der[version + 4] = 9;
    der
}

#[test]
fn every_certificate_of_a_file_is_read_in_order() {
    let all = format!(
        "{}\n-- 平台证书 --\n{}{}",
        text("cert.pem"),
        text("cert-other.pem"),
        text("rsa2048.pem")
    );
    let read = read_certificates("platform_certificate", all.as_bytes()).unwrap();
    let serials: Vec<&str> = read
        .iter()
        .map(|certificate| &*certificate.serial)
        .collect();
    assert_eq!(
        serials,
        [
            "7F4AEF34B89340881BB2B25226393DC2E47F094B",
            "5157F09EFDC096DE15EBE81A47057A72"
        ]
    );
    // A private key in the file is what counts for `read`; of certificates alone, the first.
    assert!(matches!(
        crate::key::read("key", all.as_bytes(), None),
        Ok(Material::Private(_))
    ));
    let chain = format!("{}{}", text("cert-other.pem"), text("cert.pem"));
    match crate::key::read("key", chain.as_bytes(), None) {
        Ok(Material::Certificate(first)) => assert_eq!(first.serial, serials[1]),
        other => panic!("{other:?}"),
    }
}

#[test]
fn names_dates_and_key_of_a_certificate_are_those_openssl_prints() {
    for file in [
        "cert.pem",
        "cert-other.pem",
        "cert-v1.pem",
        "cert-chinese.pem",
    ] {
        let certificate = &read_certificates(file, &bytes(file)).unwrap()[0];
        let ask = |option: &str| {
            let arguments = [
                "x509",
                "-in",
                file,
                "-noout",
                option,
                "-nameopt",
                "RFC2253,-esc_msb,utf8",
                "-dateopt",
                "iso_8601",
            ];
            String::from_utf8(openssl(&arguments, b""))
                .unwrap()
                .trim()
                .to_owned()
        };
        let after = |text: String| text.split_once('=').unwrap().1.to_owned();
        assert_eq!(certificate.subject, after(ask("-subject")), "{file}");
        assert_eq!(certificate.issuer, after(ask("-issuer")), "{file}");
        assert_eq!(
            certificate.not_before,
            unix(&after(ask("-startdate"))),
            "{file}"
        );
        assert_eq!(
            certificate.not_after,
            unix(&after(ask("-enddate"))),
            "{file}"
        );
        let der = openssl(&["x509", "-in", file, "-outform", "DER"], b"");
        assert_eq!(certificate.der, der, "{file}");
        let key = openssl(&["x509", "-in", file, "-noout", "-pubkey"], b"");
        assert!(
            read_public(file, &key)
                .unwrap()
                .same_key(&certificate.public),
            "{file}"
        );
    }
}

/// `date` is the second opinion on what a date is in Unix seconds.
fn unix(date: &str) -> i64 {
    let output = Command::new("date")
        .args(["-u", "-d", date, "+%s"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

#[test]
fn keys_are_the_same_when_their_numbers_are() {
    let key = private("rsa2048.pem");
    let certificate = &read_certificates("cert", &bytes("cert.pem")).unwrap()[0];
    assert!(key.public().same_key(&public("public.pem")));
    assert!(key.public().same_key(&public("public-pkcs1.pem")));
    assert!(key.public().same_key(&certificate.public));
    assert!(!key.public().same_key(private("other2048.pem").public()));
    assert!(!key.public().same_key(&public("other-public.pem")));
    assert_eq!(key.bits(), 2048);
}

#[test]
fn debug_shows_no_key() {
    let key = private("rsa2048.pem");
    let shown = format!("{key:?} {:?}", Material::Private(key.clone()));
    assert!(
        shown.len() < 300 && shown.contains(key.public().fingerprint()),
        "{shown}"
    );
    assert!(shown.contains("RSA-2048 private key of"), "{shown}");
}
