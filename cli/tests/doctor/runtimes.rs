//! The stores of other runtimes, and the settings that pin them.

use serde_json::{Value, json};

use crate::machine::{Machine, Run, some_ca};

const OFFLINE: [&str; 3] = ["doctor", "--offline", "--json"];

/// The only store of a runtime.
fn store(run: &Run, runtime: &str) -> Value {
    let report = run.json();
    let found: Vec<&Value> = report["runtimes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["runtime"] == runtime)
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

fn text<'a>(finding: &'a Value, member: &str) -> &'a str {
    finding[member].as_str().unwrap()
}

/// Counts: `keytool -list` (doctor/stores/make.sh puts two certificates into each).
#[test]
fn java_stores_are_read_without_a_password_where_that_is_possible_namespace() {
    let stores = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doctor/stores");
    for (file, format, certificates, id) in [
        ("trusted.jks", "jks", json!(2), "RUNTIME_STORE_OLD"),
        ("clear.p12", "pkcs12", json!(2), "RUNTIME_STORE_OLD"),
        (
            "encrypted.p12",
            "pkcs12",
            Value::Null,
            "RUNTIME_STORE_OPAQUE",
        ),
    ] {
        let machine = Machine::healthy();
        machine.write(
            "jdk/release",
            "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"21.0.5\"\n",
        );
        let cacerts = machine.write("jdk/lib/security/cacerts", "");
        std::fs::copy(stores.join(file), cacerts).unwrap();
        let home = machine.path("jdk");
        let machine = machine.set("JAVA_HOME", home);
        let run = machine.wxpay(&OFFLINE);
        let java = store(&run, "java");
        assert_eq!(
            (&java["name"], &java["format"]),
            (&json!("Java 21.0.5"), &json!(format)),
            "{file}"
        );
        assert_eq!(java["certificates"], certificates, "{file}");
        let finding = run.finding(id);
        assert!(text(&finding, "cure").contains("keytool"), "{finding}");
        assert_eq!(run.status, i32::from(id == "RUNTIME_STORE_OLD"), "{file}");
        if id == "RUNTIME_STORE_OLD" {
            assert!(
                text(&finding, "text").contains("PKIX path building failed"),
                "{finding}"
            );
        } else {
            assert!(
                text(&java, "consequence").contains("cannot look inside"),
                "{java}"
            );
        }
    }
}

#[test]
fn a_java_store_that_is_cut_or_leads_nowhere_is_a_warning_namespace() {
    let stores = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doctor/stores");
    let whole = std::fs::read(stores.join("trusted.jks")).unwrap();
    for cut in [Some(5), Some(whole.len() / 2), Some(whole.len() - 1), None] {
        let machine = Machine::healthy();
        let cacerts = machine.write("jdk/jre/lib/security/cacerts", "");
        match cut {
            Some(len) => std::fs::write(&cacerts, &whole[..len]).unwrap(),
            None => {
                std::fs::remove_file(&cacerts).unwrap();
                std::os::unix::fs::symlink("/nowhere/cacerts", &cacerts).unwrap();
            }
        }
        let home = machine.path("jdk");
        let run = machine.set("JAVA_HOME", home).wxpay(&OFFLINE);
        assert_eq!(
            (run.status, run.ids()[0].as_str()),
            (1, "RUNTIME_STORE_UNREADABLE"),
            "{cut:?}"
        );
    }
}

#[test]
fn an_old_certifi_is_named_with_pip_as_the_cure_and_a_good_one_is_not_namespace() {
    let machine = Machine::healthy();
    let package = "venv/lib/python3.12/site-packages/certifi/cacert.pem";
    machine.write(package, &some_ca(&machine.dir));
    let venv = machine.path("venv");
    let machine = machine.set("VIRTUAL_ENV", venv);
    let run = machine.wxpay(&OFFLINE);
    let finding = run.finding("RUNTIME_STORE_OLD");
    assert!(
        text(&finding, "text").contains(&machine.path(package)),
        "{finding}"
    );
    assert!(
        text(&finding, "text").contains("CERTIFICATE_VERIFY_FAILED"),
        "{finding}"
    );
    assert!(
        text(&finding, "cure").contains("pip install --upgrade certifi"),
        "{finding}"
    );
    assert_eq!(run.status, 1);

    std::fs::copy(
        machine.path("etc/ssl/certs/ca-certificates.crt"),
        machine.path(package),
    )
    .unwrap();
    let run = machine.wxpay(&OFFLINE);
    let python = store(&run, "python");
    assert_eq!((run.status, &python["g2"]), (0, &json!(true)), "{python}");
}

/// What a Python says of itself: `ssl.get_default_verify_paths()`.
#[test]
fn a_python_whose_openssl_looks_where_nothing_is_is_a_warning_namespace() {
    let machine = Machine::healthy();
    machine.program("python3", r#"echo '{"version":"3.9.1","executable":"/conda/bin/python3","cafile":"/conda/ssl/cacert.pem","capath":"/conda/ssl/certs"}'"#);
    let run = machine.wxpay(&OFFLINE);
    let finding = run.finding("RUNTIME_STORE_UNREADABLE");
    assert!(
        text(&finding, "text")
            .contains("Python 3.9.1, urllib and the ssl module: /conda/ssl/cacert.pem"),
        "{finding}"
    );
}

/// node prints its own list (`tls.rootCertificates`).
#[test]
fn a_node_without_the_root_is_a_warning_and_flags_that_choose_another_store_are_seen_namespace() {
    let machine = Machine::healthy();
    let roots = json!({"version": "v14.0.0", "roots": some_ca(&machine.dir), "effective": null, "openssl": false});
    machine.write("answer.json", &roots.to_string());
    let answer = machine.path("answer.json");
    machine.program("node", &format!("exec /bin/cat {answer}"));
    let run = machine.wxpay(&OFFLINE);
    let finding = run.finding("RUNTIME_STORE_OLD");
    assert!(
        text(&finding, "text").contains("Node.js v14.0.0")
            && text(&finding, "text").contains("UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
        "{finding}"
    );
    assert_eq!(
        (run.status, store(&run, "node")["certificates"].clone()),
        (1, json!(1))
    );

    let machine = machine.set("NODE_OPTIONS", "--use-openssl-ca --title=hunter2");
    let run = machine.wxpay(&OFFLINE);
    assert_eq!(
        (run.status, store(&run, "node")["format"].clone()),
        (0, json!("system"))
    );
    assert!(
        !run.out.contains("hunter2"),
        "only flags about trust are shown"
    );
}

#[test]
fn a_program_that_hangs_or_prints_without_end_holds_nothing_up_namespace() {
    let machine = Machine::healthy();
    machine.program("node", "exec /bin/sleep 60");
    machine.program("python3", "exec /bin/cat /dev/zero");
    machine.program("php", "exit 3");
    let run = machine.wxpay(&OFFLINE);
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(run.took.as_secs() < 12, "{:?}", run.took);
    assert_eq!(run.json()["runtimes"], json!([]));
}

#[test]
fn php_settings_that_name_a_bundle_are_found_with_file_and_line_namespace() {
    let machine = Machine::healthy();
    let bundle = machine.write("shop/rootca.pem", &some_ca(&machine.dir));
    let bundle = bundle.to_str().unwrap();
    machine.write(
        "etc/php/8.2/fpm/php.ini",
        &format!("[PHP]\n;curl.cainfo = /old\ncurl.cainfo = \"{bundle}\"\nffi.enable=true\n"),
    );
    machine.write(
        "etc/php/8.2/fpm/pool.d/www.conf",
        "[www]\nphp_admin_value[openssl.cafile] = /etc/ssl/certs/ca-certificates.crt\n",
    );
    machine.write("etc/php/8.2/cli/conf.d/20-ffi.ini", "ffi.enable = 1\n");
    let run = machine.wxpay(&OFFLINE);
    let finding = run.finding("RUNTIME_STORE_OLD");
    assert!(
        text(&finding, "text").contains("PHP 8.2 fpm") && text(&finding, "text").contains(bundle),
        "{finding}"
    );
    assert!(
        text(&finding, "cure").contains("curl.cainfo in /etc/php/8.2/fpm/php.ini:3"),
        "{finding}"
    );
    // S19: on the web only; and a setting that names the system's own bundle is none.
    assert_eq!(
        run.ids().iter().filter(|id| *id == "FFI_ENABLED").count(),
        1
    );
    assert!(text(&run.finding("FFI_ENABLED"), "text").contains("/etc/php/8.2/fpm/php.ini:4"));
    assert!(
        !run.ids().contains(&"RUNTIME_PINNED".to_owned()),
        "{:?}",
        run.ids()
    );
    assert_eq!(run.status, 1);
}

#[test]
fn variables_that_pin_a_store_or_switch_the_check_off_are_findings_namespace() {
    let machine = Machine::healthy();
    let old = machine.write("old.pem", &some_ca(&machine.dir));
    let copy = machine.write(
        "copy.pem",
        &std::fs::read_to_string(machine.path("etc/ssl/certs/ca-certificates.crt")).unwrap(),
    );
    let machine = machine
        .set("REQUESTS_CA_BUNDLE", old.to_str().unwrap())
        .set("CURL_CA_BUNDLE", copy.to_str().unwrap())
        .set("NODE_EXTRA_CA_CERTS", "/nowhere.pem")
        .set("NODE_TLS_REJECT_UNAUTHORIZED", "0")
        .set("JAVA_TOOL_OPTIONS", "-Xmx1g -Djavax.net.ssl.trustStore=/nowhere.jks -Djavax.net.ssl.trustStorePassword=hunter2 -Djavax.net.ssl.keyStorePassword=hunter2");
    let run = machine.wxpay(&OFFLINE);
    assert_eq!((run.status, run.ids()[0].as_str()), (2, "VERIFY_DISABLED"));
    assert!(text(&run.finding("VERIFY_DISABLED"), "cure").contains("NODE_TLS_REJECT_UNAUTHORIZED"));
    assert!(text(&run.finding("RUNTIME_STORE_OLD"), "text").starts_with("REQUESTS_CA_BUNDLE="));
    assert!(text(&run.finding("RUNTIME_PINNED"), "text").starts_with("CURL_CA_BUNDLE="));
    let report = run.json();
    let broken: Vec<&str> = report["diagnosis"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["id"] == "RUNTIME_STORE_UNREADABLE")
        .map(|one| text(one, "text"))
        .collect();
    assert_eq!(broken.len(), 2, "{broken:?}");
    assert!(
        broken
            .iter()
            .any(|text| text.contains("-Djavax.net.ssl.trustStore=/nowhere.jks")),
        "{broken:?}"
    );
    assert!(!run.out.contains("hunter2"), "{}", run.out);
}
