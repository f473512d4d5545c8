//! `takedown sandbox`: what is done in a running one. `boot` starts it.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use reqwest::Method;
use serde_json::{Value, json};
use takedown_core::text::visible;

use super::output::{self, Table};
use super::server::SandboxRunArgs;
use super::{CliError, ConnectionArgs, Exit};

/// `takedown sandbox`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
An exchange in which nothing is real, apart from any other: with data, credentials and a clock of its own,
robots to ask and to be asked by, and misbehaviour on purpose. The whole way: docs/guides/sandbox.md.

  takedown sandbox                              start one
  takedown sandbox credentials --out .          an agency and a platform of one's own
  takedown sandbox advance PT2H                 two hours later"
)]
pub struct SandboxArgs {
    /// How it is run, where no command follows.
    #[command(flatten)]
    pub run: SandboxRunArgs,
    /// What is done in one that runs.
    #[command(subcommand)]
    pub command: Option<SandboxCommand>,
}

/// What is done in a sandbox that runs.
#[derive(Debug, Subcommand)]
pub enum SandboxCommand {
    /// Get an agency and a platform of one's own; nobody need log in for that
    Credentials(CredentialsArgs),
    /// Move the clock forward, for everybody there
    Advance(AdvanceArgs),
    /// Have a robot ask your platform for something (platform)
    File(FileArgs),
    /// What time it is there, what the robots do, and what goes wrong on purpose
    Status(StatusArgs),
}

/// `takedown sandbox credentials`.
#[derive(Debug, Args)]
pub struct CredentialsArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Write agency.env and platform.env for the shell into this directory (mode 0600) instead of printing JSON
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// `takedown sandbox advance`.
#[derive(Debug, Args)]
pub struct AdvanceArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// How far: ISO 8601 in weeks, days, hours, minutes and seconds, such as PT2H or P1DT12H
    #[arg(value_name = "SPAN", required_unless_present = "to")]
    span: Option<String>,
    /// To this instant, such as 2027-01-01T00:00:00Z
    #[arg(long, value_name = "INSTANT", conflicts_with = "span")]
    to: Option<String>,
    /// Print the JSON as the sandbox sends it
    #[arg(long)]
    json: bool,
}

/// Under what a robot asks.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum AskedUnder {
    /// Something voluntary.
    #[default]
    Referral,
    /// A removal order of Regulation (EU) 2021/784, with one hour from receipt.
    EuTcoOrder,
}

/// `takedown sandbox file`.
#[derive(Debug, Args)]
pub struct FileArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Under which instrument
    #[arg(long, value_name = "ID", value_enum, default_value_t)]
    instrument: AskedUnder,
    /// About how many links, 1 to 20
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    items: u8,
    /// Print the JSON as the sandbox sends it
    #[arg(long)]
    json: bool,
}

/// `takedown sandbox status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Print the JSON as the sandbox sends it
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: SandboxCommand) -> Result<Exit, CliError> {
    match command {
        SandboxCommand::Credentials(args) => credentials(args).await?,
        SandboxCommand::Advance(args) => advance(args).await?,
        SandboxCommand::File(args) => file(args).await?,
        SandboxCommand::Status(args) => status(args).await?,
    }
    Ok(Exit::Done)
}

async fn credentials(args: CredentialsArgs) -> Result<(), CliError> {
    let client = args.connection.connect_as_nobody()?;
    let path = ["v1", "sandbox", "credentials"];
    let made = client.raw(Method::POST, &path, &[], None).await?;
    let Some(directory) = args.out else {
        return output::exact(&made.text);
    };
    let server = client.server().as_str().trim_end_matches('/');
    for role in ["agency", "platform"] {
        let place = directory.join(format!("{role}.env"));
        keep(&place, &environment(server, &made.body[role]))?;
        eprintln!(
            "{}: {}",
            place.display(),
            visible(word(&made.body[role]["name"]))
        );
    }
    Ok(())
}

/// What a shell sources to act as a party.
fn environment(server: &str, party: &Value) -> String {
    let mut text = format!("# {}\n", visible(word(&party["name"])));
    for (name, value) in [
        ("TAKEDOWN_SERVER", server),
        ("TAKEDOWN_CLIENT_ID", word(&party["client_id"])),
        ("TAKEDOWN_CLIENT_SECRET", word(&party["client_secret"])),
        ("HOST", word(&party["host"])),
    ] {
        if !value.is_empty() {
            let quoted = value.replace('\'', "'\\''");
            text += &format!("export {name}='{quoted}'\n");
        }
    }
    text
}

/// Into a file of its owner's, in the place of what was there.
fn keep(place: &Path, text: &str) -> Result<(), CliError> {
    let failed = |error| CliError::file(place.display(), error);
    if let Some(directory) = place.parent() {
        std::fs::create_dir_all(directory).map_err(failed)?;
    }
    let fresh = place.with_extension("env.new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&fresh)
        .map_err(failed)?;
    file.write_all(text.as_bytes())
        .and_then(|()| std::fs::rename(&fresh, place))
        .map_err(failed)
}

async fn advance(args: AdvanceArgs) -> Result<(), CliError> {
    let client = args.connection.connect()?;
    let body = match (args.span, args.to) {
        (Some(span), _) => json!({ "advance": span }),
        (None, to) => json!({ "to": to }),
    };
    let path = ["v1", "sandbox", "clock"];
    let moved = client.raw(Method::POST, &path, &[], Some(body.to_string()));
    let moved = moved.await?;
    match args.json {
        true => output::exact(&moved.text),
        false => output::line(&time(&moved.body)),
    }
}

async fn file(args: FileArgs) -> Result<(), CliError> {
    let client = args.connection.connect()?;
    let instrument = match args.instrument {
        AskedUnder::Referral => "referral",
        AskedUnder::EuTcoOrder => "eu-tco-order",
    };
    let body = json!({ "instrument": instrument, "items": args.items });
    let path = ["v1", "sandbox", "requests"];
    let filed = client.raw(Method::POST, &path, &[], Some(body.to_string()));
    let filed = filed.await?;
    match args.json {
        true => output::exact(&filed.text),
        false => output::line(&visible(word(&filed.body["reference"]))),
    }
}

async fn status(args: StatusArgs) -> Result<(), CliError> {
    let client = args.connection.connect_as_nobody()?;
    let told = client
        .raw(Method::GET, &["v1", "sandbox"], &[], None)
        .await?;
    if args.json {
        return output::exact(&told.text);
    }
    output::line(&time(&told.body))?;
    let mischief = &told.body["mischief"];
    let percents = ["doubled", "late", "reordered", "cut"].map(|name| {
        let percent = mischief[name].as_u64().unwrap_or_default();
        format!("{percent} % {name}")
    });
    let seed = mischief["seed"].as_u64().unwrap_or_default();
    output::line(&format!("{} (seed {seed})", percents.join(", ")))?;
    let mut table = Table::new(&["host", "does"]);
    for robot in told.body["robots"].as_array().into_iter().flatten() {
        table.row(&[
            &visible(word(&robot["host"])),
            &visible(word(&robot["does"])),
        ]);
    }
    table.print()
}

fn time(told: &Value) -> String {
    let ahead = told["ahead_seconds"].as_i64().unwrap_or_default();
    format!(
        "it is {} in the sandbox, {ahead} seconds ahead",
        output::instant(word(&told["now"]))
    )
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_sources_is_quoted() {
        let party = json!({ "name": "Test\nunit", "client_id": "client_1", "client_secret": "it's", "host": null });
        let text = environment("http://127.0.0.1:8090", &party);
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(
            text.contains("export TAKEDOWN_CLIENT_SECRET='it'\\''s'\n"),
            "{text}"
        );
        assert!(
            text.starts_with("# Test") && !text.contains("HOST"),
            "{text}"
        );
    }
}
