//! Helper threads. A host's signal handlers must never run on a thread that the host did not
//! make, so a helper is born with every signal blocked.

use std::io;

/// Starts a thread that takes no signals. An error when the system refuses one, never a panic.
pub fn spawn_quiet(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
    // The stack is reserved, not touched: getaddrinfo with nss modules needs more than musl's
    // default of 128 KiB.
    let builder = std::thread::Builder::new()
        .name(name.to_owned())
        .stack_size(512 * 1024);
    without_signals(|| builder.spawn(run)).map(drop)
}

#[cfg(unix)]
fn without_signals<T>(run: impl FnOnce() -> T) -> T {
    let mut before = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
    let mut all = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: both sets are valid places; sigfillset initialises `all` before it is read, and
    // pthread_sigmask initialises `before` when it returns 0. A thread inherits the mask.
    let changed = unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr()) == 0
    };
    let result = run();
    if changed {
        // SAFETY: `before` was initialised by the successful call above.
        unsafe {
            libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), std::ptr::null_mut());
        }
    }
    result
}

#[cfg(not(unix))]
fn without_signals<T>(run: impl FnOnce() -> T) -> T {
    run()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn blocked(signal: i32) -> bool {
        let mut set = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
        // SAFETY: with a null new set the call only writes the present mask to `set`.
        unsafe {
            libc::pthread_sigmask(libc::SIG_SETMASK, std::ptr::null(), set.as_mut_ptr());
            libc::sigismember(set.as_ptr(), signal) == 1
        }
    }

    #[test]
    fn a_helper_blocks_signals_and_its_maker_does_not() {
        let (tell, told) = std::sync::mpsc::channel();
        spawn_quiet("test", move || {
            tell.send((blocked(libc::SIGTERM), blocked(libc::SIGCHLD)))
                .unwrap();
        })
        .unwrap();
        assert_eq!(told.recv().unwrap(), (true, true));
        assert!(!blocked(libc::SIGTERM));
    }

    #[test]
    fn a_refused_thread_is_an_error() {
        let _alone = crate::sys::process::forking();
        let child = crate::sys::process::in_child(|| {
            let none = libc::rlimit {
                rlim_cur: 0,
                rlim_max: 0,
            };
            // SAFETY: a valid rlimit and a plain number; both end with this child. Root is not
            // bound by the limit, so it becomes nobody.
            let limited = unsafe {
                (libc::geteuid() != 0 || libc::setuid(65534) == 0)
                    && libc::setrlimit(libc::RLIMIT_NPROC, &none) == 0
            };
            u8::from(!limited || spawn_quiet("test", || {}).is_ok())
        });
        assert_eq!(child.wait(), 0);
    }
}
