//! `takedown verify`: is the history the one that was promised?

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use serde_json::json;
use takedown_core::log::{SignedCheckpoint, VerifierKey};

use super::exchange::location;
use super::{Failed, ended, log_key};
use crate::app::log::{Found, Looked, verify as compute, verify_requests};
use crate::cli::VerifyArgs;
use crate::config::Config;
use crate::store::backend::{Access, snapshot};

/// So many faults are shown; the others are counted.
const SHOWN: usize = 100;

/// `takedown verify`
#[must_use]
pub fn verify(args: &VerifyArgs) -> ExitCode {
    ended(run(args))
}

fn run(args: &VerifyArgs) -> Result<(), Failed> {
    let config = Config::load(args.config.path.as_deref())?;
    let known = match &args.checkpoint {
        Some(path) => {
            let text =
                std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
            let known: SignedCheckpoint = text
                .parse()
                .map_err(|e| format!("{}: {e}", path.display()))?;
            Some(known)
        }
        None => None,
    };
    let mut conn = location(&config).open(Access::Look)?;
    let key: Option<VerifierKey> = match &args.vkey {
        Some(vkey) => Some(vkey.parse().map_err(|e| format!("--vkey: {e}"))?),
        None => log_key::public(&config)?,
    };
    // What this server remembers counts like a checkpoint that was kept.
    let remembered = log_key::memory(&config)?.last();
    let known = known.or(remembered);
    let progress = std::io::stderr().is_terminal() && !args.json;
    let mut faults = Vec::new();
    let mut count = 0_usize;
    let mut say = |found: Found<'_>| match found {
        Found::Progress(entries) if progress => {
            let _ = write!(std::io::stderr(), "\r{entries} entries");
        }
        Found::Progress(_) => {}
        Found::Fault(what) => {
            count += 1;
            if faults.len() < SHOWN {
                faults.push(what.to_owned());
            }
        }
    };
    let looked = compute(&mut conn, key.as_ref(), known.as_ref(), &mut say)?;
    // Of one moment: what is written meanwhile must not be taken for a fault.
    let requests = match args.deep {
        true => Some(snapshot(&mut conn, |conn| verify_requests(conn, &mut say))?),
        false => None,
    };
    if progress {
        let _ = writeln!(std::io::stderr());
    }
    match args.json {
        true => println!(
            "{}",
            report((&looked, requests), key.as_ref(), count, &faults)
        ),
        false => tell((&looked, requests), key.as_ref(), count, &faults),
    }
    match count {
        0 => Ok(()),
        1 => Err("the history is not the one that was written: one thing does not fit".into()),
        n => Err(
            format!("the history is not the one that was written: {n} things do not fit").into(),
        ),
    }
}

fn report(
    (looked, requests): (&Looked, Option<u64>),
    key: Option<&VerifierKey>,
    count: usize,
    faults: &[String],
) -> String {
    json!({
        "entries": looked.entries,
        "signed": looked.signed,
        "waiting": looked.waiting,
        "erased": looked.erased,
        "feed_entries": looked.told,
        "requests": requests,
        "key": key.map(ToString::to_string),
        "faults": count,
        "named": faults,
    })
    .to_string()
}

fn tell(
    (looked, requests): (&Looked, Option<u64>),
    key: Option<&VerifierKey>,
    count: usize,
    faults: &[String],
) {
    for what in faults {
        println!("FAULT    {what}");
    }
    if count > faults.len() {
        println!("         and {} more", count - faults.len());
    }
    println!(
        "entries  {} in the log; {} of them erased, as entries of the log say; {} wait for their place",
        looked.entries, looked.erased, looked.waiting
    );
    println!("signed   {}", looked.signed);
    match key {
        Some(key) => println!("key      {key}"),
        None => {
            println!("key      none is known, so no signature was checked: give it with --vkey")
        }
    }
    println!("feeds    {} entries", looked.told);
    if let Some(requests) = requests {
        println!("requests {requests} computed anew from their entries");
    }
}
