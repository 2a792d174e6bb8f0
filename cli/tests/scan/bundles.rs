//! Bundles, with the real roots of this machine's store: nothing of them is committed.

use crate::tree::Tree;
use std::path::Path;
use std::process::Command;

const G1: &str = "DigiCert_Global_Root_CA.pem";
const G2: &str = "DigiCert_Global_Root_G2.pem";
const OTHER: &str = "DigiCert_Assured_ID_Root_G2.pem";

fn root(name: &str) -> String {
    std::fs::read_to_string(Path::new("/etc/ssl/certs").join(name)).unwrap()
}

fn der(name: &str) -> Vec<u8> {
    let output = Command::new("openssl")
        .args(["x509", "-outform", "DER", "-in"])
        .arg(Path::new("/etc/ssl/certs").join(name))
        .output()
        .unwrap();
    assert!(output.status.success());
    output.stdout
}

/// A Java key store as the format is described: magic, version, then trusted certificates. The
/// checksum at the end is left out; readers without the password do not check it.
fn jks(certificates: &[Vec<u8>]) -> Vec<u8> {
    fn text(store: &mut Vec<u8>, text: &str) {
        store.extend((text.len() as u16).to_be_bytes());
        store.extend(text.as_bytes());
    }
    let mut store = vec![0xfe, 0xed, 0xfe, 0xed];
    store.extend(2u32.to_be_bytes());
    store.extend((certificates.len() as u32).to_be_bytes());
    for (index, certificate) in certificates.iter().enumerate() {
        store.extend(2u32.to_be_bytes());
        text(&mut store, &format!("root{index}"));
        store.extend(0u64.to_be_bytes());
        text(&mut store, "X.509");
        store.extend((certificate.len() as u32).to_be_bytes());
        store.extend(certificate);
    }
    store
}

#[test]
fn a_bundle_is_judged_by_the_fingerprints_in_it() {
    let tree = Tree::new();
    let both = root(G1) + &root(G2);
    tree.write("certs/old.pem", root(G1));
    tree.write("certs/both.crt", &both);
    tree.write("certs/new.cer", root(G2));
    tree.write("certs/other.pem", root(OTHER));
    tree.write("certs/old.der", der(G1));
    tree.write("certs/wechat/both.pem", &both);
    tree.write("certs/named-like-nothing", root(G1));
    tree.write("certs/commented.txt", format!("# the root\n{}", root(G1)));
    assert_eq!(
        tree.findings(),
        [
            "certs/both.crt:1 data.static-bundle info",
            "certs/commented.txt:2 data.old-root-only error",
            "certs/named-like-nothing:1 data.old-root-only error",
            "certs/new.cer:1 data.static-bundle info",
            "certs/old.der:1 data.old-root-only error",
            "certs/old.pem:1 data.old-root-only error",
            "certs/wechat/both.pem:1 data.static-bundle warning",
        ]
    );
}

#[test]
fn a_java_key_store_is_read_without_its_password() {
    let tree = Tree::new();
    tree.write("old.jks", jks(&[der(OTHER), der(G1)]));
    tree.write("both.jks", jks(&[der(G1), der(G2)]));
    tree.write("other.keystore", jks(&[der(OTHER)]));
    let mut cut = jks(&[der(G1), der(G2)]);
    cut.truncate(cut.len() - 40);
    tree.write("cut.jks", cut);
    assert_eq!(
        tree.findings(),
        [
            "both.jks:1 data.static-bundle info",
            "cut.jks:1 data.old-root-only error",
            "old.jks:1 data.old-root-only error",
        ]
    );
}

#[test]
fn keytool_and_openssl_make_stores_that_are_read_or_said_to_be_closed() {
    let tree = Tree::new();
    let g1 = Path::new("/etc/ssl/certs").join(G1);
    let trust = tree.0.join("truststore.p12");
    // A PKCS#12 of certificates only, encrypted: what a trust store is since Java 9.
    let made = Command::new("openssl")
        .args([
            "pkcs12",
            "-export",
            "-nokeys",
            "-passout",
            "pass:changeit",
            "-in",
        ])
        .arg(&g1)
        .arg("-out")
        .arg(&trust)
        .status()
        .unwrap();
    assert!(made.success());
    std::fs::copy(&trust, tree.0.join("apiclient_cert.p12")).unwrap();
    let open = Command::new("openssl")
        .args([
            "pkcs12", "-export", "-nokeys", "-keypbe", "NONE", "-certpbe", "NONE",
        ])
        .args(["-passout", "pass:", "-in"])
        .arg(&g1)
        .arg("-out")
        .arg(tree.0.join("open-trust.p12"))
        .status()
        .unwrap();
    assert!(open.success());
    assert_eq!(
        tree.findings(),
        [
            "open-trust.p12:1 data.old-root-only error",
            "truststore.p12:1 data.closed-store info",
        ]
    );
}

#[test]
fn certificates_in_the_strings_of_a_program_are_read() {
    let tree = Tree::new();
    let pem = root(G1);
    let raw = format!("package pay\n\nconst rootPEM = `\n{pem}`\n");
    tree.write("pay/root.go", raw);
    let joined: Vec<_> = pem.lines().map(|line| format!("  \"{line}\\n\"")).collect();
    let java = format!("class Pem {{\n String a =\n{};\n}}\n", joined.join(" +\n"));
    tree.write("pay/Pem.java", java);
    let escaped = format!("const ca = '{}';\n", pem.replace('\n', "\\n"));
    tree.write("pay/root.js", escaped);
    let commented: Vec<_> = pem.lines().map(|line| format!("// {line}")).collect();
    tree.write(
        "pay/comment.go",
        format!("package pay\n{}\n", commented.join("\n")),
    );
    assert_eq!(
        tree.findings(),
        [
            "pay/Pem.java:3 data.old-root-only error",
            "pay/root.go:4 data.old-root-only error",
            "pay/root.js:1 data.old-root-only error",
        ]
    );
}

#[test]
fn a_pinned_path_is_followed_to_the_bundle_that_it_names() {
    let tree = Tree::new();
    tree.write("cert/old.pem", root(G1));
    tree.write("cert/both.pem", root(G1) + &root(G2));
    tree.write("cert/other.pem", root(OTHER));
    let cases = [
        (
            "lib/A.php",
            "<?php\ncurl_setopt($c, CURLOPT_CAINFO, __DIR__ . '/../cert/old.pem');\n",
            "curl.ca error",
        ),
        (
            "lib/B.php",
            "<?php\ncurl_setopt($c, CURLOPT_CAINFO, dirname(dirname(__FILE__)) . \"/cert/both.pem\");\n",
            "curl.ca info",
        ),
        (
            "lib/wechat.php",
            "<?php\ncurl_setopt($c, CURLOPT_CAINFO, ROOT . 'cert/both.pem');\n",
            "curl.ca warning",
        ),
        (
            "lib/C.php",
            "<?php\ncurl_setopt($c, CURLOPT_CAINFO, 'cert/other.pem');\n",
            "curl.ca info",
        ),
        (
            "lib/a.py",
            "import os, requests\nrequests.get(u, verify=os.path.join(os.path.dirname(__file__), '..', 'cert', 'old.pem'))\n",
            "python.verify-path error",
        ),
        (
            "lib/a.js",
            "const fs = require('fs');\nnew https.Agent({ ca: fs.readFileSync(`${__dirname}/../cert/old.pem`) });\n",
            "node.ca error",
        ),
        (
            "lib/a.rb",
            "require 'net/http'\nhttp.ca_file = File.join(File.dirname(__FILE__), '../cert/old.pem')\n",
            "ruby.ca-file error",
        ),
        (
            "lib/a.sh",
            "set -e\ncurl --cacert cert/old.pem https://x\n",
            "shell.curl-cacert error",
        ),
        (
            "lib/a.c",
            "#define CA \"cert/old.pem\"\ncurl_easy_setopt(curl, CURLOPT_CAINFO, \"./cert/old.pem\");\n",
            "curl.ca error",
        ),
        (
            "lib/D.php",
            "<?php\nconst CA = 'cert/old.pem'; curl_setopt($c, CURLOPT_CAINFO, self::CA);\n",
            "curl.ca error",
        ),
    ];
    let mut expected: Vec<String> = vec![
        "cert/both.pem:1 data.static-bundle info".into(),
        "cert/old.pem:1 data.old-root-only error".into(),
    ];
    for (name, text, finding) in cases {
        tree.write(name, text);
        expected.push(format!("{name}:2 {finding}"));
    }
    expected.sort();
    assert_eq!(tree.findings(), expected);
}

#[test]
fn a_path_that_leaves_the_tree_is_not_followed() {
    let tree = Tree::new();
    let scanned = Tree::new();
    tree.write("old.pem", root(G1));
    let outside = tree.0.join("old.pem");
    let up = format!(
        "../{}/old.pem",
        tree.0.file_name().unwrap().to_str().unwrap()
    );
    for (name, path) in [("a.php", outside.to_str().unwrap()), ("b.php", &up)] {
        scanned.write(
            name,
            format!("<?php\ncurl_setopt($c, CURLOPT_CAINFO, '{path}');\n"),
        );
    }
    std::os::unix::fs::symlink(&outside, scanned.0.join("link.pem")).unwrap();
    scanned.write(
        "c.php",
        "<?php\ncurl_setopt($c, CURLOPT_CAINFO, 'link.pem');\n",
    );
    assert_eq!(
        scanned.findings(),
        [
            "a.php:2 curl.ca info",
            "b.php:2 curl.ca info",
            "c.php:2 curl.ca info"
        ]
    );
}
