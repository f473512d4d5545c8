//! What happens without a caller: mails leave, deadlines are watched, what has served its time is forgotten.
//!
//! Every node may run every job. They share the work through leases and marks in the database and know nothing of
//! each other.

pub mod jobs;
mod runner;
#[cfg(test)]
mod tests;

pub use runner::{Job, Next, Pace, Runner, Stop};

use std::sync::Arc;
use std::time::Duration;

use crate::app::Cx;
use crate::app::retention::Times;
use crate::app::transparency::Publishing;
use crate::config;
use crate::mail::{Schedule, Sender, SetupError, Transport, check_public_url};
use jobs::NodeKey;

const REMIND_EVERY: Duration = Duration::from_secs(5);
const FORGET_EVERY: Duration = Duration::from_secs(600);
/// How often it is looked what is old enough to be erased, at the least.
const ERASE_LOOK: Duration = Duration::from_secs(600);
const SEAL_EVERY: Duration = Duration::from_millis(200);
/// How often it is looked whether a report is due, at the least.
const PUBLISH_LOOK: Duration = Duration::from_secs(60);
const SAY_KEY_EVERY: Duration = Duration::from_secs(180);

/// Starts the jobs of this node. One that does not work on the outbox still says that its key is in use.
///
/// The key must have been published once before (`app::tokens::publish_key`), or the first tokens of this node
/// are refused by the others.
///
/// # Errors
/// When mail cannot work with this configuration.
pub fn start(
    cx: &Cx,
    worker: &config::worker::Worker,
    (mail, transparency): (&config::mail::Mail, &config::transparency::Transparency),
    retention: &config::retention::Retention,
    key: NodeKey,
) -> Result<Runner, SetupError> {
    let mut runner = Runner::new();
    if worker.enabled {
        check_public_url(&cx.settings.public_url)?;
        let post = jobs::Post {
            sender: Sender::of(mail)?,
            transport: Transport::of(mail)?,
            schedule: Schedule::new(worker.retry_schedule.clone()),
        };
        let outbox = Pace::every(worker.poll_interval).or_when(Arc::clone(&cx.wake));
        runner.start(jobs::Mail::new(cx.clone(), post), outbox);
        let watch = Pace::every(REMIND_EVERY.min(worker.poll_interval * 5));
        runner.start(jobs::Remind::new(cx.clone()), watch.clone());
        runner.start(jobs::Kept::new(cx.clone()), watch.clone());
        runner.start(jobs::Records::new(cx.clone()), watch);
        runner.start(jobs::Forget::new(cx.clone()), Pace::every(FORGET_EVERY));
        let times = Times::new(retention.times.clone());
        if let Some(shortest) = times.shortest() {
            let look = Pace::every(ERASE_LOOK.min(shortest));
            runner.start(jobs::Erase::new(cx.clone(), times), look);
        }
        let how = Publishing {
            every: transparency.every,
            open: transparency.open_periods,
        };
        let look = Pace::every(PUBLISH_LOOK.min(transparency.every));
        runner.start(jobs::Publish::new(cx.clone(), how), look);
    }
    // Whatever else this node does: without it nobody can prove what was stored.
    runner.start(jobs::Seal::new(cx.clone()), Pace::every(SEAL_EVERY));
    runner.start(
        jobs::SayKey::new(cx.clone(), key),
        Pace::every(SAY_KEY_EVERY),
    );
    Ok(runner)
}
