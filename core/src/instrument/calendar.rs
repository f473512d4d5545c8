//! Calendars of working days, as data.
//!
//! The zone's rules come from `chrono-tz`, which is the IANA database as constants (no file is read): an
//! operator's own calendar may lie in any zone, and nobody has to restate a country's rule for summer time.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

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
    /// It is an operator's, and not of this release: a request that counts by it keeps its days.
    pub own: bool,
}

impl Calendar {
    /// One calendar for each part of the country that the holidays name, called `<id>-<part>`: there a day counts
    /// that is a holiday in another part only.
    pub fn parts(&self) -> Vec<Self> {
        let mut names: Vec<&String> = self
            .holidays
            .values()
            .flat_map(|holiday| &holiday.regions)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
            .into_iter()
            .map(|part| Self {
                id: format!("{}-{part}", self.id),
                title: format!("{} (only those of {part})", self.title),
                holidays: self
                    .holidays
                    .iter()
                    .filter(|(_, holiday)| {
                        holiday.regions.is_empty() || holiday.regions.contains(part)
                    })
                    .map(|(day, holiday)| (*day, holiday.clone()))
                    .collect(),
                ..self.clone()
            })
            .collect()
    }

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

/// What a clock needs of a calendar, as a request keeps it.
///
/// A request under an operator's own calendar carries its days: the deadline is then the same on every node, and
/// after the calendar was changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// The zone by its IANA name.
    time_zone: String,
    /// The weekdays that are never working days.
    weekend: Vec<Weekday>,
    /// The first year whose holidays are complete.
    first_year: i32,
    /// The last year whose holidays are complete.
    last_year: i32,
    /// The days that are holidays.
    holidays: Vec<NaiveDate>,
}

impl From<&Calendar> for Days {
    fn from(calendar: &Calendar) -> Self {
        Self {
            time_zone: calendar.time_zone.name().to_owned(),
            weekend: calendar.weekend.clone(),
            first_year: calendar.first_year,
            last_year: calendar.last_year,
            holidays: calendar.holidays.keys().copied().collect(),
        }
    }
}

impl Days {
    /// The calendar that these days make, without names and citation.
    pub(super) fn calendar(&self, id: &str) -> Result<Calendar, DueError> {
        let unnamed = |day: &NaiveDate| {
            let holiday = Holiday {
                name: String::new(),
                regions: Vec::new(),
            };
            (*day, holiday)
        };
        Ok(Calendar {
            id: id.to_owned(),
            title: String::new(),
            citation: String::new(),
            time_zone: self
                .time_zone
                .parse()
                .map_err(|_| DueError::UnknownCalendar(id.to_owned()))?,
            weekend: self.weekend.clone(),
            first_year: self.first_year,
            last_year: self.last_year,
            holidays: self.holidays.iter().map(unnamed).collect(),
            remarks: Vec::new(),
            own: true,
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
