//! Panics on demand at named places, for the tests of what is left behind and said then (safety.md
//! S1, S24). Not a part of any library that is shipped: feature `inject-panics`, CONTRIBUTING.md.

/// Panics here, when this place is the one that was asked for.
#[expect(clippy::panic, reason = "that is what it is for")]
pub fn strike(place: &str) {
    if armed::taken(place) {
        panic!("injected {place}");
    }
}

#[cfg(test)]
pub use armed::at;
#[cfg(not(test))]
pub use armed::{at, struck};

/// Unit tests run side by side, so each thread has its own.
#[cfg(test)]
mod armed {
    use std::cell::Cell;

    thread_local! {
        static PLACE: Cell<&'static str> = const { Cell::new("") };
    }

    /// The next time this thread comes to `place`.
    pub fn at(place: &'static str) {
        PLACE.set(place);
    }

    pub fn taken(place: &str) -> bool {
        let here = PLACE.get() == place;
        if here {
            PLACE.set("");
        }
        here
    }
}

/// One for all threads: the library's own come to such places too.
#[cfg(not(test))]
mod armed {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    static PLACE: Mutex<String> = Mutex::new(String::new());
    static STRUCK: AtomicU64 = AtomicU64::new(0);

    /// The next time that any thread comes to `place`; "" for never.
    pub fn at(place: &str) {
        place.clone_into(&mut kept());
    }

    pub fn taken(place: &str) -> bool {
        let mut kept = kept();
        let here = *kept == place;
        if here {
            kept.clear();
            STRUCK.fetch_add(1, Ordering::Relaxed);
        }
        here
    }

    /// How many panics there were.
    pub fn struck() -> u64 {
        STRUCK.load(Ordering::Relaxed)
    }

    fn kept() -> MutexGuard<'static, String> {
        PLACE.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
