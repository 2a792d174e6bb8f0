//! The `wxpay` command. Owns nothing but the choice of the subcommand and the exit code.
#![forbid(unsafe_code)]

mod certs;
mod decrypt;
mod doctor;
mod explain;
mod input;
mod merchant;
mod output;
mod probe;
mod request;
mod saved;
mod scan;
mod sign;
mod simulate;
mod verify;

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
    Doctor(doctor::Args),
    Probe(probe::Args),
    Explain(explain::Args),
    Request(request::Args),
    Sign(sign::Args),
    Verify(verify::Args),
    Decrypt(decrypt::Args),
    /// Platform certificates and key files
    #[command(subcommand)]
    Certs(certs::Command),
    /// Find pinned roots and disabled verification in source trees
    Scan(scan::Args),
    /// Run a local WeChat Pay: HTTPS, signatures, orders and notifications
    Simulate(simulate::Args),
}

/// A subcommand chooses its exit code when it did its work; 3 says that it could not.
fn main() -> ExitCode {
    let (name, result) = match parse().command {
        Command::Doctor(args) => ("doctor", doctor::run(&args)),
        Command::Probe(args) => ("probe", probe::run(&args)),
        Command::Explain(args) => ("explain", explain::run(&args)),
        Command::Request(args) => ("request", request::run(&args)),
        Command::Sign(args) => ("sign", sign::run(&args)),
        Command::Verify(args) => ("verify", verify::run(&args)),
        Command::Decrypt(args) => ("decrypt", decrypt::run(&args)),
        Command::Certs(command) => ("certs", certs::run(&command)),
        Command::Scan(args) => ("scan", scan::run(args)),
        Command::Simulate(args) => {
            return match simulate::run(args) {
                Ok(()) => ExitCode::SUCCESS,
                Err(message) => {
                    eprintln!("wxpay simulate: {message}");
                    ExitCode::FAILURE
                }
            };
        }
    };
    result.unwrap_or_else(|message| {
        eprintln!("wxpay {name}: {}", output::escape::sentence(&message));
        ExitCode::from(output::USAGE)
    })
}

/// Like `Cli::parse`, but a wrong option exits with 3: 1 and 2 say what a report found.
fn parse() -> Cli {
    Cli::try_parse().unwrap_or_else(|error| {
        let code = if error.use_stderr() {
            i32::from(output::USAGE)
        } else {
            0
        };
        let _ = error.print();
        std::process::exit(code)
    })
}
