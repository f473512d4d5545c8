//! The published transparency report.

use std::time::Duration;

use super::key::{Key, Preset, Privacy};
use super::parse;
use super::reader::Reader;

/// How reports are published.
#[derive(Debug, Clone)]
pub struct Transparency {
    /// After how long the reports of a year are made anew.
    pub every: Duration,
    /// Whether periods that are not over are published, too.
    pub open_periods: bool,
}

pub(super) const KEYS: &[&Key] = &[&EVERY, &OPEN_PERIODS];

static EVERY: Key = Key {
    name: "transparency.every",
    preset: Preset::Value("7d"),
    accepts: "a duration from 1s to 366d, such as 7d",
    about: "After how long the published reports are made anew. From one edition to the next one sees by how much a count grew, so not too often.",
    privacy: Privacy::Open,
};
static OPEN_PERIODS: Key = Key {
    name: "transparency.open_periods",
    preset: Preset::Value("false"),
    accepts: "true or false",
    about: "Whether the present month, quarter and year are published before they are over. Each edition then shows what was filed since the one before.",
    privacy: Privacy::Open,
};

pub(super) fn read(reader: &mut Reader) -> Option<Transparency> {
    let every = reader.value(
        &EVERY,
        parse::duration_within(Duration::from_secs(1), Duration::from_secs(366 * 86_400)),
    );
    let open_periods = reader.value(&OPEN_PERIODS, parse::truth);
    Some(Transparency {
        every: every?,
        open_periods: open_periods?,
    })
}
