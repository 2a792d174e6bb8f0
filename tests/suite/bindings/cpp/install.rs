//! `make install`: what is where, and that others can build against it.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use super::super::{ROOT, clean_command, library};
use super::{passed, script};
use crate::simulator::{Simulator, fresh_dir};

fn make_install(prefix: &str, destdir: &str, libdir: Option<&str>) -> Output {
    let mut command = clean_command("make", None);
    command
        .args(["--silent", "--directory", ROOT, "install"])
        .arg(format!("PREFIX={prefix}"))
        .arg(format!("DESTDIR={destdir}"))
        .env("WXPAY_LIBRARY_FILE", library())
        .env_remove("LIBDIR");
    if let Some(libdir) = libdir {
        command.arg(format!("LIBDIR={libdir}"));
    }
    command.output().unwrap()
}

fn installed(prefix: &str, destdir: &str, libdir: Option<&str>) -> Vec<PathBuf> {
    let output = make_install(prefix, destdir, libdir);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let said = String::from_utf8(output.stdout).unwrap();
    said.lines().map(PathBuf::from).collect()
}

fn below(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, out);
        } else {
            out.push(path);
        }
    }
}

#[test]
fn every_file_is_where_distributions_expect_it_and_is_named() {
    let root = fresh_dir("cpp-destdir");
    let mut named = installed("/usr", root.to_str().unwrap(), Some("lib/x86_64-linux-gnu"));
    let mut there = Vec::new();
    below(&root, &mut there);
    named.sort();
    there.sort();
    assert_eq!(named, there);
    let version = env!("CARGO_PKG_VERSION");
    let lib = root.join("usr/lib/x86_64-linux-gnu");
    let real = lib.join(format!("libwxpay.so.{version}"));
    assert!(real.symlink_metadata().unwrap().is_file());
    for (link, to) in [
        ("libwxpay.so.0", format!("libwxpay.so.{version}")),
        ("libwxpay.so", "libwxpay.so.0".to_owned()),
    ] {
        assert_eq!(
            std::fs::read_link(lib.join(link)).unwrap(),
            PathBuf::from(to)
        );
    }
    for file in [
        "usr/include/wxpay.h",
        "usr/include/wxpay/wxpay.hpp",
        "usr/lib/x86_64-linux-gnu/libwxpay.a",
        "usr/lib/x86_64-linux-gnu/pkgconfig/wxpay.pc",
        "usr/lib/x86_64-linux-gnu/cmake/wxpay/wxpayConfig.cmake",
        "usr/share/doc/libwxpay/LICENSE",
    ] {
        assert!(there.contains(&root.join(file)), "{file}");
    }
    for file in &there {
        let mode = file.symlink_metadata().unwrap().permissions().mode() & 0o777;
        let want = if *file == real { 0o755 } else { 0o644 };
        assert!(
            file.is_symlink() || mode == want,
            "{mode:o} {}",
            file.display()
        );
        assert!(
            !std::fs::read(file)
                .unwrap()
                .windows(5)
                .any(|at| at == b"@LIBD")
        );
    }
    let pc = std::fs::read_to_string(lib.join("pkgconfig/wxpay.pc")).unwrap();
    let inside = |text: &str| text.contains(root.to_str().unwrap());
    assert!(
        !inside(&pc) && pc.contains("prefix=${pcfiledir}/../../..\n"),
        "{pc}"
    );
}

#[test]
fn the_name_in_the_library_is_the_one_that_is_linked() {
    let output = clean_command("objdump", None)
        .arg("-p")
        .arg(library())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.lines()
            .any(|line| line.split_whitespace().eq(["SONAME", "libwxpay.so.0"])),
        "{said}"
    );
}

#[test]
fn places_that_cannot_be_are_refused() {
    for (prefix, libdir, says) in [
        ("relative", None, "PREFIX must be an absolute path"),
        ("/nowhere", Some("/elsewhere/lib"), "LIBDIR must be"),
        ("/nowhere", Some("../lib"), "LIBDIR must be"),
        // sed and CMake would read these as their own.
        ("/nowhere", Some("lib&x"), "LIBDIR must be"),
        ("/nowhere", Some("lib|x"), "LIBDIR must be"),
    ] {
        let output = make_install(prefix, fresh_dir("cpp-refused").to_str().unwrap(), libdir);
        assert!(!output.status.success(), "{prefix} {libdir:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(says), "{said}");
    }
}

/// With CMake and pkg-config, g++ and clang++, shared and static, and from C; each runs the journey.
#[test]
fn consumers_build_against_what_was_installed_and_moved() {
    let dir = fresh_dir("cpp-consumer");
    let first = dir.join("first");
    installed(first.to_str().unwrap(), "", None);
    let prefix = dir.join("moved here");
    std::fs::rename(&first, &prefix).unwrap();
    // pkg-config's own quoting of spaces is not what is tested.
    let plain = dir.join("plain");
    std::os::unix::fs::symlink(&prefix, &plain).unwrap();
    let simulator = Simulator::start();
    let said = script(
        "consumer.sh",
        &[&plain, &simulator.dir, &dir.join("work")],
        &[],
        Some(&simulator.file("ca.pem")),
    );
    assert_eq!(passed(&said), 9, "{said}");
}

#[test]
fn cmake_takes_the_versions_that_fit() {
    let dir = fresh_dir("cpp-versions");
    let prefix = dir.join("prefix");
    installed(prefix.to_str().unwrap(), "", None);
    for (asked, fits) in [
        ("", true),
        ("0.1", true),
        ("0.1.0 EXACT", true),
        ("0.0.5", true),
        ("0.2", false),
        ("1.0", false),
    ] {
        let project = dir.join(format!("asks {asked}"));
        std::fs::create_dir_all(&project).unwrap();
        std::fs::write(
            project.join("CMakeLists.txt"),
            format!("cmake_minimum_required(VERSION 3.13)\nproject(asks LANGUAGES NONE)\nfind_package(wxpay {asked} REQUIRED)\n"),
        )
        .unwrap();
        let output = clean_command("cmake", None)
            .arg("-S")
            .arg(&project)
            .arg("-B")
            .arg(project.join("build"))
            .arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display()))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.success(), fits, "{asked}: {said}");
    }
}
