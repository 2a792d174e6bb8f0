//! `wxpay doctor`, `probe` and `explain` from outside: the real command on machines that are made up for a test, by a mount
//! namespace with an /etc of our own.

#[path = "doctor/command_line.rs"]
mod command_line;
#[path = "doctor/foreign.rs"]
mod foreign;
#[path = "doctor/html.rs"]
mod html;
#[path = "doctor/machine.rs"]
mod machine;
#[path = "doctor/merchants.rs"]
mod merchants;
#[path = "doctor/network.rs"]
mod network;
#[path = "doctor/probes.rs"]
mod probes;
#[path = "doctor/runtimes.rs"]
mod runtimes;
#[path = "doctor/schema.rs"]
mod schema;
#[path = "doctor/store.rs"]
mod store;
#[path = "simulate/tools.rs"]
#[allow(dead_code)]
mod tools;
