//! Keys in forked children (design.md §8): a child forked while other threads compute with the same
//! keys must sign, verify, encrypt and decrypt as if it were alone. AWS-LC's own objects do not
//! survive that: the child waits for ever or aborts.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use wxpay::key::{PrivateKey, read_private};

use crate::process::{Child, Stop, alone, in_child};

const THREADS: usize = 4;
const CHILDREN: usize = 8;
const SIGNATURES: usize = 20;
const MESSAGE: &[u8] = b"GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n";

/// Eight children, forked one after another while four threads of the parent use the same key for
/// everything; then the same again in a child of each child.
#[test]
fn children_use_the_keys_that_the_parents_threads_are_using() {
    alone(
        "fork_keys::children_use_the_keys_that_the_parents_threads_are_using",
        busy_parent,
    );
}

fn busy_parent() {
    let directory = keys();
    let pem = std::fs::read(directory.join("rsa2048.pem")).unwrap();
    let key = read_private("rsa2048.pem", &pem, None).unwrap();
    let expected = signature_of_openssl(&directory);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let stopping = Stop(&stop);
        for _ in 0..THREADS {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    exercise(&key, &expected, 1).unwrap();
                }
            });
        }
        let verdicts: Vec<_> = (0..CHILDREN)
            .map(|_| {
                // Somewhere in the middle of the other threads' work.
                std::thread::sleep(Duration::from_micros(700));
                in_child(|| {
                    exercise(&key, &expected, SIGNATURES)?;
                    in_child(|| exercise(&key, &expected, SIGNATURES)).verdict()
                })
            })
            .map(Child::verdict)
            .collect();
        drop(stopping);
        assert_eq!(verdicts, vec![Ok(()); CHILDREN]);
    });
    exercise(&key, &expected, 1).unwrap();
}

/// A key that was read but never used before the fork, and one that the child reads itself.
#[test]
fn children_use_keys_that_were_not_used_before() {
    alone(
        "fork_keys::children_use_keys_that_were_not_used_before",
        unused_keys,
    );
}

fn unused_keys() {
    let directory = keys();
    let pem = std::fs::read(directory.join("rsa2048.pem")).unwrap();
    let expected = signature_of_openssl(&directory);
    for _ in 0..CHILDREN {
        let unused = read_private("rsa2048.pem", &pem, None).unwrap();
        let child = in_child(|| {
            exercise(&unused, &expected, 2)?;
            let own = read_private("rsa2048.pem", &pem, None).map_err(|e| e.to_string())?;
            exercise(&own, &expected, 2)
        });
        assert_eq!(child.verdict(), Ok(()));
        exercise(&unused, &expected, 1).unwrap();
    }
}

fn exercise(key: &PrivateKey, expected: &[u8], times: usize) -> Result<(), String> {
    for _ in 0..times {
        let signature = key.sign(MESSAGE).map_err(|e| e.to_string())?;
        let sealed = key
            .public()
            .encrypt_oaep(b"13800138000")
            .map_err(|e| e.to_string())?;
        let opened = key.decrypt_oaep(&sealed).map_err(|e| e.to_string())?;
        if signature != expected
            || !key.public().verify(MESSAGE, expected)
            || **opened != *b"13800138000"
        {
            return Err("a wrong result".to_owned());
        }
    }
    Ok(())
}

fn signature_of_openssl(directory: &Path) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(["dgst", "-sha256", "-sign", "rsa2048.pem"])
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(MESSAGE).unwrap();
    let signature = child.wait_with_output().unwrap().stdout;
    assert_eq!(signature.len(), 256);
    signature
}

/// The directory of `tests/keys/make.sh`.
pub fn keys() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let directory = test.ancestors().nth(3).unwrap().join("test-keys");
    let made = Command::new("sh")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/make.sh"))
        .arg(&directory)
        .status()
        .unwrap();
    assert!(made.success());
    directory
}
