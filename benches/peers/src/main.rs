//! Bare primitives, and the two jobs in C: everything of a row in one process, call by call in turn.
//!
//!     peers primitives FIXTURE LIBRARIES      rows of section (a)
//!     peers c FIXTURE LIBRARIES               rows of section (b): libwxpay's C interface
//!     peers turns FIXTURE LIBRARIES           libwxpay for benches/peers/turns.py: a line `authorization 100` on
//!                                             standard input gives the median microseconds of so many calls
//!
//! FIXTURE is what fixture.py wrote, LIBRARIES has libours.so and libpeer.so, made of c/.

mod jobs;
mod native;
mod primitives;
mod sampling;

use std::path::PathBuf;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [job, fixture, libraries] = words.as_slice() else {
        eprintln!("usage: peers primitives|c|turns FIXTURE LIBRARIES");
        std::process::exit(2);
    };
    let (fixture, libraries) = (PathBuf::from(fixture), PathBuf::from(libraries));
    match job.as_str() {
        "primitives" => primitives::run(&fixture, &libraries),
        "c" => jobs::run(&fixture, &libraries),
        "turns" => jobs::turns(&fixture, &libraries),
        _ => std::process::exit(2),
    }
}
