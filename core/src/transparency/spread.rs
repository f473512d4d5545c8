//! Times, kept so that their percentiles are exact and any number of them fits in bounded memory.

use std::collections::BTreeMap;

use crate::text::coded_enum;
use crate::time::At;

coded_enum! {
    /// A time that is measured.
    pub enum Measure, "a measure" {
        /// From the filing to the receipt, per request that was read.
        Receipt => "receipt",
        /// From the filing to the acknowledgement, per request that was acknowledged.
        Acknowledgement => "acknowledgement",
        /// From the filing to the first outcome, per item that has one.
        Outcome => "outcome",
        /// From the receipt to the moment at which what was done took effect, per item that was acted on.
        Effect => "effect",
    }
}

impl Measure {
    /// Its definition, with the columns of the export.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Receipt => "`fetched_at` − `filed_at`, one value per request that has been read.",
            Self::Acknowledgement => {
                "`acknowledged_at` − `filed_at`, one value per request that was acknowledged."
            }
            Self::Outcome => {
                "`first_decided_at` − `filed_at`, one value per item that has an outcome."
            }
            Self::Effect => {
                "`effective_at` (of what was put back `undone_effective_at`) − `fetched_at`, one value per item that was \
                 acted on; what took effect before the receipt counts as 0."
            }
        }
    }
}

const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

/// A duration as it is counted, in seconds: whole seconds below an hour, whole minutes below a day, whole hours from then
/// on. What is finer is cut off. So there are at most 3,600 + 1,380 values, and 8,784 more for each year of waiting.
#[must_use]
pub const fn rounded(seconds: u64) -> u64 {
    let step = if seconds < HOUR {
        1
    } else if seconds < DAY {
        60
    } else {
        HOUR
    };
    seconds - seconds % step
}

/// A duration in its two largest units, in the signs of every language: `1 h 30 min`.
#[must_use]
pub fn duration(seconds: u64) -> String {
    let units = [(DAY, "d"), (HOUR, "h"), (60, "min"), (1, "s")];
    let mut left = seconds;
    let mut parts = Vec::new();
    for (length, unit) in units {
        if left >= length {
            parts.push(format!("{} {unit}", left / length));
            left %= length;
        }
    }
    parts.truncate(2);
    if parts.is_empty() {
        "0 s".to_owned()
    } else {
        parts.join(" ")
    }
}

/// How often each duration was met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spread {
    times: BTreeMap<u64, u64>,
    values: u64,
}

impl Spread {
    /// Adds the time between two instants; one that runs backwards counts as none.
    pub(super) fn add(&mut self, from: At, to: At) {
        let seconds = to.signed_duration_since(from).num_seconds();
        let seconds = u64::try_from(seconds).unwrap_or(0);
        *self.times.entry(rounded(seconds)).or_default() += 1;
        self.values += 1;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (seconds, count) in &other.times {
            *self.times.entry(*seconds).or_default() += count;
        }
        self.values += other.values;
    }

    /// How many there are.
    pub(super) const fn values(&self) -> u64 {
        self.values
    }

    /// The percentile by nearest rank: in ascending order the value at place ⌈p·n/100⌉. So it is always a value that was
    /// met, and of two the median is the smaller.
    pub(super) fn percentile(&self, p: u64) -> Option<u64> {
        let rank = (self.values * p).div_ceil(100).max(1);
        let mut before = 0;
        self.times.iter().find_map(|(seconds, count)| {
            before += count;
            (before >= rank).then_some(*seconds)
        })
    }
}
