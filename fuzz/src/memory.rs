//! Counts what Rust allocates and ends the process over the limit. libFuzzer's own limits do not
//! see it: -malloc_limit_mb needs a sanitizer, and -rss_limit_mb looks once a second and misses
//! memory that was asked for and not written.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

const LIMIT: usize = 512 << 20;

static LIVE: AtomicUsize = AtomicUsize::new(0);

pub struct Limited;

/// Runs it, and again where memory was kept: what is kept every time is a leak, what is made once
/// is not.
pub fn without_leak(run: impl Fn()) {
    const TIMES: usize = 6;
    for time in 0..TIMES {
        let before = LIVE.load(Ordering::Relaxed);
        run();
        let kept = LIVE.load(Ordering::Relaxed).saturating_sub(before);
        if kept == 0 {
            return;
        }
        assert!(
            time + 1 < TIMES,
            "leak: {kept} bytes are kept each time this input runs"
        );
    }
}

fn grown(by: usize) {
    if LIVE.fetch_add(by, Ordering::Relaxed) + by > LIMIT {
        // Room for what the report itself allocates.
        LIVE.store(0, Ordering::Relaxed);
        eprintln!("memory: more than 512 MB are asked for, {by} bytes of them now");
        eprintln!("{}", std::backtrace::Backtrace::force_capture());
        std::process::abort();
    }
}

fn shrunk(by: usize) {
    LIVE.fetch_sub(by, Ordering::Relaxed);
}

// SAFETY: every call goes to System as it came.
unsafe impl GlobalAlloc for Limited {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        grown(size);
        shrunk(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        shrunk(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(at, layout) }
    }
}
