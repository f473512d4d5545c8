//! The duties that an instrument can carry beside its deadline.

use chrono::{Months, TimeDelta};

use super::kinds::ServiceMethod;
use crate::time::At;

/// For how long an instrument can forbid telling the uploader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NonDisclosureRule {
    /// The longest time in days from the decision; `None`: the law names none, an end is needed all the same.
    pub max_days: Option<u32>,
    /// How often it can be extended.
    pub extensions: u32,
    /// By how many days each time.
    pub extension_days: u32,
    /// Where it is written down.
    pub citation: String,
}

impl NonDisclosureRule {
    /// The latest permitted end for a decision taken at `decided_at` and extended `extended` times; `None` when
    /// the law names no longest time, or the instant cannot be represented.
    pub fn latest(&self, decided_at: At, extended: u32) -> Option<At> {
        let extra = extended
            .min(self.extensions)
            .saturating_mul(self.extension_days);
        Period::Days(self.max_days?.checked_add(extra)?).after(decided_at)
    }
}

/// A length of time in calendar units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Calendar months, the day of the month kept where it exists.
    Months(u32),
    /// Days of 24 hours.
    Days(u32),
}

impl Period {
    /// The instant this long after `start`; `None` when it cannot be represented.
    pub fn after(self, start: At) -> Option<At> {
        match self {
            Self::Months(months) => start.checked_add_months(Months::new(months)),
            Self::Days(days) => start.checked_add_signed(TimeDelta::days(days.into())),
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Months(1) => f.write_str("1 month"),
            Self::Months(months) => write!(f, "{months} months"),
            Self::Days(1) => f.write_str("1 day"),
            Self::Days(days) => write!(f, "{days} days"),
        }
    }
}

/// For how long an instrument can require keeping what was removed. Longer is possible on request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreservationRule {
    /// The shortest time by law, from the removal; `None`: as the order says.
    pub minimum: Option<Period>,
    /// Where it is written down.
    pub citation: String,
}

/// As long as anything can be asked to be kept at once where the law names no time. No law read sets an upper end; this one
/// is ours, so that a slip of a digit binds nobody for a century.
pub const LONGEST_AT_ONCE: Period = Period::Months(60);

impl PreservationRule {
    /// By how long one extension moves the end at most, and to when at the latest: where the law sets a time, by as long
    /// again (Regulation (EU) 2021/784, Article 6(2): for a further specified period); else from `now`.
    pub fn latest_extension(&self, present: At, now: At) -> (Period, Option<At>) {
        match self.minimum {
            Some(period) => (period, period.after(present)),
            None => (LONGEST_AT_ONCE, LONGEST_AT_ONCE.after(now)),
        }
    }

    /// Until when at least something removed at `removed_at` must be kept; `None` when the law names no time.
    pub fn earliest_end(&self, removed_at: At) -> Option<At> {
        self.minimum?.after(removed_at)
    }
}

/// How an instrument must be served; filing it here is then a copy, and not service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRule {
    /// The methods that the law knows.
    pub methods: Vec<ServiceMethod>,
    /// Where they are written down.
    pub citation: String,
}
