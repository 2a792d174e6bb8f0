//! Serials as `openssl x509 -noout -serial` prints them (requirements.md A7), and how ids compare
//! (safety.md S20).

use super::*;

#[test]
fn a_serial_is_what_openssl_prints() {
    for (name, expected_len) in [
        ("sign-byte", 14),
        ("zero-nibble", 16),
        ("odd", 4),
        ("one", 2),
        ("twenty", 40),
        ("twenty-zero", 38),
        ("twenty-high", 40),
        ("v1", 4),
        ("other", 32),
    ] {
        let file = format!("cert-{name}.pem");
        let printed = openssl(&["x509", "-in", &file, "-noout", "-serial"], b"");
        let printed = String::from_utf8(printed).unwrap();
        let expected = printed.trim().strip_prefix("serial=").unwrap();
        let certificate = &read_certificates(&file, &bytes(&file)).unwrap()[0];
        assert_eq!(certificate.serial, expected, "{file}");
        assert_eq!(certificate.serial.len(), expected_len, "{file}");
        assert_eq!(
            serial::canonical(&certificate.serial).unwrap(),
            expected,
            "{file}"
        );
    }
}

#[test]
fn the_canonical_form_keeps_zeros_and_has_whole_bytes() {
    for (given, canonical) in [
        (
            "0C4AEF34B89340881BB2B25226393DC2E47F094B",
            "0C4AEF34B89340881BB2B25226393DC2E47F094B",
        ),
        (
            "c4aef34b89340881bb2b25226393dc2e47f094b",
            "0C4AEF34B89340881BB2B25226393DC2E47F094B",
        ),
        ("5157:f0:9e fd", "5157F09EFD"),
        ("00:80", "0080"),
        ("abc", "0ABC"),
        ("0", "00"),
    ] {
        assert_eq!(serial::canonical(given).unwrap(), canonical, "{given}");
    }
}

#[test]
fn what_is_no_serial_is_refused_without_being_repeated() {
    let secret = "0123456789abcdefghijklmnopqrstuv";
    for (given, fragment) in [
        ("", "0 hex digits"),
        (" : ", "0 hex digits"),
        (&"A".repeat(41), "41 hex digits"),
        ("0xAB", "character 2 ('x')"),
        ("serial=AB", "character 1 ('s')"),
        ("PUB_KEY_ID_0112345678", "character 1 ('P')"),
        ("AB\n", "character 3 ('\\n')"),
        ("ＡＢ", "character 1"),
        (secret, "character 17 ('g')"),
    ] {
        let error = serial::canonical(given).unwrap_err();
        assert_eq!(error.status(), Status::SerialFormat, "{given:?}");
        let shown = shown(&error, given);
        assert!(shown.contains(fragment), "{given:?}: {shown}");
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn serials_compare_without_case_colons_and_zeros_and_other_ids_byte_for_byte() {
    let same = [
        ("0C4A", "c4a"),
        ("00:0C:4A", "C4A"),
        ("00", "0"),
        ("PUB_KEY_ID_0112345678", "PUB_KEY_ID_0112345678"),
    ];
    for (a, b) in same {
        assert_eq!(serial::key(a), serial::key(b), "{a} and {b}");
    }
    let different = [
        ("0C4A", "C4A0"),
        ("PUB_KEY_ID_00012", "PUB_KEY_ID_12"),
        ("PUB_KEY_ID_12", "pub_key_id_12"),
        ("PUB_KEY_ID_12", "PUB_KEY_ID_12 "),
        ("PUB_KEY_ID_12", "PUB:KEY_ID_12"),
        ("", "0"),
    ];
    for (a, b) in different {
        assert_ne!(serial::key(a), serial::key(b), "{a} and {b}");
    }
    // 41 digits are no serial: opaque.
    let long = format!("0{}", "a".repeat(40));
    assert_eq!(serial::key(&long), long);
}

#[test]
fn key_ids_have_their_grammar() {
    for id in ["PUB_KEY_ID_0112345678", "a", "A-b_9", &"x".repeat(64)] {
        assert!(serial::is_key_id(id), "{id}");
    }
    for id in [
        "",
        " ",
        "a b",
        "a\"",
        "a\r\n",
        "ä",
        "a:b",
        "a/b",
        &"x".repeat(65),
    ] {
        assert!(!serial::is_key_id(id), "{id:?}");
    }
}
