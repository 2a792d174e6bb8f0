//! The packages around the library of this test run: usable, the same bytes each time, and checked
//! by `verify.sh` for what a download can suffer.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{consumers, named, package, quick, run, script, text};
use crate::simulator::fresh_dir;

#[test]
fn the_tarball_serves_c_and_cpp() {
    consumers::tarball_serves_c_and_cpp(quick());
}

#[test]
fn the_wheel_serves_python() {
    consumers::wheel_serves_python(quick());
    // Only the portable library may promise glibc 2.17.
    named(quick(), "-py3-none-linux_x86_64.whl");
}

#[test]
fn the_composer_package_serves_php() {
    consumers::composer_package_serves_php(quick());
}

#[test]
fn the_nuget_package_has_its_parts() {
    consumers::nuget_package_has_its_parts(quick());
}

#[test]
fn two_packagings_of_one_library_are_the_same_bytes() {
    let again = fresh_dir("dist").join("again");
    // From another directory, in another zone, and some seconds later.
    let mut command = package(&again);
    command
        .env("TZ", "Asia/Shanghai")
        .env("LC_ALL", "C.UTF-8")
        .current_dir("/");
    run(&mut command);
    let sums = |dir: &Path| std::fs::read_to_string(dir.join("SHA256SUMS")).unwrap();
    assert_eq!(sums(quick()), sums(&again));
    assert_eq!(sums(&again).lines().count(), 6, "{}", sums(&again));
}

/// A copy that may be spoilt.
fn copy() -> PathBuf {
    let dir = fresh_dir("dist").join("copy");
    run(Command::new("cp").arg("-r").arg(quick()).arg(&dir));
    dir
}

fn resum(dir: &Path) {
    run(Command::new("sh")
        .args(["-c", "sha256sum -- *.* >sums && mv sums SHA256SUMS"])
        .current_dir(dir));
}

#[test]
fn verify_stops_what_is_not_what_was_made() {
    let verify = |dir: &Path| {
        let output = script("dist/verify.sh")
            .arg("--any-library")
            .arg(dir)
            .output()
            .unwrap();
        (output.status.success(), text(&output))
    };
    let (good, said) = verify(&copy());
    assert!(good && said.contains("one library in 4 packages"), "{said}");

    // A byte of a package.
    let dir = copy();
    let wheel = named(&dir, ".whl");
    let mut bytes = std::fs::read(&wheel).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&wheel, bytes).unwrap();
    let (good, said) = verify(&dir);
    assert!(!good && said.contains(".whl: FAILED"), "{said}");

    // A package that is missing, with the sums and without.
    let dir = copy();
    std::fs::remove_file(named(&dir, ".nupkg")).unwrap();
    assert!(!verify(&dir).0);
    resum(&dir);
    let (good, said) = verify(&dir);
    assert!(
        !good && said.contains("0 packages *.nupkg, not one"),
        "{said}"
    );

    // A file that nobody summed.
    let dir = copy();
    std::fs::write(dir.join("extra.txt"), "x").unwrap();
    let (good, said) = verify(&dir);
    assert!(
        !good && said.contains("extra.txt is not in SHA256SUMS"),
        "{said}"
    );

    // A bill of another library.
    let dir = copy();
    let bill = named(&dir, ".cdx.json");
    let before = std::fs::read_to_string(&bill).unwrap();
    let at = before.find("\"content\": \"").unwrap() + "\"content\": \"".len();
    let after = format!("{}{}{}", &before[..at], "0".repeat(64), &before[at + 64..]);
    std::fs::write(&bill, after).unwrap();
    resum(&dir);
    let (good, said) = verify(&dir);
    assert!(
        !good && said.contains("holds another library than the bill of materials names"),
        "{said}"
    );

    // The gates of the portable library, which this one is not.
    let output = script("dist/verify.sh").arg(quick()).output().unwrap();
    assert!(!output.status.success() && text(&output).contains("FAIL: glibc"));
}

#[test]
fn a_directory_that_was_not_made_here_is_left_alone() {
    let dir = fresh_dir("dist").join("mine");
    std::fs::create_dir(&dir).unwrap();
    std::fs::write(dir.join("thesis.txt"), "x").unwrap();
    let output = package(&dir).output().unwrap();
    assert!(
        !output.status.success() && text(&output).contains("was not made by make dist"),
        "{}",
        text(&output)
    );
    assert!(dir.join("thesis.txt").exists());
}
