//! S11: one bad entry refuses a list of certificates as a whole.

use serde_json::{Value, json};
use wxpay::client::Client;

use super::certificates::{
    DAY, FIRST, NO_PUBLIC_KEY, SECOND, answer, auto, entry, fresh, list, load, trusted_by, verifies,
};
use super::wechat::{NOWHERE, key, merchant, now, seal, with};

#[test]
fn one_bad_entry_refuses_the_list_and_the_old_set_stays() {
    let client = auto();
    assert_eq!(
        load(
            &client,
            &answer(key(1), FIRST, 0, &list(&[fresh(key(1), FIRST)]))
        ),
        0
    );
    let good = fresh(key(2), SECOND);
    let pem = |serial: &str, from: i64, to: i64| {
        key(2).certificate(serial, b"x", now() + from, now() + to)
    };
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut one = good.clone();
        change(&mut one);
        one
    };
    let two = format!("{}{}", pem(SECOND, -DAY, DAY), pem("0C", -DAY, DAY));
    let other_key = seal(
        "another-key-of-32-bytes-0123456x",
        "61f9c719728a",
        "certificate",
        pem(SECOND, -DAY, DAY).as_bytes(),
    );
    let short = {
        let output = std::process::Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "rsa:1024",
                "-nodes",
                "-keyout",
                "/dev/null",
                "-subj",
                "/CN=x",
                "-set_serial",
                "12",
            ])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for (case, bad, want) in [
        ("expired", entry(SECOND, &pem(SECOND, -DAY, -1)), 410),
        ("the merchant's key", fresh(merchant(), SECOND), 116),
        (
            "serial_no of another",
            entry("0C", &pem(SECOND, -DAY, DAY)),
            420,
        ),
        ("two certificates in one", entry(SECOND, &two), 420),
        ("no certificate in it", entry(SECOND, "hello"), 111),
        ("a public key in it", entry(SECOND, &key(2).public_pem), 116),
        ("RSA of 1024 bits", entry("0C", &short), 111),
        (
            "aad of another kind",
            changed(&|one| one["encrypt_certificate"]["associated_data"] = json!("transaction")),
            420,
        ),
        (
            "aad empty",
            changed(&|one| one["encrypt_certificate"]["associated_data"] = json!("")),
            420,
        ),
        (
            "aad missing",
            changed(&|one| {
                drop(
                    one["encrypt_certificate"]
                        .as_object_mut()
                        .unwrap()
                        .remove("associated_data"),
                )
            }),
            420,
        ),
        (
            "another algorithm",
            changed(&|one| one["encrypt_certificate"]["algorithm"] = json!("AEAD_SM4_GCM")),
            212,
        ),
        (
            "another APIv3 key",
            changed(&|one| one["encrypt_certificate"]["ciphertext"] = json!(other_key)),
            210,
        ),
        (
            "not base64",
            changed(&|one| one["encrypt_certificate"]["ciphertext"] = json!("?")),
            420,
        ),
        (
            "nonce of 16",
            changed(&|one| one["encrypt_certificate"]["nonce"] = json!("0123456789abcdef")),
            420,
        ),
        ("null", Value::Null, 420),
    ] {
        for (place, entries) in [
            ("alone", vec![bad.clone()]),
            ("first", vec![bad.clone(), good.clone()]),
            ("last", vec![good.clone(), bad.clone()]),
        ] {
            let status = load(&client, &answer(key(1), FIRST, 0, &list(&entries)));
            assert_eq!(status, want, "{case}, {place}");
            assert!(
                verifies(&client, key(1), FIRST),
                "{case}, {place}: the old set is gone"
            );
            assert!(
                !verifies(&client, key(2), SECOND),
                "{case}, {place}: half of it was taken"
            );
        }
    }
    let many: Vec<Value> = vec![good.clone(); 65];
    for (case, body, want) in [
        ("twice the same", list(&[good.clone(), good.clone()]), 420),
        ("65 entries", list(&many), 105),
        ("none", list(&[]), 410),
        ("no data", b"{}".to_vec(), 420),
        ("not JSON", b"<html>".to_vec(), 420),
        ("nothing", Vec::new(), 420),
        (
            "cut",
            list(std::slice::from_ref(&good))[..200].to_vec(),
            420,
        ),
    ] {
        assert_eq!(
            load(&client, &answer(key(1), FIRST, 0, &body)),
            want,
            "{case}"
        );
        assert!(
            verifies(&client, key(1), FIRST),
            "{case}: the old set is gone"
        );
    }
    assert_eq!(load(&client, &answer(key(1), FIRST, 0, &list(&[good]))), 0);
}

#[test]
fn a_configured_certificate_is_neither_replaced_nor_shadowed() {
    let certificate = key(1).certificate(FIRST, b"x", now() - DAY, now() + DAY);
    let client = Client::new(&with(
        NOWHERE,
        &[
            &NO_PUBLIC_KEY[..],
            &[("platform_certificate", &certificate)],
        ]
        .concat(),
    ))
    .unwrap();
    assert_eq!(
        load(
            &client,
            &answer(key(1), FIRST, 0, &list(&[fresh(key(2), FIRST)]))
        ),
        119
    );
    assert_eq!(
        load(
            &client,
            &answer(
                key(1),
                FIRST,
                0,
                &list(&[entry(
                    "000a:4aef34b8934088",
                    &key(2).certificate(FIRST, b"x", now() - DAY, now() + DAY)
                )])
            )
        ),
        119
    );
    assert_eq!(
        load(
            &client,
            &answer(
                key(1),
                FIRST,
                0,
                &list(&[fresh(key(1), FIRST), fresh(key(2), SECOND)])
            )
        ),
        0
    );
    assert_eq!(
        trusted_by(&client),
        [
            format!("{FIRST}: configured"),
            format!("{SECOND}: downloaded (signed by {FIRST})")
        ]
    );
    assert_eq!(
        load(
            &client,
            &answer(key(2), SECOND, 0, &list(&[fresh(key(3), "0D")]))
        ),
        0
    );
    assert_eq!(trusted_by(&client)[0], format!("{FIRST}: configured"));
}
