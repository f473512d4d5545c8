//! `takedown witnesses`: how far each witness of an exchange has signed, and what to do about one that does not.

use clap::Args;
use reqwest::Method;
use serde_json::Value;
use takedown_core::text::visible;

use super::output::{self, Table};
use super::{CliError, ConnectionArgs, Exit};

/// `takedown witnesses`.
#[derive(Debug, Args)]
#[command(after_help = "\
Everybody may ask. What each kind of trouble means, and what to do, is in docs/guides/witness.md. unknown_log says that the
witness was not told of this log: that is no sign of an older database. conflict says that what it signed is not what is here.

Exit codes: 0 each of them signs, or none is asked; 1 one does not, or the exchange cannot be asked; 2 wrong command line.")]
pub struct WitnessesArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Print them as the exchange sends them, one JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: WitnessesArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect_as_nobody()?;
    let log = client.raw(Method::GET, &["v1", "log"], &[], None).await?;
    let log = log.body;
    let none = Vec::new();
    let witnesses = log["witnesses"].as_array().unwrap_or(&none);
    let signed = log["signed"].as_u64().unwrap_or_default();
    if args.json {
        for witness in witnesses {
            output::line(&witness.to_string())?;
        }
    } else if witnesses.is_empty() {
        eprintln!("none is asked");
    } else {
        table(witnesses, signed).print()?;
    }
    for (member, says) in [("waits", "waits"), ("stopped", "STOPPED")] {
        if let Some(why) = log[member].as_str() {
            eprintln!("{says}: {}", visible(why));
        }
    }
    let good = witnesses.iter().all(|witness| witness["problem"].is_null());
    let good = good && log["waits"].is_null() && log["stopped"].is_null();
    Ok(if good { Exit::Done } else { Exit::Refused })
}

fn table(witnesses: &[Value], signed: u64) -> Table {
    let mut table = Table::new(&[
        "witness",
        "signed",
        "behind",
        "last",
        "trouble",
        "what to do",
    ]);
    for witness in witnesses {
        let size = witness["size"].as_u64().unwrap_or_default();
        let problem = &witness["problem"];
        let last = witness["signed_at"].as_str();
        table.row(&[
            word(&witness["name"]),
            &size.to_string(),
            &signed.saturating_sub(size).to_string(),
            &last.map(output::instant).unwrap_or_default(),
            word(&problem["code"]),
            word(&problem["detail"]),
        ]);
    }
    table
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
