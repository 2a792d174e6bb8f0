//! Catches panics without a word on stderr: message and place are kept for the error
//! (design.md §7). The hook belongs to this library's own copy of the standard library; a panic
//! outside `catch` goes to the hook that was there before.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use crate::error::{Error, Result, Status};
use crate::sys::fork_gate;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `body`; a panic in it becomes PANIC with message and place.
pub fn catch<T>(body: impl FnOnce() -> Result<T>) -> Result<T> {
    static HOOK: OnceLock<()> = OnceLock::new();
    fork_gate::once(&HOOK, || {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let inside = DEPTH.try_with(|depth| depth.get() > 0).unwrap_or(false);
            if !inside {
                return before(info);
            }
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            let _ = PLACE.try_with(|kept| kept.replace(place));
        }));
    });
    DEPTH.set(DEPTH.get() + 1);
    // The closure's captures are dropped or never looked at again after a panic.
    let outcome = catch_unwind(AssertUnwindSafe(body));
    DEPTH.set(DEPTH.get() - 1);
    outcome.unwrap_or_else(|payload| Err(from_payload(payload)))
}

fn from_payload(payload: Box<dyn Any + Send>) -> Error {
    let what = payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| {
            payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
        })
        .unwrap_or_else(|| "no message".to_owned());
    // Dropping a payload may panic itself; forgetting it leaks a few bytes once.
    std::mem::forget(payload);
    let place = PLACE.with(|kept| kept.take());
    Error::new(Status::Panic, format!("Panic: {what} (at {place})."))
}

#[cfg(test)]
mod tests;

#[cfg(any(test, feature = "inject-panics"))]
pub mod injected;

/// A place where a test can have a panic; nothing at all in every other build.
#[cfg(any(test, feature = "inject-panics"))]
macro_rules! strike {
    ($place:literal) => {
        $crate::panic::injected::strike($place)
    };
}
#[cfg(not(any(test, feature = "inject-panics")))]
macro_rules! strike {
    ($place:literal) => {};
}
pub(crate) use strike;
