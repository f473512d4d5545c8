//! `takedown verify`: is the history the one that was promised?

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use serde_json::json;
use takedown_core::log::{Policy, SignedCheckpoint, VerifierKey};
use takedown_core::time::rfc3339;

use super::exchange::location;
use super::{Failed, ended, log_key};
use crate::app::log::{
    Found, Judged, Looked, Recomputed, Without, verify as compute, verify_requests, witnessed,
};
use crate::cli::{Unwitnessed, VerifyArgs};
use crate::config::Config;
use crate::store::backend::{Access, snapshot};

/// So many faults are shown; the others are counted.
const SHOWN: usize = 100;

/// The exit code when all of it fits, and more is without witnesses than was allowed.
const TOO_FEW_WITNESSES: u8 = 11;

/// `takedown verify`
#[must_use]
pub fn verify(args: &VerifyArgs) -> ExitCode {
    match run(args) {
        Ok(Fits::Enough) => ExitCode::SUCCESS,
        Ok(Fits::TooFewWitnesses(why)) => {
            eprintln!("error: {why}");
            ExitCode::from(TOO_FEW_WITNESSES)
        }
        Err(error) => ended(Err(error)),
    }
}

/// What there is to say of a history that fits.
enum Fits {
    Enough,
    /// More is without witnesses than was allowed.
    TooFewWitnesses(String),
}

fn run(args: &VerifyArgs) -> Result<Fits, Failed> {
    if let Some(path) = &args.package {
        super::verify_package::run(path, args)?;
        return Ok(Fits::Enough);
    }
    let config = Config::load(args.config.path.as_deref())?;
    let known = kept(args)?;
    let mut conn = location(&config).open(Access::Look)?;
    let (given, policy) = (vkey(args)?, policy_of(args)?);
    let (key, policy) = trusted(given, policy, log_key::public(&config)?)?;
    // What this server remembers counts like a checkpoint that was kept.
    let remembered = log_key::memory(&config)?.last();
    let kept = known.clone();
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
    let project = crate::http::v1::requests::file::project;
    // Of one moment: what is written meanwhile must not be taken for a fault.
    let (looked, requests, witnessed) = snapshot(&mut conn, |conn| {
        let looked = compute(conn, key.as_ref(), known.as_ref(), project, &mut say)?;
        let requests = args.deep.then(|| verify_requests(conn, &mut say));
        let witnessed = policy.as_ref().map(|policy| witnessed(conn, policy));
        Ok((looked, requests.transpose()?, witnessed.transpose()?))
    })?;
    if progress {
        let _ = writeln!(std::io::stderr());
    }
    let stored = witnessed.as_ref().map(|(judged, _)| judged);
    for what in unwitnessed(policy.as_ref(), stored, kept.as_ref()) {
        count += 1;
        faults.push(what);
    }
    match args.json {
        true => println!(
            "{}",
            report(
                (&looked, requests),
                key.as_ref(),
                witnessed.as_ref(),
                (count, faults.as_slice())
            )
        ),
        false => {
            tell((&looked, requests), key.as_ref(), count, &faults);
            if let Some((judged, without)) = &witnessed {
                tell_of_witnesses(judged, without);
            }
        }
    }
    match count {
        0 => Ok(enough(args.max_unwitnessed, witnessed.as_ref())),
        1 => Err("the history is not the one that was written: one thing does not fit".into()),
        n => Err(
            format!("the history is not the one that was written: {n} things do not fit").into(),
        ),
    }
}

/// Whether no more is without witnesses than was allowed.
fn enough(most: Option<Unwitnessed>, witnessed: Option<&(Judged, Without)>) -> Fits {
    let (Some(most), Some((_, without))) = (most, witnessed) else {
        return Fits::Enough;
    };
    let age = without.since.map(|since| chrono::Utc::now() - since);
    let age = age.map(|age| age.to_std().unwrap_or_default());
    let (enough, asked) = match most {
        Unwitnessed::Entries(most) => (without.entries <= most, format!("{most} entries")),
        Unwitnessed::Age(most) => (
            age.is_none_or(|age| age <= most),
            format!("entries of the last {} seconds", most.as_secs()),
        ),
    };
    match enough {
        true => Fits::Enough,
        false => Fits::TooFewWitnesses(format!(
            "everything fits, but {without}; at most {asked} may be"
        )),
    }
}

/// The checkpoint that was kept, if one was given.
pub(super) fn kept(args: &VerifyArgs) -> Result<Option<SignedCheckpoint>, Failed> {
    let Some(path) = &args.checkpoint else {
        return Ok(None);
    };
    let failed = |why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let text = std::fs::read_to_string(path).map_err(|e| failed(&e))?;
    Ok(Some(text.parse().map_err(|e| failed(&e))?))
}

/// The key of the log that was given.
pub(super) fn vkey(args: &VerifyArgs) -> Result<Option<VerifierKey>, Failed> {
    let given = args.vkey.as_deref();
    let parsed = given.map(|vkey| vkey.parse().map_err(|e| format!("--vkey: {e}")));
    Ok(parsed.transpose()?)
}

/// The policy that was given.
pub(super) fn policy_of(args: &VerifyArgs) -> Result<Option<Policy>, Failed> {
    let Some(path) = &args.policy else {
        return Ok(None);
    };
    let file = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let policy = Policy::parse(&file).map_err(|e| format!("{}:\n{e}", path.display()))?;
    Ok(Some(policy))
}

/// The key of the log and the policy that trusts it. A policy may leave the log out, as far as its key is known otherwise.
pub(super) fn trusted(
    given: Option<VerifierKey>,
    policy: Option<Policy>,
    own: Option<VerifierKey>,
) -> Result<(Option<VerifierKey>, Option<Policy>), Failed> {
    let Some(policy) = policy else {
        return Ok((given.or(own), None));
    };
    let logs = policy.logs();
    let Some(key) = given.or_else(|| match logs {
        [] => own.clone(),
        [only] => Some(only.key.clone()),
        several => own
            .clone()
            .filter(|own| several.iter().any(|log| log.key == *own)),
    }) else {
        return Err("which log of the policy is it? Give its key with --vkey".into());
    };
    if logs.iter().any(|log| log.key == key) {
        return Ok((Some(key), Some(policy)));
    }
    match logs.is_empty() {
        true => Ok((Some(key.clone()), Some(policy.with_log(key)))),
        false => Err(format!("the policy does not trust the log with the key {key}").into()),
    }
}

/// What does not fit the policy: the history's own checkpoints, and one that was kept.
fn unwitnessed(
    policy: Option<&Policy>,
    stored: Option<&Judged>,
    kept: Option<&SignedCheckpoint>,
) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(unmet) = stored.and_then(|stored| stored.unmet.as_ref()) {
        faults.push(format!(
            "no stored checkpoint has the signatures that the policy asks for: {unmet}"
        ));
    }
    if let (Some(policy), Some(kept)) = (policy, kept) {
        let why = match policy.judge(kept) {
            Ok(judgement) => judgement.unmet().map(ToString::to_string),
            Err(rejected) => Some(rejected.to_string()),
        };
        let size = kept.checkpoint().size();
        faults.extend(why.map(|why| {
            format!(
                "the checkpoint of {size} entries that was kept does not meet the policy: {why}"
            )
        }));
    }
    faults
}

fn report(
    (looked, requests): (&Looked, Option<Recomputed>),
    key: Option<&VerifierKey>,
    witnessed: Option<&(Judged, Without)>,
    (count, faults): (usize, &[String]),
) -> String {
    json!({
        "entries": looked.entries,
        "signed": looked.signed,
        "waiting": looked.waiting,
        "erased": looked.erased,
        "signed_by_units": looked.stated,
        "feed_entries": looked.told,
        "requests": requests.map(|deep| deep.requests),
        "requests_uncommitted": requests.map(|deep| deep.uncommitted),
        "key": key.map(ToString::to_string),
        "cosigned": witnessed.and_then(|(judged, _)| judged.size),
        "witnesses": witnessed.map(|(judged, _)| &judged.signed),
        "witnesses_missing": witnessed.map(|(judged, _)| &judged.missing),
        "unwitnessed": witnessed.map(|(_, without)| without.entries),
        "unwitnessed_since": witnessed.and_then(|(_, without)| without.since.map(rfc3339)),
        "faults": count,
        "named": faults,
    })
    .to_string()
}

fn tell_of_witnesses(judged: &Judged, without: &Without) {
    let listed = |names: &[String]| match names {
        [] => "none".to_owned(),
        some => some.join(", "),
    };
    if let Some(size) = judged.size {
        println!("cosigned {size}");
    }
    println!("witness  {}", listed(&judged.signed));
    println!("missing  {}", listed(&judged.missing));
    println!("without  {without}");
}

fn tell(
    (looked, requests): (&Looked, Option<Recomputed>),
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
    println!(
        "units    {} changes signed by their own keys",
        looked.stated
    );
    println!("feeds    {} entries", looked.told);
    if let Some(deep) = requests {
        let all = deep.requests;
        println!("requests {all} computed anew from their entries");
        if deep.uncommitted > 0 {
            println!(
                "         {} of them have entries of a version that did not commit to what is kept of their filing, which was not compared",
                deep.uncommitted
            );
        }
    }
}
