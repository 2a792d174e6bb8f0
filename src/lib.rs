//! The WeChat Pay merchant core behind a C ABI. `include/wxpay.h` is the manual for C; the modules
//! here are what it calls. Data flows one way:
//! `config → client → v3::prepare → net → v3::check → caller`.

#![deny(unsafe_op_in_unsafe_fn)]
// A panic is caught at the C ABI, but what was half done then stays so. Tests may.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::todo,
        clippy::unimplemented
    )
)]

#[cfg(all(feature = "inject-panics", not(debug_assertions)))]
compile_error!("feature inject-panics is for tests; it is never part of a release build");

pub mod bill;
pub mod client;
pub mod config;
pub mod crypto;
pub mod diag;
pub mod error;
pub mod ffi;
pub mod http;
pub mod json_string;
pub mod key;
pub mod memory;
pub mod net;
pub mod nonce;
pub mod panic;
pub mod secret;
pub mod sys;
pub mod text;
pub mod time;
pub mod trust;
pub mod v2;
pub mod v3;
