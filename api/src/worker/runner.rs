//! Runs jobs: each in a task of its own, at its own pace, until the node stops.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::app::Error;

/// A job that fails waits longer each time, up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What to do after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing is left: wait.
    Wait,
    /// There may be more: run again at once.
    Again,
}

/// Work that is done again and again.
pub trait Job: Send + Sync + 'static {
    /// Its name in the log.
    fn name(&self) -> &'static str;

    /// One run. It ends soon after `stop` is set, begins nothing new then, and may be dropped at any `await`.
    fn run(&self, stop: &Stop) -> impl Future<Output = Result<Next, Error>> + Send;
}

/// Whether the node is stopping.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    #[cfg(test)]
    pub(in crate::worker) fn of(stop: watch::Receiver<bool>) -> Self {
        Self(stop)
    }

    /// Whether it has begun.
    #[must_use]
    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it begins.
    pub async fn wait(&self) {
        // An error means that the runner is gone, which is a stop, too.
        let _ = self.0.clone().wait_for(|stop| *stop).await;
    }
}

/// How often a job runs.
#[derive(Debug, Clone)]
pub struct Pace {
    every: Duration,
    wake: Option<Arc<Notify>>,
}

impl Pace {
    /// After every pause of this length, moved by up to a tenth, so that nodes started together drift apart.
    #[must_use]
    pub fn every(every: Duration) -> Self {
        Self { every, wake: None }
    }

    /// And at once when told so.
    #[must_use]
    pub fn or_when(mut self, wake: Arc<Notify>) -> Self {
        self.wake = Some(wake);
        self
    }

    async fn pause(&self, failures: u32, stop: &Stop) {
        let wait = if failures == 0 {
            self.every
        } else {
            let doubled = self.every.saturating_mul(1 << failures.min(10));
            doubled.min(LONGEST_WAIT.max(self.every))
        };
        let told = async {
            match &self.wake {
                // While it fails, being told of more work is no reason to hurry.
                Some(wake) if failures == 0 => wake.notified().await,
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stop.wait() => {}
            () = told => {}
            () = tokio::time::sleep(moved(wait)) => {}
        }
    }
}

fn moved(wait: Duration) -> Duration {
    let mut random = [0_u8; 2];
    // Without randomness nodes merely keep step.
    let _ = aws_lc_rs::rand::fill(&mut random);
    let tenth = f64::from(u16::from_be_bytes(random)) / f64::from(u16::MAX) * 0.2 - 0.1;
    wait.mul_f64(1.0 + tenth)
}

/// The jobs of this node.
#[derive(Debug)]
pub struct Runner {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Default for Runner {
    fn default() -> Self {
        Self::new()
    }
}

impl Runner {
    /// Without any job yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            stop: watch::Sender::new(false),
            tasks: JoinSet::new(),
        }
    }

    /// Starts a job in the current runtime. It runs at once, then at its pace.
    pub fn start(&mut self, job: impl Job, pace: Pace) {
        let stop = Stop(self.stop.subscribe());
        self.tasks.spawn(async move {
            let mut failures = 0;
            while !stop.is_set() {
                match AssertUnwindSafe(job.run(&stop)).catch_unwind().await {
                    Ok(Ok(next)) => {
                        if failures > 0 {
                            tracing::info!(job = job.name(), "the job works again");
                        }
                        failures = 0;
                        if next == Next::Again {
                            continue;
                        }
                    }
                    Ok(Err(error)) => {
                        failures += 1;
                        tracing::warn!(job = job.name(), %error, failures, "a job failed");
                    }
                    Err(_) => {
                        failures += 1;
                        tracing::error!(job = job.name(), failures, "a job panicked");
                    }
                }
                pace.pause(failures, &stop).await;
            }
        });
    }

    /// Stops: nothing new is begun; what runs gets `grace` to finish and is dropped then. What is dropped while it
    /// holds a lease is taken up by another node when the lease has lapsed.
    pub async fn stop(mut self, grace: Duration) {
        self.stop.send_replace(true);
        let finished = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, finished).await.is_err() {
            tracing::warn!("jobs that did not finish in time are dropped; others take them up");
            self.tasks.shutdown().await;
        }
    }
}
