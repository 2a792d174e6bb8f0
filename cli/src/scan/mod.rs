//! `wxpay scan`: finds pinned roots and disabled verification in the sources of a merchant, and
//! says for each what the server certificate guideline says to do (docs/scan.md). It reads, and
//! changes nothing.

mod bundle;
mod escape;
mod judge;
mod lang;
mod lex;
mod look;
mod pin;
mod report;
mod rule;
mod rules;
mod source;
mod value;
mod walk;

use rule::Severity;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Find pinned roots and disabled verification in source trees.
///
/// Exit status: 0 when nothing reached --fail-on, 1 when something did, 2 when something could not be read, 3 wrong usage.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Folders (or files) to scan; vendored folders are scanned too, .gitignore is not respected
    #[arg(value_name = "DIR", required_unless_present = "rules")]
    dirs: Vec<PathBuf>,

    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// The least severity that makes the exit status 1
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,

    /// Leave out folders named node_modules
    #[arg(long)]
    skip_node_modules: bool,

    /// Leave out what matches the glob; may be given several times
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,

    /// Print the table of rules and stop
    #[arg(long)]
    rules: bool,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    Sarif,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    fn reached(self, worst: Option<Severity>) -> bool {
        let least = match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Info => Severity::Info,
            Self::Never => return false,
        };
        worst.is_some_and(|worst| worst >= least)
    }
}

pub fn run(args: Args) -> Result<ExitCode, String> {
    if args.rules {
        return print(&report::rules()).map(|()| ExitCode::SUCCESS);
    }
    let scan = walk::scan(&args)?;
    let text = match args.format {
        Format::Text => report::text(&scan),
        Format::Json => report::json(&scan),
        Format::Sarif => report::sarif(&scan),
    };
    print(&text)?;
    let worst = scan.findings.iter().map(|finding| finding.severity).max();
    Ok(if args.fail_on.reached(worst) {
        ExitCode::from(1)
    } else if scan.unreadable.is_empty() {
        ExitCode::SUCCESS
    } else {
        // What was not read was not judged.
        ExitCode::from(2)
    })
}

/// A reader that stops early (`| head`) is no error.
fn print(text: &str) -> Result<(), String> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}
