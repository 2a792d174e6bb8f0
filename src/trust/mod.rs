//! What certificates say: the roots that WeChat Pay's servers had, have and will have, what a
//! certificate is, and why a chain is not trusted. Opens nothing and accepts nothing: every
//! acceptance is rustls' alone (safety.md S29). The table of roots is for reports, never an anchor.

#![forbid(unsafe_code)]

pub mod advice;
pub mod anchor;
pub mod chain;
pub mod facts;
mod issuer;
pub mod known;
pub mod refusal;
pub mod verdict;

#[cfg(test)]
mod tests;
