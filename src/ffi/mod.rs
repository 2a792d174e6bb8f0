//! The C ABI. Converts and delegates; decides nothing about WeChat Pay. One file per noun of the
//! header. Every export carries @param, @since, @threads, @io and @errors tags, which the
//! generator in bindings/gen insists on.

#![deny(
    unsafe_op_in_unsafe_fn,
    clippy::undocumented_unsafe_blocks,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::get_unwrap,
    clippy::unreachable,
    clippy::todo,
    clippy::unimplemented,
    clippy::arithmetic_side_effects
)]
// The whole contract of these functions stands in their documentation, which becomes the header.
#![allow(clippy::missing_safety_doc)]

pub mod bill;
pub mod buf;
pub mod client;
pub mod config;
pub mod diag;
pub mod download;
pub mod error;
mod guard;
mod handle;
#[cfg(all(feature = "inject-panics", not(test)))]
mod inject;
mod input;
pub mod key;
pub mod library;
pub mod message;
pub mod notify;
mod output;
pub mod pay;
pub mod primitives;
pub mod sans_io;
pub mod sensitive;
pub mod upload;
pub mod v2;

/// 0 is OK; the others are WXPAY_STATUS_…, grouped by hundred.
#[allow(non_camel_case_types)]
pub type wxpay_status = i32;
