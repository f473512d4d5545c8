//! `takedown text`: saved reasons and answers, and how other commands use them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Map, Value, json};
use takedown_core::text::visible;

use super::output::{self, Table};
use super::{CliError, ConnectionArgs, Exit};
use crate::client::Client;
use crate::client::wire::Text;

/// `takedown text`.
#[derive(Debug, Subcommand)]
pub enum TextCommand {
    /// Save a text under a name; a text of that name is replaced.
    Save(SaveArgs),
    /// All your texts.
    List(ListArgs),
    /// Print one with its placeholders.
    Show(OneArgs),
    /// Print one with its placeholders filled.
    Fill(FillArgs),
    /// Remove one; what was written with its help stays as it was sent.
    Remove(OneArgs),
}

/// A text to be saved.
#[derive(Debug, Args)]
#[command(after_help = "\
A placeholder is written {{case_number}}: lower-case letters, digits and underscores. All are filled before the text is sent.")]
pub struct SaveArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// What you call it
    #[arg(value_name = "NAME")]
    name: String,
    /// The text
    #[arg(
        long,
        value_name = "TEXT",
        conflicts_with = "file",
        required_unless_present = "file"
    )]
    text: Option<String>,
    /// File with the text (- for standard input)
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Its language (BCP 47)
    #[arg(long, value_name = "TAG")]
    language: String,
}

/// All texts.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Print the JSON as the exchange sends it, one text a line
    #[arg(long)]
    json: bool,
}

/// One text.
#[derive(Debug, Args)]
pub struct OneArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// What you call it
    #[arg(value_name = "NAME")]
    name: String,
}

/// One text and what stands in for its placeholders.
#[derive(Debug, Args)]
pub struct FillArgs {
    #[command(flatten)]
    one: OneArgs,
    /// What stands in for a placeholder (repeat)
    #[arg(long = "value", value_name = "NAME=TEXT", value_parser = value)]
    values: Vec<(String, String)>,
}

/// A saved text in place of words on the command line.
#[derive(Debug, Default, Clone, Args)]
#[command(next_help_heading = "With a saved text")]
pub struct SavedArgs {
    /// Take the words and their language from your saved text of this name
    #[arg(long, value_name = "NAME")]
    saved: Option<String>,
    /// What stands in for one of its placeholders (repeat)
    #[arg(long = "value", value_name = "NAME=TEXT", value_parser = value, requires = "saved")]
    values: Vec<(String, String)>,
}

impl SavedArgs {
    /// Whether one was asked for.
    pub(super) fn is_given(&self) -> bool {
        self.saved.is_some()
    }

    /// The words, every placeholder filled.
    pub(super) async fn words(&self, client: &Client) -> Result<Option<Text>, CliError> {
        match &self.saved {
            Some(name) => filled(client, name, &self.values).await.map(Some),
            None => Ok(None),
        }
    }
}

fn value(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').ok_or(
        "give the placeholder's name and what stands in for it, for instance case_number=12",
    )?;
    Ok((pair.0.to_owned(), pair.1.to_owned()))
}

pub(super) async fn run(command: TextCommand) -> Result<Exit, CliError> {
    match command {
        TextCommand::Save(args) => save(args).await?,
        TextCommand::List(args) => list(args).await?,
        TextCommand::Show(args) => {
            let client = args.connection.connect()?;
            let text = find(&client, &args.name).await?;
            let words = text["text"].as_str().unwrap_or_default();
            output::line(&output::indented(words, ""))?;
        }
        TextCommand::Fill(args) => {
            let client = args.one.connection.connect()?;
            let text = filled(&client, &args.one.name, &args.values).await?;
            output::line(&output::indented(&text.text, ""))?;
        }
        TextCommand::Remove(args) => {
            let client = args.connection.connect()?;
            let text = find(&client, &args.name).await?;
            let id = text["id"].as_str().unwrap_or_default();
            client
                .raw(Method::DELETE, &["v1", "texts", id], &[], None)
                .await?;
            output::line(&format!("{}: removed", visible(&args.name)))?;
        }
    }
    Ok(Exit::Done)
}

async fn save(args: SaveArgs) -> Result<(), CliError> {
    let text = match (args.text, &args.file) {
        (Some(text), _) => text,
        (None, Some(path)) => super::file::text_of(path)?,
        (None, None) => return Err(CliError::usage("give --text or --file")),
    };
    let client = args.connection.connect()?;
    let body = json!({ "name": args.name, "text": text, "language": args.language }).to_string();
    let before = client.saved_text(&args.name).await?;
    let reply = match before.as_ref().and_then(|text| text["id"].as_str()) {
        Some(id) => {
            let path = ["v1", "texts", id];
            client.raw(Method::PUT, &path, &[], Some(body)).await?
        }
        None => {
            let path = ["v1", "texts"];
            client.raw(Method::POST, &path, &[], Some(body)).await?
        }
    };
    let names = names(&reply.body);
    let names = if names.is_empty() {
        "without placeholders".to_owned()
    } else {
        format!("to be filled: {names}")
    };
    output::line(&format!(
        "{}: saved, version {}, {names}",
        visible(&args.name),
        reply.body["version"]
    ))
}

async fn list(args: ListArgs) -> Result<(), CliError> {
    let client = args.connection.connect()?;
    let found = client.every(&["v1", "texts"], &[]).await?;
    let mut table = Table::new(&["NAME", "LANGUAGE", "PLACEHOLDERS", "SAVED"]);
    for text in &found {
        if args.json {
            output::line(&text.to_string())?;
            continue;
        }
        let member = |name: &str| text[name].as_str().unwrap_or_default();
        let saved = output::instant(member("updated_at"));
        table.row(&[member("name"), member("language"), &names(text), &saved]);
    }
    match (args.json, table.is_empty()) {
        (true, _) => {}
        (false, true) => eprintln!("none"),
        (false, false) => table.print()?,
    }
    Ok(())
}

fn names(text: &Value) -> String {
    let names = text["placeholders"].as_array().into_iter().flatten();
    let names: Vec<&str> = names.filter_map(Value::as_str).collect();
    visible(&names.join(", ")).into_owned()
}

async fn find(client: &Client, name: &str) -> Result<Value, CliError> {
    let found = client.saved_text(name).await?;
    found.ok_or_else(|| {
        CliError::input(format!(
            "you have no saved text of the name {}; see `takedown text list`",
            visible(name)
        ))
    })
}

async fn filled(
    client: &Client,
    name: &str,
    values: &[(String, String)],
) -> Result<Text, CliError> {
    let text = find(client, name).await?;
    let id = text["id"].as_str().unwrap_or_default();
    let mut given = Map::new();
    for (name, value) in values {
        if given.insert(name.clone(), value.as_str().into()).is_some() {
            let says = format!("--value {}: given twice", visible(name));
            return Err(CliError::usage(says));
        }
    }
    Ok(client.filled(id, &given).await?.body)
}
