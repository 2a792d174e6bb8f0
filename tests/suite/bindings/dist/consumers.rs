//! Each package is installed as its users install it, away from the sources, and used. For the
//! packages of this test run and for those that `make dist` made.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::super::{ROOT, clean_command};
use super::{named, run};
use crate::simulator::{Simulator, fresh_dir};

/// The last line says so, and eight numbered lines stand before it.
fn eight_steps(what: &str, said: &str, last: &str) {
    assert!(said.lines().any(|line| line == last), "{what}: {said}");
    let is_step = |line: &&str| {
        let digits = line.trim_start().split(". ").next().unwrap();
        line.contains(". ") && digits.parse::<u32>().is_ok()
    };
    assert_eq!(said.lines().filter(is_step).count(), 8, "{what}: {said}");
}

pub fn unpacked(out: &Path, end: &str) -> PathBuf {
    let dir = fresh_dir("unpacked");
    run(Command::new("tar")
        .arg("-xzf")
        .arg(named(out, end))
        .arg("-C")
        .arg(&dir));
    named(&dir, "")
}

/// The tarball anywhere on the disk: C with CMake, C and C++ with pkg-config.
pub fn tarball_serves_c_and_cpp(out: &Path) {
    let prefix = unpacked(out, "-linux-x86_64.tar.gz");
    let simulator = Simulator::start();
    let work = fresh_dir("consumer");
    let journeys = [
        ("tests/c/journey.c", "gcc", "-std=c99", "demo: ok"),
        (
            "bindings/cpp/tests/journey.cpp",
            "g++",
            "-std=c++17",
            "cpp: ok (8 steps)",
        ),
    ];
    let pkg_config = |what: &str| -> Vec<String> {
        let mut command = clean_command("pkg-config", None);
        command
            .env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"))
            .args([what, "wxpay"]);
        run(&mut command)
            .split_whitespace()
            .map(str::to_owned)
            .collect()
    };
    for (source, compiler, standard, last) in journeys {
        let program = work.join(compiler);
        let mut compile = Command::new(compiler);
        compile
            .args([standard, "-Wall", "-Wextra", "-Werror"])
            .args(pkg_config("--cflags"));
        compile
            .arg(Path::new(ROOT).join(source))
            .arg("-o")
            .arg(&program)
            .args(pkg_config("--libs"));
        compile.arg(format!("-Wl,-rpath,{}", prefix.join("lib").display()));
        run(&mut compile);
        let mut journey = clean_command(&program, Some(&simulator.file("ca.pem")));
        eight_steps(source, &run(journey.arg(&simulator.dir)), last);
    }
    let lists = format!(
        "cmake_minimum_required(VERSION 3.13)\nproject(shop LANGUAGES C)\nfind_package(wxpay 0.1 REQUIRED)\n\
         add_executable(shop {ROOT}/tests/c/journey.c)\ntarget_link_libraries(shop wxpay::wxpay)\n"
    );
    std::fs::write(work.join("CMakeLists.txt"), lists).unwrap();
    let build = work.join("build");
    let mut cmake = clean_command("cmake", None);
    cmake.arg("-S").arg(&work).arg("-B").arg(&build);
    run(cmake.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display())));
    run(clean_command("cmake", None).arg("--build").arg(&build));
    let mut journey = clean_command(build.join("shop"), Some(&simulator.file("ca.pem")));
    eight_steps("cmake", &run(journey.arg(&simulator.dir)), "demo: ok");
}

/// Installed by pip without network and without the sources.
pub fn wheel_serves_python(out: &Path) {
    let venv = fresh_dir("venv").join("venv");
    run(clean_command("python3", None)
        .args(["-m", "venv"])
        .arg(&venv));
    let python = venv.join("bin/python");
    let wheel = named(out, ".whl");
    let mut pip = clean_command(&python, None);
    run(pip
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--disable-pip-version-check",
        ])
        .arg(&wheel));
    let ask =
        "import json, libwxpay; libwxpay.selftest(); print(json.dumps(libwxpay.build_info()))";
    let said = run(clean_command(&python, None)
        .args(["-I", "-c", ask])
        .current_dir("/"));
    let info: Value = serde_json::from_str(&said).unwrap();
    let loaded = info["library"].as_str().unwrap();
    assert!(
        loaded.starts_with(venv.to_str().unwrap()) && loaded.ends_with("/libwxpay/libwxpay.so.0"),
        "{info}"
    );
    assert_eq!(
        (&info["chosen_by_environment"], &info["version"]),
        (&false.into(), &env!("CARGO_PKG_VERSION").into())
    );
    // pip does not compare what it installs with RECORD.
    let verify = "
import base64, csv, hashlib, pathlib, sys
record = next(pathlib.Path(sys.prefix).rglob('libwxpay-*.dist-info/RECORD'))
rows = [row for row in csv.reader(record.open()) if row[1]]
for path, digest, size in rows:
    data = (record.parents[1] / path).read_bytes()
    want = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()
    assert digest == 'sha256=' + want and int(size) == len(data), path
print(len(rows))";
    let rows = run(clean_command(&python, None).args(["-I", "-c", verify]));
    assert!(rows.trim().parse::<u32>().unwrap() > 15, "{rows}");
    let simulator = Simulator::start();
    let mut journey = clean_command(&python, Some(&simulator.file("ca.pem")));
    journey
        .arg("-I")
        .arg(Path::new(ROOT).join("bindings/python/tests/journey.py"));
    eight_steps(
        "wheel",
        &run(journey.arg(&simulator.dir)),
        "python: ok (8 steps)",
    );
}

/// Installed by Composer from the unpacked archive, without network; and used without Composer.
pub fn composer_package_serves_php(out: &Path) {
    let end = format!("libwxpay-php-{}.tar.gz", env!("CARGO_PKG_VERSION"));
    let package = unpacked(out, &end);
    let project = fresh_dir("composer");
    let manifest = serde_json::json!({
        "repositories": [{"type": "path", "url": package, "options": {"symlink": false}}, {"packagist.org": false}],
        "require": {"libwxpay/libwxpay": "*"},
    });
    std::fs::write(project.join("composer.json"), manifest.to_string()).unwrap();
    let mut composer = clean_command("composer", None);
    composer
        .args(["install", "--no-interaction", "--no-plugins"])
        .current_dir(&project);
    composer
        .env("COMPOSER_HOME", project.join("home"))
        .env("COMPOSER_ALLOW_SUPERUSER", "1");
    run(&mut composer);
    let installed = project.join("vendor/libwxpay/libwxpay");
    for (autoload, root) in [
        (project.join("vendor/autoload.php"), &installed),
        (package.join("autoload.php"), &package),
    ] {
        let code = format!(
            "require '{}'; LibWxPay\\Library::selftest(); echo json_encode(LibWxPay\\Library::buildInfo());",
            autoload.display()
        );
        let said = run(clean_command("php", None)
            .args(["-r", &code])
            .current_dir("/"));
        let info: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
        let path = root.join("lib/x86_64-linux-gnu/libwxpay.so.0");
        assert_eq!(info["library"]["path"], path.to_str().unwrap(), "{info}");
        assert_eq!(info["library"]["chosen_by"], "package", "{info}");
    }
    run(Command::new("cp")
        .arg("-r")
        .arg(Path::new(ROOT).join("bindings/php/tests"))
        .arg(&package));
    let simulator = Simulator::start();
    let mut journey = clean_command("php", Some(&simulator.file("ca.pem")));
    journey
        .arg(package.join("tests/journey.php"))
        .arg(&simulator.dir);
    eight_steps("php", &run(&mut journey), "php: ok (8 steps)");
}

/// The parts that NuGet reads, and the library where .NET looks for it.
pub fn nuget_package_has_its_parts(out: &Path) {
    let dir = fresh_dir("nupkg");
    let package = named(out, ".nupkg");
    run(clean_command("python3", None)
        .args(["-m", "zipfile", "-e"])
        .arg(&package)
        .arg(&dir));
    let nuspec = std::fs::read_to_string(dir.join("LibWxPay.nuspec")).unwrap();
    let version = format!("<version>{}</version>", env!("CARGO_PKG_VERSION"));
    for part in [
        "<id>LibWxPay</id>",
        &version,
        "Apache-2.0",
        ".NETStandard2.0",
    ] {
        assert!(nuspec.contains(part), "{part}: {nuspec}");
    }
    let parts = [
        "[Content_Types].xml",
        "_rels/.rels",
        "lib/netstandard2.0/LibWxPay.dll",
        "runtimes/linux-x64/native/libwxpay.so.0",
        "README.md",
        "LICENSE",
        "THIRD-PARTY.txt",
    ];
    for part in parts {
        assert!(
            dir.join(part).is_file(),
            "{part} is not in {}",
            package.display()
        );
    }
    let types = std::fs::read_to_string(dir.join("[Content_Types].xml")).unwrap();
    for part in files_below(&dir) {
        let extension = part.rsplit('.').next().unwrap();
        let known = types.contains(&format!("Extension=\"{extension}\""))
            || types.contains(&format!("PartName=\"/{part}\""));
        assert!(
            known || part == "[Content_Types].xml",
            "{part} has no type: {types}"
        );
    }
}

fn files_below(dir: &Path) -> Vec<String> {
    let found = run(Command::new("find")
        .arg(".")
        .args(["-type", "f"])
        .current_dir(dir));
    found
        .lines()
        .map(|line| line.trim_start_matches("./").to_owned())
        .collect()
}
