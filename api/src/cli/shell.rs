//! Completions and manual pages, generated from the same tree that parses the command line.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, CliError, Exit, output};

/// `takedown completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Which shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// `takedown man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Where to write `takedown.1`, `takedown-file.1`, …; made when missing.
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

pub(super) fn completions(args: &CompletionsArgs) -> Result<Exit, CliError> {
    // Generated into memory first: the generator panics when the reader goes away.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "takedown", &mut script);
    output::exact(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}

pub(super) fn manual(args: &ManArgs) -> Result<Exit, CliError> {
    let fail = |e| CliError::file(args.directory.display(), e);
    std::fs::create_dir_all(&args.directory).map_err(fail)?;
    clap_mangen::generate_to(Cli::command(), &args.directory).map_err(fail)?;
    Ok(Exit::Done)
}
