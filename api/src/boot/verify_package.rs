//! `takedown verify PACKAGE`: is a package what it says? Needs neither a server nor a network.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use serde_json::json;
use takedown_core::log::{Policy, SignedCheckpoint};
use takedown_core::package::Withheld;
use takedown_core::time::rfc3339;

use super::Failed;
use super::verify::{policy_of, trusted, vkey};
use crate::cli::VerifyArgs;
use crate::package::{Checked, Opened, Told, check};

/// So many faults are shown; the others are counted.
const SHOWN: usize = 100;
/// Progress is shown when so many bytes more were looked at.
const STEP: u64 = 1 << 20;

pub(super) fn run(path: &Path, args: &VerifyArgs) -> Result<(), Failed> {
    let policy = policy(args)?;
    let known = super::verify::kept(args)?;
    let named = |error: std::io::Error| format!("{}: {error}", path.display());
    let file = Opened::open(path).map_err(named)?;
    let progress = std::io::stderr().is_terminal() && !args.json;
    let (mut faults, mut count, mut shown) = (Vec::new(), 0_usize, 0);
    let checked = check(&file, &policy, known.as_ref(), &mut |told| match told {
        Told::Progress(seen, of) if progress && seen >= shown + STEP => {
            shown = seen;
            let percent = (seen.saturating_mul(100) / of.max(1)).min(100);
            let _ = write!(std::io::stderr(), "\r{percent:>3} %");
        }
        Told::Progress(..) => {}
        Told::Fault(fault) => {
            count += 1;
            if faults.len() < SHOWN {
                faults.push(fault.clone());
            }
        }
    })
    .map_err(named)?;
    if progress {
        let _ = write!(std::io::stderr(), "\r     \r");
    }
    let named: Vec<serde_json::Value> = faults
        .iter()
        .map(|fault| {
            json!({
                "member": fault.member.map(|member| member.as_str()),
                "line": fault.line,
                "what": fault.what,
            })
        })
        .collect();
    if args.json {
        println!("{}", report(&checked, known.as_ref(), count, &named));
    } else {
        faults.iter().for_each(|fault| println!("FAULT    {fault}"));
        if count > faults.len() {
            println!("         and {} more", count - faults.len());
        }
        tell(&checked, known.as_ref(), count);
    }
    match count {
        0 => Ok(()),
        1 => Err("the package is not what it says: one thing does not fit".into()),
        n => Err(format!("the package is not what it says: {n} things do not fit").into()),
    }
}

fn policy(args: &VerifyArgs) -> Result<Policy, Failed> {
    let (key, policy) = (vkey(args)?, policy_of(args)?);
    // Which of several logs it is, the package says.
    if let (None, Some(policy)) = (&key, &policy)
        && !policy.logs().is_empty()
    {
        return Ok(policy.clone());
    }
    match trusted(key, policy, None)? {
        (_, Some(policy)) => Ok(policy),
        (Some(key), None) => Ok(Policy::of_log(key)),
        (None, None) => Err(
            "whom do you trust? Give the public key of the log with --vkey, from a place that the exchange cannot change, or a policy with --policy"
                .into(),
        ),
    }
}

fn by_why(withheld: &BTreeMap<Withheld, u64>) -> BTreeMap<&'static str, u64> {
    withheld
        .iter()
        .map(|(why, count)| (why.as_str(), *count))
        .collect()
}

fn report(
    checked: &Checked,
    known: Option<&SignedCheckpoint>,
    count: usize,
    named: &[serde_json::Value],
) -> String {
    let manifest = checked.manifest.as_ref();
    json!({
        "origin": checked.origin,
        "continues": known.map(|_| count == 0),
        "size": checked.size,
        "witnesses": checked.witnesses,
        "export": manifest.map(|manifest| manifest.export),
        "made_at": manifest.map(|manifest| rfc3339(manifest.made_at)),
        "scope": manifest.map(|manifest| manifest.made_for.scope.clone()),
        "complete": manifest.map(|manifest| manifest.complete),
        "rows": checked.rows,
        "requests": checked.requests,
        "entries": checked.entries,
        "withheld": by_why(&checked.withheld),
        "withheld_beside_requests": checked.beside,
        "faults": count,
        "named": named,
    })
    .to_string()
}

fn tell(checked: &Checked, known: Option<&SignedCheckpoint>, count: usize) {
    if let Some(manifest) = &checked.manifest {
        println!("export   {} of {}", manifest.export, manifest.exchange);
        println!(
            "made     {} for {} ({})",
            rfc3339(manifest.made_at),
            manifest.made_for.role,
            manifest.made_for.scope
        );
        for (name, value) in &manifest.filter {
            println!("filter   {name} = {}", takedown_core::text::visible(value));
        }
    }
    if checked.size > 0 {
        println!("log      {}, {} entries", checked.origin, checked.size);
    }
    for witness in &checked.witnesses {
        println!("witness  {witness}");
    }
    println!("rows     {} of {} requests", checked.rows, checked.requests);
    println!("entries  {} shown and proven", checked.entries);
    for (why, count) in by_why(&checked.withheld) {
        println!("withheld {count} ({why})");
    }
    if let Some(known) = known.filter(|_| count == 0) {
        let size = known.checkpoint().size();
        println!("kept     it continues the checkpoint of {size} entries that was kept");
    }
    if count > 0 {
        return;
    }
    if let Some(manifest) = &checked.manifest {
        println!(
            "proven   {}",
            match manifest.complete {
                true =>
                    "every entry of the log up to this tree is shown or named as withheld, and every request that is shown has its rows",
                false =>
                    "every entry of these requests is shown or named as withheld; whether others match the filter is not proven",
            }
        );
        if checked.beside > 0 {
            println!(
                "assumed  {} withheld entries are of no request: that is the exchange's word, and not proven",
                checked.beside
            );
        }
    }
}
