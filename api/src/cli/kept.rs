//! `takedown non-disclosure` and `takedown preservation`: the duties that go with an order, and how long they last.

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Map, Value};
use takedown_core::text::visible;

use super::mistakes::One;
use super::output::{self, Table};
use super::{CliError, ConnectionArgs, Exit};
use crate::client::Filters;
use crate::client::wire::{Extension, Preservation};

/// `takedown non-disclosure`.
#[derive(Debug, Subcommand)]
pub enum NonDisclosureCommand {
    /// Forbid telling the uploader for longer, as the instrument allows (agency).
    #[command(after_help = "\
An order of Regulation (EU) 2021/784 is extended once, by six weeks at the most, while it lasts (Article 11(3)). Say why
with --text.

Exit codes: 0 done, 1 refused or failed, 2 wrong command line.")]
    Extend(UntilArgs),
    /// Allow telling the uploader before the time is over (agency).
    Lift(OneArgs),
}

/// `takedown preservation`.
#[derive(Debug, Subcommand)]
pub enum PreservationCommand {
    /// How it stands with one request.
    Show(OneArgs),
    /// What is to be kept, and until when: of all requests, or of those that stand so.
    List(ListArgs),
    /// Say that you keep what was removed (platform).
    Hold(HoldArgs),
    /// Ask to keep it for longer; say why with --text (agency).
    Extend(ExtendArgs),
    /// Say that it need not be kept any more (agency).
    Release(OneArgs),
    /// Say that you have deleted it, once that is over (platform).
    Delete(DeleteArgs),
}

/// One request.
#[derive(Debug, Args)]
pub struct OneArgs {
    #[command(flatten)]
    one: One,
}

/// One request, and a later end.
#[derive(Debug, Args)]
pub struct UntilArgs {
    #[command(flatten)]
    one: One,
    /// The new end (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    until: String,
}

/// A later end of a preservation.
#[derive(Debug, Args)]
pub struct ExtendArgs {
    #[command(flatten)]
    of: UntilArgs,
    /// The authority or court that asks for it, where it is another than you
    #[arg(long, value_name = "NAME")]
    asked_by: Option<String>,
}

/// What a platform keeps.
#[derive(Debug, Args)]
pub struct HoldArgs {
    #[command(flatten)]
    one: One,
    /// Since when (RFC 3339); now unless said
    #[arg(long, value_name = "INSTANT")]
    since: Option<String>,
    /// Until when at least (RFC 3339); the end that is asked for unless said
    #[arg(long, value_name = "INSTANT")]
    until: Option<String>,
}

/// What a platform has deleted.
#[derive(Debug, Args)]
pub struct DeleteArgs {
    #[command(flatten)]
    one: One,
    /// When (RFC 3339); now unless said
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
}

/// Which preservations.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// asked, held, released, expired or deleted
    #[arg(long, value_name = "STATUS", default_value = "held")]
    status: String,
    /// Those that end before this instant (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    before: Option<String>,
    /// Print the requests as JSON, one a line, instead of a table
    #[arg(long)]
    json: bool,
}

pub(super) async fn non_disclosure(command: NonDisclosureCommand) -> Result<Exit, CliError> {
    match command {
        NonDisclosureCommand::Extend(args) => {
            extend(&args, "non-disclosure/extensions", Map::new()).await
        }
        NonDisclosureCommand::Lift(args) => {
            put(&args.one, "non-disclosure/lifting", Map::new()).await
        }
    }
}

pub(super) async fn preservation(command: PreservationCommand) -> Result<Exit, CliError> {
    match command {
        PreservationCommand::Show(args) => show(&args.one).await,
        PreservationCommand::List(args) => list(args).await,
        PreservationCommand::Hold(args) => {
            let body = given([("since", args.since), ("until", args.until)]);
            put(&args.one, "preservation", body).await
        }
        PreservationCommand::Extend(args) => {
            let body = given([("asked_by", args.asked_by)]);
            extend(&args.of, "preservation/extensions", body).await
        }
        PreservationCommand::Release(args) => {
            put(&args.one, "preservation/release", Map::new()).await
        }
        PreservationCommand::Delete(args) => {
            let body = given([("deleted_at", args.at)]);
            put(&args.one, "preservation/deletion", body).await
        }
    }
}

fn given<const N: usize>(members: [(&str, Option<String>); N]) -> Map<String, Value> {
    let said = members.into_iter();
    said.filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))))
        .collect()
}

async fn put(one: &One, what: &str, body: Map<String, Value>) -> Result<Exit, CliError> {
    let read = one.read().await?;
    one.change(&read, Method::PUT, what, body).await
}

async fn extend(
    args: &UntilArgs,
    what: &str,
    mut body: Map<String, Value>,
) -> Result<Exit, CliError> {
    let Some(reason) = args.one.why() else {
        return Err(CliError::usage("say why with --text"));
    };
    body.insert("reason".into(), reason.into());
    body.insert("until".into(), args.until.as_str().into());
    let read = args.one.read().await?;
    args.one.change(&read, Method::POST, what, body).await
}

async fn show(one: &One) -> Result<Exit, CliError> {
    let (_, reply) = one.read().await?;
    if one.wants_json() {
        let request: Value = serde_json::from_str(&reply.text).unwrap_or_default();
        output::exact(&request["preservation"].to_string())?;
        return Ok(Exit::Done);
    }
    let said = match &reply.body.preservation {
        None => "nothing is to be kept".to_owned(),
        Some(kept) => sentences(kept),
    };
    output::line(&format!("{}: {said}", visible(&reply.body.reference)))?;
    Ok(Exit::Done)
}

/// How it stands, one line for each thing that was said.
fn sentences(kept: &Preservation) -> String {
    let instant = |at: &Option<String>| at.as_deref().map(output::instant).unwrap_or_default();
    let mut lines = vec![format!(
        "{}, until {}",
        kept.status.as_deref().map(visible).unwrap_or_default(),
        instant(&kept.until)
    )];
    if kept.basis.as_deref() == Some("law") {
        lines.push("the filing says nothing; the law asks for it since the removal".to_owned());
    }
    if kept.held_since.is_some() {
        let (since, until) = (instant(&kept.held_since), instant(&kept.held_until));
        lines.push(format!(
            "the platform keeps it since {since}, until {until}"
        ));
    }
    for Extension {
        at,
        was,
        reason,
        asked_by,
        ..
    } in &kept.extensions
    {
        let by = asked_by.as_deref().map(|by| format!(", asked by {by}"));
        lines.push(format!(
            "extended on {}, it was {}{}: {}",
            instant(at),
            instant(was),
            by.unwrap_or_default(),
            reason.as_deref().unwrap_or_default()
        ));
    }
    if kept.ended_at.is_some() {
        lines.push(format!("ended on {}", instant(&kept.ended_at)));
    }
    if kept.deleted_at.is_some() {
        lines.push(format!("deleted on {}", instant(&kept.deleted_at)));
    }
    let lines: Vec<_> = lines
        .iter()
        .map(|line| visible(line).into_owned())
        .collect();
    lines.join("\n  ")
}

async fn list(args: ListArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let mut table = Table::new(&[
        "REFERENCE",
        "STATUS",
        "KEEP UNTIL",
        "WHO ASKS",
        "WHO IS ASKED",
    ]);
    let mut cursor: Option<String> = None;
    loop {
        let filters = Filters::default()
            .with("preservation", Some(&args.status))
            .with("preserved_before", args.before.as_deref())
            .with("limit", Some("200"))
            .with("cursor", cursor.as_deref());
        let page = client.requests(&filters).await?;
        if args.json {
            let raw: Value = serde_json::from_str(&page.text).unwrap_or_default();
            for request in raw["items"].as_array().into_iter().flatten() {
                output::line(&request.to_string())?;
            }
        }
        let page = page.body;
        for request in &page.items {
            let until = request.preservation_until.as_deref().map(output::instant);
            table.row(&[
                &request.reference,
                request.preservation_status.as_deref().unwrap_or_default(),
                &until.unwrap_or_default(),
                &request.agency.name,
                &request.platform.name,
            ]);
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    if args.json {
        return Ok(Exit::Done);
    }
    if table.is_empty() {
        eprintln!("none");
    } else {
        table.print()?;
    }
    Ok(Exit::Done)
}
