//! What the reports print: escaping, colours, lines of a terminal's width, files. Knows no report.

pub mod escape;
pub mod file;
mod findings;
mod lines;
mod style;

pub use findings::{Severity, findings, severity_of, summary, worst};
pub use lines::Page;
pub use style::Style;

use std::io::Write as _;
use std::process::ExitCode;

/// What cannot be done as asked: a wrong option, a file that cannot be read or written.
pub const USAGE: u8 = 3;

/// 0 when nothing is above info, 1 for a warning, 2 for an error.
pub fn exit_code(worst: Severity) -> ExitCode {
    ExitCode::from(match worst {
        Severity::Info => 0,
        Severity::Warning => 1,
        Severity::Error => 2,
    })
}

/// A reader that closed the pipe has seen enough; anything else is an error.
pub fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}"))
        }
        _ => Ok(()),
    }
}
