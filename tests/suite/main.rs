//! What only the outside can test: the library against a WeChat Pay on loopback, from C, across
//! forks. One binary; a file per subject.

mod abi;
mod adversarial;
mod benchmarks;
mod bindings;
mod c_abi;
mod c_place;
mod c_program;
mod certificates;
mod differential;
mod disagreements;
mod docs;
mod downloads;
mod endpoints;
mod errors;
mod failover;
mod faults;
mod fork;
mod fork_keys;
mod fork_stress;
mod journey;
mod memory;
mod moving;
mod panics;
mod process;
mod protocol;
mod roots;
mod safety;
mod sanitize;
mod sign_errors;
mod sign_strings;
mod simulator;
mod supply;
mod symbols;
mod trust;
mod verification;
