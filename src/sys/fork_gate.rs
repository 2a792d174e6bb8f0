//! At the moment of a fork no thread is inside AWS-LC, so that a child never inherits one of its
//! locks held: each random number, so each private operation and each handshake, takes some that
//! belong to the whole process (design.md §8).
//!
//! Whatever calls AWS-LC does so inside the gate, and neither waits for anything nor calls foreign
//! code there. `fork()` closes the gate, waits until it is empty, and opens it again in parent and
//! child. `vfork`, `_Fork`, `clone` and `posix_spawn` do not ask; what they start must exec.

use std::marker::PhantomData;
use std::sync::OnceLock;

/// Inside while it lives; bound to its thread.
#[must_use]
pub struct Inside(PhantomData<*const ()>);

impl Drop for Inside {
    fn drop(&mut self) {
        system::leave();
    }
}

/// Goes in. May be called inside; waits while a fork is under way.
pub fn enter() -> Inside {
    system::enter();
    Inside(PhantomData)
}

/// The value of `cell`, made inside the gate: a child never inherits it half made.
pub fn once<T>(cell: &OnceLock<T>, make: impl FnOnce() -> T) -> &T {
    if let Some(value) = cell.get() {
        return value;
    }
    let _inside = enter();
    cell.get_or_init(make)
}

#[cfg(unix)]
mod system {
    use std::cell::Cell;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
    use std::time::{Duration, Instant};

    /// Threads inside, and `FORKING` for each fork under way. Two threads may fork at once.
    static STATE: AtomicU64 = AtomicU64::new(0);
    const FORKING: u64 = 1 << 32;

    /// A fork never waits longer than this; thousands of times what a call of AWS-LC takes. Only
    /// a thread that was stopped inside can take longer, for example by a debugger.
    const PATIENCE: Duration = Duration::from_secs(2);
    const NAP: Duration = Duration::from_micros(20);

    thread_local! {
        /// How often this thread is inside. Also lets a signal handler fork here.
        static DEPTH: Cell<u32> = const { Cell::new(0) };
        static LAST: Last = const { Last };
    }

    pub(super) fn enter() {
        let depth = DEPTH.get();
        DEPTH.set(depth + 1);
        if depth > 0 {
            return;
        }
        register();
        let _ = LAST.try_with(|_| ());
        while STATE.fetch_add(1, Ordering::AcqRel) >= FORKING {
            STATE.fetch_sub(1, Ordering::AcqRel);
            while STATE.load(Ordering::Acquire) >= FORKING {
                std::thread::sleep(NAP);
            }
        }
    }

    pub(super) fn leave() {
        let depth = DEPTH.get() - 1;
        if depth == 0 {
            STATE.fetch_sub(1, Ordering::AcqRel);
        }
        DEPTH.set(depth);
    }

    /// AWS-LC frees what it keeps for a thread when the thread ends, and takes two locks of the
    /// process for that. Rust's thread-locals go first: here it happens inside the gate.
    struct Last;

    unsafe extern "C" {
        #[link_name = concat!(env!("AWS_LC_PREFIX"), "AWSLC_thread_local_clear")]
        fn AWSLC_thread_local_clear() -> libc::c_int;
    }

    impl Drop for Last {
        fn drop(&mut self) {
            let _inside = super::enter();
            // SAFETY: frees AWS-LC's own data of this thread and forgets it; a later call makes
            // new ones. Nothing of AWS-LC is at work on this thread: it is ending.
            unsafe {
                AWSLC_thread_local_clear();
            }
        }
    }

    /// At first use, not at load. Two threads may both register: the handlers count, so twice does
    /// as well as once, and no child inherits a `Once` that is at work.
    fn register() {
        static DONE: AtomicBool = AtomicBool::new(false);
        if DONE.load(Ordering::Acquire) {
            return;
        }
        // SAFETY: the handlers use atomics, the clock and sleep only, and stay mapped: the library
        // is linked -z nodelete, and where that does not exist libc forgets them at dlclose.
        let failed = unsafe { libc::pthread_atfork(Some(prepare), Some(parent), Some(child)) };
        if failed == 0 {
            DONE.store(true, Ordering::Release);
        }
    }

    fn own() -> u64 {
        u64::from(DEPTH.get() > 0)
    }

    extern "C" fn prepare() {
        STATE.fetch_add(FORKING, Ordering::AcqRel);
        let own = own();
        let mut begun = None;
        while STATE.load(Ordering::Acquire) % FORKING > own {
            if begun.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
                return;
            }
            std::thread::sleep(NAP);
        }
    }

    extern "C" fn parent() {
        let opened = |state: u64| state.checked_sub(FORKING);
        let _ = STATE.fetch_update(Ordering::AcqRel, Ordering::Acquire, opened);
    }

    /// This thread is the only one.
    extern "C" fn child() {
        STATE.store(own(), Ordering::Release);
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn enter() {}
    pub(super) fn leave() {}
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};

    use super::*;
    use crate::sys::process::in_child;

    #[test]
    fn a_fork_waits_for_who_is_inside_and_a_child_can_go_in() {
        let (tell, told) = std::sync::mpsc::channel();
        let holder = std::thread::spawn(move || {
            let _inside = enter();
            tell.send(Instant::now()).unwrap();
            std::thread::sleep(Duration::from_millis(150));
        });
        let since = told.recv().unwrap();
        let child = in_child(|| {
            let _inside = enter();
            let _again = enter();
            0
        });
        assert!(since.elapsed() >= Duration::from_millis(150));
        assert_eq!(child.wait(), 0);
        holder.join().unwrap();
        drop(enter());
    }

    #[test]
    fn who_forks_inside_waits_for_nobody_and_the_child_leaves_once() {
        let inside = enter();
        let again = enter();
        let started = Instant::now();
        let child = in_child(|| {
            drop(again);
            drop(inside);
            // Empty now: a grandchild's fork waits for nobody.
            let started = Instant::now();
            let code = in_child(|| 0).wait();
            code | u8::from(started.elapsed() > Duration::from_secs(1))
        });
        assert_eq!(child.wait(), 0);
        assert!(started.elapsed() < Duration::from_secs(2));
    }

    #[test]
    fn a_value_is_made_once_and_a_child_never_finds_it_half_made() {
        static SLOW: OnceLock<u32> = OnceLock::new();
        static BEGUN: AtomicBool = AtomicBool::new(false);
        let maker = std::thread::spawn(|| {
            once(&SLOW, || {
                BEGUN.store(true, Ordering::Release);
                std::thread::sleep(Duration::from_millis(100));
                7
            });
        });
        while !BEGUN.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        let child = in_child(|| u8::from(*once(&SLOW, || 8) != 7));
        assert_eq!(child.wait(), 0);
        maker.join().unwrap();
    }
}
