//! Processes for the fork tests: a scenario runs in a process of its own, because the other tests
//! of this binary are threads that a child would inherit the locks of; a child reports through a
//! pipe, leaves by `_exit` and is ended by an alarm when it hangs.

use std::io::Read;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

const SCENARIO: &str = "WXPAY_TEST_SCENARIO";

/// How long a child may take, on a machine that does much else.
const ALARM_S: u32 = 150;

/// Runs `scenario` in a new process; `test` is the full name of the calling test.
pub fn alone(test: &str, scenario: impl FnOnce()) {
    if std::env::var(SCENARIO).is_ok_and(|name| name == test) {
        return scenario();
    }
    // One at a time: each is nine processes.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let output = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(SCENARIO, test)
        .env_remove("RUST_BACKTRACE")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{test}: {}\n{said}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    print!("{said}");
}

/// Set when it goes, so that a failed scenario does not wait for its threads for ever.
pub struct Stop<'a>(pub &'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A forked child and where it says what went wrong.
pub struct Child {
    pid: libc::pid_t,
    report: OwnedFd,
}

/// Forks; the child does `work` and leaves by `_exit`, without destructors, handlers or output.
pub fn in_child(work: impl FnOnce() -> Result<(), String>) -> Child {
    let mut ends = [0; 2];
    // SAFETY: `ends` is a valid place for two descriptors, which nobody else owns. The child does
    // only `work`, writes to its own pipe and ends; that `work` is safe there is what is tested.
    unsafe {
        assert_eq!(libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC), 0);
        let report = OwnedFd::from_raw_fd(ends[0]);
        let write = OwnedFd::from_raw_fd(ends[1]);
        match libc::fork() {
            -1 => panic!("fork: {}", std::io::Error::last_os_error()),
            0 => {
                libc::alarm(ALARM_S);
                let work = std::panic::AssertUnwindSafe(work);
                let why = match std::panic::catch_unwind(work) {
                    Ok(Ok(())) => libc::_exit(0),
                    Ok(Err(why)) => why,
                    Err(_) => "it panicked".to_owned(),
                };
                libc::write(write.as_raw_fd(), why.as_ptr().cast(), why.len());
                libc::_exit(1)
            }
            pid => Child { pid, report },
        }
    }
}

impl Child {
    /// Waits for its end.
    pub fn verdict(self) -> Result<(), String> {
        let mut status = 0;
        // SAFETY: `status` is a valid place for the answer; the pid is our own child's.
        let got = unsafe { libc::waitpid(self.pid, &mut status, 0) };
        assert_eq!(got, self.pid);
        if libc::WIFSIGNALED(status) {
            return Err(match libc::WTERMSIG(status) {
                libc::SIGALRM => "the child hangs".to_owned(),
                signal => format!("signal {signal}"),
            });
        }
        let mut why = String::new();
        let _ = std::fs::File::from(self.report).read_to_string(&mut why);
        match libc::WEXITSTATUS(status) {
            0 => Ok(()),
            code => Err(format!("exit status {code}: {why}")),
        }
    }
}
