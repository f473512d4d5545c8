//! What happens without a caller: mails and webhooks leave, witnesses are asked, deadlines are watched, what has served its time is forgotten.
//!
//! Every node may run every job. They share the work through leases and marks in the database and know nothing of
//! each other.

pub mod jobs;
mod runner;
#[cfg(test)]
mod tests;
pub mod witness;

pub use runner::{Job, Next, Pace, Runner, Stop};

use std::sync::Arc;
use std::time::Duration;

use takedown_core::log::Policy;

use crate::app::Cx;
use crate::app::retention::Times;
use crate::app::transparency::Publishing;
use crate::mail::{ReturnPath, Schedule, Sender, SetupError, Transport, check_public_url};
use crate::{config, webhook};
use jobs::NodeKey;

const REMIND_EVERY: Duration = Duration::from_secs(5);
/// How often the robots of a sandbox look for work.
const ROBOTS_EVERY: Duration = Duration::from_millis(300);
const FORGET_EVERY: Duration = Duration::from_secs(600);
/// How often it is looked what is old enough to be erased, at the least.
const ERASE_LOOK: Duration = Duration::from_secs(600);
/// How often it is looked whether a verification is about to end, at the least.
const VERIFICATIONS_LOOK: Duration = Duration::from_secs(600);
const SEAL_EVERY: Duration = Duration::from_millis(200);
/// How often it is looked whether a report is due, at the least.
const PUBLISH_LOOK: Duration = Duration::from_secs(60);
/// How often it is looked whether there is something that a witness has not signed.
const COSIGN_EVERY: Duration = Duration::from_secs(1);
/// How often a node that remembers nothing asks a witness that did not answer.
const RECALL_EVERY: Duration = Duration::from_secs(2);
const SAY_KEY_EVERY: Duration = Duration::from_secs(180);

/// Why the jobs of a node do not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Mail cannot work with this configuration.
    #[error(transparent)]
    Mail(#[from] SetupError),
    /// A witness cannot be asked.
    #[error("the witness {name}: {source}")]
    Witness {
        /// What the policy calls it.
        name: String,
        /// Why.
        source: witness::WitnessError,
    },
    /// No webhook can be sent from this machine.
    #[error("webhooks: {0}")]
    Webhooks(#[from] reqwest::Error),
}

/// Starts the jobs of this node. One that does not work on the outbox still says that its key is in use.
///
/// The key must have been published once before (`app::tokens::publish_key`), or the first tokens of this node
/// are refused by the others.
///
/// # Errors
/// [`StartError`] when mail or a witness cannot work with this configuration.
pub fn start(
    cx: &Cx,
    worker: &config::worker::Worker,
    (mail, webhooks): (&config::mail::Mail, &config::webhooks::Webhooks),
    transparency: &config::transparency::Transparency,
    retention: &config::retention::Retention,
    key: NodeKey,
) -> Result<Runner, StartError> {
    let mut runner = Runner::new();
    if worker.enabled {
        check_public_url(&cx.settings.public_url)?;
        let mut sender = Sender::of(mail)?;
        if let Some(sandbox) = &cx.sandbox {
            sender = sender.in_sandbox();
            let look = Pace::every(ROBOTS_EVERY).or_when(Arc::clone(&sandbox.wake));
            runner.start(jobs::Robots::new(cx.clone()), look);
        }
        // Only who has the key of all nodes can tell what is forged.
        if let (Some(returned), Some(keys)) = (&mail.returned, &cx.sealing) {
            let path = ReturnPath::new(&returned.address, keys.marks(ReturnPath::PURPOSE));
            sender = sender.returning(path.clone());
            let job = jobs::ReturnedMail::new(cx.clone(), path, returned.directory.clone());
            runner.start(job, Pace::every(worker.poll_interval));
        }
        let post = jobs::Post {
            sender,
            transport: Transport::of(mail)?,
            schedule: Schedule::new(worker.retry_schedule.clone()),
        };
        let outbox = Pace::every(worker.poll_interval).or_when(Arc::clone(&cx.wake));
        runner.start(jobs::Mail::new(cx.clone(), post), outbox);
        // A node without the key of the others could not sign, and would only keep them from sending.
        if webhooks.enabled && cx.sealing.is_some() {
            let sender = webhook::Sender::of(webhooks, cx.guard.clone())?;
            let schedule = Schedule::new(webhooks.retry_schedule.clone());
            let job = jobs::Webhooks::new(cx.clone(), sender, schedule, worker.poll_interval);
            runner.start(job, Pace::every(worker.poll_interval));
        }
        let watch = Pace::every(REMIND_EVERY.min(worker.poll_interval * 5));
        runner.start(jobs::Remind::new(cx.clone()), watch.clone());
        runner.start(jobs::Kept::new(cx.clone()), watch.clone());
        runner.start(jobs::Records::new(cx.clone()), watch);
        let look = VERIFICATIONS_LOOK.min(worker.poll_interval * 60);
        runner.start(jobs::Verifications::new(cx.clone()), Pace::every(look));
        runner.start(
            jobs::Exports::new(cx.clone()),
            Pace::every(worker.poll_interval),
        );
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
    for (name, asked) in cx.log.policy().into_iter().flat_map(Policy::witnesses) {
        let Some(url) = &asked.url else { continue };
        let witness = witness::Witness::at(url).map_err(|source| StartError::Witness {
            name: name.to_string(),
            source,
        })?;
        // Every node signs, so each of them has to know what was signed.
        if cx.log.must_hear(&asked.key) {
            let job = jobs::Recall::new(cx.clone(), asked.key.clone(), witness.clone());
            runner.start(job, Pace::every(RECALL_EVERY));
        }
        if worker.enabled {
            let job = jobs::Cosign::new(cx.clone(), asked.key.clone(), witness);
            runner.start(job, Pace::every(COSIGN_EVERY));
        }
    }
    // Whatever else this node does: without it nobody can prove what was stored.
    runner.start(jobs::Seal::new(cx.clone()), Pace::every(SEAL_EVERY));
    runner.start(
        jobs::SayKey::new(cx.clone(), key),
        Pace::every(SAY_KEY_EVERY),
    );
    Ok(runner)
}
