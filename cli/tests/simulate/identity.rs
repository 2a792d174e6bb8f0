//! The identities, keys and certificates in DIR, and what the authority may not do (safety.md S13).

use crate::harness::*;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

fn x509(path: &str, arguments: &[&str]) -> String {
    let mut all = vec!["x509", "-noout", "-in", path];
    all.extend(arguments);
    String::from_utf8(openssl(&all, b"")).unwrap()
}

#[test]
fn the_files_are_what_openssl_calls_a_merchants_files() {
    let sim = Sim::start(&[]);
    let (key, certificate) = (
        sim.path("apiclient_key.pem"),
        sim.path("apiclient_cert.pem"),
    );
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    assert_eq!(
        x509(&certificate, &["-modulus"]),
        text(openssl(&["rsa", "-noout", "-modulus", "-in", &key], b""))
    );
    assert!(text(openssl(&["rsa", "-noout", "-text", "-in", &key], b"")).contains("(2048 bit"));
    assert_eq!(
        x509(&certificate, &["-serial"]).trim(),
        format!("serial={}", sim.get("merchant_serial"))
    );
    assert_eq!(sim.get("merchant_serial").len(), 40);
    assert!(x509(&certificate, &["-issuer"]).contains("CN = libwxpay simulator merchant CA"));
    let platform = sim.path("wechatpay_certificate.pem");
    assert_eq!(
        x509(&platform, &["-serial"]).trim(),
        format!("serial={}", sim.get("_platform_serial"))
    );
    for file in [&certificate, &platform, &sim.path("ca.pem")] {
        assert!(
            x509(file, &["-subject"]).contains("O = libwxpay simulator"),
            "{file}"
        );
    }
    for (name, start) in [
        ("mchid", "SIM"),
        ("public_key_id", "PUB_KEY_ID_SIM"),
        ("_appid", "wxSIM"),
        ("_brand_id", "SIM"),
    ] {
        assert!(sim.get(name).starts_with(start), "{name}");
    }
    for name in ["api_v3_key", "api_v2_key"] {
        assert!(
            sim.get(name).len() == 32
                && sim
                    .get(name)
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric()),
            "{name}"
        );
    }
    for name in ["private_key_file", "public_key_file"] {
        assert!(
            Path::new(sim.get(name)).is_absolute() && Path::new(sim.get(name)).exists(),
            "{name}"
        );
    }
}

#[test]
fn secrets_are_readable_by_their_owner_only() {
    let sim = Sim::start(&[]);
    let mode = |name: &str| {
        std::fs::metadata(sim.dir.join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!((mode(""), mode("_sim")), (0o700, 0o700));
    for name in [
        "apiclient_cert.p12",
        "apiclient_cert_aes.p12",
        "apiclient_key.pem",
        "brand.json",
        "brand_key.pem",
        "merchant.json",
        "_sim/identity.json",
        "_sim/wechatpay_key.pem",
        "_sim/platform_key.pem",
    ] {
        assert_eq!(mode(name), 0o600, "{name}");
    }
    // Nowhere in the directory lies a key that ca.pem could be of.
    let authority = openssl(
        &["x509", "-in", &sim.path("ca.pem"), "-noout", "-pubkey"],
        b"",
    );
    for name in [
        "apiclient_key.pem",
        "brand_key.pem",
        "_sim/wechatpay_key.pem",
        "_sim/platform_key.pem",
    ] {
        assert_ne!(
            openssl(&["pkey", "-in", &sim.path(name), "-pubout"], b""),
            authority,
            "{name}"
        );
    }
    let mut files: Vec<String> = ["", "_sim"]
        .iter()
        .flat_map(|dir| std::fs::read_dir(sim.dir.join(dir)).unwrap())
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(
        files,
        [
            "_sim",
            "apiclient_cert.p12",
            "apiclient_cert.pem",
            "apiclient_cert_aes.p12",
            "apiclient_key.pem",
            "brand.json",
            "brand_cert.pem",
            "brand_key.pem",
            "brand_public_key.pem",
            "ca.pem",
            "identity.json",
            "merchant.json",
            "merchant_public_key.pem",
            "platform_key.pem",
            "wechatpay_certificate.pem",
            "wechatpay_key.pem",
            "wechatpay_public_key.pem",
        ]
    );
}

#[test]
fn a_second_start_keeps_the_merchant_and_makes_a_new_authority() {
    let first = Sim::start(&[]);
    let (merchant, ca) = (
        first.merchant.clone(),
        std::fs::read(first.path("ca.pem")).unwrap(),
    );
    let old_ca = directory().with_extension("pem");
    std::fs::write(&old_ca, &ca).unwrap();
    let second = Sim::start_in(first.stop(), &[]);
    for name in [
        "mchid",
        "merchant_serial",
        "api_v3_key",
        "api_v2_key",
        "public_key_id",
        "_appid",
        "_platform_serial",
    ] {
        assert_eq!(second.merchant[name], merchant[name], "{name}");
    }
    assert_ne!(std::fs::read(second.path("ca.pem")).unwrap(), ca);
    assert_eq!(second.query("/v3/certificates").status, 200);
    let old = run(
        "curl",
        &[
            "-sS",
            "--noproxy",
            "*",
            "--cacert",
            old_ca.to_str().unwrap(),
            &second.base,
        ],
        b"",
    );
    assert_eq!(
        old.status.code(),
        Some(60),
        "the old authority does not vouch for the new server"
    );
    std::fs::remove_file(old_ca).unwrap();

    let other = Sim::start(&[]);
    for name in ["mchid", "merchant_serial", "api_v3_key", "public_key_id"] {
        assert_ne!(other.merchant[name], merchant[name], "{name}");
    }
}

#[test]
fn the_authority_is_for_this_machine_and_thirty_days() {
    let sim = Sim::start(&[]);
    let text = x509(&sim.path("ca.pem"), &["-text"]);
    let names = text
        .split("X509v3 Name Constraints: critical")
        .nth(1)
        .unwrap()
        .split("X509v3")
        .next()
        .unwrap();
    let names: Vec<&str> = names.split_whitespace().collect();
    assert_eq!(
        names,
        [
            "Permitted:",
            "DNS:localhost",
            "IP:127.0.0.0/255.0.0.0",
            "IP:0:0:0:0:0:0:0:1/FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF"
        ]
    );
    assert!(text.contains("CA:TRUE, pathlen:0"), "{text}");
    let month = 30 * 24 * 3600;
    let valid = |seconds: i64| {
        run(
            "openssl",
            &[
                "x509",
                "-noout",
                "-in",
                &sim.path("ca.pem"),
                "-checkend",
                &seconds.to_string(),
            ],
            b"",
        )
    };
    assert!(valid(month - 7200).status.success() && !valid(month + 60).status.success());
}
