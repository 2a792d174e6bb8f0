//! A slot for what AWS-LC builds from a key. AWS-LC keeps a lock per RSA key, and blinding state
//! per private key, inside the object. A child forked while another thread computes with the same
//! key inherits the lock in whatever state it was and waits for ever, or aborts (design.md §8).
//! So each object is stamped with the process that built it; another process leaves it alone and
//! builds its own at first use.

use std::mem;
use std::sync::Arc;

use arc_swap::ArcSwapOption;

use crate::error::Result;

/// Never the same in a process and its parent.
fn generation() -> u64 {
    std::process::id().into()
}

/// Read and replaced through an atomic pointer: there is no lock that a thread of the parent could
/// have held at the fork.
pub(super) struct Slot<T>(ArcSwapOption<Stamped<T>>);

struct Stamped<T> {
    generation: u64,
    object: Option<T>,
}

impl<T> Slot<T> {
    pub(super) fn empty() -> Slot<T> {
        Slot(ArcSwapOption::empty())
    }

    pub(super) fn filled(object: T) -> Slot<T> {
        Slot(ArcSwapOption::from_pointee(Stamped::new(object)))
    }

    /// Runs `operation` on this process's object, after building it if there is none. Two threads
    /// that meet here first may both build; one of the two is then dropped, which costs less than
    /// a lock would risk.
    pub(super) fn with<R>(
        &self,
        build: impl FnOnce() -> Result<T>,
        operation: impl FnOnce(&T) -> R,
    ) -> Result<R> {
        let present = self.0.load();
        if let Some(object) = present.as_ref().and_then(|stamped| stamped.own()) {
            return Ok(operation(object));
        }
        drop(present);
        let object = build()?;
        let result = operation(&object);
        self.0.store(Some(Arc::new(Stamped::new(object))));
        Ok(result)
    }
}

impl<T> Stamped<T> {
    fn new(object: T) -> Stamped<T> {
        Stamped {
            generation: generation(),
            object: Some(object),
        }
    }

    fn own(&self) -> Option<&T> {
        self.object
            .as_ref()
            .filter(|_| self.generation == generation())
    }
}

impl<T> Drop for Stamped<T> {
    /// An inherited object is leaked: freeing it would destroy a lock that may be held.
    fn drop(&mut self) {
        if self.generation != generation() {
            mem::forget(self.object.take());
        }
    }
}
