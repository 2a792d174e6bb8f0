//! The `wxpay` command. Owns nothing but the choice of the subcommand and the exit code.
#![forbid(unsafe_code)]

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
    /// Run a local WeChat Pay: HTTPS, signatures, orders and notifications
    Simulate(simulate::Args),
}

fn main() -> ExitCode {
    let Command::Simulate(args) = Cli::parse().command;
    match simulate::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("wxpay simulate: {message}");
            ExitCode::FAILURE
        }
    }
}
