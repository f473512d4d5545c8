//! Jobs go on whatever happens to them, wake when told, and stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::world::{World, job};
use crate::app::Error;
use crate::app::tests::patience::{PATIENCE, in_time, until};
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

#[tokio::test]
async fn a_job_survives_its_panics_and_failures() {
    let runs = Arc::new(AtomicUsize::new(0));
    let mut runner = Runner::new();
    let pace = Pace::every(Duration::from_millis(5));
    runner.start(Clumsy(Arc::clone(&runs)), pace);
    until("five runs", async || runs.load(Ordering::SeqCst) >= 5).await;
    runner.stop(PATIENCE).await;
    assert_eq!(Arc::strong_count(&runs), 1, "the job is gone");
}

/// A job and how often it has run to its end.
struct Counted<J>(J, Arc<AtomicUsize>);

impl<J: Job> Job for Counted<J> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    async fn run(&self, stop: &Stop) -> Result<Next, Error> {
        let next = self.0.run(stop).await;
        self.1.fetch_add(1, Ordering::SeqCst);
        next
    }
}

#[tokio::test]
async fn a_commit_wakes_the_mail_job() {
    let world = World::new().await;
    let mut runner = Runner::new();
    let looks = Arc::new(AtomicUsize::new(0));
    let pace = Pace::every(Duration::from_secs(3_600)).or_when(Arc::clone(&world.cx.wake));
    let mail = Counted(job(&world.cx, world.to_files()), Arc::clone(&looks));
    runner.start(mail, pace);
    // The first look finds nothing; from then on only the commit can wake it.
    until("the first look", async || looks.load(Ordering::SeqCst) == 1).await;
    world.referral().await;
    until("the mail", async || world.only().await.status == SENT).await;
    runner.stop(PATIENCE).await;
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
    in_time("the stop", runner.stop(Duration::from_millis(1))).await;
}
