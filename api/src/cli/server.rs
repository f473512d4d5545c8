//! Arguments of the commands that run or inspect a server. `boot` carries them out.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Where the server's configuration is.
#[derive(Debug, Clone, Default, Args)]
pub struct ConfigFile {
    /// Configuration file (TOML). Without it `takedown.toml` in the working directory, if there is one; the environment
    /// (`TAKEDOWN_…`) wins over the file.
    #[arg(long = "config", value_name = "FILE", env = "TAKEDOWN_CONFIG")]
    pub path: Option<PathBuf>,
}

/// `takedown serve`.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigFile,
    /// Register demonstration parties in an empty database and print how to use them.
    #[arg(long)]
    pub demo_parties: bool,
}

/// `takedown demo`.
#[derive(Debug, Clone, Default, Args)]
pub struct DemoArgs {
    /// Keep the scratch database and the mails in this directory.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

/// `takedown migrate`.
#[derive(Debug, Clone, Default, Args)]
pub struct MigrateArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigFile,
}

/// `takedown config`.
#[derive(Debug, Clone, Default, Args)]
pub struct ConfigArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigFile,
}

/// `takedown doctor`.
#[derive(Debug, Clone, Default, Args)]
pub struct DoctorArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigFile,
}

/// `takedown verify`.
#[derive(Debug, Clone, Default, Args)]
pub struct VerifyArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigFile,
    /// The public key of the log, as you noted it from a place you trust. Without it the key of this server.
    #[arg(long, value_name = "VKEY")]
    pub key: Option<String>,
    /// A signed checkpoint that you kept: the history must continue it.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// `takedown restart-log`.
#[derive(Debug, Clone, Default, Args)]
pub struct RestartLogArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigFile,
    /// Go on although what was acknowledged since is lost.
    #[arg(long)]
    pub accept_loss: bool,
}

/// `takedown openapi`.
#[derive(Debug, Clone, Default, Args)]
pub struct OpenapiArgs {
    /// Write to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `takedown operator`: what the owner of the machine does before anybody can log in.
#[derive(Debug, Clone, Subcommand)]
pub enum OperatorCommand {
    /// Register a client of the operator directly in the database; its secret is shown once.
    Create(OperatorCreateArgs),
}

/// `takedown operator create`.
#[derive(Debug, Clone, Default, Args)]
pub struct OperatorCreateArgs {
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigFile,
    /// Who it is for.
    #[arg(long, value_name = "TEXT")]
    pub name: String,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}
