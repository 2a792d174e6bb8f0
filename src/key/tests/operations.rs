//! RSA against two implementations that are not AWS-LC: the openssl command and the `rsa` crate.

use pkcs8::{DecodePrivateKey, DecodePublicKey};
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use sha2::Sha256;

use super::*;

const MESSAGE: &[u8] = b"GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n";

fn verifying_key(file: &str) -> rsa::pkcs1v15::VerifyingKey<Sha256> {
    rsa::pkcs1v15::VerifyingKey::new(rsa::RsaPublicKey::from_public_key_pem(&text(file)).unwrap())
}

#[test]
fn openssl_and_rsa_accept_our_signature_and_compute_the_same() {
    for (private_file, public_file, len) in [
        ("rsa2048.pem", "public.pem", 256),
        ("rsa3072.pem", "public3072.pem", 384),
        ("rsa4096.pem", "public4096.pem", 512),
    ] {
        let key = private(private_file);
        for message in [MESSAGE, b"", &[0; 100_000]] {
            let signature = key.sign(message).unwrap();
            assert_eq!(signature.len(), len, "{private_file}");
            assert_eq!(key.signature_len(), len);
            let file = Scratch::new(&signature);
            let said = openssl(
                &[
                    "dgst",
                    "-sha256",
                    "-verify",
                    public_file,
                    "-signature",
                    file.path(),
                ],
                message,
            );
            assert_eq!(said, b"Verified OK\n", "{private_file}");
            // PKCS#1 v1.5 has no randomness: there is one right signature.
            assert_eq!(
                signature,
                openssl(&["dgst", "-sha256", "-sign", private_file], message)
            );
            let signature = rsa::pkcs1v15::Signature::try_from(&*signature).unwrap();
            verifying_key(public_file)
                .verify(message, &signature)
                .unwrap();
        }
    }
}

#[test]
fn signatures_of_openssl_and_rsa_verify_and_no_changed_one_does() {
    let key = public("public.pem");
    let signature = openssl(&["dgst", "-sha256", "-sign", "rsa2048.pem"], MESSAGE);
    assert!(key.verify(MESSAGE, &signature));
    let oracle = rsa::pkcs1v15::SigningKey::<Sha256>::new(
        rsa::RsaPrivateKey::from_pkcs8_pem(&text("rsa2048.pem")).unwrap(),
    );
    assert!(key.verify(b"other", &oracle.sign(b"other").to_vec()));

    assert!(!key.verify(b"other", &signature));
    assert!(!key.verify(b"", &signature));
    assert!(!public("other-public.pem").verify(MESSAGE, &signature));
    for bit in (0..2048).step_by(37) {
        let mut changed = signature.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!key.verify(MESSAGE, &changed), "bit {bit}");
    }
    for len in [0, 1, 255] {
        assert!(!key.verify(MESSAGE, &signature[..len]), "{len} bytes");
    }
    assert!(!key.verify(MESSAGE, &[&signature[..], &[0]].concat()));
    assert!(!key.verify(MESSAGE, &[0; 256]));
    assert!(!key.verify(MESSAGE, &[0xff; 256]));
    let sha1 = openssl(&["dgst", "-sha1", "-sign", "rsa2048.pem"], MESSAGE);
    assert!(!key.verify(MESSAGE, &sha1), "SHA-1");
    let pss = openssl(
        &[
            "dgst",
            "-sha256",
            "-sigopt",
            "rsa_padding_mode:pss",
            "-sign",
            "rsa2048.pem",
        ],
        MESSAGE,
    );
    assert!(!key.verify(MESSAGE, &pss), "PSS");
}

#[test]
fn a_key_with_exponent_3_signs_and_verifies() {
    let key = private("exponent3.pem");
    let signature = key.sign(MESSAGE).unwrap();
    assert_eq!(
        signature,
        openssl(&["dgst", "-sha256", "-sign", "exponent3.pem"], MESSAGE)
    );
    assert!(key.public().verify(MESSAGE, &signature));
}

#[test]
fn signing_into_a_buffer_needs_its_exact_length() {
    let key = private("rsa2048.pem");
    let mut signature = [0; 256];
    key.sign_into(MESSAGE, &mut signature).unwrap();
    assert_eq!(signature[..], key.sign(MESSAGE).unwrap());
    for len in [0, 255, 257] {
        let result = key.sign_into(MESSAGE, &mut vec![0; len]);
        assert_error(
            result,
            Status::SignFailed,
            "signing",
            &format!("{len} bytes"),
        );
    }
}

const OAEP: [&str; 4] = [
    "-pkeyopt",
    "rsa_padding_mode:oaep",
    "-pkeyopt",
    "rsa_oaep_md:sha1",
];

#[test]
fn openssl_opens_what_we_encrypt_up_to_the_limit_of_the_key() {
    for (private_file, public_file, limit) in [
        ("rsa2048.pem", "public.pem", 214),
        ("rsa3072.pem", "public3072.pem", 342),
        ("rsa4096.pem", "public4096.pem", 470),
    ] {
        let key = public(public_file);
        for len in [0, 1, 18, limit - 1, limit] {
            let plaintext = vec![b'x'; len];
            let ciphertext = key.encrypt_oaep(&plaintext).unwrap();
            let opened = openssl(
                &[&["pkeyutl", "-decrypt", "-inkey", private_file][..], &OAEP].concat(),
                &ciphertext,
            );
            assert_eq!(opened, plaintext, "{private_file}, {len} bytes");
            assert_ne!(
                ciphertext,
                key.encrypt_oaep(&plaintext).unwrap(),
                "OAEP is randomised"
            );
        }
        let expected = format!(
            "has {} bytes in UTF-8; this {}-bit key encrypts at most {limit}",
            limit + 1,
            key.bits()
        );
        let result = key.encrypt_oaep(&vec![b'x'; limit + 1]);
        assert_error(result, Status::EncryptTooLong, &expected, public_file);
    }
}

#[test]
fn we_open_what_openssl_encrypts() {
    let key = private("rsa2048.pem");
    for len in [0, 1, 18, 213, 214] {
        let plaintext = vec![b'x'; len];
        let ciphertext = openssl(
            &[
                &["pkeyutl", "-encrypt", "-pubin", "-inkey", "public.pem"][..],
                &OAEP,
            ]
            .concat(),
            &plaintext,
        );
        assert_eq!(
            **key.decrypt_oaep(&ciphertext).unwrap(),
            plaintext,
            "{len} bytes"
        );
    }
    let too_long = try_openssl(
        &[
            &["pkeyutl", "-encrypt", "-pubin", "-inkey", "public.pem"][..],
            &OAEP,
        ]
        .concat(),
        &[b'x'; 215],
    );
    assert!(too_long.is_err(), "openssl has the same limit");
}

/// Manger's attack needs to tell failures apart (requirements.md E3).
#[test]
fn every_failed_decryption_is_the_same_error() {
    let key = private("rsa2048.pem");
    let good = public("public.pem").encrypt_oaep(b"13800138000").unwrap();
    let encrypt = |options: &[&str]| {
        openssl(
            &[
                &["pkeyutl", "-encrypt", "-pubin", "-inkey", "public.pem"][..],
                options,
            ]
            .concat(),
            b"x",
        )
    };
    let mut cases = vec![
        ("empty", vec![]),
        ("255 bytes", good[..255].to_vec()),
        ("257 bytes", [&good[..], &[0]].concat()),
        ("all zero", vec![0; 256]),
        ("larger than the modulus", vec![0xff; 256]),
        (
            "another key",
            public("other-public.pem").encrypt_oaep(b"x").unwrap(),
        ),
        (
            "PKCS#1 v1.5",
            encrypt(&["-pkeyopt", "rsa_padding_mode:pkcs1"]),
        ),
        (
            "OAEP with SHA-256",
            encrypt(&[
                "-pkeyopt",
                "rsa_padding_mode:oaep",
                "-pkeyopt",
                "rsa_oaep_md:sha256",
            ]),
        ),
        (
            "a label",
            encrypt(&[
                OAEP[0],
                OAEP[1],
                OAEP[2],
                OAEP[3],
                "-pkeyopt",
                "rsa_oaep_label:6162",
            ]),
        ),
    ];
    for bit in (0..2048).step_by(61) {
        let mut changed = good.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        cases.push(("a flipped bit", changed));
    }
    let mut seen = std::collections::BTreeSet::new();
    for (case, ciphertext) in cases {
        let error = key.decrypt_oaep(&ciphertext).expect_err(case);
        assert_eq!(error.status(), Status::DecryptFailed, "{case}");
        seen.insert(format!("{} {error:?}", shown(&error, case)));
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(**key.decrypt_oaep(&good).unwrap(), *b"13800138000");
}

#[test]
fn one_key_works_from_many_threads_at_once() {
    let key = private("rsa2048.pem");
    let expected = openssl(&["dgst", "-sha256", "-sign", "rsa2048.pem"], MESSAGE);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let (key, expected) = (key.clone(), &expected);
            scope.spawn(move || {
                for _ in 0..20 {
                    assert_eq!(key.sign(MESSAGE).unwrap(), *expected);
                    assert!(key.public().verify(MESSAGE, expected));
                    let sealed = key.public().encrypt_oaep(b"x").unwrap();
                    assert_eq!(**key.decrypt_oaep(&sealed).unwrap(), *b"x");
                }
            });
        }
    });
}
