//! S24: a panic while a secret is held tells nothing of it: neither the error nor anything that the process prints.

use std::fmt::Write as _;
use std::process::Command;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{catch, injected};
use crate::client::Client;
use crate::config::Config;
use crate::error::{Result, Status};
use crate::http::Message;
use crate::key::tests::openssl;
use crate::time::clock;
use crate::v3::{compose, prepare, sensitive, sensitive_fields};

const API_V3_KEY: &str = "PlantedApiV3KeyPlantedApiV3Key32";
const API_V2_KEY: &str = "PlantedApiV2KeyPlantedApiV2Key32";
const PASSPHRASE: &str = "planted-passphrase-1984";
const PROXY_PASSWORD: &str = "planted-proxy-password";
const P12_PASSWORD: &str = "planted-p12-password";
const NAME: &str = "planted-name-of-a-buyer";
const CHILD: &str = "WXPAY_TEST_PANICS";

/// The merchant's key in clear and encrypted, WeChat Pay's in clear.
struct Keys {
    own: Vec<u8>,
    encrypted: String,
    /// A client certificate of the merchant's key, as WeChat Pay packs it.
    p12: Vec<u8>,
    wechat: Vec<u8>,
}

impl Keys {
    fn make() -> Keys {
        let generate = [
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
        ];
        let own = openssl(&generate, b"");
        let pass = format!("pass:{PASSPHRASE}");
        let encrypted = openssl(
            &["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", &pass],
            &own,
        );
        let key = tempfile("p12", &own);
        let key_path = key.to_str().unwrap();
        let request = [
            "req", "-x509", "-new", "-subj", "/CN=shop", "-days", "2", "-key", key_path,
        ];
        let both = [&own[..], &openssl(&request, b"")].concat();
        let pass = format!("pass:{P12_PASSWORD}");
        let p12 = openssl(&["pkcs12", "-export", "-passout", &pass], &both);
        std::fs::remove_file(key).unwrap();
        Keys {
            encrypted: String::from_utf8(encrypted).unwrap(),
            p12,
            wechat: openssl(&generate, b""),
            own,
        }
    }

    fn config(&self, proxy: bool) -> Config {
        let public = openssl(&["pkey", "-pubout"], &self.wechat);
        let mut config = Config::default();
        for (name, value) in [
            ("mchid", "1900000001"),
            ("merchant_serial", "0A4A"),
            ("private_key", self.encrypted.as_str()),
            ("private_key_passphrase", PASSPHRASE),
            ("api_v3_key", API_V3_KEY),
            ("api_v2_key", API_V2_KEY),
            ("public_key_id", "PUB_KEY_ID_1"),
            ("public_key", std::str::from_utf8(&public).unwrap()),
        ] {
            config.set(name, value).unwrap();
        }
        if proxy {
            config
                .set("client_p12", &STANDARD.encode(&self.p12))
                .unwrap();
            config.set("client_p12_password", P12_PASSWORD).unwrap();
            // Somebody who takes the connection; nobody comes so far as to ask him.
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            std::thread::spawn(move || listener.incoming().flatten().collect::<Vec<_>>());
            let proxy = format!("http://shop:{PROXY_PASSWORD}@127.0.0.1:{port}");
            config.set("proxy", &proxy).unwrap();
        } else {
            config.set("base_url", "http://127.0.0.1:9").unwrap();
        }
        config
    }

    /// A notification that WeChat Pay signed, made with openssl and aes-gcm.
    fn notification(&self) -> Message {
        let plaintext = format!("{{\"mchid\":\"1900000001\",\"payer\":\"{NAME}\"}}");
        let sealed = aes_gcm::Aes256Gcm::new_from_slice(API_V3_KEY.as_bytes())
            .unwrap()
            .encrypt(
                aes_gcm::Nonce::from_slice(b"fdasflkja484"),
                Payload {
                    msg: plaintext.as_bytes(),
                    aad: b"",
                },
            )
            .unwrap();
        let body = format!(
            "{{\"id\":\"1\",\"create_time\":\"\",\"event_type\":\"\",\"resource_type\":\"\",\"resource\":{{\"algorithm\":\"AEAD_AES_256_GCM\",\"nonce\":\"fdasflkja484\",\"ciphertext\":\"{}\"}}}}",
            STANDARD.encode(sealed)
        );
        let at = clock().seconds.to_string();
        let key = tempfile("wechat", &self.wechat);
        let signature = openssl(
            &["dgst", "-sha256", "-sign", key.to_str().unwrap()],
            format!("{at}\nnonce\n{body}\n").as_bytes(),
        );
        std::fs::remove_file(key).unwrap();
        let mut message = Message::response(200, compose::copied(body.as_bytes()).unwrap());
        for (name, value) in [
            ("Wechatpay-Timestamp", at.as_str()),
            ("Wechatpay-Nonce", "nonce"),
            ("Wechatpay-Signature", &STANDARD.encode(signature)),
            ("Wechatpay-Serial", "PUB_KEY_ID_1"),
        ] {
            compose::add_header(&mut message, name, value).unwrap();
        }
        message
    }
}

fn tempfile(name: &str, content: &[u8]) -> std::path::PathBuf {
    let name = format!("wxpay-panic-{name}-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// The places, each reached by the call a program makes. Prints everything that an error can be turned into.
fn strike_everywhere(keys: &Keys) {
    let client = Client::new(&keys.config(false)).unwrap();
    let proxied = Client::new(&keys.config(true)).unwrap();
    let sealed = sensitive::encrypt(&client.merchant, "PUB_KEY_ID_1", NAME.as_bytes(), clock())
        .map(|(ciphertext, _)| ciphertext)
        .unwrap();
    // For the merchant's own key, as WeChat Pay answers.
    let own = crate::key::read_public("own", &openssl(&["pkey", "-pubout"], &keys.own)).unwrap();
    let for_us = STANDARD.encode(own.encrypt_oaep(NAME.as_bytes()).unwrap());
    assert_ne!(sealed, for_us);
    let notification = keys.notification();
    let request = compose::request("POST", "/v3/x", NAME.as_bytes()).unwrap();
    type Call<'a> = Box<dyn Fn() -> Result<()> + 'a>;
    let places: Vec<(&str, Call<'_>)> = vec![
        (
            "with the private key at hand",
            Box::new(|| prepare::prepare(&client.merchant, &request, clock()).map(drop)),
        ),
        (
            "with an Authorization made",
            Box::new(|| client.send(&request).map(drop)),
        ),
        (
            "with a field open",
            Box::new(|| sensitive::decrypt(&client.merchant, &for_us).map(drop)),
        ),
        (
            "with a resource open",
            Box::new(|| client.open_notification(&notification, clock()).map(drop)),
        ),
        (
            "with a private key and its passphrase open",
            Box::new(|| Client::new(&keys.config(false)).map(drop)),
        ),
        (
            "with a .p12 and its password open",
            Box::new(|| Client::new(&keys.config(true)).map(drop)),
        ),
        (
            "with the APIv2 key at hand",
            Box::new(|| {
                let fields = format!("{{\"attach\":\"{NAME}\"}}");
                crate::v2::sign(&client.merchant, "MD5", &fields).map(drop)
            }),
        ),
        (
            "with a field still in clear",
            Box::new(|| {
                let body = format!("{{\"name\":\"{NAME}\"}}");
                let mut request = compose::request("POST", "/v3/x", body.as_bytes())?;
                sensitive_fields::encrypt(&client.merchant, &mut request, "/name", clock())
            }),
        ),
        (
            "with every key read",
            Box::new(|| Client::new(&keys.config(false)).map(drop)),
        ),
        (
            "with the proxy's password at hand",
            Box::new(|| proxied.send(&request).map(drop)),
        ),
    ];
    for (place, call) in places {
        injected::at(place);
        let error = catch(&call).unwrap_err();
        assert_eq!(error.status(), Status::Panic, "{place}: {error}");
        let mut shown = String::new();
        let json = error.to_json();
        write!(shown, "{error}\n{error:?}\n{error:#?}\n{json}\n").unwrap();
        assert!(shown.contains(place), "{place}: {shown}");
        println!("{shown}");
        // It was the injected one that struck, and the client goes on.
        if place != "with the proxy's password at hand" {
            let after = catch(&call);
            assert_ne!(
                after.err().map(|error| error.status()),
                Some(Status::Panic),
                "{place}"
            );
        }
    }
    println!("{client:?}", client = client.merchant);
    println!("{}\n{}", client.info(), proxied.info());
}

#[test]
fn a_panic_while_a_secret_is_held_shows_nothing_of_it() {
    let name = "panic::tests::a_panic_while_a_secret_is_held_shows_nothing_of_it";
    if let Some(path) = std::env::var_os(CHILD) {
        let keys = Keys::make();
        std::fs::write(path, [&keys.own[..], &keys.wechat].concat()).unwrap();
        strike_everywhere(&keys);
        println!("struck everywhere");
        return;
    }
    // A process of its own: what the panics print is searched too, the harness's hook included.
    let path = std::env::temp_dir().join(format!("wxpay-panics-{}", std::process::id()));
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads", "1"])
        .env(CHILD, &path)
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let keys = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(
        output.status.success() && text.contains("struck everywhere"),
        "{text}"
    );
    let lines = keys.lines().filter(|line| line.len() == 64);
    let secrets: Vec<&str> = lines
        // The first bytes are the same in every key.
        .filter(|line| !line.starts_with("MII"))
        .chain([
            API_V3_KEY,
            API_V2_KEY,
            PASSPHRASE,
            PROXY_PASSWORD,
            P12_PASSWORD,
            NAME,
            "signature=\\\"",
            "signature=\"",
        ])
        .collect();
    assert!(secrets.len() > 40);
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} is in: {text}");
        // As Debug shows a list of bytes.
        let numbers: Vec<String> = secret.bytes().map(|byte| byte.to_string()).collect();
        assert!(
            !text.contains(&numbers.join(", ")),
            "{secret} in numbers is in: {text}"
        );
    }
    for word in ["panicked at", "stack backtrace"] {
        assert!(!text.contains(word), "the library printed a panic: {text}");
    }
}
