//! Arguments of the commands that run or inspect a server. `boot` carries them out.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

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

/// `takedown sandbox` without a command after it.
#[derive(Debug, Clone, Default, Args)]
pub struct SandboxRunArgs {
    /// Configuration file (TOML). Without it `sandbox.toml` in the working directory, if there is one, and never `takedown.toml`;
    /// the environment (`TAKEDOWN_…`) wins over the file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where its data lives, apart from that of any exchange; ./sandbox unless set.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// A PostgreSQL database of its own, empty the first time; else an SQLite file in the data directory. With a password in it set
    /// `TAKEDOWN_DATABASE_URL` instead, which nobody else on the machine can read.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Where the dice of its misbehaviour begin.
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u32>,
    /// Behave: no message comes late, twice or out of order, and no stream breaks.
    #[arg(long)]
    pub calm: bool,
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
#[command(after_help = "\
  takedown verify                                     the history of this server
  takedown verify PACKAGE.zip --vkey VKEY             a package of an export, offline, on any machine
  takedown verify PACKAGE.zip --policy FILE           the same, with the witnesses that you ask for
  takedown verify PACKAGE.zip --vkey VKEY --checkpoint FILE   the same, and that it continues a checkpoint that you kept")]
pub struct VerifyArgs {
    /// A package of an export, to be checked instead of this server. Asks nobody.
    #[arg(value_name = "PACKAGE")]
    pub package: Option<PathBuf>,
    /// The configuration file.
    #[command(flatten)]
    pub config: ConfigFile,
    /// The public key of the log, as you noted it from a place you trust. Without it the key of this server.
    #[arg(long, value_name = "VKEY")]
    pub vkey: Option<String>,
    /// A signed checkpoint that you kept: the history, or that of the package, must continue it.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// Compute every request anew from its entries as well, and compare every column that follows from them
    #[arg(long)]
    pub deep: bool,
    /// Whose signatures must be there (c2sp.org/tlog-policy): log, witnesses and how many of them.
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// With --policy: how much may be without the signatures it asks for. A number of entries, or an age such as 10m; with more, or
    /// anything older, the exit code is 11. Without this it is told and not judged.
    #[arg(
        long,
        value_name = "ENTRIES|AGE",
        requires = "policy",
        conflicts_with = "package"
    )]
    pub max_unwitnessed: Option<Unwitnessed>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// How much may be without the signatures of witnesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwitnessed {
    /// So many entries.
    Entries(u64),
    /// Entries that are not older than this.
    Age(Duration),
}

impl FromStr for Unwitnessed {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let says =
            "a number of entries, such as 0, or an age with its unit, such as 30s, 10m, 2h or 1d";
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map(Self::Entries).map_err(|_| says);
        }
        crate::config::duration(text)
            .map(Self::Age)
            .map_err(|_| says)
    }
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

/// `takedown sealing-key`: another key for the secrets in the database, in three steps between which everything goes on.
#[derive(Debug, Clone, Subcommand)]
pub enum SealingKeyCommand {
    /// Make the next key, beside the one there is; copy it to every node and restart each.
    New(ConfigFile),
    /// Let the next key write, and seal everything with it. May be broken off and run again, beside running nodes.
    Reseal(ConfigFile),
    /// Put the next key in the place of the former one, which is kept. On every node.
    Finish(ConfigFile),
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

/// `takedown witness`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
A witness belongs to somebody else than the operator of the log: an association of platforms,
an agency, an auditor. It signs a tree of the log only when that tree continues the one it
signed before, and remembers it first. Its vkey, which it prints, goes into the policies of
those who check. The whole way: docs/guides/witness.md.

  takedown witness --name witness.example/platforms --log VKEY")]
pub struct WitnessArgs {
    /// Where it keeps its key and what it signed. Made the first time; never copy it to a second machine.
    #[arg(long, value_name = "DIR", default_value = "witness")]
    pub data_dir: PathBuf,
    /// What it is called: best an address without https://. Needed the first time, when its key is made.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The vkey of a log to sign for. May be repeated.
    #[arg(long = "log", value_name = "VKEY")]
    pub logs: Vec<String>,
    /// A file of logs to sign for, one line "log VKEY" each.
    #[arg(long = "logs", value_name = "FILE")]
    pub log_files: Vec<PathBuf>,
    /// Where it listens, without TLS: put a proxy before it that has TLS.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8087")]
    pub listen: SocketAddr,
}
