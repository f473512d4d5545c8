//! `takedown correct`, `withdraw`, `attribute`, `restore`, `restorations`: what was wrong is put right, and stays to be seen.

mod one;

use clap::Args;
use reqwest::Method;
use serde_json::{Map, Value, json};
use takedown_core::signed::Act;
use takedown_core::text::visible;

use super::output::{self, Table};
use super::signing::SignArgs;
use super::{CliError, ConnectionArgs, Exit};
use crate::client::Filters;
use crate::client::wire::Request;
pub use one::One;

/// `takedown correct`.
#[derive(Debug, Args)]
#[command(after_help = "\
What is asked, of whom and under which power is not corrected: withdraw it (takedown withdraw) and file anew. So is a
wrong link. Of an order that was read, ground and provision are corrected only as an answer to the platform.

Exit codes: 0 done, 1 refused or failed, 2 wrong command line.")]
pub struct CorrectArgs {
    #[command(flatten)]
    one: One,
    #[command(flatten)]
    signature: SignArgs,
    /// The statement of reasons
    #[arg(long, value_name = "TEXT")]
    reasons: Option<String>,
    /// Code of a ground (repeat); they take the place of all former ones
    #[arg(long = "ground", value_name = "CODE")]
    grounds: Vec<String>,
    /// The provision of law that is broken
    #[arg(long, value_name = "TEXT")]
    provision: Option<String>,
    /// When and how it was served: in_person or recorded_post, and the instant (RFC 3339)
    #[arg(long, value_names = ["METHOD", "INSTANT"], num_args = 2)]
    served: Vec<String>,
    /// Handle of the officer in charge; name and rank of the former one do not stay
    #[arg(long, value_name = "HANDLE")]
    officer: Option<String>,
    /// Name of the officer: kept for you and the auditor
    #[arg(long, value_name = "NAME", requires = "officer")]
    officer_name: Option<String>,
    /// Rank of the officer, where the instrument asks for one
    #[arg(long, value_name = "RANK", requires = "officer")]
    officer_rank: Option<String>,
    /// Your own file number
    #[arg(long, value_name = "TEXT")]
    file_number: Option<String>,
    /// Number of the link that the facts below are of
    #[arg(long, value_name = "N")]
    item: Option<u64>,
    /// What the link shows, in words
    #[arg(long, value_name = "TEXT", requires = "item")]
    description: Option<String>,
    /// Language of what the link shows
    #[arg(long, value_name = "TAG", requires = "item")]
    item_language: Option<String>,
    /// How graphic it is, 0 to 3
    #[arg(long, value_name = "N", requires = "item")]
    graphic: Option<u8>,
    /// When it was seen (RFC 3339)
    #[arg(long, value_name = "INSTANT", requires = "item")]
    seen_at: Option<String>,
}

/// `takedown withdraw`.
#[derive(Debug, Args)]
pub struct WithdrawArgs {
    #[command(flatten)]
    one: One,
    #[command(flatten)]
    signature: SignArgs,
    /// mistake, duplicate, annulled or no_longer_needed
    #[arg(long, value_name = "REASON")]
    reason: String,
    /// Number of a link to take back (repeat); without it the whole request
    #[arg(long = "item", value_name = "N")]
    items: Vec<u64>,
    /// For annulled: the court or authority
    #[arg(long, value_name = "NAME", requires = "decision")]
    annulled_by: Option<String>,
    /// For annulled: the reference of its decision
    #[arg(long, value_name = "TEXT", requires = "annulled_by")]
    decision: Option<String>,
}

/// `takedown attribute`.
#[derive(Debug, Args)]
pub struct AttributeArgs {
    #[command(flatten)]
    one: One,
    /// The claimed source: a name of a group or outlet
    #[arg(long, value_name = "NAME")]
    source: String,
    /// confirmed, probable, possible, doubtful, or suspected_decoy, which asks the platform to wait
    #[arg(long, value_name = "WORD")]
    confidence: String,
}

/// `takedown restore`.
#[derive(Debug, Args)]
#[command(after_help = "\
Answers every link that is asked back and not yet answered, or those given with --item. With --because it puts right a
decision of your own, also after the closing, for instance when the uploader's appeal was upheld.

Exit codes: 0 done, 1 refused or failed, 2 wrong command line.")]
pub struct RestoreArgs {
    #[command(flatten)]
    one: One,
    /// Number of a link (repeat)
    #[arg(long = "item", value_name = "N")]
    items: Vec<u64>,
    /// Your own decision was wrong: correction, appeal_upheld, court or authority
    #[arg(long, value_name = "REASON", requires = "items")]
    because: Option<String>,
    /// Do not restore: one of the declined_ outcomes
    #[arg(long, value_name = "OUTCOME", conflicts_with = "because")]
    decline: Option<String>,
    /// On which basis: law or terms; by default terms for a referral and law for an order
    #[arg(long, value_name = "BASIS")]
    basis: Option<String>,
}

/// `takedown restorations`.
#[derive(Debug, Args)]
pub struct RestorationsArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Print the requests as JSON, one a line, instead of a table
    #[arg(long)]
    json: bool,
}

/// Codes are typed with either dash.
fn code(word: &str) -> String {
    word.replace('-', "_")
}

fn item_id(request: &Request, number: u64) -> Result<&str, CliError> {
    let found = request.items.iter().find(|item| item.position == number);
    found.map(|item| item.id.as_str()).ok_or_else(|| {
        CliError::input(format!(
            "there is no link {number} in {}; it has {}",
            visible(&request.reference),
            request.items.len()
        ))
    })
}

fn item_ids(request: &Request, numbers: &[u64]) -> Result<Vec<String>, CliError> {
    numbers
        .iter()
        .map(|number| item_id(request, *number).map(str::to_owned))
        .collect()
}

pub(super) async fn correct(args: CorrectArgs) -> Result<Exit, CliError> {
    let one = &args.one;
    let read = one.read().await?;
    let mut body = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(name.into(), value);
        }
    };
    put(
        "reasons",
        args.reasons.as_deref().map(|text| one.in_words(text)),
    );
    put(
        "grounds",
        (!args.grounds.is_empty()).then(|| json!(args.grounds)),
    );
    put("provision", args.provision.map(Into::into));
    let officer = args.officer.map(
        |handle| json!({ "handle": handle, "name": args.officer_name, "rank": args.officer_rank }),
    );
    put("officer", officer);
    put("agency_reference", args.file_number.map(Into::into));
    if let [method, served_at] = args.served.as_slice() {
        let service = json!({ "method": code(method), "served_at": served_at });
        put("service", Some(service));
    }
    if let Some(number) = args.item {
        let mut item = json!({ "item": item_id(&read.1.body, number)? });
        for (name, value) in [
            ("description", args.description.map(Value::from)),
            ("language", args.item_language.map(Value::from)),
            ("graphic", args.graphic.map(Value::from)),
            ("seen_at", args.seen_at.map(Value::from)),
        ] {
            if let Some(value) = value {
                item[name] = value;
            }
        }
        put("items", Some(json!([item])));
    }
    if body.is_empty() {
        return Err(CliError::usage("say what is to be corrected"));
    }
    let how = (Method::POST, "corrections", Act::Correct);
    one.change_signed(&read, how, body, &args.signature).await
}

pub(super) async fn withdraw(args: WithdrawArgs) -> Result<Exit, CliError> {
    let read = args.one.read().await?;
    let mut body = Map::new();
    body.insert("reason".into(), code(&args.reason).into());
    if !args.items.is_empty() {
        let items = item_ids(&read.1.body, &args.items)?;
        body.insert("items".into(), json!(items));
    }
    if let (Some(by), Some(decision)) = (&args.annulled_by, &args.decision) {
        let annulment = json!({ "by": by, "decision": decision });
        body.insert("annulment".into(), annulment);
    }
    let how = (Method::PUT, "withdrawal", Act::Withdraw);
    args.one
        .change_signed(&read, how, body, &args.signature)
        .await
}

pub(super) async fn attribute(args: AttributeArgs) -> Result<Exit, CliError> {
    let read = args.one.read().await?;
    let mut body = Map::new();
    body.insert("source".into(), args.source.into());
    body.insert("confidence".into(), code(&args.confidence).into());
    args.one
        .change(&read, Method::POST, "attributions", body)
        .await
}

pub(super) async fn restore(args: RestoreArgs) -> Result<Exit, CliError> {
    let read = args.one.read().await?;
    let request = &read.1.body;
    let items = if args.items.is_empty() {
        let asked = request.items.iter();
        asked
            .filter(|item| item.restoration.as_deref() == Some("asked"))
            .map(|item| item.id.clone())
            .collect()
    } else {
        item_ids(request, &args.items)?
    };
    if items.is_empty() {
        return Err(CliError::input(format!(
            "nothing is asked back in {}; name a link with --item, and --because why your decision was wrong",
            visible(&request.reference)
        )));
    }
    let basis = match (&args.basis, request.kind.as_str()) {
        (Some(basis), _) => basis.as_str(),
        (None, "order") => "law",
        (None, _) => "terms",
    };
    let outcome = args
        .decline
        .as_deref()
        .map_or_else(|| "restored".into(), code);
    let mut decision = json!({ "items": items, "outcome": outcome, "basis": basis });
    if let Some(note) = &args.one.text {
        decision["note"] = note.as_str().into();
        decision["note_language"] = args.one.language.as_str().into();
    }
    let mut body = Map::new();
    body.insert("decisions".into(), json!([decision]));
    if let Some(reason) = &args.because {
        body.insert("reason".into(), code(reason).into());
    }
    args.one
        .change(&read, Method::POST, "decisions", body)
        .await
}

pub(super) async fn restorations(args: RestorationsArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let mut table = Table::new(&["REFERENCE", "STATUS", "WHO ASKS", "WHO IS ASKED", "LINKS"]);
    let mut cursor: Option<String> = None;
    loop {
        let filters = Filters::default()
            .with("restoration", Some("asked"))
            .with("limit", Some("200"))
            .with("cursor", cursor.as_deref());
        let page = client.requests(&filters).await?;
        if args.json {
            let raw: Value = serde_json::from_str(&page.text).unwrap_or_default();
            for request in raw["items"].as_array().into_iter().flatten() {
                output::line(&request.to_string())?;
            }
        }
        for request in &page.body.items {
            let count = request
                .items_count
                .map_or_else(String::new, |n| n.to_string());
            table.row(&[
                &request.reference,
                &request.status,
                &request.agency.name,
                &request.platform.name,
                &count,
            ]);
        }
        cursor = page.body.next;
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
