//! `takedown claim`.

use clap::{Args, Subcommand};
use reqwest::Method;

use super::common::{ListArgs, OneArgs, Registry, members};
use crate::cli::{CliError, Exit};

const CLAIMS: Registry = Registry {
    path: "claims",
    columns: &[
        ("ID", "id"),
        ("PLATFORM", "platform"),
        ("HOST", "host"),
        ("STATUS", "status"),
        ("BEGUN BY", "begun_by"),
        ("UNTIL", "expires_at"),
        ("LOOKS", "looks"),
    ],
};
const PLATFORMS: Registry = Registry {
    path: "platforms",
    columns: &[],
};

/// `takedown claim`.
#[derive(Debug, Subcommand)]
pub enum ClaimCommand {
    /// Who wants to prove to be in charge of which platform; those that are `contested` wait for you.
    List(ListArgs),
    /// Begin one for somebody who came to you: says what he is to put up.
    Begin(BeginArgs),
    /// Look whether the proof is there, and say what is there instead.
    Look(OneArgs),
}

/// A claim to be begun.
#[derive(Debug, Args)]
pub struct BeginArgs {
    #[command(flatten)]
    one: OneArgs,
    /// For which host of the platform
    #[arg(long, value_name = "HOST")]
    host: String,
}

pub(in crate::cli) async fn run(command: ClaimCommand) -> Result<Exit, CliError> {
    match command {
        ClaimCommand::List(args) => CLAIMS.list(&args).await,
        ClaimCommand::Begin(args) => {
            let body = members([("host", Some(args.host.into()))]);
            let path = [args.one.id.as_str(), "claims"];
            PLATFORMS
                .call(&args.one.common, Method::POST, &path, Some(body))
                .await
        }
        ClaimCommand::Look(args) => {
            let path = [args.id.as_str(), "looks"];
            CLAIMS.call(&args.common, Method::POST, &path, None).await
        }
    }
}
