//! `takedown restart-log`: goes on with a database that is older than what was signed, after its loss was accepted.

use std::path::Path;
use std::process::ExitCode;

use takedown_core::history::{Author, By, Data, EntryDraft, Subject, Via};

use super::exchange::context;
use super::{Failed, ended, log_key};
use crate::app::Error;
use crate::app::log::append;
use crate::cli::RestartLogArgs;
use crate::config::Config;
use crate::store::log;

/// `takedown restart-log`
#[must_use]
pub fn restart_log(args: &RestartLogArgs) -> ExitCode {
    ended(run(args))
}

fn run(args: &RestartLogArgs) -> Result<(), Failed> {
    let config = Config::load(args.config.path.as_deref())?;
    let Some(known) = log_key::memory(&config)?.last() else {
        return Err(
            "this node knows of nothing that was signed, so nothing stands in its way".into(),
        );
    };
    let cx = context(&config)?;
    let runtime = actix_web::rt::System::new();
    let stored = runtime.block_on(cx.store.read(log::tree))?.size();
    let signed = known.checkpoint().size();
    if !args.accept_loss {
        return Err(format!(
            "{signed} entries were signed and {stored} are stored. What was acknowledged since is lost, although its senders hold receipts. \
             If there is a newer copy of the database, put that in its place instead. To go on with the loss: --accept-loss"
        )
        .into());
    }
    let now = cx.now();
    let entry = EntryDraft {
        subject: Subject::Exchange,
        by: Author {
            by: By::Operator { id: None },
            via: Via::Cli,
            client: None,
        },
        at: now,
        data: Data::LogRestarted {
            stored,
            signed,
            checkpoint: known.to_string(),
        },
    };
    let work = cx.store.write(move |conn| {
        append(conn, &entry)?;
        log::forget_all_checkpoints(conn)?;
        log::witnesses::forget_all(conn)?;
        Ok::<_, Error>(())
    });
    runtime.block_on(work).map_err(|e| e.to_string())?;
    for path in [log_key::place(&config), log_key::remembered(&config)] {
        put_aside(&path, now.timestamp_millis())?;
    }
    println!(
        "went on with {stored} entries; what was signed beyond them stands in the entry log.restarted"
    );
    println!(
        "the next start makes a new key, so that nobody takes this history for the longer one: publish it, and tell the parties what is lost"
    );
    if config.history.policy.is_some() {
        println!(
            "witnesses remember the longer history by its name: give this one another in history.origin before the next start, and its key to them"
        );
    }
    Ok(())
}

/// Nothing is deleted: it may be evidence.
fn put_aside(path: &Path, millis: i64) -> Result<(), Failed> {
    let aside = path.with_extension(format!("lost-{millis}"));
    match std::fs::rename(path, &aside) {
        Ok(()) => println!("kept     {}", aside.display()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(format!("{}: {error}", path.display()).into()),
    }
    Ok(())
}
