//! What only the outside can test: the library against a WeChat Pay on loopback, from C, across
//! forks. One binary; a file per subject.

mod c_abi;
mod c_program;
mod journey;
mod simulator;
mod symbols;
