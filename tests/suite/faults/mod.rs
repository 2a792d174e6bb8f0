//! Each fault of the simulator is a test of the library: what `send` says of it, and how often the action was done.
//! `table` has one row a fault with the expected status and outcome; `property` checks what must hold under any of
//! them, one after the other on one client (safety.md S1, S2, S3).

mod keys;
mod merchant;
mod property;
mod single;
mod table;
mod v2;
