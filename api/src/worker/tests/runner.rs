//! Jobs go on whatever happens to them, wake when told, and stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::world::{World, job};
use crate::app::Error;
use crate::store::StoreError;
use crate::store::outbox::SENT;
use crate::worker::{Job, Next, Pace, Runner, Stop};

struct Clumsy(Arc<AtomicUsize>);

impl Job for Clumsy {
    fn name(&self) -> &'static str {
        "clumsy"
    }

    async fn run(&self, _: &Stop) -> Result<Next, Error> {
        match self.0.fetch_add(1, Ordering::SeqCst) {
            0 => panic!("once"),
            1 => Err(Error::Store(StoreError::Busy)),
            2 => Ok(Next::Again),
            _ => Ok(Next::Wait),
        }
    }
}

async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !done().await {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_job_survives_its_panics_and_failures() {
    let runs = Arc::new(AtomicUsize::new(0));
    let mut runner = Runner::new();
    let pace = Pace::every(Duration::from_millis(5));
    runner.start(Clumsy(Arc::clone(&runs)), pace);
    until("five runs", async || runs.load(Ordering::SeqCst) >= 5).await;
    runner.stop(Duration::from_secs(5)).await;
    let after = runs.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(runs.load(Ordering::SeqCst), after);
}

#[tokio::test]
async fn a_commit_wakes_the_mail_job() {
    let world = World::new().await;
    let mut runner = Runner::new();
    let pace = Pace::every(Duration::from_secs(3_600)).or_when(Arc::clone(&world.cx.wake));
    runner.start(job(&world.cx, world.to_files()), pace);
    // The first look finds nothing; from then on only the commit can wake it.
    tokio::time::sleep(Duration::from_millis(100)).await;
    world.referral().await;
    until("the mail", async || world.only().await.status == SENT).await;
    runner.stop(Duration::from_secs(5)).await;
}

struct Stuck;

impl Job for Stuck {
    fn name(&self) -> &'static str {
        "stuck"
    }

    async fn run(&self, _: &Stop) -> Result<Next, Error> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn stopping_waits_no_longer_than_its_grace() {
    let mut runner = Runner::new();
    runner.start(Stuck, Pace::every(Duration::from_secs(1)));
    let begun = Instant::now();
    runner.stop(Duration::from_millis(100)).await;
    assert!(begun.elapsed() < Duration::from_secs(5));
}
