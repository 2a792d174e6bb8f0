//! Planted defects, for scripts/fuzz.sh --prove: they show that coverage leads the fuzzer and that
//! each gate closes.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Random bytes hit this in 2^32 tries; coverage leads there one byte at a time. The black boxes
/// keep the compiler from making one comparison of four.
pub fn magic(input: &[u8]) {
    const MAGIC: [u8; 4] = [0xd8, 0x4e, 0x01, 0xa7];
    for (at, want) in MAGIC.iter().enumerate() {
        if black_box(input.get(at)) != Some(want) {
            return;
        }
        black_box(at);
    }
    panic!("planted: the magic was found");
}

/// A panic behind the library's boundary, which it would turn into a status.
pub fn crash(_: &[u8]) {
    let _ = wxpay::panic::catch::<()>(|| panic!("planted: a panic that the library catches"));
}

pub fn hang(_: &[u8]) {
    let started = Instant::now();
    while started.elapsed() < Duration::from_millis(1300) {
        black_box(0);
    }
}

/// Asked for, never written: no resident memory shows it.
pub fn memory(_: &[u8]) {
    black_box(Vec::<u8>::with_capacity(1 << 30));
}

pub fn leak(input: &[u8]) {
    std::mem::forget(input.to_vec());
    std::mem::forget(Box::new(0_u64));
}
