//! Puts the parts together. Nobody imports this room.

mod change_key;
mod demo;
pub mod descriptors;
mod directory;
mod doctor;
mod exchange;
mod log_key;
mod mark;
mod restart_log;
mod sandbox;
mod sealing_key;
mod serve;
mod tasks;
mod verify;
mod verify_package;
mod witness;
mod witnesses;

pub use change_key::sealing_key;
pub use demo::demo;
pub use doctor::doctor;
pub use restart_log::restart_log;
pub use sandbox::sandbox;
pub use serve::serve;
pub use tasks::{migrate, openapi, operator, print_config};
pub use verify::verify;
pub use witness::witness;

use std::process::ExitCode;

/// Ends a command: what went wrong goes to standard error, once.
fn ended(result: Result<(), Failed>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Why a command of the server could not be carried out.
type Failed = Box<dyn std::error::Error + Send + Sync>;
