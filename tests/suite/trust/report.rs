//! `wxpay_trust_report` over stores of every kind.

use std::path::{Path, PathBuf};

use serde_json::Value;
use wxpay::diag::report_of;
use wxpay::net::{TrustSettings, trust_view};
use wxpay::time::Now;
use wxpay::trust::known::{G1, G2, by_id};

use super::{openssl, self_signed, system_root, system_store};
use crate::safety::child;
use crate::simulator::fresh_dir;

/// 2026-11-26
const NOW: Now = Now {
    seconds: 1_795_651_200,
    from_caller: true,
};

fn named(file: &Path) -> TrustSettings {
    TrustSettings {
        cert_file: Some(file.into()),
        ..TrustSettings::default()
    }
}

fn report(settings: &TrustSettings) -> Value {
    serde_json::from_str(&report_of(&trust_view(settings), Vec::new(), NOW)).unwrap()
}

/// `ID severity` of every finding.
fn ids(report: &Value) -> Vec<String> {
    let all = report["diagnosis"].as_array().unwrap();
    all.iter()
        .map(|one| {
            format!(
                "{} {}",
                one["id"].as_str().unwrap(),
                one["severity"].as_str().unwrap()
            )
        })
        .collect()
}

fn text_of<'a>(report: &'a Value, id: &str, member: &str) -> &'a str {
    let all = report["diagnosis"].as_array().unwrap();
    let one = all.iter().find(|one| one["id"] == id);
    one.unwrap_or_else(|| panic!("no {id} in {report}"))[member]
        .as_str()
        .unwrap()
}

fn root(id: &str) -> String {
    system_root(by_id(id).unwrap().sha256)
}

fn file(dir: &Path, name: &str, content: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn a_private_bundle_with_g1_alone_is_the_guidelines_case_and_named_as_the_cause() {
    let dir = fresh_dir("report");
    let path = file(&dir, "rootca.pem", &root(G1));
    let report = report(&named(&path));
    assert_eq!(report["verdict"], "error");
    assert_eq!(report["status"], 0, "the store can be used");
    assert_eq!(
        ids(&report),
        [
            "ONLY_OLD_ROOT error",
            "PRIVATE_BUNDLE warning",
            "SUCCESSOR_ROOT_MISSING info"
        ]
    );
    let text = text_of(&report, "ONLY_OLD_ROOT", "text");
    assert!(
        text.contains("DigiCert Global Root G2 is not in this store"),
        "{text}"
    );
    let cure = text_of(&report, "ONLY_OLD_ROOT", "cure");
    assert!(
        cure.contains(&format!("SSL_CERT_FILE={}", path.display())),
        "{cure}"
    );
    assert_eq!(report["source"]["kind"], "environment");
    assert_eq!(report["source"]["private"], true);
    let present: Vec<&str> = report["roots"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|root| root["present"] == true)
        .map(|root| root["id"].as_str().unwrap())
        .collect();
    assert_eq!(present, [G1]);
    assert_eq!(report["roots"][1]["found_in"][0], path.to_str().unwrap());
    assert_eq!(report["roots"][1]["distrusted_by_mozilla"], true);
    assert_eq!(report["roots"][2]["mozilla_distrust"], "2029-04-15");
}

/// "Solution 2" of the guideline: appended to the file, in place; seen without a restart.
#[test]
fn a_root_that_is_appended_is_seen_by_the_next_report() {
    let dir = fresh_dir("report");
    let path = file(&dir, "rootca.pem", &root(G1));
    let settings = named(&path);
    assert_eq!(report(&settings)["verdict"], "error");
    std::fs::write(&path, root(G1) + &root(G2)).unwrap();
    let after = report(&settings);
    assert_eq!(
        ids(&after),
        ["PRIVATE_BUNDLE warning", "SUCCESSOR_ROOT_MISSING info"]
    );
    assert_eq!(after["counts"]["usable"], 2);
    assert_eq!(after["roots"][2]["present"], true);
}

/// The machine's own store, read by path, counted by openssl.
#[test]
fn the_systems_store_is_counted_and_its_places_are_listed() {
    let report = report(&TrustSettings::default());
    assert_eq!(report["source"]["kind"], "system");
    assert_eq!(report["source"]["private"], false);
    let paths = report["source"]["paths"].as_array().unwrap();
    let of = |path: &str| paths.iter().find(|one| one["path"] == path).unwrap();
    let bundle = of("/etc/ssl/certs/ca-certificates.crt");
    assert_eq!(bundle["certificates"], system_store().len());
    assert_eq!(bundle["read"], true);
    let metadata = std::fs::metadata("/etc/ssl/certs/ca-certificates.crt").unwrap();
    assert_eq!(bundle["size"], metadata.len());
    assert_eq!(of("/etc/pki/tls/certs/ca-bundle.crt")["kind"], "missing");
    assert_eq!(of("/etc/ssl/certs")["kind"], "directory");
    for root in report["roots"].as_array().unwrap() {
        assert_eq!(root["present"], true, "{root}");
    }
    assert!(
        !ids(&report).iter().any(|id| id.ends_with("error")),
        "{report}"
    );
    // Reading it again finds the same and counts a look, not a reload.
    assert_eq!(report["store"]["reloads"], 0);
}

/// A variable that names the system's own bundle, as many images set it, is no private bundle.
#[test]
fn a_variable_that_names_the_systems_bundle_pins_nothing() {
    let report = report(&named(Path::new("/etc/ssl/certs/ca-certificates.crt")));
    assert_eq!(report["source"]["kind"], "environment");
    assert_eq!(report["source"]["private"], false);
    assert!(
        !ids(&report)
            .iter()
            .any(|id| id.starts_with("PRIVATE_BUNDLE"))
    );
}

/// S7: a self-signed server certificate is in the store and counts for nothing.
#[test]
fn a_certificate_that_is_no_ca_is_counted_and_named() {
    let dir = fresh_dir("report");
    let own = self_signed(
        &dir,
        "snakeoil",
        "/CN=snakeoil",
        &[
            "basicConstraints=critical,CA:FALSE",
            "subjectAltName=DNS:localhost",
        ],
    );
    let both = root(G2) + &std::fs::read_to_string(&own).unwrap();
    let report = report(&named(&file(&dir, "store.pem", &both)));
    assert_eq!(report["counts"]["not_a_ca"], 1);
    assert_eq!(report["counts"]["usable"], 1);
    assert_eq!(report["anomalies"][0]["kind"], "not_a_ca");
    assert_eq!(report["anomalies"][0]["name"], "CN=snakeoil");
    assert!(text_of(&report, "NOT_A_CA", "text").contains("snakeoil"));
}

/// S23: names in certificates are foreign text.
#[test]
fn a_name_in_a_certificate_is_never_shown_raw() {
    let dir = fresh_dir("report");
    let own = self_signed(
        &dir,
        "hostile",
        "/CN=<\\/td><script>x\u{1b}]0;y\u{7}\u{202e}z",
        &["basicConstraints=critical,CA:FALSE"],
    );
    let both = root(G2) + &std::fs::read_to_string(&own).unwrap();
    let text = report_of(
        &trust_view(&named(&file(&dir, "store.pem", &both))),
        Vec::new(),
        NOW,
    );
    let raw: Value = serde_json::from_str(&text).unwrap();
    let name = raw["anomalies"][0]["name"].as_str().unwrap();
    assert!(name.contains("script"), "{name}");
    for hidden in ['\u{1b}', '\u{7}', '\u{202e}'] {
        assert!(
            !text.contains(hidden) && !name.contains(hidden),
            "{hidden:?}: {name}"
        );
    }
    // The error that refuses it as a root shows it too.
    let der = dir.join("hostile.der");
    let (from, to) = (own.as_str(), der.to_str().unwrap());
    openssl(&["x509", "-in", from, "-outform", "DER", "-out", to], b"");
    let error = wxpay::net::check_extra_ca(&std::fs::read(&der).unwrap())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("cannot be a trust root") && error.contains("script"),
        "{error}"
    );
    assert!(
        !error.contains(['\u{1b}', '\u{7}', '\u{202e}']),
        "{error:?}"
    );
}

#[test]
fn what_cannot_be_read_is_named_with_its_path() {
    let dir = fresh_dir("report");
    let g2 = root(G2);
    let half = &g2[..g2.len() / 2];
    let broken = g2.replacen("\nMII", "\n!!!", 1);
    let der = dir.join("der.crt");
    let pem = file(&dir, "g2.pem", &g2);
    openssl(
        &[
            "x509",
            "-in",
            pem.to_str().unwrap(),
            "-outform",
            "DER",
            "-out",
            der.to_str().unwrap(),
        ],
        b"",
    );
    let fifo = dir.join("fifo");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    let missing = dir.join("missing.pem");
    // What the file is, whether the store is usable, and a word about it.
    let rows: [(&str, PathBuf, bool, &str); 8] = [
        (
            "cut after G2",
            file(&dir, "cut.pem", &(g2.clone() + half)),
            true,
            "section end",
        ),
        (
            "bad base64, then G2",
            file(&dir, "bad.pem", &(broken + &g2)),
            true,
            "base64",
        ),
        ("DER", der, false, "PEM"),
        ("a FIFO", fifo, false, "regular file"),
        ("a directory", dir.clone(), false, "regular file"),
        ("missing", missing, false, "No such file"),
        ("empty", file(&dir, "empty.pem", ""), false, ""),
        (
            "no certificate",
            file(&dir, "key.pem", "hello\n"),
            false,
            "",
        ),
    ];
    for (name, path, usable, word) in rows {
        let report = report(&named(&path));
        let status = if usable { 0 } else { 315 };
        assert_eq!(report["status"], status, "{name}: {report}");
        if word.is_empty() {
            assert_eq!(report["source"]["errors"], serde_json::json!([]), "{name}");
        } else {
            let error = &report["source"]["errors"][0];
            assert_eq!(error["path"], path.to_str().unwrap(), "{name}");
            assert!(
                error["text"].as_str().unwrap().contains(word),
                "{name}: {error}"
            );
            assert!(
                text_of(&report, "UNREADABLE_IN_STORE", "text").contains(word),
                "{name}"
            );
        }
        if !usable {
            assert_eq!(report["verdict"], "error", "{name}");
            let cure = text_of(&report, "NO_TRUST_ROOTS", "cure");
            assert!(
                cure.contains("SSL_CERT_FILE") && cure.contains("ca-certificates"),
                "{cure}"
            );
        }
    }
}

/// trust.md §2.2: a broken new store keeps the old one; the report says so.
#[test]
fn a_store_that_broke_while_it_was_in_use_is_said() {
    let dir = fresh_dir("report");
    let path = file(&dir, "store.pem", &root(G2));
    let settings = named(&path);
    // The store of a process lives as long as somebody holds it.
    let mut origin = wxpay::net::Settings::new(
        wxpay::http::Origin::parse("https://api.mch.weixin.qq.com").unwrap(),
    );
    origin.trust = settings.clone();
    let transport = wxpay::net::Transport::shared(origin).unwrap();
    transport.warm().unwrap();
    std::fs::write(&path, "garbage").unwrap();
    let report: Value =
        serde_json::from_str(&report_of(&transport.trust_view(), Vec::new(), NOW)).unwrap();
    assert_eq!(report["counts"]["usable"], 1, "the old root is in use");
    assert!(
        ids(&report).contains(&"STORE_NOT_RELOADED warning".to_owned()),
        "{report}"
    );
}

/// S32: a binding is in every report of its client until it ends, and then in none.
#[test]
fn a_bound_host_is_in_every_report_until_it_ends() {
    let simulator = crate::simulator::Simulator::start();
    let mut config = simulator.config();
    config
        .set("bind_host.api.mch.weixin.qq.com", "127.0.0.1:9")
        .unwrap();
    config.set("bind_host_ttl_s", "2").unwrap();
    let client = wxpay::client::Client::new(&config).unwrap();
    let reports = || -> [String; 3] {
        let now = wxpay::time::clock();
        [
            wxpay::diag::trust_report(Some(&client), now),
            wxpay::diag::trust_probe(Some(&client), "127.0.0.1", 1, "", now).unwrap(),
            client.info(),
        ]
    };
    for text in reports() {
        assert!(text.contains("127.0.0.1:9"), "{text}");
        if !text.contains("bind_host\":[") {
            assert!(
                text.contains("\"BIND_HOST\"") && text.contains("Temporary"),
                "{text}"
            );
        }
    }
    std::thread::sleep(std::time::Duration::from_millis(2100));
    for text in reports() {
        assert!(
            !text.contains("127.0.0.1:9") && !text.contains("BIND_HOST"),
            "{text}"
        );
    }
}

#[test]
fn an_expired_root_is_information_and_a_weak_one_is_not_used() {
    let dir = fresh_dir("report");
    let weak = dir.join("weak.pem");
    openssl(
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:1024",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=weak",
            "-addext",
            "basicConstraints=critical,CA:TRUE",
            "-keyout",
            "/dev/null",
            "-out",
            weak.to_str().unwrap(),
        ],
        b"",
    );
    let baltimore = root(wxpay::trust::known::BALTIMORE);
    let all = root(G2) + &baltimore + &std::fs::read_to_string(&weak).unwrap();
    let report = report(&named(&file(&dir, "store.pem", &all)));
    assert_eq!(report["counts"]["expired"], 1);
    assert_eq!(report["counts"]["not_a_ca"], 1);
    let kinds: Vec<&str> = report["anomalies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    assert!(
        kinds.contains(&"weak") && kinds.contains(&"expired"),
        "{kinds:?}"
    );
    assert!(ids(&report).contains(&"EXPIRED_ROOT info".to_owned()));
}

/// As an inspecting proxy's CA is installed: copied, then `update-ca-certificates`. In a mount
/// namespace, because it changes the machine's store.
#[test]
fn a_root_that_was_added_on_this_machine_is_said() {
    const NAME: &str = "trust::report::a_root_that_was_added_on_this_machine_is_said";
    let script = "mount --make-rprivate / && mkdir /run/wxpay-local && \
        cp -a /etc/ssl/certs /run/wxpay-certs && mount --bind /run/wxpay-local /usr/local/share/ca-certificates && \
        mount --bind /run/wxpay-certs /etc/ssl/certs && \
        openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=Inspection -addext basicConstraints=critical,CA:TRUE \
        -keyout /dev/null -out /usr/local/share/ca-certificates/inspection.crt 2>/dev/null && \
        update-ca-certificates >/dev/null 2>&1 && exec \"$0\" \"$@\"";
    let wrapper = [
        "unshare",
        "--mount",
        "sh",
        "-c",
        &format!("mount --make-rprivate / && mount -t tmpfs none /run && {script}"),
    ];
    if !child::runs_here(NAME, &[], &wrapper) {
        return;
    }
    let report = report(&TrustSettings::default());
    let local = report["anomalies"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "local" && one["name"] == "CN=Inspection");
    assert!(local.is_some(), "{}", report["anomalies"]);
    assert!(ids(&report).contains(&"LOCAL_ROOT warning".to_owned()));
}
