//! `takedown doctor`: is everything there that the server needs?

use std::path::Path;
use std::process::ExitCode;

use rustix::fs;

use super::exchange::{location, replica};
use super::{Failed, descriptors, ended, witnesses};
use crate::app::Clock;
use crate::cli::DoctorArgs;
use crate::config::{Config, mail};
use crate::mail::{Dkim, Transport, check_public_url};
use crate::store::backend::{self, Access, Location};
use crate::store::{Conn, log, outbox};

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

/// Looks at each part and says what it found; returns how many parts need attention. Nothing is changed.
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
    say("connections", descriptors::examine());
    let location = location(config);
    let mut newest = None;
    match look(&location) {
        Ok(mut conn) => {
            say("database", database(&mut conn));
            say("clock", clock(&mut conn));
            if let Some(location) = replica(config) {
                say("replica", stands(&mut conn, &location));
            }
            // Of tables that are not there yet the line above has told.
            newest = log::newest_checkpoint(&mut conn).ok().flatten();
        }
        Err(why) => say("database", Err(why)),
    }
    say("instruments", instruments(config));
    say("mail", mail(config).await);
    say("dkim", dkim(config));
    say("bounces", bounces(config));
    for (witness, found) in witnesses::ask(config, newest.map(|row| row.note)).await {
        say(&witness, found);
    }
    failed
}

fn look(location: &Location) -> Result<Conn, Failed> {
    match location {
        Location::Sqlite(path) if !path.exists() => Err(format!(
            "there is no {} yet: `takedown migrate` makes it, and so does `takedown serve`",
            path.display()
        )
        .into()),
        _ => Ok(location.open(Access::Look)?),
    }
}

fn database(conn: &mut Conn) -> Result<String, Failed> {
    let tables = backend::tables(conn)?;
    if !tables.unknown.is_empty() {
        return Err(format!(
            "its tables were made by a newer version of this program (migrations {}): run that one, or go back to a backup",
            tables.unknown.join(", ")
        )
        .into());
    }
    if !tables.pending.is_empty() {
        return Err(format!(
            "migrations are pending: {}. Back up, then `takedown migrate` runs them, and so does the next start of `takedown serve`",
            tables.pending.join(", ")
        )
        .into());
    }
    let backlog = outbox::backlog(conn)?;
    let kind = match conn {
        Conn::Sqlite(_) => "SQLite",
        Conn::Postgres(_) => "PostgreSQL",
    };
    Ok(format!(
        "{kind} answers, its tables are up to date; {} notifications wait, {} were given up",
        backlog.pending, backlog.failed
    ))
}

/// Whether the replica is one of this database, and how far it is behind.
fn stands(conn: &mut Conn, replica: &Location) -> Result<String, Failed> {
    let mut copy = replica.open(Access::Look)?;
    let (here, there) = (backend::stand(conn)?, backend::stand(&mut copy)?);
    let (Some(here), Some(there)) = (here, there) else {
        return Err("only PostgreSQL has replicas".into());
    };
    there.is_copy_of(&here).map_err(|why| {
        format!("{why}; exports are read from the database itself: correct database.replica")
    })?;
    let behind = (here.position - there.position).max(0);
    Ok(format!("it answers, {behind} bytes behind"))
}

/// How far the database's clock is ahead of ours; the embedded database has no clock of its own.
fn clock(conn: &mut Conn) -> Result<String, Failed> {
    let clock = Clock::default();
    let asked = clock.now().timestamp_millis();
    let theirs = backend::clock(conn)?;
    let answered = clock.now();
    match theirs.map(|theirs| theirs - i64::midpoint(asked, answered.timestamp_millis())) {
        None => Ok(format!("it is {} here", takedown_core::time::rfc3339(answered))),
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
    if !data.is_dir() {
        return Err(format!(
            "{} is no directory: make it, for the user that runs the server alone (install -d -m 700)",
            data.display()
        )
        .into());
    }
    fs::access(data, fs::Access::WRITE_OK | fs::Access::EXEC_OK)
        .map_err(|e| format!("{} cannot be written by this user: {e}", data.display()))?;
    let space = fs::statvfs(data)?;
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

fn instruments(config: &Config) -> Result<String, Failed> {
    let loaded = config.instruments.load();
    let builtin = takedown_core::instrument::Catalogue::builtin()
        .iter()
        .count();
    let own = loaded.catalogue.iter().count() - builtin;
    if loaded.refused.is_empty() {
        return Ok(format!("{builtin} built in, {own} of your own"));
    }
    let mut says = format!("{builtin} built in, {own} of your own; left out:");
    for error in &loaded.refused {
        says.push_str(&format!("\n           {error}"));
    }
    Err(says.into())
}

async fn mail(config: &Config) -> Result<String, Failed> {
    check_public_url(&config.server.public_url)?;
    if let mail::Transport::Directory(path) = &config.mail.transport
        && !path.exists()
    {
        return Ok(format!(
            "no mail server is set: `takedown serve` will write mails into {}",
            path.display()
        ));
    }
    Ok(Transport::of(&config.mail)?.probe().await?)
}

/// Whether mails are signed, and what is to be published for that. Whether it is published is not looked up: the doctor
/// asks no name server.
fn dkim(config: &Config) -> Result<String, Failed> {
    let Some(settings) = &config.mail.dkim else {
        return Ok(
            "mails leave unsigned: set mail.dkim_key, or let the mail server sign them".to_owned(),
        );
    };
    let (name, text) = Dkim::open(settings)?.record()?;
    Ok(format!(
        "mails are signed; publish this TXT record:\n           {name}\n           {text}"
    ))
}

/// Whether what comes back is read, and how much of it was not believed.
fn bounces(config: &Config) -> Result<String, Failed> {
    let Some(returned) = &config.mail.returned else {
        return Ok(
            "what comes back is not read: set mail.bounce_address and mail.bounce_directory"
                .to_owned(),
        );
    };
    let place = returned.directory.display();
    let new = returned.directory.join("new");
    fs::access(
        &new,
        fs::Access::WRITE_OK | fs::Access::EXEC_OK | fs::Access::READ_OK,
    )
    .map_err(|error| {
        format!(
            "{} cannot be read and changed by this user: {error}",
            new.display()
        )
    })?;
    let count = |directory: &str| {
        std::fs::read_dir(returned.directory.join(directory)).map_or(0, Iterator::count)
    };
    let (waiting, refused) = (count("new"), count("refused"));
    Ok(format!(
        "{place} is read; {waiting} messages wait, {refused} were not believed and lie in its directory `refused`"
    ))
}
