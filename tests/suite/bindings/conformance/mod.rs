//! The vectors, by a runner in each language; the counts must be equal.

mod abi;
mod calls;
mod case;
mod files;
mod guideline;
mod keys;
mod languages;
mod messages;
mod payments;
mod published;
mod reports;
mod runner;
mod simple;
mod spoilt;
pub mod store;
mod v2;
mod vectors;

use std::path::{Path, PathBuf};

use super::ROOT;

fn directory() -> PathBuf {
    Path::new(ROOT).join("bindings/conformance")
}
