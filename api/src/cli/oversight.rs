//! `takedown notice`, `takedown scrutiny`, `takedown final`: what other authorities have to do with an order.

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Map, Value, json};
use takedown_core::text::visible;

use super::output::{self, Table};
use super::{CliError, ConnectionArgs, Exit, show};
use crate::client::Client;

/// `takedown notice`.
#[derive(Debug, Subcommand)]
pub enum NoticeCommand {
    /// Tell a platform of procedures and deadlines before a first order (agency).
    Give(GiveArgs),
    /// Those that you gave, or were given.
    List(Common),
    /// Read one; by its platform this is recorded.
    Show(OneArgs),
}

/// `takedown scrutiny`.
#[derive(Debug, Subcommand)]
pub enum ScrutinyCommand {
    /// The orders of other authorities of which you have a copy.
    List(Common),
    /// One of them as the platform sees it.
    Show(OneArgs),
    /// Tell the issuing agency that you mean to find an infringement.
    Announce(ReasonsArgs),
    /// Decide on an order.
    Decide(DecideArgs),
    /// Ask the authority of your country for scrutiny (platform).
    Ask(AskArgs),
    /// Record that you sent the copy of an order by another way (agency).
    Copied(CopiedArgs),
}

/// How the exchange is reached and how it is told.
#[derive(Debug, Args)]
pub struct Common {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

/// One notice, or one copied order.
#[derive(Debug, Args)]
pub struct OneArgs {
    #[command(flatten)]
    common: Common,
    /// Its id (notice_… or req_…)
    #[arg(value_name = "ID")]
    id: String,
}

/// A notice.
#[derive(Debug, Args)]
pub struct GiveArgs {
    #[command(flatten)]
    common: Common,
    /// Who is told (platform_…)
    #[arg(value_name = "PLATFORM")]
    platform: String,
    /// The power under which an order may follow
    #[arg(long, value_name = "ID", default_value = "eu-tco-order")]
    instrument: String,
    /// The procedures and deadlines that apply
    #[arg(long, value_name = "TEXT")]
    text: String,
    /// Language of the text (BCP 47)
    #[arg(long, value_name = "TAG")]
    language: String,
}

/// Reasons of the authority.
#[derive(Debug, Args)]
pub struct ReasonsArgs {
    #[command(flatten)]
    one: OneArgs,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reasons: String,
    /// Language of the reasons (BCP 47)
    #[arg(long, value_name = "TAG")]
    language: String,
}

/// A decision of the authority.
#[derive(Debug, Args)]
pub struct DecideArgs {
    #[command(flatten)]
    reasons: ReasonsArgs,
    /// no_infringement or infringement
    #[arg(long, value_name = "WORD")]
    finding: String,
    /// The reference of the decision
    #[arg(long, value_name = "TEXT")]
    decision: String,
}

/// Which order of one's own, by its id or its reference.
#[derive(Debug, Args)]
pub struct OrderArgs {
    #[command(flatten)]
    common: Common,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
}

/// A request for scrutiny.
#[derive(Debug, Args)]
pub struct AskArgs {
    #[command(flatten)]
    order: OrderArgs,
    /// Whoever put the material there asks through you: when you told him of the order (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    content_provider_told_at: Option<String>,
}

/// A copy that was sent by another way.
#[derive(Debug, Args)]
pub struct CopiedArgs {
    #[command(flatten)]
    order: OrderArgs,
    /// To whom
    #[arg(long, value_name = "NAME")]
    to: String,
    /// When (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    sent_at: String,
}

/// `takedown final`.
#[derive(Debug, Args)]
pub struct FinalArgs {
    #[command(flatten)]
    order: OrderArgs,
    /// appeal_period_expired or confirmed_on_appeal
    #[arg(long, value_name = "WORD")]
    how: String,
    /// Since when (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    at: String,
}

pub(super) async fn notice(command: NoticeCommand) -> Result<Exit, CliError> {
    match command {
        NoticeCommand::Give(args) => {
            let client = args.common.connection.connect()?;
            let text = json!({ "text": args.text, "language": args.language });
            let body =
                json!({ "platform": args.platform, "instrument": args.instrument, "text": text });
            let path = ["v1", "notices"];
            let given = client.raw(Method::POST, &path, &[], Some(body.to_string()));
            let given = given.await?;
            told(&args.common, &given.text, || {
                let from = given.body["order_from"].as_str().map(output::instant);
                output::line(&format!(
                    "{}: given, a first order can follow from {}",
                    cell(&given.body["id"]),
                    from.unwrap_or_default()
                ))
            })
        }
        NoticeCommand::List(common) => {
            let client = common.connection.connect()?;
            let found = client.every(&["v1", "notices"], &[]).await?;
            let columns = ["ID", "AGENCY", "PLATFORM", "INSTRUMENT", "GIVEN", "READ"];
            list(&common, &found, &columns, |notice| {
                vec![
                    cell(&notice["id"]),
                    cell(&notice["agency"]["name"]),
                    cell(&notice["platform"]["name"]),
                    cell(&notice["instrument"]),
                    instant(&notice["given_at"]),
                    instant(&notice["read_at"]),
                ]
            })
        }
        NoticeCommand::Show(args) => {
            let client = args.common.connection.connect()?;
            let path = ["v1", "notices", args.id.as_str()];
            let read = client.raw(Method::GET, &path, &[], None).await?;
            told(&args.common, &read.text, || {
                let notice = &read.body;
                line("Notice", &cell(&notice["id"]))?;
                line("From", &cell(&notice["agency"]["name"]))?;
                line(
                    "Of",
                    &format!("{}, {}", cell(&notice["title"]), cell(&notice["citation"])),
                )?;
                line("Given", &instant(&notice["given_at"]))?;
                line(
                    "First order",
                    &format!("from {}", instant(&notice["order_from"])),
                )?;
                let text = notice["text"]["text"].as_str().unwrap_or_default();
                output::line(&output::indented(text, "  "))
            })
        }
    }
}

pub(super) async fn scrutiny(command: ScrutinyCommand) -> Result<Exit, CliError> {
    match command {
        ScrutinyCommand::List(common) => {
            let client = common.connection.connect()?;
            let found = client.every(&["v1", "scrutinies"], &[]).await?;
            let columns = [
                "ID", "AGENCY", "PLATFORM", "STATUS", "ASKED BY", "UNTIL", "FINDING",
            ];
            list(&common, &found, &columns, |copied| {
                let (order, scrutiny) = (&copied["order"], &copied["scrutiny"]);
                vec![
                    cell(&order["id"]),
                    cell(&order["agency"]["name"]),
                    cell(&order["platform"]["name"]),
                    cell(&order["status"]),
                    cell(&scrutiny["asked_by"]),
                    instant(&scrutiny["decide_until"]),
                    cell(&scrutiny["finding"]),
                ]
            })
        }
        ScrutinyCommand::Show(args) => {
            let client = args.common.connection.connect()?;
            let path = ["v1", "scrutinies", args.id.as_str()];
            let read = client.raw(Method::GET, &path, &[], None).await?;
            told(&args.common, &read.text, || {
                stand(&read.body["order"], &read.body["scrutiny"])?;
                let order = serde_json::from_value(read.body["order"].clone())
                    .map_err(|e| CliError::input(format!("the order cannot be read: {e}")))?;
                output::line(&show::text(&order, false))
            })
        }
        ScrutinyCommand::Announce(args) => {
            let reasons = json!({ "text": args.reasons, "language": args.language });
            let body = json!({ "reasons": reasons });
            act(&args.one, "announcement", &body).await
        }
        ScrutinyCommand::Decide(args) => {
            let given = &args.reasons;
            let reasons = json!({ "text": given.reasons, "language": given.language });
            let body = json!({
                "finding": args.finding.replace('-', "_"), "reasons": reasons, "decision": args.decision,
            });
            act(&given.one, "decision", &body).await
        }
        ScrutinyCommand::Ask(args) => {
            let mut body = Map::new();
            let by = match args.content_provider_told_at {
                Some(at) => {
                    body.insert("informed_at".into(), at.into());
                    "content_provider"
                }
                None => "platform",
            };
            body.insert("by".into(), by.into());
            change(&args.order, "scrutiny-request", &Value::Object(body)).await
        }
        ScrutinyCommand::Copied(args) => {
            let body = json!({ "to": args.to, "sent_at": args.sent_at });
            change(&args.order, "copy", &body).await
        }
    }
}

pub(super) async fn record_final(args: FinalArgs) -> Result<Exit, CliError> {
    let body = json!({ "how": args.how.replace('-', "_"), "final_at": args.at });
    change(&args.order, "finality", &body).await
}

/// Acts as the authority on the version it reads.
async fn act(one: &OneArgs, what: &str, body: &Value) -> Result<Exit, CliError> {
    let client = one.common.connection.connect()?;
    let path = ["v1", "scrutinies", one.id.as_str()];
    let read = client.raw(Method::GET, &path, &[], None).await?;
    put(
        &client,
        &one.common,
        (&path, what),
        read.etag.as_deref(),
        body,
    )
    .await
}

/// Acts as one side on the version it reads.
async fn change(order: &OrderArgs, what: &str, body: &Value) -> Result<Exit, CliError> {
    let client = order.common.connection.connect()?;
    let read = show::find(&client, &order.request).await?;
    let version = format!("\"{}\"", read.body.version);
    let path = ["v1", "requests", read.body.id.as_str()];
    put(&client, &order.common, (&path, what), Some(&version), body).await
}

async fn put(
    client: &Client,
    common: &Common,
    (path, what): (&[&str], &str),
    etag: Option<&str>,
    body: &Value,
) -> Result<Exit, CliError> {
    let path: Vec<&str> = path.iter().copied().chain([what]).collect();
    let reply = client.put_at(&path, etag, body).await?;
    told(common, &reply.text, || {
        let order = match &reply.body["order"] {
            Value::Null => &reply.body,
            order => order,
        };
        stand(order, &reply.body["scrutiny"])
    })
}

/// Where an order and its scrutiny stand.
fn stand(order: &Value, scrutiny: &Value) -> Result<(), CliError> {
    let head = format!("{}  {}", cell(&order["reference"]), cell(&order["id"]));
    line("Order", &format!("{head}, {}", cell(&order["status"])))?;
    for (name, value) in [
        ("Copy", cell(&scrutiny["copy"])),
        ("Copied to", cell(&scrutiny["copied_to"])),
        ("Asked by", cell(&scrutiny["asked_by"])),
        ("Announced", instant(&scrutiny["announced_at"])),
        ("Decide until", instant(&scrutiny["decide_until"])),
        ("Finding", cell(&scrutiny["finding"])),
        ("Final", cell(&order["finality"]["how"])),
    ] {
        if !value.is_empty() {
            line(name, &value)?;
        }
    }
    Ok(())
}

fn told(
    common: &Common,
    exact: &str,
    words: impl FnOnce() -> Result<(), CliError>,
) -> Result<Exit, CliError> {
    if common.json {
        output::exact(exact)?;
    } else {
        words()?;
    }
    Ok(Exit::Done)
}

fn list(
    common: &Common,
    found: &[Value],
    columns: &[&'static str],
    row: impl Fn(&Value) -> Vec<String>,
) -> Result<Exit, CliError> {
    let mut table = Table::new(columns);
    for one in found {
        if common.json {
            output::line(&one.to_string())?;
            continue;
        }
        let cells = row(one);
        table.row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    match (common.json, table.is_empty()) {
        (true, _) => {}
        (false, true) => eprintln!("none"),
        (false, false) => table.print()?,
    }
    Ok(Exit::Done)
}

fn line(name: &str, value: &str) -> Result<(), CliError> {
    output::line(&format!("{name:<13} {}", visible(value)))
}

fn instant(value: &Value) -> String {
    value.as_str().map(output::instant).unwrap_or_default()
}

fn cell(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
