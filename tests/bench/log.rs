//! The sealed history: what it adds to a filing, how soon an entry can be proved, how fast all of it is checked.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use takedown::store::Conn;
use takedown::store::backend::take_log;
use takedown::store::schema::{history, log_checkpoints};

use crate::anchors::{Bare, Pattern, remove};
use crate::load;
use crate::parties;
use crate::report::{Report, Row};
use crate::site::{Place, Site};
use crate::writing::file;
use crate::{Failed, Plan, stored};

/// What filing may cost with the log, of what it costs without.
const MOST: f64 = 1.3;
/// Filings a second, and how soon what was acknowledged then must be provable.
const PACE: u32 = 500;
const PROVABLE_WITHIN_MS: f64 = 1_000.0;
/// Entries a second and core.
const CHECKED: f64 = 200_000.0;
const CLIENTS: usize = 8;

/// Everything about the log, on both databases.
pub fn measure(plan: &Plan, report: &mut Report) -> Result<(), Failed> {
    let path = plan
        .directory
        .join(format!("log-{}.db", std::process::id()));
    let place = Place::file(&path);
    place.prepare()?;
    let site = place.serve(&plan.runtime)?;
    cost_on_sqlite(plan, report, &place, &site)?;
    provable(plan, report, "SQLite", &place, &site)?;
    drop(site);
    remove(&path);
    let place = Place::postgres()?;
    place.prepare()?;
    let site = place.serve(&plan.runtime)?;
    cost_on_postgres(plan, report, &place, &site)?;
    provable(plan, report, "PostgreSQL", &place, &site)?;
    drop(site);
    let all = stored::sqlite(&plan.runtime, &plan.directory, plan.stored)?;
    verify(report, "SQLite", &all.serve(&plan.runtime)?)?;
    let all = stored::postgres(&plan.runtime, plan.stored)?;
    verify(report, "PostgreSQL", &all.serve(&plan.runtime)?)
}

/// There is no server without a log, so what it adds is measured in a bare loop and taken off ours.
fn cost_on_sqlite(
    plan: &Plan,
    report: &mut Report,
    place: &Place,
    site: &Site,
) -> Result<(), Failed> {
    file(site, 1, 0, Duration::from_millis(200))?;
    let mut bare = Bare::new(&plan.directory, Pattern::read(&mut place.open()?)?)?;
    let mut pairs = Vec::new();
    for round in 1..=plan.rounds as u64 {
        let turn = plan.round / 3;
        let ours = 1e3 / file(site, 1, round * 1_000_000, plan.round)?.rate();
        let added = 1e3 / bare.insert_sealed(turn)? - 1e3 / bare.insert(turn)?;
        pairs.push((ours, ours - added));
    }
    let told = ("ms", "without what the log adds to a bare loop");
    report.at_most_times("SQLite: filing, 1 client, with the log", &pairs, told, MOST);
    Ok(())
}

/// While somebody else holds the log no entry is given its place, nothing is signed, and filing goes on.
fn cost_on_postgres(
    plan: &Plan,
    report: &mut Report,
    place: &Place,
    site: &Site,
) -> Result<(), Failed> {
    file(site, CLIENTS, 0, Duration::from_millis(500))?;
    let mut pairs = Vec::new();
    for round in 1..=plan.rounds as u64 {
        placed(&mut place.open()?)?;
        let with = file(site, CLIENTS, round * 2_000_000, plan.round)?.rate();
        placed(&mut place.open()?)?;
        let held = Held::take(place.open()?)?;
        let without = file(site, CLIENTS, round * 2_000_000 + 1_000_000, plan.round)?.rate();
        held.release()?;
        pairs.push((1e3 / with, 1e3 / without));
    }
    let told = ("ms", "with nobody giving places or signing");
    let what = "PostgreSQL: filing, 8 clients, with the log";
    report.at_most_times(what, &pairs, told, MOST);
    Ok(())
}

/// The lock by which nodes take turns at the log.
struct Held {
    release: mpsc::Sender<()>,
    holder: std::thread::JoinHandle<Result<(), takedown::store::StoreError>>,
}

impl Held {
    fn take(mut conn: Conn) -> Result<Held, Failed> {
        let (release, released) = mpsc::channel::<()>();
        let (tell, told) = mpsc::channel();
        let holder = std::thread::spawn(move || {
            conn.transaction(|conn| {
                while !take_log(conn)? {
                    std::thread::yield_now();
                }
                let _ = tell.send(());
                let _ = released.recv();
                Ok(())
            })
        });
        told.recv()?;
        Ok(Held { release, holder })
    }

    fn release(self) -> Result<(), Failed> {
        drop(self.release);
        self.holder.join().map_err(|_| "the holder panicked")??;
        Ok(())
    }
}

/// Waits until every entry has its place and all of them are signed for.
fn placed(conn: &mut Conn) -> Result<(), Failed> {
    let longest = Instant::now() + Duration::from_secs(60);
    loop {
        let entries: i64 = history::table.count().get_result(conn)?;
        let signed: Option<i64> = log_checkpoints::table
            .select(diesel::dsl::max(log_checkpoints::size))
            .first(conn)?;
        if signed == Some(entries) {
            return Ok(());
        }
        if Instant::now() > longest {
            return Err(format!("{entries} entries, signed for {signed:?}").into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// From the moment that an entry carries, which is before its commit, to the first checkpoint that covers it: of every entry.
fn provable(
    plan: &Plan,
    report: &mut Report,
    name: &str,
    place: &Place,
    site: &Site,
) -> Result<(), Failed> {
    let mut conn = place.open()?;
    placed(&mut conn)?;
    let first: i64 = history::table.count().get_result(&mut conn)?;
    let token = site.agency.clone();
    let started = Instant::now();
    let longest = plan.round * 3;
    let done = load::run(&site.server.url(), 32, longest, 201, move |number| {
        let due = Duration::from_secs(1) * u32::try_from(number).unwrap_or(u32::MAX) / PACE;
        std::thread::sleep(due.saturating_sub(started.elapsed()));
        let body = parties::filing(9_000_000_000 + number);
        Some(load::call("POST", "/v1/requests", &token, &body, ""))
    })?;
    placed(&mut conn)?;
    let entries: Vec<(Option<i64>, i64)> = history::table
        .filter(history::log_index.ge(first))
        .order(history::log_index)
        .select((history::log_index, history::at))
        .load(&mut conn)?;
    let signed: Vec<(i64, i64)> = log_checkpoints::table
        .filter(log_checkpoints::size.gt(first))
        .order(log_checkpoints::size)
        .select((log_checkpoints::size, log_checkpoints::signed_at))
        .load(&mut conn)?;
    let mut signed = signed.into_iter().peekable();
    let mut latest = 0;
    for (index, at) in entries {
        let index = index.unwrap_or(i64::MAX);
        while signed.next_if(|(size, _)| *size <= index).is_some() {}
        let (_, signed_at) = signed
            .peek()
            .ok_or("an entry that nothing was signed for")?;
        latest = latest.max(signed_at - at);
    }
    #[allow(clippy::cast_precision_loss)]
    let latest = latest as f64;
    report.at_most(
        &format!(
            "{name}: provable, the last of all filed at {:.0}/s",
            done.rate()
        ),
        latest,
        "ms",
        PROVABLE_WITHIN_MS,
    );
    Ok(())
}

/// `takedown verify` over everything that is stored.
fn verify(report: &mut Report, name: &str, site: &Site) -> Result<(), Failed> {
    let started = Instant::now();
    let done = site.server.command(&["verify", "--json"]).output()?;
    let seconds = started.elapsed().as_secs_f64();
    let said: serde_json::Value = serde_json::from_slice(&done.stdout)
        .map_err(|e| format!("{e}: {}", String::from_utf8_lossy(&done.stderr)))?;
    if said["faults"] != 0 {
        return Err(format!("the stored history does not fit: {said}").into());
    }
    let entries = said["entries"].as_f64().ok_or("no count of entries")?;
    let rate = entries / seconds;
    report.add(Row {
        what: format!("{name}: verify, {entries} entries, 1 core"),
        ours: format!("{rate:.0} entries/s"),
        anchor: String::new(),
        ratio: None,
        target: Some(format!(">= {CHECKED} entries/s")),
        reached: rate >= CHECKED,
    });
    Ok(())
}
