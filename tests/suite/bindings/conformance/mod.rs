//! The vectors, by a runner in each language; the counts must be equal.

mod abi;
mod calls;
mod case;
mod keys;
mod messages;
mod payments;
mod runner;
mod simple;

use std::path::{Path, PathBuf};

use super::ROOT;

fn directory() -> PathBuf {
    Path::new(ROOT).join("bindings/conformance")
}

#[test]
fn rust_passes_every_vector() {
    let report = runner::run(&directory());
    println!("{} passed, {} failed", report.passed, report.failures.len());
    assert!(report.failures.is_empty(), "{:#?}", report.failures);
    assert!(report.passed >= 300, "{} cases", report.passed);
}
