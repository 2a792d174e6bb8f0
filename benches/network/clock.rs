//! The processor's time, which other work on the machine disturbs less than the time that passes.

pub const THREAD: libc::clockid_t = libc::CLOCK_THREAD_CPUTIME_ID;
pub const PROCESS: libc::clockid_t = libc::CLOCK_PROCESS_CPUTIME_ID;

/// Nanoseconds.
pub fn processor(clock: libc::clockid_t) -> i64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: `time` is a timespec of ours.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}
