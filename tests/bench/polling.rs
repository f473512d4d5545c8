//! Many platforms, each of which asks once a minute whether there is anything new.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::anchors::remove;
use crate::crowd::{self, Crowd, alone, percentile};
use crate::report::Report;
use crate::site::{Place, Site};
use crate::wire::Wire;
use crate::wrk::{self, Get};
use crate::{Failed, Plan, load};

/// So many there are, and so long they take to ask once each.
const PLATFORMS: (usize, Duration) = (10_000, Duration::from_secs(60));
/// The same where little is measured: as many polls a second.
const FEW: (usize, Duration) = (1_000, Duration::from_secs(6));
/// Filings a second meanwhile, each to another one of them.
const FILINGS: u32 = 20;
/// Connections over which they ask as fast as they can.
const CONNECTIONS: usize = 64;
/// So many callers a server certainly remembers.
const FAMILIAR: usize = 20;
/// What was promised.
const P99_MS: f64 = 50.0;
const SHARE: f64 = 25.0;
const MIB: f64 = 128.0;
const FASTER: f64 = 0.8;

/// On both databases.
pub fn measure(plan: &Plan, report: &mut Report) -> Result<(), Failed> {
    let path = plan
        .directory
        .join(format!("polling-{}.db", std::process::id()));
    on(plan, report, "SQLite", &Place::file(&path))?;
    remove(&path);
    on(plan, report, "PostgreSQL", &Place::postgres()?)
}

fn on(plan: &Plan, report: &mut Report, name: &str, place: &Place) -> Result<(), Failed> {
    let (count, minute) = if plan.quick { FEW } else { PLATFORMS };
    crowd::register(place, count)?;
    let site = place.serve(&plan.runtime)?;
    let crowd = Rc::new(Crowd::at(&site, count)?);
    asked_once(&crowd)?;

    let before = (site.computed()?, Instant::now());
    let mut polled = alone(polls(Rc::clone(&crowd), minute))?;
    let (after, took) = (site.computed()?, before.1.elapsed().as_secs_f64());
    let share = (after.0 - before.0.0) / took * 100.0;
    let database = (after.1 - before.0.1) / took * 100.0;
    polled.waited.sort_by(f64::total_cmp);
    let p50 = percentile(&polled.waited, 50)?;
    report.at_most(
        &format!("{name}: {count} platforms, a poll a minute each, p99"),
        percentile(&polled.waited, 99)?,
        "ms",
        P99_MS,
    );
    report.at_most(
        &format!("{name}: the same, the server's share of a core"),
        share,
        "%",
        SHARE,
    );
    rotation(plan, report, name, &site, &crowd)?;
    report.at_most(
        &format!("{name}: memory after this, {count} platforms (peak)"),
        site.peak_mib()?,
        "MiB",
        MIB,
    );
    report.note(format!(
        "{name}: {} polls in {took:.0} s, none failed, p50 {p50:.2} ms, {} told of something new; {database:.1} % of a core in PostgreSQL",
        polled.waited.len(),
        polled.news
    ));
    Ok(())
}

/// Everybody asks once: what a server learns of a caller it then knows.
fn asked_once(crowd: &Rc<Crowd>) -> Result<(), Failed> {
    let (all, url) = (Rc::clone(crowd), crowd.address.clone());
    load::run(&url, 16, Duration::from_secs(300), 304, move |number| {
        let number = usize::try_from(number).ok().filter(|n| *n < all.count())?;
        Some(all.poll(number, 0, "accept: application/json"))
    })?;
    Ok(())
}

#[derive(Default)]
struct Polled {
    /// From the instant at which each was due, in milliseconds.
    waited: Vec<f64>,
    /// How many were answered with something new.
    news: usize,
}

/// Everybody asks once, one after the other over this time, each when it is its turn and not when another one is answered.
async fn polls(crowd: Rc<Crowd>, minute: Duration) -> Result<Polled, Failed> {
    let (started, count) = (Instant::now(), crowd.count());
    let polled = Rc::new(RefCell::new(Polled::default()));
    let over = Rc::new(Cell::new(false));
    let filing = tokio::task::spawn_local(filings(Rc::clone(&crowd), Rc::clone(&over)));
    let mut polls = JoinSet::new();
    for number in 0..count {
        let due = started + minute.mul_f64(ratio(number, count));
        sleep_until(due).await;
        let (crowd, polled) = (Rc::clone(&crowd), Rc::clone(&polled));
        polls.spawn_local(async move {
            let mut wire = Wire::to(&crowd.address).await?;
            let call = crowd.poll(number, 0, "connection: close");
            let status = wire.ask(&call).await?;
            let mut polled = polled.borrow_mut();
            polled.waited.push(due.elapsed().as_secs_f64() * 1e3);
            match status {
                304 => {}
                200 => polled.news += 1,
                _ => return Err(format!("a poll was answered:\n{}", wire.told()).into()),
            }
            Ok::<(), Failed>(())
        });
        while let Some(done) = polls.try_join_next() {
            done??;
        }
    }
    while let Some(done) = polls.join_next().await {
        done??;
    }
    over.set(true);
    filing.await??;
    Ok(polled.take())
}

#[allow(clippy::cast_precision_loss)]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// Files at a steady pace, here and there.
async fn filings(crowd: Rc<Crowd>, over: Rc<Cell<bool>>) -> Result<(), Failed> {
    let (started, mut wire) = (Instant::now(), Wire::to(&crowd.address).await?);
    let mut filed = 0;
    while !over.get() {
        // A prime: no two after each other lie close together.
        crowd.file(&mut wire, filed * 7_919 % crowd.count()).await?;
        filed += 1;
        sleep_until(started + Duration::from_secs(1) * u32::try_from(filed)? / FILINGS).await;
    }
    Ok(())
}

/// As many polls as there can be, by all in turn, against those of a few.
fn rotation(
    plan: &Plan,
    report: &mut Report,
    name: &str,
    site: &Site,
    crowd: &Crowd,
) -> Result<(), Failed> {
    let filed = crowd.filed.borrow();
    let all: Vec<Get> = (0..crowd.count())
        .map(|number| {
            let (path, known) = Crowd::reading_on(number, filed[number]);
            let bearer = format!("authorization: Bearer {}", crowd.tokens[number]);
            let headers = vec![bearer, known];
            Get { path, headers }
        })
        .collect();
    let (url, seconds) = (site.server.url(), plan.round.as_secs());
    let mut pairs = Vec::new();
    for _ in 0..plan.rounds {
        let ours = wrk::run(&url, CONNECTIONS, seconds, &all)?;
        let theirs = wrk::run(&url, CONNECTIONS, seconds, &all[..FAMILIAR])?;
        pairs.push((ours.rate, theirs.rate));
    }
    let what = format!("{name}: polls, {} callers in turn", crowd.count());
    report.at_least(
        &what,
        &pairs,
        &format!("{FAMILIAR} callers in turn"),
        FASTER,
    );
    Ok(())
}
