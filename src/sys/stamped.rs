//! State that belongs to one process. In a forked child the inherited value is leaked: it may be
//! locked by a thread that does not exist there, and dropping it would write to the parent's
//! sockets (design.md §8).

use std::sync::atomic::{AtomicPtr, Ordering};

use super::process::generation;

/// A value made at first use, once a process. Holds no lock of its own.
pub struct Stamped<T> {
    entry: AtomicPtr<Entry<T>>,
}

struct Entry<T> {
    generation: u64,
    value: T,
}

impl<T: Send + Sync> Stamped<T> {
    pub const fn new() -> Stamped<T> {
        Stamped {
            entry: AtomicPtr::new(std::ptr::null_mut()),
        }
    }

    /// The value of this process; `make` runs at most once a thread, and one result is kept.
    pub fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        let generation = generation();
        let mut present = self.entry.load(Ordering::Acquire);
        if let Some(value) = self.current(present, generation) {
            return value;
        }
        let fresh = Box::into_raw(Box::new(Entry {
            generation,
            value: make(),
        }));
        loop {
            match self
                .entry
                .compare_exchange(present, fresh, Ordering::AcqRel, Ordering::Acquire)
            {
                Ok(_) => {
                    // SAFETY: `fresh` came from Box::into_raw and is now owned by `self`, which
                    // frees it only in `drop`, that is after every borrow of `self`. What was
                    // there before belongs to a parent process and is leaked on purpose.
                    return unsafe { &(*fresh).value };
                }
                Err(theirs) => {
                    if let Some(value) = self.current(theirs, generation) {
                        // SAFETY: `fresh` was never published; this is its only owner.
                        drop(unsafe { Box::from_raw(fresh) });
                        return value;
                    }
                    present = theirs;
                }
            }
        }
    }

    /// The value, when this process has made one.
    pub fn get(&self) -> Option<&T> {
        self.current(self.entry.load(Ordering::Acquire), generation())
    }

    fn current(&self, entry: *mut Entry<T>, generation: u64) -> Option<&T> {
        if entry.is_null() {
            return None;
        }
        // SAFETY: a non-null pointer in `entry` came from Box::into_raw; within one generation
        // it is never replaced, and it is freed only in `drop`. An entry of a parent is never
        // freed at all. `generation` is written before publication.
        let entry = unsafe { &*entry };
        (entry.generation == generation).then_some(&entry.value)
    }
}

impl<T: Send + Sync> Default for Stamped<T> {
    fn default() -> Stamped<T> {
        Stamped::new()
    }
}

impl<T> Drop for Stamped<T> {
    fn drop(&mut self) {
        let entry = *self.entry.get_mut();
        // SAFETY: exclusive access; a non-null pointer is a live Box (see `current`). One of a
        // parent's generation is left alone.
        unsafe {
            if !entry.is_null() && (*entry).generation == generation() {
                drop(Box::from_raw(entry));
            }
        }
    }
}

// SAFETY: the value is shared by reference between threads and dropped by the last owner of the
// Stamped, on whichever thread that is, so it must be Sync and Send; the pointer itself is only
// reached through atomics.
unsafe impl<T: Send + Sync> Sync for Stamped<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Send for Stamped<T> {}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::sys::process::in_child;

    #[test]
    fn a_value_is_made_once_and_dropped_with_its_owner() {
        struct Noisy<'a>(&'a Mutex<u32>);
        impl Drop for Noisy<'_> {
            fn drop(&mut self) {
                *self.0.lock().unwrap() += 1;
            }
        }
        let drops = Mutex::new(0);
        let stamped = Stamped::new();
        stamped.get_or_init(|| Noisy(&drops));
        stamped.get_or_init(|| unreachable!());
        drop(stamped);
        assert_eq!(*drops.lock().unwrap(), 1);
    }

    #[test]
    fn a_child_leaves_a_locked_value_alone_and_makes_its_own() {
        let _alone = crate::sys::process::forking();
        let stamped: &'static Stamped<Mutex<u32>> = Box::leak(Box::default());
        let (locked, is_locked) = std::sync::mpsc::channel();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let holder = std::thread::spawn(move || {
            let mut value = stamped.get_or_init(|| Mutex::new(1)).lock().unwrap();
            locked.send(()).unwrap();
            released.recv().unwrap();
            *value = 2;
        });
        is_locked.recv().unwrap();
        let child = in_child(|| {
            let mine = stamped.get_or_init(|| Mutex::new(7));
            u8::from(*mine.lock().unwrap() != 7)
        });
        assert_eq!(child.wait(), 0);
        release.send(()).unwrap();
        holder.join().unwrap();
        assert_eq!(*stamped.get_or_init(|| Mutex::new(9)).lock().unwrap(), 2);
    }
}
