//! The trust store: an empty one, a private one, a good one.

use crate::machine::{Machine, some_ca};

/// The commands are those of each distribution's own documentation of ca-certificates.
#[test]
fn without_a_store_it_says_what_to_install_on_this_distribution_namespace() {
    for (release, want) in [
        ("ID=debian\n", "`apt-get install ca-certificates`"),
        ("ID=alpine\nVERSION_ID=3.20\n", "`apk add ca-certificates`"),
        (
            "ID=\"tencentos\"\nID_LIKE=\"rhel fedora centos\"\n",
            "`yum install ca-certificates",
        ),
        (
            "ID=\"sles\"\nID_LIKE=\"suse\"\n",
            "`zypper install ca-certificates-mozilla`",
        ),
        ("ID=homemade\n", "Alpine `apk add ca-certificates`"),
    ] {
        let machine = Machine::bare();
        machine.write("etc/os-release", release);
        let run = machine.wxpay(&["doctor", "--offline"]);
        assert_eq!(run.status, 2, "{release}{}", run.err);
        let text = run.words();
        assert!(
            text.contains("NO_TRUST_ROOTS") && text.contains(want),
            "{release}{text}"
        );
        let first = machine.wxpay(&["doctor", "--offline", "--json"]);
        assert_eq!(first.ids()[0], "NO_TRUST_ROOTS", "the most important first");
    }
}

#[test]
fn a_private_bundle_is_named_as_the_cause_with_its_variable_namespace() {
    let machine = Machine::healthy();
    let bundle = machine.write("shop/rootca.pem", &some_ca(&machine.dir));
    let bundle = bundle.to_str().unwrap();
    let machine = machine.set("SSL_CERT_FILE", bundle);
    let run = machine.wxpay(&["doctor", "--offline", "--json"]);
    assert_eq!(run.status, 2, "{}", run.err);
    let named = format!("SSL_CERT_FILE={bundle}");
    let missing = run.finding("ROOT_NOT_IN_STORE");
    assert!(
        missing["text"]
            .as_str()
            .unwrap()
            .contains("DigiCert Global Root G2"),
        "{missing}"
    );
    assert!(
        missing["cure"].as_str().unwrap().starts_with(&named),
        "{missing}"
    );
    let private = run.finding("PRIVATE_BUNDLE");
    assert!(
        private["text"].as_str().unwrap().contains(&named),
        "{private}"
    );
    let text = machine.wxpay(&["doctor", "--offline"]).out;
    assert!(
        text.contains(bundle) && text.contains("PRIVATE_BUNDLE"),
        "{text}"
    );
}

/// A path that names nothing must not send anybody to the package manager first.
#[test]
fn a_private_bundle_that_is_not_there_is_named_namespace() {
    let machine = Machine::healthy().set("SSL_CERT_FILE", "/nowhere/rootca.pem");
    let run = machine.wxpay(&["doctor", "--offline", "--json"]);
    assert_eq!(run.status, 2);
    let report = run.json();
    let all = report["diagnosis"].to_string();
    assert!(all.contains("SSL_CERT_FILE=/nowhere/rootca.pem"), "{all}");
}

#[test]
fn a_healthy_machine_has_no_problem_and_exits_with_0_namespace() {
    let machine = Machine::healthy();
    let run = machine.wxpay(&["doctor", "--offline"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("No problem found."), "{}", run.out);
    let report = machine.wxpay(&["doctor", "--offline", "--json"]).json();
    assert_eq!(
        (&report["schema"], &report["verdict"]),
        (&1.into(), &"ok".into())
    );
    for member in [
        "diagnosis",
        "config",
        "trust",
        "runtimes",
        "hosts",
        "proxies",
        "environment",
        "clock",
        "dns",
        "probe",
    ] {
        assert!(report.get(member).is_some(), "no {member}");
    }
    assert_eq!(report["probe"], serde_json::Value::Null, "offline");
}

/// The variables that many images set to the system's own bundle pin nothing.
#[test]
fn variables_that_name_the_systems_own_store_are_no_finding_namespace() {
    let system = "/etc/ssl/certs/ca-certificates.crt";
    let machine = Machine::healthy()
        .set("SSL_CERT_FILE", system)
        .set("SSL_CERT_DIR", "/etc/ssl/certs")
        .set("CURL_CA_BUNDLE", system)
        .set("REQUESTS_CA_BUNDLE", system)
        .set("NODE_EXTRA_CA_CERTS", system);
    let run = machine.wxpay(&["doctor", "--offline"]);
    assert_eq!(run.status, 0, "{}", run.out);
}
