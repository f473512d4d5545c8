//! `takedown webhooks`: addresses that are told of what comes into one's inbox.

use clap::{Args, Subcommand, ValueEnum};
use reqwest::Method;
use serde_json::{Map, Value, json};
use takedown_core::text::visible;

use super::output::{self, Table};
use super::{CliError, ConnectionArgs, Exit};
use crate::client::Client;

/// `takedown webhooks`.
#[derive(Debug, Subcommand)]
pub enum WebhooksCommand {
    /// Register an address; prints its secret, once.
    Add(AddArgs),
    /// All your webhooks.
    List(AllArgs),
    /// One webhook in full.
    Show(OneArgs),
    /// Change where one leads, what it is called, or whether it is told of events.
    Change(ChangeArgs),
    /// Give one a new secret and key; the ones before sign as well for 24 hours.
    Rotate(RotateArgs),
    /// Send one a message that tells nothing.
    Test(OneArgs),
    /// What one was sent, newest first, and what it answered.
    Deliveries(DeliveriesArgs),
    /// Send again: one message, or all since a time.
    Replay(ReplayArgs),
    /// Remove one, and what is known of its deliveries.
    Remove(OneArgs),
    /// Which webhooks of all parties work (operator).
    Health(AllArgs),
}

/// A new webhook.
#[derive(Debug, Args)]
pub struct AddArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Where it leads: https, port 443, reachable on the Internet
    #[arg(value_name = "URL")]
    url: String,
    /// What you call it
    #[arg(long, value_name = "TEXT", default_value = "")]
    description: String,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

/// A list.
#[derive(Debug, Args)]
pub struct AllArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Print the JSON as the exchange sends it, one a line
    #[arg(long)]
    json: bool,
}

/// One webhook.
#[derive(Debug, Args)]
pub struct OneArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Its identifier, webhook_...
    #[arg(value_name = "WEBHOOK")]
    id: String,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

/// Whether it is told of events.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Status {
    /// It is, also of all that happened since it stopped.
    Active,
    /// It is not.
    Disabled,
}

/// What is to become of one.
#[derive(Debug, Args)]
pub struct ChangeArgs {
    #[command(flatten)]
    one: OneArgs,
    /// Where it leads from now on
    #[arg(long, value_name = "URL", required_unless_present_any = ["description", "status"])]
    url: Option<String>,
    /// What you call it
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Whether it is told of events
    #[arg(long, value_name = "STATUS", value_enum)]
    status: Option<Status>,
}

/// New keys.
#[derive(Debug, Args)]
pub struct RotateArgs {
    #[command(flatten)]
    one: OneArgs,
    /// End the older ones at once: they may be in foreign hands
    #[arg(long)]
    revoke_old: bool,
}

/// What it was sent.
#[derive(Debug, Args)]
pub struct DeliveriesArgs {
    #[command(flatten)]
    one: OneArgs,
    /// Only those that stand there: pending, delivered or failed
    #[arg(long, value_name = "STATUS", value_parser = ["pending", "delivered", "failed"])]
    status: Option<String>,
}

/// What is to be sent again.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    #[command(flatten)]
    one: OneArgs,
    /// One message, evt_...
    #[arg(long, value_name = "MESSAGE", required_unless_present = "since")]
    message: Option<String>,
    /// All that happened since then (RFC 3339)
    #[arg(long, value_name = "TIME", conflicts_with = "message")]
    since: Option<String>,
}

pub(super) async fn run(command: WebhooksCommand) -> Result<Exit, CliError> {
    match command {
        WebhooksCommand::Add(args) => add(args).await?,
        WebhooksCommand::List(args) => list(args).await?,
        WebhooksCommand::Show(args) => show(&args).await?,
        WebhooksCommand::Change(args) => change(args).await?,
        WebhooksCommand::Rotate(args) => {
            let body = json!({ "revoke_old": args.revoke_old });
            let made = post(&args.one, "keys", Some(body)).await?;
            with_secret(&made.0, &made.1, args.one.json)?;
        }
        WebhooksCommand::Test(args) => {
            let (text, sent) = post(&args, "tests", None).await?;
            if args.json {
                output::exact(&text)?;
            } else {
                output::line(&format!("{} is on its way", member(&sent, "message")))?;
            }
        }
        WebhooksCommand::Deliveries(args) => deliveries(args).await?,
        WebhooksCommand::Replay(args) => {
            let body = json!({ "message": args.message, "since": args.since });
            let (text, sent) = post(&args.one, "replays", Some(body)).await?;
            if args.one.json {
                output::exact(&text)?;
            } else {
                output::line(&format!("{} to be sent again", sent["messages"]))?;
            }
        }
        WebhooksCommand::Remove(args) => {
            let client = args.connection.connect()?;
            let path = ["v1", "webhooks", &args.id];
            client.raw(Method::DELETE, &path, &[], None).await?;
            output::line(&format!("{}: removed", visible(&args.id)))?;
        }
        WebhooksCommand::Health(args) => health(args).await?,
    }
    Ok(Exit::Done)
}

async fn add(args: AddArgs) -> Result<(), CliError> {
    let client = args.connection.connect()?;
    let body = json!({ "url": args.url, "description": args.description }).to_string();
    let path = ["v1", "webhooks"];
    let made = client.raw(Method::POST, &path, &[], Some(body)).await?;
    with_secret(&made.text, &made.body, args.json)
}

/// The secret goes to standard output alone, so that it can be piped to where it is kept.
fn with_secret(text: &str, made: &Value, json: bool) -> Result<(), CliError> {
    if json {
        return output::exact(text);
    }
    let newest = made["keys"].as_array().and_then(|keys| keys.last());
    let public = newest.map(|key| member(key, "public_key"));
    eprintln!("webhook    {}", member(made, "id"));
    eprintln!("public key {}", public.unwrap_or_default());
    eprintln!("the secret, shown this once:");
    output::line(&member(made, "secret"))
}

async fn list(args: AllArgs) -> Result<(), CliError> {
    let client = args.connection.connect()?;
    let found = client.every(&["v1", "webhooks"], &[]).await?;
    let heading = [
        "WEBHOOK",
        "STATUS",
        "TOLD TO",
        "FAILURES",
        "URL",
        "DESCRIPTION",
    ];
    table(&found, args.json, &heading, |webhook| {
        vec![
            member(webhook, "id"),
            status(webhook),
            webhook["position"].to_string(),
            webhook["failures"].to_string(),
            member(webhook, "url"),
            member(webhook, "description"),
        ]
    })
}

async fn show(args: &OneArgs) -> Result<(), CliError> {
    let client = args.connection.connect()?;
    let path = ["v1", "webhooks", &args.id];
    let webhook = client.raw(Method::GET, &path, &[], None).await?;
    shown(&webhook.text, &webhook.body, args.json)
}

fn shown(text: &str, webhook: &Value, json: bool) -> Result<(), CliError> {
    if json {
        return output::exact(text);
    }
    let at = |name: &str| output::instant(webhook[name].as_str().unwrap_or("never"));
    output::line(&format!("{}  {}", member(webhook, "id"), status(webhook)))?;
    output::line(&format!("  leads to        {}", member(webhook, "url")))?;
    output::line(&format!(
        "  called          {}",
        member(webhook, "description")
    ))?;
    output::line(&format!("  told up to      {}", webhook["position"]))?;
    output::line(&format!("  last delivered  {}", at("delivered_at")))?;
    output::line(&format!(
        "  failures        {} in a row  {}",
        webhook["failures"],
        member(webhook, "last_error")
    ))?;
    for key in webhook["keys"].as_array().into_iter().flatten() {
        let end = match key["expires_at"].as_str() {
            Some(at) => format!("until {}", output::instant(at)),
            None => "present".to_owned(),
        };
        output::line(&format!(
            "  key             {}  {end}",
            member(key, "public_key")
        ))?;
    }
    Ok(())
}

async fn change(args: ChangeArgs) -> Result<(), CliError> {
    let client = args.one.connection.connect()?;
    let mut body = Map::new();
    let status = args.status.map(|status| match status {
        Status::Active => "active".to_owned(),
        Status::Disabled => "disabled".to_owned(),
    });
    for (name, value) in [
        ("url", args.url),
        ("description", args.description),
        ("status", status),
    ] {
        if let Some(value) = value {
            body.insert(name.to_owned(), value.into());
        }
    }
    let body = Value::Object(body).to_string();
    let path = ["v1", "webhooks", &args.one.id];
    let webhook = client.raw(Method::PATCH, &path, &[], Some(body)).await?;
    shown(&webhook.text, &webhook.body, args.one.json)
}

async fn deliveries(args: DeliveriesArgs) -> Result<(), CliError> {
    let client = args.one.connection.connect()?;
    let path = ["v1", "webhooks", &args.one.id, "deliveries"];
    let query: Vec<_> = args
        .status
        .map(|s| ("status".to_owned(), s))
        .into_iter()
        .collect();
    let found = client.every(&path, &query).await?;
    let heading = [
        "MESSAGE", "POSITION", "EVENT", "STATUS", "TRIED", "ANSWERED", "WHY",
    ];
    table(&found, args.one.json, &heading, |one| {
        let number = |name: &str| {
            one[name]
                .as_i64()
                .map_or_else(String::new, |n| n.to_string())
        };
        vec![
            member(one, "message"),
            number("position"),
            member(one, "event"),
            member(one, "status"),
            number("attempts"),
            number("http_status"),
            member(one, "error"),
        ]
    })
}

async fn health(args: AllArgs) -> Result<(), CliError> {
    let client = args.connection.connect()?;
    let found = client.every(&["v1", "webhook-health"], &[]).await?;
    let heading = [
        "WEBHOOK", "PARTY", "HOST", "STATUS", "WAITING", "FAILURES", "WHY",
    ];
    table(&found, args.json, &heading, |one| {
        vec![
            member(one, "id"),
            member(one, "party"),
            member(one, "host"),
            status(one),
            one["waiting"].to_string(),
            one["failures"].to_string(),
            member(one, "last_error"),
        ]
    })
}

fn table(
    found: &[Value],
    json: bool,
    heading: &[&str],
    row: impl Fn(&Value) -> Vec<String>,
) -> Result<(), CliError> {
    let mut table = Table::new(heading);
    for one in found {
        if json {
            output::line(&one.to_string())?;
            continue;
        }
        let cells = row(one);
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        table.row(&cells);
    }
    match (json, table.is_empty()) {
        (true, _) => Ok(()),
        (false, true) => {
            eprintln!("none");
            Ok(())
        }
        (false, false) => table.print(),
    }
}

async fn post(
    args: &OneArgs,
    what: &str,
    body: Option<Value>,
) -> Result<(String, Value), CliError> {
    let client: Client = args.connection.connect()?;
    let path = ["v1", "webhooks", &args.id, what];
    let body = body.map(|body| body.to_string());
    let reply = client.raw(Method::POST, &path, &[], body).await?;
    Ok((reply.text, reply.body))
}

fn status(webhook: &Value) -> String {
    match webhook["disabled_reason"].as_str() {
        Some(reason) => format!("{} ({})", member(webhook, "status"), visible(reason)),
        None => member(webhook, "status"),
    }
}

fn member(of: &Value, name: &str) -> String {
    visible(of[name].as_str().unwrap_or_default()).into_owned()
}
