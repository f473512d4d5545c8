//! Weeks as calendars number them.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};
use thiserror::Error;

use crate::time::At;

/// A week of ISO 8601: Monday to Sunday in UTC, written `2026-W48`. The first week of a year is the one with its first
/// Thursday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    monday: NaiveDate,
}

/// A text that is no week.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{}\" is not a week of ISO 8601 such as 2026-W48", crate::text::visible(.0))]
pub struct WeekError(String);

impl Week {
    /// The week in which an instant lies.
    #[must_use]
    pub fn of(at: At) -> Self {
        let date = at.date_naive();
        let since = u64::from(date.weekday().num_days_from_monday());
        Self {
            monday: date.checked_sub_days(Days::new(since)).unwrap_or(date),
        }
    }

    /// Its first instant.
    #[must_use]
    pub fn begins(self) -> At {
        self.monday.and_time(NaiveTime::MIN).and_utc()
    }

    /// The first instant after it.
    #[must_use]
    pub fn ends(self) -> At {
        let next = self.monday.checked_add_days(Days::new(7));
        next.unwrap_or(self.monday)
            .and_time(NaiveTime::MIN)
            .and_utc()
    }
}

impl std::fmt::Display for Week {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let week = self.monday.iso_week();
        write!(f, "{:04}-W{:02}", week.year(), week.week())
    }
}

impl std::str::FromStr for Week {
    type Err = WeekError;

    fn from_str(s: &str) -> Result<Self, WeekError> {
        let error = || WeekError(s.chars().take(40).collect());
        let (year, week) = s.split_once("-W").ok_or_else(error)?;
        let digits =
            |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(week, 2) {
            return Err(error());
        }
        let year = year.parse().map_err(|_| error())?;
        let week = week.parse().map_err(|_| error())?;
        // 0000 is no year that an instant can lie in (`crate::time`).
        (1..=9998)
            .contains(&year)
            .then(|| NaiveDate::from_isoywd_opt(year, week, Weekday::Mon))
            .flatten()
            .map(|monday| Self { monday })
            .ok_or_else(error)
    }
}

impl<'de> serde::Deserialize<'de> for Week {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parsed(deserializer)
    }
}
