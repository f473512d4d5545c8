//! Periods of a report: calendar years, quarters and months, and spans of days. All of them in UTC.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};

use crate::time::At;

/// Years are written with four digits.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=9999;

/// The time whose filings a report counts. A filing belongs to the period in which it was filed, whatever happened later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A calendar year: `2026`.
    Year(i32),
    /// A quarter of a year, from 1: `2026-Q3`.
    Quarter(i32, u32),
    /// A month, from 1: `2026-07`.
    Month(i32, u32),
    /// From the first day to the last, both counted: `2026-01-05..2026-02-11`.
    Span(NaiveDate, NaiveDate),
}

/// A text that names no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// None of the forms.
    #[error(
        "\"{}\" is not a period; write a year (2026), a quarter (2026-Q3), a month (2026-07) or two days (2026-01-05..2026-02-11)",
        crate::text::visible(.0)
    )]
    Form(String),
    /// A span that ends before it begins.
    #[error("the period ends before it begins: {0} is after {1}")]
    Backwards(NaiveDate, NaiveDate),
}

impl Period {
    /// From one day to another, both counted.
    ///
    /// # Errors
    /// [`PeriodError::Backwards`] when the second lies before the first, [`PeriodError::Form`] outside the years 1000 to 9999.
    pub fn span(first: NaiveDate, last: NaiveDate) -> Result<Self, PeriodError> {
        if !YEARS.contains(&first.year()) || !YEARS.contains(&last.year()) {
            return Err(PeriodError::Form(format!("{first}..{last}")));
        }
        if first > last {
            return Err(PeriodError::Backwards(first, last));
        }
        Ok(Self::Span(first, last))
    }

    /// The year, its quarters and its months.
    #[must_use]
    pub fn of_year(year: i32) -> Vec<Self> {
        let quarters = (1..=4).map(|quarter| Self::Quarter(year, quarter));
        let months = (1..=12).map(|month| Self::Month(year, month));
        [Self::Year(year)]
            .into_iter()
            .chain(quarters)
            .chain(months)
            .collect()
    }

    /// The calendar year it lies in; none for a span of days.
    #[must_use]
    pub const fn year(self) -> Option<i32> {
        match self {
            Self::Year(year) | Self::Quarter(year, _) | Self::Month(year, _) => Some(year),
            Self::Span(..) => None,
        }
    }

    /// The months it consists of, from 1; none for a span of days.
    #[must_use]
    pub const fn months(self) -> std::ops::RangeInclusive<u32> {
        match self {
            Self::Year(_) => 1..=12,
            Self::Quarter(_, quarter) => quarter * 3 - 2..=quarter * 3,
            Self::Month(_, month) => month..=month,
            #[allow(clippy::reversed_empty_ranges)]
            Self::Span(..) => 1..=0,
        }
    }

    /// The first day.
    #[must_use]
    pub fn first(self) -> NaiveDate {
        let (year, month) = match self {
            Self::Year(year) => (year, 1),
            Self::Quarter(year, quarter) => (year, quarter * 3 - 2),
            Self::Month(year, month) => (year, month),
            Self::Span(first, _) => return first,
        };
        NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MIN)
    }

    /// The last day.
    #[must_use]
    pub fn last(self) -> NaiveDate {
        let months = match self {
            Self::Year(_) => 12,
            Self::Quarter(..) => 3,
            Self::Month(..) => 1,
            Self::Span(_, last) => return last,
        };
        let after = self.first().checked_add_months(Months::new(months));
        after
            .and_then(|after| after.pred_opt())
            .unwrap_or(NaiveDate::MAX)
    }

    /// Its first instant.
    #[must_use]
    pub fn begins(self) -> At {
        self.first().and_time(NaiveTime::MIN).and_utc()
    }

    /// The first instant after it.
    #[must_use]
    pub fn ends(self) -> At {
        let last = self.last();
        let after = last.checked_add_days(Days::new(1)).unwrap_or(last);
        after.and_time(NaiveTime::MIN).and_utc()
    }

    /// Whether an instant lies in it.
    #[must_use]
    pub fn contains(self, at: At) -> bool {
        self.begins() <= at && at < self.ends()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year}"),
            Self::Quarter(year, quarter) => write!(f, "{year}-Q{quarter}"),
            Self::Month(year, month) => write!(f, "{year}-{month:02}"),
            Self::Span(first, last) => write!(f, "{first}..{last}"),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let form = || PeriodError::Form(text.chars().take(40).collect());
        if let Some((first, last)) = text.split_once("..") {
            let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| form());
            let span = Self::span(day(first)?, day(last)?)?;
            // One writing for one period: neither signs nor missing zeros.
            return if span.to_string() == text {
                Ok(span)
            } else {
                Err(form())
            };
        }
        let (year, part) = match text.split_once('-') {
            Some((year, part)) => (year, Some(part)),
            None => (text, None),
        };
        let year: i32 = year.parse().map_err(|_| form())?;
        let period = match part {
            None => Self::Year(year),
            Some(part) => match part.strip_prefix('Q') {
                Some(quarter) => Self::Quarter(year, quarter.parse().map_err(|_| form())?),
                None => Self::Month(year, part.parse().map_err(|_| form())?),
            },
        };
        let exists = match period {
            Self::Quarter(_, quarter) => (1..=4).contains(&quarter),
            Self::Month(_, month) => (1..=12).contains(&month),
            Self::Year(_) | Self::Span(..) => true,
        };
        if exists && YEARS.contains(&year) && period.to_string() == text {
            Ok(period)
        } else {
            Err(form())
        }
    }
}

impl<'de> serde::Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parsed(deserializer)
    }
}
