//! `takedown imported`: the records that a list was made into.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use takedown_core::text::visible;

use super::output::{self, Table};
use super::{CliError, ConnectionArgs, Exit, lookup};
use crate::client::{Client, Filters};

/// Most rows in one answer.
const PAGE: &str = "200";

/// `takedown imported`.
#[derive(Debug, Subcommand)]
pub enum ImportedCommand {
    /// List imported records, the newest first (agency, auditor).
    List(ListArgs),
    /// Show one in full.
    Show(ShowArgs),
    /// Take records back as a mistake (agency). They stay to be seen, and can be imported again.
    Withdraw(WithdrawArgs),
}

/// Which records.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Those from this list, recognised by its bytes
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Those under this file number
    #[arg(long, value_name = "TEXT")]
    agency_reference: Option<String>,
    /// Print the JSON as the exchange sends it, a page a line
    #[arg(long)]
    json: bool,
}

/// One record.
#[derive(Debug, Args)]
pub struct ShowArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Its id (imp_…)
    #[arg(value_name = "RECORD")]
    id: String,
}

/// What to take back, and why.
#[derive(Debug, Args)]
pub struct WithdrawArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Their ids (imp_…)
    #[arg(value_name = "RECORD", required_unless_present = "file")]
    ids: Vec<String>,
    /// All that were imported from this list, recognised by its bytes
    #[arg(long, value_name = "FILE", conflicts_with = "ids")]
    file: Option<PathBuf>,
    /// Why; one line
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) async fn run(command: ImportedCommand) -> Result<Exit, CliError> {
    match command {
        ImportedCommand::List(args) => list(&args).await,
        ImportedCommand::Show(args) => {
            let client = args.connection.connect()?;
            output::exact(&client.imported(&args.id).await?.text)?;
            Ok(Exit::Done)
        }
        ImportedCommand::Withdraw(args) => withdraw(args).await,
    }
}

fn of_file(file: Option<&PathBuf>) -> Result<Filters, CliError> {
    let digest = file
        .map(|file| lookup::digest_of(file).map_err(|e| CliError::file(file.display(), e)))
        .transpose()?;
    Ok(Filters::default().with("file", digest.as_deref()))
}

async fn list(args: &ListArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let filters = of_file(args.file.as_ref())?
        .with("agency_reference", args.agency_reference.as_deref())
        .with("limit", Some(PAGE));
    let mut table = Table::new(&[
        "RECORD",
        "SENT",
        "FILE NUMBER",
        "PLATFORM",
        "OUTCOME",
        "LINK",
    ]);
    let mut cursor: Option<String> = None;
    loop {
        let page = client
            .imports(&filters.clone().with("cursor", cursor.as_deref()))
            .await?;
        if args.json {
            output::exact(&page.text)?;
        }
        for record in &page.body.items {
            let platform = record
                .platform
                .as_ref()
                .map(|platform| platform.name.as_str());
            let platform = platform.or(record.platform_name.as_deref());
            let back = record.withdrawal.as_ref().map(|_| "taken back");
            table.row(&[
                &record.id,
                &record.sent_on,
                record.agency_reference.as_deref().unwrap_or("–"),
                platform.unwrap_or("–"),
                back.or(record.outcome.as_deref()).unwrap_or("unknown"),
                &record.defanged,
            ]);
        }
        cursor = page.body.next;
        if cursor.is_none() {
            break;
        }
    }
    if !args.json {
        table.print()?;
    }
    Ok(Exit::Done)
}

async fn withdraw(args: WithdrawArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let mut count = 0_u64;
    if args.file.is_some() {
        let left = of_file(args.file.as_ref())?
            .with("withdrawn", Some("false"))
            .with("limit", Some(PAGE));
        // What was taken back is on no later page: the first one is always the next.
        loop {
            let page = client.imports(&left).await?.body;
            if page.items.is_empty() {
                break;
            }
            for record in &page.items {
                one(&client, &record.id, &args.reason, &mut count).await?;
            }
        }
    }
    for id in &args.ids {
        one(&client, id, &args.reason, &mut count).await?;
    }
    eprintln!("{count} taken back");
    Ok(Exit::Done)
}

async fn one(client: &Client, id: &str, reason: &str, count: &mut u64) -> Result<(), CliError> {
    let record = client.withdraw_import(id, reason).await?.body;
    *count += 1;
    output::line(&format!("{} taken back", visible(&record.id)))
}
