//! What the library costs against the bare operations and the clients it stands beside. Prints
//! ratios of medians measured side by side in one run; a target that is missed is a line in the
//! table, never a failure.
//!
//! `cargo bench` runs everything, `cargo bench -- notification` only the rows with that word.

mod client_new;
mod files;
mod offline;
mod sampling;
mod table;

use std::process::ExitCode;

use files::Files;
use table::Row;

type Bench = fn(&Files) -> Vec<Row>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // What a shell presets must not decide which roots are loaded.
    for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        // SAFETY: no other thread has been started.
        unsafe { std::env::remove_var(variable) };
    }
    let wanted: Vec<&str> = words
        .into_iter()
        .filter(|word| !word.starts_with('-'))
        .collect();
    let files = Files::make();
    let benches: [(&str, Bench); 3] = [
        ("authorization", offline::authorization),
        ("notification", offline::notification),
        ("client_new", client_new::client_new),
    ];
    let mut rows = Vec::new();
    for (name, bench) in benches {
        if wanted.is_empty() || wanted.iter().any(|word| name.contains(word)) {
            eprintln!("measuring {name} …");
            rows.extend(bench(&files));
        }
    }
    table::print(&rows);
    ExitCode::SUCCESS
}
