//! `takedown monitor`: is anything signed with the unit's key that the unit did not sign?

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use takedown_core::text::visible;

use super::signing::ledger::{self, Line};
use super::{CliError, ConnectionArgs, Exit, output};

/// `takedown monitor`.
#[derive(Debug, Args)]
#[command(after_help = "\
Compares what the exchange holds under the unit's signature with the ledgers that takedown file --sign, correct --sign and
withdraw --sign write. SURPLUS: somebody else signs with the key; revoke it (takedown keys revoke). MISSING: signed here
and not with the exchange; it was refused, or is not sent yet, or is withheld.

Exit codes: 0 both agree, 1 something is surplus or missing, or the exchange cannot be asked, 2 wrong command line.")]
pub struct MonitorArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Ledger of the unit (repeat): one for each machine that signs
    #[arg(long = "ledger", value_name = "FILE", required = true)]
    ledgers: Vec<PathBuf>,
    /// The agency, when its ledgers are empty still
    #[arg(long, value_name = "ID")]
    unit: Option<String>,
    /// Say nothing of what is missing
    #[arg(long)]
    surplus_only: bool,
    /// One JSON object for each difference
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: MonitorArgs) -> Result<Exit, CliError> {
    let mut own: BTreeMap<String, Line> = BTreeMap::new();
    for place in &args.ledgers {
        let lines = ledger::read(place)?;
        own.extend(lines.into_iter().map(|line| (line.digest.clone(), line)));
    }
    let units: BTreeSet<&str> = own.values().map(|line| line.unit.as_str()).collect();
    let unit = match (&args.unit, units.iter().next(), units.len()) {
        (Some(unit), Some(of), 1) if of == unit => unit.clone(),
        (Some(unit), None, _) => unit.clone(),
        (None, Some(of), 1) => (*of).to_owned(),
        (_, None, _) => {
            return Err(CliError::usage(
                "the ledgers are empty: of which unit are they? give --unit",
            ));
        }
        _ => {
            return Err(CliError::usage(
                "the ledgers are of more than one unit; give those of one",
            ));
        }
    };
    let client = args.connection.connect()?;
    let limit = [("limit".to_owned(), "200".to_owned())];
    let uses = client
        .every(&["v1", "agencies", &unit, "signing-key-uses"], &limit)
        .await?;
    let mut differences = 0;
    let mut held = BTreeSet::new();
    for one in &uses {
        let digest = one["digest"].as_str().unwrap_or_default();
        held.insert(digest.to_owned());
        if !own.contains_key(digest) {
            differences += 1;
            surplus(one, args.json)?;
        }
    }
    if !args.surplus_only {
        for line in own.values().filter(|line| !held.contains(&line.digest)) {
            differences += 1;
            missing(line, args.json)?;
        }
    }
    eprintln!(
        "{} signed here, {} held by the exchange",
        own.len(),
        uses.len()
    );
    Ok(if differences == 0 {
        Exit::Done
    } else {
        Exit::Refused
    })
}

fn surplus(one: &Value, as_json: bool) -> Result<(), CliError> {
    if as_json {
        return output::line(&json!({ "surplus": one }).to_string());
    }
    let text = |name: &str| visible(one[name].as_str().unwrap_or_default()).into_owned();
    output::line(&format!(
        "SURPLUS  {} of {} at {}, by the key {}: the unit did not sign it (digest {})",
        text("act"),
        text("request"),
        output::instant(one["at"].as_str().unwrap_or_default()),
        text("kid"),
        text("digest"),
    ))
}

fn missing(line: &Line, as_json: bool) -> Result<(), CliError> {
    if as_json {
        return output::line(&json!({ "missing": line }).to_string());
    }
    output::line(&format!(
        "MISSING  {} to {}, signed at {}: the exchange does not hold it (digest {})",
        visible(&line.act),
        visible(&line.audience),
        output::instant(&line.at),
        visible(&line.digest),
    ))
}
