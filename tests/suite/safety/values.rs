//! S16, S33: what a value of the configuration may be, and what an error never repeats.

use std::os::unix::fs::PermissionsExt;

use wxpay::client::Client;
use wxpay::config::{Config, report};
use wxpay::time;

use super::wechat::{NOWHERE, code, merchant, refused, with};
use crate::simulator::fresh_dir;

/// S16: every byte that could end a line, a quote or a field, in every value that goes into a
/// header.
#[test]
fn no_configured_value_brings_a_control_byte_into_a_header() {
    let bytes: Vec<char> = (0..0x20)
        .chain([0x22, 0x7f])
        .map(char::from)
        .chain(['\u{80}', '\u{85}', '\u{2028}', '支'])
        .collect();
    for (name, value) in [
        ("mchid", "19000"),
        ("brand_id", "19000"),
        ("merchant_serial", "0A4A"),
        ("public_key_id", "PUB_KEY_ID_1"),
        ("user_agent", "shop/1"),
        ("accept_language", "en"),
        ("public_key.PUB_KEY_ID_1", ""),
        ("bind_host.localhost", ""),
        ("bind_host.api", "127.0.0.1"),
        ("base_url", "https://a"),
        ("proxy", "http://user:password@127.0.0.1:1"),
    ] {
        for one in &bytes {
            // A quote is an ordinary character of a User-Agent.
            if *one == '"' && ["user_agent", "accept_language"].contains(&name) {
                continue;
            }
            for place in 0..3 {
                let spoil = |text: &str| match place {
                    0 => format!("{one}{text}"),
                    1 => format!("{}{one}{}", &text[..2], &text[2..]),
                    _ => format!("{text}{one}"),
                };
                let result = match name.split_once('.') {
                    Some((prefix, part)) if value.is_empty() => {
                        Config::default().set(&format!("{prefix}.{}", spoil(part)), "127.0.0.1")
                    }
                    _ => Config::default().set(name, &spoil(value)),
                };
                let error = refused(format!("{name}, {one:?} at {place}"), result);
                assert!(
                    [100, 106, 115].contains(&code(&error)),
                    "{name}, {one:?}: {error}"
                );
            }
        }
    }
    assert!(Config::default().set("user_agent", "a\"b").is_ok());
}

/// S33
#[test]
fn key_files_are_regular_and_small_and_a_prefix_is_never_that_of_cgi() {
    let dir = fresh_dir("files");
    let fifo = dir.join("fifo");
    let made = std::process::Command::new("mkfifo")
        .arg(&fifo)
        .status()
        .unwrap();
    assert!(made.success());
    let big = dir.join("big");
    std::fs::write(&big, vec![b'a'; (1 << 20) + 1]).unwrap();
    let started = std::time::Instant::now();
    for path in [
        fifo.to_str().unwrap(),
        "/dev/zero",
        "/dev/null",
        dir.to_str().unwrap(),
        big.to_str().unwrap(),
        "/nowhere/key.pem",
    ] {
        for name in [
            "private_key_file",
            "merchant_certificate_file",
            "platform_certificate_file",
            "public_key_file",
        ] {
            let inline = name.strip_suffix("_file").unwrap();
            let error = refused(
                path,
                Client::new(&with(NOWHERE, &[(inline, ""), (name, path)])),
            );
            assert_eq!(code(&error), 118, "{name} = {path}: {error}");
            assert!(error.fields().message.contains(path), "{error}");
        }
    }
    assert!(started.elapsed().as_secs() < 5, "a file was waited for");

    let file = dir.join("key.pem");
    std::fs::write(&file, &merchant().pem).unwrap();
    let config = with(
        NOWHERE,
        &[
            ("private_key", ""),
            ("private_key_file", file.to_str().unwrap()),
        ],
    );
    for (mode, warns) in [
        (0o600, false),
        (0o400, false),
        (0o640, true),
        (0o644, true),
        (0o604, true),
    ] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(
            report(&config, time::clock()).contains("FILE_PERMISSIONS"),
            warns,
            "{mode:o}"
        );
    }

    for prefix in [
        "HTTP_",
        "HTTP_WXPAY_",
        "",
        "_",
        "wxpay_",
        "WXPAY",
        "WX PAY_",
        "1WXPAY_",
        "WXPAY-_",
        "ＷX_",
    ] {
        assert_eq!(
            code(&refused(prefix, Config::default().load_env(prefix))),
            100,
            "{prefix:?}"
        );
    }
}

/// The content of a key where its path belongs: the error must not carry it into a log.
#[test]
fn a_key_pasted_into_the_wrong_place_is_not_repeated_in_the_error() {
    let one_line: String = merchant()
        .pem
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let piece = &one_line[40..56];
    let key_of_32 = "QmF0dGVyeUhvcnNlU3RhcGxlQ29ycmVj";
    for name in [
        "private_key_file",
        "public_key_file",
        "extra_ca_file",
        "merchant_serial",
        "public_key_id",
        "mchid",
        "user_agent",
        "base_url",
        "proxy",
        "timeout_ms",
        "bind_host_ttl_s",
        "shared",
        "bind_host.a",
        "api_v3_key",
    ] {
        for (form, value) in [
            ("PEM", merchant().pem.as_str()),
            ("one line", one_line.as_str()),
            ("APIv3 key", key_of_32),
        ] {
            let mut config = with(NOWHERE, &[("private_key", "")]);
            let outcome = config
                .set(name, value)
                .and_then(|()| Client::new(&config).map(drop));
            let text = match outcome {
                Ok(()) => continue,
                Err(error) => format!("{error} {} {error:?}", error.to_json()),
            };
            let flat = text.replace("\\n", "").replace("\\\\n", "");
            assert!(!flat.contains(piece), "{name}, {form}: {text}");
            // A path is shown, and 32 characters may well be one.
            assert!(
                name.ends_with("_file") || !text.contains(key_of_32),
                "{name}, {form}: {text}"
            );
        }
    }
}

/// A key file may ask for any amount of work before its passphrase is known to be wrong.
#[test]
fn a_key_that_costs_2_to_the_31_rounds_is_refused_at_once() {
    let keys = crate::simulator::target_dir()
        .parent()
        .unwrap()
        .join("test-keys");
    let made = std::process::Command::new("sh")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/make.sh"))
        .arg(&keys)
        .status()
        .unwrap();
    assert!(made.success());
    for (file, status) in [
        ("encrypted-pbkdf2-2to31.der", 112),
        ("encrypted-pbkdf2-2to80.der", 112),
        ("encrypted-scrypt-128m.der", 112),
        ("encrypted-scrypt-2to62.der", 112),
    ] {
        let started = std::time::Instant::now();
        let path = keys.join(file);
        let changes = [
            ("private_key", ""),
            ("private_key_file", path.to_str().unwrap()),
            ("private_key_passphrase", "x"),
        ];
        let error = refused(file, Client::new(&with(NOWHERE, &changes)));
        assert_eq!(code(&error), status, "{file}: {error}");
        assert!(started.elapsed().as_secs() < 2, "{file}");
    }
}
