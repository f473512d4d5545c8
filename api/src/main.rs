//! The `takedown` binary.

use std::process::ExitCode;

use clap::Parser as _;
use takedown::boot;
use takedown::cli::{self, Cli, Command, SandboxArgs};

/// See the workspace's `Cargo.toml`. SQLite and libpq keep the C library's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(args) => boot::serve(args),
        Command::Demo(args) => boot::demo(args),
        Command::Migrate(args) => boot::migrate(args),
        Command::Config(args) => boot::print_config(args),
        Command::Doctor(args) => boot::doctor(args),
        Command::Verify(args) => boot::verify(&args),
        Command::RestartLog(args) => boot::restart_log(&args),
        Command::Openapi(args) => boot::openapi(args),
        Command::SealingKey(command) => boot::sealing_key(&command),
        Command::Operator(command) => boot::operator(command),
        Command::Sandbox(args) => {
            let SandboxArgs { run, command } = *args;
            match command {
                None => boot::sandbox(run),
                Some(command) => cli::run_in_sandbox(command),
            }
        }
        Command::Witness(args) => boot::witness(args),
        Command::Remote(command) => cli::run(*command),
    }
}
