//! What needs the operating system by name: which process this is, sockets that can be given up
//! on, threads that take no signals. The only `unsafe` outside `ffi`. Owns no policy.

pub mod fork_gate;
pub mod process;
pub mod socket;
mod spool;
mod stamped;
pub mod thread;

pub use process::secure_mode;
pub use spool::{IN_MEMORY, Spool};
pub use stamped::Stamped;
