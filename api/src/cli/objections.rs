//! `takedown tombstone`, `objections` and `objection answer`: what a platform tells an uploader it does not know, what he
//! objects to, and what he is answered.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::{Value, json};
use takedown_core::text::visible;

use super::texts::SavedArgs;
use super::{CliError, ConnectionArgs, Exit, output, show};

/// `takedown tombstone`.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints the page that stands in the place of what you acted on: who asked, on which basis, what the uploader can do, and a code
by which he objects without an account. While a non-disclosure holds it names neither authority, law nor request. The HTTP
status and the headers to send with it go to standard error.

  takedown tombstone 7K3F9-QMD2A-X --item 1 --language de --html > removed.html

Exit codes: 0 done, 1 refused or nothing stands in its place, 2 wrong command line.")]
pub struct TombstoneArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// The link, by its number
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    item: u64,
    /// The uploader's language: en, ar, fr, de, pl; that of the link unless said
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// The HTTP status you want to send it with; refused when it would say something untrue
    #[arg(long, value_name = "STATUS")]
    status: Option<u16>,
    /// Print it as a page instead of plain text
    #[arg(long, conflicts_with = "json")]
    html: bool,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

/// `takedown objections`.
#[derive(Debug, Args)]
pub struct ObjectionsArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference; all your requests unless said
    #[arg(value_name = "REQUEST")]
    request: Option<String>,
    /// Only those that are not answered yet
    #[arg(long)]
    open: bool,
    /// Print the JSON as the exchange sends it, one objection a line
    #[arg(long)]
    json: bool,
}

/// `takedown objection`.
#[derive(Debug, Subcommand)]
pub enum ObjectionCommand {
    /// Answer one; another answer takes the place of the first.
    Answer(Box<AnswerArgs>),
}

/// `takedown objection answer`.
#[derive(Debug, Args)]
pub struct AnswerArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// Id (obj_…), see `takedown objections`
    #[arg(value_name = "OBJECTION")]
    objection: String,
    /// How you decided
    #[arg(long, value_name = "OUTCOME", value_parser = ["upheld", "partly_upheld", "rejected", "inadmissible"])]
    outcome: String,
    /// What the uploader reads; whoever has the code can read it too, so name nobody
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["file", "saved"], required_unless_present_any = ["file", "saved"])]
    text: Option<String>,
    /// File with the text (- for standard input)
    #[arg(long, value_name = "FILE", conflicts_with = "saved")]
    file: Option<PathBuf>,
    /// Its language (BCP 47)
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: String,
    /// Put the link back with it (upheld, partly_upheld)
    #[arg(long)]
    restore: bool,
    #[command(flatten)]
    saved: SavedArgs,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

pub(super) async fn tombstone(args: TombstoneArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let request = show::find(&client, &args.request).await?.body;
    let item = request.items.iter().find(|item| item.position == args.item);
    let item = item.ok_or_else(|| {
        CliError::input(format!(
            "there is no link {}; the request has {}",
            args.item,
            request.items.len()
        ))
    })?;
    let query: Vec<(String, String)> = [
        ("language", args.language),
        ("status", args.status.map(|status| status.to_string())),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect();
    let path = [
        "v1",
        "requests",
        &request.id,
        "items",
        &item.id,
        "tombstone",
    ];
    let reply = client.raw(Method::GET, &path, &query, None).await?;
    let page = &reply.body;
    if args.json {
        output::exact(&reply.text)?;
        return Ok(Exit::Done);
    }
    let member = if args.html { "html" } else { "text" };
    output::exact(page[member].as_str().unwrap_or_default())?;
    remarks(page);
    Ok(Exit::Done)
}

/// What goes with the page: to standard error, so that the page alone can be sent into a file.
fn remarks(page: &Value) {
    let text = |value: &Value| visible(value.as_str().unwrap_or_default()).into_owned();
    match page["http_status"].as_u64() {
        Some(status) => eprintln!("status {status}"),
        None => eprintln!("no status: the link itself stays, show this to the uploader"),
    }
    for header in page["headers"].as_array().into_iter().flatten() {
        eprintln!("{}: {}", text(&header["name"]), text(&header["value"]));
    }
    if page["disclosed"] == json!(false) {
        let until = output::instant(page["withheld_until"].as_str().unwrap_or_default());
        eprintln!(
            "a non-disclosure holds until {until}: the page says no more, and has no code; ask again then"
        );
    }
    let wanted = page["wanted_language"].as_str();
    let primary = wanted.and_then(|tag| tag.split('-').next());
    if primary.is_some_and(|tag| page["language"] != json!(tag)) {
        eprintln!(
            "there is no text in {}; this is {}",
            text(&page["wanted_language"]),
            text(&page["language"])
        );
    }
}

pub(super) async fn list(args: ObjectionsArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let id = match &args.request {
        Some(request) => Some(show::id_of(&client, request).await?),
        None => None,
    };
    let path: Vec<&str> = match &id {
        Some(id) => vec!["v1", "requests", id, "objections"],
        None => vec!["v1", "objections"],
    };
    let open = args.open.then(|| ("open".to_owned(), "true".to_owned()));
    let query: Vec<_> = open.into_iter().collect();
    let found = client.every(&path, &query).await?;
    for objection in &found {
        if args.json {
            output::line(&objection.to_string())?;
        } else {
            output::exact(&lines(objection))?;
        }
    }
    if found.is_empty() && !args.json {
        eprintln!("none");
    }
    Ok(Exit::Done)
}

/// An objection as a person reads it.
fn lines(objection: &Value) -> String {
    let of = |value: &Value| visible(value.as_str().unwrap_or_default()).into_owned();
    let words = |value: &Value| match value["text"].as_str() {
        Some(text) => format!(
            "{} ({})\n",
            output::indented(text, "  "),
            of(&value["language"])
        ),
        None => String::new(),
    };
    let mut text = format!(
        "{}  {}  {}  {}\n{}",
        output::instant(objection["made_at"].as_str().unwrap_or_default()),
        of(&objection["id"]),
        of(&objection["request"]),
        of(&objection["item"]),
        words(&objection["text"]),
    );
    let answer = &objection["answer"];
    if answer.is_null() {
        return text + "  not answered yet\n";
    }
    let restored = if answer["restored"] == json!(true) {
        ", put back"
    } else {
        ""
    };
    text += &format!(
        "  {}  {}{restored}\n{}",
        output::instant(answer["at"].as_str().unwrap_or_default()),
        of(&answer["outcome"]),
        words(&answer["text"]),
    );
    text
}

pub(super) async fn answer(command: ObjectionCommand) -> Result<Exit, CliError> {
    let ObjectionCommand::Answer(args) = command;
    let client = args.connection.connect()?;
    let id = show::id_of(&client, &args.request).await?;
    let (text, language) = match (args.saved.words(&client).await?, args.text, &args.file) {
        (Some(saved), _, _) => (saved.text, saved.language),
        (None, Some(text), _) => (text, args.language),
        (None, None, Some(path)) => (super::file::text_of(path)?, args.language),
        (None, None, None) => return Err(CliError::usage("give --text, --file or --saved")),
    };
    let body = json!({
        "outcome": args.outcome, "text": text, "language": language, "restore": args.restore,
    });
    let path = [
        "v1",
        "requests",
        &id,
        "objections",
        &args.objection,
        "outcome",
    ];
    let reply = client
        .raw(Method::PUT, &path, &[], Some(body.to_string()))
        .await?;
    if args.json {
        output::exact(&reply.text)?;
    } else {
        output::exact(&lines(&reply.body))?;
    }
    Ok(Exit::Done)
}
