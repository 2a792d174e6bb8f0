//! Keys in forked children (design.md §8): a child forked while other threads compute with the same
//! keys must sign, verify, encrypt and decrypt as if it were alone. AWS-LC's own objects do not
//! survive that: the child waits for ever or aborts.
//!
//! Plain functions without `#[test]`, for a test binary that forks before it starts other threads.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wxpay::key::{PrivateKey, read_private};

const THREADS: usize = 4;
const CHILDREN: usize = 8;
const SIGNATURES: usize = 20;
const MESSAGE: &[u8] = b"GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n";

/// Far more than the milliseconds that the work of a child takes.
const DEADLINE: Duration = Duration::from_secs(60);

/// Eight children, forked one after another while four threads of the parent use the same key for
/// everything; then the same again in a child of each child.
pub fn children_use_the_keys_that_the_parents_threads_are_using() {
    let directory = keys();
    let pem = std::fs::read(directory.join("rsa2048.pem")).unwrap();
    let key = read_private("rsa2048.pem", &pem, None).unwrap();
    let expected = signature_of_openssl(&directory);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    exercise(&key, &expected, 1);
                }
            });
        }
        let verdicts: Vec<_> = (0..CHILDREN)
            .map(|_| {
                // Somewhere in the middle of the other threads' work.
                std::thread::sleep(Duration::from_micros(700));
                in_child(|| {
                    exercise(&key, &expected, SIGNATURES);
                    let grandchild = in_child(|| exercise(&key, &expected, SIGNATURES));
                    assert_eq!(verdict(grandchild), Ok(()));
                })
            })
            .map(verdict)
            .collect();
        stop.store(true, Ordering::Relaxed);
        assert_eq!(verdicts, vec![Ok(()); CHILDREN]);
    });
    exercise(&key, &expected, 1);
}

/// A key that was read but never used before the fork, and one that the child reads itself.
pub fn children_use_keys_that_were_not_used_before() {
    let directory = keys();
    let pem = std::fs::read(directory.join("rsa2048.pem")).unwrap();
    let expected = signature_of_openssl(&directory);
    for _ in 0..CHILDREN {
        let unused = read_private("rsa2048.pem", &pem, None).unwrap();
        let child = in_child(|| {
            exercise(&unused, &expected, 2);
            let own = read_private("rsa2048.pem", &pem, None).unwrap();
            exercise(&own, &expected, 2);
            drop(own);
        });
        assert_eq!(verdict(child), Ok(()));
        exercise(&unused, &expected, 1);
    }
}

fn exercise(key: &PrivateKey, expected: &[u8], times: usize) {
    for _ in 0..times {
        assert_eq!(key.sign(MESSAGE).unwrap(), expected);
        assert!(key.public().verify(MESSAGE, expected));
        let sealed = key.public().encrypt_oaep(b"13800138000").unwrap();
        assert_eq!(**key.decrypt_oaep(&sealed).unwrap(), *b"13800138000");
    }
}

/// Runs `work` in a forked child, which ends with 0 if it returns and 1 if it panics, without
/// destructors or handlers of the parent.
fn in_child(work: impl FnOnce()) -> libc::pid_t {
    // SAFETY: the child calls only `work` and `_exit`; that `work` is safe there is what is tested.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "fork failed");
    if pid == 0 {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        // SAFETY: ends the process.
        unsafe { libc::_exit(i32::from(result.is_err())) };
    }
    pid
}

/// How the child ended; one that hangs is killed and said to hang.
fn verdict(pid: libc::pid_t) -> Result<(), String> {
    let start = Instant::now();
    loop {
        let mut status = 0;
        // SAFETY: `status` is a valid place for the answer.
        match unsafe { libc::waitpid(pid, &mut status, libc::WNOHANG) } {
            0 if start.elapsed() > DEADLINE => {
                // SAFETY: the child has not been waited for, so the id is still its own.
                unsafe {
                    libc::kill(pid, libc::SIGKILL);
                    libc::waitpid(pid, &mut status, 0);
                }
                return Err("the child hangs".to_owned());
            }
            0 => std::thread::sleep(Duration::from_millis(2)),
            _ if libc::WIFSIGNALED(status) => {
                return Err(format!("signal {}", libc::WTERMSIG(status)));
            }
            _ if libc::WEXITSTATUS(status) != 0 => {
                return Err(format!("exit status {}", libc::WEXITSTATUS(status)));
            }
            _ => return Ok(()),
        }
    }
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

fn keys() -> PathBuf {
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
