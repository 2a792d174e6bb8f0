//! What only the outside can test: the library against a WeChat Pay on loopback, from C, across
//! forks. One binary; a file per subject.

mod journey;
mod simulator;
mod supply;
