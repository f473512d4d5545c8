//! A deadline is a rule: what starts it, how long it runs, and in which unit. It is never typed in.

use std::fmt;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendars, Days};
use crate::text::coded_enum;
use crate::time::At;

coded_enum! {
    /// What starts a clock.
    pub enum ClockStart, "a start of a clock" {
        /// The full text was handed over to the platform (Regulation (EU) 2021/784, Art 3(3)).
        Receipt => "receipt",
        /// The notice was given. Under an instrument with a rule of service: when it was served outside the
        /// exchange; otherwise when the full text was handed over.
        Given => "given",
        /// Actual knowledge, which the receipt of a reasoned intimation gives (India, rule 3(1)(d)).
        Knowledge => "knowledge",
        /// No span at all: the order itself names the instant.
        Specified => "specified",
    }
}

coded_enum! {
    /// What becomes of the time once an obstacle is gone.
    pub enum AfterInterruption, "a rule after an interruption" {
        /// What was left goes on.
        Resumes => "resumes",
        /// The whole time starts anew (Regulation (EU) 2021/784, Art 3(7) and (8)).
        Restarts => "restarts",
    }
}

/// In which unit a clock counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Hours of 3,600 seconds, day and night, holidays included.
    Hours,
    /// Whole working days after the day of the start, as the named calendar's place counts them.
    WorkingDays {
        /// The id of the calendar, for example `uk`.
        calendar: String,
        /// The days themselves, where the calendar is not one of this release.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        days: Option<Box<Days>>,
    },
}

/// How a deadline is computed. It is stored with each request, so that a later change of the catalogue does not
/// move the deadline of an earlier request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRule {
    /// What starts it.
    pub starts: ClockStart,
    /// How many units; 0 when the order names the instant.
    pub amount: u32,
    /// Which unit.
    pub unit: Unit,
    /// What an obstacle does to it. A mere question always leaves what was left.
    pub after_interruption: AfterInterruption,
}

/// Why a deadline could not be computed. Never a wrong date instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DueError {
    /// The rule names a calendar that is not loaded.
    #[error("there is no calendar `{0}`")]
    UnknownCalendar(String),
    /// A day that counts lies outside the years that the calendar knows.
    #[error(
        "the calendar `{calendar}` knows the years {first} to {last} and not {year}: add that year's holidays to it"
    )]
    OutsideCalendar {
        /// The calendar's id.
        calendar: String,
        /// The year that was needed.
        year: i32,
        /// The first year it knows.
        first: i32,
        /// The last year it knows.
        last: i32,
    },
    /// The instant cannot be represented.
    #[error("the deadline lies beyond the instants that can be represented")]
    OutOfRange,
}

impl ClockRule {
    /// The deadline of a clock started at `start`, by the days that the rule carries, else by the calendars of this
    /// release.
    ///
    /// Working days are counted after the local day of the start; the deadline is the midnight that ends the last
    /// of them: whatever is done before that instant is in time. With [`ClockStart::Specified`], `start` is the
    /// instant that the order names, and the deadline.
    pub fn due(&self, start: At) -> Result<At, DueError> {
        self.due_by(start, Calendars::builtin())
    }

    /// As [`due`](Self::due), by other calendars.
    pub fn due_by(&self, start: At, calendars: &Calendars) -> Result<At, DueError> {
        match &self.unit {
            Unit::Hours => TimeDelta::try_hours(self.amount.into())
                .and_then(|span| start.checked_add_signed(span))
                .ok_or(DueError::OutOfRange),
            Unit::WorkingDays {
                calendar,
                days: Some(days),
            } => days
                .calendar(calendar)?
                .end_of_working_days(start, self.amount),
            Unit::WorkingDays {
                calendar,
                days: None,
            } => calendars
                .get(calendar)
                .ok_or_else(|| DueError::UnknownCalendar(calendar.clone()))?
                .end_of_working_days(start, self.amount),
        }
    }
}

impl fmt::Display for ClockRule {
    /// In words, for example `1 hour from receipt` or `2 working days (uk) after the day it was given`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.amount == 1 { "" } else { "s" };
        let start = match (&self.unit, self.starts) {
            (_, ClockStart::Specified) => return f.write_str("by the time the order specifies"),
            (Unit::Hours, ClockStart::Receipt) => "from receipt",
            (Unit::Hours, ClockStart::Given) => "from the time it was given",
            (Unit::Hours, ClockStart::Knowledge) => "from actual knowledge",
            (Unit::WorkingDays { .. }, ClockStart::Receipt) => "after the day of receipt",
            (Unit::WorkingDays { .. }, ClockStart::Given) => "after the day it was given",
            (Unit::WorkingDays { .. }, ClockStart::Knowledge) => {
                "after the day of actual knowledge"
            }
        };
        match &self.unit {
            Unit::Hours => write!(f, "{} hour{plural} {start}", self.amount),
            Unit::WorkingDays { calendar, .. } => {
                write!(
                    f,
                    "{} working day{plural} ({calendar}) {start}",
                    self.amount
                )
            }
        }
    }
}
