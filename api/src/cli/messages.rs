//! `takedown messages` and `takedown note`: the conversation about a request, and what one side notes for itself.

use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};
use takedown_core::text::visible;

use super::{CliError, ConnectionArgs, Exit, output, show};

/// `takedown messages`.
#[derive(Debug, Args)]
pub struct MessagesArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// Instead: the notes of your own side
    #[arg(long)]
    internal: bool,
    /// Print the JSON as the exchange sends it, one message a line
    #[arg(long)]
    json: bool,
}

/// `takedown note`.
#[derive(Debug, Args)]
pub struct NoteArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// The note; for a note to the other side see `takedown answer --note`
    #[arg(value_name = "TEXT")]
    text: String,
    /// Its language (BCP 47)
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: String,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: MessagesArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let id = show::id_of(&client, &args.request).await?;
    let list = if args.internal {
        "internal-notes"
    } else {
        "messages"
    };
    let found = client.every(&["v1", "requests", &id, list], &[]).await?;
    for message in &found {
        if args.json {
            output::line(&message.to_string())?;
        } else {
            output::exact(&lines(message))?;
        }
    }
    if found.is_empty() && !args.json {
        eprintln!("none");
    }
    Ok(Exit::Done)
}

pub(super) async fn note(args: NoteArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let id = show::id_of(&client, &args.request).await?;
    let path = ["v1", "requests", &id, "internal-notes"];
    let body = json!({ "text": args.text, "language": args.language }).to_string();
    let reply = client.raw(Method::POST, &path, &[], Some(body)).await?;
    if args.json {
        output::exact(&reply.text)?;
    } else {
        output::line(&format!("{}: noted for your own side", visible(&id)))?;
    }
    Ok(Exit::Done)
}

/// A message or a note as a person reads it: who and what, then the words.
fn lines(message: &Value) -> String {
    let member = |name: &str| message[name].as_str().unwrap_or_default();
    let mut head = format!(
        "{}  {}",
        output::instant(member("at")),
        visible(member("id"))
    );
    for name in ["side", "kind", "obstacle"] {
        if let Some(word) = message[name].as_str() {
            head += &format!("  {}", visible(word));
        }
    }
    head += &format!("  ({})", visible(member("language")));
    if let Some(earlier) = message["in_reply_to"].as_str() {
        head += &format!("  replies to {}", visible(earlier));
    }
    let mut text = format!("{head}\n{}\n", output::indented(member("text"), "  "));
    let document = &message["document"];
    if let Some(name) = document["name"].as_str() {
        text += &format!(
            "  document: {}, {} bytes, SHA-256 {}\n",
            visible(name),
            document["bytes"],
            visible(document["sha256"].as_str().unwrap_or_default()),
        );
    }
    text
}
