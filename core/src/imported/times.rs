//! How often something is in an agency's own old records.

use chrono::{NaiveDate, NaiveTime};

use crate::time::At;

/// How often, and from when until when. Never added to what the exchange witnessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// In how many records.
    pub times: u32,
    /// The first day.
    pub first_on: NaiveDate,
    /// The last day.
    pub last_on: NaiveDate,
}

impl Times {
    /// One record.
    #[must_use]
    pub const fn once(day: NaiveDate) -> Self {
        Self {
            times: 1,
            first_on: day,
            last_on: day,
        }
    }

    /// And these besides.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            times: self.times.saturating_add(other.times),
            first_on: self.first_on.min(other.first_on),
            last_on: self.last_on.max(other.last_on),
        }
    }
}

/// The first instant of a day, UTC: how days are stored.
#[must_use]
pub fn midnight(day: NaiveDate) -> At {
    day.and_time(NaiveTime::MIN).and_utc()
}
