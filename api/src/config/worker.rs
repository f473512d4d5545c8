//! Background jobs.

use std::time::Duration;

use super::key::{Key, Preset, Privacy};
use super::parse;
use super::reader::Reader;

/// Background jobs: mail, reminders, expiry.
#[derive(Debug, Clone)]
pub struct Worker {
    /// Whether this node works on the outbox; at least one node must.
    pub enabled: bool,
    /// How often the outbox is looked at when nothing woke the worker.
    pub poll_interval: Duration,
    /// Pauses between the attempts to deliver; after the last one a delivery has failed for good.
    pub retry_schedule: Vec<Duration>,
}

pub(super) const KEYS: &[&Key] = &[&ENABLED, &POLL_INTERVAL, &RETRY_SCHEDULE];

static ENABLED: Key = Key {
    name: "worker.enabled",
    preset: Preset::Value("true"),
    accepts: "true or false",
    about: "Whether this node delivers mail and watches deadlines. At least one node must.",
    privacy: Privacy::Open,
};
static POLL_INTERVAL: Key = Key {
    name: "worker.poll_interval",
    preset: Preset::Value("1s"),
    accepts: "a duration from 50ms to 1h, such as 1s",
    about: "How often the outbox is looked at.",
    privacy: Privacy::Open,
};
static RETRY_SCHEDULE: Key = Key {
    name: "worker.retry_schedule",
    preset: Preset::Value("5s,1m,5m,30m,2h,6h,12h,24h"),
    accepts: "durations, such as [\"5s\", \"5m\", \"2h\"]; in the environment separated by commas",
    about: "Pauses between the attempts to deliver. After the last one a delivery has failed for good and is shown to the operator.",
    privacy: Privacy::Open,
};

pub(super) fn read(reader: &mut Reader) -> Option<Worker> {
    let enabled = reader.value(&ENABLED, parse::truth);
    let poll_interval = reader.value(
        &POLL_INTERVAL,
        parse::duration_within(Duration::from_millis(50), Duration::from_secs(3_600)),
    );
    let retry_schedule = reader.value(&RETRY_SCHEDULE, parse::list(parse::duration));
    Some(Worker {
        enabled: enabled?,
        poll_interval: poll_interval?,
        retry_schedule: retry_schedule?,
    })
}
