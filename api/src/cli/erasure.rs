//! `takedown erase` and `takedown hold`: destroying what a request was about, and keeping it whatever its time.

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::json;
use takedown_core::text::visible;

use super::output;
use super::{CliError, ConnectionArgs, Exit, show};
use crate::client::Client;
use crate::client::wire::Request;

/// `takedown erase`.
#[derive(Debug, Args)]
#[command(after_help = "\
Words, locators, documents and notes are gone for good; what became of each link, times, file numbers and counts stay.
A request is erased by itself when its time is over (docs/retention.md); this is for what has to go before.
For 180 days after it was closed or withdrawn that takes --reason unlawful or legal-obligation, and --reference.

Exit codes: 0 done, 1 refused or failed, 2 wrong command line.")]
pub struct EraseArgs {
    #[command(flatten)]
    one: Which,
    /// no_longer_needed, unlawful or legal_obligation
    #[arg(long, value_name = "REASON")]
    reason: String,
    /// The file number of whoever found or ordered that; it stays in the history
    #[arg(long, value_name = "TEXT")]
    reference: Option<String>,
    /// Nothing brings it back: say that this is meant
    #[arg(long)]
    for_good: bool,
}

/// `takedown hold`.
#[derive(Debug, Subcommand)]
pub enum HoldCommand {
    /// Keep a request whatever its time; say why. The other side does not see it.
    Place(PlaceArgs),
    /// Whether your side holds a request.
    Show(Which),
    /// Need it no longer.
    Lift(Which),
}

/// Why a request is kept.
#[derive(Debug, Args)]
pub struct PlaceArgs {
    #[command(flatten)]
    one: Which,
    /// Why, for your own side
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Which request.
#[derive(Debug, Args)]
pub struct Which {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

impl Which {
    async fn read(&self) -> Result<(Client, Request), CliError> {
        let client = self.connection.connect()?;
        let request = show::find(&client, &self.request).await?;
        Ok((client, request.body))
    }
}

pub(super) async fn erase(args: EraseArgs) -> Result<Exit, CliError> {
    if !args.for_good {
        return Err(CliError::usage(
            "nothing brings back what is erased: add --for-good if this is meant",
        ));
    }
    let (client, request) = args.one.read().await?;
    let mut body = json!({ "reason": args.reason.replace('-', "_") });
    if let Some(reference) = args.reference {
        body["reference"] = reference.into();
    }
    let version = format!("\"{}\"", request.version);
    let reply = client
        .mend(Method::POST, &request.id, "erasure", &version, &body)
        .await?;
    if args.one.json {
        output::exact(&reply.text)?;
        return Ok(Exit::Done);
    }
    output::line(&format!(
        "{}: erased, version {}",
        visible(&reply.body.reference),
        reply.body.version
    ))?;
    Ok(Exit::Done)
}

pub(super) async fn hold(command: HoldCommand) -> Result<Exit, CliError> {
    match command {
        HoldCommand::Place(args) => {
            let body = json!({ "reason": args.reason }).to_string();
            said(&args.one, Method::PUT, Some(body)).await
        }
        HoldCommand::Show(one) => said(&one, Method::GET, None).await,
        HoldCommand::Lift(one) => {
            let (client, request) = one.read().await?;
            let path = ["v1", "requests", &request.id, "hold"];
            client.raw(Method::DELETE, &path, &[], None).await?;
            output::line(&format!(
                "{}: not held any more",
                visible(&request.reference)
            ))?;
            Ok(Exit::Done)
        }
    }
}

async fn said(one: &Which, method: Method, body: Option<String>) -> Result<Exit, CliError> {
    let (client, request) = one.read().await?;
    let path = ["v1", "requests", &request.id, "hold"];
    let reply = client.raw(method, &path, &[], body).await?;
    if one.json {
        output::exact(&reply.text)?;
        return Ok(Exit::Done);
    }
    let text = |member: &str| reply.body[member].as_str().unwrap_or_default();
    output::line(&format!(
        "{}: held since {}: {}",
        visible(&request.reference),
        output::instant(text("placed_at")),
        visible(text("reason"))
    ))?;
    Ok(Exit::Done)
}
