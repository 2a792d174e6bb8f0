//! PKCS#12 files as the openssl command writes them, old and new; what is inside is compared with
//! what was put in.

use std::path::Path;
use std::process::Command;

use cms::content_info::ContentInfo;
use cms::encrypted_data::EncryptedData;
use pkcs8::der::asn1::{ObjectIdentifier, OctetString};
use pkcs8::der::{Any, Decode, Encode};
use pkcs12::pbe_params::Pkcs12PbeParams;
use pkcs12::pfx::Pfx;

use super::*;

const PASSWORD: &str = "1900000001";

/// `openssl pkcs12 -export` of the key and certificate that belong together.
fn export(options: &[&str]) -> Vec<u8> {
    exported("rsa2048.pem", "cert.pem", options)
}

fn exported(key: &str, certificate: &str, options: &[&str]) -> Vec<u8> {
    let out = Scratch::new(b"");
    let made = Command::new("openssl")
        .args(["pkcs12", "-export", "-inkey", key, "-in", certificate])
        .args(["-passout", &format!("pass:{PASSWORD}"), "-out", out.path()])
        .args(options)
        .current_dir(directory())
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{options:?}: {}",
        String::from_utf8_lossy(&made.stderr)
    );
    fs::read(Path::new(out.path())).unwrap()
}

#[test]
fn old_and_new_files_open_and_the_certificate_of_the_key_comes_first() {
    let own = read_certificates("cert", &bytes("cert.pem")).unwrap()[0]
        .der
        .clone();
    let other = read_certificates("cert", &bytes("cert-other.pem")).unwrap()[0]
        .der
        .clone();
    let key = private("rsa2048.pem");
    for (case, options) in [
        ("OpenSSL 3: PBES2, AES-256", &[][..]),
        ("before OpenSSL 3: RC2-40 and 3DES", &["-legacy"]),
        (
            "3DES for both",
            &[
                "-legacy",
                "-certpbe",
                "PBE-SHA1-3DES",
                "-keypbe",
                "PBE-SHA1-3DES",
            ],
        ),
        (
            "RC2-40 for both",
            &[
                "-legacy",
                "-certpbe",
                "PBE-SHA1-RC2-40",
                "-keypbe",
                "PBE-SHA1-RC2-40",
            ],
        ),
        (
            "AES-128",
            &[
                "-certpbe",
                "AES-128-CBC",
                "-keypbe",
                "AES-128-CBC",
                "-macalg",
                "sha1",
            ],
        ),
        ("no MAC", &["-nomac"]),
        ("no encryption", &["-certpbe", "NONE", "-keypbe", "NONE"]),
        ("one iteration", &["-legacy", "-iter", "1"]),
        ("a chain", &["-certfile", "cert-other.pem"]),
        ("a name in Chinese", &["-name", "商户"]),
    ] {
        let file = export(options);
        let (chain, read) = read_p12("client_p12", &file, PASSWORD).expect(case);
        assert!(read.public().same_key(key.public()), "{case}");
        assert_eq!(chain[0], own, "{case}");
        let want = if case == "a chain" { 2 } else { 1 };
        assert_eq!(chain.len(), want, "{case}");
        if let Some(second) = chain.get(1) {
            assert_eq!(*second, other, "{case}");
        }
    }
}

#[test]
fn passwords_of_any_text_open_what_they_closed() {
    let key = private("rsa2048.pem");
    for password in ["", "密码", " ", "a b&<>"] {
        for options in [&[][..], &["-legacy"]] {
            let pass = format!("pass:{password}");
            let file = export(&[options, &["-passout", &pass]].concat());
            let (_, read) = read_p12("client_p12", &file, password).expect(password);
            assert!(read.public().same_key(key.public()), "{password}");
        }
    }
}

#[test]
fn a_wrong_password_is_told_as_such() {
    for options in [&[][..], &["-legacy"], &["-nomac"], &["-legacy", "-nomac"]] {
        let file = export(options);
        for wrong in ["", "1900000002", "19000000011", "密码", "a\u{1f600}"] {
            let error = read_p12("client_p12", &file, wrong).unwrap_err();
            assert_eq!(
                error.status(),
                Status::KeyEncrypted,
                "{options:?} {wrong}: {error}"
            );
            let text = format!("{error}");
            assert!(
                text.contains("client_p12") && text.contains("password"),
                "{text}"
            );
            assert!(
                !text.contains(PASSWORD) && !text.contains("19000000011"),
                "{text}"
            );
        }
    }
}

#[test]
fn what_is_no_file_for_one_merchant_is_refused() {
    let whole = export(&["-legacy"]);
    let mut long = whole.clone();
    long.push(0);
    for (case, file) in [
        ("PEM", bytes("cert.pem")),
        ("a certificate", bytes("cert.der")),
        ("empty", Vec::new()),
        ("cut", whole[..whole.len() - 1].to_vec()),
        ("longer", long),
        (
            "indefinite length",
            [&[0x30, 0x80][..], &whole[4..], &[0, 0]].concat(),
        ),
    ] {
        let error = read_p12("client_p12", &file, PASSWORD).unwrap_err();
        assert_eq!(error.status(), Status::KeyFormat, "{case}: {error}");
        assert!(
            error.fields().hint.contains("openssl pkcs12"),
            "{case}: {error}"
        );
    }
    // openssl refuses to pair a key with another's certificate; without a certificate of its own.
    let out = Scratch::new(b"");
    openssl(
        &[
            "pkcs12",
            "-export",
            "-nocerts",
            "-inkey",
            "rsa2048.pem",
            "-passout",
            "pass:1900000001",
            "-out",
            out.path(),
        ],
        b"",
    );
    let error = read_p12("client_p12", &fs::read(out.path()).unwrap(), PASSWORD).unwrap_err();
    assert_eq!(error.status(), Status::KeyCertMismatch, "{error}");
    openssl(
        &[
            "pkcs12",
            "-export",
            "-nokeys",
            "-in",
            "cert.pem",
            "-passout",
            "pass:1900000001",
            "-out",
            out.path(),
        ],
        b"",
    );
    let error = read_p12("client_p12", &fs::read(out.path()).unwrap(), PASSWORD).unwrap_err();
    assert_eq!(error.status(), Status::KeyFormat, "{error}");
    assert!(error.fields().message.contains("0 private keys"), "{error}");
}

/// Every byte of a file cut or changed: an error or the same key, never a panic.
#[test]
fn no_damaged_file_panics() {
    let file = export(&["-legacy", "-nomac", "-iter", "1"]);
    for at in 0..file.len() {
        let _ = read_p12("client_p12", &file[..at], PASSWORD);
        let mut changed = file.clone();
        changed[at] ^= 0xff;
        let _ = read_p12("client_p12", &changed, PASSWORD);
    }
}

/// S33: the cost is written in the file by whoever made it. It is refused before it is paid: 2^31
/// rounds would take many minutes.
#[test]
fn a_file_that_asks_for_too_many_iterations_is_refused_at_once() {
    let file = export(&["-legacy"]);
    for (iterations, status) in [
        (i32::MAX, Status::KeyEncrypted),
        (10_000_001, Status::KeyEncrypted),
        (-1, Status::KeyFormat),
        (0, Status::KeyFormat),
    ] {
        let mut pfx = Pfx::from_der(&file).unwrap();
        pfx.mac_data.as_mut().unwrap().iterations = iterations;
        let error = read_p12("client_p12", &pfx.to_der().unwrap(), PASSWORD).unwrap_err();
        assert_eq!(error.status(), status, "MAC, {iterations}: {error}");

        let mut pfx = Pfx::from_der(&file).unwrap();
        pfx.mac_data = None;
        pfx.auth_safe.content = costly(&pfx.auth_safe.content, iterations);
        let error = read_p12("client_p12", &pfx.to_der().unwrap(), PASSWORD).unwrap_err();
        assert_eq!(
            error.status(),
            status,
            "certificates, {iterations}: {error}"
        );
        if status == Status::KeyEncrypted {
            assert!(
                error.fields().message.contains("at most 10000000"),
                "{error}"
            );
        }
    }
}

/// Each part would be paid for: a file of 1 MiB has room for thousands.
#[test]
fn a_file_of_very_many_parts_is_refused_before_any_is_opened() {
    let mut pfx = Pfx::from_der(&export(&["-legacy"])).unwrap();
    pfx.mac_data = None;
    let octets = OctetString::from_der(&pfx.auth_safe.content.to_der().unwrap()).unwrap();
    let safes = Vec::<ContentInfo>::from_der(octets.as_bytes()).unwrap();
    let many: Vec<_> = safes.iter().cycle().take(100).cloned().collect();
    let octets = OctetString::new(many.to_der().unwrap()).unwrap();
    pfx.auth_safe.content = Any::from_der(&octets.to_der().unwrap()).unwrap();
    let error = read_p12("client_p12", &pfx.to_der().unwrap(), "wrong").unwrap_err();
    assert_eq!(error.status(), Status::KeyFormat, "{error}");
    assert!(error.fields().message.contains("100 parts"), "{error}");
}

/// The authenticated safe with another number of iterations in its encrypted part.
fn costly(content: &Any, iterations: i32) -> Any {
    let octets = OctetString::from_der(&content.to_der().unwrap()).unwrap();
    let mut safes = Vec::<ContentInfo>::from_der(octets.as_bytes()).unwrap();
    let encrypted = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
    let safe = safes
        .iter_mut()
        .find(|safe| safe.content_type == encrypted)
        .unwrap();
    let mut data = EncryptedData::from_der(&safe.content.to_der().unwrap()).unwrap();
    let algorithm = &mut data.enc_content_info.content_enc_alg;
    let mut parameters =
        Pkcs12PbeParams::from_der(&algorithm.parameters.as_ref().unwrap().to_der().unwrap())
            .unwrap();
    parameters.iterations = iterations;
    algorithm.parameters = Some(Any::from_der(&parameters.to_der().unwrap()).unwrap());
    safe.content = Any::from_der(&data.to_der().unwrap()).unwrap();
    let octets = OctetString::new(safes.to_der().unwrap()).unwrap();
    Any::from_der(&octets.to_der().unwrap()).unwrap()
}
