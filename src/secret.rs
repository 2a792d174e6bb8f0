//! Memory that holds secrets: zeroised when dropped, never shown by `Debug` (safety.md S24, S34).

use std::fmt;
use std::ops::{Deref, DerefMut};

/// Overwrites the bytes with zeros, which no compiler may leave out. `zeroize` writes byte by byte:
/// 20 times slower, and a request or an answer may have 10 MB.
pub fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    zeroize::optimization_barrier(bytes);
}

/// What can be overwritten with zeros, and is empty or zero afterwards.
pub trait Wipe {
    fn wipe(&mut self);
}

impl Wipe for Vec<u8> {
    /// Also what lies between length and capacity.
    fn wipe(&mut self) {
        self.resize(self.capacity(), 0);
        wipe(self);
        self.clear();
    }
}

impl Wipe for String {
    fn wipe(&mut self) {
        std::mem::take(self).into_bytes().wipe();
    }
}

impl Wipe for Box<[u8]> {
    fn wipe(&mut self) {
        wipe(self);
    }
}

impl Wipe for Box<str> {
    fn wipe(&mut self) {
        std::mem::take(self).into_boxed_bytes().wipe();
    }
}

impl<const N: usize> Wipe for [u8; N] {
    fn wipe(&mut self) {
        wipe(self);
    }
}

/// Overwritten when it is dropped. Growing it would leave copies behind: make it at its final size.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Zeroizing<T: Wipe>(T);

impl<T: Wipe> Zeroizing<T> {
    pub fn new(value: T) -> Zeroizing<T> {
        Zeroizing(value)
    }

    /// The value, for an owner that overwrites it in its turn.
    pub fn take(&mut self) -> T
    where
        T: Default,
    {
        std::mem::take(&mut self.0)
    }
}

impl<T: Wipe> From<T> for Zeroizing<T> {
    fn from(value: T) -> Zeroizing<T> {
        Zeroizing(value)
    }
}

impl<T: Wipe + AsRef<[u8]>> AsRef<[u8]> for Zeroizing<T> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref()
    }
}

impl<T: Wipe> Drop for Zeroizing<T> {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

impl<T: Wipe> Deref for Zeroizing<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Wipe> DerefMut for Zeroizing<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Wipe> fmt::Debug for Zeroizing<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

/// Bytes of a secret. Made once at their final size: growing would leave copies behind.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Box<[u8]>>);

impl Secret {
    pub fn new(bytes: &[u8]) -> Secret {
        Secret(Zeroizing::new(bytes.into()))
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<secret, {} bytes>", self.0.len())
    }
}
