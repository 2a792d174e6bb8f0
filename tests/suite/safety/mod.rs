//! The safety rules (docs/security.md) as tables: one file a subject, the rule in the test's name,
//! the case in the failure's message. Whatever WeChat Pay would have signed or sealed is made here
//! with the `rsa`, `sha2` and `aes-gcm` crates or the openssl command, never by the library.

mod raw;
mod wechat;

mod alerts;
mod bodies;
mod certificates;
mod exemptions;
mod notifications;
mod outcomes;
mod repeats;
mod roles;
mod urls;
mod child;
mod tenants;
mod traffic;
mod arguments;
