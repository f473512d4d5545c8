//! `takedown instruments`: under which powers can be filed, and whether an operator's own files are right.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::Value;

use super::{CliError, ConnectionArgs, Exit, output};
use crate::config::instruments;

/// `takedown instruments`.
#[derive(Debug, Subcommand)]
pub enum InstrumentsCommand {
    /// List the instruments of an exchange.
    List(ListArgs),
    /// Show what one instrument allows and needs.
    Show(ShowArgs),
    /// Check instrument and calendar files before they are installed; speaks to nobody.
    Check(CheckArgs),
}

/// `takedown instruments list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

/// `takedown instruments show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Its name, such as eu-tco-order
    #[arg(value_name = "ID")]
    id: String,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

/// `takedown instruments check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Instruments, calendars (in a folder `calendars`), or a directory of both
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

pub(super) async fn run(command: InstrumentsCommand) -> Result<Exit, CliError> {
    match command {
        InstrumentsCommand::List(args) => list(args).await,
        InstrumentsCommand::Show(args) => show(args).await,
        InstrumentsCommand::Check(args) => check(&args),
    }
}

/// Every mistake on standard error, as `file:line: reason`.
pub(super) fn check(args: &CheckArgs) -> Result<Exit, CliError> {
    let loaded = instruments::check(&args.files);
    for error in &loaded.refused {
        eprintln!("{}", takedown_core::text::visible(&error.to_string()));
    }
    let builtin = takedown_core::instrument::Catalogue::builtin();
    let own = loaded.catalogue.iter().count() - builtin.iter().count();
    output::line(&format!("{own} right, {} mistakes", loaded.refused.len()))?;
    Ok(if loaded.refused.is_empty() {
        Exit::Done
    } else {
        Exit::Refused
    })
}

async fn list(args: ListArgs) -> Result<Exit, CliError> {
    let reply = args.connection.connect()?.instruments().await?;
    if args.json {
        output::exact(&reply.text)?;
        return Ok(Exit::Done);
    }
    let mut table = output::Table::new(&["ID", "POWER", "WHO", "DEADLINE", "TITLE"]);
    for instrument in reply.body["items"].as_array().into_iter().flatten() {
        table.row(&[
            &text(instrument, "id"),
            &text(instrument, "power"),
            &list_of(instrument, "jurisdiction"),
            &deadline(instrument),
            &text(instrument, "title"),
        ]);
    }
    table.print()?;
    Ok(Exit::Done)
}

async fn show(args: ShowArgs) -> Result<Exit, CliError> {
    let reply = args.connection.connect()?.instrument(&args.id).await?;
    if args.json {
        output::exact(&reply.text)?;
        return Ok(Exit::Done);
    }
    let found = &reply.body;
    let mut lines = vec![
        ("Instrument", text(found, "id")),
        ("Title", text(found, "title")),
        ("Power", text(found, "power")),
        ("Citation", text(found, "citation")),
        ("In short", text(found, "summary")),
        ("Effect", text(found, "effect")),
        ("Used by", list_of(found, "jurisdiction")),
        ("Agencies", list_of(found, "issuer_types")),
        ("Deadline", deadline(found)),
        ("Language", text(found, "languages")),
    ];
    for (name, field) in [("Rank", "rank_floor"), ("Form", "forms")] {
        lines.extend(each(found, field).map(|value| (name, value)));
    }
    for ground in found["grounds"].as_array().into_iter().flatten() {
        let says = format!("{}  {}", text(ground, "code"), text(ground, "title"));
        lines.push(("Ground", says));
    }
    for (name, field) in [("Remark", "remarks"), ("Recalled", "recalled")] {
        lines.extend(each(found, field).map(|value| (name, value)));
    }
    for (name, value) in lines.into_iter().filter(|(_, value)| !value.is_empty()) {
        output::line(&format!(
            "{name:<11} {}",
            takedown_core::text::visible(&value)
        ))?;
    }
    Ok(Exit::Done)
}

fn text(of: &Value, field: &str) -> String {
    of[field].as_str().unwrap_or_default().to_owned()
}

fn each<'a>(of: &'a Value, field: &str) -> impl Iterator<Item = String> + 'a {
    let values = of[field].as_array().into_iter().flatten();
    values.filter_map(|value| value.as_str().map(ToOwned::to_owned))
}

fn list_of(of: &Value, field: &str) -> String {
    each(of, field).collect::<Vec<_>>().join(", ")
}

fn deadline(of: &Value) -> String {
    of["clock"]["text"].as_str().unwrap_or("none").to_owned()
}
