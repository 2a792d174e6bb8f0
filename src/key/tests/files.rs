//! Key files that are not files, or too long (safety.md S33).

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use super::*;

#[test]
fn a_file_is_read_whole() {
    for len in [0, 1, 8191, 8192, 8193, 1 << 20] {
        let content: Vec<u8> = (0..len).map(|i| i as u8).collect();
        let file = Scratch::new(&content);
        assert_eq!(
            **read_file("private_key_file", file.path()).unwrap(),
            content,
            "{len}"
        );
    }
}

#[test]
fn a_path_under_proc_that_claims_length_zero_is_read() {
    let read = read_file("private_key_file", "/proc/self/status").unwrap();
    assert!(read.starts_with(b"Name:"));
}

#[test]
fn what_is_no_key_file_is_refused_at_once_with_the_absolute_path() {
    let fifo = std::env::temp_dir().join(format!("wxpay-fifo-{}", std::process::id()));
    let fifo = fifo.to_str().unwrap();
    assert!(Command::new("mkfifo").arg(fifo).status().unwrap().success());
    let long = Scratch::new(&vec![b'a'; (1 << 20) + 1]);
    let here = std::env::current_dir().unwrap();
    let missing = format!("{}/no/such.pem", here.to_str().unwrap());
    for (case, path, absolute, fragment) in [
        ("FIFO", fifo, fifo, "a pipe, socket or device"),
        (
            "/dev/zero",
            "/dev/zero",
            "/dev/zero",
            "a pipe, socket or device",
        ),
        ("directory", "/etc", "/etc", "it is a directory"),
        (
            "too long",
            long.path(),
            long.path(),
            "1048577 bytes; a key file has at most 1048576",
        ),
        ("missing, relative", "no/such.pem", &missing, "No such file"),
        (
            "a file as a directory",
            "/etc/passwd/key.pem",
            "/etc/passwd/key.pem",
            "Not a directory",
        ),
    ] {
        let start = Instant::now();
        let result = read_file("private_key_file", path);
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{case} took {:?}",
            start.elapsed()
        );
        let expected = format!("private_key_file: cannot read {absolute}: ");
        assert_error(result.clone(), Status::FileUnreadable, fragment, case);
        assert_error(result, Status::FileUnreadable, &expected, case);
    }
    fs::remove_file(fifo).unwrap();
}

#[test]
fn a_path_that_no_file_can_have_is_an_argument_error() {
    for (path, fragment) in [("", "is empty"), ("/etc/a\0.pem", "NUL")] {
        let result = read_file("private_key_file", path);
        assert_error(result, Status::InvalidArgument, fragment, path);
    }
}

#[test]
fn a_warning_names_the_mode_when_others_can_read_the_file() {
    let file = Scratch::new(b"key");
    for (mode, warns) in [
        (0o600, false),
        (0o400, false),
        (0o644, true),
        (0o640, true),
        (0o604, true),
        (0o711, false),
    ] {
        fs::set_permissions(&file.0, fs::Permissions::from_mode(mode)).unwrap();
        let warning = permissions_warning(file.path());
        assert_eq!(warning.is_some(), warns, "{mode:04o}: {warning:?}");
        if let Some(warning) = warning {
            let expected = format!("mode {mode:04o}): chmod 600 {}", file.path());
            assert!(warning.contains(&expected), "{warning}");
        }
    }
    assert_eq!(permissions_warning("/no/such/file"), None);
}
