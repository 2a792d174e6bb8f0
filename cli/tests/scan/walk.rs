//! Which files are read, and what is said about those that are not.

use crate::tree::Tree;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;

const OFF: &str = "<?php\ncurl_setopt($ch, CURLOPT_SSL_VERIFYPEER, false);\n";
const FOUND: &str = "2 curl.verify-off warning";

#[test]
fn vendored_ignored_and_hidden_folders_are_scanned_but_git_is_not() {
    let tree = Tree::new();
    tree.write(".gitignore", "vendor/\n*.php\n");
    for folder in ["vendor/old/sdk", ".hidden", "node_modules/x", ".git/hooks"] {
        tree.write(format!("{folder}/a.php"), OFF);
    }
    assert_eq!(
        tree.findings(),
        [".hidden", "node_modules/x", "vendor/old/sdk"]
            .map(|folder| format!("{folder}/a.php:{FOUND}"))
    );
    let count = |arguments: &[&str]| {
        let output = tree.scan(&[arguments, &["--format", "json"]].concat());
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        report["findings"].as_array().unwrap().len()
    };
    assert_eq!(count(&["--skip-node-modules"]), 2);
    assert_eq!(count(&["--exclude", "vendor/**"]), 2);
}

#[test]
fn what_cannot_be_read_is_named_and_makes_the_status_2() {
    let tree = Tree::new();
    tree.write("a.php", OFF);
    // A link to itself is no file, and is not followed.
    std::os::unix::fs::symlink("loop", tree.0.join("loop")).unwrap();
    tree.write("closed/b.php", OFF);
    tree.write("c.php", OFF);
    let set = |name: &str, mode: u32| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(tree.0.join(name), mode).unwrap();
    };
    set("closed", 0o000);
    set("c.php", 0o000);
    // root reads everything, unless it gives up that capability.
    let output = Command::new("setpriv")
        .arg("--bounding-set=-dac_override,-dac_read_search")
        .args([env!("CARGO_BIN_EXE_wxpay"), "scan", "--format", "json"])
        .arg(&tree.0)
        .output()
        .unwrap();
    set("closed", 0o755);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let unread = report["files"]["unreadable"].as_array().unwrap();
    let named = |index: usize, end: &str| {
        let path = unread[index]["path"].as_str().unwrap();
        assert!(path.ends_with(end), "{path}");
        let text = unread[index]["text"].as_str().unwrap();
        assert!(text.contains("Permission denied"), "{text}");
    };
    assert_eq!(unread.len(), 2, "{unread:?}");
    named(0, "/c.php");
    named(1, "/closed");
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
}

#[test]
fn a_name_that_is_no_utf_8_is_read_and_shown_escaped() {
    let tree = Tree::new();
    tree.write(OsStr::from_bytes(b"a\xff\x1b.php"), OFF);
    assert_eq!(tree.findings(), [format!("a\\xff\\u{{1b}}.php:{FOUND}")]);
    let report = tree.json();
    let uri = report["findings"][0]["uri"].as_str().unwrap();
    assert!(uri.ends_with("/a%FF%1B.php"), "{uri}");
}

#[test]
fn gbk_and_utf_16_sources_are_read() {
    let tree = Tree::new();
    // GBK: the comment ends in a character whose second byte is a backslash (D5 5C).
    let gbk = b"<?php\n// \xce\xa2\xd0\xc5\xd5\x5c\n$a = '\xd5\x5c'; curl_setopt($ch, CURLOPT_SSL_VERIFYPEER, 0);\n";
    tree.write("gbk.php", gbk);
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain("// \u{5fae}\u{4fe1}\nServicePointManager.ServerCertificateValidationCallback = delegate { return true; };\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    tree.write("wxpay/utf16.cs", utf16);
    assert_eq!(
        tree.findings(),
        [
            "gbk.php:3 curl.verify-off error",
            "wxpay/utf16.cs:2 csharp.accept-any error"
        ]
    );
}

#[test]
fn minified_and_too_large_files_are_counted_and_named() {
    let tree = Tree::new();
    tree.write(
        "min.js",
        format!("var a={{rejectUnauthorized:false}};{}", "a();".repeat(800)),
    );
    tree.write(
        "long_line.js",
        format!(
            "var a = {{ rejectUnauthorized: false }};\n{}\n",
            "// x\n".repeat(800)
        ),
    );
    let large = format!("<?php\n{}", "$a = 1;\n".repeat(200_000)) + OFF;
    tree.write("large.php", large);
    assert_eq!(tree.findings(), ["long_line.js:1 node.verify-off warning"]);
    let files = &tree.json()["files"];
    let one = |key: &str| {
        let list = files[key].as_array().unwrap();
        assert_eq!(list.len(), 1, "{key}");
        list[0].as_str().unwrap().to_owned()
    };
    assert!(one("minified").ends_with("min.js"));
    assert!(one("too_large").ends_with("large.php"));
}

#[test]
fn devices_and_pipes_are_not_opened() {
    let tree = Tree::new();
    let pipe = tree.0.join("pipe.php");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    tree.write("a.php", OFF);
    assert_eq!(tree.findings(), [format!("a.php:{FOUND}")]);
}

#[test]
fn progress_is_not_written_when_standard_error_is_no_terminal() {
    let tree = Tree::new();
    for index in 0..600 {
        tree.write(format!("{index}.php"), "<?php\n");
    }
    assert!(tree.scan(&[]).stderr.is_empty());
}

#[test]
fn a_file_full_of_places_ends_in_time_and_is_said_to_be_judged_in_part() {
    let tree = Tree::new();
    let line = "const a = new https.Agent({ ca: rootCa, rejectUnauthorized: false });\n";
    tree.write("a.js", line.repeat(20_000));
    let started = std::time::Instant::now();
    let report = tree.json();
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    let crowded = report["files"]["crowded"].as_array().unwrap();
    assert_eq!(crowded.len(), 1);
    assert!(report["findings"].as_array().unwrap().len() >= 300);
}
