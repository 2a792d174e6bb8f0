//! What the reports print: escaping, colours, lines of a terminal's width, files. Knows no report.

pub mod escape;
pub mod file;
mod findings;
mod lines;
mod refusal;
mod style;

pub use findings::{Severity, findings, severity_of, summary, worst};
pub use lines::Page;
pub use refusal::{exit_by_outcome, outcome, refusal};
pub use style::Style;

use std::io::{IsTerminal as _, Write as _};
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

/// Good, refused, and not known whether it was done: for commands that do one thing (`USAGE`: it was not done).
pub const GOOD: u8 = 0;
pub const REFUSED: u8 = 1;
pub const UNKNOWN: u8 = 2;

/// To standard error. That nobody reads it must not change what a command did, nor its exit status.
pub fn remark(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// A body: byte for byte, but for a terminal, which gets it escaped unless `raw`.
pub fn print_body(body: &[u8], raw: bool) -> Result<(), String> {
    if raw || !std::io::stdout().is_terminal() {
        return write(body);
    }
    let mut text = escape::text(&String::from_utf8_lossy(body));
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    write(text.as_bytes())
}

pub fn print(text: &str) -> Result<(), String> {
    write(text.as_bytes())
}

/// A reader that closed the pipe has seen enough; anything else is an error.
fn write(bytes: &[u8]) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}"))
        }
        _ => Ok(()),
    }
}
