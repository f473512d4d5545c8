//! Many platforms that wait at once, each for what comes into its inbox.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use takedown::boot::descriptors;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::anchors::remove;
use crate::crowd::{self, Crowd, alone, head, percentile};
use crate::report::Report;
use crate::site::{Place, Site};
use crate::wire::Wire;
use crate::{Failed, Plan};

/// So many wait, of whom so many are told of something.
const WAITING: (usize, usize) = (5_000, 1_000);
const FEW: (usize, usize) = (500, 100);
/// Filings a second.
const PACE: u32 = 50;
/// Connections over which is filed.
const FILERS: usize = 8;
/// So many connect at a time.
const CONNECTING: usize = 64;
/// The longest that a call may wait, as the API says: nobody begins anew while it is measured.
const WAIT: &str = "prefer: wait=60";
/// What was promised.
const P99_MS: f64 = 100.0;
const SHARE: f64 = 3.0;
const MIB: f64 = 256.0;

/// On both databases.
pub fn measure(plan: &Plan, report: &mut Report) -> Result<(), Failed> {
    let needed = WAITING.0 + 500;
    if let Some(most) = descriptors::raise()
        && most < needed as u64
    {
        return Err(format!("{needed} open files are needed, and {most} allowed").into());
    }
    let path = plan
        .directory
        .join(format!("waiting-{}.db", std::process::id()));
    on(plan, report, "SQLite", &Place::file(&path))?;
    remove(&path);
    on(plan, report, "PostgreSQL", &Place::postgres()?)
}

fn on(plan: &Plan, report: &mut Report, name: &str, place: &Place) -> Result<(), Failed> {
    let (count, told) = if plan.quick { FEW } else { WAITING };
    crowd::register(place, count)?;
    let site = place.serve(&plan.runtime)?;
    let crowd = Rc::new(Crowd::at(&site, count)?);
    let alone_mib = site.resident_mib()?;
    let found = alone(wait(crowd, told, plan.round * 3, &site))?;
    let mut waited = found.waited;
    waited.sort_by(f64::total_cmp);
    report.at_most(
        &format!("{name}: {count} wait, from a filing's answer to that of the poll, p99"),
        percentile(&waited, 99)?,
        "ms",
        P99_MS,
    );
    report.at_most(
        &format!("{name}: {count} wait and nothing happens, the server's share of a core"),
        found.share,
        "%",
        SHARE,
    );
    report.at_most(
        &format!("{name}: memory while {count} wait"),
        found.mib,
        "MiB",
        MIB,
    );
    report.note(format!(
        "{name}: {told} of {count} who waited were told, p50 {:.2} ms; {} descriptors open, {alone_mib:.0} MiB before they came; \
         while nothing happened {:.1} % of a core in PostgreSQL",
        percentile(&waited, 50)?,
        found.open,
        found.database
    ));
    Ok(())
}

struct Found {
    /// From the answer to a filing to the answer to the poll, in milliseconds.
    waited: Vec<f64>,
    mib: f64,
    open: usize,
    share: f64,
    database: f64,
}

/// When whom was told what.
struct Heard {
    door: Semaphore,
    waiting: Cell<usize>,
    filed: RefCell<Vec<Option<Instant>>>,
    heard: RefCell<Vec<Option<Instant>>>,
}

async fn wait(
    crowd: Rc<Crowd>,
    told: usize,
    quiet: Duration,
    site: &Site,
) -> Result<Found, Failed> {
    let heard = Rc::new(Heard {
        door: Semaphore::new(CONNECTING),
        waiting: Cell::new(0),
        filed: RefCell::new(vec![None; crowd.count()]),
        heard: RefCell::new(vec![None; crowd.count()]),
    });
    let mut waiters = JoinSet::new();
    for number in 0..crowd.count() {
        waiters.spawn_local(one(Rc::clone(&crowd), Rc::clone(&heard), number));
    }
    while heard.waiting.get() < crowd.count() {
        alive(&mut waiters)?;
        sleep(Duration::from_millis(50)).await;
    }
    // What was sent last is still being read.
    sleep(Duration::from_secs(1)).await;
    let (before, began) = (site.computed()?, Instant::now());
    sleep(quiet).await;
    let (after, seconds) = (site.computed()?, began.elapsed().as_secs_f64());
    let (mib, open) = (site.resident_mib()?, site.open()?);

    let (next, began) = (Rc::new(Cell::new(0)), Instant::now());
    let mut filers = JoinSet::new();
    for _ in 0..FILERS {
        let (crowd, heard, next) = (Rc::clone(&crowd), Rc::clone(&heard), Rc::clone(&next));
        filers.spawn_local(async move {
            let mut wire = Wire::to(&crowd.address).await?;
            loop {
                let turn = next.replace(next.get() + 1);
                if turn >= told {
                    return Ok::<(), Failed>(());
                }
                sleep_until(began + Duration::from_secs(1) * u32::try_from(turn)? / PACE).await;
                // A prime that does not divide their number: each is told once.
                let number = turn * 7_919 % crowd.count();
                crowd.file(&mut wire, number).await?;
                heard.filed.borrow_mut()[number] = Some(Instant::now());
            }
        });
    }
    while let Some(done) = filers.join_next().await {
        done??;
    }
    let longest = Instant::now() + Duration::from_secs(10);
    let waited = loop {
        alive(&mut waiters)?;
        let waited = heard.waited();
        if waited.len() == told {
            break waited;
        }
        if Instant::now() > longest {
            return Err(format!("{} of {told} were told", waited.len()).into());
        }
        sleep(Duration::from_millis(50)).await;
    };
    Ok(Found {
        waited,
        mib,
        open,
        share: (after.0 - before.0) / seconds * 100.0,
        database: (after.1 - before.1) / seconds * 100.0,
    })
}

impl Heard {
    /// Of those who were filed to and heard of it. Who heard before the filer had his answer waited for nothing.
    fn waited(&self) -> Vec<f64> {
        let (filed, heard) = (self.filed.borrow(), self.heard.borrow());
        let both = filed.iter().zip(heard.iter());
        both.filter_map(|(filed, heard)| filed.zip(*heard))
            .map(|(filed, heard)| heard.saturating_duration_since(filed).as_secs_f64() * 1e3)
            .collect()
    }
}

/// None of them ends by itself but by a failure.
fn alive(waiters: &mut JoinSet<Result<(), Failed>>) -> Result<(), Failed> {
    match waiters.try_join_next() {
        Some(ended) => ended?,
        None => Ok(()),
    }
}

/// Waits, and waits again once it was told.
async fn one(crowd: Rc<Crowd>, heard: Rc<Heard>, number: usize) -> Result<(), Failed> {
    let mut position = 0;
    let entering = heard.door.acquire().await?;
    let mut wire = Wire::to(&crowd.address).await?;
    wire.say(&crowd.poll(number, position, WAIT)).await?;
    drop(entering);
    heard.waiting.set(heard.waiting.get() + 1);
    loop {
        match wire.hear().await? {
            304 => {}
            200 => {
                heard.heard.borrow_mut()[number] = Some(Instant::now());
                position = head(&wire)?;
            }
            _ => return Err(format!("a poll was answered:\n{}", wire.told()).into()),
        }
        wire.say(&crowd.poll(number, position, WAIT)).await?;
    }
}
