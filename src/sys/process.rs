//! Which process this is. A forked child must be told from its parent, because everything the
//! parent's other threads might have held locked, and every socket, is shared with it
//! (design.md §8).

use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};

/// The number that the next child takes; a child inherits the parent's value and moves on, so
/// that no two processes of one line of descent have the same.
static NEXT: AtomicU32 = AtomicU32::new(1);

/// Where pid and number are kept together, so that they change as one. On Linux this is a page
/// that the kernel wipes in a child: a pid alone is reused, for example by a grandchild of a
/// daemon, and costs a system call each time it is asked for.
static PAGE: AtomicPtr<AtomicU64> = AtomicPtr::new(std::ptr::null_mut());
static FALLBACK: AtomicU64 = AtomicU64::new(0);

/// A number that is the same for the life of this process and another one in a forked child.
/// Lock-free; where no page is wiped it costs one `getpid`.
pub fn generation() -> u64 {
    let mut page = PAGE.load(Ordering::Acquire);
    if page.is_null() {
        page = publish_page();
    }
    // SAFETY: `page` came from `publish_page`: it points to a static or to a mapping that is
    // never unmapped, aligned for AtomicU64, valid in every child (wiped, not removed).
    let cell = unsafe { &*page };
    let present = cell.load(Ordering::Acquire);
    let is_wiped = !std::ptr::eq(page, &raw const FALLBACK);
    if is_wiped && present != 0 {
        return present;
    }
    let pid = u64::from(std::process::id());
    if present >> 32 == pid && present != 0 {
        return present;
    }
    // First call in this process. Threads of a new child may race: one number wins.
    let fresh = pid << 32 | u64::from(NEXT.fetch_add(1, Ordering::AcqRel));
    match cell.compare_exchange(present, fresh, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => fresh,
        Err(theirs) => theirs,
    }
}

fn publish_page() -> *mut AtomicU64 {
    let fallback = std::ptr::from_ref(&FALLBACK).cast_mut();
    let page = wiped_on_fork().unwrap_or(fallback);
    match PAGE.compare_exchange(
        std::ptr::null_mut(),
        page,
        Ordering::AcqRel,
        Ordering::Acquire,
    ) {
        Ok(_) => page,
        // Another thread published first; our page, if any, stays mapped: 4 KiB, once.
        Err(theirs) => theirs,
    }
}

#[cfg(target_os = "linux")]
fn wiped_on_fork() -> Option<*mut AtomicU64> {
    const SIZE: usize = 4096;
    // SAFETY: a new anonymous mapping; nothing else refers to it. A page is zero-filled, which
    // is a valid AtomicU64, and page-aligned.
    unsafe {
        let page = libc::mmap(
            std::ptr::null_mut(),
            SIZE,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        );
        if page == libc::MAP_FAILED {
            return None;
        }
        // Emulators that take every advice and follow none (qemu's, gVisor's) are told by the
        // second call, which a kernel refuses.
        const NO_ADVICE: libc::c_int = -1;
        if libc::madvise(page, SIZE, libc::MADV_WIPEONFORK) != 0
            || libc::madvise(page, SIZE, NO_ADVICE) == 0
        {
            libc::munmap(page, SIZE);
            return None;
        }
        Some(page.cast())
    }
}

#[cfg(not(target_os = "linux"))]
fn wiped_on_fork() -> Option<*mut AtomicU64> {
    None
}

/// The environment was set by someone with fewer rights than this process has: setuid, setgid or
/// file capabilities (safety.md S6). Such an environment decides nothing.
pub fn secure_mode() -> bool {
    #[cfg(unix)]
    {
        // SAFETY: these calls take and return plain numbers and cannot fail.
        let ids_differ =
            unsafe { libc::getuid() != libc::geteuid() || libc::getgid() != libc::getegid() };
        ids_differ || tainted()
    }
    #[cfg(not(unix))]
    {
        false
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn tainted() -> bool {
    // SAFETY: takes and returns plain numbers; an unknown type gives 0.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

#[cfg(any(
    target_os = "macos",
    target_os = "ios",
    target_os = "freebsd",
    target_os = "openbsd",
    target_os = "netbsd",
    target_os = "dragonfly"
))]
fn tainted() -> bool {
    // SAFETY: takes nothing and returns a plain number.
    unsafe { libc::issetugid() != 0 }
}

#[cfg(all(
    unix,
    not(any(
        target_os = "linux",
        target_os = "android",
        target_os = "macos",
        target_os = "ios",
        target_os = "freebsd",
        target_os = "openbsd",
        target_os = "netbsd",
        target_os = "dragonfly"
    ))
))]
fn tainted() -> bool {
    false
}

/// A child holds a copy of every descriptor: while one lives, a test's server that closes its
/// socket does not end the connection. Tests that fork take it for writing, tests that need a
/// close to be one for reading.
#[cfg(all(test, unix))]
pub(crate) static FORKS: std::sync::RwLock<()> = std::sync::RwLock::new(());

#[cfg(all(test, unix))]
pub(crate) fn forking() -> std::sync::RwLockWriteGuard<'static, ()> {
    FORKS
        .write()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(all(test, unix))]
pub(crate) fn no_forks() -> std::sync::RwLockReadGuard<'static, ()> {
    FORKS
        .read()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// From here on this process gets a signal every millisecond, and no call is restarted after one.
#[cfg(all(test, unix))]
pub(crate) fn storm_of_signals() {
    extern "C" fn nothing(_: libc::c_int) {}
    let tick = libc::timeval {
        tv_sec: 0,
        tv_usec: 1000,
    };
    // SAFETY: an all-zero sigaction with a handler that touches nothing is valid; the timer's
    // values are valid, and both end with this process.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = nothing as *const () as usize;
        libc::sigaction(libc::SIGALRM, &action, std::ptr::null_mut());
        let timer = libc::itimerval {
            it_interval: tick,
            it_value: tick,
        };
        libc::setitimer(libc::ITIMER_REAL, &timer, std::ptr::null_mut());
    }
}

/// Runs `child` in a forked child and returns its exit code; 255 when it panicked or was killed.
#[cfg(all(test, unix))]
pub(crate) fn in_child(child: impl FnOnce() -> u8) -> ChildProcess {
    // SAFETY: the child runs `child` and leaves by `_exit`, so that nothing of the test harness
    // runs twice. Locks that other threads hold at this moment stay held in it: that is what
    // these tests are about.
    unsafe {
        match libc::fork() {
            -1 => panic!("fork: {}", std::io::Error::last_os_error()),
            0 => {
                // A child that hangs must not hang the tests.
                libc::alarm(20);
                let code = std::panic::catch_unwind(std::panic::AssertUnwindSafe(child));
                libc::_exit(i32::from(code.unwrap_or(255)));
            }
            pid => ChildProcess(pid),
        }
    }
}

#[cfg(all(test, unix))]
pub(crate) struct ChildProcess(libc::pid_t);

#[cfg(all(test, unix))]
impl ChildProcess {
    pub(crate) fn wait(self) -> u8 {
        let mut status = 0;
        // SAFETY: `status` is a valid place for the answer; the pid is our own child's.
        let got = unsafe { libc::waitpid(self.0, &mut status, 0) };
        if got == self.0 && libc::WIFEXITED(status) {
            return libc::WEXITSTATUS(status) as u8;
        }
        255
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_generation_is_stable_and_another_one_in_a_child_and_a_grandchild() {
        let _alone = forking();
        let here = generation();
        assert_eq!(generation(), here);
        let code = in_child(|| {
            let child = generation();
            if child == here || child != generation() {
                return 1;
            }
            let grandchild =
                in_child(move || u8::from(generation() == here || generation() == child));
            grandchild.wait()
        });
        assert_eq!(code.wait(), 0);
        assert_eq!(generation(), here);
    }

    #[test]
    fn this_test_is_not_setuid() {
        assert!(!secure_mode());
    }
}
