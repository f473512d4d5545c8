//! `takedown reads`: who was handed content of a request.

use clap::Args;
use serde_json::Value;
use takedown_core::text::visible;

use super::output::{self, Table};
use super::{CliError, ConnectionArgs, Exit, show};

/// `takedown reads`.
#[derive(Debug, Args)]
#[command(after_help = "\
You see the reads of your own side, an auditor those of every side. The list shows no content, so that looking at it is no read.

Exit codes: 0 done, 1 refused or failed, 2 wrong command line.")]
pub struct ReadsArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// Print the JSON as the exchange sends it, one read a line
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: ReadsArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let id = show::id_of(&client, &args.request).await?;
    let found = client.every(&["v1", "requests", &id, "reads"], &[]).await?;
    if args.json {
        for read in &found {
            output::line(&read.to_string())?;
        }
        return Ok(Exit::Done);
    }
    if found.is_empty() {
        eprintln!("none");
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&["at", "side", "who", "client", "via", "read", "version"]);
    for read in &found {
        let by = &read["by"];
        let version = read["version"].as_i64();
        table.row(&[
            &output::instant(word(&read["at"])),
            &visible(word(&by["side"])),
            &visible(word(&by["name"])),
            &visible(word(&by["client"])),
            &visible(word(&by["via"])),
            &what(read),
            &version
                .map(|version| version.to_string())
                .unwrap_or_default(),
        ]);
    }
    table.print()?;
    Ok(Exit::Done)
}

/// Which part, or the message that a document came with.
fn what(read: &Value) -> String {
    let part = read["content"].as_str();
    let part = part.map(str::to_owned);
    let part = part.unwrap_or_else(|| format!("document {}", word(&read["message"])));
    visible(&part).into_owned()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
