//! What a unit works through once a week, and the chain that comes of it.

use chrono::{TimeDelta, Utc};
use clap::Args;
use serde_json::Value;
use takedown_core::sighting::Week;

use super::Common;
use crate::cli::operations::{cell, pages};
use crate::cli::output::{self, Table};
use crate::cli::{CliError, ConnectionArgs, Exit, show};

/// `takedown outreach`.
#[derive(Debug, Args)]
pub struct OutreachArgs {
    #[command(flatten)]
    common: Common,
    /// What was sighted or written in this week: 2026-W48, last or this; any unless said
    #[arg(long, value_name = "WEEK")]
    week: Option<String>,
    /// to_write or unanswered; both unless said
    #[arg(long, value_name = "WORD")]
    state: Option<String>,
}

/// `takedown chain`.
#[derive(Debug, Args)]
pub struct ChainArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Where to begin: id or reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// forward, back or both
    #[arg(long, value_name = "WORD", default_value = "both")]
    direction: String,
    /// json, graphml or dot
    #[arg(long, value_name = "FORM", default_value = "json")]
    format: String,
}

/// `last` and `this` as weeks of ISO 8601; anything else is for the exchange to judge.
pub(super) fn week(given: String) -> String {
    let now = Utc::now();
    match given.as_str() {
        "this" => Week::of(now).to_string(),
        "last" => Week::of(now - TimeDelta::days(7)).to_string(),
        _ => given,
    }
}

pub(in crate::cli) async fn outreach(args: OutreachArgs) -> Result<Exit, CliError> {
    let client = args.common.connection.connect()?;
    let mut query = Vec::new();
    for (name, value) in [("week", args.week.map(week)), ("state", args.state)] {
        query.extend(value.map(|value| (name.to_owned(), value)));
    }
    let entries = pages(&client, &["v1", "outreach"], &query).await?;
    if args.common.json {
        for entry in &entries {
            output::line(&entry.to_string())?;
        }
        return Ok(Exit::Done);
    }
    if entries.is_empty() {
        eprintln!("nobody to write to");
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&[
        "WEEK",
        "STATE",
        "PLATFORM",
        "ID",
        "CONTACTS",
        "SIGHTINGS",
        "REQUESTS",
    ]);
    for entry in &entries {
        let contacts = match entry["contacts"].as_array() {
            Some(found) if !found.is_empty() => joined(&entry["contacts"], "address"),
            _ if entry["reachable"] == true => "registered".to_owned(),
            _ => "none".to_owned(),
        };
        table.row(&[
            &cell(&entry["week"]),
            &cell(&entry["state"]),
            &cell(&entry["platform"]["name"]),
            &cell(&entry["platform"]["id"]),
            &contacts,
            &joined(&entry["sightings"], "id"),
            &joined(&entry["requests"], "reference"),
        ]);
    }
    table.print()?;
    Ok(Exit::Done)
}

fn joined(rows: &Value, member: &str) -> String {
    let rows = rows.as_array().into_iter().flatten();
    let cells: Vec<String> = rows.map(|row| cell(&row[member])).collect();
    cells.join(", ")
}

pub(in crate::cli) async fn chain(args: ChainArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let request = show::id_of(&client, &args.request).await?;
    let text = client
        .chain(&request, &args.direction, &args.format)
        .await?;
    output::exact(&text)?;
    Ok(Exit::Done)
}
