//! `wxpay scan` from outside: a labelled corpus of our own writing, real roots of this machine's
//! store, and trees that are hard to read.

#[path = "scan/bundles.rs"]
mod bundles;
#[path = "scan/corpus.rs"]
mod corpus;
#[path = "scan/reports.rs"]
mod reports;
#[path = "scan/tree.rs"]
mod tree;
#[path = "scan/walk.rs"]
mod walk;
