//! Small pure functions over bytes: base64, digests, AES-256-GCM. No keys with a role, no clocks,
//! no I/O; RSA lives with its keys in `key`.

#![forbid(unsafe_code)]

pub mod aead;
pub mod base64;
pub mod digest;
pub mod gcm;
pub mod hasher;
pub mod keyed;
