//! The `wxpay` command. Owns nothing but the choice of the subcommand and the exit code.
#![forbid(unsafe_code)]

mod scan;
mod simulate;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// WeChat Pay from the command line.
#[derive(Parser)]
#[command(name = "wxpay", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Find pinned roots and disabled verification in source trees
    Scan(scan::Args),
    /// Run a local WeChat Pay: HTTPS, signatures, orders and notifications
    Simulate(simulate::Args),
}

/// A subcommand chooses its exit code when it did its work; 2 says that it could not.
fn main() -> ExitCode {
    let (name, done) = match Cli::parse().command {
        Command::Scan(args) => ("scan", scan::run(args)),
        Command::Simulate(args) => ("simulate", simulate::run(args).map(|()| ExitCode::SUCCESS)),
    };
    done.unwrap_or_else(|message| {
        eprintln!("wxpay {name}: {message}");
        ExitCode::from(2)
    })
}
