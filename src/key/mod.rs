//! Keys and certificates: reading them tolerantly and naming exactly what was wrong
//! (requirements.md A9), and the RSA operations of those that were read. Owns the roles a file can
//! be mistaken for, serial numbers and key files. Knows nothing of configuration, of HTTP, or of
//! which key belongs to whom.
//!
//! All RSA arithmetic is AWS-LC's. The `rsa` crate reads, validates and converts; it never touches
//! a message (RUSTSEC-2023-0071).

#![forbid(unsafe_code)]

mod algorithm;
mod armor;
mod certificate;
mod encrypted;
mod file;
mod p12;
mod private;
mod public;
mod published;
mod reading;
pub mod serial;
mod shape;
#[cfg(test)]
pub(crate) mod tests;
mod wrong;

pub use certificate::Certificate;
pub use file::{permissions_warning, read_file};
pub use p12::read_p12;
pub use private::PrivateKey;
pub use public::PublicKey;
pub use reading::{Material, read, read_certificates, read_private, read_public};

/// WeChat Pay issues 2048-bit keys; shorter ones are refused.
pub const MIN_BITS: usize = 2048;

/// What AWS-LC computes with.
pub const MAX_BITS: usize = 8192;
