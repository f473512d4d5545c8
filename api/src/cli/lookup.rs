//! `takedown lookup` and `takedown digests`: whether something was asked about before.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use takedown_core::text::visible;

use super::output::{self, Table};
use super::{CliError, ConnectionArgs, Exit};
use crate::client::wire::Repeat;

/// So many go out in one call.
const AT_ONCE: usize = 1_000;

/// `takedown lookup`.
#[derive(Debug, Args)]
#[command(after_help = "\
Each lookup is recorded in the history of the exchange, with digests in place of the locators.
Two items are the same when their locators differ in nothing but writing: see docs/guides/police-unit.md.")]
pub struct LookupArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// What to look up, as it would be filed; defanged links are understood
    #[arg(value_name = "LOCATOR", required = true)]
    locators: Vec<String>,
    /// What it is: url, account, channel, site, file_hash or listing
    #[arg(long, value_name = "KIND", default_value = "url")]
    kind: String,
    /// The platform it is on (platform_…); needed for a plain name without a host
    #[arg(long, value_name = "ID")]
    platform: Option<String>,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

pub(super) async fn lookup(args: LookupArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    for some in args.locators.chunks(AT_ONCE) {
        let items: Vec<_> = some
            .iter()
            .map(|locator| {
                let mut item = json!({ "locator": locator, "kind": args.kind });
                if let Some(platform) = &args.platform {
                    item["platform"] = json!(platform);
                }
                item
            })
            .collect();
        let reply = client.look_up(&json!({ "items": items })).await?;
        if args.json {
            output::exact(&reply.text)?;
            continue;
        }
        let mut table = Table::new(&[
            "LOCATOR", "YOU", "OTHERS", "LAST", "STATE", "OUTCOME", "IMPORTED",
        ]);
        for (item, locator) in reply.body.items.iter().zip(some) {
            row(&mut table, item, locator);
        }
        table.print()?;
        for join in reply
            .body
            .items
            .iter()
            .filter_map(|item| item.join.as_ref())
        {
            output::line(&visible(join))?;
        }
    }
    Ok(Exit::Done)
}

fn row(table: &mut Table, item: &Repeat, locator: &str) {
    let times = |times: Option<u64>| times.map_or_else(|| "–".to_owned(), |n| n.to_string());
    let own = item.own.as_ref();
    let newest = own.and_then(|own| own.requests.first());
    let foreign = item.elsewhere.as_ref();
    // Of several the one that was asked last; one's own is told to the second, so it goes first on the same day.
    let own_last = newest
        .map(|request| request.filed_at.as_str())
        .unwrap_or_default();
    let foreign_last = foreign.map(|e| e.last_on.as_str()).unwrap_or_default();
    let own_is_last = own_last.get(..10).unwrap_or_default() >= foreign_last;
    let (last, state, outcome) = match (newest, foreign) {
        (Some(own), _) if own_is_last => (
            output::instant(&own.filed_at),
            own.status.clone(),
            own.outcome.clone(),
        ),
        (_, Some(foreign)) => (
            foreign.last_on.clone(),
            foreign.state.clone(),
            foreign.outcome.clone(),
        ),
        _ => ("–".into(), "not asked".into(), None),
    };
    let mut others = times(foreign.map(|e| e.times));
    if let Some(foreign) = foreign.filter(|e| !e.agencies.is_empty()) {
        let names: Vec<&str> = foreign.agencies.iter().map(|a| a.name.as_str()).collect();
        others += &format!(" ({})", names.join(", "));
    }
    table.row(&[
        &output::inert(locator, item.defanged.as_deref()),
        &times(own.map(|own| own.times)),
        &others,
        &last,
        &state,
        outcome.as_deref().unwrap_or("–"),
        &item.imported.as_ref().map_or_else(
            || "–".to_owned(),
            |told| format!("{}, last on {}", told.times, told.last_on),
        ),
    ]);
}

/// What a filing is told of one of its items, in lines.
pub(super) fn warning(repeat: &Repeat) -> String {
    let times = |n: u64| {
        if n == 1 {
            "once".to_owned()
        } else {
            format!("{n} times")
        }
    };
    let mut text = format!("  link {} was asked about before:", repeat.position);
    let mut parts = Vec::new();
    if let Some(own) = &repeat.own {
        let newest = own.requests.first().map_or_else(String::new, |request| {
            let outcome = request.outcome.as_deref().unwrap_or("no outcome yet");
            format!(
                ", last {} ({}, {outcome})",
                request.reference, request.status
            )
        });
        parts.push(format!(" by you {}{newest}", times(own.times)));
    }
    if let Some(foreign) = &repeat.elsewhere {
        let names: Vec<&str> = foreign.agencies.iter().map(|a| a.name.as_str()).collect();
        let who = if names.is_empty() {
            String::new()
        } else {
            format!(", among them {}", names.join(", "))
        };
        let outcome = foreign
            .outcome
            .as_deref()
            .map_or_else(String::new, |code| format!(", {code}"));
        parts.push(format!(
            " by others {}{who}, last on {} ({}{outcome})",
            times(foreign.times),
            foreign.last_on,
            foreign.state
        ));
    }
    if let Some(told) = &repeat.imported {
        parts.push(format!(
            " in your imported records {}, last on {}",
            times(told.times),
            told.last_on
        ));
    }
    text += &parts.join(";");
    let mut text = visible(&text).into_owned();
    if let Some(join) = &repeat.join {
        text += &format!("\n    {}", visible(join));
    }
    text
}

/// `takedown digests`.
#[derive(Debug, Args)]
#[command(after_help = "\
The files stay where they are: only their SHA-256 digests are sent. Nothing is matched or removed by itself.")]
pub struct DigestsArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Files whose digests are looked up
    #[arg(value_name = "FILE", required_unless_present = "sha256")]
    files: Vec<PathBuf>,
    /// A SHA-256 digest as 64 hexadecimal digits; may be given many times
    #[arg(long, value_name = "HEX")]
    sha256: Vec<String>,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

pub(super) async fn digests(args: DigestsArgs) -> Result<Exit, CliError> {
    let mut wanted: Vec<(String, String)> = Vec::new();
    for file in &args.files {
        let digest = digest_of(file)
            .map_err(|error| CliError::input(format!("{}: {error}", file.display())))?;
        wanted.push((file.display().to_string(), digest));
    }
    for digest in &args.sha256 {
        wanted.push((digest.clone(), digest.clone()));
    }
    let client = args.connection.connect()?;
    for some in wanted.chunks(AT_ONCE) {
        let digests: Vec<&str> = some.iter().map(|(_, digest)| digest.as_str()).collect();
        let reply = client
            .look_up_digests(&json!({ "digests": digests }))
            .await?;
        if args.json {
            output::exact(&reply.text)?;
            continue;
        }
        let mut table = Table::new(&["FILE", "REQUEST", "ITEM", "FILED", "STATUS", "OUTCOME"]);
        for (found, (name, _)) in reply.body.items.iter().zip(some) {
            if found.matches.is_empty() {
                table.row(&[name, "never asked about", "", "", "", ""]);
            }
            for one in &found.matches {
                table.row(&[
                    name,
                    &one.reference,
                    &one.position.to_string(),
                    &output::instant(&one.filed_at),
                    &one.status,
                    one.outcome.as_deref().unwrap_or("–"),
                ]);
            }
            if found.more {
                table.row(&[name, "and older ones", "", "", "", ""]);
            }
        }
        table.print()?;
    }
    Ok(Exit::Done)
}

pub(super) fn digest_of(file: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(file)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
