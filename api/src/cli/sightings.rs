//! `takedown sighting`, `takedown outreach`, `takedown chain`: where it moved next.

mod monday;

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Map, Value, json};
use takedown_core::text::visible;

use super::operations::{cell, pages};
use super::output::{self, Table};
use super::{CliError, ConnectionArgs, Exit, show};
use crate::client::Client;

pub use monday::{ChainArgs, OutreachArgs};
pub(super) use monday::{chain, outreach};

/// `takedown sighting`.
#[derive(Debug, Subcommand)]
pub enum SightingCommand {
    /// Record that material, or its public, was announced or found elsewhere.
    Add(AddArgs),
    /// Your sightings, newest first.
    List(ListArgs),
    /// One sighting, with what was said of it before.
    Show(OneArgs),
    /// Say anew how sure you are.
    Revise(ReviseArgs),
    /// Say which request follows it.
    Follow(FollowArgs),
    /// Say that it was a mistake; it stays to be seen.
    Retract(RetractArgs),
}

/// Every command about sightings.
#[derive(Debug, Args)]
pub struct Common {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

/// A text and its language.
#[derive(Debug, Args)]
pub struct WordsArgs {
    /// Words for your own file
    #[arg(long, value_name = "TEXT", requires = "language")]
    text: Option<String>,
    /// Their language (BCP 47)
    #[arg(long, value_name = "TAG", requires = "text")]
    language: Option<String>,
}

impl WordsArgs {
    fn json(&self) -> Option<Value> {
        let (text, language) = (self.text.as_ref()?, self.language.as_ref()?);
        Some(json!({ "text": text, "language": language }))
    }
}

/// A new sighting.
#[derive(Debug, Args)]
pub struct AddArgs {
    #[command(flatten)]
    common: Common,
    /// After which request: id or reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// Where to, as you have it; defanged links are understood
    #[arg(value_name = "LOCATOR")]
    locator: String,
    /// announced or found
    #[arg(long, value_name = "WORD")]
    seen: String,
    /// How sure: confirmed, probable, possible, doubtful
    #[arg(long, value_name = "WORD")]
    confidence: String,
    /// url (unless said), account, channel, site, file_hash, listing
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// What moved: material (unless said) or audience
    #[arg(long, value_name = "WORD")]
    moved: Option<String>,
    /// Which item of the request moved (item_…)
    #[arg(long, value_name = "ITEM")]
    item: Option<String>,
    /// Platform (platform_…), where the locator has no host
    #[arg(long, value_name = "PLATFORM")]
    platform: Option<String>,
    /// When it was seen (RFC 3339); now unless said
    #[arg(long, value_name = "INSTANT")]
    seen_at: Option<String>,
    /// Mail address that you found, and where: abuse_mailbox, security_txt, rdap, site, other (repeat)
    #[arg(long = "contact", value_name = "ADDRESS=SOURCE")]
    contacts: Vec<String>,
    #[command(flatten)]
    note: WordsArgs,
}

/// Which sightings.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    common: Common,
    /// Those after this request: id or reference
    #[arg(long, value_name = "REQUEST")]
    request: Option<String>,
    /// Those on this platform (platform_…)
    #[arg(long, value_name = "PLATFORM")]
    platform: Option<String>,
    /// Those at exactly this host
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Those on platforms of this standing: sighted, contacted, claimed, active, gone
    #[arg(long, value_name = "WORD")]
    standing: Option<String>,
    /// Those of which you are so sure
    #[arg(long, value_name = "WORD")]
    confidence: Option<String>,
    /// open, followed or retracted
    #[arg(long, value_name = "WORD")]
    state: Option<String>,
    /// Those recorded in this week: 2026-W48, last or this
    #[arg(long, value_name = "WEEK")]
    week: Option<String>,
}

/// One sighting.
#[derive(Debug, Args)]
pub struct OneArgs {
    #[command(flatten)]
    common: Common,
    /// Its id (sighting_…)
    #[arg(value_name = "SIGHTING")]
    id: String,
}

/// How sure one is.
#[derive(Debug, Args)]
pub struct ReviseArgs {
    #[command(flatten)]
    one: OneArgs,
    /// confirmed, probable, possible, doubtful
    #[arg(value_name = "CONFIDENCE")]
    confidence: String,
    #[command(flatten)]
    why: WordsArgs,
}

/// What follows it.
#[derive(Debug, Args)]
pub struct FollowArgs {
    #[command(flatten)]
    one: OneArgs,
    /// The request: id or reference
    #[arg(
        value_name = "REQUEST",
        required_unless_present = "none",
        conflicts_with = "none"
    )]
    request: Option<String>,
    /// None does: the link was a mistake
    #[arg(long)]
    none: bool,
}

/// A mistake.
#[derive(Debug, Args)]
pub struct RetractArgs {
    #[command(flatten)]
    one: OneArgs,
    #[command(flatten)]
    why: WordsArgs,
}

pub(super) async fn run(command: SightingCommand) -> Result<Exit, CliError> {
    match command {
        SightingCommand::Add(args) => add(args).await,
        SightingCommand::List(args) => list(args).await,
        SightingCommand::Show(args) => call(&args, Method::GET, None, None).await,
        SightingCommand::Revise(args) => {
            let body = json!({ "confidence": args.confidence, "text": args.why.json() });
            call(&args.one, Method::POST, Some("revisions"), Some(body)).await
        }
        SightingCommand::Follow(args) => {
            let client = args.one.common.connection.connect()?;
            let request = match &args.request {
                Some(request) => Some(show::id_of(&client, request).await?),
                None => None,
            };
            let body = json!({ "request": request });
            call(&args.one, Method::PUT, Some("request"), Some(body)).await
        }
        SightingCommand::Retract(args) => {
            let body = json!({ "text": args.why.json() });
            call(&args.one, Method::PUT, Some("retraction"), Some(body)).await
        }
    }
}

async fn add(args: AddArgs) -> Result<Exit, CliError> {
    let client = args.common.connection.connect()?;
    let mut body = Map::new();
    let request = show::id_of(&client, &args.request).await?;
    body.insert("request".into(), request.into());
    let note = args.note.json();
    for (name, value) in [
        ("locator", Some(args.locator)),
        ("seen_as", Some(args.seen)),
        ("confidence", Some(args.confidence)),
        ("kind", args.kind),
        ("moved", args.moved),
        ("item", args.item),
        ("platform", args.platform),
        ("seen_at", args.seen_at),
    ] {
        body.extend(value.map(|value| (name.to_owned(), Value::from(value))));
    }
    body.extend(note.map(|note| ("note".to_owned(), note)));
    let mut contacts = Vec::new();
    for given in &args.contacts {
        let (address, source) = given.rsplit_once('=').ok_or_else(|| {
            let given = visible(given);
            CliError::usage(format!("--contact {given}: write ADDRESS=SOURCE"))
        })?;
        contacts.push(json!({ "address": address, "source": source }));
    }
    body.insert("contacts".into(), contacts.into());
    let body = Value::Object(body).to_string();
    let path = ["v1", "sightings"];
    let reply = client.raw(Method::POST, &path, &[], Some(body)).await?;
    shown(args.common.json, &reply.text, &reply.body)
}

async fn list(args: ListArgs) -> Result<Exit, CliError> {
    let client = args.common.connection.connect()?;
    let request = match &args.request {
        Some(request) => Some(show::id_of(&client, request).await?),
        None => None,
    };
    let mut query = Vec::new();
    for (name, value) in [
        ("request", request),
        ("platform", args.platform),
        ("host", args.host),
        ("standing", args.standing),
        ("confidence", args.confidence),
        ("state", args.state),
        ("week", args.week.map(monday::week)),
    ] {
        query.extend(value.map(|value| (name.to_owned(), value)));
    }
    let sightings = pages(&client, &["v1", "sightings"], &query).await?;
    if args.common.json {
        for sighting in &sightings {
            output::line(&sighting.to_string())?;
        }
        return Ok(Exit::Done);
    }
    if sightings.is_empty() {
        eprintln!("none");
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&[
        "ID",
        "AFTER",
        "WHERE",
        "PLATFORM",
        "STANDING",
        "SEEN",
        "CONFIDENCE",
        "STATE",
        "FOLLOWED BY",
    ]);
    for sighting in &sightings {
        table.row(&[
            &cell(&sighting["id"]),
            &cell(&sighting["request"]["reference"]),
            &cell(&sighting["defanged"]),
            &cell(&sighting["platform"]["name"]),
            &cell(&sighting["platform"]["standing"]),
            &cell(&sighting["seen_as"]),
            &cell(&sighting["confidence"]),
            &cell(&sighting["state"]),
            &cell(&sighting["followed_by"]["reference"]),
        ]);
    }
    table.print()?;
    Ok(Exit::Done)
}

async fn call(
    args: &OneArgs,
    method: Method,
    what: Option<&str>,
    body: Option<Value>,
) -> Result<Exit, CliError> {
    let client: Client = args.common.connection.connect()?;
    let mut path = vec!["v1", "sightings", args.id.as_str()];
    path.extend(what);
    let body = body.map(|body| body.to_string());
    let reply = client.raw(method, &path, &[], body).await?;
    shown(args.common.json, &reply.text, &reply.body)
}

fn shown(json: bool, text: &str, sighting: &Value) -> Result<Exit, CliError> {
    if json {
        output::exact(text)?;
        return Ok(Exit::Done);
    }
    line("Sighting", &cell(&sighting["id"]))?;
    line("After", &cell(&sighting["request"]["reference"]))?;
    line("Where", &cell(&sighting["defanged"]))?;
    let platform = &sighting["platform"];
    let (name, standing) = (cell(&platform["name"]), cell(&platform["standing"]));
    line(
        "Platform",
        &format!("{name} ({standing})  {}", cell(&platform["id"])),
    )?;
    let (seen, moved) = (cell(&sighting["seen_as"]), cell(&sighting["moved"]));
    let seen_at = sighting["seen_at"].as_str().map(output::instant);
    line(
        "Seen",
        &format!("{moved} {seen}, {}", seen_at.unwrap_or_default()),
    )?;
    line("Confidence", &cell(&sighting["confidence"]))?;
    for revision in sighting["revisions"].as_array().into_iter().flatten() {
        let at = revision["at"].as_str().map(output::instant);
        let was = cell(&revision["was"]);
        line(
            "Before",
            &format!("{was}, until {}", at.unwrap_or_default()),
        )?;
    }
    line("State", &cell(&sighting["state"]))?;
    for (name, value) in [
        ("Followed by", &sighting["followed_by"]["reference"]),
        ("Note", &sighting["note"]["text"]),
        ("Retracted", &sighting["retraction"]["text"]),
    ] {
        if let Some(value) = value.as_str() {
            line(name, value)?;
        }
    }
    Ok(Exit::Done)
}

fn line(name: &str, value: &str) -> Result<(), CliError> {
    output::line(&format!("{name:<11} {}", visible(value)))
}
