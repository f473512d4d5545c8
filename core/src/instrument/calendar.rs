//! Calendars of working days, as data.
//!
//! The zone's rules come from `chrono-tz`, which is the IANA database as constants (no file is read): an
//! operator's own calendar may lie in any zone, and nobody has to restate a country's rule for summer time.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

use super::builtin;
use super::clock::DueError;
use crate::time::At;

/// A day that is not a working day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// What the day is called.
    pub name: String,
    /// The parts of the country in which it is one.
    pub regions: Vec<String>,
}

/// Which days of one place are working days, for the years it knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The name that clock rules use, for example `uk`.
    pub id: String,
    /// Its name in English.
    pub title: String,
    /// The law that says which days count.
    pub citation: String,
    /// Where its days begin and end.
    pub time_zone: Tz,
    /// The weekdays that are never working days.
    pub weekend: Vec<Weekday>,
    /// The first year whose holidays are complete.
    pub first_year: i32,
    /// The last year whose holidays are complete.
    pub last_year: i32,
    /// The holidays by date.
    pub holidays: BTreeMap<NaiveDate, Holiday>,
    /// What everyone who relies on it should know.
    pub remarks: Vec<String>,
}

impl Calendar {
    /// The day in this place at that instant.
    pub fn day_of(&self, at: At) -> NaiveDate {
        at.with_timezone(&self.time_zone).date_naive()
    }

    /// Whether `day` is a working day; an error in a year that the calendar does not know.
    pub fn is_working_day(&self, day: NaiveDate) -> Result<bool, DueError> {
        if !(self.first_year..=self.last_year).contains(&day.year()) {
            return Err(DueError::OutsideCalendar {
                calendar: self.id.clone(),
                year: day.year(),
                first: self.first_year,
                last: self.last_year,
            });
        }
        Ok(!self.weekend.contains(&day.weekday()) && !self.holidays.contains_key(&day))
    }

    /// The midnight that ends the `days`th working day after the day of `start`.
    pub fn end_of_working_days(&self, start: At, days: u32) -> Result<At, DueError> {
        let mut day = self.day_of(start);
        let mut left = days;
        while left > 0 {
            day = day.succ_opt().ok_or(DueError::OutOfRange)?;
            if self.is_working_day(day)? {
                left -= 1;
            }
        }
        self.start_of(day.succ_opt().ok_or(DueError::OutOfRange)?)
            .ok_or(DueError::OutOfRange)
    }

    /// The first instant of a local day. In some zones the clocks go forward at midnight; the day then begins
    /// with the first minute that exists.
    fn start_of(&self, day: NaiveDate) -> Option<At> {
        let midnight = day.and_hms_opt(0, 0, 0)?;
        (0..=180).find_map(|minutes| {
            let local = midnight.checked_add_signed(TimeDelta::minutes(minutes))?;
            let zoned: DateTime<Tz> = self.time_zone.from_local_datetime(&local).earliest()?;
            Some(zoned.with_timezone(&Utc))
        })
    }
}

/// The calendars that clock rules can name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendars(pub(super) BTreeMap<String, Calendar>);

impl Calendars {
    /// Those of this release.
    pub fn builtin() -> &'static Self {
        builtin::catalogue().calendars()
    }

    /// The calendar of this name.
    pub fn get(&self, id: &str) -> Option<&Calendar> {
        self.0.get(id)
    }

    /// All, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Calendar> {
        self.0.values()
    }
}
