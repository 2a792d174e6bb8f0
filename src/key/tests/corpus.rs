//! One key in many forms (requirements.md A9): all that copying, pasting and other tools make of
//! it is read or refused with a sentence of its own.

use super::*;

struct Row {
    case: &'static str,
    bytes: Vec<u8>,
    passphrase: Option<&'static str>,
    /// `None`: this is the key of `rsa2048.pem`.
    refused: Option<(Status, &'static str)>,
}

const FORMAT: Status = Status::KeyFormat;
const ENCRYPTED: Status = Status::KeyEncrypted;
const ROLE: Status = Status::WrongKeyRole;
const PASSPHRASE: &str = "correct horse battery";

fn row(case: &'static str, bytes: impl Into<Vec<u8>>) -> Row {
    Row {
        case,
        bytes: bytes.into(),
        passphrase: None,
        refused: None,
    }
}

impl Row {
    fn with(mut self, passphrase: &'static str) -> Row {
        self.passphrase = Some(passphrase);
        self
    }

    fn is(mut self, status: Status, fragment: &'static str) -> Row {
        self.refused = Some((status, fragment));
        self
    }
}

/// The base64 between the first and last line, without line breaks.
fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.contains("-----")).collect()
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

/// What is read: every row is the same key.
fn readable() -> Vec<Row> {
    let pem = text("rsa2048.pem");
    let pkcs1 = text("pkcs1.pem");
    let base64 = body(&pem);
    let one_line = format!("-----BEGIN PRIVATE KEY-----{base64}-----END PRIVATE KEY-----");
    let indented: String = pem.lines().map(|line| format!("    {line}  \n")).collect();
    let mut rows = vec![
        row("PKCS#8 PEM", pem.clone()),
        row("PKCS#1 PEM", pkcs1.clone()),
        row("PKCS#8 DER", bytes("pkcs8.der")),
        row("PKCS#1 DER", bytes("pkcs1.der")),
        row(
            "DER and a line break",
            [bytes("pkcs8.der"), b"\r\n".to_vec()].concat(),
        ),
        row("bare base64 of PKCS#8, one line", base64.clone()),
        row(
            "bare base64 of PKCS#1, with line breaks",
            pkcs1
                .lines()
                .filter(|line| !line.contains('-'))
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        row("bare base64 in quotes", format!("\"{base64}\"")),
        row("CRLF", pem.replace('\n', "\r\n")),
        row("CR alone", pem.replace('\n', "\r")),
        row("UTF-8 BOM", format!("\u{feff}{pem}")),
        row("UTF-16 LE from a Windows editor", utf16(&pem, false)),
        row("UTF-16 BE", utf16(&pem, true)),
        row("no line break at the end", pem.trim_end()),
        row(
            "literal \\n of an environment variable",
            pem.replace('\n', "\\n"),
        ),
        row("literal \\r\\n", pem.replace('\n', "\\r\\n")),
        row("escaped twice", pem.replace('\n', "\\\\n")),
        row(
            "a JSON string with \\/",
            format!("\"{}\"", pem.replace('/', "\\/").replace('\n', "\\n")),
        ),
        row("leading and trailing spaces on each line", indented),
        row("one line, nothing between", one_line.clone()),
        row("one line, spaces for line breaks", pem.replace('\n', " ")),
        row("tabs", pem.replace('\n', "\t\n\t")),
        row("an empty line between all lines", pem.replace('\n', "\n\n")),
        row(
            "no-break and zero-width spaces from a web page",
            pem.replace('\n', "\u{a0}\u{200b}\n"),
        ),
        row(
            "ideographic spaces from a chat",
            pem.replace('\n', "\u{3000}"),
        ),
        row(
            "text before and after",
            format!("商户私钥 apiclient_key.pem:\n{pem}\n请勿外传\n"),
        ),
        row(
            "bag attributes of openssl pkcs12",
            format!(
                "Bag Attributes\n    localKeyID: 01 02\nKey Attributes: <No Attributes>\n{pem}"
            ),
        ),
        row(
            "the certificate below, as nginx wants it",
            format!("{pem}{}", text("cert.pem")),
        ),
        row(
            "the certificate above",
            format!("{}{pem}", text("cert.pem")),
        ),
        row(
            "an RSA PRIVATE KEY label on PKCS#8",
            pem.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
        ),
        row(
            "a PKCS#8 label on PKCS#1, as one SDK glues it",
            pkcs1.replace("RSA PRIVATE KEY", "PRIVATE KEY"),
        ),
        row(
            "labels that differ",
            pem.replace("END PRIVATE", "END RSA PRIVATE"),
        ),
        row("lost padding", one_line.replace('=', "")),
        row("a passphrase that is not needed", pem.clone()).with(PASSPHRASE),
    ];
    for file in [
        "encrypted.pem",
        "encrypted.der",
        "encrypted-aes128-sha1.pem",
        "encrypted-aes192-sha512.pem",
        "encrypted-3des.pem",
        "encrypted-scrypt.pem",
    ] {
        rows.push(row(file, bytes(file)).with(PASSPHRASE));
    }
    rows.push(
        row(
            "encrypted, one line with literal \\n",
            text("encrypted.pem").replace('\n', "\\n"),
        )
        .with(PASSPHRASE),
    );
    rows
}

/// What is refused, and how.
fn refused() -> Vec<Row> {
    let pem = text("rsa2048.pem");
    let base64 = body(&pem);
    let damaged = |from: &str, to: &str| pem.replacen(from, to, 1);
    let half = &pem[..pem.len() / 2];
    let mut rows = vec![
        row("empty", "").is(FORMAT, "is empty"),
        row("only white space and a BOM", "\u{feff} \r\n\t").is(FORMAT, "is empty"),
        row("garbage", "what is this?").is(FORMAT, "neither PEM, nor DER, nor base64"),
        row("binary garbage", vec![0xde, 0xad, 0xbe, 0xef])
            .is(FORMAT, "neither PEM, nor DER, nor base64"),
        row("an APIv3 key", "0123456789abcdef0123456789abcdef")
            .is(FORMAT, "neither PEM, nor DER, nor base64"),
        row("a path", "/etc/wxpay/apiclient_key.pem").is(FORMAT, "is the path of a file"),
        row("a Windows path", "C:\\wxpay\\apiclient_key.pem\n").is(FORMAT, "is the path of a file"),
        row("half of the PEM", half).is(FORMAT, "no -----END line"),
        row(
            "the END line gone",
            pem.lines().take(20).collect::<Vec<_>>().join("\n"),
        )
        .is(FORMAT, "no -----END line"),
        row(
            "the BEGIN line gone",
            pem.lines().skip(1).collect::<Vec<_>>().join("\n"),
        )
        .is(FORMAT, "no complete -----BEGIN line"),
        row("four dashes", damaged("-----BEGIN", "----BEGIN"))
            .is(FORMAT, "no complete -----BEGIN line"),
        row(
            "a dash for all dashes",
            damaged("-----BEGIN PRIVATE KEY-----", "—BEGIN PRIVATE KEY—"),
        )
        .is(FORMAT, "no complete -----BEGIN line"),
        row(
            "BEGIN without its last dashes",
            "-----BEGIN PRIVATE KEY\nMIIE\n",
        )
        .is(FORMAT, "damaged -----BEGIN line"),
        row(
            "lines missing in the middle",
            pem.lines()
                .enumerate()
                .filter(|(i, _)| *i != 5)
                .map(|(_, line)| format!("{line}\n"))
                .collect::<String>(),
        )
        .is(FORMAT, "is cut off"),
        row(
            "truncated base64 between the lines",
            format!(
                "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
                &base64[..1001]
            ),
        )
        .is(FORMAT, "is cut off"),
        row("truncated bare base64", &base64[..base64.len() - 8]).is(FORMAT, "is cut off"),
        row("truncated DER", &bytes("pkcs8.der")[..1000]).is(FORMAT, "is cut off"),
        row(
            "plus signs turned into spaces by a form",
            pem.replacen('+', " ", 3),
        )
        .is(FORMAT, "is cut off"),
        row("a character that is not base64", damaged("\nMII", "\nM*I"))
            .is(FORMAT, "0x2A, which is not base64"),
        row(
            "base64 of the PEM file",
            crate::crypto::base64::encode(pem.as_bytes()),
        )
        .is(FORMAT, "encoded once more in base64"),
        row(
            "two copies of the body",
            format!("{base64}{base64}").replace('=', ""),
        )
        .is(FORMAT, "goes on for"),
        row(
            "DER and more",
            [bytes("pkcs8.der"), b"more".to_vec()].concat(),
        )
        .is(FORMAT, "goes on for 4 bytes"),
        row(
            "two private keys",
            format!("{pem}{}", text("other2048.pem")),
        )
        .is(FORMAT, "holds 2 private keys"),
        row(
            "base64 of something else",
            "-----BEGIN PRIVATE KEY-----\naGVsbG8gd29ybGQ=\n-----END PRIVATE KEY-----",
        )
        .is(FORMAT, "no key or certificate in it"),
        row(
            "an empty block",
            "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
        )
        .is(FORMAT, "no key or certificate in it"),
        row(
            "another DER sequence",
            "-----BEGIN PRIVATE KEY-----\nMAMBAf8=\n-----END PRIVATE KEY-----",
        )
        .is(FORMAT, "neither a key nor a certificate"),
        row("modulus of another key", bytes("mixed.der")).is(FORMAT, "contradict each other"),
        row("CRT coefficient of another key", bytes("badcrt.der"))
            .is(FORMAT, "contradict each other"),
        row(
            "one bit of the key flipped",
            flipped(bytes("pkcs8.der"), 500),
        )
        .is(FORMAT, "contradict each other"),
        row(
            "a number that is no DER integer",
            flipped(bytes("pkcs1.der"), 4),
        )
        .is(FORMAT, "neither a key nor a certificate"),
        row("1024 bits", bytes("rsa1024.pem")).is(FORMAT, "1024 bits; WeChat Pay uses 2048"),
        row("EC, PKCS#8", bytes("ec.pem")).is(FORMAT, "is an EC key, not an RSA key"),
        row("EC, SEC 1 with its parameters", bytes("ec-sec1.pem"))
            .is(FORMAT, "is an EC key, not an RSA key"),
        row("Ed25519", bytes("ed25519.pem")).is(FORMAT, "is an Ed25519 key"),
        row("X25519", bytes("x25519.pem")).is(FORMAT, "is an X25519 key"),
        row("RSA-PSS", bytes("rsapss.pem")).is(FORMAT, "is an RSA-PSS key"),
        row("EC inside encrypted PKCS#8", bytes("encrypted-ec.pem"))
            .with(PASSPHRASE)
            .is(FORMAT, "is an EC key"),
        row("OpenSSH", bytes("openssh")).is(FORMAT, "is an OpenSSH key"),
        row("OpenSSH public", bytes("openssh.pub")).is(FORMAT, "is an OpenSSH key"),
        row("CSR", bytes("request.pem")).is(FORMAT, "is a certificate request (CSR)"),
        row("PKCS#12", bytes("bundle.p12"))
            .is(FORMAT, "openssl pkcs12 -in apiclient_cert.p12 -nocerts"),
        row("PKCS#7", bytes("bundle.p7b")).is(FORMAT, "openssl pkcs7 -print_certs"),
        row("old PEM encryption", bytes("legacy.pem"))
            .with(PASSPHRASE)
            .is(FORMAT, "openssl pkcs8 -topk8"),
        row(
            "old PEM encryption in one line",
            text("legacy.pem").replace('\n', " "),
        )
        .is(FORMAT, "DEK-Info"),
        row("certificate", bytes("cert.pem")).is(
            ROLE,
            "is a certificate: the private key is apiclient_key.pem",
        ),
        row(
            "certificate under a private key's label",
            text("cert.pem").replace("CERTIFICATE", "PRIVATE KEY"),
        )
        .is(ROLE, "is a certificate"),
        row("certificate, DER", bytes("cert.der")).is(ROLE, "is a certificate"),
        row("version 1 certificate", bytes("cert-v1.pem")).is(ROLE, "is a certificate"),
        row("public key", bytes("public.pem")).is(
            ROLE,
            "is a public key: the private key is apiclient_key.pem",
        ),
        row("public key, PKCS#1", bytes("public-pkcs1.pem")).is(ROLE, "is a public key"),
        row("public key, DER", bytes("public.der")).is(ROLE, "is a public key"),
        row("encrypted, no passphrase", bytes("encrypted.pem"))
            .is(ENCRYPTED, "no passphrase is given"),
        row("encrypted, empty passphrase", bytes("encrypted.pem"))
            .with("")
            .is(ENCRYPTED, "no passphrase is given"),
        row("encrypted, wrong passphrase", bytes("encrypted.pem"))
            .with("wrong passphrase!")
            .is(ENCRYPTED, "does not open with the passphrase"),
        row("scrypt, wrong passphrase", bytes("encrypted-scrypt.pem"))
            .with("wrong passphrase!")
            .is(ENCRYPTED, "does not open with the passphrase"),
        row("encrypted with Camellia", bytes("encrypted-camellia.pem"))
            .with(PASSPHRASE)
            .is(ENCRYPTED, "way that is not supported"),
        row("PBES1", bytes("encrypted-pbes1.pem"))
            .with(PASSPHRASE)
            .is(ENCRYPTED, "way that is not supported"),
        row("2^31 iterations", bytes("encrypted-pbkdf2-2to31.der"))
            .with(PASSPHRASE)
            .is(ENCRYPTED, "2147483648 PBKDF2 iterations"),
        row(
            "10^7 + 1 iterations",
            bytes("encrypted-pbkdf2-limit-and-one.der"),
        )
        .with(PASSPHRASE)
        .is(ENCRYPTED, "10000001 PBKDF2 iterations"),
        row("2^80 iterations", bytes("encrypted-pbkdf2-2to80.der"))
            .with(PASSPHRASE)
            .is(ENCRYPTED, "more than 10^19 PBKDF2 iterations"),
        row(
            "minus one iteration",
            bytes("encrypted-pbkdf2-negative.der"),
        )
        .with(PASSPHRASE)
        .is(ENCRYPTED, "PBKDF2 iterations"),
        row("scrypt over 128 MiB", bytes("encrypted-scrypt-128m.der"))
            .with(PASSPHRASE)
            .is(ENCRYPTED, "134217728 bytes of memory"),
        row(
            "scrypt with 17 lanes of 64 MiB",
            bytes("encrypted-scrypt-lanes.der"),
        )
        .with(PASSPHRASE)
        .is(ENCRYPTED, "17 lanes"),
        row(
            "scrypt whose memory overflows",
            bytes("encrypted-scrypt-2to62.der"),
        )
        .with(PASSPHRASE)
        .is(ENCRYPTED, "more than 10^19 bytes of memory"),
    ];
    // Not every openssl knows SM2.
    if directory().join("sm2.pem").exists() {
        rows.push(row("SM2", bytes("sm2.pem")).is(FORMAT, "is an SM2 key; only RSA"));
    }
    rows
}

fn flipped(mut bytes: Vec<u8>, index: usize) -> Vec<u8> {
    bytes[index] ^= 1;
    bytes
}

/// `openssl dgst` of the SubjectPublicKeyInfo that openssl wrote.
fn fingerprint() -> String {
    let digest = openssl(&["dgst", "-sha256", "-r", "public.der"], b"");
    String::from_utf8(digest[..64].to_vec()).unwrap()
}

#[test]
fn every_form_of_the_key_is_read_as_the_same_key() {
    let rows = readable();
    assert!(rows.len() >= 40, "{} rows", rows.len());
    let fingerprint = fingerprint();
    for row in rows {
        let passphrase = row.passphrase.map(str::as_bytes);
        let key = read_private("private_key", &row.bytes, passphrase)
            .unwrap_or_else(|error| panic!("{}: {error}", row.case));
        assert_eq!(key.public().fingerprint(), fingerprint, "{}", row.case);
        let generic = read("key", &row.bytes, passphrase);
        assert!(
            matches!(generic, Ok(Material::Private(_))),
            "{}: {generic:?}",
            row.case
        );
    }
}

#[test]
fn everything_else_is_refused_with_its_own_status_and_sentence() {
    let rows = refused();
    assert!(rows.len() >= 40, "{} rows", rows.len());
    for row in rows {
        let (status, fragment) = row.refused.unwrap();
        let passphrase = row.passphrase.map(str::as_bytes);
        let result = read_private(
            "private_key_file /k/apiclient_key.pem",
            &row.bytes,
            passphrase,
        );
        if let Err(error) = &result {
            assert!(
                error
                    .fields()
                    .message
                    .starts_with("private_key_file /k/apiclient_key.pem "),
                "{}: {error}",
                row.case
            );
        }
        assert_error(result, status, fragment, row.case);
    }
}

/// Whatever is cut or changed, the answer is an error and never a panic, and never another key.
#[test]
fn no_damage_makes_another_key_or_a_panic() {
    let fingerprint = fingerprint();
    let check = |bytes: &[u8], case: &str| match read_private(
        "private_key",
        bytes,
        Some(PASSPHRASE.as_bytes()),
    ) {
        Ok(key) => assert_eq!(key.public().fingerprint(), fingerprint, "{case}"),
        Err(error) => drop(shown(&error, case)),
    };
    for file in [
        "pkcs8.der",
        "pkcs1.pem",
        "encrypted.der",
        "cert.der",
        "bundle.p12",
    ] {
        let whole = bytes(file);
        for len in (0..whole.len()).step_by(13) {
            check(&whole[..len], &format!("{file} cut to {len}"));
        }
        for index in (0..whole.len()).step_by(7) {
            let changed = flipped(whole.clone(), index);
            check(&changed, &format!("{file} with byte {index} changed"));
        }
    }
}
