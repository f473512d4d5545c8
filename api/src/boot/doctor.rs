//! `takedown doctor`: is everything there that the server needs?

use std::path::Path;
use std::process::ExitCode;

use super::exchange::context;
use super::{Failed, ended};
use crate::app::{Cx, health};
use crate::cli::DoctorArgs;
use crate::config::Config;
use crate::mail::{Transport, check_public_url};

/// Below this much free space filings will soon be refused.
const LITTLE_SPACE: u64 = 1 << 30;
/// A clock further off than this makes other machines refuse our tokens (they allow ten seconds).
const CLOCK_OFF_MS: i64 = 5_000;

/// `takedown doctor`
#[must_use]
pub fn doctor(args: DoctorArgs) -> ExitCode {
    ended((|| {
        let config = Config::load(args.config.path.as_deref())?;
        println!("ok       configuration  every value is understood");
        let failed = actix_web::rt::System::new().block_on(examine(&config));
        match failed {
            0 => Ok(()),
            1 => Err("one thing needs attention".into()),
            n => Err(format!("{n} things need attention").into()),
        }
    })())
}

/// Looks at each part and says what it found; returns how many parts need attention.
async fn examine(config: &Config) -> usize {
    let mut failed = 0;
    let mut say = |part: &str, found: Result<String, Failed>| match found {
        Ok(says) => println!("ok       {part:<14} {says}"),
        Err(why) => {
            failed += 1;
            println!("FAILED   {part:<14} {why}");
        }
    };
    say("disk", disk(&config.data_dir));
    match context(config) {
        Ok(cx) => {
            say("database", database(&cx).await);
            say("clock", clock(&cx).await);
        }
        Err(why) => say("database", Err(why)),
    }
    say("mail", mail(config).await);
    failed
}

async fn database(cx: &Cx) -> Result<String, Failed> {
    health::ready(cx).await?;
    let backlog = health::backlog(cx).await?;
    let kind = if cx.store.is_shared() {
        "PostgreSQL"
    } else {
        "SQLite"
    };
    Ok(format!(
        "{kind} answers, its tables are up to date; {} notifications wait, {} were given up",
        backlog.pending, backlog.failed
    ))
}

async fn clock(cx: &Cx) -> Result<String, Failed> {
    match health::clock_ahead(cx).await? {
        None => Ok(format!("it is {} here", takedown_core::time::rfc3339(cx.now()))),
        Some(ahead) if ahead.abs() <= CLOCK_OFF_MS => {
            Ok(format!("within {} ms of the database's", ahead.abs().max(1)))
        }
        Some(ahead) => Err(format!(
            "the database's clock is {ahead} ms ahead of this machine's; deadlines and tokens need both to be right: \
             run an NTP client on both"
        )
        .into()),
    }
}

fn disk(data: &Path) -> Result<String, Failed> {
    std::fs::create_dir_all(data).map_err(|e| format!("{}: {e}", data.display()))?;
    let trial = data.join(".doctor");
    std::fs::write(&trial, b"trial")
        .and_then(|()| std::fs::remove_file(&trial))
        .map_err(|e| format!("{} cannot be written: {e}", data.display()))?;
    let space = rustix::fs::statvfs(data)?;
    let free = space.f_bavail.saturating_mul(space.f_frsize);
    let says = format!(
        "{} is writable, {} MiB are free",
        data.display(),
        free >> 20
    );
    if free < LITTLE_SPACE {
        Err(format!("{says}; make room").into())
    } else {
        Ok(says)
    }
}

async fn mail(config: &Config) -> Result<String, Failed> {
    check_public_url(&config.server.public_url)?;
    Ok(Transport::of(&config.mail)?.probe().await?)
}
