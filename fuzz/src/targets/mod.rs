//! The targets: one file each, or two that are one noun. docs/fuzzing.md says what each asserts.

pub mod answer;
pub mod bill;
pub mod c_calls;
pub mod explain;
pub mod fields;
pub mod headers;
pub mod key;
pub mod multipart;
pub mod notification;
pub mod store;
pub mod url;
pub mod v2;
