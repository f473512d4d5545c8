//! `takedown monitor`: is anything signed with the unit's key that the unit did not sign?

mod compare;
mod found;
mod sealed;
mod state;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::Utc;
use clap::Args;
use serde_json::Value;
use takedown_core::contact::MailAddress;
use takedown_core::log::{Policy, VerifierKey};

use self::found::{Finding, Mailer};
use self::state::State;
use super::receipts::consistency::Known;
use super::signing::ledger::{self, Line};
use super::{CliError, ConnectionArgs, Exit};
use crate::client::Client;

/// What takes mails over where nothing else is said.
const SENDMAIL: &str = "/usr/sbin/sendmail";

/// `takedown monitor`.
#[derive(Debug, Args)]
#[command(after_help = "\
Compares what the exchange holds under the unit's signature with the ledgers that takedown file --sign, correct --sign and
withdraw --sign write.

  SURPLUS   somebody else signs with the key: revoke it (takedown keys revoke)
  WITHHELD  each use of the keys has a number, and one is not shown
  AGAINST   what is shown contradicts itself or, with --vkey or --policy, the sealed history
  UNPROVEN  for a day a use was not proven to be in the sealed history
  MISSING   signed here and not with the exchange: it was refused, or is not sent yet, or is withheld

With --mail-to each of these but MISSING is told by one mail, once. What was told, what was proven and the newest checkpoint
that was seen are kept beside the first ledger (FILE.monitor, FILE.checkpoint). Made for cron.

Exit codes: 0 both agree; 1 something does not, the exchange cannot be asked, or a mail was not taken over; 2 wrong command line.")]
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
    /// The public key of the log, as you noted it from a place you trust: each use must be in it, under its number
    #[arg(long, value_name = "VKEY")]
    vkey: Option<VerifierKey>,
    /// The same, and whose signatures must be there (c2sp.org/tlog-policy)
    #[arg(long, value_name = "FILE", conflicts_with = "vkey")]
    policy: Option<PathBuf>,
    /// Who is written to (repeat)
    #[arg(long = "mail-to", value_name = "ADDRESS", value_parser = MailAddress::parse)]
    mail_to: Vec<MailAddress>,
    /// What takes a mail over: it reads it on standard input, as sendmail does (/usr/sbin/sendmail unless given)
    #[arg(long, value_name = "PROGRAM", requires = "mail_to")]
    sendmail: Option<PathBuf>,
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
    let unit = unit(&args, &own)?;
    let policy = policy(&args)?;
    let first = args.ledgers.first();
    let first = first.ok_or_else(|| CliError::usage("give --ledger"))?;
    let mut state = State::beside(first)?;
    let client = args.connection.connect()?;
    let uses = shown(&client, &unit, &state).await?;
    let mut found = compare::uses(&own, &uses, &mut state);
    if !args.surplus_only {
        found.extend(compare::missing(&own, &uses));
    }
    // Before anything else is asked for: an exchange that fails then must not keep the alarm from being told.
    let mut done = report(&args, &unit, &found, &mut state);
    let now = Utc::now();
    if policy.is_some() {
        sealed::begin(&uses, &mut state, now);
    }
    done = done.and(state.keep());
    if let Some(policy) = &policy {
        let (more, checked) = match Known::beside(first) {
            Ok(mut known) => {
                let kept = (&mut state, &mut known);
                sealed::check(&client, policy, &uses, kept, now).await
            }
            Err(unreadable) => (Vec::new(), Err(unreadable)),
        };
        let reported = report(&args, &unit, &more, &mut state);
        done = done.and(reported).and(checked);
        found.extend(more);
    }
    // Also when something failed: mails that were taken over shall not leave again, and what was proven is.
    let kept = state.keep();
    eprintln!(
        "{} signed here, {} held by the exchange",
        own.len(),
        uses.len()
    );
    done.and(kept)?;
    Ok(match found.is_empty() {
        true => Exit::Done,
        false => Exit::Refused,
    })
}

/// The uses that the exchange shows. Where a number is not among them it is asked again: while pages are read, others sign.
async fn shown(client: &Client, unit: &str, state: &State) -> Result<Vec<Value>, CliError> {
    let path = ["v1", "agencies", unit, "signing-key-uses"];
    let limit = [("limit".to_owned(), "200".to_owned())];
    let uses = client.every(&path, &limit).await?;
    if compare::gaps(&uses, state).is_empty() {
        return Ok(uses);
    }
    match client.every(&path, &limit).await {
        Ok(again) => Ok(compare::both(uses, again)),
        // Whoever leaves something out and then fails is not believed to have it.
        Err(_) => Ok(uses),
    }
}

/// Prints what was found, and tells of it.
fn report(
    args: &MonitorArgs,
    unit: &str,
    found: &[Finding],
    state: &mut State,
) -> Result<(), CliError> {
    let printed = found
        .iter()
        .try_for_each(|finding| finding.print(args.json));
    // A reader of the output that went away keeps no mail back either.
    tell(args, unit, found, state).and(printed)
}

/// Writes a mail for each finding that is worth one and was not told yet.
fn tell(
    args: &MonitorArgs,
    unit: &str,
    found: &[Finding],
    state: &mut State,
) -> Result<(), CliError> {
    if args.mail_to.is_empty() {
        return Ok(());
    }
    let program = args.sendmail.clone();
    let mailer = Mailer {
        program: program.unwrap_or_else(|| SENDMAIL.into()),
        to: &args.mail_to,
        unit,
    };
    for finding in found.iter().filter(|finding| finding.is_alarming()) {
        if !state.was_told(finding.key()) {
            mailer.send(finding)?;
            state.tell(finding.key());
        }
    }
    Ok(())
}

/// Whose uses are asked for.
fn unit(args: &MonitorArgs, own: &BTreeMap<String, Line>) -> Result<String, CliError> {
    let units: BTreeSet<&str> = own.values().map(|line| line.unit.as_str()).collect();
    match (&args.unit, units.iter().next(), units.len()) {
        (Some(unit), Some(of), 1) if of == unit => Ok(unit.clone()),
        (Some(unit), None, _) => Ok(unit.clone()),
        (None, Some(of), 1) => Ok((*of).to_owned()),
        (_, None, _) => Err(CliError::usage(
            "the ledgers are empty: of which unit are they? give --unit",
        )),
        _ => Err(CliError::usage(
            "the ledgers are of more than one unit; give those of one",
        )),
    }
}

fn policy(args: &MonitorArgs) -> Result<Option<Policy>, CliError> {
    match (&args.policy, &args.vkey) {
        (Some(path), _) => {
            let file = std::fs::read(path).map_err(|e| CliError::file(path.display(), e))?;
            let policy = Policy::parse(&file);
            policy
                .map(Some)
                .map_err(|e| CliError::input(format!("{}: {e}", path.display())))
        }
        (None, Some(key)) => Ok(Some(Policy::of_log(key.clone()))),
        (None, None) => Ok(None),
    }
}
