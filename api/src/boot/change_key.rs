//! `takedown sealing-key`: another key for the secrets in the database. Both are read while one writes, so nothing stops meanwhile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::exchange::{context, place as database};
use super::log_key::save;
use super::sealing_key::{next_to, place, read};
use super::{Failed, ended};
use crate::app::{Cx, webhooks};
use crate::auth::{SealingKey, SealingKeys};
use crate::cli::SealingKeyCommand;
use crate::config::Config;
use crate::store::backend::Access;
use crate::store::sealing_keys;

/// `takedown sealing-key`
#[must_use]
pub fn sealing_key(command: &SealingKeyCommand) -> ExitCode {
    ended(match command {
        SealingKeyCommand::New(args) => with(args.path.as_deref(), |_, at| new(&at)),
        SealingKeyCommand::Reseal(args) => {
            with(args.path.as_deref(), |config, at| reseal(config, &at))
        }
        SealingKeyCommand::Finish(args) => {
            with(args.path.as_deref(), |config, at| finish(config, &at))
        }
    })
}

/// Where the keys of this node are.
struct Places {
    now: PathBuf,
    next: PathBuf,
}

fn with(
    config: Option<&Path>,
    work: impl FnOnce(&Config, Places) -> Result<(), Failed>,
) -> Result<(), Failed> {
    let config = Config::load(config)?;
    let now = place(&config);
    let next = next_to(&now);
    work(&config, Places { now, next })
}

fn new(at: &Places) -> Result<(), Failed> {
    if read(&at.now)?.is_none() {
        return Err(format!(
            "{} is not there: run this on a node that has the key",
            at.now.display()
        )
        .into());
    }
    if read(&at.next)?.is_some() {
        return Err(format!(
            "{} is there already: go on with it, or remove it if no node has it",
            at.next.display()
        )
        .into());
    }
    let (key, text) = SealingKey::generate()?;
    save(&at.next, &text).map_err(|e| format!("{}: {e}", at.next.display()))?;
    println!("made {}, the key {}", at.next.display(), key.name());
    println!(
        "copy it to every node, beside the key there; restart one node after the other, so that each reads both"
    );
    println!("then, on one node: takedown sealing-key reseal");
    Ok(())
}

/// The keys of this node, the new one writing, and the name of the one that the database says writes.
fn both(config: &Config, at: &Places) -> Result<(SealingKeys, String), Failed> {
    let missing = |path: &Path, how: &str| format!("{} is not there{how}", path.display());
    let next = read(&at.next)?;
    let next = next.ok_or_else(|| missing(&at.next, "; takedown sealing-key new makes it"))?;
    let name = next.name().to_owned();
    let keys = read(&at.now)?.into_iter().chain([next]).collect();
    let keys = SealingKeys::of(keys, &name).map_err(|_| missing(&at.next, ""))?;
    let known = sealing_keys::known(&mut database(config)?.open(Access::Write)?)?;
    let known = known.ok_or("nothing was sealed with any key yet")?;
    if keys.named(&known).is_none() {
        return Err(format!(
            "the secrets are sealed with the key {known}, which this node does not have"
        )
        .into());
    }
    Ok((keys, known))
}

fn reseal(config: &Config, at: &Places) -> Result<(), Failed> {
    let (keys, known) = both(config, at)?;
    let keys = Arc::new(keys);
    let cx = context(config)?;
    let runtime = actix_web::rt::System::new();
    let name = keys.writing().name();
    if known != name && !runtime.block_on(webhooks::write_with(&cx, &known, name))? {
        return Err("somebody changed the key just now; look again".into());
    }
    println!("from now on the key {name} writes");
    let unreadable = loop {
        let (done, unreadable) = runtime.block_on(round(&cx, &keys))?;
        println!("sealed anew: {done}");
        if done == 0 {
            break unreadable;
        }
    };
    name_all(&unreadable);
    if !unreadable.is_empty() {
        return Err(format!(
            "{} cannot be read with either key, and were left as they are: their parties have to rotate them (takedown webhooks rotate). Everything else is sealed with the new key, and in ten days takedown sealing-key finish goes on without them",
            unreadable.len()
        )
        .into());
    }
    println!("nothing is sealed with another key any more");
    println!(
        "in ten days, when no mail from before can come back, on every node: takedown sealing-key finish"
    );
    Ok(())
}

/// All webhooks once: how many were sealed anew, and which could not be.
async fn round(cx: &Cx, keys: &Arc<SealingKeys>) -> Result<(usize, Vec<String>), Failed> {
    let (mut after, mut done, mut unreadable) = (None, 0, Vec::new());
    loop {
        let step = webhooks::reseal(cx, keys, after).await?;
        done += step.done;
        unreadable.extend(step.unreadable);
        match step.next {
            Some(next) => after = Some(next),
            None => return Ok((done, unreadable)),
        }
    }
}

/// What cannot be read stays as it is.
fn name_all(unreadable: &[String]) {
    for one in unreadable {
        eprintln!("{one}");
    }
}

fn finish(config: &Config, at: &Places) -> Result<(), Failed> {
    let (keys, known) = both(config, at)?;
    let keys = Arc::new(keys);
    let name = keys.writing().name();
    if known != name {
        return Err(
            format!("the key {known} still writes; first: takedown sealing-key reseal").into(),
        );
    }
    let cx = context(config)?;
    let (done, unreadable) = actix_web::rt::System::new().block_on(round(&cx, &keys))?;
    if done > 0 {
        println!("sealed anew: {done}");
    }
    name_all(&unreadable);
    let old = read(&at.now)?;
    if !unreadable.is_empty() {
        let count = unreadable.len();
        // Whoever has both keys loses nothing by going on: what neither reads is lost already.
        if old.is_none() {
            return Err(format!(
                "{count} cannot be read here, and {} is not there: put the former key there, or run takedown sealing-key reseal on a node that has it",
                at.now.display()
            )
            .into());
        }
        eprintln!(
            "{count} cannot be read with either key, and stay as they are: their parties have to rotate them (takedown webhooks rotate)"
        );
    }
    // Nothing is deleted: a backup from before is read with it.
    if let Some(old) = old {
        let aside = at.now.with_extension(format!("key.{}", old.name()));
        fs::rename(&at.now, &aside)?;
        println!("kept     {}, for backups from before", aside.display());
    }
    fs::rename(&at.next, &at.now)?;
    println!(
        "{} is the key {name} now; restart this node",
        at.now.display()
    );
    Ok(())
}
