//! What the three registries have in common.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use reqwest::Method;
use serde_json::{Map, Value, json};
use takedown_core::text::visible;

use crate::cli::output::{self, Table};
use crate::cli::{CliError, ConnectionArgs, Exit};
use crate::client::Reply;

/// Most rows in one answer.
const PAGE: &str = "200";

/// Every registry command.
#[derive(Debug, Args)]
pub struct Common {
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    pub(super) json: bool,
}

/// One entry by id.
#[derive(Debug, Args)]
pub struct OneArgs {
    #[command(flatten)]
    pub(super) common: Common,
    /// Its id
    #[arg(value_name = "ID")]
    pub(super) id: String,
}

/// A list.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub(super) common: Common,
}

/// A suspension.
#[derive(Debug, Args)]
pub struct SuspendArgs {
    #[command(flatten)]
    pub(super) one: OneArgs,
    /// Why; kept in the history
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,
}

/// A change.
#[derive(Debug, Args)]
pub struct SetArgs {
    #[command(flatten)]
    pub(super) one: OneArgs,
    /// JSON file with the members to change (- for standard input)
    #[arg(long, value_name = "FILE")]
    pub(super) from: PathBuf,
}

/// Where a registry is, and which members its table shows.
pub(super) struct Registry {
    /// Path segment after `/v1/`.
    pub(super) path: &'static str,
    /// Heading and member of each column.
    pub(super) columns: &'static [(&'static str, &'static str)],
}

impl Registry {
    /// Lists everything, page by page.
    pub(super) async fn list(&self, args: &ListArgs) -> Result<Exit, CliError> {
        let client = args.common.connection.connect()?;
        let headings: Vec<&str> = self.columns.iter().map(|(heading, _)| *heading).collect();
        let mut table = Table::new(&headings);
        let mut cursor: Option<String> = None;
        loop {
            let mut query = vec![("limit".to_owned(), PAGE.to_owned())];
            query.extend(cursor.take().map(|at| ("cursor".to_owned(), at)));
            let reply = client
                .raw(Method::GET, &["v1", self.path], &query, None)
                .await?;
            let items = reply.body["items"].as_array().cloned().unwrap_or_default();
            for item in &items {
                if args.common.json {
                    output::line(&item.to_string())?;
                } else {
                    let cells: Vec<String> =
                        self.columns.iter().map(|(_, m)| cell(item, m)).collect();
                    table.row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
                }
            }
            match reply.body["next"].as_str() {
                Some(next) if !items.is_empty() => cursor = Some(next.to_owned()),
                _ => break,
            }
        }
        if args.common.json {
            return Ok(Exit::Done);
        }
        if table.is_empty() {
            eprintln!("none");
            return Ok(Exit::Done);
        }
        table.print()?;
        Ok(Exit::Done)
    }

    /// Shows one.
    pub(super) async fn show(&self, args: &OneArgs) -> Result<Exit, CliError> {
        self.call(&args.common, Method::GET, &[&args.id], None)
            .await
    }

    /// Shows how its requests fared.
    pub(super) async fn record(&self, args: &OneArgs) -> Result<Exit, CliError> {
        let path = [args.id.as_str(), "record"];
        self.call(&args.common, Method::GET, &path, None).await
    }

    /// Registers one.
    pub(super) async fn add(&self, common: &Common, body: Value) -> Result<Exit, CliError> {
        self.call(common, Method::POST, &[], Some(body)).await
    }

    /// Changes the members given.
    pub(super) async fn set(&self, args: &SetArgs) -> Result<Exit, CliError> {
        let body = read(&args.from)?;
        self.call(&args.one.common, Method::PATCH, &[&args.one.id], Some(body))
            .await
    }

    /// Suspends one, at once.
    pub(super) async fn suspend(&self, args: &SuspendArgs) -> Result<Exit, CliError> {
        let body = json!({ "reason": args.reason });
        let path = [args.one.id.as_str(), "suspension"];
        self.call(&args.one.common, Method::PUT, &path, Some(body))
            .await
    }

    /// Ends a suspension.
    pub(super) async fn resume(&self, args: &OneArgs) -> Result<Exit, CliError> {
        let path = [args.id.as_str(), "suspension"];
        self.call(&args.common, Method::DELETE, &path, None).await
    }

    /// One call below this registry, its answer printed.
    pub(super) async fn call(
        &self,
        common: &Common,
        method: Method,
        path: &[&str],
        body: Option<Value>,
    ) -> Result<Exit, CliError> {
        print(common, &self.send(common, method, path, body).await?)?;
        Ok(Exit::Done)
    }

    pub(super) async fn send(
        &self,
        common: &Common,
        method: Method,
        path: &[&str],
        body: Option<Value>,
    ) -> Result<Reply<Value>, CliError> {
        let client = common.connection.connect()?;
        let mut whole = vec!["v1", self.path];
        whole.extend_from_slice(path);
        let body = body.map(|body| body.to_string());
        Ok(client.raw(method, &whole, &[], body).await?)
    }
}

/// Prints an answer: as it came, or one member a line.
pub(super) fn print(common: &Common, reply: &Reply<Value>) -> Result<(), CliError> {
    if common.json {
        return output::exact(&reply.text);
    }
    let Some(members) = reply.body.as_object() else {
        return output::line("done");
    };
    for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        output::line(&format!("{:<20} {}", visible(name), shown(value)))?;
    }
    Ok(())
}

/// A value in words; instants keep their form, because a person may copy them.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => visible(text).into_owned(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => visible(&other.to_string()).into_owned(),
    }
}

/// A member by its dotted name.
fn cell(item: &Value, member: &str) -> String {
    let value = member
        .split('.')
        .fold(item, |value, name| value.get(name).unwrap_or(&Value::Null));
    shown(value)
}

/// A JSON object from a file.
pub(super) fn read(path: &Path) -> Result<Value, CliError> {
    let place = path.display().to_string();
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|e| CliError::file(&place, e))?;
    let object: Map<String, Value> = serde_json::from_str(&text)
        .map_err(|e| CliError::input(format!("{place} holds one JSON object: {e}")))?;
    Ok(Value::Object(object))
}

/// An object of the members that were given.
pub(super) fn members<const N: usize>(given: [(&str, Option<Value>); N]) -> Value {
    given
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect::<Map<_, _>>()
        .into()
}

/// A flag's text as a JSON value.
pub(super) fn text(value: &Option<String>) -> Option<Value> {
    value.clone().map(Value::String)
}

/// A repeated flag as a JSON array; nothing when it was not given.
pub(super) fn list(values: &[String]) -> Option<Value> {
    (!values.is_empty()).then(|| values.into())
}
