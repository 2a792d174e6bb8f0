//! PHP: the command line, the package, and php-fpm behind nginx.

mod fpm;
mod pages;
mod server;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use super::{ROOT, clean_command, library, tools};
use crate::simulator::{Simulator, fresh_dir, target_dir};

fn home() -> PathBuf {
    Path::new(ROOT).join("bindings/php")
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// The package as `make dist` makes it, made in `dir`.
fn packed(dir: &Path) -> PathBuf {
    let path = run(clean_command("sh", None)
        .arg(home().join("make_package.sh"))
        .arg(library())
        .arg(dir));
    path.trim().into()
}

/// The package, made once a run, unpacked in `dir`.
fn unpacked(dir: &Path) -> PathBuf {
    static PACKAGE: LazyLock<PathBuf> = LazyLock::new(|| packed(&fresh_dir("php-package")));
    run(Command::new("tar")
        .arg("-xzf")
        .arg(&*PACKAGE)
        .arg("-C")
        .arg(dir));
    let name = PACKAGE.file_name().unwrap().to_str().unwrap();
    dir.join(name.strip_suffix(".tar.gz").unwrap())
}

/// The value of an attribute of the first element of that name.
fn attribute(xml: &str, element: &str, name: &str) -> usize {
    let at = xml.find(&format!("<{element} ")).unwrap();
    let tag = &xml[at..at + xml[at..].find('>').unwrap()];
    let from = tag.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
    let value = &tag[from..from + tag[from..].find('"').unwrap()];
    value.parse().unwrap()
}

#[test]
fn phpunit_runs_all_its_tests_and_none_fails() {
    let simulator = Simulator::start();
    let dir = fresh_dir("phpunit");
    let phpunit = || {
        let mut phpunit = clean_command("phpunit", Some(&simulator.file("ca.pem")));
        phpunit
            .arg("--configuration")
            .arg(home().join("phpunit.xml.dist"))
            .env("SIMULATOR_DIR", &simulator.dir)
            .env("WXPAY_LIBRARY", library());
        phpunit
    };
    let listed = run(phpunit().arg("--list-tests"));
    let listed = listed
        .lines()
        .filter(|line| line.starts_with(" - "))
        .count();
    let log = dir.join("junit.xml");
    let output = phpunit().arg("--log-junit").arg(&log).output().unwrap();
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    let log = std::fs::read_to_string(&log).unwrap();
    assert_eq!(attribute(&log, "testsuite", "tests"), listed, "{text}");
    assert!(listed >= 99, "{listed} tests are listed");
    for wrong in ["errors", "failures"] {
        assert_eq!(attribute(&log, "testsuite", wrong), 0, "{text}");
    }
    // One needs root: a program that runs as another user.
    let root = run(Command::new("id").arg("-u")).trim() == "0";
    let skipped = attribute(&log, "testsuite", "skipped");
    assert_eq!(skipped, usize::from(!root), "{text}");
    println!("php: {listed} tests, {skipped} skipped");
}

/// PHP 7.4 is not at hand: what it does not understand is refused by what its parser would see.
#[test]
fn the_package_has_no_syntax_newer_than_php_7_4() {
    let mut files = Vec::new();
    let mut folders = vec![home()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_source = path.extension().is_some_and(|kind| kind == "php")
                || path.parent().unwrap().ends_with("bin");
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.is_file() && is_source {
                files.push(path);
            }
        }
    }
    let text = run(clean_command("php", None)
        .arg(home().join("tests/syntax/gate.php"))
        .args(&files));
    let last = text.lines().last().unwrap();
    assert_eq!(
        last,
        format!("40 samples refused, {} files read, 0 failures", files.len())
    );
    assert!(files.len() > 25, "{last}");
}

fn composer(dir: &Path, arguments: &[&str]) -> Command {
    let mut composer = clean_command("composer", None);
    composer
        .args(["--no-interaction", "--no-ansi"])
        .args(arguments)
        .current_dir(dir)
        .env("COMPOSER_HOME", dir.join("composer-home"))
        .env("COMPOSER_DISABLE_NETWORK", "1")
        .env("COMPOSER_ALLOW_SUPERUSER", "1");
    composer
}

#[test]
fn composer_installs_the_package_without_a_network() {
    let dir = fresh_dir("composer");
    run(&mut composer(
        &dir,
        &[
            "validate",
            "--strict",
            home().join("composer.json").to_str().unwrap(),
        ],
    ));
    let package = unpacked(&dir);
    let project = serde_json::json!({
        "repositories": [
            { "type": "path", "url": package, "options": { "symlink": false } },
            { "packagist.org": false },
        ],
        "require": { "libwxpay/libwxpay": env!("CARGO_PKG_VERSION") },
    });
    std::fs::write(dir.join("composer.json"), project.to_string()).unwrap();
    run(&mut composer(&dir, &["install", "--no-dev"]));
    let script = "require 'vendor/autoload.php'; LibWxPay\\Library::selftest(); \
        new LibWxPay\\Config(['mchid' => '1']); echo json_encode(LibWxPay\\Library::buildInfo()['library']);";
    let library = run(clean_command("php", None)
        .args(["-r", script])
        .current_dir(&dir));
    let library: serde_json::Value = serde_json::from_str(&library).unwrap();
    assert_eq!(library["chosen_by"], "package");
    let installed = dir.join("vendor/libwxpay/libwxpay");
    assert!(
        library["path"]
            .as_str()
            .unwrap()
            .starts_with(installed.to_str().unwrap()),
        "{library}"
    );
    let checked = run(clean_command("php", None).arg(dir.join("vendor/bin/wxpay-check")));
    assert!(checked.ends_with("ok\n"), "{checked}");
    for absent in ["tests", "bench", "make_package.sh"] {
        assert!(
            !installed.join(absent).exists(),
            "{absent} is in the package"
        );
    }
}

#[test]
fn the_same_package_is_made_twice() {
    let [one, two] = [(); 2].map(|()| std::fs::read(packed(&fresh_dir("php-package"))).unwrap());
    assert!(one == two, "two packages differ");
}

/// Its rows, in their form; the figures count on a quiet machine and a release build only.
#[test]
fn the_benchmark_in_php_runs() {
    let dir = fresh_dir("php-benchmark");
    let fixture = dir.join("fixture");
    let keys = target_dir().parent().unwrap().join("test-keys");
    let root = Path::new(ROOT);
    run(Command::new("sh")
        .arg(root.join("tests/keys/make.sh"))
        .arg(&keys));
    run(Command::new(tools("python").join("bin/python"))
        .arg(root.join("benches/peers/fixture.py"))
        .args([&keys, &fixture]));
    let rows = run(clean_command("php", None)
        .arg(root.join("benches/peers/php/jobs.php"))
        .arg(&fixture)
        .env("WXPAY_LIBRARY", library())
        .env("WXPAY_BENCH_QUICK", "1"));
    let ids: Vec<_> = rows
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect(line))
        .filter_map(|row| Some(row.get("id")?.as_str()?.to_owned()))
        .collect();
    assert_eq!(
        ids,
        [
            "php.authorization",
            "php.authorization.easywechat",
            "php.notification",
            "php.notification.easywechat",
            "php.authorization.request",
            "php.notification.request",
        ]
    );
}
