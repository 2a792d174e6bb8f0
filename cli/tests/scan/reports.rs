//! The three formats, the exit status, and foreign text in reports (safety.md S23).

use crate::tree::Tree;
use serde_json::Value;
use std::process::Command;

const OFF: &str = "<?php\ncurl_setopt($ch, CURLOPT_SSL_VERIFYPEER, false);\n";

#[test]
fn the_exit_status_says_whether_fail_on_was_reached() {
    let tree = Tree::new();
    let code = |arguments: &[&str]| tree.scan(arguments).status.code().unwrap();
    tree.write("shop.php", OFF);
    assert_eq!(code(&[]), 0, "a warning only");
    assert_eq!(code(&["--fail-on", "warning"]), 1);
    assert_eq!(code(&["--fail-on", "never"]), 0);
    tree.write("wxpay.php", OFF);
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--fail-on", "never"]), 0);
}

#[test]
fn a_wrong_use_or_a_folder_that_is_not_there_is_3() {
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_wxpay"))
            .arg("scan")
            .args(arguments)
            .output()
            .unwrap()
    };
    assert_eq!(run(&[]).status.code(), Some(3));
    assert_eq!(run(&["--format", "xml", "."]).status.code(), Some(3));
    let output = run(&["/no/such/\u{202e}folder"]);
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains("\\u{202e}") && !text.contains('\u{202e}'),
        "{text}"
    );
}

#[test]
fn text_shows_place_rule_line_and_fix() {
    let tree = Tree::new();
    tree.write("wxpay.php", OFF);
    let text = String::from_utf8(tree.scan(&[]).stdout).unwrap();
    let first = text.lines().next().unwrap();
    assert!(
        first.contains("wxpay.php:2:18: error: ") && first.ends_with("[curl.verify-off]"),
        "{text}"
    );
    assert!(
        text.contains("    curl_setopt($ch, CURLOPT_SSL_VERIFYPEER, false);\n    fix: Set "),
        "{text}"
    );
    assert!(
        text.contains("1 errors, 0 warnings, 0 infos; 1 files read of 1 seen"),
        "{text}"
    );
}

#[test]
fn foreign_text_is_escaped_and_cut_in_every_format() {
    let tree = Tree::new();
    let long = "x".repeat(900);
    let line = format!(
        "curl_setopt($ch, CURLOPT_SSL_VERIFYPEER, false); $a = '\u{1b}]0;t\u{7}\u{202e}\u{200b}{long}';"
    );
    tree.write("wxpay\u{202e}.php", format!("<?php\n{line}\n"));
    for format in ["text", "json", "sarif"] {
        let output = tree.scan(&["--format", format, "--fail-on", "never"]);
        let text = String::from_utf8(output.stdout).unwrap();
        let hidden = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{200b}".contains(c);
        assert!(!text.contains(hidden), "{format}: {text:?}");
        assert!(!text.contains(&long), "{format} is cut");
    }
}

/// The members that SARIF 2.1.0 requires, and the ranges that it gives (OASIS, sections 3.13 to
/// 3.30).
#[test]
fn sarif_has_what_the_standard_requires() {
    let tree = Tree::new();
    tree.write("wx pay/weixin.php", OFF);
    tree.write("shop.php", OFF);
    let output = tree.scan(&["--format", "sarif", "--fail-on", "never"]);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().contains("sarif-2.1.0"));
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(run["tool"]["driver"]["name"].is_string());
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["region"]["startLine"], 2);
        assert!(place["region"]["startColumn"].as_u64().unwrap() >= 1);
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.starts_with("file:///") && !uri.contains(' '), "{uri}");
    }
    for rule in rules {
        assert!(
            !rule["shortDescription"]["text"]
                .as_str()
                .unwrap()
                .is_empty()
        );
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty());
    }
}

#[test]
fn the_documented_table_of_rules_is_the_one_of_the_command() {
    let output = Command::new(env!("CARGO_BIN_EXE_wxpay"))
        .args(["scan", "--rules"])
        .output()
        .unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scan.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once("<!-- rules -->\n").unwrap();
    let (shown, after) = rest.split_once("<!-- end of rules -->").unwrap();
    if shown != table && std::env::var_os("WXPAY_BLESS").is_some() {
        let page = format!("{before}<!-- rules -->\n{table}<!-- end of rules -->{after}");
        std::fs::write(path, page).unwrap();
        return;
    }
    assert!(shown == table, "WXPAY_BLESS=1 rewrites docs/scan.md");
}
