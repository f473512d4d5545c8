//! The `takedown` binary.

use std::process::ExitCode;

use clap::Parser as _;
use takedown::cli::{self, Cli, Command};

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Remote(command) => cli::run(*command),
        _ => {
            eprintln!("error: this build speaks to an exchange but does not hold the server");
            ExitCode::FAILURE
        }
    }
}
