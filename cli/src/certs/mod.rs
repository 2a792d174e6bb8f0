//! `wxpay certs`: WeChat Pay's platform certificates as files, and what a key file is.

mod download;
mod show;

use std::process::ExitCode;

#[derive(clap::Subcommand, Clone, Debug)]
pub enum Command {
    Download(download::Args),
    Show(show::Args),
}

pub fn run(command: &Command) -> Result<ExitCode, String> {
    match command {
        Command::Download(args) => download::run(args),
        Command::Show(args) => show::run(args),
    }
}
