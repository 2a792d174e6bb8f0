//! The APIv3 protocol: what is signed, what is believed. Opens no socket, reads no file, asks no
//! clock.

#![forbid(unsafe_code)]

pub mod api_error;
mod authorization;
mod body_forms;
mod body_hint;
pub mod canonical;
pub mod certificates;
pub mod check;
pub mod compose;
pub mod download;
pub mod exempt;
pub mod internal_code;
mod json_scan;
pub mod keyring;
pub mod merchant;
pub mod notify;
pub mod pay_params;
pub mod prepare;
pub mod primitives;
pub mod sensitive;
pub mod sensitive_fields;
pub mod sign_compare;
pub mod sign_error;
pub mod sign_faq;
pub mod sign_information;
mod sign_string;
mod sign_url;
pub mod unverified;
pub mod upload;
pub mod verify;
mod whose;
