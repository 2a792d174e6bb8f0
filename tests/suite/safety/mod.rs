//! The safety rules (docs/security.md) as tables: one file a subject, the rule in the test's name,
//! the case in the failure's message. Whatever WeChat Pay would have signed or sealed is made here
//! with the `rsa`, `sha2` and `aes-gcm` crates or the openssl command, never by the library.

mod alerts;
mod arguments;
pub mod bodies;
mod certificates;
pub mod child;
pub mod downloads;
mod exemptions;
mod field_answers;
mod field_keys;
mod fields;
mod foreign;
mod keys;
mod lists;
mod memory;
mod notifications;
pub mod openssl;
mod outcomes;
mod planted;
mod proofs;
pub mod raw;
mod refreshing;
mod repeats;
mod roles;
mod secrets;
mod spellings;
mod surface;
mod tenants;
mod traffic;
mod uploads;
mod urls;
mod v2;
mod values;
pub mod wechat;
mod wire;
