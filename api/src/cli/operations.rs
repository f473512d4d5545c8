//! `takedown operations`: requests that belong together over several platforms.

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Map, Value, json};
use takedown_core::text::visible;

use super::output::{self, Table};
use super::{CliError, ConnectionArgs, Exit, show};
use crate::client::Client;

/// Most rows in one answer.
const PAGE: &str = "200";

/// `takedown operations`.
#[derive(Debug, Subcommand)]
pub enum OperationsCommand {
    /// Those that your agency leads, has joined or is invited to, with their progress.
    List(ListArgs),
    /// One operation: who works on it, how far it is, and where each request stands.
    Show(OneArgs),
    /// Begin one; your agency leads it.
    New(NewArgs),
    /// Put requests of your own into one.
    Add(AddArgs),
    /// Invite another agency (lead).
    Invite(AgencyArgs),
    /// End another agency's part (lead).
    Remove(AgencyArgs),
    /// Accept an invitation.
    Join(OneArgs),
    /// Decline an invitation, or leave.
    Leave(OneArgs),
}

/// Every operations command.
#[derive(Debug, Args)]
pub struct Common {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

/// Which operations.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    common: Common,
    /// Those of exactly this label
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
    /// The one that has this request
    #[arg(long, value_name = "REQUEST")]
    request: Option<String>,
    /// lead, joined or invited
    #[arg(long, value_name = "WORD")]
    membership: Option<String>,
}

/// One operation.
#[derive(Debug, Args)]
pub struct OneArgs {
    #[command(flatten)]
    common: Common,
    /// Its id (op_…)
    #[arg(value_name = "OPERATION")]
    id: String,
}

/// A new operation.
#[derive(Debug, Args)]
pub struct NewArgs {
    #[command(flatten)]
    common: Common,
    /// What you call it
    #[arg(value_name = "LABEL")]
    label: String,
    /// Request it begins with, REQUEST or REQUEST=ROLE (repeat)
    #[arg(long = "request", value_name = "REQUEST[=ROLE]")]
    requests: Vec<String>,
}

/// Requests for an operation.
#[derive(Debug, Args)]
pub struct AddArgs {
    #[command(flatten)]
    one: OneArgs,
    /// REQUEST or REQUEST=ROLE; roles: site, host, registrar, promoter, mirror, other
    #[arg(value_name = "REQUEST[=ROLE]", required = true)]
    requests: Vec<String>,
}

/// Another agency.
#[derive(Debug, Args)]
pub struct AgencyArgs {
    #[command(flatten)]
    one: OneArgs,
    /// Its id (agency_…)
    #[arg(value_name = "AGENCY")]
    agency: String,
}

pub(super) async fn run(command: OperationsCommand) -> Result<Exit, CliError> {
    match command {
        OperationsCommand::List(args) => list(args).await,
        OperationsCommand::Show(args) => show(&args).await,
        OperationsCommand::New(args) => {
            let requests = requests(&args.common, &args.requests).await?;
            let body = json!({ "label": args.label, "requests": requests });
            call(&args.common, Method::POST, &[], Some(body)).await
        }
        OperationsCommand::Add(args) => {
            let requests = requests(&args.one.common, &args.requests).await?;
            let body = json!({ "requests": requests });
            let path = [args.one.id.as_str(), "requests"];
            call(&args.one.common, Method::POST, &path, Some(body)).await
        }
        OperationsCommand::Invite(args) => {
            let body = json!({ "agency": args.agency });
            let path = [args.one.id.as_str(), "agencies"];
            call(&args.one.common, Method::POST, &path, Some(body)).await
        }
        OperationsCommand::Remove(args) => {
            let path = [args.one.id.as_str(), "agencies", args.agency.as_str()];
            call(&args.one.common, Method::DELETE, &path, None).await
        }
        OperationsCommand::Join(args) => membership(&args, true).await,
        OperationsCommand::Leave(args) => membership(&args, false).await,
    }
}

async fn membership(args: &OneArgs, joins: bool) -> Result<Exit, CliError> {
    let body = json!({ "joins": joins });
    let path = [args.id.as_str(), "membership"];
    call(&args.common, Method::PUT, &path, Some(body)).await
}

async fn requests(common: &Common, given: &[String]) -> Result<Vec<Value>, CliError> {
    let client = common.connection.connect()?;
    let mut requests = Vec::new();
    for one in given {
        let (request, role) = match one.split_once('=') {
            Some((request, role)) => (request, Some(role)),
            None => (one.as_str(), None),
        };
        requests.push(json!({ "id": identifier(&client, request).await?, "role": role }));
    }
    Ok(requests)
}

/// The identifier of a request that was named by it or by its reference.
async fn identifier(client: &Client, request: &str) -> Result<String, CliError> {
    if request.starts_with("req_") {
        return Ok(request.to_owned());
    }
    Ok(show::find(client, request).await?.body.id)
}

async fn list(args: ListArgs) -> Result<Exit, CliError> {
    let client = args.common.connection.connect()?;
    let request = match &args.request {
        Some(request) => Some(identifier(&client, request).await?),
        None => None,
    };
    let mut query = Vec::new();
    for (name, value) in [
        ("label", args.label),
        ("request", request),
        ("membership", args.membership),
    ] {
        query.extend(value.map(|value| (name.to_owned(), value)));
    }
    let operations = pages(&client, &["v1", "operations"], &query).await?;
    if args.common.json {
        for operation in &operations {
            output::line(&operation.to_string())?;
        }
        return Ok(Exit::Done);
    }
    if operations.is_empty() {
        eprintln!("none");
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&[
        "ID",
        "LABEL",
        "LEAD",
        "YOU",
        "REQUESTS",
        "OPEN",
        "ITEMS",
        "UNDECIDED",
        "OVERDUE",
    ]);
    for operation in &operations {
        let progress = &operation["progress"];
        table.row(&[
            &cell(&operation["id"]),
            &cell(&operation["label"]),
            &cell(&operation["lead"]["name"]),
            &cell(&operation["membership"]),
            &cell(&progress["requests"]),
            &cell(&progress["open"]),
            &cell(&progress["items"]),
            &cell(&progress["undecided"]),
            &cell(&progress["overdue"]),
        ]);
    }
    table.print()?;
    Ok(Exit::Done)
}

async fn show(args: &OneArgs) -> Result<Exit, CliError> {
    let client = args.common.connection.connect()?;
    let path = ["v1", "operations", args.id.as_str()];
    let reply = client.raw(Method::GET, &path, &[], None).await?;
    if args.common.json {
        output::exact(&reply.text)?;
        return Ok(Exit::Done);
    }
    print(&reply.body)?;
    if reply.body["progress"].is_null() {
        return Ok(Exit::Done);
    }
    let path = ["v1", "operations", args.id.as_str(), "requests"];
    let requests = pages(&client, &path, &[]).await?;
    if requests.is_empty() {
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&[
        "REFERENCE",
        "ID",
        "ROLE",
        "AGENCY",
        "PLATFORM",
        "STATUS",
        "RESULT",
        "ITEMS",
        "UNDECIDED",
        "DUE",
    ]);
    for request in &requests {
        let due = request["due_at"].as_str().map(output::instant);
        table.row(&[
            &cell(&request["reference"]),
            &cell(&request["id"]),
            &cell(&request["role"]),
            &cell(&request["agency"]["name"]),
            &cell(&request["platform"]["name"]),
            &cell(&request["status"]),
            &cell(&request["result"]),
            &cell(&request["items_count"]),
            &cell(&request["undecided_count"]),
            &due.unwrap_or_default(),
        ]);
    }
    output::line("")?;
    table.print()?;
    Ok(Exit::Done)
}

async fn call(
    common: &Common,
    method: Method,
    path: &[&str],
    body: Option<Value>,
) -> Result<Exit, CliError> {
    let client = common.connection.connect()?;
    let mut whole = vec!["v1", "operations"];
    whole.extend_from_slice(path);
    let body = body.map(|body| body.to_string());
    let reply = client.raw(method, &whole, &[], body).await?;
    if common.json {
        output::exact(&reply.text)?;
    } else {
        print(&reply.body)?;
    }
    Ok(Exit::Done)
}

/// An operation in lines; what is not told is left out.
fn print(operation: &Value) -> Result<(), CliError> {
    let Some(id) = operation["id"].as_str() else {
        return output::line("done");
    };
    line("Operation", &format!("{id}  {}", cell(&operation["label"])))?;
    if operation["lead"].is_object() {
        line("Lead", &cell(&operation["lead"]["name"]))?;
    }
    for member in operation["members"].as_array().into_iter().flatten() {
        let name = cell(&member["agency"]["name"]);
        line("With", &format!("{name} ({})", cell(&member["membership"])))?;
    }
    let progress = &operation["progress"];
    let Some(counts) = progress.as_object() else {
        return Ok(());
    };
    for (name, heading) in [
        ("requests", "Requests"),
        ("open", "Open"),
        ("items", "Items"),
        ("undecided", "Undecided"),
        ("due", "Deadlines"),
        ("overdue", "Overdue"),
    ] {
        line(heading, &cell(&progress[name]))?;
    }
    if let Some(next) = progress["next_due_at"].as_str() {
        line("Next", &output::instant(next))?;
    }
    for (name, heading) in [
        ("by_status", "By status"),
        ("by_result", "By result"),
        ("by_outcome", "By outcome"),
        ("by_role", "By role"),
    ] {
        if let Some(words) = counts[name].as_object().filter(|words| !words.is_empty()) {
            line(heading, &tally(words))?;
        }
    }
    Ok(())
}

fn tally(words: &Map<String, Value>) -> String {
    let counted = words.iter().map(|(word, count)| format!("{word} {count}"));
    counted.collect::<Vec<_>>().join(", ")
}

fn line(name: &str, value: &str) -> Result<(), CliError> {
    output::line(&format!("{name:<11} {}", visible(value)))
}

/// A value of an answer as a cell of a table.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Every row of a list, over all its pages.
pub(super) async fn pages(
    client: &Client,
    path: &[&str],
    query: &[(String, String)],
) -> Result<Vec<Value>, CliError> {
    let mut rows = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut query = query.to_vec();
        query.push(("limit".to_owned(), PAGE.to_owned()));
        query.extend(cursor.take().map(|at| ("cursor".to_owned(), at)));
        let reply = client.raw(Method::GET, path, &query, None).await?;
        rows.extend(reply.body["items"].as_array().cloned().unwrap_or_default());
        match reply.body["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return Ok(rows),
        }
    }
}
